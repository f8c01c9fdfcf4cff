"""Column names from a header row: on one line, present, unique."""

from ..errors import Problem, _
from .clean import clean_text
from .model import ERROR, NOTE


def name_columns(cells, file):
    """The columns of a header row and what had to be put right.

    :param cells: header cells of any type, in order
    :return: tuple of unique names, list of :class:`Problem`
    """
    names, problems, first = [], [], {}
    titles = [clean_text(_title(cell))[0].strip() for cell in cells]
    taken = {title for title in titles if title}
    for position, title in enumerate(titles, 1):
        if not title:
            name = _free(f"Column {position}", taken)
            problems.append(
                Problem(
                    "unnamed_column",
                    _("%(file)s: column %(position)s has no name in the header."),
                    _("It is called “%(field)s” here; map or ignore it."),
                    field=name,
                    file=file,
                    position=position,
                    severity=NOTE,
                )
            )
        elif title in first:
            name = _free(title, taken)
            problems.append(
                Problem(
                    "duplicate_header",
                    _(
                        "%(file)s: columns %(first)s and %(position)s are both named"
                        " “%(title)s”."
                    ),
                    _("The second is called “%(field)s” here; check which one counts."),
                    field=name,
                    file=file,
                    title=title,
                    first=first[title],
                    position=position,
                    severity=NOTE,
                )
            )
        else:
            name = title
            first[title] = position
        taken.add(name)
        names.append(name)
    return tuple(names), problems


def _title(cell):
    return "" if cell is None else " ".join(str(cell).strip("\ufeff").split())


def _free(name, taken):
    """``name``, or ``name (2)`` and so on when it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def check_columns(cells, table):
    """Refuse a header that is not the one the table was discovered with.

    :raises Problem: the file was replaced since
    """
    columns = name_columns(cells, table.name)[0]
    if columns != table.columns:
        raise Problem(
            "header_changed",
            _("%(file)s no longer has the columns that were found when it was read."),
            _("Look for the tables of the upload again, then check the mapping."),
            file=table.name,
            severity=ERROR,
        )


def empty_file(file):
    """The :class:`Problem` of a file or sheet without anything in it."""
    return Problem(
        "empty_file",
        _("%(file)s is empty."),
        _("Export it again; if there is nothing to export, leave it out."),
        file=file,
        severity=ERROR,
    )


def nothing_inside(file):
    """The :class:`Problem` of an archive or folder without anything in it."""
    return Problem(
        "nothing_inside",
        _("%(file)s holds nothing: no table, and no document."),
        _("Pack the export again, with its files inside."),
        file=file,
        severity=ERROR,
    )


def header_only(file):
    """The :class:`Problem` of a table with a header and no rows."""
    return Problem(
        "header_only",
        _("%(file)s has a header and no rows."),
        _("Nothing is migrated from it; check that the export was complete."),
        file=file,
        severity=NOTE,
    )


def ragged_row(file, number, cells, columns):
    """The :class:`Problem` of a row with other cells than the header."""
    return Problem(
        "ragged_row",
        _(
            "%(file)s, row %(row)s: the row has %(cells)s cells, the header has"
            " %(columns)s."
        ),
        _("Often a separator or a quote is not escaped; correct the row in the file."),
        file=file,
        row=number,
        cells=cells,
        columns=columns,
        severity=ERROR,
    )
