"""Tables of any length as a workbook, written row by row.

Nothing is cut: rows beyond what a sheet holds go on in a further sheet, and a text
that is longer than a cell can be goes on in the sheet of long texts.
"""

import tempfile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from .sheets import free_title, is_formula

#: What a sheet holds, by the format of the file.
ROWS, COLUMNS, CHARACTERS = 1_048_576, 16_384, 32_767
_HEAD_FILL = PatternFill("solid", fgColor="FFE8E4EE")
_HEAD_FONT = Font(bold=True)


class LongWorkbook:
    """A workbook that is written once, from top to bottom.

    :param long_title: title of the sheet that takes what is longer than a cell
    :param long_head: its heads: the row's key, column, part (from 1), text
    :param int rows: rows of a sheet, its head included
    """

    def __init__(self, long_title, long_head, rows=ROWS):
        self._book = Workbook(write_only=True)
        self._titles = set()
        self._rows = rows
        self._long = None
        self._long_args = (long_title, long_head, (28, 28, 8, 100))

    def table(self, title, heads, widths=()):
        """A new :class:`Table`; titles that are taken or not allowed are changed."""
        return Table(self, title, heads, widths, self._rows)

    def file(self):
        """The workbook as a temporary file, to be read and closed by the caller.

        Nothing can be written afterwards. However many rows there are, none of them is
        held in memory: each sheet was a temporary file from the beginning.
        """
        stream = tempfile.TemporaryFile()
        try:
            self._book.save(stream)
            stream.seek(0)
        except BaseException:
            stream.close()
            raise
        return stream

    def _sheet(self, title):
        """An empty sheet of the book with a title as near to ``title`` as may be."""
        return self._book.create_sheet(free_title(title, self._titles))

    def _keep_rest(self, key, head, text):
        """Write the whole of a long ``text`` in parts."""
        if not self._long:
            self._long = self.table(*self._long_args)
        for number, start in enumerate(range(0, len(text), CHARACTERS), 1):
            part = text[start : start + CHARACTERS]
            self._long.append([key, head, number, part])


class Table:
    """One table of a :class:`LongWorkbook`, on as many sheets as it needs.

    :param heads: names of its columns
    :param widths: widths of the first columns, in characters
    """

    def __init__(self, book, title, heads, widths, rows):
        if len(heads) > COLUMNS:
            raise ValueError(f"a sheet has {COLUMNS} columns, not {len(heads)}")
        self._book, self._title = book, title
        self._heads, self._widths, self._rows = heads, widths, rows
        self._begin()

    def _begin(self):
        self._sheet = self._book._sheet(self._title)
        self._sheet.freeze_panes = "B2"
        for number, width in enumerate(self._widths, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        self._sheet.append([self._head(text) for text in self._heads])
        self._used = 1

    def append(self, values):
        """Add a row; its first value is its key where a text has to go on elsewhere."""
        if self._used == self._rows:
            self._begin()
        texts = [
            self._fitted(values[0], *one)
            for one in zip(self._heads, values, strict=True)
        ]
        self._sheet.append([self._cell(one) for one in texts])
        self._used += 1

    def _fitted(self, key, head, value):
        if not isinstance(value, str):
            return value
        value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
        if len(value) <= CHARACTERS:
            return value
        self._book._keep_rest(key, head, value)
        return f"{value[: CHARACTERS - 1]}…"

    def _cell(self, value):
        """A cell; text stays text, whatever sign it begins with."""
        if value is None or value is False or value == "":
            return None
        cell = WriteOnlyCell(self._sheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = is_formula(value)
        return cell

    def _head(self, text):
        cell = self._cell(text[:CHARACTERS])
        if cell:
            cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        return cell
