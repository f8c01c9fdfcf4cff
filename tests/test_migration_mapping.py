"""What a mapping says, and when it cannot work."""

from odoo.exceptions import UserError, ValidationError

from .common import MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "parent_company_id", "country"), ("1", "A", "", "Norway")
    ),
    "contacts.csv": csv_text(
        ("contact_id", "full_name", "company_id"), ("1", "Ida", "1")
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "contact_id", "status", "stage"),
        ("1", "Roof", "1", "open", "new"),
    ),
}


class TestMigrationMapping(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project(FILES)
        cls.read_files(cls.project)

    def mapping(self, name):
        return self.project.mapping_ids.filtered(lambda one: one.name == name)

    def refuses(self, name, *words):
        """Compiling ``name`` is refused with a message that has all ``words``."""
        mapping = self.mapping(name)
        with self.assertRaises(UserError) as caught:
            mapping._compile()
        for word in (mapping.label, *words):
            self.assertIn(word, str(caught.exception))

    def test_a_line_is_named_by_its_object_its_column_and_its_field(self):
        """Values are grouped by lines, and each object may have a column “name”."""
        names = [
            self.mapping(name).field_ids.filtered("target")[0].display_name
            for name in ("company", "deal")
        ]
        self.assertEqual(len(set(names)), 2)
        line = self.line(self.project, "deal", "name")
        self.assertEqual(line.display_name, "Deals: name → Opportunity")

    def test_nothing_is_confirmed_by_itself(self):
        self.assertFalse(self.mapping("company").confirmed)
        lines = self.mapping("company").field_ids
        self.assertEqual(self.mapping("company").unconfirmed_count, len(lines))
        self.assertEqual(
            self.project.unconfirmed_count, len(self.project.mapping_ids.field_ids)
        )

    def test_confirming_is_a_decision_in_the_log_once_a_line(self):
        mapping = self.mapping("company")
        mapping.action_confirm()
        mapping.action_confirm()
        self.assertTrue(mapping.confirmed)
        entries = self.env["migration.log"].search([("mapping_id", "=", mapping.id)])
        self.assertEqual(set(entries.mapped("operation")), {"decision"})
        self.assertEqual(len(entries), len(mapping.field_ids))
        self.assertIn(
            "Confirmed: parent_company_id → parent_id (reference)",
            entries.mapped("message"),
        )
        self.assertEqual(entries.user_id, self.env.user)

    def test_a_changed_line_has_to_be_confirmed_again(self):
        line = self.line(self.project, "company", "name")
        for values in (
            {"target": "ref"},
            {"kind": "ignored"},
            {"source_path": "country"},
            {"transform": "text"},
        ):
            line.confirmed = True
            line.write(values)
            self.assertFalse(line.confirmed, values)
        line.confirmed = True
        line.write({"policy": "fill", "samples": "x"})
        self.assertTrue(line.confirmed)

    def test_a_model_this_database_does_not_have_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no model “x.y”"):
            self.mapping("company").res_model = "x.y"

    def test_the_proposed_mappings_compile(self):
        for mapping in self.project.mapping_ids.filtered(
            lambda one: one.role == "records"
        ):
            mapping._compile()

    def test_a_field_odoo_does_not_have_is_refused(self):
        line = self.line(self.project, "company", "name")
        with self.assertRaisesRegex(ValidationError, "“nmae” here; did you mean: name"):
            line.target = "nmae"
        with self.assertRaisesRegex(ValidationError, "no field “qqq”.*: .*vat"):
            line.target = "qqq"

    def test_a_custom_field_that_is_not_there_is_refused_when_it_is_needed(self):
        self.line(self.project, "company", "name").target = "x_not_made"
        self.refuses("company", "x_not_made", "res.partner", "“name”", "“Prepare”")

    def test_an_object_the_project_does_not_have_is_refused(self):
        self.line(self.project, "company", "parent_id").reference = "account"
        self.refuses("company", "parent_company_id", "“account”")

    def test_a_reference_to_records_of_another_model_is_refused(self):
        self.line(self.project, "company", "parent_id").reference = "deal"
        self.refuses("company", "parent_id", "res.partner", "crm.lead")

    def test_a_field_without_a_conversion_is_refused(self):
        line = self.line(self.project, "company", "name")
        line.target = "image_1920"
        self.refuses("company", "image_1920", "Choose another field")

    def test_constants_are_of_the_type_of_their_field(self):
        norway = self.env.ref("base.no")
        mapping = self.mapping("contact")
        for target, constant, value in (
            ("is_company", "0", False),
            ("is_company", "true", True),
            ("color", "4", 4),
            ("partner_latitude", "1.5", 1.5),
            ("country_id", "base.no", norway.id),
            ("country_id", str(norway.id), norway.id),
            ("country_id", "norway", norway.id),
            ("comment", "text", "text"),
        ):
            line = mapping.field_ids.create(
                {
                    "mapping_id": mapping.id,
                    "kind": "constant",
                    "target": target,
                    "constant": constant,
                }
            )
            others = self.line(self.project, "contact", target) - line
            others.kind = "ignored"
            outcome = mapping._compile().transform({}, lambda _name, _key: (None, 1))
            self.assertEqual(outcome.vals[target], value, (target, constant))
            line.unlink()

    def test_a_constant_that_names_no_single_record_is_refused(self):
        self.env["res.partner.industry"].create([{"name": "Twin"}, {"name": "Twin"}])
        mapping = self.mapping("contact")
        line = mapping.field_ids.create(
            {"mapping_id": mapping.id, "kind": "constant", "target": "industry_id"}
        )
        for constant in ("Twin", "No such industry"):
            line.constant = constant
            with self.assertRaisesRegex(UserError, f"“{constant}”.*exactly one"):
                mapping._compile()

    def test_a_value_map_gives_what_the_admin_chose(self):
        line = self.line(self.project, "deal", "outcome")
        self.env["migration.mapping.value"].create(
            [
                {"field_id": line.id, "name": "Frozen", "target": "lost"},
                {"field_id": line.id, "name": "Odd", "target": False},
                {"field_id": line.id, "name": "New one", "mapped": False},
            ]
        )
        compiled = self.mapping("deal")._compile()

        def outcome(status):
            return compiled.transform(
                {"name": "x", "status": status, "owner_email": ""},
                lambda *_args: ("res.users", 1),
            )

        self.assertEqual(outcome("FROZEN").vals["outcome"], "lost")
        self.assertNotIn("outcome", outcome("odd").vals)
        self.assertEqual(outcome("new one").problems[0].code, "value_unmapped")

    def test_a_mapping_knows_what_it_refers_to_and_who_loads_it(self):
        self.assertEqual(self.mapping("company")._referenced_names(), set())
        self.assertEqual(self.mapping("contact")._referenced_names(), {"company"})
        mapping = self.mapping("contact")
        self.assertEqual(mapping._loader()._name, "migration.loader.res.partner")
        mapping.loader = "partner.link"
        self.assertEqual(mapping._loader()._name, "migration.loader.partner.link")
        mapping.write({"loader": False, "res_model": "res.partner.industry"})
        self.assertEqual(mapping._loader()._name, "migration.loader")

    def test_the_source_id_names_project_object_and_id(self):
        self.assertEqual(
            self.mapping("deal")._external_id("7"), f"{self.project.key}/deal/7"
        )

    def test_an_object_that_is_switched_off_is_not_loaded(self):
        self.mapping("deal").active = False
        self.load(self.project)
        self.assertEqual(self.staged(self.project, "deal", "1").state, "pending")
        self.assertTrue(self.target(self.project, "contact", "1"))
