"""Tables as a workbook that people edit, and back.

Row 1 of a sheet holds the technical names of its columns and is hidden; row 2 holds
what people read. So a workbook can be read again whatever the language it is in.
"""

import io
from dataclasses import dataclass, field
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from .errors import Problem, _

_HEADER_ROWS = 2
_LONGEST = 32767
_TITLE = 31
# What a spreadsheet takes for the beginning of a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_YES, _NO = ("yes", "true", "1", "x", "y"), ("no", "false", "0", "n", "")
_HEADER = PatternFill("solid", fgColor="FF714B67")
_EDITABLE = PatternFill("solid", fgColor="FFFFF8E5")


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    :param kind: ``text``, ``bool`` (yes or no), ``integer``, ``percent``
    :param choices: what a cell may hold; offered as a list
    :param editable: read back
    :param key: read back, but not for people to change; all others only inform
    """

    name: str
    label: str
    width: int = 14
    kind: str = "text"
    choices: tuple = ()
    editable: bool = False
    key: bool = False


@dataclass
class Sheet:
    """A table of a workbook: ``rows`` are dicts by column name."""

    title: str
    columns: tuple
    rows: list = field(default_factory=list)


def is_formula(value):
    """Whether a spreadsheet would take ``value`` for a formula."""
    return isinstance(value, str) and value.startswith(_FORMULA_SIGNS)


def harmless(value):
    """Text for a cell of a CSV file that a spreadsheet takes for text."""
    return f"'{value}" if is_formula(value) else value


def titles(names):
    """``{name: sheet title}``: short enough, without what a title may not have."""
    taken = set()
    return {name: free_title(name, taken) for name in names}


def free_title(name, taken):
    """A sheet title as near to ``name`` as may be, added to ``taken``.

    :param set taken: titles of the book, in small letters
    """
    plain = "".join("_" if one in "[]:*?/\\'" else one for one in name).strip()
    plain = ILLEGAL_CHARACTERS_RE.sub("", plain) or "_"
    title, number = plain[:_TITLE], 2
    while title.casefold() in taken:
        ending = f" ({number})"
        title, number = plain[: _TITLE - len(ending)] + ending, number + 1
    taken.add(title.casefold())
    return title


def write_workbook(sheets):
    """The bytes of an XLSX file with ``sheets``."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.title), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_tables(tables):
    """The bytes of an XLSX file for other programs: a header, and rows below it.

    :param tables: ``{sheet title: [header, row, …]}``, rows as sequences of cells
    """
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        page = book.create_sheet(title)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                _put(page.cell(number, place), None if value is False else value)
        for place, name in enumerate(rows[0] if rows else (), 1):
            page.cell(1, place).font = Font(bold=True)
            width = min(max(len(str(name)) + 4, 14), 40)
            page.column_dimensions[get_column_letter(place)].width = width
        page.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_sheet(page, sheet):
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        _put(page.cell(1, number), column.name)
        head = page.cell(_HEADER_ROWS, number)
        _put(head, column.label)
        head.font = Font(bold=True, color="FFFFFFFF")
        head.fill = _HEADER
        head.alignment = Alignment(wrap_text=True, vertical="center")
        if column.choices and sheet.rows:
            _offer(page, letter, column, len(sheet.rows) + _HEADER_ROWS)
    for row, values in enumerate(sheet.rows, _HEADER_ROWS + 1):
        for number, column in enumerate(sheet.columns, 1):
            cell = page.cell(row, number)
            _put(cell, _shown(column, values.get(column.name)))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column.kind == "percent":
                cell.number_format = "0%"
            if column.editable:
                cell.fill = _EDITABLE
    page.row_dimensions[1].hidden = True
    page.freeze_panes = page.cell(_HEADER_ROWS + 1, 2)
    last = get_column_letter(len(sheet.columns))
    bottom = max(len(sheet.rows), 1) + _HEADER_ROWS
    page.auto_filter.ref = f"A{_HEADER_ROWS}:{last}{bottom}"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _offer(page, letter, column, last):
    """Offer the choices of a column as a list, as far as Excel takes them."""
    listed = ",".join(column.choices)
    if len(listed) > 250:
        return
    offer = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
    offer.showErrorMessage = False
    page.add_data_validation(offer)
    offer.add(f"{letter}{_HEADER_ROWS + 1}:{letter}{last}")


def _shown(column, value):
    if column.kind == "bool":
        return "yes" if value else "no"
    if column.kind in ("integer", "percent"):
        return value or 0
    return "" if value is None or value is False else value


def _put(cell, value):
    """Set a cell; text stays text, whatever sign it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    if not value:
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)[
        :_LONGEST
    ]
    cell.data_type = "s"
    cell.number_format = "@"
    if is_formula(value):
        cell.quotePrefix = True


def open_workbook(content):
    """The workbook in ``content``, an openpyxl one.

    :raises Problem: it is none
    """
    try:
        return load_workbook(io.BytesIO(content))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Problem(
            "workbook_unreadable",
            _("This is not an Excel workbook (.xlsx): %(error)s."),
            _("Save it as .xlsx in your spreadsheet program."),
            error=error,
        ) from error


def read_sheet(book, title, columns):
    """The rows of a sheet as ``[(row number, {column name: value})]``, and problems.

    Empty text is False. A row without any value is left out.

    :return: rows and a list of :class:`Problem`
    """
    if title not in book.sheetnames:
        return [], [
            Problem(
                "sheet_missing",
                _("There is no sheet “%(title)s”; there are: %(titles)s."),
                _("Give the sheet its name back."),
                title=title,
                titles=", ".join(book.sheetnames),
            )
        ]
    page = book[title]
    known = {column.name: column for column in columns}
    places, problems = _places(page, title, known)
    rows = []
    if problems:
        return rows, problems
    for row in page.iter_rows(min_row=_HEADER_ROWS + 1):
        values = {}
        for cell in row:
            column = places.get(cell.column)
            if not column or isinstance(cell, MergedCell):
                continue
            try:
                values[column.name] = _read(cell, column)
            except Problem as problem:
                problem.params["place"] = f"{title}!{cell.coordinate}"
                problems.append(problem)
        if any(value not in (False, 0) for value in values.values()):
            rows.append((row[0].row, values))
    return rows, problems


def _places(page, title, known):
    """``{column number: Column}`` by the names in row 1, and problems."""
    places, problems = {}, []
    for cell in page[1]:
        label = page.cell(_HEADER_ROWS, cell.column).value
        name = str(cell.value or "").strip()
        if not name and label in (None, ""):
            continue
        if name in known:
            if known[name].editable or known[name].key:
                places[cell.column] = known[name]
            continue
        problems.append(
            Problem(
                "column_unknown",
                _("%(place)s: there is no column “%(name)s”; there are: %(known)s."),
                _("Row 1, which is hidden, must keep the names of the columns."),
                place=f"{title}!{cell.coordinate}",
                name=name or label,
                known=", ".join(known),
            )
        )
    return places, problems


def _read(cell, column):
    value = cell.value
    if cell.data_type == "f":
        raise _wrong(cell, column, _("%(place)s, %(label)s: “%(value)s” is a formula."))
    if cell.data_type == "e":
        raise _wrong(cell, column, _("%(place)s, %(label)s: “%(value)s” is an error."))
    if column.kind == "bool":
        word = str(value if value is not None else "").strip().casefold()
        if word in _YES or word in _NO:
            return word in _YES
        raise _wrong(
            cell, column, _("%(place)s, %(label)s: “%(value)s” is neither yes nor no.")
        )
    if column.kind == "integer":
        text = str(_text(value) or 0).strip()
        if text.removeprefix("-").isdecimal():
            return int(text)
        raise _wrong(
            cell, column, _("%(place)s, %(label)s: “%(value)s” is not a whole number.")
        )
    return _text(value)


def _text(value):
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _wrong(cell, column, message):
    return Problem(
        "cell_unusable",
        message,
        _("Write the value itself."),
        value=cell.value,
        label=column.label,
        place=cell.coordinate,
    )
