"""What is staged of a file, and under which ids."""

from unittest.mock import patch

from ...models.engine import stager
from ..common import MigrationCase, csv_text


class TestStager(MigrationCase):
    def records(self, project, name):
        return self.env["migration.record"].search(
            [("project_id", "=", project.id), ("mapping_id.name", "=", name)]
        )

    def read_export(self, files, **values):
        project = self.new_project(files, **values)
        self.read_files(project)
        return project

    def test_a_record_keeps_its_text_its_file_and_its_row(self):
        content = csv_text(
            ("company_id", "name", "city"),
            ("CO-1", "Two\nlines", ""),
            ("CO-2", " Brandt ", "Oslo"),
        )
        project = self.read_export({"export/companies.csv": content})
        first, second = self.records(project, "company")
        self.assertEqual(
            first.payload, {"company_id": "CO-1", "name": "Two\nlines", "city": ""}
        )
        self.assertEqual(second.payload["name"], " Brandt ")
        self.assertEqual(first.table_id.name, "export/companies.csv")
        self.assertEqual((first.row, second.row), (2, 4))
        self.assertEqual(first.state, "pending")
        self.assertEqual(first.read_run_id, project.run_ids)
        self.assertEqual(first.table_id.row_count, 2)

    def test_several_id_columns_make_one_id(self):
        project = self.read_export(
            {
                "links.csv": csv_text(
                    ("contact_id", "company_id", "is_primary"), (" 7 ", "8", "true")
                ),
                "contacts.csv": csv_text(("contact_id", "full_name"), ("7", "Ida")),
                "companies.csv": csv_text(("company_id", "name"), ("8", "Ek")),
            }
        )
        self.assertEqual(self.records(project, "contact_company").source_id, "7:8")

    def test_a_number_and_its_text_are_one_id(self):
        project = self.read_export(
            {"contacts.json": '[{"contact_id": 7.0, "full_name": "Ida"}]'}
        )
        self.assertEqual(self.records(project, "contact").source_id, "7")

    def test_names_are_ids_whatever_their_spelling(self):
        project = self.read_export(
            {
                "tags.csv": csv_text(("name", "applies_to"), ("Großkunde ", "deal")),
                "deals.csv": csv_text(("deal_id", "name", "tags"), ("1", "A", "VIP")),
            }
        )
        found = self.records(project, "deal_tag").mapped("source_id")
        self.assertEqual(sorted(found), ["grosskunde", "vip"])

    def test_rows_of_a_shared_table_go_where_their_filter_says(self):
        tags = csv_text(
            ("name", "applies_to"), ("A", "deal"), ("B", "Contact"), ("C", "ticket")
        )
        project = self.read_export({"tags.csv": tags})
        self.assertEqual(self.records(project, "deal_tag").source_id, "a")
        self.assertEqual(self.records(project, "contact_tag").source_id, "b")

    def test_rows_without_an_id_column_are_told_apart_by_their_content(self):
        project = self.new_project(
            {"things.csv": csv_text(("name",), ("A",), ("B",), ("A",))}
        )
        self.read_files(project)
        project.table_ids.object_ids = project.source_id.object_ids.filtered(
            lambda one: one.name == "company"
        )
        self.read_files(project)
        records = self.records(project, "company")
        self.assertEqual(len(set(records.mapped("source_id"))), 3)
        self.assertEqual(set(records.mapped("state")), {"pending"})

    def test_names_in_columns_of_other_objects_become_records_once(self):
        project = self.read_export(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "labels"),
                    ("1", "A", "Hot|New"),
                    ("2", "B", "hot"),
                    ("3", "C", ""),
                ),
            }
        )
        records = self.records(project, "deal_tag")
        self.assertEqual(sorted(records.mapped("source_id")), ["hot", "new"])
        names = {record.payload["name"] for record in records}
        self.assertTrue(names <= {"Hot", "hot", "New"})
        self.read_files(project)
        self.assertEqual(self.records(project, "deal_tag"), records)

    def test_more_rows_than_are_staged_together_are_all_staged_once(self):
        rows = [(f"CO-{n % 7}", f"Company {n}") for n in range(9)]
        content = csv_text(("company_id", "name"), *rows)
        with patch.object(stager, "BATCH", 2):
            project = self.read_export({"companies.csv": content})
        records = self.records(project, "company")
        self.assertEqual(len(records), 9)
        failed = records.filtered(lambda one: one.state == "failed")
        self.assertEqual(sorted(failed.mapped("source_id")), ["CO-0 #9", "CO-1 #10"])
        counts = project.run_ids._counts()["company"]
        self.assertEqual(
            [counts[name] for name in ("read", "created", "failed")], [9, 7, 2]
        )

    def test_two_tables_of_one_object_are_read_together(self):
        header = ("company_id", "name")
        project = self.read_export(
            {
                "a/companies.csv": csv_text(header, ("1", "A")),
                "b/companies.csv": csv_text(header, ("2", "B")),
            }
        )
        records = self.records(project, "company")
        self.assertEqual(records.mapped("source_id"), ["1", "2"])
        self.assertEqual(
            records.table_id.mapped("name"), ["a/companies.csv", "b/companies.csv"]
        )

    def test_a_table_that_is_ignored_is_not_read(self):
        project = self.new_project(
            {"companies.csv": csv_text(("company_id", "name"), ("1", "A"))}
        )
        self.env["migration.auditor"]._audit(
            self.env["migration.run"]._start(project, "audit")
        )
        self.assertTrue(self.records(project, "company"))
        other = self.new_project({"x.csv": csv_text(("a", "b"), ("1", "2"))})
        self.read_files(other)
        other.table_ids.ignored = True
        self.read_files(other)
        self.assertFalse(other.mapping_ids)
        self.assertFalse(other.finding_ids)
