"""What is wrong with an export is said with its place and its remedy.

Each test takes a broken export through all steps: files, reading, loading.
"""

import io
import zipfile

from .common import MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name", "employee_count"),
    ("CO-1", "Ahlgren", "12"),
    ("CO-2", "Brandt", "7"),
)
CONTACT_HEADER = ("contact_id", "first_name", "last_name", "email", "company_id")
CONTACTS = csv_text(
    CONTACT_HEADER,
    ("CN-1", "Ida", "Ek", "ida@example.com", "CO-1"),
    ("CN-2", "Ole", "Bo", "ole@example.com", ""),
)


def zip_of(members):
    """A ZIP archive, as bytes, of pairs of name and content."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


class BadInputCase(MigrationCase):
    """Assertions on what is said about a file, and about a record."""

    def assertFinding(self, project, code, file, remedy):
        """A finding ``code`` names ``file`` and says what to do; gives it."""
        findings = project.finding_ids.filtered(lambda one: one.code == code)
        self.assertEqual(len(findings), 1, project.finding_ids.mapped("code"))
        self.assertIn(file, f"{findings.name} {findings.samples}")
        self.assertIn(remedy, findings.remedy)
        return findings

    def assertFailed(self, project, key, code, place, cell, remedy):
        """The record ``key`` (object, id) failed, and says all there is to say.

        :param place: file and row
        :param cell: column and value, None where the whole row is meant
        """
        record = self.staged(project, *key)
        self.assertEqual((record.state, record.error_code), ("failed", code))
        self.assertEqual((record.table_id.name, record.row), place)
        field, value = cell
        self.assertEqual(record.error_field or None, field)
        self.assertEqual(record.error_value or None, value)
        self.assertIn(remedy, record.error)
        self.assertIn(field or "", record.error)
        self.assertFalse(record.res_id)
        external = record.mapping_id._external_id(record.source_id)
        found = self.env[record.mapping_id.res_model].with_context(active_test=False)
        self.assertFalse(found.search([("x_source_id", "=", external)]))
        return record

    def assertSetAside(self, project, *args):
        """Like :meth:`assertFailed`, at reading: there is a finding of its place."""
        record = self.assertFailed(project, *args)
        findings = project.finding_ids.filtered(
            lambda one: (
                one.code == record.error_code and one.mapping_id == record.mapping_id
            )
        )
        self.assertEqual(findings.severity, "1_error")
        self.assertIn(record._whereabouts(), findings.samples.split("\n"))
        file, row = record.table_id.name, record.row
        self.assertIn(f"{file}, row {row}, {record.source_id}", findings.samples)
        self.assertFalse(self.logged(record))

    def assertRefused(self, project, *args):
        """Like :meth:`assertFailed`, at loading: the log has it as well."""
        record = self.assertFailed(project, *args)
        logged = self.logged(record)
        self.assertEqual(logged.mapped("operation"), ["fail"])
        self.assertEqual(logged.message, record.error)

    def logged(self, record):
        """Entries of the audit log about a staged record."""
        return self.env["migration.log"].search(
            [
                ("mapping_id", "=", record.mapping_id.id),
                ("source_id", "=", record.source_id),
            ]
        )

    def assertLanded(self, project, *keys):
        """The records ``keys`` (object, id) are in Odoo, each once."""
        for name, source_id in keys:
            record = self.target(project, name, source_id)
            external = f"{project.key}/{name}/{source_id}"
            found = record.with_context(active_test=False)
            found = found.search([("x_source_id", "=", external)])
            self.assertEqual(found, record)

    @staticmethod
    def codes(project):
        """Codes of the findings about files."""
        return project.finding_ids.filtered("file_id").mapped("code")


class TestBadFiles(BadInputCase):
    """Files that cannot be read as what they seem to be."""

    def test_an_empty_file_is_named_and_the_others_are_loaded(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": ""})
        finding = self.assertFinding(
            project, "empty_file", "contacts.csv", "Export it again"
        )
        self.assertEqual(finding.severity, "1_error")
        self.assertLanded(project, ("company", "CO-1"), ("company", "CO-2"))

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

    def test_a_wrong_delimiter_is_noted_and_the_table_is_not_read(self):
        project = self.migrate(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": CONTACTS.replace(",", "~"),
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


class TestBadRows(BadInputCase):
    """Rows that are broken by themselves: reading sets them aside."""

    def test_bytes_of_another_encoding_fail_their_row_alone(self):
        content = CONTACTS.replace("Ida", "Zoë").encode().replace(b"Bo", b"B\xf8")
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": content})
        self.assertSetAside(
            project,
            ("contact", "CN-2"),
            "encoding_broken",
            ("contacts.csv", 3),
            ("last_name", "B\ufffd"),
            "Export again as UTF-8",
        )
        self.assertEqual(self.target(project, "contact", "CN-1").name, "Zoë Ek")

    def test_nul_bytes_fail_their_row_until_they_are_accepted_as_shown(self):
        content = CONTACTS.replace("Ole", "O\0le")
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": content})
        self.assertSetAside(
            project,
            ("contact", "CN-2"),
            "nul_byte",
            ("contacts.csv", 3),
            ("first_name", "O␀le"),
            "accept it as shown",
        )
        self.assertLanded(project, ("contact", "CN-1"))
        self.load(project)
        self.assertEqual(self.staged(project, "contact", "CN-2").state, "failed")
        project.action_retry_failed()
        self.load(project)
        self.assertEqual(self.target(project, "contact", "CN-2").name, "O␀le Bo")

    def test_ragged_rows_fail_alone_and_tell_both_counts(self):
        content = CONTACTS + "CN-3,Per\nCN-4,Pia,Ro,pia@example.com,CO-1,too,many\n"
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": content})
        for source_id, row, cells in (("CN-3", 4, 2), ("CN-4", 5, 7)):
            self.assertSetAside(
                project,
                ("contact", source_id),
                "ragged_row",
                ("contacts.csv", row),
                (None, None),
                "a separator or a quote",
            )
            error = self.staged(project, "contact", source_id).error
            self.assertIn(f"contacts.csv, row {row}: the row has {cells} cells", error)
            self.assertIn("header has 5", error)
        self.assertLanded(project, ("contact", "CN-1"), ("contact", "CN-2"))
        project.action_retry_failed()
        self.assertEqual(self.staged(project, "contact", "CN-3").state, "failed")

    def test_a_row_without_an_id_fails_alone(self):
        content = csv_text(("company_id", "name"), ("", "Nameless"), ("CO-2", "Brandt"))
        project = self.migrate({"companies.csv": content})
        self.assertSetAside(
            project,
            ("company", "companies.csv:2"),
            "id_missing",
            ("companies.csv", 2),
            ("company_id", None),
            "Fill in the identifier",
        )
        self.assertLanded(project, ("company", "CO-2"))

    def test_the_second_row_of_an_id_is_set_aside_and_the_first_lands(self):
        content = CONTACTS + "CN-1,Ida,Other,other@example.com,\n"
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": content})
        self.assertSetAside(
            project,
            ("contact", "CN-1 #4"),
            "duplicate_id",
            ("contacts.csv", 4),
            ("contact_id", "CN-1"),
            "another identifier",
        )
        record = self.staged(project, "contact", "CN-1 #4")
        self.assertIn("row 2", record.error)
        contact = self.target(project, "contact", "CN-1")
        self.assertEqual(contact.email, "ida@example.com")

    def test_an_id_in_two_files_is_a_duplicate_even_in_the_same_row(self):
        other = csv_text(CONTACT_HEADER, ("CN-1", "Una", "Li", "una@example.com", ""))
        project = self.migrate({"a/contacts.csv": CONTACTS, "b/contacts.csv": other})
        records = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "failed")]
        )
        self.assertEqual(len(records), 1)
        self.assertEqual(records.error_code, "duplicate_id")
        self.assertEqual(records.table_id.name, "b/contacts.csv")
        self.assertEqual(records.payload["first_name"], "Una")
        self.assertEqual(self.target(project, "contact", "CN-1").name, "Ida Ek")

    def test_rows_without_an_id_in_two_files_are_both_kept(self):
        header = ("company_id", "name")
        project = self.migrate(
            {
                "a/companies.csv": csv_text(header, ("", "First")),
                "b/companies.csv": csv_text(header, ("", "Second")),
            }
        )
        records = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "failed")]
        )
        names = {record.payload["name"] for record in records}
        self.assertEqual(names, {"First", "Second"})


class TestBadValues(BadInputCase):
    """Values that cannot be what they should be: their record fails alone."""

    def test_a_reference_to_a_missing_parent_fails_alone(self):
        content = csv_text(
            ("company_id", "name", "parent_company_id"),
            ("CO-1", "Ahlgren", ""),
            ("CO-2", "Brandt", "CO-9"),
            ("CO-3", "Cole", "CO-1"),
        )
        contacts = csv_text(CONTACT_HEADER, ("CN-1", "Ida", "Ek", "", "CO-2"))
        project = self.migrate({"companies.csv": content, "contacts.csv": contacts})
        orphan = self.assertFinding(project, "orphan", "CO-9", "Complete the export")
        self.assertEqual(
            orphan.samples, "companies.csv, row 3, CO-2, parent_company_id = CO-9"
        )
        self.assertRefused(
            project,
            ("company", "CO-2"),
            "reference_missing",
            ("companies.csv", 3),
            ("parent_company_id", "CO-9"),
            "Add it to the export",
        )
        self.assertRefused(
            project,
            ("contact", "CN-1"),
            "reference_failed",
            ("contacts.csv", 2),
            ("company_id", "CO-2"),
            "Correct that record",
        )
        company = self.target(project, "company", "CO-3")
        self.assertEqual(company.parent_id, self.target(project, "company", "CO-1"))

    def test_a_cycle_of_parents_fails_its_members_and_names_the_circle(self):
        content = csv_text(
            ("company_id", "name", "parent_company_id"),
            ("CO-1", "Ahlgren", "CO-2"),
            ("CO-2", "Brandt", "CO-1"),
            ("CO-3", "Cole", "CO-3"),
            ("CO-4", "Dahl", "CO-5"),
            ("CO-5", "Ekman", ""),
        )
        project = self.migrate({"companies.csv": content})
        for source_id, row, parent in (
            ("CO-1", 2, "CO-2"),
            ("CO-2", 3, "CO-1"),
            ("CO-3", 4, "CO-3"),
        ):
            self.assertRefused(
                project,
                ("company", source_id),
                "reference_cycle",
                ("companies.csv", row),
                ("parent_company_id", parent),
                "Empty the column",
            )
        record = self.staged(project, "company", "CO-1")
        self.assertIn("CO-1 → CO-2 → CO-1", record.error)
        company = self.target(project, "company", "CO-4")
        self.assertEqual(company.parent_id, self.target(project, "company", "CO-5"))
        line = project.run_ids[0].line_ids.filtered(
            lambda line: line.mapping_id.name == "company"
        )
        self.assertEqual((line.created, line.failed, line.handled), (2, 3, 5))

    def test_an_impossible_date_fails_its_record_alone(self):
        content = csv_text(
            ("deal_id", "name", "close_date"),
            ("DL-1", "Roof", "2023-02-31"),
            ("DL-2", "Wall", "2023-02-28"),
        )
        project = self.migrate({"deals.csv": content})
        self.assertRefused(
            project,
            ("deal", "DL-1"),
            "date_invalid",
            ("deals.csv", 2),
            ("close_date", "2023-02-31"),
            "Correct it",
        )
        self.assertIn("2023-02-31", self.staged(project, "deal", "DL-1").error)
        deal = self.target(project, "deal", "DL-2")
        self.assertEqual(str(deal.date_deadline), "2023-02-28")

    def test_text_in_a_number_fails_its_record_alone(self):
        content = COMPANIES + "CO-3,Cole,about 40\n"
        project = self.migrate({"companies.csv": content})
        self.assertRefused(
            project,
            ("company", "CO-3"),
            "number_invalid",
            ("companies.csv", 4),
            ("employee_count", "about 40"),
            "Correct it",
        )
        company = self.target(project, "company", "CO-1")
        self.assertEqual(company.x_employee_count, 12)

    def test_a_picklist_value_outside_its_options_fails_its_record_alone(self):
        project = self.migrate(
            {
                "custom_fields.csv": csv_text(
                    ("object", "key", "label", "type", "options"),
                    ("company", "tier", "Tier", "picklist", "North|South"),
                ),
                "companies.csv": csv_text(
                    ("company_id", "name", "tier"),
                    ("CO-1", "Ahlgren", "Middle"),
                    ("CO-2", "Brandt", "South"),
                ),
            }
        )
        self.assertRefused(
            project,
            ("company", "CO-1"),
            "value_not_allowed",
            ("companies.csv", 2),
            ("tier", "Middle"),
            "add the option",
        )
        self.assertEqual(self.target(project, "company", "CO-2").x_tier, "South")

    def test_a_name_of_300_characters_arrives_uncut(self):
        name = "Ahlgren " * 37 + "Sons"
        self.assertEqual(len(name), 300)
        project = self.migrate(
            {"companies.csv": csv_text(("company_id", "name"), ("CO-1", name))}
        )
        self.assertEqual(self.target(project, "company", "CO-1").name, name)

    def test_one_bad_value_leaves_nothing_of_its_record_behind(self):
        before = self.env["res.partner"].search_count([])
        notes = self.env["mail.message"].search_count([])
        self.migrate({"companies.csv": COMPANIES.replace("12", "a dozen")})
        self.assertEqual(self.env["res.partner"].search_count([]), before + 1)
        self.assertEqual(self.env["mail.message"].search_count([]), notes)
