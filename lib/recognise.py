"""Which object of a source a table holds, told by its name and its columns."""

from dataclasses import dataclass
from fnmatch import fnmatch

from .values.names import match_key

# A table whose name fits is believed with fewer known columns than one that is told
# by its columns alone.
_NAMED, _UNNAMED = 0.3, 0.6


@dataclass(frozen=True)
class Shape:
    """What is known of an object's table.

    :param key: what :func:`recognise` answers with
    :param patterns: file or sheet names, ``*`` standing for anything
    :param identifiers: sets of names, one of each has to be a column
    :param columns: all names, synonyms included, a column may have
    :param filter_column: column whose value says which rows belong, or empty
    """

    key: object
    patterns: tuple
    identifiers: tuple
    columns: frozenset
    filter_column: str = ""


def column_keys(names):
    """Comparable forms of column names."""
    return frozenset(match_key(name) for name in names)


def recognise(name, columns, shapes):
    """Keys of the objects that the table ``name`` with ``columns`` holds.

    Several only where they share a table that is divided by a filter column.
    """
    keys = column_keys(columns)
    scored = [(_score(name, keys, shape), shape) for shape in shapes]
    best = max((score for score, _shape in scored), default=0)
    if not best:
        return []
    winners = [shape for score, shape in scored if score == best]
    if len(winners) == 1 or all(shape.filter_column for shape in winners):
        return [shape.key for shape in winners]
    return []


def _score(name, keys, shape):
    if not keys or not all(names & keys for names in shape.identifiers):
        return 0
    if shape.filter_column and match_key(shape.filter_column) not in keys:
        return 0
    known = len(keys & shape.columns) / len(keys)
    named = any(
        fnmatch(stem, pattern) for stem in stems(name) for pattern in shape.patterns
    )
    needed = _NAMED if named else _UNNAMED
    return known + named if known >= needed else 0


def stems(name):
    """Names a table goes by: ``export/Contacts.csv:Sheet1`` → contacts, sheet1."""
    member, _colon, part = name.partition(":")
    stem = member.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    parts = [stem, *part.split(".")]
    return [one.strip().lower().replace(" ", "_") for one in parts if one]
