"""A Chakra of the tests: as strict as what is published of its API."""

from datetime import datetime

from .base import FakeServer, Listing, Reply

TOKEN = "chakra-token"
LIMIT = 100
ROOT = {"status", "state", "createdAt", "assignedTo"}
OPERATORS = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left is not None and left > right,
    ">=": lambda left, right: left is not None and left >= right,
    "<": lambda left, right: left is not None and left < right,
    "<=": lambda left, right: left is not None and left <= right,
}


class Refused(Exception):
    """The body of a request is none that Chakra documents."""


class ChakraServer(FakeServer):
    """Configuration, users and the processes of procedures; the rest is assumed.

    :param config: the ``_data`` of the configuration
    :param processes: ``{short id of the procedure: list of processes}``
    :param records: ``{short id of the entity: list of records}``
    :param photos: ``{id: bytes, or a body of the reply}``
    """

    def __init__(
        self,
        config=None,
        users=(),
        processes=None,
        records=None,
        tasks=(),
        calls=(),
        photos=None,
        seconds=0,
    ):
        super().__init__(seconds)
        self.config = config or {}
        self.users = list(users)
        self.lists = _listings(processes)
        self.records = _listings(records)
        self.tasks, self.calls = Listing(list(tasks)), Listing(list(calls))
        self.photos = photos or {}
        base = "/v1/ext/procedure/{procedure}/process"
        self.route("GET", "/v1/ext/config", self._guarded(lambda _r: self.config))
        self.route("GET", "/v1/ext/users", self._guarded(lambda _r: self.users))
        self.route("POST", f"{base}/list", self._guarded(self._list))
        self.route("GET", f"{base}/{{id}}", self._guarded(self._one))
        # Not published: by analogy with the list of processes.
        for path, listing in (
            ("/v1/ext/entity/{entity}/record/list", self._entity),
            ("/v1/ext/task/list", lambda _request: self.tasks),
            ("/v1/ext/call/list", lambda _request: self.calls),
        ):
            self.route("POST", path, self._guarded(self._paged(listing)))
        self.route("GET", "/v1/ext/photo/{id}", self._guarded(self._photo))

    @staticmethod
    def _guarded(answer):
        """Answer in the envelope, to those who have the token."""

        def guarded(request):
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                return Reply({"_errors": ["Unauthorized"]}, 401)
            try:
                data = answer(request)
            except Refused as error:
                return Reply({"_errors": [str(error)]}, 400)
            if isinstance(data, Reply):
                return data
            return Reply({"_data": data, "_meta": {}, "_errors": []})

        return guarded

    def _list(self, request):
        return self._page(request, self.lists.get(request.args["procedure"]))

    def _entity(self, request):
        return self.records.get(request.args["entity"])

    def _paged(self, listing):
        return lambda request: self._page(request, listing(request))

    def _photo(self, request):
        found = self.photos.get(request.args["id"])
        if found is None:
            return Reply({"_errors": ["Not found"]}, 404)
        return Reply(found)

    def _page(self, request, listing):
        body = request.json
        if listing is None:
            return Reply({"_errors": ["Not found"]}, 404)
        unknown = set(body) - {"where", "skip", "limit"}
        skip, limit = body.get("skip", 0), body.get("limit", 10)
        if unknown:
            raise Refused(f"unknown key {sorted(unknown)}")
        if not 0 < limit <= LIMIT or skip < 0:
            raise Refused("limit or skip out of range")
        where = body.get("where") or {}
        chosen = [one for one in listing.records if self._matches(one, where)]
        page = Listing(chosen, listing.repeat, listing.endless).page(skip, limit)
        if listing.on_page:
            listing.on_page(listing.records)
        more = listing.endless or skip + len(page) < len(chosen)
        meta = {"hasMore": more}
        return Reply({"_data": page, "_meta": meta, "_errors": []})

    def _one(self, request):
        listing = self.lists.get(request.args["procedure"])
        for one in listing.records if listing else ():
            if one["id"] == request.args["id"]:
                return one
        return Reply({"_errors": ["Not found"]}, 404)

    def _matches(self, process, where):
        for key, rule in where.items():
            if key in ("or", "and"):
                join = any if key == "or" else all
                if not join(self._matches(process, one) for one in rule):
                    return False
            elif not self._holds(process, key, rule):
                return False
        return True

    def _holds(self, process, key, rule):
        if key in {"updatedAt", "id", "record", "createdBy", "isDeleted"}:
            raise Refused(f"{key} cannot be asked for")
        if not isinstance(rule, dict):
            rule = {"=": rule}
        if set(rule) - set(OPERATORS):
            raise Refused(f"unknown operator in {sorted(rule)}")
        value = process.get(key) if key in ROOT else process["data"].get(key)
        for operator, right in rule.items():
            if key == "createdAt":
                right = self._milliseconds(right)
            if isinstance(right, list) and operator == "=":
                holds = value in right
            else:
                holds = OPERATORS[operator](value, right)
            if not holds:
                return False
        return True

    @staticmethod
    def _milliseconds(text):
        try:
            moment = datetime.fromisoformat(text)
        except (TypeError, ValueError) as error:
            raise Refused("createdAt wants an ISO timestamp") from error
        if not moment.tzinfo:
            raise Refused("createdAt wants an offset")
        return int(moment.timestamp() * 1000)


def _listings(lists):
    return {key: Listing(list(one)) for key, one in (lists or {}).items()}
