"""Row G03 of the specification: the mapping as a workbook, and back."""

import io

from openpyxl import load_workbook

from odoo.exceptions import UserError

from .common import DEMO, MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "city", "=shade"),
        ("1", "Ahlgren", "Oslo", "=cmd|' /C calc'!A0"),
        ("2", "Bakke", "", "+47"),
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "status"), ("1", "Roof", "1", "Frozen")
    ),
}


class TestSpecification(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project(FILES)
        cls.read_files(cls.project)

    def of_column(self, column, name="company", project=None):
        lines = (project or self.project).mapping_ids.field_ids
        return lines.filtered(
            lambda line: line.mapping_id.name == name and line.source_path == column
        )[:1]

    def book(self, project=None):
        content = (project or self.project)._save_mapping("spec.xlsx")
        return load_workbook(io.BytesIO(content))

    @staticmethod
    def table(page):
        """The rows of a sheet: dicts by technical name, with their row numbers."""
        names = [cell.value for cell in page[1]]
        rows = page.iter_rows(min_row=3, values_only=True)
        return {
            number: dict(zip(names, row, strict=True))
            for number, row in enumerate(rows, 3)
        }

    @staticmethod
    def put(page, row, name, value):
        """Write a cell as somebody in a spreadsheet program does."""
        column = [cell.value for cell in page[1]].index(name) + 1
        page.cell(row, column).value = value

    def row_of(self, page, name, value):
        return next(
            number for number, row in self.table(page).items() if row[name] == value
        )

    def load_book(self, book, project=None, **options):
        stream = io.BytesIO()
        book.save(stream)
        return (project or self.project)._load_mapping(
            "spec.xlsx", stream.getvalue(), **options
        )

    def refuses(self, book, message):
        before = self.project._export_mapping()
        with self.assertRaisesRegex(UserError, f"(?s){message}"):
            self.load_book(book)
        self.assertEqual(self.project._export_mapping(), before)

    def test_g03_each_object_has_a_sheet_and_each_column_a_row(self):
        book = self.book()
        self.assertEqual(
            book.sheetnames,
            ["Overview", "Objects", *self.project.mapping_ids.mapped("name")]
            + ["Values", "Legend"],
        )
        line = self.of_column("city")
        line._confirm()
        page = self.book()["company"]
        row = self.table(page)[self.row_of(page, "source_path", "city")]
        self.assertEqual(
            (row["target"], row["target_label"], row["kind"]),
            ("city", "City", "direct"),
        )
        self.assertEqual((row["fill_rate"], row["samples"]), (0.5, "Oslo"))
        self.assertAlmostEqual(row["confidence"], line.confidence)
        self.assertIn("Allegory", row["reason"])
        self.assertEqual(
            (row["confirmed"], row["confirmed_by"]), ("yes", self.env.user.name)
        )
        self.assertTrue(row["confirmed_date"])
        names = [cell.value for cell in page[1]]
        for name in (
            *("transform", "reference", "reference_by", "reference_key", "on_missing"),
            *("date_order", "decimal_sign", "label", "ttype", "options", "policy"),
            "relation",
            *("distinct_count", "longest", "type_seen"),
        ):
            self.assertIn(name, names)

    def test_g03_the_overview_says_what_it_is_about(self):
        self.of_column("city")._confirm()
        told = {
            row["what"]: row["is"]
            for row in self.table(self.book()["Overview"]).values()
        }
        self.assertEqual(told["Source System"], "Allegory")
        self.assertIn(self.project.key, told["Migration"])
        self.assertEqual(
            (told["Confirmed"], told["Confirmed by"]), ("1", self.env.user.name)
        )
        self.assertEqual(told["Records"], "3")

    def test_g03_the_legend_explains_columns_and_values(self):
        rows = self.table(self.book()["Legend"]).values()
        kinds = {row["value"] for row in rows if row["column"] == "Kind"}
        self.assertIn("custom_field_required", kinds)

    def test_g03_no_cell_is_a_formula(self):
        for page in self.book():
            for row in page.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f", (page.title, cell.value))
        page = self.book()["company"]
        self.assertTrue(self.row_of(page, "source_path", "=shade"))

    def test_g03_a_workbook_that_was_not_changed_changes_nothing(self):
        project = self.new_project(path=DEMO)
        self.read_files(project)
        project.mapping_ids[0].active = False
        project.mapping_ids[1].field_ids._confirm()
        lines = project.with_context(active_test=False).mapping_ids.field_ids
        before, values = lines.read(), lines.value_ids.read()
        saved = project._export_mapping()
        self.assertEqual(self.load_book(self.book(project), project), [])
        self.assertEqual(project._export_mapping(), saved)
        self.assertEqual(lines.read(), before)
        self.assertEqual(lines.value_ids.read(), values)

    def test_g03_a_specification_is_the_same_in_another_project(self):
        self.project.action_confirm()
        other = self.new_project(FILES)
        self.read_files(other)
        self.load_book(self.book(), other)
        self.assertEqual(other._export_mapping(), self.project._export_mapping())
        self.assertFalse(other.unconfirmed_count)

    def test_g03_what_was_edited_is_taken_over(self):
        book = self.book()
        page = book["company"]
        row = self.row_of(page, "source_path", "city")
        self.put(page, row, "target", "street2")
        self.put(page, row, "transform", "line")
        self.put(page, row, "confirmed", "x")
        values = book["Values"]
        row = self.row_of(values, "name", "Frozen")
        self.put(values, row, "target", "lost")
        self.put(values, row, "mapped", True)
        self.put(
            book["Objects"],
            self.row_of(book["Objects"], "name", "deal"),
            "label",
            "Sales",
        )
        self.assertEqual(self.load_book(book), [])
        line = self.of_column("city")
        self.assertEqual(
            (line.target, line.transform, line.confirmed), ("street2", "line", True)
        )
        self.assertEqual((line.samples, line.fill_rate), ("Oslo", 0.5))
        deal = self.of_column("status", "deal")
        frozen = deal.value_ids.filtered(lambda one: one.name == "Frozen")
        self.assertEqual(
            (frozen.target, frozen.mapped, frozen.count), ("lost", True, 1)
        )
        self.assertEqual(deal.mapping_id.label, "Sales")
        self.assertFalse(self.of_column("name").confirmed)

    def test_g03_a_row_that_was_added_is_a_line_more(self):
        book = self.book()
        page = book["company"]
        row = page.max_row + 1
        for name, value in (
            ("source_path", "name"),
            ("kind", "direct"),
            ("target", "ref"),
            ("reference_by", "id"),
            ("on_missing", "fail"),
            ("policy", "keep"),
        ):
            self.put(page, row, name, value)
        self.load_book(book)
        lines = self.of_column("name").mapping_id.field_ids
        of_name = lines.filtered(lambda line: line.source_path == "name")
        self.assertEqual(set(of_name.mapped("target")), {"name", "ref"})

    def test_g03_of_two_lines_of_a_column_one_can_be_removed(self):
        line = self.of_column("name")
        line.copy({"target": "ref"})
        book = self.book()
        page = book["company"]
        page.delete_rows(self.row_of(page, "target", "ref"))
        self.load_book(book)
        lines = line.mapping_id.field_ids
        of_name = lines.filtered(lambda line: line.source_path == "name")
        self.assertEqual(of_name, line)

    def test_g03_rows_that_were_removed_leave_their_lines_as_they_are(self):
        count = len(self.of_column("name").mapping_id.field_ids)
        book = self.book()
        page = book["company"]
        page.delete_rows(self.row_of(page, "kind", "constant"))
        page.delete_rows(self.row_of(page, "source_path", "city"))
        self.load_book(book)
        self.assertEqual(len(self.of_column("name").mapping_id.field_ids), count)

    def test_g03_a_mistake_is_named_by_sheet_and_row(self):
        for name, value, message in (
            ("kind", "guess", "company!{row}: kind “guess” is none of: identifier"),
            ("target", "ctiy", "company!{row}: .*“ctiy” here; did you mean: city"),
            ("confirmed", "maybe", "company![A-Z]+{row}, .*neither yes nor no"),
            ("policy", "=A1", "company![A-Z]+{row}, .*is a formula"),
            ("source_path", None, "company!{row}: it names no source column"),
        ):
            book = self.book()
            page = book["company"]
            row = self.row_of(page, "source_path", "city")
            self.put(page, row, name, value)
            # A change that would be fine does not go in by itself either.
            self.put(page, self.row_of(page, "source_path", "name"), "target", "ref")
            with self.subTest(name=name):
                self.refuses(book, message.format(row=row))

    def test_g03_a_value_without_its_line_is_named(self):
        book = self.book()
        row = self.row_of(book["Values"], "name", "Frozen")
        self.put(book["Values"], row, "line", 99)
        self.refuses(book, f"Values!{row}: there is no line 99 of “deal”")
        book = self.book()
        self.put(book["Values"], row, "name", None)
        self.refuses(book, f"Values!{row}: name is empty")

    def test_g03_two_rows_with_one_number_are_refused(self):
        book = self.book()
        page = book["company"]
        self.put(page, 4, "number", 1)
        self.refuses(book, "company!4: another row has the number 1")

    def test_g03_a_sheet_or_column_of_its_own_is_refused(self):
        book = self.book()
        book["deal"].title = "Deals"
        self.refuses(book, "no sheet “deal”; there are: Overview, Objects")
        book = self.book()
        page = book["deal"]
        page.cell(2, page.max_column + 1).value = "Remarks"
        self.refuses(book, "deal![A-Z]+1: there is no column “Remarks”.*source_path")

    def test_g03_columns_the_export_does_not_have_are_listed(self):
        self.project.action_confirm()
        content = csv_text(("company_id", "name", "phone"), ("1", "Ahlgren", "1"))
        other = self.new_project({**FILES, "companies.csv": content})
        self.read_files(other)
        left = self.load_book(self.book(), other)
        self.assertEqual(
            left,
            [
                "Companies: the export has no column “city”",
                "Companies: the export has no column “=shade”",
            ],
        )
        self.assertEqual(other.unconfirmed_count, 1, "the phone number")
