"""CSV files of any size, a row at a time."""

import csv
from collections import deque
from dataclasses import replace

from ..errors import Problem, _
from .clean import NUL, clean_row
from .dialect import declared_delimiter, find_dialect, raise_field_limit
from .encoding import detect_encoding, open_text
from .headers import check_columns, empty_file, header_only, name_columns, ragged_row
from .model import ERROR, NOTE, Row, Table

SAMPLE = 256 * 1024
#: A record over more lines is a quote that was opened and never closed.
MAX_RECORD_LINES = 20_000
#: Characters of one line; more is no text with lines.
MAX_LINE = 128 * 2**20
#: Carries a NUL through the csv module, which refuses it before Python 3.11.
NUL_MARK = "\udc00"


def discover_csv(container, member):
    """The table of a CSV file.

    :return: :class:`Table` or None, and a list of :class:`Problem`
    """
    with container.open(member) as stream:
        encoding = detect_encoding(stream)
    with open_text(container.open(member), encoding) as text:
        sample = text.read(SAMPLE)
        complete = not text.read(1)
    first, _newline, rest = sample.partition("\n")
    delimiter = declared_delimiter(first)
    if delimiter:
        sample = rest
    found, quote, suspicious = find_dialect(sample, complete)
    delimiter = delimiter or found
    table = Table(
        member=member,
        format="csv",
        columns=(),
        encoding=encoding,
        delimiter=delimiter,
        quotechar=quote,
    )
    with open_text(container.open(member), encoding) as text:
        rows = _records(text, table)
        header = next(rows, None)
        has_rows = next(rows, None) is not None
    if header is None:
        return None, [empty_file(member)]
    columns, problems = name_columns(header.cells, member)
    if suspicious and len(columns) == 1:
        problems.append(_single_column(member))
    if not has_rows:
        problems.append(header_only(member))
    return replace(table, columns=columns), problems


def iter_csv(container, table):
    """The rows of a CSV table, as :class:`Row`; memory holds one record at a time.

    :raises Problem: the header is another one than at discovery
    """
    with open_text(container.open(table.member), table.encoding) as text:
        records = _records(text, table)
        header = next(records, None)
        check_columns(header.cells if header else (), table)
        width = len(table.columns)
        for record in records:
            cells, problem = record.cells, record.problem
            if len(cells) != width:
                problem = problem or ragged_row(
                    table.name, record.number, len(cells), width
                )
                cells = cells[:width] + [""] * (width - len(cells))
            values = dict(zip(table.columns, cells, strict=True))
            if record.dirty:
                unclean = clean_row(values, table.name, record.number, table.encoding)
                problem = problem or unclean
            yield Row(record.number, values, problem)


class _Record:
    """Cells of one record, where it starts, and what is wrong with it."""

    __slots__ = ("number", "cells", "dirty", "problem")

    def __init__(self, number, cells, dirty, problem):
        self.number = number
        self.cells = cells
        self.dirty = dirty
        self.problem = problem


class _RunawayRecord(Exception):
    """A record that does not end where records end."""


class _Lines:
    """Physical lines for the csv module, with those of the current record kept."""

    def __init__(self, text):
        self._text = text
        self._again = deque()
        self.number = 0
        self.start()

    def start(self):
        """Begin a record."""
        self.pulled = []
        self.dirty = False
        self.ended = False

    def give_back(self):
        """Return all lines of the record but the first, to be read once more."""
        self._again.extendleft(reversed(self.pulled[1:]))
        self.number -= len(self.pulled) - 1

    def __iter__(self):
        return self

    def __next__(self):
        line = self._again.popleft() if self._again else self._text.readline(MAX_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        if len(line) >= MAX_LINE or len(self.pulled) >= MAX_RECORD_LINES:
            self.pulled.append(line)
            raise _RunawayRecord
        if NUL in line:
            line = line.replace(NUL, NUL_MARK)
        if not line.isascii():
            self.dirty = self.dirty or has_surrogate(line)
        self.pulled.append(line)
        return line


def has_surrogate(text):
    """Whether ``text`` holds a marked byte, found at the speed of the codec."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _records(text, table):
    """The records that are not blank, header included, ``sep=`` line left out."""
    raise_field_limit()
    lines = _Lines(text)
    options = {"delimiter": table.delimiter, "quotechar": table.quotechar}
    reader = csv.reader(lines, **options)
    while True:
        lines.start()
        number = lines.number + 1
        try:
            cells = next(reader)
            # The csv module asks for another line only inside a quote.
            runaway = lines.ended
        except StopIteration:
            return
        except (csv.Error, _RunawayRecord):
            runaway = True
        problem = None
        if runaway:
            lines.give_back()
            reader = csv.reader(lines, **options)
            cells = _cells_without_quotes(lines.pulled[0], table.delimiter)
            problem = _quote_open(table.member, number)
        if lines.dirty:
            cells = [cell.replace(NUL_MARK, NUL) for cell in cells]
        if number == 1 and declared_delimiter(lines.pulled[0]) == table.delimiter:
            continue
        if problem or any(cells) and any(cell.strip() for cell in cells):
            yield _Record(number, cells, lines.dirty, problem)


def _cells_without_quotes(line, delimiter):
    """The cells of a line whose quotes cannot be trusted."""
    line = line.rstrip("\r\n")
    return [] if len(line) >= MAX_LINE else line.split(delimiter)


def _quote_open(file, number):
    return Problem(
        "quote_open",
        _("%(file)s, row %(row)s: a quote is opened and never closed."),
        _("Correct the quote in this row, or export again; later rows are read."),
        file=file,
        row=number,
        severity=ERROR,
    )


def _single_column(file):
    return Problem(
        "single_column",
        _(
            "%(file)s has a single column, but its lines hold other characters that"
            " may separate columns."
        ),
        _("Export it again with comma, semicolon, tab or | as the separator."),
        file=file,
        severity=NOTE,
    )
