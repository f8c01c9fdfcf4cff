"""CSV files of any size, a row at a time."""

import csv
import io
import sys
from collections import deque
from itertools import islice

from ..errors import Problem, _
from .clean import NUL, clean_row
from .describe import check_header, describe, is_footer
from .dialect import declared_delimiter, find_dialect, is_usual, raise_field_limit
from .encoding import detect_encoding, open_text
from .footer import TAIL_ROWS
from .headers import empty_file, ragged_row
from .layout import HEAD_ROWS
from .model import ERROR, NOTE, Row, Table

SAMPLE = 256 * 1024
#: Characters at the end of a file in which its last rows are looked for, and those
#: that are held when no line ends in them.
TAIL = 128 * 1024
MAX_TAIL = 8 * 2**20
#: A record over more lines is a quote that was opened and never closed.
MAX_RECORD_LINES = 20_000
#: Characters of one line; more is no text with lines.
MAX_LINE = 128 * 2**20
#: Carries a NUL through the csv module, which refuses it before Python 3.11.
NUL_MARK = "\udc00"
#: Carries a separator of several characters, of which the csv module takes one.
LONG_MARK = "\udc01"


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
    table = Table(
        member=member,
        format="csv",
        columns=(),
        encoding=encoding,
        delimiter=delimiter or found,
        quotechar=quote,
    )
    head, tail = _both_ends(container, table)
    if not head:
        return None, [empty_file(member)]
    table, problems = describe(table, head, tail)
    if suspicious and len(table.columns) == 1:
        problems.append(_single_column(member))
    if not delimiter and not is_usual(found):
        problems.append(_delimiter_found(member, found))
    return table, problems


def iter_csv(container, table):
    """The rows of a CSV table, as :class:`Row`; memory holds one record at a time.

    :raises Problem: the header is another one than at discovery
    """
    with open_text(container.open(table.member), table.encoding) as text:
        records = _records(text, table)
        check_header(records, table)
        width = len(table.columns)
        footer = dict(table.footer)
        ending = min(footer, default=sys.maxsize)
        for record in records:
            cells, problem = record.cells, record.problem
            if record.number >= ending and is_footer(record, footer):
                continue
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


def _both_ends(container, table):
    """The first and the last records, those between them not parsed."""
    with open_text(container.open(table.member), table.encoding) as text:
        records = _records(text, table)
        head = list(islice(records, HEAD_ROWS))
        tail = deque(islice(records, HEAD_ROWS), TAIL_ROWS)
        if next(records, None) is None:
            return head, list(tail)
    with open_text(container.open(table.member), table.encoding) as text:
        start, ending = _last_lines(text)
    records = _records(io.StringIO(ending, newline=""), table, start)
    return head, list(deque(records, TAIL_ROWS))


def _last_lines(text):
    """Number of lines before the last ones, and these as text; empty if too long."""
    number, held = 0, ""
    while chunk := text.read(SAMPLE):
        held += chunk
        if len(held) <= 2 * TAIL:
            continue
        start = len(held) - TAIL
        cut = max(held.find("\n", start), held.find("\r", start, -1)) + 1
        if cut:
            number += _line_ends(held[:cut])
            held = held[cut:]
        elif len(held) > MAX_TAIL:
            return 0, ""
    return number, held


def _line_ends(text):
    """How many lines end in ``text``: by CR, by LF, or by both together."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


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

    def __init__(self, text, delimiter, number=0):
        self._text = text
        self._long = delimiter if len(delimiter) > 1 else None
        self._again = deque()
        self.number = number
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
        return line.replace(self._long, LONG_MARK) if self._long else line


def has_surrogate(text):
    """Whether ``text`` holds a marked byte, found at the speed of the codec."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _records(text, table, start=0):
    """The records that are not blank, header included, ``sep=`` line left out.

    :param int start: number of the lines before the text
    """
    raise_field_limit()
    lines = _Lines(text, table.delimiter, start)
    is_long = len(table.delimiter) > 1
    options = {
        "delimiter": LONG_MARK if is_long else table.delimiter,
        "quotechar": table.quotechar,
    }
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
        if is_long:
            cells = [cell.replace(LONG_MARK, table.delimiter) for cell in cells]
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


def _delimiter_found(file, delimiter):
    shown = delimiter if delimiter.isprintable() else f"U+{ord(delimiter[0]):04X}"
    return Problem(
        "delimiter_found",
        _("%(file)s separates its columns by “%(delimiter)s”."),
        _("It is read with this separator; check the columns and the first rows."),
        file=file,
        delimiter=shown,
        severity=NOTE,
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
