"""What goes into the understanding of tables, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TableFacts:
    """A table as it was found.

    :param key: what :func:`.understand` answers with
    :param name: of the file, and of the sheet: ``book.xlsx:Deals``
    :param columns: headers in their order
    :param rows: dicts of the first rows
    :param object: name of the object a row is, where that is decided
    """

    key: Any
    name: str
    columns: tuple
    rows: list
    object: str | None = None


@dataclass(frozen=True)
class Meaning:
    """Something a column of an object can mean: ``first_name``, ``amount``.

    :param names: headers it is known by, the surest first
    :param ttype: Odoo field type of what it becomes
    :param kind: kind of the mapping line: identifier, reference, owner …
    """

    name: str
    names: tuple
    ttype: str = "char"
    kind: str = "direct"


@dataclass(frozen=True)
class ObjectKnowledge:
    """An object of a source system.

    :param patterns: file or sheet names, ``*`` standing for anything
    :param words: what the object itself is called, in several languages
    """

    key: Any
    name: str
    patterns: tuple
    meanings: tuple
    words: tuple = ()


@dataclass(frozen=True)
class ColumnReading:
    """What one column means.

    :param object: name of the object that a row of its table is
    :param meaning: name of the object's meaning, None where it has none for it
    :param confidence: how often such readings are right, 0 to 1; also of None
    :param reason: code in :mod:`.reasons`, whose text takes ``evidence``
    :param part: ``(object, meaning)`` of another object that the column is as well,
        or only: the company's website in a table of contacts
    """

    column: str
    object: str
    meaning: str | None
    confidence: float
    reason: str
    part: tuple | None = None
    evidence: dict = field(default_factory=dict)


@dataclass(frozen=True)
class TableReading:
    """What a row of a table is, and what its columns mean.

    :param object: name of the object, None where it cannot be told
    :param parts: names of other objects that can be made from the rows
    """

    object: str | None
    confidence: float
    reason: str
    columns: tuple = ()
    parts: tuple = ()
