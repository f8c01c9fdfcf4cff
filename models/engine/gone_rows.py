"""Rows that go with a change, and come back when it is taken back.

A meeting that invites somebody no more loses the attendee with the answer; an activity
that is open again loses the message that said it was done. What comes back is the row
that was there, with its id, and not one like it.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property

from odoo import models
from odoo.tools import SQL

from .raw_rows import RawRows


@dataclass
class Part:
    """Records that belong to others, and may go when these are changed.

    :param records: recordset of them
    :param str column: column of theirs that names the record they belong to
    :param str owner: field of that record whose value the column has
    :param str field: field of that record with whose value they go, and come back
    :param tuple key: columns that tell one of them from the others: where Odoo, or
        somebody, has made another one with the same values, there is none missing
    :param dict anew: ``{id: values}`` to create one with first, where Odoo works out
        more than the row
    """

    records: models.BaseModel
    column: str
    owner: str
    field: str
    key: tuple
    anew: dict = field(default_factory=dict)


class Parts:
    """The rows of some :class:`Part`, as they are when it is made."""

    def __init__(self, parts):
        self._parts = [
            (part, RawRows(part.records), _links(part.records))
            for part in parts
            if part.records
        ]

    def gone_from(self, record):
        """What the journal keeps of the rows of ``record`` that are gone by now."""
        return [
            one
            for part, gone in self._gone
            for one in gone
            if one["row"][part.column] == record[part.owner]
        ]

    @cached_property
    def _gone(self):
        return [
            (part, list(self._gone_of(part, rows, links)))
            for part, rows, links in self._parts
        ]

    @staticmethod
    def _gone_of(part, rows, links):
        there = set(part.records.exists().ids)
        for id_, row in rows.rows.items():
            if id_ not in there:
                yield {
                    "model": part.records._name,
                    "field": part.field,
                    "key": list(part.key),
                    "row": row,
                    "links": links.get(id_, {}),
                    "anew": part.anew.get(id_),
                }


class Returning:
    """Rows that come back with the value with which they went.

    To be made before the value is written: who has them again by then keeps them.

    :param list gone: what :class:`Parts` has kept of them
    """

    def __init__(self, env, gone):
        self._env = env
        self._rows = [
            one for one in gone if one["model"] in env and not self._others(one)
        ]

    def _others(self, one):
        """Ids of the rows that are there with the same key."""
        columns = [
            SQL("%s = %s", SQL.identifier(name), one["row"][name])
            for name in one["key"]
        ]
        rows = self._env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = %s OR (%s)",
                SQL.identifier(self._env[one["model"]]._table),
                one["row"]["id"],
                SQL(" AND ").join(columns),
            )
        )
        return [id_ for (id_,) in rows]

    def settle(self):
        """Bring them back, in place of what Odoo has made anew for the value."""
        for one in self._rows:
            model = self._env[one["model"]]
            row = self._with_references(model, one["row"])
            if row is None:
                continue
            made = self._others(one)
            if one["anew"]:
                made += model.sudo().create(one["anew"]).ids
                self._env.flush_all()
            if made:
                self._env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id = ANY(%s)",
                        SQL.identifier(model._table),
                        made,
                    )
                )
            self._insert(model, row, one["links"])
        if self._rows:
            self._env.invalidate_all(flush=False)

    @staticmethod
    def _with_references(model, row):
        """The row, without what it refers to and is gone; None if it went with that."""
        row = dict(row)
        for spec in model._fields.values():
            if spec.type != "many2one" or not row.get(spec.name):
                continue
            if not model.env[spec.comodel_name].browse(row[spec.name]).exists():
                if spec.required or spec.ondelete == "cascade":
                    return None
                row[spec.name] = None
        return row

    def _insert(self, model, row, links):
        self._env.cr.execute(
            SQL(
                "INSERT INTO %(table)s SELECT *"
                " FROM jsonb_populate_record(NULL::%(table)s, %(row)s::jsonb)",
                table=SQL.identifier(model._table),
                row=json.dumps(row),
            )
        )
        for spec in _lists(model):
            others = model.env[spec.comodel_name].browse(links.get(spec.name, ()))
            self._env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s, %s) SELECT %s, unnest(%s::int[])",
                    SQL.identifier(spec.relation),
                    SQL.identifier(spec.column1),
                    SQL.identifier(spec.column2),
                    row["id"],
                    others.exists().ids,
                )
            )


def _lists(model):
    """Fields whose values are rows of a table of links."""
    return [
        spec
        for spec in model._fields.values()
        if spec.type == "many2many" and spec.store and spec.relation
    ]


def _links(records):
    """``{id: {field: ids}}`` of what the records are linked to, as far as they are."""
    found = {}
    for spec in _lists(records):
        rows = records.env.execute_query(
            SQL(
                "SELECT %(own)s, array_agg(%(other)s) FROM %(table)s"
                " WHERE %(own)s = ANY(%(ids)s) GROUP BY %(own)s",
                own=SQL.identifier(spec.column1),
                other=SQL.identifier(spec.column2),
                table=SQL.identifier(spec.relation),
                ids=records.ids,
            )
        )
        for id_, others in rows:
            found.setdefault(id_, {})[spec.name] = others
    return found
