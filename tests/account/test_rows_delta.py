"""Row CF10 of the specification: invoices that change until the cut-over."""

from datetime import date

from ..billing_export import INVOICES, ITEMS, export, replaced
from .common import AccountCase

ADDED = ("L9", "I1", "Travel", "", "", "30.00", "")


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

    def test_CF10_an_item_whose_line_a_user_has_deleted_is_listed(self):
        self.target(self.project, "invoice_item", "L2").unlink()
        self.env.flush_all()
        self.later()
        self.delta(invoice_items=replaced(ITEMS, "L2", amount="26.00"))
        self.assertEqual(self.draft.amount_total, 500)
        item = self.staged(self.project, "invoice_item", "L2")
        self.assertEqual(item.error_code, "invoice_without_item")

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

    def items(self, without=None, *added):
        """The items of the export, with one less and some more."""
        return [*(row for row in ITEMS if row[0] != without), *added]

    def test_CF10_an_item_that_was_added_is_on_the_draft_and_taken_back(self):
        before = self.snapshot()
        run = self.delta(invoice_items=self.items(None, ADDED))
        self.assertEqual((self.draft.amount_total, self.draft.state), (555, "draft"))
        line = self.target(self.project, "invoice_item", "L9")
        self.assertEqual((line.move_id, line.price_unit), (self.draft, 30))
        self.assertIn("Travel", line.name)
        self.assertFalse(self.conflicts())
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.draft.amount_total, 525)
        self.assertSameDatabase(before, self.snapshot())
        late = self.staged(self.project, "invoice_item", "L9")
        self.assertEqual(late.state, "pending")

    def test_CF10_an_item_that_was_removed_is_off_the_draft_and_comes_back(self):
        before = self.snapshot()
        line = self.target(self.project, "invoice_item", "L2")
        run = self.delta(invoice_items=self.items("L2"))
        self.assertFalse(line.exists())
        self.assertEqual((self.draft.amount_total, self.draft.state), (500, "draft"))
        self.assertFalse(self.conflicts() or self.project._gone())
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.draft.amount_total, 525)
        self.assertSameDatabase(before, self.snapshot())

    def test_CF10_items_that_come_and_go_are_taken_back_step_by_step(self):
        states, runs = [self.snapshot()], []
        for items in (
            self.items("L2", ADDED),
            replaced(self.items("L2", ADDED), "L1", rate="210.00", amount="525.00"),
            self.items("L1", ADDED),
        ):
            runs.append(self.delta(invoice_items=items))
            states.append(self.snapshot())
        self.assertEqual(self.draft.amount_total, 30, "L2 is gone: it is listed")
        found = self.conflicts()
        self.assertEqual((found.source_id, found.kind), ("L2", "deleted"))
        for run, before in zip(runs[::-1], states[-2::-1], strict=True):
            self.rollback(self.project, run_id=run.id)
            self.assertSameDatabase(before, self.snapshot())
            self.later()

    def test_CF10_everything_is_taken_back_after_items_came_and_went(self):
        self.delta(invoice_items=self.items("L2", ADDED))
        self.assertEqual(self.draft.amount_total, 530)
        self.rollback(self.project)
        self.assertSameDatabase(self.base, self.snapshot())

    def test_CF10_a_draft_that_users_have_changed_keeps_its_lines(self):
        line = self.target(self.project, "invoice_item", "L2")
        for work in (
            lambda: self.draft.write({"ref": "Ours"}),
            lambda: line.write({"name": "Copies in colour"}),
            lambda: self.draft.write(
                {"invoice_line_ids": [(0, 0, {"name": "By hand", "price_unit": 1})]}
            ),
            self.draft.action_post,
        ):
            with self.subTest(work=work), self.cr.savepoint() as savepoint:
                work()
                self.env.flush_all()
                self.cr.precommit.run()
                self.later()
                lines = self.draft.invoice_line_ids
                self.delta(invoice_items=self.items("L2", ADDED))
                self.assertEqual(self.draft.invoice_line_ids, lines)
                late = self.staged(self.project, "invoice_item", "L9")
                self.assertEqual(
                    (late.state, late.error_code), ("failed", "invoice_without_item")
                )
                found = self.conflicts()
                self.assertEqual((found.source_id, found.kind), ("L2", "by_hand"))
                self.assertIn("25.00", found.base_value)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_CF10_an_invoice_does_not_become_a_credit_note_by_its_items(self):
        before = self.snapshot()
        discount = ("L9", "I1", "Discount", "", "", "-600.00", "")
        run = self.delta(invoice_items=self.items(None, discount))
        self.assertSameDatabase(before, self.snapshot())
        late = self.staged(self.project, "invoice_item", "L9")
        self.assertEqual(late.error_code, "invoice_kind_changes")
        self.assertEqual(run._counts()["invoice_item"]["failed"], 1)

    def test_CF10_an_invoice_that_was_made_of_an_amount_gets_no_items(self):
        before = self.snapshot()
        self.delta(invoice_items=self.items(None, ("L9", "I3", "Travel", *ADDED[3:])))
        self.assertSameDatabase(before, self.snapshot())
        late = self.staged(self.project, "invoice_item", "L9")
        self.assertEqual(late.error_code, "invoice_without_item")

    def test_CF10_unchanged_invoices_are_no_change(self):
        before = self.snapshot()
        run = self.delta()
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(run._counts()["invoice"]["updated"], 0)
        self.assertEqual(self.project.change_count, 0)
