"""Sheets in the XML of Excel 2003, read without building a tree."""

import datetime
from collections import deque

from lxml import etree

from .footer import TAIL_ROWS
from .grid import discover_grid, iter_grid
from .headers import empty_file
from .layout import HEAD_ROWS
from .model import Table
from .spans import SpanRows
from .xlsx_reader import workbook_broken

CHUNK = 1 << 18
SHEETS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def discover_xml(container, member):
    """The tables of a workbook: its sheets with a header.

    :return: list of :class:`Table`, list of :class:`Problem`
    """
    book, ends = _Book(), {}
    for sheet, line in _feed(container, member, book):
        head, tail = ends.setdefault(sheet, ([], deque(maxlen=TAIL_ROWS)))
        (head if len(head) < HEAD_ROWS else tail).append(line)
    tables, problems = [], []
    for sheet, (head, tail) in ends.items():
        table = Table(member=member, format="xml", columns=(), sheet=sheet)
        lines = iter([*head, *tail])
        table, found = discover_grid(table, lines, book.rows[sheet].merges)
        tables.append(table)
        problems += found
    if not tables:
        problems.append(empty_file(member))
    return tables, problems


def iter_xml(container, table):
    """The rows of a sheet, as :class:`Row`.

    :raises Problem: the workbook is damaged, or its header is another one than at
        discovery
    """
    book = _Book()
    merges = book.rows.setdefault(table.sheet, SpanRows()).merges
    lines = (
        line
        for sheet, line in _feed(container, table.member, book)
        if sheet == table.sheet
    )
    yield from iter_grid(table, lines, merges)


def _feed(container, member, book):
    """Pairs of sheet and line, while the member is parsed."""
    parser = etree.XMLParser(target=book, resolve_entities=False, no_network=True)
    try:
        with container.open(member) as stream:
            while chunk := stream.read(CHUNK):
                parser.feed(chunk)
                while book.lines:
                    yield book.lines.popleft()
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        raise workbook_broken(member, error) from error
    yield from book.lines


class _Book:
    """Takes the events of the parser and makes lines of them."""

    def __init__(self):
        self.lines = deque()
        self.rows = {}
        self._sheet = None
        self._text = None
        self._value = None
        self._cell = {}

    def doctype(self, *_names):
        raise ValueError("DOCTYPE")

    def start(self, tag, attributes):
        name = tag.removeprefix(SHEETS)
        if name == "Worksheet":
            self._sheet = attributes.get(f"{SHEETS}Name", "")
            self.rows.setdefault(self._sheet, SpanRows())
        elif name == "Row" and self._sheet is not None:
            self.rows[self._sheet].start(_number(attributes, "Index", None))
        elif name == "Cell":
            self._cell, self._value = dict(attributes), None
        elif name == "Data":
            self._text = []
            self._cell["type"] = attributes.get(f"{SHEETS}Type")

    def data(self, text):
        if self._text is not None:
            self._text.append(text)

    def end(self, tag):
        name = tag.removeprefix(SHEETS)
        if name == "Data":
            self._value = _value("".join(self._text or ()), self._cell.get("type"))
            self._text = None
        elif name == "Cell" and self._sheet is not None:
            at = _number(self._cell, "Index", None)
            self.rows[self._sheet].add(
                self._value,
                at and at - 1,
                _number(self._cell, "MergeAcross", 0) + 1,
                _number(self._cell, "MergeDown", 0) + 1,
            )
        elif name == "Row" and self._sheet is not None:
            line = self.rows[self._sheet].end()
            if line:
                self.lines.append((self._sheet, line))

    def close(self):
        return None


def _number(attributes, name, default):
    value = attributes.get(SHEETS + name, "")
    return int(value) if value.isdecimal() and len(value) < 8 else default


def _value(text, kind):
    """The text of a cell as its type says; as it is where it does not fit."""
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.datetime.fromisoformat(text.removesuffix(".000"))
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text or None
