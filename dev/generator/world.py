"""Who is who: names, references and times, each computed from the seed alone."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import gcd

from . import words
from .dice import mix
from .layout import KIND_OF_TABLE, record_id

# Times are computed as seconds since this one; nothing is older than its morning
# or younger than _END.
MIDNIGHT = datetime(2015, 1, 5)
_START = 7 * 3600
_END = int((datetime(2026, 10, 30, 17, 0) - MIDNIGHT).total_seconds())

# zipfile keeps the directory of an archive in memory, so documents alone do not
# grow with the scale for ever; --files asks for more.
MOST_FILES = 20_000

_RELATED = {
    "activities": ("deals", "deals", "contacts", "companies"),
    "notes": ("deals", "contacts", "companies"),
    "files": ("deals", "contacts", "companies"),
}


@dataclass(frozen=True)
class Sizes:
    """How many records of each kind an export holds."""

    companies: int
    contacts: int
    deals: int
    activities: int
    notes: int
    files: int

    @classmethod
    def from_scale(cls, scale, **given):
        """Sizes in realistic proportion to ``scale`` contacts.

        :param given: sizes that are set by name and not ``None``
        """
        sizes = {
            "companies": -(-scale // 3),
            "contacts": scale,
            "deals": scale * 4 // 5,
            "activities": scale * 6 // 5,
            "notes": scale * 9 // 10,
            "files": min(scale // 10, MOST_FILES),
        }
        sizes.update({kind: n for kind, n in given.items() if n is not None})
        return cls(**sizes)


def ascii_slug(text):
    """``text`` in lower-case ASCII letters and hyphens, for addresses."""
    text = text.replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(plain.lower().split())


def _in_working_hours(seconds):
    """The same day between 7:00 and 17:00; earlier stays earlier.

    :param seconds: since ``MIDNIGHT``, as the result
    """
    day, second = divmod(seconds, 86400)
    return day * 86400 + 7 * 3600 + second * 10 // 24


def _shuffled(items, seed, topic):
    places = sorted(range(len(items)), key=lambda place: mix(seed, topic, place + 2))
    return [items[place] for place in places]


class _Pairs:
    """Walks all pairs of two lists in a shuffled order, each pair once a round."""

    def __init__(self, seed, topic, first, second):
        self._first = _shuffled(first, seed, topic)
        self._second = _shuffled(second, seed, topic)
        self._count = len(first) * len(second)
        step = mix(seed, topic, 0) % self._count
        while gcd(step, self._count) != 1:
            step += 1
        self._step = step
        self._offset = mix(seed, topic, 1) % self._count

    def at(self, index):
        """``(first, second, round)`` at ``index``; unique for every index."""
        place = (index * self._step + self._offset) % self._count
        left, right = divmod(place, len(self._second))
        return self._first[left], self._second[right], index // self._count


class World:
    """The references between the records of one export.

    :param int seed: same seed, same world
    :param Sizes sizes: records of each kind
    :param owners: e-mail addresses of the users that own records
    """

    def __init__(self, seed, sizes, owners):
        self.seed = seed
        self.sizes = sizes
        self.owners = tuple(owners)
        self._people = _Pairs(seed, "people", words.FIRST_NAMES, words.LAST_NAMES)
        self._firms = _Pairs(seed, "firms", words.COMPANY_FIRST, words.COMPANY_SECOND)
        self._related = {
            table: tuple(kind for kind in kinds if getattr(sizes, kind))
            for table, kinds in _RELATED.items()
        }
        for table, kinds in self._related.items():
            if getattr(sizes, table) and not kinds:
                raise ValueError(
                    f"{table} need at least one company, contact or deal to hang on"
                )

    def owner(self, table, index):
        """E-mail of the record's owner; the first owner has more than half."""
        draw = mix(self.seed, "owner of " + table, index)
        if draw & 1:
            return self.owners[0]
        return self.owners[(draw >> 1) % len(self.owners)]

    def country(self, company):
        """The row of ``words.COUNTRIES`` where the company sits."""
        return words.COUNTRIES[
            mix(self.seed, "country", company) % len(words.COUNTRIES)
        ]

    def company_name(self, company):
        """Name of the company, unique in the export."""
        first, second, turn = self._firms.at(company)
        suffixes = self.country(company)[1]
        suffix = suffixes[mix(self.seed, "suffix", company) % len(suffixes)]
        number = f" {turn + 1}" if turn else ""
        return f"{first} {second}{number} {suffix}"

    def company_domain(self, company):
        """Web domain of the company, unique in the export, under ``.example``."""
        first, second, turn = self._firms.at(company)
        number = f"-{turn + 1}" if turn else ""
        return f"{ascii_slug(first)}-{ascii_slug(second)}{number}.example"

    def parent_company(self, company):
        """Index of the parent company, or ``None``; at most three levels, no cycle.

        Parents may stand after their children in the file, as in real exports.
        """
        level = self._level(company)
        draw = mix(self.seed, "parent", company)
        if not level or draw % 100 >= 15:
            return None
        parent = (draw >> 8) % self.sizes.companies
        return parent if self._level(parent) < level else None

    @staticmethod
    def _level(company):
        return (0, 1, 1, 2, 2, 2, 2, 2, 2, 2)[company % 10]

    def person(self, contact):
        """``(first name, last name, e-mail)`` of a contact; the e-mail is unique."""
        first, last, turn = self._people.at(contact)
        company = self.primary_company(contact)
        if company is None:
            domain = ("example.com", "example.org", "example.net")[contact % 3]
            domain = "mail." + domain
        else:
            domain = self.company_domain(company)
        number = str(turn + 1) if turn else ""
        return first, last, f"{ascii_slug(first)}.{ascii_slug(last)}{number}@{domain}"

    def primary_company(self, contact):
        """Index of the contact's primary company, or ``None`` for one in ten."""
        draw = mix(self.seed, "primary", contact)
        if not self.sizes.companies or draw % 10 == 0:
            return None
        return (draw >> 8) % self.sizes.companies

    def links(self, contact):
        """``[(company index, is primary)]`` of a contact, the primary one first."""
        primary = self.primary_company(contact)
        if primary is None:
            return []
        found = [(primary, True)]
        draw = mix(self.seed, "links", contact)
        for shift, share in ((0, 12), (20, 3)):
            other = (draw >> (shift + 8)) % self.sizes.companies
            if (draw >> shift) % 100 < share and other not in dict(found):
                found.append((other, False))
        return found

    def deal_contact(self, deal):
        """Index of the deal's contact, or ``None``."""
        draw = mix(self.seed, "deal contact", deal)
        if not self.sizes.contacts or draw % 20 == 0:
            return None
        return (draw >> 8) % self.sizes.contacts

    def deal_company(self, deal):
        """Index of the deal's company: its contact's one where there is a contact."""
        contact = self.deal_contact(deal)
        if contact is not None:
            return self.primary_company(contact)
        if not self.sizes.companies:
            return None
        return mix(self.seed, "deal company", deal) % self.sizes.companies

    def related(self, table, index):
        """``(table, index)`` of what an activity, note or file hangs on."""
        if table == "files":
            note = self.note_of_file(index)
            if note is not None:
                return self.related("notes", note)
        kinds = self._related[table]
        draw = mix(self.seed, "related of " + table, index)
        kind = kinds[draw % len(kinds)]
        return kind, (draw >> 8) % getattr(self.sizes, kind)

    def related_columns(self, table, index):
        """The same as the export writes it: ``related_type`` and ``related_id``."""
        kind, related = self.related(table, index)
        return {
            "related_type": KIND_OF_TABLE[kind],
            "related_id": record_id(kind, related),
        }

    def note_of_file(self, file):
        """Index of the note a file came with; every second file hangs on none."""
        if file % 2 or not self.sizes.notes:
            return None
        return file * self.sizes.notes // self.sizes.files

    def files_of_note(self, note):
        """Indexes of the note's files; the inverse of :meth:`note_of_file`."""
        files, notes = self.sizes.files, self.sizes.notes
        first = -(-note * files // notes)
        last = -(-(note + 1) * files // notes)
        return [file for file in range(first, last) if file % 2 == 0]

    def created(self, table, index):
        """When a record was made, never before what it refers to."""
        return MIDNIGHT + timedelta(seconds=self._created(table, index))

    def _created(self, table, index):
        earliest = _START
        if table == "deals":
            contact = self.deal_contact(index)
            if contact is not None:
                earliest = self._created("contacts", contact)
        elif table in _RELATED:
            kind, related = self.related(table, index)
            earliest = self._created(kind, related)
        draw = (mix(self.seed, "created " + table, index) >> 11) / (1 << 53)
        # Masters are older than what happens around them, so the square.
        if table in KIND_OF_TABLE:
            draw *= draw
        moment = earliest + int(draw * (_END - earliest))
        return max(earliest, _in_working_hours(moment))

    def later(self, moment, share):
        """A moment between ``moment`` and the end; ``share`` 0..1 of the way."""
        start = int((moment - MIDNIGHT).total_seconds())
        found = start + int(max(_END - start, 0) * share)
        return MIDNIGHT + timedelta(seconds=max(start, _in_working_hours(found)))
