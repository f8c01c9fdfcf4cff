"""What is wrong with a row or a value is said with its place and a remedy.

Each test takes a broken export through all steps: files, reading, loading.
"""

from .bad_input import COMPANIES, CONTACT_HEADER, CONTACTS, BadInputCase
from .common import csv_text


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
        project._retry()
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
        project._retry()
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
