"""Rows to files: CSV, XLSX, JSON and JSON lines, one row in memory at a time."""

import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

# Excel's own limit, header included.
_SHEET_ROWS = 1_048_576


@dataclass(frozen=True)
class Dialect:
    """How a table writes its values.

    :param local: dates as ``31/12/2021`` and decimals as ``12.345,50``, both as
        text; otherwise ISO dates and a decimal point
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    local: bool = False


def _local_number(value):
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def _as_text(value, local):
    if type(value) is str:
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, datetime):
        if local:
            return f"{value:%d/%m/%Y %H:%M}"
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if local else value.isoformat()
    if local and isinstance(value, Decimal):
        return _local_number(value)
    return str(value)


def write_csv(stream, columns, rows, dialect):
    """Write a table to a binary ``stream``; returns the number of rows."""
    text = io.TextIOWrapper(stream, encoding=dialect.encoding, newline="")
    writer = csv.writer(text, delimiter=dialect.delimiter)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_as_text(row[name], dialect.local) for name in columns])
        count += 1
    text.flush()
    text.detach()
    return count


def _as_json(row, columns, dialect):
    values = {}
    for name in columns:
        value = row[name]
        if value == "":
            value = None
        elif isinstance(value, Decimal) and not dialect.local:
            value = float(value)
        elif isinstance(value, (date, Decimal)):
            value = _as_text(value, dialect.local)
        values[name] = value
    return json.dumps(values, ensure_ascii=False).encode()


def write_jsonl(stream, columns, rows, dialect):
    """Write one JSON object a line; returns the number of rows."""
    count = 0
    for row in rows:
        stream.write(_as_json(row, columns, dialect) + b"\n")
        count += 1
    return count


def write_json(stream, columns, rows, dialect):
    """Write one JSON array of objects; returns the number of rows."""
    count = 0
    for row in rows:
        stream.write(b",\n" if count else b"[\n")
        stream.write(_as_json(row, columns, dialect))
        count += 1
    stream.write(b"\n]\n" if count else b"[]\n")
    return count


def _as_cell(value, dialect):
    if value == "":
        return None
    if dialect.local and isinstance(value, (date, Decimal)):
        return _as_text(value, True)
    return value


class Workbook:
    """One XLSX workbook with a sheet a table, written row by row.

    openpyxl is imported here and not above, as only this format needs it.

    :raises ValueError: there is no openpyxl
    """

    def __init__(self):
        try:
            import openpyxl
        except ImportError as error:
            raise ValueError(
                "--format xlsx needs the Python package openpyxl"
            ) from error
        self._book = openpyxl.Workbook(write_only=True)

    def add(self, name, columns, rows, dialect):
        """Write a table to a new sheet; returns the number of rows.

        :raises ValueError: more rows than a sheet can hold
        """
        sheet = self._book.create_sheet(name)
        sheet.append(columns)
        count = 0
        for row in rows:
            count += 1
            if count >= _SHEET_ROWS:
                raise ValueError(
                    f"{name} has more rows than an Excel sheet can hold "
                    f"({_SHEET_ROWS - 1}); use csv or jsonl"
                )
            sheet.append([_as_cell(row[column], dialect) for column in columns])
        return count

    def save(self, stream):
        """Write the workbook to a binary ``stream``.

        openpyxl stamps the time of saving on the workbook and its members: they
        are copied with a fixed one, for equal seeds to give equal bytes.
        """
        with tempfile.TemporaryFile() as stamped, tempfile.TemporaryFile() as plain:
            self._book.save(stamped)
            _copy_without_time(stamped, plain)
            plain.seek(0)
            shutil.copyfileobj(plain, stream)


def _copy_without_time(stamped, plain):
    with zipfile.ZipFile(stamped) as made, zipfile.ZipFile(plain, "w") as book:
        for member in made.infolist():
            copy = zip_member(member.filename)
            with (
                made.open(member) as source,
                book.open(
                    copy, "w", force_zip64=member.file_size > zipfile.ZIP64_LIMIT
                ) as target,
            ):
                if member.filename == "docProps/core.xml":
                    target.write(_without_time(source.read()))
                else:
                    shutil.copyfileobj(source, target)


def _without_time(core):
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-01T00:00:00Z", core)


def zip_member(name):
    """A ZIP entry for ``name`` whose bytes do not depend on time or machine."""
    member = zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member
