"""Invoices and their items as a source has them, made into the lines of a draft.

Amounts are net, as given: nothing here knows a tax rate. What a source charged counts
more than what it is said to be made of: where quantity times price is not the amount,
the line has the amount.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .errors import Problem, _

# Sums of rounded amounts agree to the cent.
_TOLERANCE = Decimal("0.005")


@dataclass
class Line:
    """A line of an invoice: its sign is that of an invoice, also on a refund.

    :param str source_id: id of the item it comes from, None for one made of the invoice
    :param extra: other values of the item, by their target
    """

    source_id: str
    name: str
    quantity: float
    price: float
    extra: dict = field(default_factory=dict)

    @property
    def amount(self):
        return _exact(self.quantity) * _exact(self.price)


@dataclass
class Document:
    """An invoice with all of its lines.

    :param warnings: list of :class:`Problem` that do not keep it out
    """

    lines: list
    warnings: list

    @property
    def is_refund(self):
        """Whether the customer gets money back: the lines together are negative."""
        return sum(line.amount for line in self.lines) < 0

    @property
    def is_taxed(self):
        """Whether somebody has decided on the taxes of its lines."""
        return any("tax_ids" in line.extra for line in self.lines)

    def figures(self):
        """Quantity and price of each line, as they are on a document of its kind."""
        return [(self.sign, line.quantity, line.price) for line in self.lines]

    @property
    def sign(self):
        """What a price is multiplied by on the document in Odoo."""
        return -1 if self.is_refund else 1


def make_document(invoice, items):
    """The :class:`Document` of one invoice.

    :param dict invoice: ``ref``, ``case_reference``, ``untaxed_amount``,
        ``total_amount``, ``tax_amount``, as far as the source has them
    :param items: list of ``(source id, dict)`` with ``name``, ``quantity``,
        ``price_unit``, ``amount``, ``case_reference``, ``tax_ids``
    :raises Problem: it has no amount at all, or an item has none
    """
    lines, warnings = [], []
    for source_id, item in items:
        line, warning = make_line(source_id, item, invoice.get("case_reference"))
        lines.append(line)
        warnings += [warning] if warning else []
    net = net_amount(invoice)
    if not lines:
        lines = [_whole(invoice, net)]
    document = Document(lines, warnings)
    total = sum(line.amount for line in lines)
    if net is not None and not is_amount(total, net):
        warnings.append(
            Problem(
                "invoice_total_differs",
                _("Its items make %(total)s, but it says %(value)s."),
                _("Compare the draft with the source before it is posted."),
                value=_text(net),
                total=_text(total),
            )
        )
    if invoice.get("tax_amount") and not document.is_taxed:
        warnings.append(
            Problem(
                "invoice_tax_left_out",
                _("The source has a tax of %(value)s; the draft has none."),
                _("Set the taxes on the draft, or map the items' tax to “Taxes”."),
                value=_text(_exact(invoice["tax_amount"])),
            )
        )
    return document


def make_line(source_id, item, case=None):
    """``(Line, Problem or None)`` of one item.

    :param case: reference of the invoice's case, for an item that names none
    :raises Problem: it has no amount, nor a price
    """
    name = label(item.get("case_reference") or case, item.get("name"))
    quantity, price, amount = (
        item.get(one) for one in ("quantity", "price_unit", "amount")
    )
    extra = {
        key: value
        for key, value in item.items()
        if key not in ("name", "quantity", "price_unit", "amount", "case_reference")
    }
    if price is None and amount is None:
        raise Problem(
            "item_without_amount",
            _("It has neither an amount nor a price."),
            _("Fill in one of them in the source file."),
        )
    if amount is None:
        quantity = 1.0 if quantity is None else quantity
        return Line(source_id, name, quantity, price, extra), None
    if price is None and quantity:
        price = float(round(_exact(amount) / _exact(quantity), 2))
    if quantity is not None and price is not None:
        made = _exact(quantity) * _exact(price)
        if is_amount(made, amount):
            return Line(source_id, name, quantity, price, extra), None
    line = Line(source_id, name, 1.0, amount, extra)
    if None in (quantity, item.get("price_unit")):
        return line, None
    return line, Problem(
        "item_amount_differs",
        _("%(quantity)s at %(price)s make %(made)s, not %(value)s; the amount counts."),
        _("Compare the line with the source before the draft is posted."),
        value=_text(_exact(amount)),
        quantity=_text(_exact(quantity)),
        price=_text(_exact(price)),
        made=_text(made),
    )


def label(case, name):
    """What a line says: the case, which the source is found again by, and what for."""
    if not case:
        return name or ""
    if not name or str(case) in name:
        return name or str(case)
    return f"{case}: {name}"


def net_amount(invoice):
    """The amount without tax that the invoice itself says, or None.

    :param dict invoice: as :func:`make_document` takes it
    """
    if invoice.get("untaxed_amount") is not None:
        return _exact(invoice["untaxed_amount"])
    if invoice.get("total_amount") is None:
        return None
    return _exact(invoice["total_amount"]) - _exact(invoice.get("tax_amount") or 0)


def is_amount(one, other):
    """Whether two amounts agree, as sums of rounded ones do."""
    return abs(_exact(one) - _exact(other)) <= _TOLERANCE


def _whole(invoice, net):
    """The one line of an invoice that has no items."""
    if net is None:
        raise Problem(
            "invoice_without_amount",
            _("It has no items, and no amount of its own."),
            _("Add its items to the export, or fill in its amount."),
        )
    name = label(invoice.get("case_reference"), invoice.get("ref"))
    return Line(None, name, 1.0, float(net))


def _exact(number):
    return Decimal(str(number))


def _text(number):
    return f"{number:.2f}"
