"""Row G02 of the specification: what an admin confirms is remembered."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "Town (City)", "shade"), ("1", "Ahlgren", "Oslo", "red")
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "status"), ("1", "Roof", "1", "Frozen")
    ),
}


class TestMigrationMemory(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapper = new_test_user(
            cls.env, "mapper", "crm_migration.group_user,sales_team.group_sale_manager"
        )
        cls.project = cls.new_project(FILES)
        cls.read_files(cls.project)

    def of_column(self, column, name="company", project=None):
        lines = (project or self.project).mapping_ids.field_ids
        return lines.filtered(
            lambda line: line.mapping_id.name == name and line.source_path == column
        )[:1]

    def memory(self, column, name="company"):
        return self.env["migration.memory"].search(
            [("object_name", "=", name), ("column", "=", column)]
        )

    def recall(self, *columns, name="company"):
        return self.env["migration.memory"]._recall(
            self.project.source_id, name, columns
        )

    def decide(self, line, **values):
        """Change and confirm ``line`` as somebody who maps."""
        line = line.with_user(self.mapper)
        line.write(values)
        line.action_confirm()

    def another(self, name="Another"):
        project = self.new_project(FILES, name=name)
        self.read_files(project)
        return project

    def test_G02_the_model_that_a_custom_field_links_to_is_remembered(self):
        link = {"ttype": "many2one", "relation": "res.country"}
        self.decide(self.of_column("shade"), **link)
        known = self.recall("shade")["shade"]
        self.assertEqual((known["ttype"], known["relation"]), tuple(link.values()))
        again = self.of_column("shade", project=self.another())
        self.assertEqual((again.ttype, again.relation), tuple(link.values()))

    def test_g02_what_is_confirmed_is_recalled_under_any_spelling(self):
        self.decide(self.of_column("Town (City)"), kind="direct", target="city")
        found = self.recall("TOWN CITY", "nothing")
        self.assertEqual(list(found), ["TOWN CITY"])
        values = found["TOWN CITY"]
        self.assertEqual((values["kind"], values["target"]), ("direct", "city"))
        self.assertGreaterEqual(values["confidence"], 0.97)
        self.assertEqual(values["reason"], "Confirmed before, in Test migration")

    def test_g02_recalled_values_make_a_line(self):
        line = self.of_column("status", "deal")
        frozen = line.value_ids.filtered(lambda one: one.name == "Frozen")
        frozen.write({"mapped": True, "target": "lost"})
        self.decide(line)
        values = self.recall("status", name="deal")["status"]
        mapping = self.another().mapping_ids.filtered(lambda one: one.name == "deal")
        new = mapping.field_ids.create(
            {**values, "mapping_id": mapping.id, "source_path": "status"}
        )
        self.assertEqual(new.kind, "value_mapping")
        values = {value.name: value.target for value in new.value_ids}
        self.assertEqual(values["Frozen"], "lost")

    def test_g02_nothing_is_recalled_before_it_is_confirmed(self):
        self.of_column("shade").write({"kind": "ignored"})
        self.assertFalse(self.recall("shade"))

    def test_g02_memory_says_who_and_when_and_how_often(self):
        self.decide(self.of_column("shade"), kind="ignored")
        memory = self.memory("shade")
        self.assertEqual((memory.user_id, memory.agreed_count), (self.mapper, 1))
        self.assertTrue(memory.firm)
        self.assertTrue(memory.date)
        self.of_column("shade").action_confirm()
        self.assertEqual(memory.agreed_count, 1, "the same project once more")
        self.decide(self.of_column("shade", project=self.another()), kind="ignored")
        self.assertEqual(memory.agreed_count, 2)

    def test_g02_the_latest_decision_counts_and_is_doubted(self):
        self.decide(self.of_column("shade"), kind="ignored")
        sure = self.recall("shade")["shade"]["confidence"]
        self.decide(self.of_column("shade"), kind="direct", target="ref")
        values = self.recall("shade")["shade"]
        self.assertEqual(values["target"], "ref")
        self.assertLess(values["confidence"], 0.9)
        self.assertGreater(sure, values["confidence"])
        for number in range(3):
            project = self.another(f"Again {number}")
            line = self.of_column("shade", project=project)
            self.decide(line, kind="direct", target="ref")
        agreed = self.recall("shade")["shade"]["confidence"]
        self.assertGreater(agreed, 0.9, "agreed on several times in a row")
        self.assertLess(agreed, sure)

    def test_g02_confirming_all_teaches_less_than_a_decision(self):
        self.project.with_user(self.mapper).action_confirm()
        memory = self.memory("shade")
        self.assertFalse(memory.firm)
        self.assertLess(memory.confidence, 0.97)
        other = self.another()
        self.decide(self.of_column("shade", project=other), kind="ignored")
        self.assertEqual((memory.kind, memory.firm), ("ignored", True))
        third = self.another("Third")
        line = self.of_column("shade", project=third)
        line.sudo().kind = "custom_field_required"
        third.action_confirm()
        self.assertEqual(memory.kind, "ignored", "a decision is not overruled by many")

    def test_g02_a_line_changed_by_hand_is_a_decision_among_all_others(self):
        line = self.of_column("shade").with_user(self.mapper)
        line.write({"kind": "direct", "target": "ref"})
        self.assertTrue(line.changed)
        self.project.action_confirm()
        self.assertTrue(self.memory("shade").firm)
        self.assertFalse(self.memory("name").firm)

    def test_g02_a_changed_translation_replaces_the_old_one(self):
        line = self.of_column("status", "deal")
        frozen = line.value_ids.filtered(lambda one: one.name == "Frozen")
        for target in ("lost", "won"):
            frozen.write({"mapped": True, "target": target})
            line._confirm()
        values = self.memory("status", "deal").value_ids
        self.assertEqual(
            values.filtered(lambda one: one.name == "Frozen").mapped("target"), ["won"]
        )

    def test_g02_a_second_line_of_a_column_is_no_change_of_mind(self):
        first = self.of_column("shade")
        self.decide(first, kind="direct", target="ref")
        second = first.copy({"target": "comment", "sequence": first.sequence + 1})
        self.decide(second)
        memory = self.memory("shade")
        self.assertEqual((memory.target, memory.changed_count), ("ref", 0))

    def test_g02_values_nobody_has_translated_are_not_kept(self):
        line = self.of_column("status", "deal")
        line._confirm()
        names = self.memory("status", "deal").value_ids.mapped("name")
        self.assertNotIn("Frozen", names)

    def test_g02_memory_holds_no_data_of_the_export(self):
        self.project.action_confirm()
        memories = self.env["migration.memory"].search([])
        kept = str(memories.read()) + str(memories.value_ids.read())
        for text in ("Ahlgren", "Oslo", "Roof", "red"):
            self.assertNotIn(f"'{text}'", kept)

    def test_g02_another_source_has_a_memory_of_its_own(self):
        self.decide(self.of_column("shade"), kind="ignored")
        generic = self.env["migration.source"].search([("code", "=", "generic")])
        memory = self.env["migration.memory"]
        self.assertFalse(memory._recall(generic, "company", ["shade"]))

    def test_g02_only_the_groups_of_the_app_see_the_memory(self):
        self.decide(self.of_column("shade"), kind="ignored")
        memory = self.memory("shade")
        self.assertEqual(memory.with_user(self.mapper).kind, "ignored")
        with self.assertRaises(AccessError):
            memory.with_user(self.mapper).kind = "direct"
        with self.assertRaises(AccessError):
            memory.with_user(self.mapper).project_id.read(["name"])
        for model in ("migration.memory", "migration.memory.value"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.anna).search([])
        manager = new_test_user(self.env, "chief", "crm_migration.group_manager")
        memory.with_user(manager).write({"kind": "direct", "target": "ref"})
        self.assertEqual(self.recall("shade")["shade"]["target"], "ref")
        memory.with_user(manager).unlink()
        self.assertFalse(self.recall("shade"))

    def test_g02_a_project_of_another_company_is_not_named(self):
        self.decide(self.of_column("shade"), kind="ignored")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        memory = self.env["migration.memory"].with_context(
            allowed_company_ids=company.ids
        )
        self.env.user.company_ids |= company
        found = memory._recall(self.project.source_id, "company", ["shade"])
        self.assertEqual(found["shade"]["reason"], "Confirmed before")

    def test_g02_the_line_says_who_confirmed_it_until_it_is_changed(self):
        line = self.of_column("shade")
        self.decide(line, kind="ignored")
        self.assertEqual(line.confirmed_by, self.mapper)
        self.assertTrue(line.confirmed_date)
        line.kind = "direct"
        self.assertFalse(line.confirmed or line.confirmed_by or line.confirmed_date)

    def test_g02_sure_ones_are_confirmed_together(self):
        lines = self.project.mapping_ids.field_ids
        sure = lines.filtered(lambda line: line.confidence >= 0.9)
        self.assertTrue(sure)
        self.assertTrue(lines - sure)
        self.project.with_user(self.mapper).action_confirm_sure()
        self.assertEqual(lines.filtered("confirmed"), sure)
        entries = self.env["migration.log"].search(
            [("project_id", "=", self.project.id), ("operation", "=", "decision")]
        )
        self.assertEqual(len(entries), len(sure))
