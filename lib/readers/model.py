"""What readers hand over: members of a container, tables and their rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..errors import Problem

#: The table is read all the same; an admin should know.
NOTE = "note"
#: The file, or this part of it, is not read.
ERROR = "error"


@dataclass(frozen=True)
class Member:
    """A file of a container: its posix path inside it, and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Table:
    """Where rows are and how they are written.

    ``format`` is csv, xlsx, json or jsonl. ``path`` is the dotted place of an array
    in a JSON document, empty for the document itself.
    """

    member: str
    format: str
    columns: tuple[str, ...]
    sheet: str | None = None
    path: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    quotechar: str | None = None

    @property
    def name(self):
        """The table for people: ``contacts.csv``, ``book.xlsx:Sheet1``."""
        part = self.sheet or self.path
        return f"{self.member}:{part}" if part else self.member

    def as_dict(self):
        """The table as a dict that JSON can hold; :meth:`from_dict` reads it."""
        return {**asdict(self), "columns": list(self.columns)}

    @classmethod
    def from_dict(cls, values):
        """The table that :meth:`as_dict` wrote."""
        return cls(**{**values, "columns": tuple(values["columns"])})


@dataclass(slots=True)
class Row:
    """One record of a table.

    ``number`` is the physical line where the record starts (csv, jsonl), the row of
    the sheet (xlsx) or the index of the element from 1 (json). ``values`` holds
    column to JSON-able value: text for csv, where an empty cell is ``""``; ``None``
    for an empty cell of a sheet. With a ``problem``, ``values`` is what could be
    read, and empty when nothing could.
    """

    number: int
    values: dict[str, Any]
    problem: Problem | None = None


@dataclass
class Discovery:
    """What a container holds.

    ``problems`` are pairs of member name and :class:`Problem`, whose parameter
    ``severity`` is ``note`` (read all the same) or ``error`` (not read).
    """

    tables: list[Table] = field(default_factory=list)
    documents: list[Member] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
