"""Notes."""

from ..common import MigrationCase, csv_text

COMPANY = csv_text(("company_id", "name"), ("C1", "Nordwind"))


class TestNotes(MigrationCase):
    def migrate_notes(self, *rows):
        return self.migrate(
            {
                "companies.csv": COMPANY,
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id", "created_at")
                    + ("author_email",),
                    *rows,
                ),
            }
        )

    def test_an_unknown_author_stays_named(self):
        project = self.migrate_notes(
            ("N1", "Hello", "company", "C1", "2024-01-02 03:04:05", "gone@example.com")
        )
        note = self.target(project, "note", "N1")
        self.assertEqual(note.author_id, self.admin.partner_id)
        self.assertIn("gone@example.com", note.email_from)

    def test_scripts_are_taken_out_and_lines_and_characters_are_kept(self):
        project = self.migrate_notes(
            ("N1", "<p>One</p><script>alert(1)</script>", "company", "C1")
            + ("2024-01-02", ""),
            ("N2", 'Zwei "Zeilen"\näöß 🎉', "company", "C1", "2024-01-02", ""),
        )
        first, second = (self.target(project, "note", key) for key in ("N1", "N2"))
        self.assertIn("One", first.body)
        self.assertNotIn("script", first.body)
        self.assertIn("äöß 🎉", second.body)
        self.assertIn("<br", second.body)

    def test_each_note_has_a_message_id_of_its_own(self):
        project = self.migrate_notes(
            ("N1", "One", "company", "C1", "2024-01-02", ""),
            ("N 2", "Two", "company", "C1", "2024-01-02", ""),
        )
        ids = [self.target(project, "note", key).message_id for key in ("N1", "N 2")]
        self.assertEqual(len(set(ids)), 2)
        for message_id in ids:
            self.assertRegex(message_id, r"^<\S+@crm-migration\.invalid>$")

    def test_a_note_without_date_fails(self):
        project = self.migrate_notes(("N1", "One", "company", "C1", "", ""))
        record = self.staged(project, "note", "N1")
        self.assertEqual(record.error_code, "required_missing")
        self.assertEqual(record.error_field, "created_at")
