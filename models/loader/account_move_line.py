"""Items of invoices: lines that came with their draft, come later, or go again.

A draft that users have changed, and what is posted, is left to them.
"""

from odoo import models
from odoo.tools import SQL

from ...lib.billing import make_line
from ...lib.errors import Problem, _
from ..engine.gone_rows import Part, Parts
from ..engine.raw_rows import Bystanders
from .base import HISTORY

_LINES = "invoice_line_ids"


class MigrationLoaderInvoiceItem(models.AbstractModel):
    """Items of invoices, which have become lines along with their invoice."""

    _name = "migration.loader.account.move.line"
    _inherit = "migration.loader"
    _description = "Migration Loader: Invoice Items"

    def _targets(self):
        own = {"amount": "float", "case_reference": "char"}
        if "account.move.line" in self.env:
            return own
        return {
            **own,
            "move_id": "many2one",
            "name": "char",
            "quantity": "float",
            "price_unit": "float",
        }

    def _required_targets(self):
        return {"move_id"}

    def _is_value(self):
        """An item that the source has no more is a change of its invoice."""
        return True

    def _is_journalled(self):
        # The log has the invoice, which takes its lines with it.
        return False

    def _prepare(self, mapping, items):
        """Find the line of each item, and say what it is to be.

        An item without one was added to the source later: so it is to its draft.
        """
        model = self._model(mapping)
        known = {
            line.x_source_id: line
            for line in model.search(
                [("x_source_id", "in", [item.external_id for item in items])]
            )
        }
        for item in items:
            line = known.get(item.external_id)
            move = line.move_id if line else model.move_id.browse(item.vals["move_id"])
            if line:
                item.target = (line._name, line.id)
                item.content = line
            elif not self._is_as_made(move):
                item.error = Problem(
                    "invoice_without_item",
                    _("The draft of its invoice was made without it."),
                    _("Add it to the draft, or roll the invoice back and load again."),
                )
                continue
            made = self._foretell(item, move)
            if not line:
                invoices = self.env["migration.loader.account.move"]
                item.content = {
                    **invoices._line_values(made, move.move_type),
                    "move_id": move.id,
                }

    @staticmethod
    def _foretell(item, move):
        """What the line has to have, worked out of the item alone."""
        vals = {key: item.vals[key] for key in item.vals if key not in HISTORY}
        made, _warning = make_line(None, vals, move.invoice_origin)
        sign = -1 if move.move_type == "out_refund" else 1
        item.vals.update(
            name=made.name, quantity=made.quantity, price_unit=sign * made.price
        )
        return made

    def _is_as_made(self, move):
        """Whether a draft has the lines of items alone, and nobody has changed them."""
        lines = move[_LINES]
        if move.state != "draft" or not all(lines.mapped("x_source_id")):
            return False
        return not any(map(self._is_changed, (move, lines)))

    def _is_changed(self, records):
        """Whether users have changed any of these since the migration made it."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT FROM %s t
                    WHERE t.id = ANY(%s) AND t.write_date > (
                          SELECT max(l.date) FROM migration_log l
                           WHERE l.res_model = %s AND l.res_id = t.id
                             AND l.operation IN ('create', 'update'))
                      AND NOT EXISTS (
                          SELECT FROM migration_log d WHERE d.date = t.write_date)
                    LIMIT 1""",
                SQL.identifier(records._table),
                records.ids,
                records._name,
            )
        )
        return bool(rows)

    def _is_closed(self, record):
        return record.move_id.state != "draft"

    # Items that come

    def _create_records(self, mapping, items):
        """Most lines came with their invoice; the others are added to it."""
        model = self._model(mapping)
        for item in items:
            item.along = True
            if isinstance(item.content, dict):
                line = self._add(model, item)
                item.created.append((line._name, line.id))
                item.target = item.created[0]
            else:
                item.target = (item.content._name, item.content.id)

    def _add(self, model, item):
        move = model.move_id.browse(item.content["move_id"])
        bystanders = Bystanders.of_lines(model, move)
        line = model.create({**item.content, "x_source_id": item.external_id})
        self.env.flush_all()
        self._check(move)
        bystanders.settle()
        return line

    @staticmethod
    def _check(move):
        """A document stays of its kind, and has something on it.

        :raises Problem: it is another one without, or with, the line
        """
        if not move[_LINES] or move.amount_untaxed < 0:
            raise Problem(
                "invoice_kind_changes",
                _("Its invoice would become a credit note, or have no line at all."),
                _("Make the change in Odoo."),
            )

    # Items that go

    def _foresee_change(self, mapping, items):
        """Of an item that is no more there is nothing to foresee."""
        self._foresee(mapping, [item for item in items if item.payload])

    def _align(self, change):
        """What is no more has no values that could be merged one by one."""
        if not change.source.payload:
            change.base.vals = {}

    def _merge_further(self, mapping, change, record):
        if change.source.payload:
            return
        if self._is_as_made(record.move_id):
            change.further["gone"] = True
        else:
            change.by_hand(change.base.payload if change.base else {}, {})

    def _after_changes(self, mapping, changes, records):
        """Take the lines out of their drafts whose items are no more."""
        for change, line in zip(changes, records, strict=True):
            if change.further.get("gone"):
                self._take_out(change, line)

    def _take_out(self, change, line):
        move = line.move_id
        anew = {line.id: line.copy_data()[0]}
        key = ("move_id", "x_source_id")
        parts = Parts([Part(line, "move_id", "id", _LINES, key, anew)])
        with self._written_along(change, move, [_LINES], parts):
            bystanders = Bystanders.of_lines(line, move)
            line.unlink()
            self.env.flush_all()
            self._check(move)
            bystanders.settle()

    def _read_back(self, record, target, given):
        if target == "case_reference":
            return True, record.move_id.invoice_origin
        if target == "amount":
            sign = -1 if record.move_id.move_type == "out_refund" else 1
            return True, sign * record.price_subtotal
        return super()._read_back(record, target, given)
