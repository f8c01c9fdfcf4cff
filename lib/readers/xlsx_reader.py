"""Sheets of XLSX workbooks, a row at a time."""

import datetime
import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace

import openpyxl
from openpyxl.utils.escape import unescape

from ..errors import Problem, _
from .archive import check_whole, exceeds_ratio, zip_bomb
from .clean import clean_row
from .headers import check_columns, empty_file, header_only, name_columns, ragged_row
from .model import ERROR, NOTE, Row, Table
from .xlsx_sheet import scan_sheet

#: What openpyxl and what is below it raise over a damaged workbook.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
CELL_ERROR = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|FIELD!|GETTING_DATA"
    r"|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!)"
)
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
#: Above it a float no longer tells whole numbers apart.
WHOLE = 2**53


def discover_xlsx(container, member):
    """The tables of a workbook: its sheets with a header.

    :return: list of :class:`Table`, list of :class:`Problem`
    """
    tables, problems = [], []
    with _workbook(container, member) as book:
        for sheet in book.worksheets:
            table = Table(member=member, format="xlsx", columns=(), sheet=sheet.title)
            last, unresolved = _scan(sheet, member)
            rows = _filled_rows(sheet, member, last)
            _number, header = next(rows, (0, None))
            if header is None:
                continue
            columns, found = name_columns(header, table.name)
            problems += found
            if next(rows, None) is None:
                problems.append(header_only(table.name))
            if unresolved:
                problems.append(_formula_without_value(table.name))
            tables.append(replace(table, columns=columns))
    if not tables and not problems:
        problems.append(empty_file(member))
    return tables, problems


def iter_xlsx(container, table):
    """The rows of a sheet, as :class:`Row`.

    :raises Problem: the workbook is damaged, or its header is another one than at
        discovery
    """
    with _workbook(container, table.member) as book:
        if table.sheet not in book.sheetnames:
            raise _broken(table.member, KeyError(table.sheet))
        sheet = book[table.sheet]
        last, _unresolved = _scan(sheet, table.member)
        rows = _filled_rows(sheet, table.member, last)
        _number, header = next(rows, (0, ()))
        check_columns(header, table)
        width = len(table.columns)
        for number, cells in rows:
            yield _row(table, number, cells, width)


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
        if CELL_ERROR.fullmatch(value):
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


@contextmanager
def _workbook(container, member):
    """The workbook of a member, open for streaming.

    :raises Problem: it is damaged, or a bomb
    """
    with container.open_seekable(member) as stream:
        try:
            _check(stream, member)
            with warnings.catch_warnings():
                # Exports without styles are common and nothing is lost by that.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(
                    stream, read_only=True, data_only=True, keep_links=False
                )
        except BROKEN as error:
            raise _broken(member, error) from error
        try:
            yield book
        finally:
            book.close()


def _check(stream, member):
    """Refuse a workbook that unpacks to far too much, or defines entities."""
    size = stream.seek(0, 2)
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        check_whole(infos, infos, size, member)
        for info in infos:
            if exceeds_ratio(info.file_size, info.compress_size):
                raise zip_bomb(member)
            if info.filename.endswith((".xml", ".rels")):
                with archive.open(info) as part:
                    if b"<!DOCTYPE" in part.read(4096):
                        raise _broken(member, ValueError("DOCTYPE"))
    stream.seek(0)


def _scan(sheet, member):
    """:func:`scan_sheet` of a sheet."""
    # The only way to the sheet's XML that does not resolve its relations again.
    with sheet._get_source() as source:
        try:
            return scan_sheet(source)
        except BROKEN as error:
            raise _broken(member, error) from error


def _filled_rows(sheet, member, last):
    """Pairs of row number and cells, without empty rows and empty cells at the end.

    :param int last: the last row with a value, None when it is unknown
    :raises Problem: the sheet is damaged
    """
    if last == 0:
        return
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_row=last, values_only=True), 1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except BROKEN as error:
            raise _broken(member, error) from error
        width = len(cells)
        while width and _is_blank(cells[width - 1]):
            width -= 1
        if width:
            yield number, cells[:width]


def _is_blank(value):
    return value is None or isinstance(value, str) and not value.strip()


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


def _formula_without_value(file):
    return Problem(
        "formula_without_value",
        _("%(file)s holds formulas without a result, which are read as empty."),
        _("Open the workbook in a spreadsheet program, save it, and upload it again."),
        file=file,
        severity=NOTE,
    )


def _broken(file, error):
    return Problem(
        "xlsx_broken",
        _("%(file)s is damaged and cannot be read as a workbook: %(reason)s."),
        _("Open it in a spreadsheet program, save it as XLSX, and upload that."),
        file=file,
        reason=str(error) or type(error).__name__,
        severity=ERROR,
    )
