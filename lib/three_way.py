"""Three-way merge of one value: as last imported, as the source says now, as in Odoo.

Values are plain: text, numbers, dates, booleans, and frozensets for lists of records.
None is “says nothing”.
"""

from typing import NamedTuple

KEEP = "keep"
WRITE = "write"
CONFLICT = "conflict"
EMPTIED = "emptied"


class Merged(NamedTuple):
    """What becomes of a value.

    :param outcome: ``KEEP`` what Odoo has, ``WRITE`` the value, or leave it to
        somebody: ``CONFLICT`` where both have changed it, ``EMPTIED`` where the source
        says nothing any more
    :param value: the value to write; what the source says where it is not decided
    """

    outcome: str
    value: object = None


def merge_value(base, source, odoo):
    """Merge the value that was imported with what the source and Odoo have now.

    :return: a :class:`Merged`; an empty source never erases
    """
    if same(base, source) or same(source, odoo):
        return Merged(KEEP)
    if source is None:
        return Merged(EMPTIED)
    if any(isinstance(one, frozenset) for one in (base, source, odoo)):
        return _merge_sets(base, source, odoo)
    if same(base, odoo):
        return Merged(WRITE, source)
    return Merged(CONFLICT, source)


def _merge_sets(base, source, odoo):
    """Add what the source has added, remove what it has removed; the rest stays."""
    base, odoo = base or frozenset(), odoo or frozenset()
    merged = (odoo | (source - base)) - (base - source)
    return Merged(KEEP) if merged == odoo else Merged(WRITE, merged)


def fill_value(base, source, odoo):
    """As :func:`merge_value` for a field that is only filled where it is empty."""
    if same(base, source) or not is_nothing(odoo) or is_nothing(source):
        return Merged(KEEP)
    return Merged(WRITE, source)


def same(one, other):
    """Whether two values mean the same; what is empty is nothing, as 0 is."""
    if is_nothing(one) and is_nothing(other):
        return True
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.split()) == " ".join(other.split())
    return one == other


def is_nothing(value):
    """Whether a value is empty: no text, no record, 0 or False."""
    return value is None or not value
