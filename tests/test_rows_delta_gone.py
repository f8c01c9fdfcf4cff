"""Row G10 of the specification: what the source no longer has is asked for once."""

import csv
import io

from .engine.test_delta import COMPANIES, DEALS, DeltaCase

NOTES = (
    ("note_id", "body", "related_type", "related_id", "created_at"),
    ("N1", "Hello", "deal", "D1", "2023-01-06"),
)


class TestGoneRows(DeltaCase):
    """A company, a deal and a note that are gone from the source."""

    def setUp(self):
        super().setUp()
        self.project = self.start(notes=NOTES)
        self.other, self.wall, self.note = (
            self.target(self.project, *key)
            for key in (("company", "C2"), ("deal", "D2"), ("note", "N1"))
        )
        self.export.update(companies=COMPANIES[:2], deals=DEALS[:2], notes=NOTES[:1])
        self.read_again(self.project)

    def gone(self):
        """Source ids of what is asked for, which is the same everywhere."""
        self.env.invalidate_all()
        listed = sorted(self.project._gone().mapped("source_id"))
        domain = self.project.action_open_gone()["domain"]
        opened = self.env["migration.record"].search(domain).mapped("source_id")
        text = self.project._gone_csv().decode("utf-8-sig")
        written = [row["source_id"] for row in csv.DictReader(io.StringIO(text))]
        self.assertEqual((sorted(opened), sorted(written)), (listed, listed))
        self.assertEqual(self.project.gone_count, len(listed))
        return listed

    def state(self, name, source_id):
        return self.staged(self.project, name, source_id).gone_state

    def test_g10_what_was_archived_is_asked_for_no_more_until_it_is_back(self):
        self.assertEqual(self.gone(), ["C2", "D2", "N1"])
        self.other.active = False
        self.assertEqual(self.gone(), ["D2", "N1"])
        self.assertEqual(self.state("company", "C2"), "archived")
        archived = self.env["migration.record"].search(
            [("project_id", "=", self.project.id), ("gone_state", "=", "archived")]
        )
        self.assertEqual(archived.source_id, "C2")
        self.other.active = True
        self.assertEqual(self.gone(), ["C2", "D2", "N1"])

    def test_g10_what_was_deleted_is_asked_for_no_more(self):
        self.wall.unlink()
        self.note.unlink()
        self.assertEqual(self.gone(), ["C2"])
        self.assertEqual(self.state("deal", "D2"), "deleted")
        self.assertEqual(self.state("note", "N1"), "deleted")
        self.assertEqual(self.state("company", "C2"), "there")
        self.assertFalse(self.state("company", "C1"))

    def test_g10_what_was_archived_here_comes_back_with_a_rollback(self):
        self.later()
        gone = self.staged(self.project, "company", "C2")
        run = self.run_step(self.project, "delta", only="archive", record_ids=gone.ids)
        self.assertEqual(self.gone(), ["D2", "N1"])
        self.later()
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.gone(), ["C2", "D2", "N1"])

    def test_g10_what_is_gone_is_found_by_queries_that_do_not_count_records(self):
        deals = (DEALS[0], *((f"D{n}", f"Deal {n}", "", "1", "") for n in range(9)))
        other = self.start(deals=deals)
        self.export.update(companies=COMPANIES[:1], deals=DEALS[:1])
        self.read_again(other)
        counts = []
        for project in (self.project, other):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            project._gone_csv()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(other._gone()), 11)
        self.assertLessEqual(counts[1], counts[0])
