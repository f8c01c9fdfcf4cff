"""The steps of a migration, and what they refuse."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "employee_count"), ("1", "A", "7"), ("2", "B", "many")
    )
}


class TestMigrationProject(MigrationCase):
    def test_the_key_is_made_of_the_name_and_is_unique(self):
        first = self.new_project(FILES, name="Große Umstellung 2024!")
        second = self.new_project(FILES, name="Große Umstellung 2024!")
        self.assertEqual(first.key, "grosse-umstellung-2024")
        self.assertEqual(second.key, "grosse-umstellung-2024-2")
        self.assertEqual(self.new_project(FILES, name="???").key, "migration")

    def test_a_key_is_fit_for_the_command_line(self):
        project = self.new_project(FILES)
        for key in ("With Space", "Umlaut-ü", "-x", "a/b"):
            with self.assertRaises(ValidationError):
                project.key = key

    def test_the_key_stays_once_records_were_loaded(self):
        project = self.migrate(FILES)
        with self.assertRaisesRegex(ValidationError, "already loaded"):
            project.key = "another"
        untouched = self.new_project(FILES)
        self.read_files(untouched)
        untouched.key = "another"

    def test_limits_make_sense(self):
        project = self.new_project(FILES)
        for values in ({"file_limit": -1}, {"chunk_size": 0}):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                project.write(values)
                self.env.flush_all()

    def test_steps_are_refused_before_their_turn_and_say_what_to_do(self):
        project = self.env["migration.project"].create(
            {
                "name": "Empty",
                "source_id": self.env.ref("crm_migration.source_allegory").id,
            }
        )
        with self.assertRaisesRegex(UserError, "Upload the export"):
            project.action_read()
        with self.assertRaisesRegex(UserError, "Read the files first"):
            project.action_prepare()
        project._add_path(str(self.write_files(FILES)))
        self.read_files(project)
        with self.assertRaisesRegex(UserError, r"\d+ lines .* not confirmed"):
            project.action_prepare()
        project.action_confirm()
        for action in (project.action_load, project.action_dry_run):
            with self.assertRaisesRegex(UserError, "Run “Prepare” first"):
                action()
        self.run_step(project, "prepare")
        project.action_load()
        self.assertEqual(project.run_state, "queued")

    def test_one_run_at_a_time(self):
        project = self.new_project(FILES)
        action = project.action_read()
        self.assertEqual(action["tag"], "display_notification")
        run = project.current_run_id
        self.assertEqual(
            (run.kind, run.state, run.background), ("audit", "queued", True)
        )
        with self.assertRaisesRegex(UserError, "still working"):
            project.action_read()
        with self.assertRaisesRegex(UserError, "still working"):
            project._run_now("load")
        self.assertEqual(project._run_now("audit"), run)
        self.assertEqual(run.state, "done")
        project.action_read()

    def test_the_figures_are_those_of_the_staged_records(self):
        project = self.migrate(FILES)
        self.assertEqual(project.state, "loaded")
        self.assertEqual(
            (project.staged_count, project.loaded_count, project.failed_count),
            (2, 1, 1),
        )
        self.assertEqual(project.progress, 100)
        status = project._status()
        self.assertEqual(status["records"]["company"], {"loaded": 1, "failed": 1})
        [error] = status["errors"]
        self.assertEqual(
            {name: error[name] for name in ("object", "source_id", "file", "row")},
            {
                "object": "company",
                "source_id": "2",
                "file": "companies.csv",
                "row": 3,
            },
        )
        self.assertEqual(
            (error["code"], error["field"], error["value"]),
            ("number_invalid", "employee_count", "many"),
        )

    def test_failed_records_are_tried_again_and_broken_ones_are_not(self):
        files = {
            "companies.csv": FILES["companies.csv"] + "3,C\n",
        }
        project = self.migrate(files)
        failed = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "failed")]
        )
        self.assertEqual(len(failed), 2)
        project._retry()
        value, row = failed
        self.assertEqual((value.state, value.error), ("pending", False))
        self.assertEqual((row.state, row.error_code), ("failed", "ragged_row"))

    def test_only_the_named_kinds_of_failure_are_tried_again(self):
        project = self.migrate(FILES)
        record = self.staged(project, "company", "2")
        project._retry(["owner_unresolved"])
        self.assertEqual(record.state, "failed")
        project._retry(["number_invalid"])
        self.assertEqual(record.state, "pending")

    def test_objects_are_loaded_after_those_they_refer_to(self):
        project = self.new_project(
            {
                **FILES,
                "notes.csv": csv_text(("note_id", "deal_id", "body"), ("1", "1", "x")),
                "deals.csv": csv_text(
                    ("deal_id", "name", "contact_id"), ("1", "A", "1")
                ),
                "contacts.csv": csv_text(
                    ("contact_id", "full_name", "company_id"), ("1", "Ida", "1")
                ),
            }
        )
        self.read_files(project)
        project.mapping_ids.filtered(lambda one: one.name == "note").sequence = 1
        names = project._ordered_mappings().mapped("name")
        self.assertEqual(names, ["company", "contact", "deal", "note"])
        contact = project.mapping_ids.filtered(lambda one: one.name == "contact")
        contact.active = False
        project.invalidate_recordset()
        names = project._ordered_mappings().mapped("name")
        self.assertEqual(names, ["company", "deal", "note"])

    def test_owners_are_found_by_key_address_and_only_name(self):
        project = self.new_project(FILES, fallback_user_id=False)
        owners = self.env["migration.owner"]
        for key, email, name, user in (
            ("U1", "anna@old.example", "Anna Berg", self.anna),
            ("U2", "a2@old.example", "Namesake", self.anna),
            ("U3", "a3@old.example", "Namesake", self.admin),
            ("U4", "nobody@old.example", "No Body", owners.user_id),
        ):
            owners.create(
                {
                    "project_id": project.id,
                    "key": key,
                    "email": email,
                    "name": name,
                    "user_id": user.id,
                }
            )
        users = project.env["migration.owners"]._users(project)
        for text in ("u1", "anna@old.example", "anna berg", "Berg, Anna"):
            self.assertEqual(users.user(text), (self.anna.id, ()))
        for text in ("namesake", "u4", "no body", ""):
            self.assertFalse(users.user(text)[0])
        self.assertEqual(users.user("namesake")[1], ("U2", "U3"))
        project.fallback_user_id = self.admin
        users = project.env["migration.owners"]._users(project)
        for text in ("u4", ""):
            self.assertEqual(users.user(text), (self.admin.id, ()))
        self.assertFalse(users.user("namesake")[0], "nobody has decided whose it is")

    def test_a_migration_user_prepares_but_does_not_load(self):
        user = new_test_user(self.env, "mia", "crm_migration.group_user")
        project = self.new_project(FILES)
        self.read_files(project)
        project = project.with_user(user)
        project.action_confirm()
        self.assertFalse(project.unconfirmed_count)
        action = project.action_open_failed()
        self.assertEqual(action["res_model"], "migration.record")
        self.assertIn(("project_id", "=", project.id), action["domain"])
