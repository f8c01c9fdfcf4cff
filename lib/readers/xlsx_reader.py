"""Sheets of XLSX workbooks, a row at a time."""

import io
import warnings
import zipfile
import zlib
from collections import deque
from contextlib import contextmanager
from functools import partial

import openpyxl
from openpyxl.worksheet._reader import WorkSheetParser

from ..errors import Problem, _
from .archive import check_whole, exceeds_ratio, zip_bomb
from .footer import TAIL_ROWS
from .grid import discover_grid, iter_grid, without_blank_end
from .headers import empty_file
from .layout import Line
from .model import ERROR, NOTE, Table
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


def discover_xlsx(container, member):
    """The tables of a workbook: its sheets with a header.

    :return: list of :class:`Table`, list of :class:`Problem`
    """
    tables, problems = [], []
    with _workbook(container, member) as book:
        for sheet in book.worksheets:
            table = Table(member=member, format="xlsx", columns=(), sheet=sheet.title)
            scan = _scan(sheet, member)
            lines = _filled_rows(sheet, member, scan.last)
            last_lines = partial(_last_rows, sheet, scan)
            table, found = discover_grid(table, lines, scan.merges, last_lines)
            problems += found
            if not table:
                continue
            if scan.unresolved:
                problems.append(_formula_without_value(table.name))
            tables.append(table)
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
            raise workbook_broken(table.member, KeyError(table.sheet))
        sheet = book[table.sheet]
        scan = _scan(sheet, table.member)
        lines = _filled_rows(sheet, table.member, scan.last)
        yield from iter_grid(table, lines, scan.merges)


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
            raise workbook_broken(member, error) from error
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
                        raise workbook_broken(member, ValueError("DOCTYPE"))
    stream.seek(0)


def _scan(sheet, member):
    """:func:`scan_sheet` of a sheet."""
    # The only way to the sheet's XML that does not resolve its relations again.
    with sheet._get_source() as source:
        try:
            return scan_sheet(source)
        except BROKEN as error:
            raise workbook_broken(member, error) from error


def _filled_rows(sheet, member, last):
    """Lines of the sheet, without empty rows and empty cells at the end.

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
            raise workbook_broken(member, error) from error
        cells = without_blank_end(cells)
        if cells:
            yield Line(number, cells)


def _last_rows(sheet, scan):
    """The last lines of the sheet, parsed from the end of its XML alone.

    Empty when that cannot be done; a damaged end is told when it is reached.
    """
    if not scan.tail:
        return []
    parser = WorkSheetParser(
        io.BytesIO(scan.tail),
        sheet._shared_strings,
        data_only=True,
        epoch=sheet.parent.epoch,
        date_formats=sheet.parent._date_formats,
        timedelta_formats=sheet.parent._timedelta_formats,
    )
    lines = deque(maxlen=TAIL_ROWS)
    try:
        for number, cells in parser.parse():
            values = sheet._get_row(cells, max_col=None, values_only=True)
            values = without_blank_end(values)
            if values:
                lines.append(Line(number, values))
    except BROKEN:
        return []
    return list(lines)


def _formula_without_value(file):
    return Problem(
        "formula_without_value",
        _("%(file)s holds formulas without a result, which are read as empty."),
        _("Open the workbook in a spreadsheet program, save it, and upload it again."),
        file=file,
        severity=NOTE,
    )


def workbook_broken(file, error):
    """The :class:`Problem` of a workbook that cannot be read, over ``error``."""
    return Problem(
        "xlsx_broken",
        _("%(file)s is damaged and cannot be read as a workbook: %(reason)s."),
        _("Open it in a spreadsheet program, save it as XLSX, and upload that."),
        file=file,
        reason=str(error) or type(error).__name__,
        severity=ERROR,
    )


def workbook_encrypted(file):
    """The :class:`Problem` of a workbook with a password."""
    return Problem(
        "xlsx_encrypted",
        _("%(file)s is a password-protected workbook and cannot be read."),
        _("Remove the password in the spreadsheet program, save, and upload again."),
        file=file,
        severity=ERROR,
    )
