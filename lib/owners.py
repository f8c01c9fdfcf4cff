"""Who a text names: one person, several, or nobody.

Exact evidence only: an id, an e-mail address, a login, or the whole name. What the
stronger evidence has decided, the weaker one is not asked about.
"""

from collections import Counter
from dataclasses import dataclass, field

from .errors import Problem
from .values.booleans import parse_boolean
from .values.names import match_key, name_last_first
from .values.text import email

# What exports say of colleagues that have left, besides no.
_GONE = frozenset(
    "archived blocked deactivated deleted disabled former gesperrt inactive left "
    "locked removed suspended terminated".split()
)


@dataclass(frozen=True)
class Person:
    """One owner, or one user, by all that a text may name it.

    :param ref: what :meth:`Directory.find` gives
    :param active: of several with one address, the only active one is meant
    """

    ref: object
    keys: tuple = ()
    emails: tuple = ()
    logins: tuple = ()
    names: tuple = ()
    active: bool = True


@dataclass
class Text:
    """A writing in owner columns, and how many records have it: ``{object: count}``."""

    writing: str
    counts: Counter = field(default_factory=Counter)


@dataclass
class Listed:
    """One owner as it is listed.

    :param texts: ``{match_key: Text}`` of the writings that name it
    :param several: keys of the owners that the text may be, where it is not clear
    :param how: evidence for ``users``: ``email``, ``login``, ``name`` or empty
    :param users: the users found; exactly one decides
    :param given: whether the source has a record of this owner
    """

    key: str
    name: str
    email: str | None = None
    active: bool = True
    given: bool = False
    texts: dict = field(default_factory=dict)
    several: tuple = ()
    how: str = ""
    users: tuple = ()

    @property
    def counts(self):
        return sum((text.counts for text in self.texts.values()), Counter())


def address(text):
    """The e-mail address a text is, or holds in brackets; None without one."""
    if not text or "@" not in text:
        return None
    try:
        return email(text)
    except Problem:
        return None


def name_form(text):
    """A form that ``Anna Berg``, ``Berg, Anna`` and ``anna.berg`` have in common."""
    return match_key(name_last_first(text)) if text else None


def is_active(value):
    """Whether an owner is active by what the source says; it is unless that says no."""
    try:
        return parse_boolean(value) is not False
    except Problem:
        return match_key(value) not in _GONE


class Directory:
    """Finds :class:`Person` by a text."""

    def __init__(self, people):
        self._by = {"key": {}, "email": {}, "login": {}, "name": {}}
        self._active = set()
        for person in people:
            if person.active:
                self._active.add(person.ref)
            self._add("key", map(match_key, person.keys), person.ref)
            self._add("email", map(_login_form, person.emails), person.ref)
            self._add("login", map(_login_form, person.logins), person.ref)
            self._add("name", map(name_form, person.names), person.ref)

    def _add(self, kind, forms, ref):
        for form in filter(None, forms):
            self._by[kind].setdefault(form, {})[ref] = None

    def find(self, *texts):
        """``(evidence, refs)`` for texts about one person; ``("", ())`` for nobody.

        Addresses and logins of all texts are asked about before any name is.
        """
        texts = [text for text in texts if text]
        for text in texts:
            if found := self._by["key"].get(match_key(text)):
                return "key", tuple(found)
        for text in texts:
            forms = {address(text), _login_form(text)}
            by_email = self._found("email", forms)
            if found := {**by_email, **self._found("login", forms)}:
                return "email" if by_email else "login", self._prefer(found)
        for text in texts:
            if found := self._by["name"].get(name_form(text)):
                return "name", tuple(found)
        return "", ()

    def _found(self, kind, forms):
        found = {}
        for form in forms:
            found.update(self._by[kind].get(form, {}))
        return found

    def _prefer(self, found):
        active = [ref for ref in found if ref in self._active]
        return tuple(active) if len(active) == 1 else tuple(found)


def _login_form(text):
    return " ".join(text.casefold().split()) if text else None


def list_owners(people, texts, users):
    """The owners of an export as :class:`Listed`, one for each person.

    :param people: :class:`Listed` made from the source's own records of owners
    :param texts: iterable of :class:`Text`
    :param users: :class:`Directory` of Odoo's users

    A text that may be several of ``people`` is listed by itself. Texts that no record
    of an owner explains are one person where they are one name or one address, or
    where Odoo has exactly one user for each of them and it is the same one.
    """
    known = Directory(
        Person(
            number,
            keys=(one.key,),
            emails=(one.email,),
            names=(one.name,),
        )
        for number, one in enumerate(people)
    )
    for one in people:
        one.how, one.users = users.find(one.email, one.key, one.name)
    by_user = {}
    for one in people:
        if len(one.users) == 1:
            by_user.setdefault(one.users[0], []).append(one)
    listed, loose = list(people), {}
    for text in texts:
        key = match_key(text.writing)
        _how, hits = known.find(text.writing)
        if len(hits) == 1:
            people[hits[0]].texts[key] = text
        elif hits:
            listed.append(_unclear(key, text, [people[hit].key for hit in hits]))
        else:
            _take(loose, by_user, users, key, text)
    return listed + [_name_it(one) for one in loose.values()]


def _unclear(key, text, keys):
    return Listed(
        key=text.writing,
        name=text.writing,
        texts={key: text},
        several=tuple(keys),
    )


def _take(loose, by_user, users, key, text):
    """Put a text to the person Odoo's users tell it is, or to one of its own."""
    how, found = users.find(text.writing)
    if len(found) == 1:
        candidates = by_user.get(found[0], [])
        if len(candidates) == 1:
            candidates[0].texts[key] = text
            return
        person = ("user", found[0])
    else:
        person = ("text", address(text.writing) or name_form(text.writing))
    one = loose.get(person)
    if not one:
        one = loose[person] = Listed(key="", name="", how=how, users=found)
    elif _RANK[how] < _RANK[one.how]:
        one.how = how
    one.texts[key] = text


_RANK = {"email": 0, "login": 1, "name": 2, "": 3}


def _name_it(one):
    """Key, name and e-mail of an owner that only columns of records name."""
    texts = sorted(
        one.texts.values(),
        key=lambda text: (
            not address(text.writing),
            -text.counts.total(),
            text.writing,
        ),
    )
    one.key = texts[0].writing
    one.email = address(one.key)
    names = [text.writing for text in texts if not address(text.writing)]
    one.name = name_last_first(names[0]) if names else one.key
    return one
