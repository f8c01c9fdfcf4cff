"""Records land after what they refer to, whatever the order of the export."""

from odoo.tests import new_test_user

from ...models.engine.engine import _circle
from ..common import csv_text
from .test_engine import EngineCase, companies


class TestReferences(EngineCase):
    def test_parents_may_come_in_any_order_and_over_several_levels(self):
        rows = [("C4", "C3"), ("C2", "C1"), ("C3", "C2"), ("C5", "C4"), ("C1", "")]
        for size in (1, 2, 100):
            with self.subTest(chunk=size):
                project = self.migrate(companies(*rows), chunk_size=size)
                for key, parent in rows:
                    found = self.target(project, "company", key).parent_id
                    wanted = parent and self.target(project, "company", parent)
                    self.assertEqual(found, wanted or found.browse())
                line = self.line_of(project, "company")
                self.assertEqual((line.created, line.waiting), (5, 0))

    def test_a_circle_of_parents_is_named_and_the_others_land(self):
        project = self.migrate(
            companies(
                ("C1", "C3"), ("C2", "C1"), ("C3", "C2"), ("C4", "C1"), ("C5", "")
            )
        )
        states = self.states(project, "company")
        self.assertEqual(states.pop("C5"), "loaded")
        self.assertEqual(set(states.values()), {"failed"})
        for key, parent in (("C1", "C3"), ("C2", "C1"), ("C3", "C2")):
            record = self.staged(project, "company", key)
            self.assertEqual(record.error_code, "reference_cycle")
            self.assertEqual(record.error_field, "parent_company_id")
            self.assertEqual(record.error_value, parent)
        self.assertIn("C1 → C3 → C2 → C1", self.staged(project, "company", "C1").error)
        outside = self.staged(project, "company", "C4")
        self.assertEqual(outside.error_code, "reference_failed")
        self.assertIn("C1", outside.error)
        self.assertEqual(self.line_of(project, "company").failed, 4)

    def test_a_record_that_is_its_own_parent_is_a_circle(self):
        project = self.migrate(companies(("C1", "C1"), ("C2", "")))
        record = self.staged(project, "company", "C1")
        self.assertEqual(
            (record.state, record.error_code), ("failed", "reference_cycle")
        )

    def test_circles_are_found_and_dead_ends_are_not(self):
        waits = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "f"}
        self.assertEqual(_circle("a", waits), ["a", "b", "c", "a"])
        self.assertIsNone(_circle("d", waits))
        self.assertIsNone(_circle("e", waits))

    def test_a_child_of_a_failed_parent_fails_and_follows_on_the_next_load(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "parent_company_id", "created_at"),
                    ("C1", "Parent", "", "31.02.2023"),
                    ("C2", "Child", "C1", ""),
                )
            }
        )
        child = self.staged(project, "company", "C2")
        self.assertEqual(
            (child.state, child.error_code), ("failed", "reference_failed")
        )
        self.assertEqual(child.error_value, "C1")
        self.correct(project, "company", "C1", created_at="2023-02-28")
        self.run_step(project, "load")
        self.assertEqual(
            self.target(project, "company", "C2").parent_id,
            self.target(project, "company", "C1"),
        )

    def test_a_reference_to_nothing_fails_with_both_ids(self):
        project = self.migrate(companies(("C1", "C99"), ("C2", "")))
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.error_code, "reference_missing")
        self.assertEqual(record.error_field, "parent_company_id")
        self.assertEqual(record.error_value, "C99")
        self.assertEqual(self.states(project, "company")["C2"], "loaded")

    def test_a_reference_may_be_left_empty_with_a_warning_by_decision(self):
        project = self.new_project(companies(("C1", "C99")))
        self.read_files(project)
        self.line(project, "company", "parent_id").on_missing = "empty"
        self.load(project)
        self.assertFalse(self.target(project, "company", "C1").parent_id)
        warning = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "warning")]
        )
        self.assertEqual(warning.source_id, "C1")
        self.assertIn("C99", warning.message)

    def test_a_column_says_which_kind_of_record_is_meant(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(("company_id", "name"), ("X1", "Company")),
                "deals.csv": csv_text(("deal_id", "name"), ("X1", "Deal")),
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id", "created_at"),
                    ("N1", "To the deal", "deal", "X1", "2024-01-01"),
                    ("N2", "To the company", "Account", "X1", "2024-01-01"),
                    ("N3", "To what", "product", "X1", "2024-01-01"),
                ),
            }
        )
        found = {
            key: (note.model, note.res_id)
            for key in ("N1", "N2")
            if (note := self.target(project, "note", key))
        }
        self.assertEqual(
            found,
            {
                "N1": ("crm.lead", self.target(project, "deal", "X1").id),
                "N2": ("res.partner", self.target(project, "company", "X1").id),
            },
        )
        unknown = self.staged(project, "note", "N3")
        self.assertEqual(unknown.error_code, "reference_kind_unknown")
        self.assertIn("product", unknown.error)


class TestOwners(EngineCase):
    files = {
        "users.csv": csv_text(
            ("user_id", "email", "full_name"),
            ("U1", "anna@example.com", "Anna Berg"),
            ("U2", "gone@example.com", "Gone"),
        ),
        "companies.csv": csv_text(
            ("company_id", "name", "owner_email"),
            ("C1", "Known", "Anna@Example.com"),
            ("C2", "Unknown", "gone@example.com"),
            ("C3", "None", ""),
            ("C4", "By id", "U1"),
        ),
    }

    def test_owners_are_found_by_email_or_id_and_the_others_fall_back(self):
        project = self.migrate(self.files)
        users = {
            key: self.target(project, "company", key).user_id
            for key in ("C1", "C2", "C3", "C4")
        }
        self.assertEqual(
            users,
            {"C1": self.anna, "C2": self.admin, "C3": self.admin, "C4": self.anna},
        )

    def test_without_fallback_records_are_held_until_a_user_is_chosen(self):
        project = self.migrate(self.files, fallback_user_id=False)
        states = self.states(project, "company")
        self.assertEqual(
            states, {"C1": "loaded", "C2": "held", "C3": "held", "C4": "loaded"}
        )
        held = self.staged(project, "company", "C2")
        self.assertEqual(held.error_code, "owner_unresolved")
        self.assertEqual(held.error_value, "gone@example.com")
        self.assertEqual(self.line_of(project, "company").held, 2)
        self.assertIn("C2", {one["source_id"] for one in project._status()["errors"]})
        owner = project.owner_ids.filtered(lambda one: one.email == "gone@example.com")
        self.assertEqual(owner.state, "unmatched")
        owner.user_id = new_test_user(self.env, "new", email="new@example.com")
        project.fallback_user_id = self.admin
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "C2").user_id, owner.user_id)
        self.assertEqual(self.target(project, "company", "C3").user_id, self.admin)

    def test_an_archived_user_keeps_the_records(self):
        self.anna.active = False
        project = self.migrate(self.files)
        owner = project.owner_ids.filtered(lambda one: one.email == "anna@example.com")
        self.assertEqual((owner.state, owner.user_id), ("archived", self.anna))
        self.assertEqual(self.target(project, "company", "C1").user_id, self.anna)
