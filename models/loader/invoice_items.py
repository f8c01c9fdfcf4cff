from collections import defaultdict
from dataclasses import dataclass

from odoo.tools import SQL

from ...lib.errors import Problem, _
from ..engine.resolver import Resolver

ITEMS = "migration.loader.account.move.line"
INVOICE = "move_id"


@dataclass
class InvoiceItem:
    """A staged item: its values by target, or the problem that keeps it out."""

    source_id: str
    external_id: str
    vals: dict
    problem: Exception = None


class InvoiceItems:
    """Finds the staged items of invoices, which come with their invoice.

    :param mapping: ``migration.mapping`` of the invoices
    """

    def __init__(self, mapping):
        self._env, self._mapping = mapping.env, mapping
        self._resolver = Resolver(mapping.project_id)

    def of(self, source_ids):
        """``{source id of an invoice: [InvoiceItem, …]}``, in the order of files."""
        found = defaultdict(list)
        for mapping in self._mapping.project_id.mapping_ids.sorted("sequence"):
            if mapping.active and mapping._loader()._name == ITEMS:
                for line in mapping.field_ids.filtered(self._names_invoice):
                    self._add(found, mapping, line, source_ids)
        return found

    def _names_invoice(self, line):
        return (
            line.target == INVOICE
            and line.kind == "reference"
            and line.reference == self._mapping.name
        )

    def _add(self, found, mapping, line, source_ids):
        compiler = self._env["migration.compiler"]
        reference = compiler._compile(mapping, {INVOICE})
        keys = self._keys(line, source_ids)
        rows = [
            (keys[key], row)
            for row in self._rows(mapping, line, keys)
            for _resolver, key in reference.requests(row[2] or {})
            if key in keys
        ]
        targets = compiler._targets(mapping).keys() - {INVOICE}
        compiled = compiler._compile(mapping, targets)
        self._resolver.prefetch(
            request
            for _invoice, (_id, _problem, payload) in rows
            for request in compiled.requests(payload or {})
        )
        for invoice, row in rows:
            found[invoice].append(self._item(mapping, compiled, *row))

    def _keys(self, line, source_ids):
        """``{what an item refers to an invoice by: its source id}``."""
        natural = line._natural_key()
        if not natural:
            return {source_id: source_id for source_id in source_ids}
        rows = self._env.execute_query(
            SQL(
                """SELECT k.key, r.source_id
                     FROM migration_record_key k
                     JOIN migration_record r ON r.id = k.record_id
                    WHERE k.mapping_id = %s AND k.by = %s AND k.source_path = %s
                      AND r.source_id = ANY(%s)""",
                self._mapping.id,
                natural.by,
                natural.column,
                list(source_ids),
            )
        )
        return dict(rows)

    def _rows(self, mapping, line, keys):
        """``(source id, what is wrong with the row, payload)`` that may belong here.

        All items of the mapping, unless the invoice's id itself tells them apart.
        """
        belongs = SQL("TRUE")
        if line.reference_by == "id" and not self._mapping.id_by_name:
            belongs = SQL("btrim(payload->>%s) = ANY(%s)", line.source_path, list(keys))
        return self._env.execute_query(
            SQL(
                """SELECT source_id, CASE WHEN unusable THEN error END, payload
                     FROM migration_record WHERE mapping_id = %s AND %s ORDER BY id""",
                mapping.id,
                belongs,
            )
        )

    def _item(self, mapping, compiled, source_id, unusable, payload):
        external_id = mapping._external_id(source_id)
        if unusable:
            problem = Problem("item_row_unusable", _("%(value)s"), value=unusable)
            return InvoiceItem(source_id, external_id, {}, problem)
        outcome = compiled.transform(payload, self._resolver.find)
        reasons = [*outcome.problems, *outcome.held, *outcome.waiting]
        problem = reasons[0] if reasons else None
        return InvoiceItem(source_id, external_id, outcome.vals, problem)
