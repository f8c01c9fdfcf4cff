"""Reads exports: CSV, XLSX, XLS, HTML, JSON and JSON lines; also in ZIP and folders."""

import os

from ..errors import Problem
from .archive import ZipContainer, inspect_zip
from .container import Container, FileContainer, FolderContainer, unreadable
from .csv_reader import iter_csv
from .discovery import discover
from .html_reader import iter_html
from .json_reader import iter_json, iter_jsonl
from .model import ERROR, NOTE, Discovery, Member, Row, Table
from .recognise import ZIP
from .xls_reader import iter_xls
from .xlsx_reader import iter_xlsx
from .xml_reader import iter_xml

__all__ = [
    "ERROR",
    "NOTE",
    "Container",
    "Discovery",
    "Member",
    "Row",
    "Table",
    "discover",
    "iter_rows",
    "open_container",
]

READERS = {
    "csv": iter_csv,
    "xlsx": iter_xlsx,
    "xls": iter_xls,
    "xml": iter_xml,
    "html": iter_html,
    "json": iter_json,
    "jsonl": iter_jsonl,
}


def open_container(path, name=None):
    """Open a file, a folder or a ZIP archive, told apart by content.

    :param str path: where it is
    :param str name: the name it was uploaded with, when ``path`` is another
    :return: a :class:`Container`, to be used as a context manager; what cannot be read
        in it is in its ``problems``
    :raises Problem: there is nothing at ``path``
    """
    name = name or os.path.basename(os.path.abspath(path))
    if os.path.isdir(path):
        return FolderContainer(path, name)
    try:
        with open(path, "rb") as stream:
            is_zip = stream.read(4).startswith(ZIP)
            kind = inspect_zip(stream) if is_zip else "file"
    except OSError as error:
        raise unreadable(name, error) from error
    if kind == "zip" or kind == "broken" and not name.lower().endswith(".xlsx"):
        return ZipContainer(path, name)
    return FileContainer(path, name)


def iter_rows(container, table):
    """The rows of a table, streamed: memory does not grow with their number.

    :param Container container: the one the table was discovered in
    :param Table table: one of :func:`discover`
    :return: iterator of :class:`Row`; when reading cannot go on, the last row carries
        the problem and no values
    """
    number = 0
    try:
        for row in READERS[table.format](container, table):
            number = row.number
            yield row
    except Problem as problem:
        yield Row(number + 1, {}, problem)
