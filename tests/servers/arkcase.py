"""An ArkCase for tests: as strict as the real one, and with its traps."""

import base64
import re
import uuid
from urllib.parse import quote_plus, unquote_plus

from .base import FakeServer, Reply

API = "/arkcase/api/latest"
LOGIN, PASSWORD = "migration", "right"
_FORBIDDEN = Reply("Access is denied", 403)
_CONDITION = re.compile(
    r"(?P<minus>-?)(?P<field>\w+):"
    r'(?:\[(?P<low>\S+) TO (?P<high>\S+)\]|"(?P<text>[^"]*)"|(?P<word>\S+))'
)
_IGNORED = ("indent", "wt", "start", "rows", "sort", "omitHeader")
_INACTIVE = ("COMPLETE", "DELETE", "CLOSED", "CLOSE", "INVALID", "INACTIVE")


class ArkCaseServer(FakeServer):
    """Serves what it is given.

    :attr docs: documents of the search index
    :attr details: path below the API → entity, emitted as JSOG
    :attr files: id → (name, mimetype, content)
    :attr forbidden: ids of details that this account may not see
    """

    def __init__(self, seconds=0):
        super().__init__(seconds)
        self.docs, self.details, self.files = [], {}, {}
        self.forbidden, self.tickets, self.sessions = set(), set(), set()
        self.calendars, self.events = [], []
        self.workflows, self.definitions, self.lookups = [], {}, {}
        self._add_routes()

    @property
    def base(self):
        """Address of the web application."""
        return f"{self.url}/arkcase"

    def _add_routes(self):
        search = ("q", "s", "start", "n", "fl")
        self._get("authenticationtoken", self._ticket)
        self._get("users/info", lambda request: {"userId": LOGIN, "privileges": []})
        self._get("plugin/search/advancedSearch", self._search, search)
        self._get("plugin/search/{type}", self._by_type, (*search, "activeOnly"))
        self.route(
            "POST",
            f"{API}/plugin/search/advancedSearch",
            self._signed(lambda request: self._solr(request.json)),
        )
        for path in (
            "plugin/people/{id}",
            "plugin/organizations/{id}",
            "plugin/casefile/byId/{id}",
            "plugin/complaint/byId/{id}",
            "plugin/task/byId/{id}",
            "service/ecm/file/{id}",
        ):
            self._get(path, self._detail)
        self._get(
            "plugin/ecm/download",
            self._download,
            ("ecmFileId", "inline", "version", "parentObjectType"),
        )
        self._get("service/config/lookups", lambda request: self.lookups)
        self._get(
            "service/calendar/calendars/{type}", self._calendar, ("start", "maxItems")
        )
        self._get(
            "service/calendar/calendarevents/{type}/{id}",
            self._calendar_events,
            ("after", "before", "sort", "sortDirection", "start", "maxItems"),
        )
        workflows = "plugin/admin/workflowconfiguration/workflows"
        self._get(workflows, lambda request: jsog(self.workflows), ("orderBy", "isAsc"))
        self._get(
            f"{workflows}/{{key}}/versions/{{version}}/file",
            lambda request: (
                self.definitions.get(request.args["key"]) or Reply("not found", 500)
            ),
        )

    def _get(self, path, answer, params=()):
        self.route(
            "GET", f"{API}/{path}", self._signed(answer), (*params, "acm_ticket")
        )

    # Signing in

    def _signed(self, answer):
        def answered(request):
            ticket = request.params.pop("acm_ticket", None)
            if ticket is not None:
                if ticket not in self.tickets:
                    return Reply("Unauthorized", 401)
                return answer(request)
            sent = request.headers.get("Authorization", "")
            right = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
            cookie = re.search(r"JSESSIONID=(\w+)", request.headers.get("Cookie", ""))
            if sent:
                if sent != f"Basic {right}":
                    return Reply("Unauthorized", 401)
                return self._with_session(answer(request))
            if cookie and cookie[1] in self.sessions:
                return answer(request)
            return Reply("Unauthorized", 401)

        return answered

    def _with_session(self, reply):
        reply = reply if isinstance(reply, Reply) else Reply(reply)
        session = uuid.uuid4().hex
        self.sessions.add(session)
        headers = {
            **reply.headers,
            "Set-Cookie": f"JSESSIONID={session}; Path=/arkcase",
        }
        return Reply(reply.body, reply.status, headers, reply.announced, reply.cut)

    def _ticket(self, _request):
        ticket = str(uuid.uuid4())
        self.tickets.add(ticket)
        return ticket

    # Searching

    def _search(self, request):
        params = dict(request.params)
        if "q" not in params:
            return Reply("Required parameter 'q' is not present", 400)
        return self._solr(params)

    def _by_type(self, request):
        params = dict(request.params)
        text = f"object_type_s:{request.args['type']}"
        if params.pop("activeOnly", "true") == "true":
            text += "".join(f" AND -status_lcs:{one}" for one in _INACTIVE)
        return self._solr({**params, "q": text})

    def _solr(self, params):
        """What the index answers; an error where it would be one."""
        text = _taken_apart(params["q"])
        docs = [one for one in self.docs if _matches(one, text)]
        if params.get("s"):
            order = re.fullmatch(r"(\w+) (asc|desc)", params["s"], re.IGNORECASE)
            if not order:
                return Reply(f"Can't determine a Sort Order in '{params['s']}'", 500)
            have = [one for one in docs if one.get(order[1]) is not None]
            have.sort(key=lambda one: one[order[1]], reverse=order[2].lower() == "desc")
            docs = have + [one for one in docs if one.get(order[1]) is None]
        start, size = int(params.get("start", 0)), int(params.get("n", 10))
        page = [
            {name: value for name, value in one.items() if value is not None}
            for one in docs[start : start + size]
        ]
        response = {"numFound": len(docs), "start": start, "docs": page}
        return {"responseHeader": {"status": 0, "QTime": 1}, "response": response}

    # Objects

    def _detail(self, request):
        path = request.path.removeprefix(f"{API}/")
        if path in self.forbidden:
            return _FORBIDDEN
        if path not in self.details:
            return Reply(f"Could not retrieve {path.split('/')[1]}.", 500)
        return jsog(self.details[path])

    def _download(self, request):
        found = self.files.get(int(request.params.get("ecmFileId", 0)))
        if found is None:
            return Reply("File not found", 500)
        name, mimetype, content = found
        headers = {"Content-Type": mimetype}
        if request.params.get("inline") != "true":
            disposition = f'attachment; filename="{quote_plus(name)}"'
            headers["Content-Disposition"] = disposition
        return Reply(content, 200, headers)

    def _calendar(self, request):
        kind = request.args["type"]
        return [one for one in self.calendars if one["objectType"] == kind]

    def _calendar_events(self, request):
        """Events that begin in the span; without one, of this month only."""
        params = request.params
        if "after" not in params or "before" not in params:
            return []
        found = [
            one
            for one in self.events
            if one["objectType"] == request.args["type"]
            and str(one["objectId"]) == request.args["id"]
            and params["after"][:10] <= one["start"][:10] < params["before"][:10]
        ]
        start = int(params.get("start", 0))
        return found[start : start + int(params.get("maxItems", 50))]


def jsog(entity):
    """``entity`` as JSOG writes it: an object that comes again is a reference."""
    known = {}

    def emit(value):
        if isinstance(value, list):
            return [emit(one) for one in value]
        if not isinstance(value, dict):
            return value
        if id(value) in known:
            return {"@ref": known[id(value)]}
        known[id(value)] = str(len(known) + 1)
        out = {"@id": known[id(value)]}
        out.update((name, emit(one)) for name, one in value.items())
        return out

    return emit(entity)


def _taken_apart(text):
    """What is left of a query: split at “&”, and decoded once more."""
    first, *rest = text.split("&")
    for part in rest:
        name, _equal, value = part.partition("=")
        if name == "q":
            first = value
        elif name not in (*_IGNORED, "fq", "facet", "facet.field", "fl"):
            first = part
    return unquote_plus(first)


def _matches(doc, text):
    """Whether a document fulfils all conditions, which are joined by AND."""
    for part in text.split(" AND "):
        match = _CONDITION.fullmatch(part.strip())
        if not match:
            raise AssertionError(f"not a query: {part}")
        if _fulfils(doc, match) == bool(match["minus"]):
            return False
    return True


def _fulfils(doc, match):
    value = doc.get(match["field"])
    if match["low"] is not None:
        if value is None:
            return False
        low, high = match["low"], match["high"]
        key = int if isinstance(value, int) else str
        above = low == "*" or key(low) <= value
        return above and (high == "*" or value <= key(high))
    wanted = match["text"] if match["text"] is not None else match["word"]
    if wanted == "*":
        return value is not None
    if isinstance(value, bool):
        return wanted == str(value).lower()
    if match["field"].endswith("_lcs"):
        return str(value).casefold() == wanted.casefold()
    return str(value) == wanted
