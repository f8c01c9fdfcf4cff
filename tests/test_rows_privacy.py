"""Staged data can be purged, the log keeps values to managers, secrets stay secret."""

import io
import json
import logging
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .cli.common import CommandCase
from .common import csv_text

MARK = "Xylophon"
SECRET = "s3cr3t-marker"


class PrivacyCase(CommandCase):
    def loaded(self, **values):
        """A loaded migration with a mark in every value; one matched, one failed."""
        self.there = self.env["res.partner"].create(
            {"name": f"{MARK} there", "is_company": True, "website": False}
        )
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "employee_count", "website"),
                    ("C1", f"{MARK} one", "12", f"https://{MARK}.example.com"),
                    ("C2", f"{MARK} two", f"{MARK} 40", ""),
                    ("C3", f"{MARK} there", "7", f"https://{MARK}.example.com"),
                ),
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "company_id"),
                    ("P1", MARK, "Ek", "C1"),
                ),
            },
            **values,
        )
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "company")
        mapping.match_by = "name"
        self.line(project, "company", "website").policy = "fill"
        project.action_confirm()
        self.run_step(project, "prepare")
        self.run_step(project, "dry_run")
        self.run_step(project, "sample", size=5, keep=False, seed="1")
        self.run_step(project, "rollback")
        self.run_step(project, "load")
        return project

    def mentions(self, text, but=()):
        """``table.column`` of the addon that say ``text`` anywhere."""
        self.env.flush_all()
        self.cr.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                WHERE table_name LIKE 'migration\\_%'
                  AND data_type IN ('text', 'character varying', 'jsonb')"""
        )
        found = []
        for table, column in self.cr.fetchall():
            self.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1',
                [f"%{text}%"],
            )
            if self.cr.fetchone() and f"{table}.{column}" not in but:
                found.append(f"{table}.{column}")
        return found


class TestPurge(PrivacyCase):
    def test_G19_a_purge_leaves_no_value_of_the_source_in_the_staging(self):
        project = self.loaded()
        project.action_download_failed()
        self.assertIn("migration_record.payload", self.mentions(MARK))
        self.env["migration.purger"]._purge(project)
        self.assertEqual(self.mentions(MARK), [])
        self.assertFalse(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", project._name), ("res_id", "=", project.id)]
            )
        )

    def test_G19_log_and_links_stay(self):
        project = self.loaded()
        log = self.env["migration.log"]
        own = [("project_id", "=", project.id)]
        names = ("operation", "source_id", "res_model", "res_id", "user_id", "date")
        before = log.search_read(own, names)
        links = {
            one.source_id: (one.res_model, one.res_id, one.state)
            for one in self.env["migration.record"].search([*own, ("res_id", "!=", 0)])
        }
        self.env["migration.purger"]._purge(project)
        self.assertEqual(log.search_read(own, names)[1:], before)
        last = log.search(own, limit=1)
        self.assertEqual((last.operation, last.user_id), ("decision", self.env.user))
        for source_id, link in links.items():
            record = self.env["migration.record"].search(
                [*own, ("source_id", "=", source_id)]
            )
            self.assertEqual((record.res_model, record.res_id, record.state), link)
        changed = log.search([*own, ("operation", "=", "update")], limit=1)
        self.assertEqual(changed.changes["names"], ["website"])

    def test_G19_what_was_created_is_still_rolled_back_exactly(self):
        project = self.loaded()
        created = self.target(project, "company", "C1")
        contact = self.target(project, "contact", "P1")
        self.env["migration.purger"]._purge(project)
        self.rollback(project)
        self.assertFalse(created.exists() or contact.exists())
        self.assertTrue(self.there.exists())
        self.assertTrue(
            self.there.website, "what was overwritten is not known any more"
        )

    def test_G19_what_needs_the_data_is_refused_with_the_reason(self):
        project = self.loaded()
        self.env["migration.purger"]._purge(project)
        for call in (
            project.action_load,
            project.action_dry_run,
            project.action_sample,
            project.action_try_all_again,
        ):
            with self.assertRaisesRegex(UserError, "was purged on"):
                call()
        for call in (project.action_verify, project._check_delta):
            with self.assertRaisesRegex(UserError, "cannot be merged"):
                call()
        self.assertTrue(project.rows_purged and project.values_purged)

    def test_G19_what_was_rolled_back_after_a_purge_is_loaded_from_a_new_reading(self):
        project = self.loaded()
        paths = project.file_ids.path
        self.env["migration.purger"]._purge(project)
        self.rollback(project)
        project.file_ids.write({"path": paths, "read_date": False})
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.target(project, "company", "C1").name, f"{MARK} one")
        self.assertEqual(self.target(project, "contact", "P1").name, f"{MARK} Ek")

    def test_G19_files_of_the_server_come_in_again_with_the_next_reading(self):
        folder = self.write_files(
            {
                "companies.csv": "company_id,name,cf_size\nC1,One,big\n",
                "custom_fields.csv": "object,key,label,type\ncompany,cf_size,S,text\n",
            }
        )
        project = self.migrate(path=folder)
        self.env["migration.purger"]._purge(project)
        self.rollback(project)
        (folder / "custom_fields.csv").unlink()
        status, output = self.command("audit", project.key)
        self.assertEqual(status, 0, output)
        self.load(project)
        self.assertEqual(self.target(project, "company", "C1").name, "One")

    def test_G19_the_export_read_again_loads_what_is_missing_and_doubles_nothing(self):
        project = self.loaded()
        self.env["migration.purger"]._purge(project)
        path = self.write_files(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "employee_count"),
                    ("C1", f"{MARK} one", "12"),
                    ("C2", f"{MARK} two", "40"),
                    ("C3", f"{MARK} there", "7"),
                )
            }
        )
        project.file_ids.write({"path": str(path), "read_date": False})
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.target(project, "company", "C2").name, f"{MARK} two")
        project.invalidate_recordset()
        self.assertFalse(project.rows_purged, "there is something to load again")
        for source_id in ("C1", "C2", "C3"):
            self.assertEqual(
                self.env["res.partner"].search_count(
                    [("x_source_id", "=", f"{project.key}/company/{source_id}")]
                ),
                0 if source_id == "C3" else 1,
            )

    def test_G19_the_wizard_says_what_goes_and_wants_to_be_understood(self):
        project = self.loaded()
        action = project.action_purge()
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        self.assertIn("Rows copied from the source: 4", wizard.goes)
        self.assertIn("Links between source ids", wizard.stays)
        self.assertIn("can no longer be restored:", wizard.ends)
        with self.assertRaises(UserError):
            wizard.action_purge()
        self.assertFalse(project.purged_date)
        wizard.understood = True
        wizard.action_purge()
        self.assertTrue(project.purged_date)
        self.assertEqual(project.purged_by_id, self.env.user)

    def test_G19_it_is_for_managers_and_waits_for_a_run(self):
        project = self.loaded()
        user = new_test_user(self.env, "plain", "crm_migration.group_user")
        with self.assertRaises(AccessError):
            project.with_user(user).action_purge()
        self.env["migration.run"]._start(project, "load")
        with self.assertRaisesRegex(UserError, "still working"):
            self.env["migration.purger"]._purge(project)

    def test_G19_after_so_many_days_it_happens_by_itself_if_it_is_wanted(self):
        projects = [self.loaded(), self.loaded(purge_after_days=30)]
        self.env["migration.purger"]._cron_purge()
        self.assertFalse(projects[1].purged_date, "it is not so long ago")
        for project in projects:
            project.run_ids.finished = fields.Datetime.now() - timedelta(days=31)
        self.env["migration.purger"]._cron_purge()
        self.assertFalse(projects[0].purged_date, "off unless it is set")
        self.assertTrue(projects[1].purged_date)

    def test_G19_on_the_command_line_only_with_yes(self):
        project = self.loaded()
        status, output = self.command("purge", project.key)
        self.assertEqual(status, 2)
        self.assertIn("goes: Rows copied from the source: 4", output)
        self.assertFalse(project.purged_date)
        status, _output = self.command("purge", project.key, "--yes")
        self.assertEqual(status, 0)
        self.assertTrue(project.purged_date)
        _status, output = self.command("status", project.key)
        self.assertNotIn("!", output)
        _status, output = self.command("purge", project.key)
        self.assertRegex(output, r"(?m)^goes: Rows copied from the source$")
        self.assertRegex(output, r"(?m)^goes: Values in the log.* reports$")
        self.assertRegex(output, r"(?m)^ends: Values that were overwritten .*restored$")


class TestLog(PrivacyCase):
    def test_G19_the_log_shows_names_to_users_and_values_to_managers(self):
        project = self.loaded()
        rights = "crm_migration.group_user,base.group_allow_export"
        user = new_test_user(self.env, "plain", rights)
        log = self.env["migration.log"]
        own = [("project_id", "=", project.id)]
        theirs = log.with_user(user)
        entry = log.search([*own, ("operation", "=", "update")], limit=1)
        self.assertEqual(entry.with_user(user).summary, "website")
        failed = log.search([*own, ("operation", "=", "fail")], limit=1)
        self.assertIn(MARK, failed.message)
        self.assertTrue(failed.with_user(user).summary.startswith("employee_count"))
        for name in ("message", "changes", "changes_text"):
            with self.assertRaises(AccessError):
                theirs.search(own).read([name])
            with self.assertRaises(AccessError):
                theirs.search(own, limit=1).export_data([name])
        for name in ("message", "changes"):
            with self.assertRaises(AccessError):
                theirs.search([*own, (name, "!=", False)])
        with self.assertRaises(AccessError):
            theirs._read_group(own, ["message"], ["__count"])
        texts = json.dumps(theirs.search(own).read(["summary", "source_id"]))
        self.assertNotIn(MARK, texts)
        view = theirs.get_view(view_type="list")["arch"]
        self.assertNotIn('name="message"', view)


class TestSecrets(PrivacyCase):
    def test_G19_a_secret_is_in_no_log_export_error_or_file(self):
        project = self.loaded()
        connection = project._connect(
            base_url="https://127.0.0.1:1",
            auth="basic",
            login="reader",
            password=SECRET,
            token=SECRET,
            client_secret=SECRET,
            refresh_token=SECRET,
        )
        with self.assertLogs("odoo", level=logging.DEBUG) as logs:
            logging.getLogger("odoo.tests").debug("begin")
            project._run_now("audit")
            connection.endpoint_ids = [
                (0, 0, {"name": "companies", "label": "Companies", "path": "/c"})
            ]
            connection._check_all()
        self.assertNotIn(SECRET, "\n".join(logs.output))
        self.assertFalse(connection.endpoint_ids.check_state == "works")
        told = (connection.check_message, connection.endpoint_ids.check_message)
        self.assertNotIn(SECRET, str(told))
        texts = [
            json.dumps(project._status(), default=str),
            json.dumps(project._export_mapping(), default=str),
            json.dumps(connection.copy_data(), default=str),
            str(connection.with_user(self.admin).export_data(["login"])),
        ]
        for path in ("migration_connection.password", "migration_connection.token"):
            self.assertIn(path, self.mentions(SECRET))
        columns = ("password", "token", "client_secret", "refresh_token")
        own = [f"migration_connection.{name}" for name in columns]
        self.assertEqual(self.mentions(SECRET, own), [])
        for call in (
            project.action_download_failed,
            project.action_download_specification,
            project.action_download_sample,
            project.action_download_audit,
            project.action_download_owners,
            project.action_download_automations,
        ):
            call()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", project._name), ("res_id", "=", project.id)]
        )
        self.assertGreater(len(attachments), 3)
        for attachment in attachments:
            texts.append(self.text(attachment.raw))
        for text in texts:
            self.assertNotIn(SECRET, text)
        with self.assertRaises(AccessError):
            user = new_test_user(self.env, "plain", "crm_migration.group_user")
            connection.with_user(user).read(["password"])

    def text(self, content):
        """What a file says, unpacked if it is packed."""
        if content[:2] != b"PK":
            return content.decode("utf-8", "replace")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(
                archive.read(name).decode("utf-8", "replace")
                for name in archive.namelist()
            )
