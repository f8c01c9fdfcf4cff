"""The row CF10 of the specification, in a database without Accounting.

What becomes of it with Accounting is in ``tests/account``.
"""

import base64
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .billing_export import INVOICES, ITEMS, TRUST, export, replaced
from .common import MigrationCase


def sheets(content):
    """``{title: rows}`` of a workbook; an empty cell is None."""
    book = load_workbook(io.BytesIO(content))
    return {page.title: [list(row) for row in page.values] for page in book}


def as_dicts(rows):
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


class TestBillingDataset(MigrationCase):
    """Invoices where there is no model for them."""

    def setUp(self):
        super().setUp()
        if "account.move" in self.env:
            self.skipTest("Accounting is installed here")
        self.env.ref("base.EUR").active = True

    def dataset(self, **changed):
        """``(rows to import, rows left out)`` of an export, as dicts."""
        self.project = self.migrate(export(**changed), source="case_file")
        _name, content = self.project._billing_dataset()
        book = sheets(content)
        left_out = book.get("Left Out", [()])
        credit_notes = book.get("Credit Notes", [()])
        rows = as_dicts(book["Invoices"]) + as_dicts(credit_notes)
        return rows, as_dicts(left_out)

    def test_CF10_mapping_says_that_the_app_is_missing(self):
        project = self.new_project(export(), source="case_file")
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "invoice")
        self.assertEqual((mapping.role, mapping.res_model), ("dataset", False))
        self.assertIn("account.move is not installed", mapping.model_label)
        findings = project.finding_ids.filtered(lambda one: one.code == "app_missing")
        self.assertEqual(
            {(one.mapping_id.name, one.count) for one in findings},
            {("invoice", 3), ("invoice_item", 3)},
        )
        self.assertIn("install the app", findings[0].remedy)

    def test_CF10_without_accounting_nothing_is_loaded_of_it(self):
        self.dataset()
        for name, source_id in (("invoice", "I1"), ("invoice_item", "L1")):
            record = self.staged(self.project, name, source_id)
            self.assertEqual((record.state, record.res_id), ("skipped", 0))

    def test_CF10_dataset_has_a_row_a_line_for_odoos_own_import(self):
        rows, left_out = self.dataset()
        self.assertEqual(left_out, [])
        partner = self.target(self.project, "contact", "P1")
        self.assertEqual(self.env.ref(rows[0]["partner_id/id"]), partner)
        first = {key: rows[0][key] for key in list(rows[0])[3:8]}
        self.assertEqual(rows[0]["move_type"], "out_invoice")
        self.assertEqual(first["ref"], "R-100")
        self.assertEqual(first["invoice_origin"], "2024-001")
        self.assertEqual(str(first["invoice_date"])[:10], "2024-03-01")
        self.assertEqual(str(first["invoice_date_due"])[:10], "2024-03-31")
        self.assertEqual(first["currency_id"], "USD")
        lines = [
            (
                row["invoice_line_ids/name"],
                row["invoice_line_ids/quantity"],
                row["invoice_line_ids/price_unit"],
            )
            for row in rows
        ]
        self.assertEqual(
            lines[:2], [("2024-001: Advice", 2.5, 200), ("2024-001: Copies", 1, 25)]
        )
        self.assertIsNone(rows[1]["id"], "the invoice is on its first row only")
        external_ids = [row["invoice_line_ids/id"] for row in rows]
        self.assertEqual(len(set(external_ids)), len(rows))

    def test_CF10_dataset_has_refunds_and_invoices_without_items(self):
        rows, _left_out = self.dataset()
        whole, refund = rows[2], rows[3]
        self.assertEqual(refund["move_type"], "out_refund")
        self.assertEqual(refund["invoice_line_ids/price_unit"], 80)
        self.assertEqual(
            self.env.ref(refund["partner_id/id"]),
            self.target(self.project, "contact", "P2"),
            "the customer of its case",
        )
        self.assertEqual(whole["invoice_line_ids/name"], "2024-002: R-102")
        self.assertEqual(whole["invoice_line_ids/price_unit"], 45)

    def test_CF10_dataset_says_what_it_leaves_out_and_why(self):
        invoices = replaced(INVOICES, "I2", currency="XYZ")
        invoices = replaced(invoices, "I3", contact_id="P9")
        items = replaced(ITEMS, "L2", amount="a lot")
        rows, left_out = self.dataset(invoices=invoices, invoice_items=items)
        self.assertEqual(rows, [])
        reasons = {row["Source ID"]: row["Reason"] for row in left_out}
        self.assertIn("item L2 cannot be used", reasons["I1"])
        self.assertIn("a lot", reasons["I1"])
        self.assertIn("no currency “XYZ”", reasons["I2"])
        self.assertIn("P9", reasons["I3"])

    def test_CF10_invoice_waits_for_its_customer(self):
        project = self.new_project(export(), source="case_file")
        self.read_files(project)
        rows = sheets(project._billing_dataset()[1])
        reasons = {
            row["Source ID"]: row["Reason"] for row in as_dicts(rows["Left Out"])
        }
        self.assertIn("is not in Odoo yet", reasons["I1"])

    def test_CF10_currency_that_is_not_in_use_is_said(self):
        self.env.ref("base.EUR").active = False
        _rows, left_out = self.dataset()
        self.assertEqual([row["Source ID"] for row in left_out], ["I2"])
        self.assertIn("EUR is not in use in Odoo", left_out[0]["Reason"])

    def test_CF10_rollback_leaves_no_trace_of_a_dataset(self):
        before = self.snapshot()
        self.dataset()
        self.rollback(self.project)
        self.assertSameDatabase(before, self.snapshot())

    def test_CF10_dataset_can_be_downloaded(self):
        self.dataset()
        self.assertEqual(self.project.billing_count, 3)
        url = self.project.action_download_billing()["url"]
        attachment = self.env["ir.attachment"].browse(
            int(url.split("/")[3].split("?")[0])
        )
        self.assertEqual(attachment.name, f"invoices_{self.project.key}.xlsx")
        self.assertIn("Invoices", sheets(base64.b64decode(attachment.datas)))

    def test_CF10_dataset_and_checklist_are_handed_over(self):
        self.dataset()
        files = {
            name.partition("_")[0]: stream.read()
            for name, stream in self.project._handover_files()
        }
        self.assertIn("Credit Notes", sheets(files["invoices"]))
        self.assertIn("Totals per Case", sheets(files["checklist"]))

    def test_CF10_without_invoices_there_is_no_dataset(self):
        project = self.migrate(
            export(invoices=None, invoice_items=None), source="case_file"
        )
        self.assertIsNone(project._billing_dataset())


class TestTrustBalances(MigrationCase):
    """Amounts that are listed for somebody to verify, and never posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.migrate(
            export(invoices=None, invoice_items=None), source="case_file"
        )
        cls.user = new_test_user(
            cls.env, "checker", "crm_migration.group_user", name="Carla Check"
        )

    def amount(self, source_id):
        return self.project.checklist_ids.filtered(
            lambda one: one.source_id == source_id
        )

    def test_CF10_trust_balances_become_a_checklist(self):
        line = self.amount("T1")
        self.assertEqual((line.amount, line.currency), (1200.5, "USD"))
        self.assertEqual(line.currency_id, self.env.ref("base.USD"))
        self.assertEqual((line.item, line.details), ("Retainer", "Bank slip 7"))
        self.assertEqual(line.case, "K1 – Crane damage")
        self.assertEqual(line.client, "P1 – Mara Quill")
        self.assertEqual(str(line.date), "2024-03-31")
        self.assertEqual(line.lead_id, self.target(self.project, "deal", "K1"))
        self.assertFalse(line.done)

    def test_CF10_trust_balances_are_loaded_nowhere(self):
        made = self.env["migration.log"].search(
            [("project_id", "=", self.project.id), ("operation", "=", "create")]
        )
        self.assertNotIn("trust", made.mapped("mapping_id.name"))
        record = self.staged(self.project, "trust", "T1")
        self.assertEqual((record.state, record.res_id), ("skipped", 0))

    def test_CF10_list_sums_the_amounts_of_a_case(self):
        groups = self.env["migration.checklist"]._read_group(
            [("project_id", "=", self.project.id)],
            ["case", "currency_id"],
            ["amount:sum"],
        )
        sums = {(case, currency.name): amount for case, currency, amount in groups}
        self.assertEqual(
            sums,
            {
                ("K1 – Crane damage", "USD"): 1000.25,
                ("K2 – Berth lease", "EUR"): 300.0,
            },
        )

    def test_CF10_a_tick_says_by_whom_and_when_and_is_in_the_log(self):
        line = self.amount("T1").with_user(self.user)
        line.write({"done": True, "note": "As in the ledger"})
        self.assertEqual((line.done_by_id, line.note), (self.user, "As in the ledger"))
        self.assertTrue(line.done_date)
        line.done = False
        self.assertFalse(line.done_by_id or line.done_date)
        entries = self.env["migration.log"].search(
            [("operation", "=", "decision"), ("source_id", "=", "T1")], order="id"
        )
        entries = entries.filtered(lambda one: one.mapping_id.name == "trust")
        self.assertEqual(entries.user_id, self.user)
        self.assertEqual(
            [entry.changes["after"] for entry in entries],
            [{"done": True}, {"done": False}],
        )
        self.assertIn("1200.50 USD of Retainer, case K1", entries[0].message)

    def test_CF10_the_same_tick_twice_is_one_decision(self):
        line = self.amount("T2")
        line.done = True
        line.done = True
        count = self.env["migration.log"].search_count(
            [
                ("mapping_id", "=", line.mapping_id.id),
                ("source_id", "=", "T2"),
                ("operation", "=", "decision"),
            ]
        )
        self.assertEqual(count, 1)

    def test_CF10_what_the_source_says_cannot_be_changed(self):
        with self.assertRaises(AccessError):
            self.amount("T1").with_user(self.user).amount = 5
        with self.assertRaises(AccessError):
            self.amount("T1").with_user(self.user).unlink()

    def test_CF10_other_companies_do_not_see_the_amounts(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            "elsewhere",
            "crm_migration.group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        seen = self.env["migration.checklist"].with_user(other).search([])
        self.assertFalse(seen)

    def test_CF10_reading_again_keeps_the_ticks(self):
        self.amount("T1").done = True
        rows = replaced(TRUST, "T2", balance="7.00")
        self.project.file_ids.unlink()
        files = export(invoices=None, invoice_items=None, trust_balances=rows)
        self.project._add_path(str(self.write_files(files)))
        self.read_files(self.project)
        self.assertTrue(self.amount("T1").done)
        self.assertEqual(self.amount("T2").amount, 7)
        self.assertEqual(len(self.project.checklist_ids), 3)

    def test_CF10_purged_source_data_leaves_the_checklist(self):
        self.env.cr.execute(
            "UPDATE migration_record SET payload = '{}' WHERE project_id = %s",
            [self.project.id],
        )
        self.env.invalidate_all()
        self.env["migration.checklist"]._list(self.project)
        self.assertEqual(self.amount("T1").amount, 1200.5)
        self.assertEqual(self.amount("T1").lead_id.name, "Crane damage")

    def test_CF10_checklist_is_a_workbook_with_totals_per_case(self):
        self.amount("T2").done = True
        name, content = self.project._checklist_file()
        self.assertEqual(name, f"checklist_{self.project.key}.xlsx")
        book = sheets(content)
        self.assertEqual(len(book["Checklist"]), 4)
        self.assertEqual(
            [list(row.values()) for row in as_dicts(book["Totals per Case"])],
            [
                ["K1 – Crane damage", "USD", 2, 1, 1000.25],
                ["K2 – Berth lease", "EUR", 1, 0, 300],
            ],
        )

    def test_CF10_after_a_rollback_the_amounts_stay_without_a_lead(self):
        self.rollback(self.project)
        self.project.checklist_ids.invalidate_recordset()
        self.assertEqual(len(self.project.checklist_ids), 3)
        self.assertFalse(self.project.checklist_ids.lead_id)


class TestUnreadableTrustBalances(MigrationCase):
    """What cannot be read is said on its line."""

    def test_CF10_an_amount_that_is_no_number_says_so(self):
        rows = replaced(TRUST, "T2", balance="see ledger", case_id="K9")
        project = self.new_project(export(trust_balances=rows), source="case_file")
        self.read_files(project)
        line = project.checklist_ids.filtered(lambda one: one.source_id == "T2")
        self.assertIn("see ledger", line.problem)
        self.assertEqual((line.amount, line.case), (0, "K9"))
        self.assertFalse(line.lead_id)
        self.assertEqual(len(project.checklist_ids), 3)
