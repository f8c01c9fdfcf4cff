"""Rows as the database has them: what a change did to them, and back again.

The ORM computes along with what it is told to write: stage dates, normalised numbers,
names of the contacts of a company. What a delta has changed is told by the rows before
and after, and put back as it was.
"""

import json

from odoo.tools import SQL

_STAMPS = ("write_date", "write_uid")


class RawRows:
    """The rows of some records, as they are when it is made.

    :param records: recordset of one model
    """

    def __init__(self, records):
        self._model = records.browse()
        self._ids = list(records.ids)
        records.env.flush_all()
        self.rows = self._read()

    def _read(self):
        if not self._ids or not self._model._auto:
            return {}
        rows = self._model.env.execute_query(
            SQL(
                "SELECT id, to_jsonb(t)::text FROM %s t WHERE id = ANY(%s)",
                SQL.identifier(self._model._table),
                self._ids,
            )
        )
        # Numbers as the database writes them: 1.50 is to be 1.50 again.
        return {id_: json.loads(row, parse_float=str) for id_, row in rows}

    def changes(self):
        """``{id: (columns before, columns after)}`` of the rows that have changed."""
        self._model.env.flush_all()
        found = {}
        for id_, after in self._read().items():
            before = self.rows[id_]
            names = [name for name in after if after[name] != before.get(name)]
            if names:
                found[id_] = (
                    {name: before.get(name) for name in names},
                    {name: after[name] for name in names},
                )
        return found

    def put_back(self, names=None):
        """Give changed rows the values they had, or those of the columns ``names``."""
        for id_, (before, _after) in self.changes().items():
            wanted = names or before.keys()
            write_row(
                self._model.browse(id_),
                {name: before[name] for name in before.keys() & set(wanted)},
            )


def write_row(record, columns):
    """Set columns of one row as :class:`RawRows` has read them; nothing is computed."""
    if not columns:
        return
    model = record.browse()
    record.env.cr.execute(
        SQL(
            "UPDATE %(table)s t SET %(columns)s"
            " FROM jsonb_populate_record(NULL::%(table)s, %(values)s::jsonb) v"
            " WHERE t.id = %(id)s",
            table=SQL.identifier(model._table),
            columns=SQL(", ").join(
                SQL("%(name)s = v.%(name)s", name=SQL.identifier(name))
                for name in sorted(columns)
            ),
            values=json.dumps(columns),
            id=record.id,
        )
    )
    record.invalidate_recordset(flush=False)


def told_along(row, gone=()):
    """What the journal keeps of a change besides the values that were written.

    :param row: columns before and after, as :meth:`RawRows.changes` gives them, or None
    :param gone: rows that went with it, as :class:`.gone_rows.Parts` keeps them
    """
    along = {}
    if row:
        along["row"] = {"before": row[0], "after": row[1]}
    if gone:
        along["gone"] = list(gone)
    return along


class Bystanders:
    """Records that Odoo changes along with those that are written.

    A lead follows nobody but its own record in the source: what Odoo copies to it from
    its customer is put back. Contacts take on the new name of their company, and
    invoices the sum of their lines, but nobody has worked on them: when, and by whom,
    they were changed last stays.
    """

    def __init__(self, records):
        along = getattr(self, f"_of_{records._name.replace('.', '_')}", None)
        self._rows = along(records) if along and records else []

    @staticmethod
    def _of_res_partner(records):
        everyone = records.sudo().with_context(active_test=False)
        below = everyone.search([("id", "child_of", records.ids)]) - records
        leads = records.env["crm.lead"].sudo().with_context(active_test=False)
        leads = leads.search([("partner_id", "in", (records | below).ids)])
        return [(RawRows(below), _STAMPS), (RawRows(leads), None)]

    @staticmethod
    def _of_account_move(records):
        return [(RawRows(records.line_ids), _STAMPS)]

    @classmethod
    def _of_account_move_line(cls, records):
        return cls._of_lines(records, records.move_id)

    @staticmethod
    def _of_lines(lines, moves):
        others = moves.line_ids - lines
        modified = (*_STAMPS, "is_manually_modified")
        return [(RawRows(moves), modified), (RawRows(others), _STAMPS)]

    @classmethod
    def of_lines(cls, lines, moves):
        """Those of ``lines`` that come to invoices, or go from them."""
        made = cls(lines.browse())
        made._rows = cls._of_lines(lines, moves)
        return made

    @classmethod
    def left_by(cls, records):
        """Those that stay where ``records`` are removed from something whole."""
        whole = records._name == "account.move.line" and records
        return cls(whole or records.browse())

    def settle(self):
        """Put back what they are to keep."""
        for rows, names in self._rows:
            rows.put_back(names)
