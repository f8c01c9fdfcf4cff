"""Row CF10 of the specification: invoices are held against their source."""

from ..billing_export import INVOICES, ITEMS, export, replaced
from .common import AccountCase


class TestComparedInvoices(AccountCase):
    """What the comparison says of an invoice's case, total and tax."""

    def loaded(self, **changed):
        self.project = self.migrate(export(**changed), source="case_file")

    def compared(self, source_id):
        """``{target: row}`` of an invoice."""
        record = self.staged(self.project, "invoice", source_id)
        rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
        return {row["target"]: row for row in rows}

    def verdict(self, source_id, target):
        return self.compared(source_id)[target]["verdict"]

    def test_CF10_every_value_of_an_invoice_is_compared(self):
        self.loaded()
        for source_id in ("I1", "I2", "I3"):
            rows = self.compared(source_id).values()
            verdicts = {row["target"]: row["verdict"] for row in rows}
            self.assertLessEqual(set(verdicts.values()), {"same", "mapped"}, verdicts)

    def test_CF10_a_total_without_the_sources_tax_is_changed_as_mapped(self):
        self.loaded()
        total, tax = (
            self.compared("I1")[one] for one in ("total_amount", "tax_amount")
        )
        self.assertEqual(
            (total["verdict"], total["expected"], total["actual"]),
            ("mapped", "624.75", "525.00"),
        )
        self.assertIn("no taxes", total["message"])
        self.assertEqual(
            (tax["verdict"], tax["expected"], tax["actual"]),
            ("mapped", "99.75", "0.00"),
        )
        self.assertIn("no taxes", tax["message"])

    def test_CF10_a_total_without_tax_is_the_same(self):
        self.loaded()
        for source_id in ("I2", "I3"):
            total = self.compared(source_id)["total_amount"]
            self.assertEqual((total["verdict"], total["message"]), ("same", None))

    def test_CF10_a_total_that_the_items_do_not_make_differs(self):
        self.loaded(invoices=replaced(INVOICES, "I1", subtotal="600.00"))
        self.assertEqual(self.verdict("I1", "total_amount"), "differs")
        self.assertEqual(self.verdict("I1", "untaxed_amount"), "differs")

    def test_CF10_a_line_that_was_changed_changes_the_total(self):
        self.loaded()
        self.target(self.project, "invoice_item", "L1").price_unit = 190
        self.assertEqual(self.verdict("I1", "total_amount"), "differs")

    def test_CF10_taxes_that_were_set_on_the_draft_since_make_the_total(self):
        self.loaded()
        tax = self.env["account.tax"].create({"name": "Full rate", "amount": 19})
        self.target(self.project, "invoice", "I1").invoice_line_ids.tax_ids = tax
        self.assertEqual(self.verdict("I1", "total_amount"), "same")
        self.assertEqual(self.verdict("I1", "tax_amount"), "same")

    def test_CF10_taxes_that_were_mapped_and_are_not_there_are_missed(self):
        tax = self.env["account.tax"].create({"name": "Full rate", "amount": 19})
        self.project = self.new_project(export(), source="case_file")
        self.read_files(self.project)
        self.line(self.project, "invoice_item", "x_source_tax_rate").write(
            {
                "kind": "value_mapping",
                "target": "tax_ids",
                "value_ids": [(0, 0, {"name": "19%", "target": str(tax.id)})],
            }
        )
        self.load(self.project)
        self.assertEqual(self.verdict("I1", "total_amount"), "same")
        self.target(self.project, "invoice", "I1").invoice_line_ids.tax_ids = False
        self.assertEqual(self.verdict("I1", "total_amount"), "differs")
        self.assertEqual(self.verdict("I1", "tax_amount"), "missing")

    def test_CF10_amounts_of_an_invoice_that_cannot_be_worked_out_are_not_judged(self):
        self.loaded(invoices=replaced(INVOICES, "I1", currency="EUR"))
        self.env.ref("base.EUR").active = False
        row = self.compared("I1")["total_amount"]
        self.assertEqual(row["verdict"], "unchecked")
        self.assertIn("EUR is not in use", row["message"])

    def test_CF10_a_case_that_gave_the_customer_is_known_by_it(self):
        self.loaded()
        row = self.compared("I2")["case"]
        self.assertEqual((row["verdict"], row["actual"]), ("mapped", "Berth lease"))
        self.target(self.project, "invoice", "I2").partner_id = self.target(
            self.project, "contact", "P1"
        )
        row = self.compared("I2")["case"]
        self.assertEqual(
            (row["verdict"], row["actual"]), ("differs", "customer Mara Quill")
        )

    def test_CF10_a_case_beside_the_customer_is_known_by_its_reference(self):
        self.loaded(invoices=replaced(INVOICES, "I1", contact_id="P2"))
        self.assertEqual(self.verdict("I1", "case"), "mapped")
        self.target(self.project, "invoice", "I1").invoice_origin = "2024-009"
        row = self.compared("I1")["case"]
        self.assertEqual((row["verdict"], row["actual"]), ("differs", "2024-009"))

    def test_CF10_a_case_of_which_nothing_is_kept_is_not_judged(self):
        project = self.new_project(export(), source="case_file")
        self.read_files(project)
        references = project.mapping_ids.field_ids.filtered(
            lambda one: one.target == "case_reference"
        )
        references.write({"kind": "ignored", "confirmed": True})
        self.load(project)
        self.project = project
        row = self.compared("I1")["case"]
        self.assertEqual(row["verdict"], "unchecked")
        self.assertIn("no reference", row["message"])

    def test_CF10_items_are_compared_as_well(self):
        self.loaded(invoice_items=replaced(ITEMS, "L1", rate="210.00"))
        record = self.staged(self.project, "invoice_item", "L1")
        rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
        verdicts = {row["target"]: row["verdict"] for row in rows}
        self.assertNotIn("unchecked", verdicts.values())
