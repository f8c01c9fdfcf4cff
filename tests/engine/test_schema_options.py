"""Options that a selection field, which is there already, lacks for the data."""

from ..common import MigrationCase, csv_text

CONTACT, HEAD = ("C1", "Acme", "contact"), ("C2", "Bolt", "Headquarters")


class TestSchemaOptions(MigrationCase):
    def setUp(self):
        super().setUp()
        self.field = self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "name": "x_tier",
                "field_description": "Tier",
                "ttype": "selection",
                "state": "manual",
                "selection_ids": [
                    (0, 0, {"value": "gold", "name": "Gold", "sequence": 1}),
                    (0, 0, {"value": "Tin", "name": "Tin", "sequence": 2}),
                ],
            }
        )
        self.env.flush_all()

    def options(self):
        """``[(key, label)]`` of the field, in their order."""
        selection = self.field.selection_ids.sorted("sequence")
        return [(one.value, one.name) for one in selection]

    def project(self, *tiers, defined="Gold|Silver", **values):
        """A migration of companies with these tiers, defined in the export or not."""
        files = {
            "companies.csv": csv_text(
                ("company_id", "name", "tier"),
                *((f"C{n}", f"Company {n}", tier) for n, tier in enumerate(tiers)),
            )
        }
        if defined:
            files["custom_fields.csv"] = csv_text(
                ("object", "key", "label", "type", "options"),
                ("company", "tier", "Tier", "picklist", defined),
            )
        project = self.new_project(files, **values)
        self.read_files(project)
        project.action_confirm()
        return project

    def further(self, project):
        """``{field: options}`` that the plan proposes to add."""
        plan = self.env["migration.schema.plan"]._plan(project)
        return {
            one["name"]: one["details"]
            for one in plan
            if one["kind"] == "further options" and not one["exists"]
        }

    def test_G04_missing_options_are_planned_added_and_taken_back(self):
        before = self.snapshot()
        project = self.project("Gold", "Silver", "Silver")
        self.assertEqual(self.further(project), {"x_tier": "Silver"})
        self.assertEqual(self.options(), [("gold", "Gold"), ("Tin", "Tin")])
        self.load(project)
        self.assertEqual(
            self.options(), [("gold", "Gold"), ("Tin", "Tin"), ("Silver", "Silver")]
        )
        tiers = [self.target(project, "company", f"C{n}").x_tier for n in range(3)]
        self.assertEqual(tiers, ["gold", "Silver", "Silver"])
        self.assertFalse(self.further(project))
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_G04_without_a_definition_the_values_are_the_options(self):
        project = self.project("Bronze", "tin", "Silver", defined=None)
        self.assertEqual(self.further(project), {"x_tier": "Bronze, Silver"})
        self.load(project)
        tiers = [self.target(project, "company", f"C{n}").x_tier for n in range(3)]
        self.assertEqual(tiers, ["Bronze", "Tin", "Silver"])

    def test_G04_options_of_an_earlier_migration_are_extended_by_the_next(self):
        first = self.project("Silver")
        self.load(first)
        second = self.project("Bronze", defined="Silver|Bronze")
        self.assertEqual(self.further(second), {"x_tier": "Bronze"})
        self.load(second)
        self.rollback(first)
        self.assertEqual(
            self.options(), [("gold", "Gold"), ("Tin", "Tin"), ("Bronze", "Bronze")]
        )
        self.assertEqual(self.target(second, "company", "C0").x_tier, "Bronze")

    def test_G13_an_option_that_somebody_uses_stays(self):
        project = self.project("Silver", "Bronze", defined="Silver|Bronze")
        self.load(project)
        self.env["res.partner"].create({"name": "Of a user", "x_tier": "Silver"})
        run = self.rollback(project)
        self.assertEqual(
            self.options(), [("gold", "Gold"), ("Tin", "Tin"), ("Silver", "Silver")]
        )
        kept = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        self.assertEqual(kept.mapped("res_model"), ["ir.model.fields.selection"])
        self.assertIn("values of records that stay", kept.message)

    def test_G04_options_of_odoos_own_fields_are_never_added(self):
        options = self.env["res.partner"]._fields["type"].get_values(self.env)
        project = self.new_project(
            {"companies.csv": csv_text(("company_id", "name", "kind"), CONTACT, HEAD)}
        )
        self.read_files(project)
        line = self.company_line(project, "kind")
        line.write({"kind": "direct", "target": "type"})
        project.action_confirm()
        self.assertFalse(self.further(project))
        self.load(project)
        self.assertEqual(
            self.env["res.partner"]._fields["type"].get_values(self.env), options
        )
        self.assertEqual(self.target(project, "company", "C1").type, "contact")
        record = self.staged(project, "company", "C2")
        self.assertEqual(record.error_code, "value_not_allowed")
        self.assertIn("value map", record.error)

    def company_line(self, project, column):
        lines = project.mapping_ids.filtered(lambda one: one.name == "company")
        return lines.field_ids.filtered(lambda one: one.source_path == column)

    def test_G04_the_script_adds_the_options_too(self):
        project = self.project("Silver")
        script = self.env["migration.schema.plan"]._script(project).decode()
        self.assertIn("('res.partner', 'x_tier', ['Silver'])", script)
        code = compile(script.replace("env.cr.commit()", ""), "structure.py", "exec")
        exec(code, {"env": self.env})  # pylint: disable=exec-used
        self.assertIn(("Silver", "Silver"), self.options())
        self.assertFalse(self.further(project))
