"""Failed rows as a file that is corrected by hand and read again."""

import csv
import io
import json

#: Columns added to those of the source; ignored when the file comes back, but that
#: the last two say which row is corrected.
ERROR, FILE, ROW = "_error", "_file", "_row"
ADDED = (ERROR, FILE, ROW)


def source_columns(columns):
    """``columns`` (names, in order) without those that were added."""
    return [name for name in columns if name not in ADDED]


def split_row(values):
    """What a row says of the record, and which row it corrects.

    :param dict values: cells by column
    :return: the source's own cells, and ``(file, row)`` or None
    """
    own = {name: value for name, value in values.items() if name not in ADDED}
    file, row = values.get(FILE), str(values.get(ROW) or "").strip()
    return own, (file, int(row)) if file and row.isdecimal() else None


def flatten(payload):
    """``payload`` as cells: ``{"a": {"b": 1}}`` becomes ``{"a.b": 1}``.

    A mapping finds nested values under the dotted name, and splits lists at ``|``.
    """
    cells = {}
    for name, value in payload.items():
        if isinstance(value, dict):
            inner = flatten(value)
            cells.update({f"{name}.{key}": one for key, one in inner.items()})
        elif isinstance(value, list):
            cells[name] = "|".join(map(_text, value))
        else:
            cells[name] = _text(value)
    return cells


def set_cell(payload, column, value):
    """Set one cell of ``payload`` in place, named as :func:`flatten` names it."""
    while column not in payload and "." in column:
        outer, _dot, inner = column.partition(".")
        if not isinstance(payload.get(outer), dict):
            break
        payload, column = payload[outer], inner
    payload[column] = value


def _text(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def write_csv(columns, rows):
    """A CSV file for spreadsheet programs, as bytes: UTF-8 with its mark.

    :param columns: names of the columns, in order
    :param rows: iterable of dicts by column; absent cells are empty
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
