"""Row G13 of the specification: the preview says what cannot be taken back, and why."""

from .test_rows_undo_choices import UndoCase

FILES = {
    "companies.csv": "company_id,name,email,city\n"
    "C1,Acme,acme@example.com,Bonn\nC2,Other,other@example.com,Oslo\n",
}


class TestPurged(UndoCase):
    """Values whose former state is known no more, as the journal was purged."""

    def matched(self, name, city):
        """A migration that has given a company of ours another city."""
        project = self.new_project(
            {
                "companies.csv": "company_id,name,email,city\n"
                f"C1,Acme,acme@example.com,{city}\nC2,Other,{name}@example.com,Oslo\n"
            },
            name=name,
        )
        self.read_files(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "email"
        self.line(project, "company", "city").policy = "overwrite"
        self.load(project)
        self.assertEqual(self.acme.city, city)
        self.later()
        return project

    def setUp(self):
        super().setUp()
        self.acme = self.env["res.partner"].create(
            {
                "name": "Acme",
                "is_company": True,
                "email": "acme@example.com",
                "city": "Ulm",
            }
        )
        self.env.flush_all()

    def purged_line(self, wizard):
        return wizard.line_ids.filtered(lambda line: line.kind == "purged")

    def test_G13_the_preview_says_which_values_cannot_be_restored(self):
        project = self.matched("first", "Bonn")
        self.assertFalse(self.purged_line(self.preview(project)))
        self.env["migration.purger"]._purge(project)
        wizard = self.preview(project)
        line = self.purged_line(wizard)
        self.assertEqual((line.action, line.count, line.samples), ("keep", 1, "C1"))
        self.assertEqual(line.res_model, "res.partner")
        self.assertIn("purged", line.reason)
        self.assertIn("City", line.reason)
        self.assertEqual(line.action_open()["domain"], [("id", "in", self.acme.ids)])
        self.assertEqual(wizard.restore_count, 0)
        self.assertEqual(self.fates(wizard, "res.partner")["remove", False], 1)

    def test_G13_the_log_says_which_values_could_not_be_restored(self):
        project = self.matched("first", "Bonn")
        self.env["migration.purger"]._purge(project)
        run = self.rollback(project)
        entry = self.logged(run, "keep")
        self.assertEqual((entry.res_id, entry.source_id), (self.acme.id, "C1"))
        self.assertIn("purged", entry.message)
        self.assertIn("City", entry.message)
        self.assertEqual(self.acme.city, "Bonn")
        self.assertEqual(self.run_of(project, "load").undone, "partly")
        again = self.rollback(project)
        self.assertIn("nothing left", again.message)

    def test_G13_a_record_deleted_since_has_nothing_to_restore(self):
        project = self.matched("first", "Bonn")
        self.env["migration.purger"]._purge(project)
        self.acme.unlink()
        self.assertFalse(self.purged_line(self.preview(project)))

    def test_G13_what_another_migration_wrote_is_restored_whatever_was_purged(self):
        for purged_first in (True, False):
            with (
                self.subTest(purged_first=purged_first),
                self.cr.savepoint() as savepoint,
            ):
                first, second = self.matched("one", "Bonn"), self.matched("two", "Kiel")
                purged, kept = (first, second) if purged_first else (second, first)
                self.env["migration.purger"]._purge(purged)
                self.rollback(kept)
                # Below a write that is not known any more, nothing can be changed.
                self.assertEqual(self.acme.city, "Bonn" if purged_first else "Kiel")
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
