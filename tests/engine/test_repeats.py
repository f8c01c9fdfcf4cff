"""Rows with one identifier: an error, one record, or several."""

from ..common import MigrationCase, csv_text

HEADER = ("contact_id", "full_name", "city", "tags")


class TestRepeats(MigrationCase):
    def read_rows(self, *rows, header=HEADER):
        project = self.new_project(
            {"contacts.csv": csv_text(header, *rows)}, source="generic"
        )
        self.read_files(project)
        return project

    def keys(self, project):
        records = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("mapping_id.name", "=", "contact")]
        )
        return sorted(records.mapped("source_id"))

    def mapping(self, project):
        return project.mapping_ids.filtered(lambda one: one.name == "contact")

    def test_a_second_row_with_other_data_is_an_error(self):
        project = self.read_rows(("1", "Ida Ek", "", ""), ("1", "Ole Li", "", ""))
        self.assertEqual(self.mapping(project).on_repeat, "fail")
        self.assertEqual(self.keys(project), ["1", "1 #3"])
        self.assertEqual(
            self.staged(project, "contact", "1 #3").error_code, "duplicate_id"
        )

    def test_a_record_that_is_spread_over_rows_is_recognised_as_one(self):
        project = self.read_rows(
            ("1", "Ida Ek", "Oslo", "VIP"),
            ("1", "Ida Ek", "", "Bank"),
            ("2", "Ole Li", "", ""),
            ("1", "Ida Ek", "", "Press"),
        )
        self.assertEqual(self.mapping(project).on_repeat, "merge")
        self.assertEqual(self.keys(project), ["1", "2"])
        self.load(project)
        ida = self.target(project, "contact", "1")
        self.assertEqual(ida.city, "Oslo")
        self.assertEqual(
            sorted(ida.category_id.mapped("name")), ["Bank", "Press", "VIP"]
        )

    def test_rows_of_one_record_may_be_far_apart(self):
        many = [(f"9{n}", f"Person {n}", "", "") for n in range(2100)]
        first, last = ("1", "Ida Ek", "", "VIP"), ("1", "Ida Ek", "Oslo", "Bank")
        again = ("1", "Ida Ek", "Oslo", "VIP")
        project = self.read_rows(first, again, again, *many, last)
        record = self.staged(project, "contact", "1")
        self.assertEqual(record.payload["city"], "Oslo")
        self.assertEqual(set(record.payload["tags"].split(";")), {"VIP", "Bank"})
        run = project.run_ids[:1]
        counts = run._counts()["contact"]
        self.assertEqual(counts["read"], 2104)
        self.assertEqual(counts["created"], 2101)

    def test_without_ids_a_row_is_known_by_what_tells_rows_apart(self):
        header = ("full_name", "email")
        project = self.read_rows(
            ("Ida Ek", "ida@example.com"), ("Ole Li", "ole@example.com"), header=header
        )
        self.assertEqual(self.keys(project), ["ida@example.com", "ole@example.com"])
        self.assertEqual(self.mapping(project).on_repeat, "number")

    def test_without_ids_a_repeated_row_is_kept_as_another_record(self):
        header = ("full_name", "email")
        rows = [(f"Person {n}", f"p{n}@example.com") for n in range(60)]
        project = self.read_rows(*rows, rows[0], header=header)
        self.assertIn("p0@example.com #2", self.keys(project))
        self.assertEqual(self.mapping(project).staged_count, 61)
