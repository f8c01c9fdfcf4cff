"""Invoices and their items: drafts where Accounting is installed.

An invoice comes with all of its items, in one ``create``, or not at all. The items are
objects of their own, so that each has its state; what they became was made along with
their invoice. Nothing here is posted, numbered or sent, and nothing needs the app
Accounting to be there: without it, the same work makes the rows of a file.
"""

from odoo import models
from odoo.fields import Command

from ...lib.billing import is_amount, make_document, make_line, net_amount
from ...lib.errors import Problem, _
from .base import HISTORY
from .invoice_items import InvoiceItems

# What is read of a source and is no field of a draft, with what Odoo makes of it.
_AMOUNTS = {
    "untaxed_amount": "amount_untaxed",
    "total_amount": "amount_total",
    "tax_amount": "amount_tax",
}


class MigrationLoaderInvoice(models.AbstractModel):
    """Draft invoices, and credit notes where the lines together are negative."""

    _name = "migration.loader.account.move"
    _inherit = "migration.loader"
    _description = "Migration Loader: Invoices"

    def _targets(self):
        own = {
            "case": "many2one",
            "case_reference": "char",
            "currency": "char",
            **dict.fromkeys(_AMOUNTS, "float"),
        }
        if "account.move" in self.env:
            return own
        return {
            **own,
            "partner_id": "many2one",
            "ref": "char",
            "invoice_date": "date",
            "invoice_date_due": "date",
            "narration": "html",
        }

    def _models(self, mapping):
        return ["account.move", "account.move.line"]

    def _prepare(self, mapping, items):
        """Give the values of a draft; all that Odoo would add by itself is decided."""
        self._complete(mapping, items)
        model = self._model(mapping)
        company = mapping.project_id.company_id
        journal = model.env["account.journal"].search(
            [
                *model.env["account.journal"]._check_company_domain(company),
                ("type", "=", "sale"),
                ("active", "=", True),
            ],
            limit=1,
        )
        for item in items:
            if item.error:
                continue
            if not journal:
                item.error = Problem(
                    "journal_missing",
                    _("%(value)s has no sales journal, which every invoice needs."),
                    _("Choose its fiscal localization in the settings of Accounting."),
                    value=company.name,
                )
                continue
            self._set_draft(item, journal)

    def _create_records(self, mapping, items):
        """Create the drafts; their lines are journalled before them.

        A rollback, which goes backwards, then removes the draft with its lines.
        """
        result = super()._create_records(mapping, items)
        moves = self._model(mapping).browse([item.target[1] for item in items])
        for item, move in zip(items, moves, strict=True):
            lines = move.invoice_line_ids.filtered("x_source_id")
            item.created[:0] = [(line._name, line.id) for line in lines]
        return result

    def _is_closed(self, record):
        return record.state != "draft"

    def _align(self, change):
        """Amounts are those of the items; one without items is changed by hand."""
        before, now = change.base, change.source
        if before.content.figures() != now.content.figures():
            change.by_hand(before.payload, now.payload)
        for item in (before, now):
            del item.vals["move_type"], item.vals["invoice_line_ids"]

    @staticmethod
    def _line_values(line, move_type):
        """What a line is created with on a document of this kind."""
        sign = -1 if move_type == "out_refund" else 1
        return {
            **line.extra,
            "name": line.name,
            "quantity": line.quantity,
            "price_unit": line.price * sign,
            # Taxes are a decision; Odoo would take those of the account.
            "tax_ids": [Command.set(line.extra.get("tax_ids") or [])],
        }

    def _set_draft(self, item, journal):
        vals, document = item.vals, item.content
        for name in ("case", "currency", *_AMOUNTS):
            vals.pop(name, None)
        origin = vals.pop("case_reference", None)
        vals.setdefault("journal_id", journal.id)
        vals.setdefault("invoice_origin", origin)
        # Odoo would add the company's terms, and a due date of the customer's.
        vals.setdefault("narration", False)
        if vals.get("invoice_date_due"):
            vals.setdefault("invoice_payment_term_id", False)
        vals["invoice_line_ids"] = [
            Command.create(self._line_values(line, vals["move_type"]))
            for line in document.lines
        ]

    def _complete(self, mapping, items):
        """Give ``items`` customer, currency, kind and lines, as ``content``.

        An item that cannot become an invoice gets its ``error``. Works without the app
        Accounting as well.
        """
        cases = {item.vals["case"] for item in items if item.vals.get("case")}
        cases = self.env["crm.lead"].sudo().browse(cases)
        customers = {case.id: case.partner_id.id for case in cases}
        users = {case.id: case.user_id.id for case in cases}
        currencies = self._currencies(items)
        rows = InvoiceItems(mapping).of([item.source_id for item in items])
        for item in items:
            try:
                self._set_customer(item, customers)
                self._set_currency(item, currencies)
                item.content = self._document(item, rows.get(item.source_id, ()))
            except Problem as problem:
                item.error = problem
                continue
            refund = item.content.is_refund
            item.vals["move_type"] = "out_refund" if refund else "out_invoice"
            user = users.get(item.vals.get("case"))
            if user:
                item.vals.setdefault("invoice_user_id", user)
            item.warnings += item.content.warnings

    @staticmethod
    def _set_customer(item, customers):
        """The customer of the invoice, or else of its case."""
        partner = item.vals.get("partner_id") or customers.get(item.vals.get("case"))
        if not partner:
            raise Problem(
                "invoice_without_customer",
                _("It has no customer, nor has its case."),
                _("Fill in its customer in the source file, or that of its case."),
            )
        item.vals["partner_id"] = partner

    def _currencies(self, items):
        """``{code: currency}``, those that are switched off as well."""
        codes = {_code(item) for item in items}
        found = self.env["res.currency"].with_context(active_test=False)
        return {one.name: one for one in found.search([("name", "in", list(codes))])}

    @staticmethod
    def _set_currency(item, currencies):
        code = _code(item)
        if not code:
            return
        currency = currencies.get(code)
        if not currency:
            raise Problem(
                "currency_unknown",
                _("There is no currency “%(value)s” in Odoo."),
                _("Write its code of three letters, such as EUR."),
                field="currency",
                value=item.vals["currency"],
            )
        if not currency.active:
            raise Problem(
                "currency_inactive",
                _("The currency %(value)s is not in use in Odoo."),
                _("Activate it under Currencies, and load again."),
                field="currency",
                value=code,
            )
        item.vals["currency_id"] = currency.id

    def _document(self, item, rows):
        """The document of an invoice, of which every item can be used."""
        lines = []
        for row in rows:
            vals = {key: row.vals[key] for key in row.vals if key not in HISTORY}
            try:
                if row.problem:
                    raise row.problem
                make_line(row.source_id, vals)
            except Problem as problem:
                reason = self.env["migration.engine"]._say(problem)
                raise _unusable(row, reason) from problem
            lines.append((row.source_id, {**vals, "x_source_id": row.external_id}))
        return make_document(item.vals, lines)

    def _read_back(self, record, target, given):
        if target == "case_reference":
            return True, record.invoice_origin
        if target == "currency":
            return True, record.currency_id.name
        if target in _AMOUNTS:
            sign = -1 if record.move_type == "out_refund" else 1
            return True, sign * record[_AMOUNTS[target]]
        if target == "case":
            return self._case_of(record, given)
        return super()._read_back(record, target, given)

    def _case_of(self, record, given):
        """The case, by what an invoice has of it: its customer, or its reference."""
        case = self.env["crm.lead"].sudo().browse(given.get("case") or ())
        if not given.get("partner_id"):
            if record.partner_id == case.exists().partner_id:
                return True, case
            name = record.partner_id.display_name
            return True, self.env._("customer %s", name)
        if not given.get("case_reference"):
            return False, self.env._(
                "The invoice has a customer of its own, and no reference of the case."
            )
        kept = record.invoice_origin == given["case_reference"]
        return True, case if kept else record.invoice_origin

    def _as_mapped(self, item, target, given, actual):
        """A draft has no taxes, unless those of its items are mapped."""
        if target not in ("total_amount", "tax_amount"):
            return None
        if not item.content:
            problem = item.error and self.env["migration.engine"]._say(item.error)
            unclear = self.env._("What it should be cannot be worked out any more.")
            return "unchecked", problem or unclear
        due = 0 if target == "tax_amount" else net_amount(given)
        if item.content.is_taxed or not is_amount(actual, due):
            return None
        return "mapped", self.env._(
            "The draft has no taxes: the source's are left out."
        )


def _code(item):
    """The currency an invoice names, as Odoo writes it; empty for the company's own."""
    return (item.vals.get("currency") or "").strip().upper()


def _unusable(row, problem):
    """Why an invoice stays out: one of its items cannot be used."""
    return Problem(
        "invoice_item_unusable",
        _("Its item %(item)s cannot be used: %(reason)s"),
        _("Correct the item, read the file and load again."),
        item=row.source_id,
        reason=problem,
    )
