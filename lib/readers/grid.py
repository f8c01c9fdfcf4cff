"""Tables whose cells carry types and may be joined: sheets and pages.

The readers of XLSX, XLS, Excel's XML and HTML give lines of Python values; what is a
header, a record or a footer among them, and how a value is written in JSON, is here.
"""

import datetime
import re
from collections import defaultdict, deque
from itertools import islice

from openpyxl.utils.escape import unescape

from ..errors import Problem, _
from .clean import clean_row
from .describe import check_header, describe, is_footer
from .footer import TAIL_ROWS
from .headers import ragged_row
from .layout import HEAD_ROWS, Line
from .model import ERROR, NOTE, Row
from .shape import is_filled

#: Errors of a formula. #N/A is none of them: it is a way to leave a cell empty.
CELL_ERROR = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA"
    r"|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!)"
)
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
#: Above it a float no longer tells whole numbers apart.
WHOLE = 2**53


def discover_grid(table, lines, merges=(), last_lines=None):
    """The table of a sheet or page, None when it is empty.

    :param lines: iterator of :class:`Line`, blank rows left out
    :param merges: joined cells, as :class:`Merge`
    :param last_lines: callable that gives the last lines without the others; without
        it ``lines`` is read to its end
    :return: :class:`Table` or None, list of :class:`Problem`
    """
    lines = fill_merged(lines, merges)
    head = list(islice(lines, HEAD_ROWS))
    if not head:
        return None, []
    tail = deque(islice(lines, TAIL_ROWS if last_lines else None), TAIL_ROWS)
    if last_lines and next(lines, None) is not None:
        tail = fill_merged(last_lines(), merges)
    table, problems = describe(table, head, tail, merges)
    first = table.header_row + table.header_rows
    merged = sum(
        merge.first_row >= first and merge.last_row > merge.first_row
        for merge in merges
    )
    if merged:
        problems.append(_merged_cells(table.name, merged))
    return table, problems


def iter_grid(table, lines, merges=()):
    """The rows of a sheet or page, as :class:`Row`.

    :param lines: iterator of :class:`Line`; :param merges: as at discovery
    :raises Problem: the header is another one than at discovery
    """
    lines = fill_merged(lines, merges)
    check_header(lines, table, merges)
    footer = dict(table.footer)
    width = len(table.columns)
    for line in lines:
        if footer and is_footer(line, footer):
            continue
        yield _row(table, line.number, line.cells, width)


def without_blank_end(cells):
    """The cells of a row up to the last that holds something."""
    width = len(cells)
    while width and not is_filled(cells[width - 1]):
        width -= 1
    return cells[:width]


def fill_merged(lines, merges):
    """The lines with the value of joined cells in each row that they span."""
    starts = defaultdict(list)
    for merge in merges:
        if merge.last_row > merge.first_row:
            starts[merge.first_row].append(merge)
    return _filled(lines, starts) if starts else iter(lines)


def _filled(lines, starts):
    active = []
    for number, cells in lines:
        active = [held for held in active if held[0] >= number]
        if active:
            cells = [*cells, *[None] * (max(at for _last, at, _v in active) + 1)]
            for _last, at, value in active:
                cells[at] = cells[at] if is_filled(cells[at]) else value
            cells = without_blank_end(cells)
        for merge in starts.get(number, ()):
            if merge.first < len(cells) and is_filled(cells[merge.first]):
                active.append((merge.last_row, merge.first, cells[merge.first]))
        yield Line(number, cells)


def _row(table, number, cells, width):
    values = dict(zip(table.columns, cells, strict=False))
    for column in table.columns[len(cells) :]:
        values[column] = None
    problem = None
    if len(cells) > width:
        problem = ragged_row(table.name, number, len(cells), width)
    for column, value in values.items():
        if value.__class__ in (str, float) or isinstance(value, _TIMES):
            plain = _plain(value)
            if plain is _ERROR:
                problem = problem or _cell_error(table.name, number, column, value)
                plain = None
            values[column] = plain
    return Row(number, values, problem or clean_row(values, table.name, number))


_ERROR = object()
_TIMES = (datetime.date, datetime.time, datetime.timedelta)


def _plain(value):
    """A cell's value as JSON can hold it."""
    if isinstance(value, str):
        if value[:1] == "#" and CELL_ERROR.fullmatch(value):
            return _ERROR
        return unescape(value) if ESCAPE.search(value) else value
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < WHOLE
        return int(value) if whole else value
    if isinstance(value, datetime.datetime):
        # Days are binary fractions there: seconds come out a little beside.
        value = (value + datetime.timedelta(microseconds=500_000)).replace(
            microsecond=0
        )
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(" ")
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    return value.isoformat()


def _duration(value):
    """Hours that may pass a day, as ``27:30:00``."""
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours}:{rest // 60:02}:{rest % 60:02}"


def _merged_cells(file, count):
    return Problem(
        "merged_cells",
        _("%(file)s holds %(count)s cells that are joined over several rows."),
        _("Their value is taken for each of these rows; check that it is meant so."),
        file=file,
        count=count,
        severity=NOTE,
    )


def _cell_error(file, number, column, value):
    return Problem(
        "cell_error",
        _("%(file)s, row %(row)s: “%(field)s” shows the error %(value)s."),
        _("Correct the formula in the workbook and upload it again."),
        field=column,
        value=value,
        file=file,
        row=number,
        severity=ERROR,
    )
