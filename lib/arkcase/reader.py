"""Reads the tables of ArkCase from its API.

Records are listed by the search index, page after page by their id, and read one by one
where the index does not have all of them. Nothing but GET is asked.
"""

from datetime import datetime, timezone

from dateutil.relativedelta import relativedelta

from ..errors import Problem, _
from ..http.endpoint import Fetched
from ..jsog import resolve
from .solr import Query, documents, last_id

API = "/api/latest"
SEARCH = f"{API}/plugin/search/advancedSearch"
WORKFLOWS = f"{API}/plugin/admin/workflowconfiguration/workflows"
_CALENDARS = f"{API}/service/calendar/calendars"
_EVENTS = f"{API}/service/calendar/calendarevents"
_FOIA = "object_sub_type_s:FOIA_REQUEST"
_CASE = f"{API}/plugin/casefile/byId/{{id}}"
_PERSON = f"{API}/plugin/people/{{id}}"
_EVENT_PAGE = 50

# Table → how it is listed, where the details of a record are, and its id in them.
LISTINGS = {
    "user": (Query("USER", order="name_lcs asc"), "", ""),
    "company": (
        Query("ORGANIZATION"),
        f"{API}/plugin/organizations/{{id}}",
        "organizationId",
    ),
    "contact": (Query("PERSON"), _PERSON, "id"),
    "contact_company": (Query("PERSON", "organization_id_ss:*"), _PERSON, "id"),
    "case": (Query("CASE_FILE", f"-{_FOIA}"), _CASE, "id"),
    "foia_request": (Query("CASE_FILE", _FOIA), _CASE, "id"),
    "complaint": (
        Query("COMPLAINT"),
        f"{API}/plugin/complaint/byId/{{id}}",
        "complaintId",
    ),
    "task": (Query("TASK"), f"{API}/plugin/task/byId/{{id}}", "taskId"),
    "note": (Query("NOTE"), "", ""),
    "file": (
        Query("FILE", "hidden_b:false"),
        f"{API}/service/ecm/file/{{id}}",
        "fileId",
    ),
}
# Parties are of two kinds, listed one after the other.
PARTIES = (Query("PERSON-ASSOCIATION"), Query("ORGANIZATION-ASSOCIATION"))
TABLES = (*LISTINGS, "party", "meeting", "automation")


class Reader:
    """The tables of one ArkCase.

    :param client: a :class:`lib.http.Client`
    :param size: records a page
    :param years: how far back the calendar is read, and how far ahead
    :param months: of the calendar that one request is for
    """

    def __init__(self, client, *, size=200, years=(10, 3), months=12):
        self._client = client
        self._size = size
        self._years = years
        self._months = months

    def records(self, table, after=None, since=None):
        """Yield :class:`Fetched` of each record of ``table``, as ArkCase has it.

        :param after: position of the last record that is known
        :param since: only what was changed since; tasks come again each time they are
            indexed, and calendar and workflows have no such time
        """
        if table == "meeting":
            return self._events(after)
        if table == "automation":
            return self._workflows()
        if table == "party":
            return self._parties(after, since)
        query, detail, key = LISTINGS[table]
        listed = self._listed(query, after, since)
        return self._detailed(listed, detail, key) if detail else listed

    # Lists

    def _listed(self, query, after=None, since=None):
        """Documents of the search index; their position is their id or number."""
        seen = int(after or 0)
        while True:
            params = query.params(after=seen or None, start=seen, since=since)
            params["n"] = self._size
            docs, _total = documents(self._client.get(SEARCH, params))
            if not docs:
                return
            for number, doc in enumerate(docs, seen + 1):
                position = doc.get("object_id_i") if query.by_key else number
                yield Fetched(doc, position)
            following = last_id(docs) if query.by_key else seen + len(docs)
            if following is None or following <= seen:
                raise Problem(
                    "http_endless",
                    _("ArkCase gives the same page of %(value)s again and again."),
                    _("Ask who runs ArkCase to index it anew."),
                    value=query.object_type,
                )
            seen = following
            if len(docs) < self._size:
                return

    def _detailed(self, listed, path, key):
        """The whole records in place of what the index has of them.

        Of a record that cannot be read there is its id and its name.
        """

        def wanted():
            for one in listed:
                number = one.record.get("object_id_s") or one.position
                yield one, path.format(id=number), None

        for one, found in self._client.details(wanted()):
            if isinstance(found, Problem):
                known = {key: one.position, "title": one.record.get("name")}
                yield Fetched(known, one.position, _told(found))
            else:
                yield Fetched(resolve(found), one.position)

    def _parties(self, after, since):
        first, number = after or (0, None)
        for kind, query in enumerate(PARTIES):
            if kind < first:
                continue
            last = number if kind == first else None
            for one in self._listed(query, last, since):
                yield Fetched(one.record, (kind, one.position))

    # What is not in the search index

    def _events(self, after=None):
        """Events of each case that has a calendar, a span of time after the other."""
        for kind in ("CASE_FILE", "COMPLAINT"):
            found = self._client.get(f"{_CALENDARS}/{kind}", {"maxItems": 10000})
            for calendar in found or ():
                number = calendar["objectId"]
                position = f"{kind}/{number}"
                if after is not None and _order(position) < _order(after):
                    continue
                seen = set()
                for event in self._events_of(kind, number):
                    if event.get("eventId") not in seen:
                        seen.add(event.get("eventId"))
                        yield Fetched(event, position)

    def _events_of(self, kind, number):
        for start, end in self._spans():
            first = 0
            while True:
                page = self._client.get(
                    f"{_EVENTS}/{kind}/{number}",
                    {
                        "after": start.isoformat(),
                        "before": end.isoformat(),
                        "start": first,
                        "maxItems": _EVENT_PAGE,
                    },
                )
                yield from page
                first += len(page)
                if len(page) < _EVENT_PAGE:
                    break

    def _spans(self):
        today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0)
        start = today.replace(microsecond=0) - relativedelta(years=self._years[0])
        end = start + relativedelta(years=sum(self._years))
        while start < end:
            following = start + relativedelta(months=self._months)
            yield start, following
            start = following

    def _workflows(self):
        """Definitions with their BPMN, one after the other."""
        found = self._client.get(WORKFLOWS, {"orderBy": "created", "isAsc": "false"})
        for number, record in enumerate(resolve(found), 1):
            path = f"{WORKFLOWS}/{record['key']}/versions/{record['version']}/file"
            try:
                record["definition"] = self._client.text(path)
            except Problem as problem:
                yield Fetched(record, number, problem)
            else:
                yield Fetched(record, number)


def _told(problem):
    """A problem with one record in the words of ArkCase, which answers 500 for gone."""
    if problem.code != "http_unexpected" or problem.params.get("status") != 500:
        return problem
    return Problem(
        "arkcase_gone",
        _("ArkCase lists the record, but cannot give it: %(reply)s"),
        _("Open it in ArkCase. If it is deleted there, its index lags: read again."),
        reply=problem.params.get("reply") or "",
    )


def _order(position):
    kind, number = position.split("/")
    return kind, int(number)
