"""What a later reading keeps of records that are in Odoo, made of several rows."""

from unittest.mock import patch

from ...models.engine import deriver, stager
from ..common import csv_text
from .test_delta import DeltaCase

CONTACTS = (
    ("contact_id", "full_name", "city", "tags"),
    ("1", "Ida Ek", "Oslo", "VIP"),
    ("2", "Ole Li", "Bergen", ""),
    ("2", "Ole Li", "", ""),
    ("1", "Ida Ek", "", "Bank"),
)
NAMING = (
    ("contact_id", "full_name", "company_name", "company_phone", "company_city"),
    ("1", "Ida Ek", "Acme", "+47 22 11 11 11", "Oslo"),
    ("2", "Ole Li", "Acme", "+47 22 11 11 11", "Oslo"),
    ("3", "Eva Ås", "Bold", "", "Bergen"),
)


class StagingCase(DeltaCase):
    def migrate_rows(self, **tables):
        """Load an export of the tables alone, of any source; gives the project."""
        self.export = tables
        self.folder_of_export = self.write_files(self.written())
        project = self.new_project(path=self.folder_of_export, source="generic")
        self.read_files(project)
        self.load(project)
        self.later()
        return project


class TestRowsOfOneRecord(StagingCase):
    def setUp(self):
        super().setUp()
        # The rows of one record are in different batches.
        self.enterContext(patch.object(stager, "BATCH", 1))

    def begin(self):
        project = self.migrate_rows(contacts=CONTACTS)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "contact")
        self.assertEqual(mapping.on_repeat, "merge")
        return project, self.target(project, "contact", "1")

    def rewrite(self, *rows):
        self.export["contacts"] = (CONTACTS[0], *rows)

    def test_what_has_not_changed_is_no_change(self):
        project, ida = self.begin()
        self.assertEqual(sorted(ida.category_id.mapped("name")), ["Bank", "VIP"])
        self.read_again(project)
        self.assertEqual(project.change_count, 0)

    def test_a_change_in_the_first_of_two_rows_is_loaded(self):
        project, ida = self.begin()
        self.rewrite(("1", "Ida Ek", "Kiel", "VIP"), *CONTACTS[2:])
        self.delta(project)
        self.assertEqual(ida.city, "Kiel")
        self.assertEqual(sorted(ida.category_id.mapped("name")), ["Bank", "VIP"])
        self.assertFalse(self.conflicts(project))

    def test_a_change_in_the_last_of_two_rows_is_loaded(self):
        project, ida = self.begin()
        self.rewrite(*CONTACTS[1:4], ("1", "Ida Ek", "", "Press"))
        self.delta(project)
        self.assertEqual(ida.city, "Oslo")
        self.assertEqual(sorted(ida.category_id.mapped("name")), ["Press", "VIP"])
        self.assertFalse(self.conflicts(project))

    def test_rows_in_another_order_are_no_change(self):
        project, ida = self.begin()
        before = ida.write_date
        self.rewrite(*CONTACTS[2:], CONTACTS[1])
        run = self.delta(project)
        self.assertEqual(ida.city, "Oslo")
        self.assertEqual(run._counts()["contact"]["updated"], 0)
        self.assertEqual(ida.write_date, before)

    def test_a_row_that_is_gone_takes_its_values_with_it(self):
        project, ida = self.begin()
        self.rewrite(*CONTACTS[1:4])
        self.delta(project)
        self.assertEqual(ida.category_id.mapped("name"), ["VIP"])

    def test_a_delta_of_several_rows_is_taken_back_and_proposed_again(self):
        project, ida = self.begin()
        before = self.snapshot()
        self.rewrite(("1", "Ida Ek", "Kiel", "VIP"), *CONTACTS[2:])
        run = self.delta(project)
        self.rollback(project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())
        self.later()
        self.run_step(project, "delta")
        self.assertEqual(ida.city, "Kiel")

    def test_a_reading_that_stopped_half_way_leaves_nothing_to_load(self):
        project, ida = self.begin()
        self.rewrite(("1", "Ida Ek", "Kiel", "VIP"), *CONTACTS[2:])
        with patch.object(type(self.env["migration.staging"]), "_settle"):
            self.read_again(project)
        self.assertEqual(project.change_count, 0)
        self.read_again(project)
        self.later()
        self.run_step(project, "delta")
        self.assertEqual(ida.city, "Kiel")

    def test_rows_in_two_files_of_which_one_is_uploaded_anew(self):
        project = self.migrate_rows(contacts=CONTACTS[:4])
        more = self.write_files({"contacts_2.csv": csv_text(CONTACTS[0], CONTACTS[4])})
        project._add_path(str(more / "contacts_2.csv"))
        mapping = project.mapping_ids.filtered(lambda one: one.name == "contact")
        mapping.on_repeat = "merge"
        self.read_files(project)
        project._approve(self.env.user)
        self.later()
        self.run_step(project, "delta")
        self.later()
        ida = self.target(project, "contact", "1")
        self.assertEqual(sorted(ida.category_id.mapped("name")), ["Bank", "VIP"])
        row = ("1", "Ida Ek", "", "Press")
        (more / "contacts_2.csv").write_text(csv_text(CONTACTS[0], row))
        project.file_ids[1].sudo().read_date = False
        self.read_files(project)
        self.later()
        self.run_step(project, "delta")
        self.assertEqual(ida.city, "Oslo")
        self.assertEqual(sorted(ida.category_id.mapped("name")), ["Press", "VIP"])
        self.assertFalse(self.conflicts(project))


class TestDerivedChanges(StagingCase):
    def begin(self):
        project = self.migrate_rows(contacts=NAMING)
        return project, self.target(project, "company", "acme")

    def test_a_record_made_of_columns_follows_the_changes_of_these(self):
        project, acme = self.begin()
        self.assertEqual(acme.city, "Oslo")
        before = self.snapshot()
        for key in ("1", "2"):
            self.change("contacts", key, company_city="Tromsø")
        run = self.delta(project)
        self.assertEqual(acme.city, "Tromsø")
        self.assertFalse(self.conflicts(project))
        self.rollback(project, run_id=run.id)
        self.assertEqual(acme.city, "Oslo")
        self.assertSameDatabase(before, self.snapshot())

    def test_what_users_changed_of_it_is_a_conflict(self):
        project, acme = self.begin()
        acme.city = "Bodø"
        self.later()
        for key in ("1", "2"):
            self.change("contacts", key, company_city="Tromsø")
        self.delta(project)
        self.assertEqual(acme.city, "Bodø")
        conflict = self.conflicts(project).filtered(
            lambda one: one.mapping_id.name == "company"
        )
        self.assertEqual(conflict.source_value, "Tromsø")

    def test_a_change_of_the_contact_alone_is_none_of_its_company(self):
        project, _acme = self.begin()
        self.change("contacts", "1", full_name="Ida Berg")
        self.read_again(project)
        changed = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("next_hash", "!=", False)]
        )
        self.assertEqual(changed.mapping_id.mapped("name"), ["contact"])

    def test_parts_of_a_record_in_several_batches_belong_together(self):
        self.export = {}
        with patch.object(deriver, "BATCH", 1), patch.object(deriver, "_PAGE", 1):
            project, acme = self.begin()
            self.read_again(project)
            self.assertEqual(project.change_count, 0)
            for key in ("1", "2"):
                self.change("contacts", key, company_phone="+47 22 22 22 22")
            self.delta(project)
        self.assertEqual(acme.phone, "+47 22 22 22 22")

    def test_a_company_that_no_contact_names_any_more_is_listed_as_gone(self):
        project, _acme = self.begin()
        bold = self.target(project, "company", "bold")
        self.change("contacts", "3", company_name="Acme")
        self.delta(project)
        self.assertTrue(bold.active)
        self.assertEqual(project._gone().mapped("source_id"), ["bold"])
        eva = self.target(project, "contact", "3")
        self.assertEqual(eva.parent_id.name, "Acme")
