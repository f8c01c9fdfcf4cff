"""The row CH04: values that the field they go to cannot hold, told at the audit."""

from .common import MigrationCase, csv_text


class TestTypeMismatches(MigrationCase):
    def read_contacts(self, definitions, columns, *rows, source="chakra"):
        """A read migration of contacts with custom attributes."""
        project = self.new_project(
            {
                "attributes.csv": csv_text(
                    ("object", "shortId", "label", "type", "options"), *definitions
                ),
                "contacts.csv": csv_text(("contact_id", "full_name", *columns), *rows),
            },
            source=source,
        )
        self.read_files(project)
        return project

    def mismatches(self, project):
        """``{column text: finding}`` of the values that do not fit."""
        return project.finding_ids.filtered(lambda one: one.code == "type_mismatch")

    def test_CH04_text_in_a_number_is_counted_with_samples(self):
        project = self.read_contacts(
            [("contact", "seats", "Seats", "integer", "")],
            ["seats"],
            ("C1", "Field", "12"),
            ("C2", "Quill", "a dozen"),
            ("C3", "Berg", "a dozen"),
            ("C4", "Ek", ""),
        )
        finding = self.mismatches(project)
        self.assertEqual((finding.count, finding.severity), (2, "1_error"))
        self.assertIn("seats", finding.name)
        self.assertIn("contacts.csv, row 3, C2, seats = a dozen", finding.samples)
        self.assertNotIn("C1", finding.samples)
        self.assertTrue(finding.remedy)
        self.load(project)
        self.assertEqual(self.target(project, "contact", "C1").x_seats, 12)
        self.assertEqual(self.staged(project, "contact", "C2").state, "failed")

    def test_CH04_text_that_is_no_option_of_a_selection(self):
        project = self.read_contacts(
            [("contact", "tier", "Tier", "stringEnum", "Gold|Silver")],
            ["tier"],
            ("C1", "Field", "Gold"),
            ("C2", "Quill", "gold"),
            ("C3", "Berg", "Platinum"),
        )
        finding = self.mismatches(project)
        self.assertEqual(finding.count, 1)
        self.assertIn("C3, tier = Platinum", finding.samples)
        self.assertIn("value map", finding.remedy)
        self.load(project)
        self.assertEqual(self.target(project, "contact", "C2").x_tier, "Gold")
        record = self.staged(project, "contact", "C3")
        self.assertEqual(record.error_code, "value_not_allowed")

    def test_CH04_text_in_a_checkbox_and_what_may_be_left_empty(self):
        project = self.read_contacts(
            [("contact", "vip", "VIP", "boolean", "")],
            ["vip"],
            ("C1", "Field", "yes"),
            ("C2", "Quill", "sometimes"),
        )
        self.assertEqual(self.mismatches(project).count, 1)
        self.line(project, "contact", "x_vip").on_missing = "empty"
        self.read_files(project)
        self.assertEqual(self.mismatches(project).severity, "2_warning")

    def test_CH04_a_field_of_another_type_is_told_before_anything_is_made(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "name": "x_tier",
                "field_description": "Ours",
                "ttype": "integer",
                "state": "manual",
            }
        )
        project = self.read_contacts(
            [("contact", "tier", "Tier", "stringEnum", "Gold|Silver")],
            ["tier"],
            ("C1", "Field", "Gold"),
        )
        finding = project.finding_ids.filtered(
            lambda one: one.code == "field_type_differs"
        )
        self.assertIn("x_tier", finding.name)
        self.assertIn("another name", finding.remedy)

    def test_CH04_values_that_fit_are_not_told(self):
        project = self.read_contacts(
            [
                ("contact", "seats", "Seats", "decimal", ""),
                ("contact", "tier", "Tier", "stringEnum", "Gold|Silver"),
                ("contact", "vip", "VIP", "boolean", ""),
            ],
            ["seats", "tier", "vip"],
            ("C1", "Field", "1,200.50", "Gold", "no"),
            ("C2", "Quill", "3", "Silver", "TRUE"),
        )
        self.assertFalse(self.mismatches(project))

    def test_g01_mismatches_are_told_for_any_layout(self):
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "employee_count"),
                    ("1", "Acme", "40"),
                    ("2", "Bolt", "about forty"),
                )
            }
        )
        self.read_files(project)
        self.assertIn("about forty", self.mismatches(project).samples)
