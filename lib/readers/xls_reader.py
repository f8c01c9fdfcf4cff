"""Sheets of Excel 97-2003 workbooks, which are small enough to be held."""

import io
from contextlib import contextmanager

from .grid import discover_grid, iter_grid, without_blank_end
from .headers import empty_file
from .layout import Line, Merge
from .model import Table
from .xlsx_reader import BROKEN, workbook_broken, workbook_encrypted

try:
    import xlrd
except ImportError:
    xlrd = None

#: Bytes of a workbook: its sheets end at 65,536 rows.
MAX_SIZE = 256 * 2**20


def discover_xls(container, member):
    """The tables of a workbook: its sheets with a header.

    :return: list of :class:`Table`, list of :class:`Problem`
    """
    tables, problems = [], []
    with _workbook(container, member) as book:
        for name in book.sheet_names():
            table = Table(member=member, format="xls", columns=(), sheet=name)
            sheet = book.sheet_by_name(name)
            table, found = discover_grid(table, _lines(sheet), _merges(sheet))
            tables += [table] if table else []
            problems += found
    if not tables:
        problems.append(empty_file(member))
    return tables, problems


def iter_xls(container, table):
    """The rows of a sheet, as :class:`Row`.

    :raises Problem: the workbook is damaged, or its header is another one than at
        discovery
    """
    with _workbook(container, table.member) as book:
        if table.sheet not in book.sheet_names():
            raise workbook_broken(table.member, KeyError(table.sheet))
        sheet = book.sheet_by_name(table.sheet)
        yield from iter_grid(table, _lines(sheet), _merges(sheet))


@contextmanager
def _workbook(container, member):
    if container.size(member) > MAX_SIZE:
        raise workbook_broken(member, ValueError(f"> {MAX_SIZE >> 20} MiB"))
    with container.open(member) as stream:
        content = stream.read()
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=io.StringIO()
        )
    except (*BROKEN, xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        if "encrypted" in str(error):
            raise workbook_encrypted(member) from error
        raise workbook_broken(member, error) from error
    with book:
        yield book


def _lines(sheet):
    for index in range(sheet.nrows):
        cells = without_blank_end([_value(sheet.book, one) for one in sheet.row(index)])
        if cells:
            yield Line(index + 1, cells)


def _value(book, cell):
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#VALUE!")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (OverflowError, ValueError):
            return cell.value
        return moment.time() if cell.value < 1 else moment
    return cell.value


def _merges(sheet):
    return [
        Merge(first_row + 1, end_row, first, end - 1)
        for first_row, end_row, first, end in sheet.merged_cells
    ]
