"""Automations and amounts to verify are read and mapped, and nothing is loaded."""

from ..common import MigrationCase

FILES = {
    "workflows.csv": "id,title,when,xml,colour\n"
    "1,Welcome,Lead created,,red\n"
    "2,Approval,,<definitions/>,blue\n",
    "trust.csv": "id,matter,balance\n7,D1,250.00\n",
    "leads.csv": "id,name\nL1,Baskets\n",
}


class TestListed(MigrationCase):
    """A source whose template has objects with the roles of lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = cls.env["migration.source"].create(
            {"name": "Lister", "code": "lister", "connector": "file"}
        )
        cls.add_object(
            source,
            {"name": "workflow", "label": "Workflows", "role": "automations"},
            "automation",
            "workflows",
            title="name",
            when="trigger",
            xml="definition",
        )
        cls.add_object(
            source,
            {"name": "trust", "label": "Trust balances", "role": "checklist"},
            "checklist",
            "trust",
            matter="case",
            balance="amount",
        )
        cls.add_object(
            source,
            {"name": "lead", "label": "Leads", "res_model": "crm.lead"},
            False,
            "leads",
            name="name",
        )

    @classmethod
    def add_object(cls, source, values, loader, pattern, **targets):
        lines = [{"name": "id", "kind": "identifier"}]
        lines += [{"name": name, "target": to} for name, to in targets.items()]
        cls.env["migration.source.object"].create(
            {
                **values,
                "source_id": source.id,
                "loader": loader,
                "file_patterns": pattern,
                "field_ids": [(0, 0, line) for line in lines],
            }
        )

    def test_rows_are_read_and_their_columns_have_the_names_of_the_list(self):
        project = self.new_project(FILES, source="lister")
        self.read_files(project)
        mappings = {mapping.name: mapping for mapping in project.mapping_ids}
        targets = {
            line.source_path: line.target or line.kind
            for line in mappings["workflow"].field_ids
        }
        self.assertEqual(
            targets,
            {
                "id": "identifier",
                "title": "name",
                "when": "trigger",
                "xml": "definition",
                "colour": "ignored",
            },
        )
        record = self.staged(project, "workflow", "2")
        self.assertEqual(record.payload["xml"], "<definitions/>")
        self.assertEqual(self.staged(project, "trust", "7").payload["matter"], "D1")

    def test_nothing_is_loaded_from_them(self):
        project = self.migrate(FILES, source="lister")
        self.assertEqual(self.target(project, "lead", "L1").name, "Baskets")
        for name, source_id in (("workflow", "1"), ("workflow", "2"), ("trust", "7")):
            record = self.staged(project, name, source_id)
            self.assertEqual((record.state, record.res_id), ("skipped", 0))
        made = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "create")]
        )
        self.assertIn("crm.lead", made.mapped("res_model"))
        self.assertEqual(set(made.mapped("mapping_id.name")), {"lead"})
