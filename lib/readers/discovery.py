"""Finding the tables and the documents of a container."""

import posixpath
from functools import partial

from ..errors import Problem, _
from .csv_reader import discover_csv
from .headers import empty_file, nothing_inside
from .html_reader import discover_html
from .json_reader import discover_json, discover_jsonl
from .model import ERROR, NOTE, Discovery
from .recognise import recognise
from .xls_reader import discover_xls, xlrd
from .xlsx_reader import discover_xlsx, workbook_broken, workbook_encrypted
from .xml_reader import discover_xml

#: Endings of files with rows, and what they promise.
ENDINGS = {
    ".csv": {"csv"},
    ".tsv": {"csv"},
    ".tab": {"csv"},
    ".xlsx": {"xlsx"},
    ".xlsm": {"xlsx"},
    ".xls": {"xls"},
    ".json": {"json", "jsonl"},
    ".jsonl": {"jsonl"},
    ".ndjson": {"jsonl"},
}
#: Endings of files that hold rows or are documents; only their content tells.
PAGES = {".html", ".htm"}
FORMATS = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "xls": "Excel 97-2003 (.xls)",
    "xml": "Excel 2003 (XML)",
    "html": "HTML",
    "json": "JSON",
    "jsonl": "JSON lines",
}
#: Formats of which a file holds any number of tables.
SEVERAL = {
    "xlsx": discover_xlsx,
    "xls": discover_xls,
    "xml": discover_xml,
    "html": discover_html,
    "json": discover_json,
}
DOCUMENT_FOLDERS = {"documents", "attachments", "files"}


def discover(container):
    """The tables and documents of a container, and what is wrong with it.

    :return: :class:`Discovery`; nothing is raised over a bad file
    """
    found = Discovery(problems=list(container.problems))
    for member in container.members():
        try:
            _look_at(container, member, found)
        except Problem as problem:
            found.problems.append((member.name, problem))
    if not (found.tables or found.documents or found.problems):
        found.problems.append((container.name, nothing_inside(container.name)))
    return found


def _look_at(container, member, found):
    name = member.name
    folders = name.lower().split("/")[:-1]
    ending = posixpath.splitext(name.lower())[1]
    if not DOCUMENT_FOLDERS.isdisjoint(folders):
        found.documents.append(member)
        return
    if ending not in ENDINGS and ending not in PAGES and container.kind != "file":
        found.documents.append(member)
        if ending == ".zip":
            found.problems.append((name, _nested_zip(name)))
        return
    kind = recognise(container, name)
    if kind == "zip":
        found.documents.append(member)
    if kind not in FORMATS:
        if ending in ENDINGS or kind in UNREADABLE:
            raise _unreadable(name, kind, ending)
        found.documents.append(member)
        return
    if kind == "xls" and (not xlrd or ending not in ENDINGS):
        # Old documents of other programs begin alike.
        if ending in ENDINGS:
            raise _old_format(name, kind)
        found.documents.append(member)
        return
    tables, problems = _tables(container, name, kind)
    if kind == "html" and not tables:
        if ending in ENDINGS:
            raise _old_format(name, kind)
        found.documents.append(member)
        return
    if kind == "csv" and _is_prose(tables, problems, ending):
        if ending in ENDINGS:
            raise _not_a_table(name, ending, "text")
        found.documents.append(member)
        return
    found.tables += tables
    if ending in ENDINGS and kind not in ENDINGS[ending]:
        problems.insert(0, _mismatch(name, kind, ending))
    found.problems += [(name, problem) for problem in problems]


def _tables(container, name, kind):
    if kind in SEVERAL:
        return SEVERAL[kind](container, name)
    discover_one = discover_csv if kind == "csv" else discover_jsonl
    table, problems = discover_one(container, name)
    return [table] if table else [], problems


def _is_prose(tables, problems, ending):
    """Whether text is no table, though it can be read as one, and no name says so."""
    if "csv" in ENDINGS.get(ending, ()):
        return False
    doubts = {"header_only", "single_column", "unnamed_column"}
    return all(len(table.columns) < 2 for table in tables) or not doubts.isdisjoint(
        problem.code for problem in problems
    )


def _mismatch(name, kind, ending):
    return Problem(
        "name_content_mismatch",
        _("%(file)s ends in %(ending)s, but its content is %(actual)s."),
        _("It was read as %(actual)s; check that it is the file you meant."),
        file=name,
        ending=ending,
        actual=FORMATS[kind],
        severity=NOTE,
    )


def _not_a_table(name, ending, kind):
    return Problem(
        "not_a_table",
        _("%(file)s ends in %(ending)s, but its content is %(actual)s, without rows."),
        _("Export the table again, or move the file to a folder named documents."),
        file=name,
        ending=ending,
        actual=kind,
        severity=ERROR,
    )


def _nested_zip(name):
    return Problem(
        "nested_zip",
        _("%(file)s is an archive inside the archive; it is kept as a document."),
        _("If it holds tables, unpack it and upload it by itself."),
        file=name,
        severity=NOTE,
    )


def _old_format(name, kind):
    actual = {
        "xls": "Excel 97-2003 (.xls)",
        "xlsb": "Excel binary (.xlsb)",
        "ods": "OpenDocument (.ods)",
        "html": "HTML",
        "other_xml": "XML",
    }[kind]
    return Problem(
        "format_unsupported",
        _("%(file)s is %(actual)s, which is not read."),
        _("Open it in a spreadsheet program and save it as XLSX or CSV."),
        file=name,
        actual=actual,
        severity=ERROR,
    )


#: Problems of content that was meant as tables, whatever the file is named.
UNREADABLE = {
    "empty": empty_file,
    "encrypted": workbook_encrypted,
    "broken": partial(workbook_broken, error="ZIP"),
    "zip": _nested_zip,
}
SPREADSHEETS = {"xlsb", "ods", "other_xml"}


def _unreadable(name, kind, ending):
    if kind in UNREADABLE:
        return UNREADABLE[kind](name)
    if kind in SPREADSHEETS:
        return _old_format(name, kind)
    return _not_a_table(name, ending, kind)
