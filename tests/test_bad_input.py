"""What is wrong with a file is said with its name and a remedy.

Each test takes a broken export through all steps: files, reading, loading. Broken
rows and values are in :mod:`test_bad_rows`.
"""

import base64
import io
import zipfile

import openpyxl

from .bad_input import COMPANIES, CONTACT_HEADER, CONTACTS, BadInputCase
from .common import csv_text


def zip_of(members):
    """A ZIP archive, as bytes, of pairs of name and content."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def saved(book):
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestBadFiles(BadInputCase):
    """Files that cannot be read as what they seem to be."""

    def test_an_empty_file_is_named_and_the_others_are_loaded(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": ""})
        finding = self.assertFinding(
            project, "empty_file", "contacts.csv", "Export it again"
        )
        self.assertEqual(finding.severity, "1_error")
        self.assertLanded(project, ("company", "CO-1"), ("company", "CO-2"))

    def test_what_could_not_be_read_is_counted_on_the_migration(self):
        project = self.new_project(
            {"companies.csv": COMPANIES, "contacts.csv": "", "book.xlsx": b"PK\3\4x"}
        )
        project._add_path(
            str(self.write_files({"empty.zip": zip_of([])}) / "empty.zip")
        )
        self.read_files(project)
        self.assertEqual(project.unread_count, 3)
        self.assertFinding(project, "nothing_inside", "empty.zip", "Pack the export")
        unread = self.env["migration.finding"].search(
            project.action_open_unread()["domain"]
        )
        self.assertEqual(
            set(unread.mapped("code")),
            {"empty_file", "xlsx_broken", "nothing_inside"},
        )

    def test_a_note_on_a_file_that_was_read_does_not_count_as_unread(self):
        project = self.new_project(
            {"companies.csv": COMPANIES, "contacts.csv": csv_text(CONTACT_HEADER)}
        )
        self.read_files(project)
        self.assertFinding(project, "header_only", "contacts.csv", "check that")
        self.assertEqual(project.unread_count, 0)

    def test_a_broken_file_that_another_one_has_replaced_is_no_longer_told(self):
        project = self.new_project({"companies.csv": COMPANIES})
        for content in (b"PK\3\4x", COMPANIES.encode()):
            self.env["migration.file"].create(
                {
                    "project_id": project.id,
                    "name": "book.xlsx",
                    "content": base64.b64encode(content),
                }
            )
            self.read_files(project)
            self.assertEqual(project.unread_count, int(content[:2] == b"PK"))

    def test_documents_alone_are_no_export(self):
        project = self.new_project({"notes.txt": "Hello", "letter.pdf": b"%PDF-1.4"})
        self.read_files(project)
        finding = self.assertFinding(
            project, "no_table", project.file_ids.name, "Upload the export itself"
        )
        self.assertEqual(finding.file_id, project.file_ids)
        self.assertEqual(project.unread_count, 1)

    def test_an_empty_upload_is_named_like_an_empty_file(self):
        project = self.new_project({"companies.csv": COMPANIES})
        upload = self.env["migration.file"].create(
            {"project_id": project.id, "name": "notes.csv", "content": b""}
        )
        self.read_files(project)
        finding = self.assertFinding(project, "empty_file", "notes.csv", "leave it out")
        self.assertEqual(finding.file_id, upload)
        self.load(project)
        self.assertLanded(project, ("company", "CO-1"))

    def test_a_file_with_a_header_only_is_noted_and_the_others_are_loaded(self):
        project = self.migrate(
            {"companies.csv": COMPANIES, "contacts.csv": csv_text(CONTACT_HEADER)}
        )
        finding = self.assertFinding(
            project, "header_only", "contacts.csv", "check that the export was complete"
        )
        self.assertEqual(finding.severity, "2_warning")
        self.assertFalse(self.staged(project, "contact", "CN-1"))
        self.assertLanded(project, ("company", "CO-1"))

    def test_a_delimiter_that_cannot_be_told_is_noted_and_the_table_not_read(self):
        project = self.migrate(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": CONTACTS.replace(",", "~") + "CN-3~Per~~\n",
            }
        )
        self.assertFinding(project, "single_column", "contacts.csv", "comma, semicolon")
        self.assertFinding(project, "table_unrecognised", "contacts.csv", "Files")
        self.assertNotIn("contact", project.mapping_ids.mapped("name"))
        self.assertLanded(project, ("company", "CO-1"))

    def test_delimiters_that_are_in_use_are_all_read(self):
        for delimiter in ";\t|":
            content = CONTACTS.replace(",", delimiter)
            project = self.new_project({"contacts.csv": content, "x.csv": COMPANIES})
            self.read_files(project)
            contact = self.staged(project, "contact", "CN-1")
            self.assertEqual(contact.payload["email"], "ida@example.com")

    def test_a_duplicate_header_is_noted_and_the_first_column_counts(self):
        content = csv_text(
            ("company_id", "name", "name"), ("CO-1", "Ahlgren", "Old Ahlgren")
        )
        project = self.migrate({"companies.csv": content})
        finding = self.assertFinding(
            project, "duplicate_header", "companies.csv", "name (2)"
        )
        self.assertIn("columns 2 and 3", finding.name)
        self.assertEqual(self.target(project, "company", "CO-1").name, "Ahlgren")
        self.assertEqual(
            self.staged(project, "company", "CO-1").payload["name (2)"], "Old Ahlgren"
        )

    def test_a_workbook_with_a_password_is_named_and_the_others_are_loaded(self):
        ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
        ole += "EncryptedPackage".encode("utf-16-le") + bytes(480)
        project = self.migrate({"companies.csv": COMPANIES, "contacts.xlsx": ole})
        self.assertFinding(
            project, "xlsx_encrypted", "contacts.xlsx", "Remove the password"
        )
        self.assertLanded(project, ("company", "CO-1"), ("company", "CO-2"))

    def test_a_path_that_leads_out_of_the_archive_is_refused(self):
        archive = zip_of([("../contacts.csv", CONTACTS), ("companies.csv", COMPANIES)])
        folder = self.write_files({"export.zip": archive})
        project = self.migrate(path=folder / "export.zip")
        self.assertFinding(
            project, "unsafe_path", "../contacts.csv", "plain relative file names"
        )
        self.assertNotIn("contact", project.mapping_ids.mapped("name"))
        self.assertFalse((folder.parent / "contacts.csv").exists())
        self.assertLanded(project, ("company", "CO-1"))

    def test_a_bomb_in_an_archive_is_not_unpacked(self):
        archive = zip_of(
            [("contacts.csv", bytes(60 * 2**20)), ("companies.csv", COMPANIES)]
        )
        folder = self.write_files({"export.zip": archive})
        project = self.new_project(path=folder / "export.zip")
        self.read_files(project)
        self.assertFinding(project, "zip_bomb", "contacts.csv", "where the file comes")
        self.assertNotIn("contact", project.mapping_ids.mapped("name"))

    def test_a_damaged_archive_is_named(self):
        archive = zip_of([("contacts.csv", CONTACTS * 200)])
        project = self.new_project(
            {"companies.csv": COMPANIES, "more.zip": archive[: len(archive) // 2]}
        )
        upload = self.env["migration.file"]._add_path(
            project, str(self.write_files({"half.zip": archive[:90]}) / "half.zip")
        )
        self.read_files(project)
        finding = self.assertFinding(project, "zip_broken", "half.zip", "again")
        self.assertEqual(finding.file_id, upload)
        self.load(project)
        self.assertLanded(project, ("company", "CO-1"))

    def test_a_picture_named_csv_is_refused_by_its_content(self):
        picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": picture})
        finding = self.assertFinding(
            project, "not_a_table", "contacts.csv", "Export the table again"
        )
        self.assertIn("PNG", finding.name)
        self.assertLanded(project, ("company", "CO-1"))

    def test_a_csv_named_xlsx_is_read_with_a_note(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.xlsx": CONTACTS})
        finding = self.assertFinding(
            project, "name_content_mismatch", "contacts.xlsx", "the file you meant"
        )
        self.assertEqual(finding.severity, "2_warning")
        self.assertLanded(project, ("contact", "CN-1"), ("contact", "CN-2"))

    def test_findings_about_a_file_outlive_the_reading_of_another(self):
        project = self.new_project({"companies.csv": COMPANIES, "contacts.csv": ""})
        self.read_files(project)
        self.read_files(project)
        self.assertEqual(self.codes(project), ["empty_file"])
        project.file_ids.read_date = False
        self.read_files(project)
        self.assertEqual(self.codes(project), ["empty_file"])


class TestUnknownLayouts(BadInputCase):
    """Tables that do not begin, end or look as exports of a CRM usually do."""

    def assertBothLanded(self, project):
        self.assertLanded(project, ("contact", "CN-1"), ("contact", "CN-2"))
        self.assertEqual(self.target(project, "contact", "CN-1").name, "Ida Ek")
        self.assertEqual(
            self.target(project, "contact", "CN-2").email, "ole@example.com"
        )

    def test_a_header_in_the_third_row_is_found_and_its_title_told(self):
        content = f"All contacts\nGenerated on,2024-03-01\n{CONTACTS}"
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": content})
        finding = self.assertFinding(
            project, "rows_above_header", "contacts.csv", "not read"
        )
        self.assertEqual(finding.severity, "2_warning")
        self.assertIn("row 3", finding.name)
        self.assertIn("All contacts / Generated on | 2024-03-01", finding.name)
        self.assertBothLanded(project)
        self.assertEqual(self.staged(project, "contact", "CN-1").row, 4)

    def test_two_header_rows_are_joined_and_told(self):
        content = csv_text(
            ("contact", "", "", "", "company"),
            ("contact_id", "contact_first_name", "last", "email", "id"),
            ("CN-1", "Ida", "Ek", "ida@example.com", "CO-1"),
        )
        project = self.new_project(
            {"companies.csv": COMPANIES, "contacts.csv": content}
        )
        self.read_files(project)
        finding = self.assertFinding(
            project, "two_header_rows", "contacts.csv", "contact last"
        )
        self.assertIn("rows 1 and 2", finding.name)
        table = project.table_ids.filtered(lambda one: one.name == "contacts.csv")
        self.assertEqual(
            table.columns.split("\n"),
            [
                "contact_id",
                "contact_first_name",
                "contact last",
                "contact email",
                "company id",
            ],
        )

    def test_totals_at_the_end_are_left_out_and_told(self):
        content = f"{CONTACTS}Total: 2\nGenerated by Anna,,,,\n"
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": content})
        finding = self.assertFinding(
            project, "footer_left_out", "contacts.csv", "left out"
        )
        self.assertIn("rows 4 to 5", finding.name)
        self.assertIn("Total: 2 / Generated by Anna", finding.name)
        self.assertBothLanded(project)
        records = self.env["migration.record"].search(
            [
                ("project_id", "=", project.id),
                ("mapping_id.name", "=", "contact"),
            ]
        )
        self.assertEqual(sorted(records.mapped("source_id")), ["CN-1", "CN-2"])

    def test_joined_cells_hold_for_all_their_rows(self):
        book = openpyxl.Workbook()
        for row in (
            CONTACT_HEADER,
            ("CN-1", "Ida", "Ek", "ida@example.com", "CO-1"),
            ("CN-2", "Ole", "Bo", "ole@example.com", None),
        ):
            book.active.append(row)
        book.active.merge_cells("E2:E3")
        project = self.migrate(
            {"companies.csv": COMPANIES, "contacts.xlsx": saved(book)}
        )
        finding = self.assertFinding(
            project, "merged_cells", "contacts.xlsx", "each of these rows"
        )
        self.assertIn("1 cells", finding.name)
        self.assertBothLanded(project)
        company = self.target(project, "company", "CO-1")
        for key in ("CN-1", "CN-2"):
            self.assertEqual(self.target(project, "contact", key).parent_id, company)

    def test_an_html_table_named_xls_is_read_with_a_note(self):
        rows = (line.split(",") for line in CONTACTS.splitlines())
        cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
        content = "<html><table>" + "".join(f"<tr>{row}</tr>" for row in cells)
        project = self.migrate({"companies.csv": COMPANIES, "contacts.xls": content})
        finding = self.assertFinding(
            project, "name_content_mismatch", "contacts.xls", "the file you meant"
        )
        self.assertIn("HTML", finding.name)
        self.assertBothLanded(project)

    def test_a_column_without_a_name_gets_one_and_is_noted(self):
        content = csv_text(("company_id", "name", ""), ("CO-1", "Ahlgren", "spare"))
        project = self.migrate({"companies.csv": content})
        self.assertFinding(project, "unnamed_column", "companies.csv", "Column 3")
        self.assertEqual(
            self.staged(project, "company", "CO-1").payload["Column 3"], "spare"
        )
        self.assertLanded(project, ("company", "CO-1"))

    def test_an_unknown_delimiter_is_found_and_told(self):
        for delimiter in ("~", "||"):
            content = CONTACTS.replace(",", delimiter)
            project = self.migrate(
                {"companies.csv": COMPANIES, "contacts.csv": content}
            )
            finding = self.assertFinding(
                project, "delimiter_found", "contacts.csv", "check the columns"
            )
            self.assertIn(f"“{delimiter}”", finding.name)
            self.assertBothLanded(project)
            self.rollback(project)

    def test_a_value_that_is_not_available_breaks_no_row(self):
        book = openpyxl.Workbook()
        book.active.append(["company_id", "name", "phone"])
        book.active.append(["CO-1", "Ahlgren", "#N/A"])
        project = self.new_project({"companies.xlsx": saved(book)})
        self.read_files(project)
        record = self.staged(project, "company", "CO-1")
        self.assertEqual(record.payload["phone"], "#N/A")
        self.assertNotEqual(record.state, "failed")
        self.assertNotIn("cell_error", project.finding_ids.mapped("code"))
