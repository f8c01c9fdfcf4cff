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

    ``format`` is csv, xlsx, xls, xml, html, json or jsonl. ``path`` is the dotted place
    of an array in a JSON document, empty for the document itself. ``position`` is the
    table of a page, from 0. ``header_row`` is the physical row of the header, 0 for the
    first that is not blank; ``footer`` is what the last rows hold that are no records,
    as pairs of row number and text.
    """

    member: str
    format: str
    columns: tuple[str, ...]
    sheet: str | None = None
    path: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    quotechar: str | None = None
    position: int = 0
    header_row: int = 0
    header_rows: int = 1
    footer: tuple[tuple[int, str], ...] = ()

    @property
    def name(self):
        """The table for people: ``contacts.csv``, ``book.xlsx:Sheet1``."""
        part = self.sheet or self.path
        return f"{self.member}:{part}" if part else self.member

    def as_dict(self):
        """The table as a dict that JSON can hold; :meth:`from_dict` reads it."""
        footer = [list(line) for line in self.footer]
        return {**asdict(self), "columns": list(self.columns), "footer": footer}

    @classmethod
    def from_dict(cls, values):
        """The table that :meth:`as_dict` wrote."""
        lists = {
            "columns": tuple(values["columns"]),
            "footer": tuple(tuple(line) for line in values.get("footer", ())),
        }
        return cls(**{**values, **lists})


@dataclass(slots=True)
class Row:
    """One record of a table.

    ``number`` is the physical line where the record starts (csv, jsonl), the row of
    the sheet or page (xlsx, xls, xml, html) or the index of the element from 1 (json).
    ``values`` holds column to JSON-able value: text for csv, where an empty cell is
    ``""``; ``None`` for an empty cell of a sheet. With a ``problem``, ``values`` is
    what could be read, and empty when nothing could. ``position`` is where a source
    that can be read from the middle goes on.
    """

    number: int
    values: dict[str, Any]
    problem: Problem | None = None
    position: Any = None


@dataclass
class Discovery:
    """What a container holds.

    ``problems`` are pairs of member name and :class:`Problem`, whose parameter
    ``severity`` is ``note`` (read all the same) or ``error`` (not read).
    """

    tables: list[Table] = field(default_factory=list)
    documents: list[Member] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
