"""What a rollback gives back to one record, and the writes it takes back by that."""

from dataclasses import dataclass, field
from datetime import datetime

STAMPS = ("write_date", "write_uid")
# Why a field is not restored: a user has changed it since, Odoo refuses its value, or
# a later write that stays is above it.
CHANGED, REFUSED, LATER = "changed", "refused", "later"


@dataclass
class Write:
    """One journalled write to a record.

    :param set undone: fields that have been taken back already
    :param set kept: fields whose value a user has changed since
    :param bool mine: whether it is to be taken back now
    :param dict row: columns before and after, with what Odoo worked out along with it
    :param list gone: rows of other tables that went with it
    """

    id: int
    source_id: str
    mapping_id: int
    date: datetime
    before: dict
    after: dict
    mine: bool
    row: dict = None
    gone: list = field(default_factory=list)
    undone: set = field(default_factory=set)
    kept: set = field(default_factory=set)

    def has(self, name):
        """Whether it still counts for the field ``name``."""
        return name in self.after and name not in self.kept


@dataclass
class Restoration:
    """What to write to one record.

    :param dict values: by field name, as ``write`` takes them
    :param dict settled: ``{write id: {field: reason it was not restored, or None}}``
    :param dict stamps: when and by whom the record is said to be last changed
    :param list rows: columns before and after each write, the newest first
    :param bool force: whatever users have changed since
    :param set below: names in ``values`` of the time before all ``rows``
    :param list gone: rows of other tables that come back
    """

    values: dict
    settled: dict
    stamps: dict
    rows: list = field(default_factory=list)
    force: bool = False
    below: set = field(default_factory=set)
    gone: list = field(default_factory=list)

    def columns(self, now):
        """Columns to put back of the row that was ``now``, the record's values aside.

        One that has changed since, by a user or by what a user did, stays.
        """
        kept, back = self.kept() | set(STAMPS), {}
        for row in self.rows:
            for name in row["before"].keys() - kept:
                current = back.get(name, now.get(name))
                if self.force or current == row["after"][name]:
                    back[name] = row["before"][name]
        return back

    def kept(self):
        """Names of the fields that keep what users have given them."""
        return {
            name
            for fates in self.settled.values()
            for name, fate in fates.items()
            if fate == CHANGED
        }
