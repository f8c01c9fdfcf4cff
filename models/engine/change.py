"""What a change in the source is made of, on its way into Odoo."""

from dataclasses import dataclass, field

from ..loader.base import Item

# The record was deleted in Odoo, and changed in the source.
DELETED = "deleted"
# Somebody has to change it in Odoo.
BY_HAND = "by_hand"


@dataclass
class Found:
    """A value that somebody has to decide on.

    :param dict values: what to write when the source's is taken
    """

    kind: str
    name: str
    base: object
    odoo: object
    source: object
    values: dict = field(default_factory=dict)


@dataclass
class Change:
    """A record that is in Odoo and has changed in the source.

    It is handled as an :class:`Item` by the engine, which isolates those that fail.

    :param Item source: as the source says it is now
    :param Item base: as it was when it was loaded; None if that cannot be told any more
    :param dict values: what to write
    :param dict history: columns that are written after the ORM
    :param dict further: what else to write, by names that only the loader knows
    :param list found: :class:`Found`
    :param list changed: ``(model, id, before, after, along)`` of what was written;
        ``along`` is what else the journal keeps of it
    """

    record_id: int
    source_id: str
    target: tuple
    state: str
    source: Item
    base: Item = None
    values: dict = field(default_factory=dict)
    history: dict = field(default_factory=dict)
    found: list = field(default_factory=list)
    merged: set = field(default_factory=set)
    changed: list = field(default_factory=list)
    created: list = field(default_factory=list)
    further: dict = field(default_factory=dict)
    error: Exception = None
    # Its target stays, whatever fails.
    matched = True

    @property
    def external_id(self):
        """What ``x_source_id`` says."""
        return self.source.external_id

    def has_work(self):
        """Whether there is anything to write."""
        return bool(self.values or self.history or self.further)

    def keep_stamps(self, record):
        """Leave when, and by whom, ``record`` was changed last as it is."""
        self.history["write_date"] = record.write_date
        self.history["write_uid"] = record.write_uid.id or None

    def by_hand(self, before, now):
        """Ask for what cannot be merged to be changed by hand, naming the columns."""
        columns = {**before, **now}
        names = [one for one in columns if before.get(one) != now.get(one)]
        texts = [
            ", ".join(f"{name} = {one.get(name) or ''}" for name in names)
            for one in (before, now)
        ]
        self.found.append(Found(BY_HAND, "", texts[0], None, texts[1]))

    def fate(self):
        """What became of it: a counter's name of the run line."""
        if self.error:
            self.source.error = self.error
            return self.source.fate()
        return "updated" if self.changed or self.created else "skipped"
