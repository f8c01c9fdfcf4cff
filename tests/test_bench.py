"""The bench loads as the product does, which refuses what nobody has approved."""

from ..dev.benchmark import worker
from .common import MigrationCase, csv_text


class TestBench(MigrationCase):
    def test_each_object_is_loaded_by_itself(self):
        project = self.new_project(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Acme")),
                "deals.csv": csv_text(("deal_id", "name"), ("D1", "Roof")),
            }
        )
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        for name, ended in (("company", "pending"), ("deal", "loaded")):
            worker.alone(project, name)
            run = worker.done(self.run_step(project, "load"))
            self.assertEqual(run.line_ids.mapping_id.mapped("name"), [name])
            self.assertEqual(self.staged(project, "deal", "D1").state, ended)
