"""How the pages of a list follow each other.

A paginator gives the state of the first page, changes the question for the page of a
state, and tells the state after a page: JSON-able, None at the end. Each takes the
dotted names of what it needs from the endpoint's options.
"""

import re
from urllib.parse import urljoin

from . import problems
from .paths import find, put


class Paginator:
    """All at once; the base of the others.

    :param dict options: of the endpoint
    :param int size: records wanted a page
    """

    first = 0
    names = {}

    def __init__(self, options, size):
        self.options = {**self.names, **options}
        self.size = size

    def ask(self, question, state):
        """Put the page of ``state`` into ``question``, with its size."""

    def after(self, state, reply, document, records):
        """The state of the next page, None where this was the last."""
        return None

    def _size(self, question):
        if self.options.get("size"):
            put(question.values, self.options["size"], self.size)

    def _is_last(self, document, records, seen):
        """Whether the reply says that it is the last, None where it does not say.

        ``seen`` are the records so far, with this page.
        """
        if self.options.get("more"):
            return not find(document, self.options["more"])
        if self.options.get("total"):
            total = find(document, self.options["total"])
            if isinstance(total, str) and total.isdecimal():
                total = int(total)
            if isinstance(total, int):
                return seen >= total
        return None if records else True


class Offset(Paginator):
    """So many records are skipped. Without a total it ends with an empty page.

    Options: ``offset``, ``size`` names; ``more`` or ``total`` paths in the reply.
    """

    names = {"offset": "offset", "size": "limit"}

    def ask(self, question, state):
        """Skip as many as ``state``."""
        self._size(question)
        put(question.values, self.options["offset"], state)

    def after(self, state, reply, document, records):
        """Skip those of this page as well."""
        seen = state + len(records)
        return None if self._is_last(document, records, seen) else seen


class Page(Paginator):
    """Pages have numbers. Without a total it ends with an empty page.

    Options: ``page``, ``size`` names; ``first`` number; ``more``, ``total`` or
    ``pages`` (number of the last) paths in the reply.
    """

    names = {"page": "page", "size": "per_page", "first": 1}

    @property
    def first(self):
        """Number of the first page, and the records before it."""
        return [self.options["first"], 0]

    def ask(self, question, state):
        """The page of that number."""
        self._size(question)
        put(question.values, self.options["page"], state[0])

    def after(self, state, reply, document, records):
        """The next number."""
        page, seen = state[0], state[1] + len(records)
        last = self._is_last(document, records, seen)
        pages = find(document, self.options.get("pages") or "-")
        if isinstance(pages, int) and not self.options.get("more"):
            last = page >= pages
        return None if last else [page + 1, seen]


class Cursor(Paginator):
    """The reply gives a word for the next page.

    Options: ``cursor``, ``size`` names; ``next`` path of the word; ``more`` path.
    """

    first = None
    names = {"cursor": "cursor", "size": "limit", "next": "next_cursor"}

    def ask(self, question, state):
        """The page of that word."""
        self._size(question)
        if state is not None:
            put(question.values, self.options["cursor"], state)

    def after(self, state, reply, document, records):
        """The word in the reply, none or empty at the end."""
        if self.options.get("more") and not find(document, self.options["more"]):
            return None
        word = find(document, self.options["next"])
        return None if word in (None, "", False) else word


class NextUrl(Paginator):
    """The reply gives the address of the next page. Option: ``next`` path."""

    first = None
    names = {"size": "limit", "next": "next"}

    def ask(self, question, state):
        """The first page, or that address as it is."""
        if state is None:
            self._size(question)
        else:
            question.path, question.complete = state, True

    def after(self, state, reply, document, records):
        """The address in the reply."""
        target = self._target(reply, document)
        if target and not isinstance(target, str):
            raise problems.unexpected(reply.url, "the next address is no text")
        return urljoin(reply.url, target) if target else None

    def _target(self, reply, document):
        return find(document, self.options["next"])


class Link(NextUrl):
    """The address of the next page is in the header ``Link``."""

    def _target(self, reply, document):
        header = reply.headers.get("Link") or ""
        for target, rest in re.findall(r"<([^>]*)>([^<]*)", header):
            if re.search(r"rel\s*=\s*\"?[^\";,]*\bnext\b", rest, re.IGNORECASE):
                return target
        return None


class Keyset(Paginator):
    """Records sorted by a growing key; the next page is after the last key.

    Options: ``key`` path in a record; ``param`` name; ``template`` of its value, in
    which ``{value}`` is what the endpoint has there and ``{after}`` the last key, whole
    numbers raised by ``plus``; ``size`` name; ``total`` path: how many match from here.
    """

    first = None
    names = {"param": "after", "size": "limit", "key": "id", "template": "{after}"}

    def ask(self, question, state):
        """Those after that key."""
        self._size(question)
        if state is None:
            return
        if self.options.get("plus"):
            state += self.options["plus"]
        param, template = self.options["param"], self.options["template"]
        before = find(question.values, param, "")
        value = template.replace("{value}", str(before))
        put(question.values, param, value.replace("{after}", str(state)))

    def after(self, state, reply, document, records):
        """The last key."""
        if self._is_last(document, records, len(records)):
            return None
        last = state
        for record in records:
            key = self._key(reply, record)
            if last is not None and key < last:
                raise problems.endless(reply.url, f"{key} comes after {last}")
            last = key
        if last == state:
            raise problems.endless(reply.url, f"nothing comes after {last}")
        return last

    def _key(self, reply, record):
        key = find(record, self.options["key"])
        if isinstance(key, str) and key.isdecimal() and self.options.get("plus"):
            key = int(key)
        wanted = int if self.options.get("plus") else (int, str)
        if not isinstance(key, wanted) or isinstance(key, bool):
            raise problems.unexpected(
                reply.url, f"a record has no usable {self.options['key']}"
            )
        return key


PAGINATORS = {
    "none": Paginator,
    "offset": Offset,
    "page": Page,
    "cursor": Cursor,
    "link": Link,
    "next_url": NextUrl,
    "keyset": Keyset,
}
