"""Tables in JSON documents and in JSON lines."""

import json

from ..errors import Problem, _
from .clean import clean_row, clean_text
from .encoding import detect_encoding, open_text
from .headers import empty_file
from .json_stream import (
    DECODER,
    MAX_VALUE,
    SUSPICIOUS,
    JsonStream,
    json_broken,
    walk,
)
from .model import ERROR, NOTE, Row, Table

#: Objects looked at for the names of columns; keys seen later are still delivered.
SAMPLE_OBJECTS = 1000


def discover_json(container, member):
    """The tables of a JSON document: its arrays of objects.

    :return: list of :class:`Table`, list of :class:`Problem`
    """
    with container.open(member) as stream:
        encoding = detect_encoding(stream)
    found, problems = {}, []
    with open_text(container.open(member), encoding) as text:
        try:
            for path, index, value, _dirty in walk(JsonStream(text, member)):
                if index == 0:
                    found.setdefault(path, _Columns())
                elif not found[path].add(value) and not path:
                    break
        except Problem as problem:
            problems.append(problem)
    tables = []
    for path, columns in found.items():
        table = Table(
            member=member,
            format="json",
            path=clean_text(path)[0],
            columns=columns.names(),
            encoding=encoding,
        )
        if columns.objects:
            tables.append(table)
        elif not columns.seen and not problems:
            problems.append(_no_rows(table.name))
    if not tables and not problems:
        problems.append(_no_table(member))
    return tables, problems


def discover_jsonl(container, member):
    """The table of a file of JSON lines.

    :return: :class:`Table` or None, list of :class:`Problem`
    """
    with container.open(member) as stream:
        encoding = detect_encoding(stream)
    columns, first = _Columns(), None
    with open_text(container.open(member), encoding) as text:
        for _number, line in _lines(text):
            try:
                if not columns.add(DECODER.decode(line)):
                    break
            except json.JSONDecodeError as error:
                first = first or json_broken(member, _number, error.pos + 1, error.msg)
            except RecursionError:
                continue
    if not columns.objects:
        return None, [first or empty_file(member)]
    table = Table(
        member=member, format="jsonl", columns=columns.names(), encoding=encoding
    )
    return table, []


def iter_json(container, table):
    """The elements of the table's array, as :class:`Row`.

    A document that breaks gives a last row with the problem and no values.
    """
    number = 0
    with open_text(container.open(table.member), table.encoding) as text:
        try:
            for path, index, value, dirty in walk(JsonStream(text, table.member)):
                if index and clean_text(path)[0] == table.path:
                    number = index
                    yield _row(table, index, value, dirty)
        except Problem as problem:
            yield Row(number + 1, {}, problem)


def iter_jsonl(container, table):
    """The lines of the table, as :class:`Row`; a broken line stands alone."""
    with open_text(container.open(table.member), table.encoding) as text:
        for number, line in _lines(text):
            try:
                if len(line) >= MAX_VALUE:
                    raise json_broken(table.member, number, 1, "line too long")
                value = DECODER.decode(line)
            except json.JSONDecodeError as error:
                reason = json_broken(table.member, number, error.pos + 1, error.msg)
                yield Row(number, {}, reason)
            except RecursionError:
                reason = json_broken(table.member, number, 1, "nested too deeply")
                yield Row(number, {}, reason)
            else:
                yield _row(table, number, value, SUSPICIOUS.search(line) is not None)


def _lines(text):
    """Pairs of line number and line, blank lines left out."""
    number = 0
    while line := text.readline(MAX_VALUE):
        number += 1
        if line.strip():
            yield number, line.strip()


def _row(table, number, value, dirty):
    if not isinstance(value, dict):
        return Row(number, {}, _no_object(table.name, number, value))
    problem = None
    if dirty:
        problem = clean_row(value, table.name, number, table.encoding)
    return Row(number, value, problem)


class _Columns:
    """The keys of the objects seen, in the order they first came."""

    def __init__(self):
        self._names = {}
        self.seen = 0
        self.objects = 0

    def add(self, value):
        """Note an element; False when enough were seen."""
        self.seen += 1
        if self.seen <= SAMPLE_OBJECTS and isinstance(value, dict):
            self.objects += 1
            self._names.update(dict.fromkeys(value))
        return self.seen < SAMPLE_OBJECTS

    def names(self):
        """The columns."""
        return tuple(dict.fromkeys(clean_text(name)[0] for name in self._names))


def _no_object(file, number, value):
    return Problem(
        "json_no_object",
        _("%(file)s, row %(row)s: %(value)s is not an object with named values."),
        _("Correct the element in the source, or leave it out."),
        value=clean_text(str(value))[0],
        file=file,
        row=number,
        severity=ERROR,
    )


def _no_rows(file):
    return Problem(
        "no_rows",
        _("%(file)s is an empty list."),
        _("Nothing is migrated from it; check that the export was complete."),
        file=file,
        severity=NOTE,
    )


def _no_table(file):
    return Problem(
        "json_no_table",
        _("%(file)s holds no list of records."),
        _("Upload JSON whose top level, or a value in it, is a list of objects."),
        file=file,
        severity=ERROR,
    )
