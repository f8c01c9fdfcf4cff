"""A list of records that a server gives, told as data, and its reading."""

import copy
import hashlib
import json
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import quote

from ..errors import Problem
from . import problems
from .paginators import PAGINATORS
from .paths import MISSING, find, put

#: Pages whose ids are kept, to leave out a record that comes again.
PAGES = 50
#: Pages without a record, one after the other, that are not yet an error.
EMPTY = 20


@dataclass(frozen=True)
class Endpoint:
    """Where the records of one table are.

    Paths into replies are dotted; `params` and `body` are what is always asked.
    `since` holds parameters, or body keys of a POST, that are added to read only
    changes: ``{since}`` in them is the time, ``{value}`` what stands there otherwise.
    `path` may hold ``{parent}``, for the records of one parent each. Of `options`,
    ``errors`` is where a reply says what went wrong in spite of its status.

    :param records: path of the list; empty where the reply is the list, or one record
    :param detail: path with ``{id}`` of the complete record
    :param assumed: not from public documentation
    """

    name: str
    path: str
    method: str = "GET"
    params: dict = field(default_factory=dict)
    body: dict | None = None
    records: str = ""
    id: str = "id"
    updated: str = ""
    since: dict = field(default_factory=dict)
    paginator: str = "none"
    page_size: int = 100
    options: dict = field(default_factory=dict)
    detail: str = ""
    parent: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class Fetched:
    """A record; `position` resumes at or before the next one.

    Where its details could not be read, `record` is what the list says of it.
    """

    record: dict
    position: object
    problem: Problem | None = None


@dataclass
class Question:
    """A request in the making; `values` are its parameters, or its body for POST."""

    method: str
    path: str
    values: dict
    complete: bool = False


def iter_records(client, endpoint, *, after=None, since=None, parents=()):
    """The records of an endpoint, page by page.

    :param after: position of a :class:`Fetched`; its page is read again
    :param since: text for the endpoint's `since`
    :param parents: ids to read one after the other, where the path holds ``{parent}``
    :return: a :class:`Reading`
    :raises Problem: pages that lead nowhere, or what the client meets
    """
    return Reading(client, endpoint, after, since, parents)


class Reading:
    """Iterator of :class:`Fetched`; `repeats` counts records that came again."""

    def __init__(self, client, endpoint, after=None, since=None, parents=()):
        self._client = client
        self._endpoint = endpoint
        self._after = after or {}
        self._since = since
        self._parents = parents
        self._seen = deque(maxlen=PAGES)
        self.repeats = 0
        self.pages = 0
        self._records = self._details() if endpoint.detail else self._all()

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._records)

    def close(self):
        """Stop reading."""
        self._records.close()

    def _details(self):
        wanted = (
            (fetched, self._detail_path(fetched.record), None)
            if fetched.problem is None
            else (fetched, None, None)
            for fetched in self._all()
        )

        def fetch(path, params):
            return None if path is None else self._client.get(path, params)

        for fetched, result in self._client.details(wanted, fetch):
            if isinstance(result, Problem):
                fetched = Fetched(fetched.record, fetched.position, result)
            elif isinstance(result, dict):
                fetched = Fetched(result, fetched.position)
            elif fetched.problem is None:
                place = self._detail_path(fetched.record)
                problem = problems.unexpected(place, "the details are no object")
                fetched = Fetched(fetched.record, fetched.position, problem)
            yield fetched

    def _detail_path(self, record):
        key = find(record, self._endpoint.id, "")
        return self._endpoint.detail.replace("{id}", quote(str(key), safe=""))

    def _all(self):
        if "{parent}" not in self._endpoint.path:
            yield from self._list(self._endpoint.path, self._after.get("page"), {})
            return
        parents = [str(parent) for parent in self._parents]
        page, resumed = self._after.get("page"), self._after.get("parent")
        # A parent that is gone: its place is unknown, so all is read again.
        start = parents.index(resumed) if resumed in parents else 0
        if resumed not in parents:
            page = None
        for parent in parents[start:]:
            self._seen.clear()
            path = self._endpoint.path.replace("{parent}", quote(parent, safe=""))
            yield from self._list(path, page, {"parent": parent})
            page = None

    def _list(self, path, state, position):
        """The pages of one list, from the page of ``state`` on."""
        endpoint = self._endpoint
        paginator = PAGINATORS[endpoint.paginator](endpoint.options, endpoint.page_size)
        state = paginator.first if state is None else state
        prints, states, empty = set(), {_print(state)}, 0
        while True:
            question = self._question(path)
            paginator.ask(question, state)
            reply = self._ask(question)
            document = reply.json
            records = self._found(reply, document)
            self.pages += 1
            following = paginator.after(state, reply, document, records)
            empty = 0 if records else empty + 1
            if empty > EMPTY:
                raise problems.endless(reply.url, f"{empty} pages without a record")
            if records:
                self._moves(reply, _print(records), prints, "it is the same again")
            if following is not None:
                self._moves(reply, _print(following), states, "nothing moves")
            yield from self._fetched(reply, records, {**position, "page": state})
            if following is None:
                return
            state = following

    def _moves(self, reply, mark, marks, reason):
        if mark in marks:
            raise problems.endless(reply.url, reason)
        marks.add(mark)

    def _question(self, path):
        endpoint = self._endpoint
        values = endpoint.body if endpoint.method == "POST" else endpoint.params
        values = copy.deepcopy(values or {})
        if self._since is not None:
            for key, template in endpoint.since.items():
                put(values, key, self._filled(template, find(values, key, "")))
        return Question(endpoint.method, path, values)

    def _filled(self, template, before):
        if not isinstance(template, str):
            return {
                key: self._filled(part, find(before or {}, key, ""))
                for key, part in template.items()
            }
        text = template.replace("{value}", str(before))
        return text.replace("{since}", str(self._since))

    def _ask(self, question):
        if question.complete:
            return self._client.fetch("GET", question.path)
        if question.method == "POST":
            return self._client.fetch(
                "POST", question.path, self._endpoint.params, question.values
            )
        return self._client.fetch("GET", question.path, question.values)

    def _found(self, reply, document):
        """The records of a page.

        :raises Problem: there is no list where one should be, or the reply tells errors
        """
        path = self._endpoint.records
        errors = find(document, self._endpoint.options.get("errors") or "-")
        if errors:
            raise problems.told(reply.url, errors)
        found = find(document, path, MISSING)
        if not path and isinstance(found, dict):
            return [found]
        if found is None:
            return []
        if not isinstance(found, list):
            where = f"no list at “{path}” in the reply" if path else "no list"
            raise problems.unexpected(reply.url, where)
        return found

    def _fetched(self, reply, records, position):
        ids = set()
        self._seen.append(ids)
        for record in records:
            if not isinstance(record, dict):
                problem = problems.unexpected(reply.url, "a record is no object")
                yield Fetched({}, position, problem)
                continue
            key = find(record, self._endpoint.id) if self._endpoint.id else None
            if key is not None:
                key = str(key)
                if any(key in page for page in self._seen):
                    self.repeats += 1
                    continue
                ids.add(key)
            yield Fetched(record, position)


def _print(value):
    """A mark that tells two values apart."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()[:12]
