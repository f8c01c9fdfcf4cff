import re

from odoo import models
from odoo.tools import SQL

from ...lib.sheets import write_tables
from ..loader.base import Item
from .resolver import Resolver

INVOICES = "migration.loader.account.move"
_INVOICE = (
    "id",
    "move_type",
    "partner_id/id",
    "ref",
    "invoice_origin",
    "invoice_date",
    "invoice_date_due",
    "currency_id",
)
_LINES = (
    "invoice_line_ids/id",
    "invoice_line_ids/name",
    "invoice_line_ids/quantity",
    "invoice_line_ids/price_unit",
    "invoice_line_ids/tax_ids",
)


class MigrationBillingDataset(models.AbstractModel):
    """Invoices that are not in Odoo, as a file that Odoo's own import takes.

    One row a line, the invoice on its first one, as Odoo exports them. Rows carry
    external ids: a file that is imported twice makes nothing twice. Credit notes have a
    sheet of their own: Odoo's screen takes the kind from the menu it is opened in.
    """

    _name = "migration.billing.dataset"
    _description = "Migration Billing Dataset"

    def _workbook(self, project):
        """The XLSX file as bytes: what to import, and what is left out and why."""
        rows, left_out = {"out_invoice": [], "out_refund": []}, []
        company = project.company_id
        for mapping in self._mappings(project):
            items = self._items(mapping)
            customers = self._external_ids(items)
            for item in items:
                if item.error:
                    reason = self.env["migration.engine"]._say(item.error)
                    left_out.append((mapping.label, item.source_id, reason))
                else:
                    vals = {"currency_id": company.currency_id.id, **item.vals}
                    rows[vals["move_type"]] += self._rows(item, vals, customers)
        _ = self.env._
        columns = (*_INVOICE, *_LINES)
        tables = {_("Invoices"): [columns, *rows["out_invoice"]]}
        if rows["out_refund"]:
            tables[_("Credit Notes")] = [columns, *rows["out_refund"]]
        if left_out:
            head = (_("Object"), _("Source ID"), _("Reason"))
            tables[_("Left Out")] = [head, *left_out]
        return write_tables(tables)

    def _mappings(self, project):
        """The objects of ``project`` that are invoices."""
        return project.mapping_ids.filtered(
            lambda one: one.active and one._loader()._name == INVOICES
        )

    def _count(self, project):
        """How many invoices are not in Odoo."""
        return self.env["migration.record"].search_count(
            [
                ("mapping_id", "in", self._mappings(project).ids),
                ("res_id", "in", (False, 0)),
            ]
        )

    def _items(self, mapping):
        """The invoices as the loader would take them; each may have an error."""
        loader = mapping._loader()
        # Custom fields may not be there, and are in no file.
        compiler = self.env["migration.compiler"]
        compiled = compiler._compile(mapping, compiler._targets(mapping).keys())
        resolver = Resolver(mapping.project_id)
        rows = self.env.execute_query(
            SQL(
                """SELECT id, source_id, payload FROM migration_record
                    WHERE mapping_id = %s AND res_id IS NULL
                      AND NOT COALESCE(unusable, FALSE) AND payload IS NOT NULL
                    ORDER BY id""",
                mapping.id,
            )
        )
        resolver.prefetch(
            request for *_row, payload in rows for request in compiled.requests(payload)
        )
        items = []
        for record_id, source_id, payload in rows:
            outcome = compiled.transform(payload, resolver.find)
            reasons = [*outcome.problems, *outcome.held, *outcome.waiting]
            items.append(
                Item(
                    record_id,
                    source_id,
                    mapping._external_id(source_id),
                    payload,
                    outcome.vals,
                    error=reasons[0] if reasons else None,
                )
            )
        loader._complete(mapping, [item for item in items if not item.error])
        return items

    def _external_ids(self, items):
        """``{id of a customer: its external id}``, made where it has none.

        As in any export of Odoo; a customer that is removed takes it along.
        """
        ids = {item.vals["partner_id"] for item in items if not item.error}
        partners = self.env["res.partner"].sudo().browse(sorted(ids))
        rows = partners.export_data(["id"])["datas"] if partners else []
        return dict(zip(partners.ids, (row[0] for row in rows), strict=True))

    def _rows(self, item, vals, customers):
        document = item.content
        currency = self.env["res.currency"].browse(vals["currency_id"])
        invoice = (
            _external_id(item.external_id),
            vals["move_type"],
            customers[vals["partner_id"]],
            vals.get("ref"),
            vals.get("case_reference"),
            vals.get("invoice_date"),
            vals.get("invoice_date_due"),
            currency.name,
        )
        for number, line in enumerate(document.lines, 1):
            own = line.extra.get("x_source_id") or f"{item.external_id}/{number}"
            yield (
                *(invoice if number == 1 else [None] * len(_INVOICE)),
                _external_id(own),
                line.name,
                line.quantity,
                line.price * document.sign,
                None,
            )


def _external_id(text):
    """``text`` as the external id of a record, as Odoo's import names them.

    What a name may not have is written as its number, so that no two become one.
    """
    name = re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", text)
    return f"__import__.{name}"
