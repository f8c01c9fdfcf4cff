"""The row CF10 of the specification, where Accounting is installed."""

import io
from datetime import date

from openpyxl import load_workbook

from ..billing_export import INVOICES, ITEMS, export, replaced
from .common import AccountCase


class TestDraftInvoices(AccountCase):
    """What invoices and items become."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = cls.snapshot()
        cls.numbered = cls.env["account.move"].search([("name", "!=", False)])
        cls.project = cls.migrate(export(), source="case_file")

    def invoice(self, source_id):
        return self.target(self.project, "invoice", source_id)

    def test_CF10_invoice_is_a_draft_of_its_customer(self):
        move = self.invoice("I1")
        self.assertEqual((move._name, move.state), ("account.move", "draft"))
        self.assertEqual(move.move_type, "out_invoice")
        self.assertEqual(move.partner_id, self.target(self.project, "contact", "P1"))
        self.assertEqual(move.invoice_date, date(2024, 3, 1))
        self.assertEqual(move.invoice_date_due, date(2024, 3, 31))
        self.assertEqual(move.currency_id, self.env.ref("base.USD"))
        self.assertEqual(move.ref, "R-100")
        self.assertEqual(move.x_source_id, f"{self.project.key}/invoice/I1")

    def test_CF10_every_item_is_a_line_with_the_reference_of_its_case(self):
        lines = self.invoice("I1").invoice_line_ids
        self.assertEqual(
            [(one.name, one.quantity, one.price_unit) for one in lines],
            [("2024-001: Advice", 2.5, 200), ("2024-001: Copies", 1, 25)],
        )
        self.assertEqual(self.invoice("I1").invoice_origin, "2024-001")
        self.assertEqual(self.target(self.project, "invoice_item", "L2"), lines[1])
        self.assertEqual(
            self.staged(self.project, "invoice_item", "L2").state, "loaded"
        )

    def test_CF10_amounts_arrive_untaxed_and_the_tax_is_kept_and_listed(self):
        move = self.invoice("I1")
        self.assertFalse(move.invoice_line_ids.tax_ids)
        self.assertEqual((move.amount_untaxed, move.amount_total), (525, 525))
        self.assertEqual(move.x_source_tax, 99.75)
        self.assertEqual(move.invoice_line_ids.mapped("x_source_tax_rate"), ["19%"] * 2)
        entry = self.env["migration.log"].search(
            [
                ("project_id", "=", self.project.id),
                ("operation", "=", "warning"),
                ("source_id", "=", "I1"),
            ]
        )
        self.assertIn("tax of 99.75", entry.message)

    def test_CF10_negative_total_is_a_credit_note(self):
        move = self.invoice("I2")
        self.assertEqual((move.move_type, move.state), ("out_refund", "draft"))
        self.assertEqual(move.amount_total, 80)
        self.assertEqual(move.currency_id, self.env.ref("base.EUR"))
        self.assertEqual(move.partner_id, self.target(self.project, "contact", "P2"))

    def test_CF10_invoice_without_items_has_one_line(self):
        move = self.invoice("I3")
        self.assertEqual(move.invoice_line_ids.mapped("name"), ["2024-002: R-102"])
        self.assertEqual(move.amount_total, 45)
        self.assertEqual(move.currency_id, self.company.currency_id)
        self.assertEqual(move.x_source_status, "Paid")

    def test_CF10_nothing_is_posted_numbered_or_sent(self):
        moves = self.env["account.move"].search([("x_source_id", "!=", False)])
        self.assertEqual(len(moves), 3)
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        numbered = self.env["account.move"].search([("name", "not in", (False, "/"))])
        self.assertEqual(numbered, self.numbered)
        self.assertFalse(moves.message_follower_ids)
        mails = self.env["mail.mail"].search([("model", "=", "account.move")])
        self.assertFalse(mails)

    def test_CF10_trust_balances_are_listed_and_not_posted(self):
        self.assertEqual(len(self.project.checklist_ids), 3)
        self.assertFalse(
            self.env["account.move.line"].search([("name", "ilike", "Retainer")])
        )

    def test_CF10_invoices_in_odoo_are_in_no_dataset(self):
        self.assertIsNone(self.project._billing_dataset())

    def test_CF10_values_read_back_as_they_were_expected(self):
        for name in ("invoice", "invoice_item"):
            mapping = self.project.mapping_ids.filtered(
                lambda one, name=name: one.name == name
            )
            records = self.env["migration.record"].search(
                [("mapping_id", "=", mapping.id)]
            )
            rows = self.env["migration.comparison"]._compare(mapping, records)
            bad = [
                (row["source_id"], row["target"], row["expected"], row["actual"])
                for row in rows
                if row["verdict"] not in ("same", "mapped")
            ]
            self.assertEqual(bad, [])

    def test_CF10_verification_accounts_for_every_invoice_and_item(self):
        options = self.project._verify_options()
        checks = self.run_step(self.project, "verify", **options).check_ids.filtered(
            lambda one: one.mapping_id.name in ("invoice", "invoice_item")
        )
        self.assertTrue(checks)
        bad = checks.filtered(lambda one: one.verdict == "1_failed")
        self.assertEqual([(one.subject, one.message) for one in bad], [])

    def test_CF10_rollback_leaves_no_trace_of_the_drafts(self):
        self.rollback(self.project)
        self.assertSameDatabase(self.before, self.snapshot())

    def test_CF10_draft_that_was_posted_since_stays_with_its_reason(self):
        posted = self.invoice("I3")
        others = self.invoice("I1") + self.invoice("I2")
        self.later()
        posted.action_post()
        run = self.rollback(self.project)
        self.assertEqual(posted.state, "posted")
        self.assertFalse(others.exists())
        entry = self.env["migration.log"].search(
            [
                ("run_id", "=", run.id),
                ("operation", "=", "keep"),
                ("res_model", "=", "account.move"),
            ]
        )
        self.assertEqual(entry.res_id, posted.id)
        self.assertIn("Changed since the migration", entry.message)

    def test_CF10_draft_that_was_changed_since_stays_with_its_lines(self):
        changed = self.invoice("I1")
        self.later()
        changed.invoice_date_due = date(2024, 4, 30)
        self.env.flush_all()
        self.rollback(self.project)
        self.assertEqual(len(changed.exists().invoice_line_ids), 2)
        self.assertEqual(changed.amount_total, 525)

    def test_CF10_draft_stays_where_one_of_its_lines_was_changed(self):
        changed = self.invoice("I1")
        self.later()
        changed.invoice_line_ids[1].name = "Copies of the contract"
        self.env.flush_all()
        self.rollback(self.project)
        self.assertEqual(len(changed.exists().invoice_line_ids), 2)

    def test_CF10_posted_draft_stays_even_where_changes_are_overridden(self):
        posted = self.invoice("I3")
        self.later()
        posted.action_post()
        run = self.rollback(self.project, force=True)
        self.assertTrue(posted.exists())
        entry = self.env["migration.log"].search(
            [
                ("run_id", "=", run.id),
                ("operation", "=", "keep"),
                ("res_model", "=", "account.move"),
            ]
        )
        self.assertIn("Odoo does not let it be deleted", entry.message)


class TestInvoiceErrors(AccountCase):
    """What keeps an invoice out, and that it comes as soon as it can."""

    def errors(self, **changed):
        self.project = self.migrate(export(**changed), source="case_file")
        return {
            (name, source_id): (record.state, record.error or "")
            for name, ids in (
                ("invoice", ("I1", "I2", "I3")),
                ("invoice_item", ("L1", "L2", "L3")),
            )
            for source_id in ids
            if (record := self.staged(self.project, name, source_id))
        }

    def test_CF10_amount_that_is_no_number_keeps_the_whole_invoice_out(self):
        items = replaced(ITEMS, "L2", amount="a lot")
        errors = self.errors(invoice_items=items)
        state, error = errors["invoice", "I1"]
        self.assertEqual(state, "failed")
        self.assertIn("item L2 cannot be used", error)
        self.assertIn("a lot", error)
        self.assertEqual(errors["invoice_item", "L2"][0], "failed")
        self.assertEqual(errors["invoice", "I2"][0], "loaded")

    def test_CF10_invoice_comes_when_its_item_has_been_corrected(self):
        self.errors(invoice_items=replaced(ITEMS, "L2", amount="a lot"))
        item = self.staged(self.project, "invoice_item", "L2")
        item.sudo().payload = {**item.payload, "amount": "25.00"}
        self.project._retry()
        self.run_step(self.project, "load")
        move = self.target(self.project, "invoice", "I1")
        self.assertEqual(move.amount_total, 525)
        line = self.target(self.project, "invoice_item", "L2")
        self.assertEqual(line.move_id, move)

    def test_CF10_item_without_invoice_says_so(self):
        items = replaced(ITEMS, "L2", invoice_id="I9")
        items = replaced(items, "L3", invoice_id="")
        errors = self.errors(invoice_items=items)
        self.assertEqual(errors["invoice_item", "L2"][0], "failed")
        self.assertIn("I9", errors["invoice_item", "L2"][1])
        self.assertIn("not in the export", errors["invoice_item", "L2"][1])
        self.assertEqual(errors["invoice_item", "L3"][0], "failed")

    def test_CF10_invoice_without_known_customer_says_so(self):
        invoices = replaced(INVOICES, "I1", contact_id="P9")
        invoices = replaced(invoices, "I2", case_id="")
        errors = self.errors(invoices=invoices)
        self.assertIn("P9", errors["invoice", "I1"][1])
        self.assertIn("no customer, nor has its case", errors["invoice", "I2"][1])
        self.assertEqual(errors["invoice", "I3"][0], "loaded")

    def test_CF10_unknown_and_unused_currencies_say_so(self):
        self.env.ref("base.JPY").active = False
        invoices = replaced(INVOICES, "I1", currency="XYZ")
        invoices = replaced(invoices, "I2", currency="jpy")
        errors = self.errors(invoices=invoices)
        self.assertIn("no currency “XYZ”", errors["invoice", "I1"][1])
        self.assertIn("JPY is not in use", errors["invoice", "I2"][1])

    def test_CF10_company_without_sales_journal_says_so(self):
        self.env["account.journal"].search([("type", "=", "sale")]).active = False
        errors = self.errors()
        self.assertIn("no sales journal", errors["invoice", "I1"][1])

    def test_CF10_taxes_are_taken_where_somebody_decided_so(self):
        tax = self.env["account.tax"].create(
            {"name": "Full rate", "amount": 19, "type_tax_use": "sale"}
        )
        project = self.new_project(export(), source="case_file")
        self.read_files(project)
        line = self.line(project, "invoice_item", "x_source_tax_rate")
        line.write(
            {
                "kind": "value_mapping",
                "target": "tax_ids",
                "value_ids": [(0, 0, {"name": "19%", "target": str(tax.id)})],
            }
        )
        self.load(project)
        move = self.target(project, "invoice", "I1")
        self.assertEqual(move.invoice_line_ids.tax_ids, tax)
        self.assertEqual((move.amount_untaxed, move.amount_tax), (525, 99.75))


class TestAppInstalledLater(AccountCase):
    """A migration that was begun before Accounting was installed."""

    def test_CF10_invoices_are_loaded_once_accounting_is_there(self):
        project = self.new_project(export(), source="case_file")
        self.read_files(project)
        mappings = project.mapping_ids.filtered(
            lambda one: one.name in ("invoice", "invoice_item")
        )
        for mapping in mappings:
            mapping.write(mapping._without_app(mapping.object_id))
        records = self.env["migration.record"].search(
            [("mapping_id", "in", mappings.ids)]
        )
        records.sudo().state = "skipped"
        self.assertIn("account.move is not installed", mappings[0].model_label)
        self.read_files(project)
        self.assertEqual(set(mappings.mapped("role")), {"records"})
        self.load(project)
        move = self.target(project, "invoice", "I1")
        self.assertEqual((move.amount_total, move.x_source_tax), (525, 99.75))


class TestDatasetImport(AccountCase):
    """The file for Odoo's own import, made while Accounting was not there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        project = cls.new_project(export(), source="case_file")
        cls.read_files(project)
        invoices = project.mapping_ids.filtered(
            lambda one: one.name in ("invoice", "invoice_item")
        )
        invoices.active = False
        cls.load(project)
        invoices.active = True
        cls.project = project
        _name, cls.content = project._billing_dataset()

    def imported(self):
        return self.env["account.move"].search([("ref", "like", "R-10")], order="ref")

    def check(self):
        moves = self.imported()
        self.assertEqual(moves.mapped("ref"), ["R-100", "R-101", "R-102"])
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        self.assertEqual(
            moves.mapped("move_type"), ["out_invoice", "out_refund", "out_invoice"]
        )
        self.assertEqual(moves.mapped("amount_total"), [525, 80, 45])
        self.assertEqual(
            moves[0].invoice_line_ids.mapped("name"),
            ["2024-001: Advice", "2024-001: Copies"],
        )
        self.assertEqual(
            moves[0].partner_id, self.target(self.project, "contact", "P1")
        )
        self.assertEqual(moves[1].currency_id, self.env.ref("base.EUR"))
        self.assertFalse(moves.invoice_line_ids.tax_ids)

    def test_CF10_dataset_loads_into_drafts_and_twice_makes_nothing_twice(self):
        book = load_workbook(io.BytesIO(self.content))
        for _again in range(2):
            for title in ("Invoices", "Credit Notes"):
                rows = [
                    ["" if cell is None else str(cell) for cell in row]
                    for row in book[title].values
                ]
                result = self.env["account.move"].load(rows[0], rows[1:])
                self.assertFalse(result["messages"])
            self.check()

    def test_CF10_dataset_goes_through_odoos_import_screen(self):
        for title, kind in (
            ("Invoices", "out_invoice"),
            ("Credit Notes", "out_refund"),
        ):
            self.import_sheet(title, kind)
        self.check()

    def import_sheet(self, title, kind):
        """Import one sheet as the screen does, opened in the menu of that kind."""
        wizard = (
            self.env["base_import.import"]
            .with_context(default_move_type=kind)
            .create(
                {
                    "res_model": "account.move",
                    "file": self.content,
                    "file_name": "invoices.xlsx",
                    "file_type": "application/vnd.openxmlformats-officedocument"
                    ".spreadsheetml.sheet",
                }
            )
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        preview = wizard.parse_preview({**options, "sheet": title})
        columns, matches = preview["headers"], preview["matches"]
        names = ["/".join(matches.get(n, ())) for n in range(len(columns))]
        # The screen leaves out what only the menu, or Odoo itself, sets.
        self.assertEqual(
            [column for column, name in zip(columns, names, strict=True) if not name],
            ["move_type", "invoice_origin"],
        )
        names = [name or False for name in names]
        result = wizard.execute_import(names, columns, preview["options"])
        self.assertFalse(result["messages"])
