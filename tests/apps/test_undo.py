"""Row G13: what the demos load beside many apps is gone without a trace."""

from pathlib import Path

from .common import AppsCase

DEMOS = Path(__file__).parents[2] / "demo"


class TestUndo(AppsCase):
    def assertUndone(self, source):
        self.synchronise(self.anna)
        self.synchronise(self.admin)
        before = self.snapshot()
        project = self.new_project(path=DEMOS / f"{source}.zip", source=source)
        self.read_files(project)
        self.load(project)
        self.assertTrue(project.loaded_count)
        self.later()
        run = self.rollback(project)
        kept = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        self.assertEqual(
            [(one.res_model, one.res_id, one.source_id, one.message) for one in kept],
            [],
        )
        self.assertSameDatabase(before, self.snapshot())
        self.assertFalse(self.calls)

    def test_g13_allegory(self):
        self.assertUndone("allegory")

    def test_g13_arkcase(self):
        self.assertUndone("arkcase")

    def test_g13_case_file(self):
        self.assertUndone("case_file")

    def test_g13_chakra(self):
        self.assertUndone("chakra")

    def test_g13_leaf360(self):
        self.assertUndone("leaf360")
