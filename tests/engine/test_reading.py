"""Tables are understood by names and first rows, and by what was confirmed before."""

from ..common import MigrationCase, csv_text

CONTACTS = csv_text(
    ("Contact ID", "Vorname", "Nachname", "E-Mail", "Zorg"),
    ("1", "Ida", "Ek", "ida@example.com", "a"),
    ("2", "Ole", "Li", "ole@example.com", "b"),
)


class TestReading(MigrationCase):
    def read_export(self, files, source="generic"):
        project = self.new_project(files, source=source)
        self.read_files(project)
        return project

    def of_column(self, project, name, column):
        mapping = project.mapping_ids.filtered(lambda one: one.name == name)
        return mapping.field_ids.filtered(lambda line: line.source_path == column)[:1]

    def test_columns_in_another_language_are_understood_with_their_reason(self):
        project = self.read_export({"Kontakte.csv": CONTACTS})
        self.assertEqual(self.line(project, "contact", "email").source_path, "E-Mail")
        name = self.line(project, "contact", "name")
        self.assertEqual(name.source_path, "Vorname + Nachname")
        self.assertGreaterEqual(name.confidence, 0.9)
        self.assertTrue(name.reason)

    def test_a_table_that_could_be_anything_is_asked_about(self):
        project = self.read_export({"x.csv": csv_text(("a", "b"), ("1", "2"))})
        self.assertEqual(project.unrecognised_count, 1)
        self.assertFalse(project.mapping_ids)

    def test_what_the_admin_says_a_table_is_counts(self):
        project = self.read_export({"x.csv": csv_text(("a", "Name"), ("1", "Roof"))})
        deal = project.source_id.object_ids.filtered(lambda one: one.name == "deal")
        project.table_ids.object_ids = deal
        self.read_files(project)
        self.assertEqual(self.line(project, "deal", "name").source_path, "Name")

    def test_columns_an_export_defines_itself_stay_custom_fields(self):
        project = self.read_export(
            {
                "custom_fields.csv": csv_text(
                    ("object", "key", "label", "type"),
                    ("deal", "budget", "Budget", "integer"),
                ),
                "deals.csv": csv_text(("deal_id", "name", "budget"), ("1", "A", "9")),
            },
            source="allegory",
        )
        line = self.of_column(project, "deal", "budget")
        self.assertEqual(
            (line.kind, line.target, line.ttype),
            ("custom_field_required", "x_budget", "integer"),
        )

    def test_what_was_decided_by_hand_is_proposed_again(self):
        first = self.read_export({"Kontakte.csv": CONTACTS})
        line = self.of_column(first, "contact", "Zorg")
        self.assertEqual(line.kind, "custom_field_required")
        line.write({"kind": "direct", "target": "ref"})
        line.action_confirm()
        second = self.read_export({"Kontakte.csv": CONTACTS})
        again = self.of_column(second, "contact", "Zorg")
        self.assertEqual((again.kind, again.target), ("direct", "ref"))
        self.assertIn("Confirmed before", again.reason)
        self.assertFalse(again.confirmed)
        self.load(second)
        self.assertEqual(self.target(second, "contact", "1").ref, "a")

    def test_a_proposal_that_was_agreed_to_becomes_surer(self):
        first = self.read_export({"Kontakte.csv": CONTACTS})
        before = self.of_column(first, "contact", "E-Mail")
        before.action_confirm()
        second = self.read_export({"Kontakte.csv": CONTACTS})
        again = self.of_column(second, "contact", "E-Mail")
        self.assertGreaterEqual(again.confidence, before.confidence)
        self.assertIn("Confirmed before", again.reason)
