"""G06 and the gate of G05: a sample, its comparison, and the sign-off."""

import csv
import io
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import DEMO, MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name", "website"),
    ("C1", "Alpha", "alpha.example"),
    ("C2", "Beta", ""),
    ("C3", "Gamma", ""),
)
CONTACTS = csv_text(
    ("contact_id", "first_name", "last_name", "company_id", "email"),
    ("P1", "Ada", "Wolf", "C1", "ada@example.com"),
    ("P2", "Bo", "Hill", "C2", "bo@example.com"),
)
DEALS = csv_text(
    ("deal_id", "name", "company_id", "amount", "status", "created_at", "close_date"),
    ("D1", "Roof", "C1", "1200.50", "open", "2020-02-03 10:00:00", "2031-01-31"),
    ("D2", "Floor", "C2", "10", "lost", "2020-02-04 10:00:00", "2020-05-01"),
)
FILES = {"companies.csv": COMPANIES, "contacts.csv": CONTACTS, "deals.csv": DEALS}


class TestSample(MigrationCase):
    """A small export, prepared and not approved."""

    def prepared(self, files=None, **values):
        project = self.new_project(files or FILES, **values)
        self.read_files(project)
        project.action_confirm()
        project._run_now("prepare")
        return project

    def sample(self, project, **options):
        return self.run_step(project, "sample", **project._sample_options(**options))

    def verdicts(self, run, source_id):
        lines = run.sample_line_ids.filtered(lambda one: one.source_id == source_id)
        return {line.target: line for line in lines}

    def test_g06_every_value_is_compared_with_what_odoo_has(self):
        project = self.prepared()
        run = self.sample(project, keep=True)
        deal = self.verdicts(run, "D1")
        self.assertEqual(deal["name"].verdict, "8_same")
        self.assertEqual(deal["expected_revenue"].source_value, "1200.50")
        self.assertEqual(deal["expected_revenue"].actual, "$\N{NO-BREAK SPACE}1,200.50")
        self.assertEqual(deal["expected_revenue"].verdict, "8_same")
        self.assertEqual(deal["partner_id"].actual, "Alpha")
        self.assertEqual(deal["partner_id"].verdict, "7_mapped")
        self.assertEqual(self.verdicts(run, "D2")["outcome"].verdict, "8_same")
        self.assertFalse(run.sample_line_ids._to_look_at().mapped("target"))

    def test_g06_a_value_that_differs_in_odoo_is_told(self):
        project = self.prepared()
        run = self.sample(project, keep=True)
        self.target(project, "deal", "D1").name = "Ro"
        self.target(project, "company", "C1").website = False
        rows = {}
        for name, source_id in (("deal", "D1"), ("company", "C1")):
            record = self.staged(project, name, source_id)
            for row in self.env["migration.comparison"]._compare(
                record.mapping_id, record
            ):
                rows[name, row["target"]] = row["verdict"]
        self.assertEqual(rows["deal", "name"], "truncated")
        self.assertEqual(rows["company", "website"], "missing")
        self.assertEqual(rows["company", "name"], "same")
        self.assertTrue(run.sample_line_ids)

    def test_g06_a_position_of_the_contact_itself_is_kept_and_nothing_to_look_at(self):
        links = csv_text(
            ("contact_id", "company_id", "role", "is_primary"),
            ("P1", "C1", "Employee", "true"),
            ("P2", "C2", "Buyer", "true"),
        )
        contacts = csv_text(
            ("contact_id", "first_name", "last_name", "job_title"),
            ("P1", "Ada", "Wolf", "Plant Manager"),
            ("P2", "Bo", "Hill", ""),
        )
        project = self.prepared(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": contacts,
                "contact_companies.csv": links,
            }
        )
        run = self.sample(project, keep=True)
        roles = {
            line.source_id: line
            for line in run.sample_line_ids.filtered(lambda one: one.target == "role")
        }
        kept = roles["P1:C1"]
        self.assertEqual(kept.verdict, "6_kept")
        self.assertIn("a job position of its own: “Plant Manager”", kept.message)
        self.assertEqual(roles["P2:C2"].verdict, "8_same")
        self.assertFalse(run.sample_line_ids._to_look_at())

    def test_g06_what_cannot_be_compared_says_why(self):
        project = self.prepared()
        self.sample(project, keep=True)
        record = self.staged(project, "company", "C1")
        loader = self.env.registry[record.mapping_id._loader()._name]
        with patch.object(
            loader, "_read_back", lambda *_arguments: (False, "Nobody can tell.")
        ):
            rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
        self.assertEqual({row["verdict"] for row in rows}, {"unchecked"})
        self.assertEqual({row["message"] for row in rows}, {"Nobody can tell."})

    def test_g06_a_note_of_somebody_who_has_left_has_its_author(self):
        gone = new_test_user(self.env, "left", email="left@example.com")
        gone.active = gone.partner_id.active = False
        notes = csv_text(
            ("note_id", "body", "related_type", "related_id", "created_at", "author"),
            ("N1", "Hello", "company", "C1", "2024-01-02 03:04:05", "left@example.com"),
        )
        project = self.prepared({"companies.csv": COMPANIES, "notes.csv": notes})
        run = self.sample(project, keep=True)
        note = self.target(project, "note", "N1")
        self.assertEqual(note.author_id, gone.partner_id)
        author = self.verdicts(run, "N1")["author_user_id"]
        self.assertEqual((author.verdict, author.actual), ("7_mapped", gone.name))

    def test_g06_a_record_that_fails_is_missing_with_its_reason(self):
        deals = DEALS.replace("1200.50", "much")
        project = self.prepared({**FILES, "deals.csv": deals})
        run = self.sample(project, keep=True)
        line = run.sample_line_ids.filtered(lambda one: one.source_id == "D1")
        self.assertEqual(line.verdict, "1_missing")
        self.assertIn("much", line.message)

    def test_g06_the_sample_is_taken_back_by_itself(self):
        project = self.prepared()
        before = self.snapshot()
        run = self.sample(project)
        self.assertTrue(self.staged(project, "deal", "D1").res_id)
        undo = project.run_ids[:1]
        self.assertEqual((undo.kind, undo.state), ("rollback", "queued"))
        self.run_step(project, "rollback")
        self.assertRegex(undo.message, r"^The sample .* back. Records: \d+ removed")
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(project.state, "prepared")
        self.assertEqual(
            set(project.mapping_ids.filtered("loaded_count").mapped("schema")) - {True},
            set(),
        )
        self.assertTrue(run.sample_line_ids)

    def test_g06_what_failed_in_a_sample_may_be_tried_again(self):
        deals = DEALS.replace("1200.50", "much")
        project = self.prepared({**FILES, "deals.csv": deals})
        self.sample(project)
        self.run_step(project, "rollback")
        self.assertEqual(self.staged(project, "deal", "D1").state, "pending")

    def test_g06_records_come_with_what_they_need_and_what_hangs_on_them(self):
        project = self.prepared()
        self.sample(project, size=1, keep=True)
        for name, source_id in (("deal", "D1"), ("company", "C1"), ("contact", "P1")):
            self.assertEqual(self.staged(project, name, source_id).state, "loaded")

    def test_g06_the_same_seed_draws_the_same_slice(self):
        rows = [(f"C{n}", f"Company {n}") for n in range(300)]
        companies = csv_text(("company_id", "name"), *rows)
        project = self.prepared({"companies.csv": companies})
        drawn = []
        for seed in ("one", "one", "two"):
            run = self.sample(project, size=20, seed=seed)
            drawn.append(set(run.sample_line_ids.mapped("source_id")))
            self.run_step(project, "rollback")
        self.assertEqual(drawn[0], drawn[1])
        self.assertNotEqual(drawn[0], drawn[2])
        self.assertLess(len(drawn[0]), 40)

    def test_g06_the_comparison_is_a_csv_that_starts_no_formula(self):
        companies = csv_text(("company_id", "name"), ("C1", "=1+1"))
        project = self.prepared({"companies.csv": companies})
        self.sample(project, keep=True)
        text = project._sample_csv().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        name = next(row for row in rows if row["field"] == "name")
        self.assertEqual(name["source_value"], "'=1+1")
        self.assertEqual(name["verdict"], "same")

    def test_g06_the_demo_has_a_sample_of_every_object(self):
        project = self.new_project(path=DEMO)
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        run = self.sample(project, size=100, keep=True)
        told = set(run.sample_line_ids.mapping_id.mapped("name"))
        for name in ("company", "contact", "deal", "activity", "note", "file"):
            self.assertIn(name, told)
        wrong = run.sample_line_ids.filtered(
            lambda one: one.verdict in ("2_differs", "3_truncated")
        )
        self.assertFalse([line._as_dict() for line in wrong])

    def test_g05_nothing_is_loaded_before_the_sign_off(self):
        project = self.prepared()
        with self.assertRaisesRegex(UserError, "approved"):
            project.action_load()
        project.action_approve()
        self.assertEqual(project.approved_by_id, self.env.user)
        self.run_step(project, "load")
        self.assertTrue(self.target(project, "deal", "D1"))

    def test_g05_a_change_of_the_mapping_closes_the_load_again(self):
        project = self.prepared()
        project.action_approve()
        self.assertEqual(project.approval, "approved")
        line = self.line(project, "deal", "expected_revenue")
        line.write({"kind": "ignored", "target": False})
        project.invalidate_recordset(["approval"])
        self.assertEqual(project.approval, "outdated")
        line._confirm()
        with self.assertRaisesRegex(UserError, "changed since"):
            project.action_load()

    def test_g05_the_log_says_who_approved_and_after_what(self):
        project = self.prepared()
        project.action_approve()
        self.sample(project, keep=True)
        project.action_approve()
        entries = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "decision")],
            order="id",
        )
        self.assertIn("without a sample", entries[-2].message)
        self.assertIn("values compared", entries[-1].message)
        self.assertIn(self.env.user.name, entries[-1].message)

    def test_g05_only_a_manager_signs_off(self):
        user = new_test_user(self.env, "mapper", "crm_migration.group_user")
        project = self.prepared()
        with self.assertRaises(AccessError):
            project.with_user(user).action_approve()
        with self.assertRaises(AccessError):
            project.with_user(user).action_sample()
