"""Rows of markup whose cells span columns and rows."""

from .grid import without_blank_end
from .layout import Line, Merge
from .shape import is_filled

#: A wider or taller cell is decoration.
MAX_ACROSS = 1000
MAX_DOWN = 1_048_576
#: Columns of a sheet; what lies beyond them is not seen by a spreadsheet either.
MAX_COLUMNS = 16_384
#: Joined cells that are kept to be counted.
MAX_MERGES = 500_000


class SpanRows:
    """Lines out of cells that come one after the other.

    A cell over several rows has its value in each of them, one over several columns
    in the first. ``merges`` grows with the rows.
    """

    def __init__(self):
        self.number = 0
        self.merges = []
        self._cells = []
        self._held = {}

    def start(self, number=None):
        """Begin a row, the next one unless its number is given."""
        self.number = number or self.number + 1
        self._cells = []

    def add(self, value, at=None, across=1, down=1):
        """Put a cell at a column (from 0), else after the last one."""
        if at is None:
            at = len(self._cells)
            while self._is_held(at):
                at += 1
        if at >= MAX_COLUMNS:
            return
        across, down = min(max(across, 1), MAX_ACROSS), min(max(down, 1), MAX_DOWN)
        self._extend(at)
        self._cells += [value] + [None] * (across - 1)
        if (across > 1 or down > 1) and len(self.merges) < MAX_MERGES:
            last = self.number + down - 1
            self.merges.append(Merge(self.number, last, at, at + across - 1))
        if down > 1:
            for column in range(at, at + across):
                held = value if column == at else None
                self._held[column] = (self.number, self.number + down - 1, held)

    def end(self):
        """The row as :class:`Line`, None when nothing is in it but spans from above."""
        if not any(is_filled(cell) for cell in self._cells):
            return None
        self._extend(max(self._held, default=-1) + 1)
        for column, (first, last, value) in list(self._held.items()):
            if last < self.number:
                del self._held[column]
            elif first < self.number and not is_filled(self._cells[column]):
                self._cells[column] = value
        return Line(self.number, without_blank_end(self._cells))

    def _is_held(self, at):
        first, last, _value = self._held.get(at, (0, 0, None))
        return first < self.number <= last

    def _extend(self, width):
        self._cells += [None] * (width - len(self._cells))
