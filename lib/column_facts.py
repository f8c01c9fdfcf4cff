"""What all values of one source column say, told from groups of values alike."""

from dataclasses import dataclass, field
from datetime import date

from .errors import Problem
from .profile import EXCEL, ColumnProfile
from .values.dates import parse_date

#: No CRM has records from before, and nothing is planned for later.
FIRST_YEAR, LAST_YEAR = 1990, 2050
#: Lengths at which systems cut texts.
LIMITS = (255, 256, 500, 512, 1000, 1024, 2000, 4000, 32_000, 32_767, 65_535, 131_072)
_EXAMPLES = 5


@dataclass
class Days:
    """How the values of a column read as dates; records, and examples of each."""

    impossible: int = 0
    ambiguous: int = 0
    early: int = 0
    late: int = 0
    examples: dict = field(default_factory=dict)

    def count(self, name, value, records):
        """Count ``records`` of the kind ``name`` with ``value``."""
        setattr(self, name, getattr(self, name) + records)
        examples = self.examples.setdefault(name, [])
        if len(examples) < _EXAMPLES:
            examples.append(value)


class ColumnFacts:
    """The facts of one column, fed by groups of values that are alike.

    ``profile`` has what the values have in common, without the words for nothing;
    ``total`` is the number of records.
    """

    def __init__(self):
        self.profile = ColumnProfile()
        self.samples = []
        self.total = 0
        self._piles = {}
        self._emails = 0
        self._urls = 0
        self._groups = []

    def add(self, key, low, high, records, distinct, longest, lines, emails, urls):
        """Take a group of values into account; see ``MigrationColumnFacts._groups``."""
        self.total += records
        if key == "empty":
            return
        self._emails += emails
        self._urls += urls
        if key.startswith("long "):
            self._piles[longest] = records
        self._groups.append((low, records))
        kind = "text" if key == "text" else None
        if low == high:
            self.profile.add(low, records, distinct, longest, lines, kind)
        else:
            self.profile.add(low, records - 1, distinct - 1, longest, lines, kind)
            self.profile.add(high, 1, 1, longest, lines, kind)

    @property
    def filled(self):
        """Records with a value, words for nothing left out."""
        return self.profile.filled

    def cut(self):
        """``(length, records)`` where the longest values have just a usual limit."""
        longest = self.profile.longest
        records = self._piles.get(longest, 0)
        return (longest, records) if records > 1 else None

    def values(self):
        """The facts as the lines of a mapping keep them."""
        profile = self.profile
        return {
            "fill_rate": profile.filled / self.total if self.total else 0,
            "samples": " · ".join(self.samples),
            "distinct_count": profile.distinct,
            "longest": profile.longest,
            "type_seen": self.type_seen(),
        }

    def type_seen(self):
        """What the values look like: a key of the lines' ``type_seen``, or False."""
        profile = self.profile
        if not profile.filled:
            return False
        found = profile.ttype()
        if found in ("char", "text"):
            if self._emails == profile.filled:
                return "email"
            if self._urls == profile.filled:
                return "url"
            if profile.exceptions():
                return "mixed"
        return found

    def unfit(self, fits):
        """``(records, examples)`` of the values for which ``fits(value)`` is false."""
        odd = [(value, records) for value, records in self._groups if not fits(value)]
        examples = [value for value, _records in odd[:_EXAMPLES]]
        return sum(records for _value, records in odd), examples

    def days(self, order):
        """:class:`Days` of the values, read with ``order``; ``excel`` is one, too."""
        excel = order == EXCEL
        found = Days()
        for value, records in self._groups:
            try:
                day = parse_date(value, None if excel else order or None, excel=excel)
            except Problem as problem:
                ambiguous = problem.code == "date_ambiguous"
                found.count("ambiguous" if ambiguous else "impossible", value, records)
            else:
                if day < date(FIRST_YEAR, 1, 1):
                    found.count("early", value, records)
                elif day.year > LAST_YEAR:
                    found.count("late", value, records)
        return found
