"""Row CF10 of the specification: invoices that change until the cut-over."""

from datetime import date

from ..billing_export import INVOICES, ITEMS, export, replaced
from .common import AccountCase


class TestChangedInvoices(AccountCase):
    """Invoices that were changed in the source after they were loaded."""

    def setUp(self):
        super().setUp()
        self.folder_of_export = self.write_files(export())
        self.project = self.new_project(path=self.folder_of_export, source="case_file")
        self.read_files(self.project)
        self.base = self.snapshot()
        self.load(self.project)
        self.later()
        self.draft = self.target(self.project, "invoice", "I1")

    def delta(self, **changed):
        for name, text in export(**changed).items():
            (self.folder_of_export / name).write_text(text)
        self.project.file_ids.sudo().read_date = False
        self.read_files(self.project)
        self.later()
        run = self.run_step(self.project, "delta")
        self.later()
        return run

    def conflicts(self):
        return self.project._open_conflicts()

    def test_CF10_a_changed_draft_is_updated_and_the_change_taken_back(self):
        before = self.snapshot()
        run = self.delta(
            invoices=replaced(INVOICES, "I1", invoice_date="2024-03-02"),
            invoice_items=replaced(ITEMS, "L1", rate="210.00", amount="525.00"),
        )
        self.assertEqual(self.draft.invoice_date, date(2024, 3, 2))
        self.assertEqual(self.draft.amount_total, 550)
        self.assertEqual(self.draft.state, "draft")
        self.assertFalse(self.conflicts())
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.draft.amount_total, 525)
        self.assertSameDatabase(before, self.snapshot())

    def test_CF10_everything_is_taken_back_after_a_draft_was_changed(self):
        self.delta(invoice_items=replaced(ITEMS, "L1", rate="210.00", amount="525.00"))
        self.rollback(self.project)
        self.assertSameDatabase(self.base, self.snapshot())

    def test_CF10_a_posted_invoice_is_never_written_to(self):
        self.draft.action_post()
        self.env.flush_all()
        self.cr.precommit.run()
        self.later()
        before = self.snapshot()
        self.delta(
            invoices=replaced(INVOICES, "I1", invoice_number="R-100a"),
            invoice_items=replaced(ITEMS, "L1", rate="210.00", amount="525.00"),
        )
        self.assertSameDatabase(before, self.snapshot())
        found = self.conflicts()
        self.assertEqual(
            sorted((one.source_id, one.field_name, one.kind) for one in found),
            [("I1", "ref", "by_hand"), ("L1", "price_unit", "by_hand")],
        )
        self.assertEqual(
            found.filtered(lambda one: one.source_id == "I1").source_value, "R-100a"
        )
        found.action_take_source()
        self.run_step(self.project, "delta", only="decisions")
        self.assertEqual(set(found.mapped("state")), {"settled"})
        self.assertSameDatabase(before, self.snapshot())

    def test_CF10_a_decision_is_not_written_to_an_invoice_posted_since(self):
        self.draft.ref = "Ours"
        self.later()
        self.delta(invoices=replaced(INVOICES, "I1", invoice_number="R-100a"))
        conflict = self.conflicts()
        self.assertEqual((conflict.field_name, conflict.kind), ("ref", "conflict"))
        self.draft.action_post()
        self.env.flush_all()
        self.cr.precommit.run()
        self.later()
        before = self.snapshot()
        conflict.action_take_source()
        run = self.run_step(self.project, "delta", only="decisions")
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(run._counts()["invoice"]["failed"], 1)
        self.assertEqual(conflict.state, "decided")

    def test_CF10_what_users_changed_on_a_draft_is_a_conflict(self):
        line = self.target(self.project, "invoice_item", "L1")
        line.price_unit = 190
        self.env.flush_all()
        self.later()
        self.delta(invoice_items=replaced(ITEMS, "L1", rate="210.00", amount="525.00"))
        self.assertEqual(line.price_unit, 190)
        self.assertEqual(self.conflicts().field_name, "price_unit")

    def test_CF10_the_total_of_an_invoice_without_items_is_listed(self):
        move = self.target(self.project, "invoice", "I3")
        self.delta(invoices=replaced(INVOICES, "I3", total="55.00"))
        self.assertEqual(move.amount_total, 45)
        conflict = self.conflicts()
        self.assertEqual((conflict.kind, conflict.source_id), ("by_hand", "I3"))
        self.assertIn("45.00", conflict.base_value)
        self.assertIn("55.00", conflict.source_value)

    def test_CF10_an_invoice_that_became_a_credit_note_is_listed(self):
        move = self.target(self.project, "invoice", "I3")
        self.delta(invoices=replaced(INVOICES, "I3", total="-45.00"))
        self.assertEqual((move.move_type, move.amount_total), ("out_invoice", 45))
        self.assertEqual(self.conflicts().mapped("kind"), ["by_hand"])

    def test_CF10_an_item_that_was_added_or_removed_is_listed(self):
        added = ("L9", "I1", "Travel", "", "", "30.00", "")
        items = [row for row in ITEMS if row[0] != "L2"]
        self.delta(invoice_items=[*items, added])
        self.assertEqual(self.draft.amount_total, 525)
        late = self.staged(self.project, "invoice_item", "L9")
        self.assertEqual(
            (late.state, late.error_code), ("failed", "invoice_without_item")
        )
        self.assertEqual(self.project._gone().mapped("source_id"), ["L2"])

    def test_CF10_unchanged_invoices_are_no_change(self):
        before = self.snapshot()
        run = self.delta()
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(run._counts()["invoice"]["updated"], 0)
        self.assertEqual(self.project.change_count, 0)
