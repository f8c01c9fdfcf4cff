"""G20: a system nobody knew is added by importing data, without any code."""

from .common import MigrationCase, csv_text

SOURCE = (
    ("id", "name", "code", "connector", "layout_assumed"),
    [["test_migration.source_quill", "Quill", "quill", "file", "True"]],
)
OBJECTS = (
    ("id", "source_id/id", "sequence", "name", "label", "role", "schema", "res_model")
    + ("file_patterns", "derived_from", "natural_key", "id_by_name", "match_by"),
    [
        ["test_migration.quill_tag", "test_migration.source_quill", "10", "tag"]
        + ["Marks", "records", "True", "crm.tag", "", "quest.marks", "name", "True"]
        + ["name"],
        ["test_migration.quill_guild", "test_migration.source_quill", "20", "guild"]
        + ["Guilds", "records", "False", "res.partner", "", "quest", "name", "False"]
        + ["name"],
        ["test_migration.quill_quest", "test_migration.source_quill", "30", "quest"]
        + ["Quests", "records", "False", "crm.lead", "quests", "", "", "False", ""],
    ],
)
FIELDS = (
    ("id", "object_id/id", "sequence", "name", "target", "kind", "synonyms")
    + ("constant", "reference", "reference_by", "reference_key", "label", "ttype"),
    [
        ["test_migration.quill_tag_id", "test_migration.quill_tag", "10", "name"]
        + ["", "identifier", "", "", "", "", "", "", ""],
        ["test_migration.quill_tag_name", "test_migration.quill_tag", "20", "name"]
        + ["name", "direct", "", "", "", "", "", "", ""],
        ["test_migration.quill_guild_name", "test_migration.quill_guild", "10", "name"]
        + ["name", "direct", "", "", "", "", "", "", ""],
        ["test_migration.quill_guild_is", "test_migration.quill_guild", "20"]
        + ["is_company", "is_company", "constant", "", "1", "", "", "", "", ""],
        [
            "test_migration.quill_quest_id",
            "test_migration.quill_quest",
            "10",
            "quest_no",
        ]
        + ["", "identifier", "No.", "", "", "", "", "", ""],
        ["test_migration.quill_quest_name", "test_migration.quill_quest", "20", "quest"]
        + ["name", "direct", "Errand", "", "", "", "", "", ""],
        ["test_migration.quill_quest_type", "test_migration.quill_quest", "30", "type"]
        + ["type", "constant", "", "opportunity", "", "", "", "", ""],
        [
            "test_migration.quill_quest_guild",
            "test_migration.quill_quest",
            "40",
            "guild",
        ]
        + ["partner_id", "reference", "", "", "guild", "name", "name", "", ""],
        ["test_migration.quill_quest_fate", "test_migration.quill_quest", "50", "fate"]
        + ["outcome", "value_mapping", "", "", "", "", "", "", ""],
        [
            "test_migration.quill_quest_marks",
            "test_migration.quill_quest",
            "60",
            "marks",
        ]
        + ["tag_ids", "reference", "", "", "tag", "", "", "", ""],
        ["test_migration.quill_quest_danger", "test_migration.quill_quest", "70"]
        + ["danger", "x_danger", "custom_field_required", "", "", "", "", ""]
        + ["Danger", "integer"],
    ],
)
VALUES = (
    ("id", "field_id/id", "name", "target"),
    [
        ["test_migration.quill_fate_won", "test_migration.quill_quest_fate"]
        + ["slain;tamed", "won"],
        ["test_migration.quill_fate_lost", "test_migration.quill_quest_fate"]
        + ["eaten", "lost"],
    ],
)
QUESTS = csv_text(
    ("No.", "Errand", "guild", "fate", "marks", "danger"),
    ("Q1", "Wolf at the mill", "Millers", "slain", "forest;night", "3"),
    ("Q2", "Bear in the barn", "millers", "eaten", "forest", "7"),
    ("Q3", "Fox in the yard", "Weavers", "", "", "1"),
)


class TestFurtherSource(MigrationCase):
    """Its four files are imported as an admin imports any file into Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model, (header, rows) in (
            ("migration.source", SOURCE),
            ("migration.source.object", OBJECTS),
            ("migration.source.field", FIELDS),
            ("migration.source.value", VALUES),
        ):
            result = cls.env[model].load(list(header), rows)
            if not result["ids"]:
                raise AssertionError(f"{model}: {result['messages']}")

    def test_g20_a_further_source_is_added_by_data(self):
        before = self.snapshot()
        project = self.migrate({"quests.csv": QUESTS}, source="quill")
        wolf, bear, fox = (self.target(project, "quest", f"Q{n}") for n in (1, 2, 3))
        self.assertEqual(wolf.name, "Wolf at the mill")
        self.assertEqual(
            [one.won_status for one in (wolf, bear, fox)], ["won", "lost", "pending"]
        )
        self.assertEqual(wolf.partner_id.name, "Millers")
        self.assertTrue(wolf.partner_id.is_company)
        self.assertEqual(bear.partner_id, wolf.partner_id)
        self.assertEqual(fox.partner_id.name, "Weavers")
        self.assertEqual(sorted(wolf.tag_ids.mapped("name")), ["forest", "night"])
        self.assertEqual([one.x_danger for one in (wolf, bear, fox)], [3, 7, 1])
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_g20_its_names_and_values_are_those_of_the_data(self):
        project = self.new_project({"quests.csv": QUESTS}, source="quill")
        self.read_files(project)
        line = self.line(project, "quest", "name")
        self.assertEqual(line.source_path, "Errand")
        self.assertIn("Quill", line.reason)
        fate = self.line(project, "quest", "outcome")
        told = {one.name: one.target for one in fate.value_ids if one["mapped"]}
        self.assertEqual((told["slain"], told["eaten"]), ("won", "lost"))
