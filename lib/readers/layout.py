"""Which of the first rows is the header, and whether it takes two of them."""

from collections import Counter
from typing import NamedTuple

from ..errors import Problem, _
from .model import NOTE
from .shape import filled_at, is_label, is_typed, line_of, text_of

#: Rows looked at for the header and for what its columns hold.
HEAD_ROWS = 60
#: Lines above a header; a table that starts later is no export.
MAX_ABOVE = 25
#: Share of a column's values that must be no words for its label to stand out.
TYPED = 0.8


class Merge(NamedTuple):
    """Cells joined in a sheet: rows from 1, columns from 0, all of them inclusive."""

    first_row: int
    last_row: int
    first: int
    last: int


class Line(NamedTuple):
    """A row that is not blank: its physical number and its cells."""

    number: int
    cells: list


def find_header(lines, merges=()):
    """Position of the header in the first rows, and how many rows it has.

    The first row is the header unless there is evidence against it: it is narrow and
    a wider row of labels follows, or it groups the labels of the row below.

    :param lines: the first rows that are not blank, as :class:`Line`
    :param merges: joined cells, as :class:`Merge`
    """
    width = _width(lines)
    for index in range(min(len(lines), MAX_ABOVE)):
        if _is_group(lines, index, width, merges):
            return index, 2
        if _is_header(lines, index, width):
            return index, 1
        if not _is_title(lines[index].cells, width):
            break
    return 0, min(len(lines), 1)


def header_cells(lines, merges=()):
    """The header's cells: of one row as they are, of two joined to one label."""
    if len(lines) < 2:
        return lines[0].cells if lines else ()
    group, names = lines[0].cells, lines[1].cells
    groups = _groups(lines[0], len(names), merges)
    cells = []
    for at, above in enumerate(groups):
        name = text_of(names[at]) if at < len(names) else ""
        own = text_of(group[at]) if at < len(group) else ""
        if not name:
            cells.append(own)
        elif not above or name.casefold().startswith(above.casefold()):
            cells.append(name)
        else:
            cells.append(f"{above} {name}")
    return cells


def layout_problems(file, above, header, columns):
    """Notes on the rows above a header and on a header of two rows.

    :param above: rows passed over; :param header: rows of the header, as
        :class:`Line`
    """
    problems = []
    if above:
        problems.append(
            Problem(
                "rows_above_header",
                _("%(file)s: the header is in row %(row)s; above it are “%(value)s”."),
                _("The rows above it are not read; check that nothing in them counts."),
                value=" / ".join(line_of(line.cells) for line in above),
                file=file,
                row=header[0].number,
                severity=NOTE,
            )
        )
    if len(header) > 1:
        problems.append(
            Problem(
                "two_header_rows",
                _("%(file)s: rows %(row)s and %(second)s are a header of two rows."),
                _("They are read as one, as in “%(value)s”; check the columns."),
                value="”, “".join(columns[:4]),
                file=file,
                row=header[0].number,
                second=header[1].number,
                severity=NOTE,
            )
        )
    return problems


def _width(lines):
    """How many cells a row of the table fills: one that is wider alone is broken."""
    counts = Counter(len(filled_at(line.cells)) for line in lines)
    repeated = [count for count, times in counts.items() if times > 1 and count > 1]
    return max(repeated or counts or [0])


def _is_title(cells, width):
    """Whether a row is narrow enough to stand above the table."""
    filled = filled_at(cells)
    if len(filled) < 2:
        return width > 1
    if width == 3 and len(filled) == 2:
        value = cells[filled[1]]
        return is_typed(value) or text_of(cells[filled[0]]).endswith(":")
    return len(filled) <= width / 2


def _is_header(lines, index, width):
    """Whether the row names columns of what is below it."""
    cells, below = lines[index].cells, lines[index + 1 :]
    filled = filled_at(cells)
    if len(filled) < 2 or len(filled) < width / 2:
        return False
    if not _are_labels(cells, filled) or _recurs(cells, filled, below):
        return False
    if index and not below:
        return all(len(filled_at(line.cells)) == 1 for line in lines[:index])
    return index == 0 or width > 2 or _stands_out(cells, filled, below)


def _is_group(lines, index, width, merges):
    """Whether the row groups the labels of the next one.

    A first row of data under a header with nameless columns looks alike, so blanks
    alone are not enough: cells must be joined, or the labels below need the group to
    differ, or they stand out from values that are no words.
    """
    if index + 1 >= len(lines):
        return False
    group, names = lines[index], lines[index + 1]
    below = lines[index + 2 :]
    at, named = filled_at(group.cells), filled_at(names.cells)
    if (
        names.number != group.number + 1
        or not at
        or len(named) < max(2, width / 2)
        or set(range(named[-1] + 1)) - {*at, *named}
        or not _are_labels(group.cells, at)
        or not _are_labels(names.cells, named)
        or any(text_of(group.cells[one]).endswith(":") for one in at)
        or _recurs(names.cells, named, below)
    ):
        return False
    spans = _spans(group, merges)
    if spans and (len(at) > 1 or spans[0].first > 0):
        return True
    texts = [text_of(group.cells[one]) for one in at]
    labels = [text_of(names.cells[one]).casefold() for one in named]
    gap = len(at) > 1 and at[-1] - at[0] >= len(at)
    repeated = any(
        one + 1 == other and first == second
        for one, other, first, second in zip(at, at[1:], texts, texts[1:], strict=False)
    )
    stands_out = _stands_out(names.cells, named, below)
    doubled = len(labels) - len(set(labels))
    if doubled > 1 or doubled and stands_out:
        joined = [cell.casefold() for cell in header_cells([group, names], merges)]
        return (gap or repeated or at[0] > 0) and len(joined) == len(set(joined))
    return (gap or repeated) and stands_out


def _groups(group, width, merges):
    """The group above each column: up to where cells are joined, or the next group."""
    cells = group.cells
    width = max(width, len(cells))
    spans = _spans(group, merges)
    groups, current = [], ""
    for at in range(width):
        own = text_of(cells[at]) if at < len(cells) else ""
        inside = any(span.first < at <= span.last for span in spans)
        current = own or (current if inside or not spans else "")
        groups.append(current)
    return groups


def _spans(line, merges):
    """Cells of the row that are joined with those beside them, from the left."""
    return sorted(
        (
            merge
            for merge in merges
            if merge.first_row == line.number and merge.last > merge.first
        ),
        key=lambda merge: merge.first,
    )


def _are_labels(cells, filled):
    return all(is_label(cells[at]) for at in filled)


def _recurs(cells, filled, below):
    """Whether what the row holds is a value of the columns below it."""
    again = sum(
        any(
            at < len(line.cells) and text_of(line.cells[at]) == text_of(cells[at])
            for line in below
        )
        for at in filled
    )
    return again * 4 > len(filled)


def _stands_out(cells, filled, below):
    """Whether a column below a label holds no words."""
    for at in filled:
        values = [line.cells[at] for line in below if at < len(line.cells)]
        values = [value for value in values if text_of(value)]
        if values and sum(map(is_typed, values)) >= TYPED * len(values):
            return True
    return False
