"""What the tables of an export, and their columns, mean.

By names and values only, without Odoo: the objects and names to choose from are given.
"""

from .assign import assign
from .candidates import Vocabulary
from .model import (
    ColumnReading,
    Meaning,
    ObjectKnowledge,
    TableFacts,
    TableReading,
)
from .shapes import Shape
from .tables import told, told_again

__all__ = [
    "ColumnReading",
    "Meaning",
    "ObjectKnowledge",
    "TableFacts",
    "TableReading",
    "understand",
]

# Of another object, one of these makes a record of it possible.
_MAKES = frozenset("name full_name first_name last_name email company_name".split())


def understand(tables, objects):
    """``{table key: TableReading}`` of ``tables``, which are one export.

    :param tables: TableFacts
    :param objects: ObjectKnowledge, the only things a table can be of
    """
    vocabulary = Vocabulary(objects)
    found = {table.key: told(table, vocabulary) for table in tables}
    for table in tables:
        name, confidence, reason = found[table.key]
        really = told_again(table, name, vocabulary) if reason != "decided" else name
        found[table.key] = really, confidence, reason
        if name == "lead" and really != name:
            # Other tables of the export call it so too.
            vocabulary.alias(name, really)
    return {table.key: _read(table, found[table.key], vocabulary) for table in tables}


def _shapes(table):
    return {
        column: Shape([row.get(column) for row in table.rows])
        for column in table.columns
    }


def _read(table, found, vocabulary):
    name, confidence, reason = found
    if name is None:
        columns = tuple(
            ColumnReading(column, None, None, 0.0, "no_object")
            for column in table.columns
        )
        return TableReading(None, confidence, reason, columns)
    shapes = _shapes(table)
    columns = assign(table, name, vocabulary, shapes, frozenset())
    present = frozenset(one.part[0] for one in columns if one.part)
    columns = assign(table, name, vocabulary, shapes, present)
    parts = {one.part for one in columns if one.part}
    makes = tuple(
        other
        for other in ("contact", "company")
        if any(one == other and meaning in _MAKES for one, meaning in parts)
    )
    return TableReading(
        name,
        confidence,
        reason,
        columns,
        makes,
        {"known": sum(one.meaning is not None for one in columns), "of": len(columns)},
    )
