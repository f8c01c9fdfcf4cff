"""Row G13 of the specification: what the next changes do after something was undone."""

from odoo import fields

from .engine.test_delta import COMPANIES, DEALS, DeltaCase


class TestAfterwards(DeltaCase):
    """What is taken back is open again, as if it had never been loaded."""

    def run_of(self, project, kind):
        return project.run_ids.filtered(lambda run: run.kind == kind)[:1]

    def without(self, table, source_id):
        """Take one row out of the export."""
        rows = self.export[table]
        self.export[table] = tuple(row for row in rows if row[0] != source_id)

    def start_and_lose(self):
        """A loaded export that has lost a company and its deal since."""
        project = self.start()
        self.without("companies", "C2")
        self.without("deals", "D2")
        self.read_again(project)
        self.assertEqual(set(project._gone().mapped("source_id")), {"C2", "D2"})
        self.later()
        return project

    def test_G13_what_the_source_has_no_more_is_not_loaded_again(self):
        for one_run in (False, True):
            with self.subTest(one_run=one_run), self.cr.savepoint() as savepoint:
                project = self.start_and_lose()
                gone = self.target(project, "company", "C2")
                options = {"run_id": self.run_of(project, "load").id}
                self.rollback(project, **(options if one_run else {}))
                self.assertFalse(gone.exists())
                self.assertFalse(self.staged(project, "company", "C2"))
                self.load(project)
                self.assertTrue(self.target(project, "company", "C1"))
                self.assertFalse(self.staged(project, "company", "C2"))
                names = self.env["res.partner"].search([]).mapped("name")
                self.assertNotIn("Other", names)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self._forget_custom_fields()

    def test_G13_what_stays_in_odoo_is_still_known_to_be_gone(self):
        project = self.start_and_lose()
        self.target(project, "company", "C2").with_user(self.anna).sudo().city = "Rom"
        self.env.flush_all()
        self.rollback(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])

    def test_G13_what_comes_back_in_the_source_is_loaded_again(self):
        project = self.start_and_lose()
        self.rollback(project)
        self.export = {"companies": COMPANIES, "deals": DEALS}
        self.read_again(project)
        self.load(project)
        self.assertEqual(self.target(project, "company", "C2").name, "Other")

    def test_G13_a_delta_taken_back_is_loaded_by_the_next_one(self):
        project = self.start()
        self.export["companies"] += (("C3", "Third", "third@example.com", "", "Graz"),)
        self.change("companies", "C1", city="Köln")
        run = self.delta(project)
        self.rollback(project, run_id=run.id)
        self.assertEqual(self.target(project, "company", "C1").city, "Bonn")
        self.assertEqual(self.staged(project, "company", "C3").state, "pending")
        self.later()
        self.delta(project)
        self.assertEqual(self.target(project, "company", "C1").city, "Köln")
        self.assertEqual(self.target(project, "company", "C3").name, "Third")

    def test_G13_nothing_that_was_taken_back_is_loaded_by_itself(self):
        for kind in ("load", "delta", None):
            with self.subTest(kind=kind), self.cr.savepoint() as savepoint:
                project = self.start()
                self.change("companies", "C1", city="Köln")
                self.delta(project)
                project.delta_interval = 4
                self.assertTrue(project.delta_next)
                options = {"run_id": self.run_of(project, kind).id} if kind else {}
                run = self.rollback(project, **options)
                self.assertFalse(project.delta_interval or project.delta_next)
                self.assertIn("no longer", run.message)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self._forget_custom_fields()

    def test_G13_a_sample_taken_back_leaves_the_schedule_alone(self):
        project = self.start()
        self.export["companies"] += (("C3", "Third", "third@example.com", "", "Graz"),)
        self.read_again(project)
        project.delta_interval = 4
        planned = project.delta_next
        self.run_step(project, "sample", size=1, keep=False, seed="1")
        self.run_step(project, "rollback")
        self.assertEqual((project.delta_interval, project.delta_next), (4, planned))
        self.assertGreater(planned, fields.Datetime.now())
