"""Contacts and their links to companies."""

from ..common import MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name"), ("C1", "First AG"), ("C2", "Second AG"), ("C3", "Third AG")
)
CONTACTS = csv_text(
    ("contact_id", "first_name", "last_name"),
    ("P1", "Ina", "One"),
    ("P2", "Ole", "Two"),
)


class TestLinks(MigrationCase):
    def migrate_links(self, *rows):
        return self.migrate(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": CONTACTS,
                "contact_companies.csv": csv_text(
                    ("contact_id", "company_id", "is_primary", "role"), *rows
                ),
            }
        )

    def test_the_primary_company_becomes_the_parent_with_the_role(self):
        project = self.migrate_links(
            ("P1", "C2", "false", "Adviser"), ("P1", "C1", "true", "Director")
        )
        contact = self.target(project, "contact", "P1")
        self.assertEqual(contact.parent_id, self.target(project, "company", "C1"))
        self.assertEqual(contact.function, "Director")
        self.assertFalse(self.target(project, "contact", "P2").parent_id)

    def test_other_companies_are_kept_where_relations_are_not_installed(self):
        project = self.migrate_links(
            ("P1", "C2", "false", "Adviser"), ("P1", "C3", "false", "")
        )
        contact = self.target(project, "contact", "P1")
        companies = self.target(project, "company", "C2") | self.target(
            project, "company", "C3"
        )
        if "res.partner.relation" in self.env:
            relations = self.env["res.partner.relation"].search(
                [("left_partner_id", "=", contact.id)]
            )
            self.assertEqual(relations.right_partner_id, companies)
            return
        first, second = contact.x_other_companies.split("\n")
        self.assertIn("Second AG", first)
        self.assertIn("Adviser", first)
        self.assertIn("C2", first)
        self.assertIn("Third AG", second)
        notes = contact.message_ids.filtered("x_source_id")
        self.assertEqual(len(notes), 2)
        self.assertIn("Second AG", "".join(notes.mapped("body")))

    def test_a_second_primary_company_does_not_replace_the_first(self):
        project = self.migrate_links(("P1", "C1", "true", ""), ("P1", "C2", "true", ""))
        contact = self.target(project, "contact", "P1")
        self.assertEqual(contact.parent_id, self.target(project, "company", "C1"))

    def test_a_link_to_a_missing_company_fails_alone(self):
        project = self.migrate_links(("P1", "C9", "true", ""), ("P2", "C1", "true", ""))
        record = self.staged(project, "contact_company", "P1:C9")
        self.assertEqual(record.error_code, "reference_missing")
        self.assertEqual(record.error_value, "C9")
        contact = self.target(project, "contact", "P2")
        self.assertEqual(contact.parent_id, self.target(project, "company", "C1"))

    def test_rollback_of_links_leaves_contacts_without_company(self):
        project = self.migrate_links(("P1", "C1", "true", ""))
        before = self.env["res.partner"].search_count([])
        self.rollback(project)
        self.assertEqual(self.env["res.partner"].search_count([]), before - 5)

    def test_G06_links_are_read_back_from_where_they_are_kept(self):
        project = self.migrate_links(
            ("P1", "C2", "false", "Adviser"), ("P1", "C1", "true", "Director")
        )

        def verdicts(source_id):
            record = self.staged(project, "contact_company", source_id)
            rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
            return {one["target"]: one["verdict"] for one in rows}

        for source_id in ("P1:C1", "P1:C2"):
            self.assertEqual(verdicts(source_id)["role"], "same")
            told = set(verdicts(source_id).values())
            self.assertLessEqual(told, {"same", "mapped"}, source_id)
        contact = self.target(project, "contact", "P1")
        contact.function = False
        self.assertEqual(verdicts("P1:C1")["role"], "missing")
        contact.function = "Boss"
        self.assertEqual(verdicts("P1:C1")["role"], "kept")
        contact.parent_id = self.target(project, "company", "C3")
        self.assertEqual(verdicts("P1:C1")["company_id"], "differs")

    def test_the_role_of_a_link_that_the_contact_names_itself_is_kept(self):
        project = self.migrate(
            {
                "companies.csv": "company_id,name\nC1,Acme\n",
                "contacts.csv": "contact_id,first_name,last_name,company_id\n"
                "P1,Ada,Test,C1\n",
                "contact_companies.csv": "contact_id,company_id,is_primary,role\n"
                "P1,C1,true,Director\n",
            }
        )
        contact = self.target(project, "contact", "P1")
        self.assertEqual(contact.function, "Director")
        self.rollback(project)
        self.assertFalse(contact.exists())
