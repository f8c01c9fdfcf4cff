"""Lists of records, page by page."""

import json

import pytest
from servers.base import FakeServer, Listing, Reply

from lib.errors import Problem
from lib.http import PAGINATORS, Client, Endpoint, iter_records


def records(count, first=1):
    return [
        {"id": number, "name": f"n{number}"} for number in range(first, first + count)
    ]


class Lists(FakeServer):
    """A server that pages the same listing in every manner there is."""

    def __init__(self, count=25):
        super().__init__()
        self.listing = Listing(records(count))
        both = ("offset", "limit")
        self.route("GET", "/all", lambda request: self.listing.records)
        self.route("GET", "/offset", self.offset, both)
        self.route("GET", "/page", self.by_page, ("page", "per_page"))
        self.route("GET", "/cursor", self.cursor, ("cursor", "limit"))
        self.route("GET", "/link", self.link, both)
        self.route("GET", "/next_url", self.next_url, both)
        self.route("GET", "/keyset", self.keyset, ("after", "limit"))
        self.route("POST", "/list", self.search)

    def _window(self, request):
        start, size = int(request.params.get("offset", 0)), int(request.params["limit"])
        return self.listing.page(start, size), start + size, size

    def offset(self, request):
        return self._window(request)[0]

    def by_page(self, request):
        page, size = int(request.params["page"]), int(request.params["per_page"])
        found = self.listing.page((page - 1) * size, size)
        return {"data": found, "total": len(self.listing.records)}

    def cursor(self, request):
        start = int(request.params.get("cursor", 0))
        end = start + int(request.params["limit"])
        more = end < len(self.listing.records) or self.listing.endless
        word = str(end) if more else None
        return {"data": self.listing.page(start, end - start), "next_cursor": word}

    def _next(self, request):
        found, end, size = self._window(request)
        more = end < len(self.listing.records) or self.listing.endless
        return found, f"{request.path}?offset={end}&limit={size}" if more else None

    def link(self, request):
        found, target = self._next(request)
        header = f'</first>; rel="first", <{target}>; rel="next"' if target else ""
        return Reply(found, headers={"Link": header})

    def next_url(self, request):
        found, target = self._next(request)
        return {"data": found, "next": target}

    def keyset(self, request):
        after = 0 if self.listing.endless else int(request.params.get("after", 0))
        rest = [one for one in self.listing.records if one["id"] > after]
        return rest[: int(request.params["limit"])]

    def search(self, request):
        start, size = request.json["skip"], request.json["limit"]
        found = self.listing.page(start, size)
        more = start + size < len(self.listing.records)
        return {"_data": found, "_meta": {"hasMore": more}, "asked": request.json}


@pytest.fixture
def server():
    with Lists() as server:
        yield server


@pytest.fixture
def client(server):
    with Client(
        server.url,
        posts=["list"],
        allow_private=True,
        retries=0,
        sleep=lambda seconds: None,
    ) as client:
        yield client


ENDPOINTS = {
    "none": Endpoint("all", "all"),
    "offset": Endpoint("x", "offset", paginator="offset", page_size=10),
    "page": Endpoint(
        "x",
        "page",
        paginator="page",
        page_size=10,
        records="data",
        options={"total": "total"},
    ),
    "cursor": Endpoint("x", "cursor", paginator="cursor", page_size=10, records="data"),
    "link": Endpoint("x", "link", paginator="link", page_size=10),
    "next_url": Endpoint(
        "x", "next_url", paginator="next_url", page_size=10, records="data"
    ),
    "keyset": Endpoint("x", "keyset", paginator="keyset", page_size=10),
}
PAGED = [name for name in ENDPOINTS if name != "none"]


def ids(reading):
    return [fetched.record["id"] for fetched in reading]


def test_each_paginator_is_tried_here():
    assert set(ENDPOINTS) == set(PAGINATORS)


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_all_records_come_once_and_in_order(client, kind):
    assert ids(iter_records(client, ENDPOINTS[kind])) == list(range(1, 26))


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_an_empty_list_ends_at_once(server, client, kind):
    server.listing.records.clear()
    assert ids(iter_records(client, ENDPOINTS[kind])) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_reading_resumes_from_every_position(client, kind):
    """The position goes through JSON; what comes again is of one page."""
    fetched = list(iter_records(client, ENDPOINTS[kind]))
    for number, one in enumerate(fetched):
        position = json.loads(json.dumps(one.position))
        rest = ids(iter_records(client, ENDPOINTS[kind], after=position))
        assert rest[-1] == 25
        assert rest == list(range(rest[0], 26))
        assert rest[0] <= number + 2


@pytest.mark.parametrize("kind", PAGED)
def test_a_page_that_never_ends_is_refused(server, client, kind):
    server.listing.endless = True
    if kind == "page":
        server.listing.records = records(25)
    with pytest.raises(Problem) as caught:
        ids(iter_records(client, ENDPOINTS[kind]))
    assert caught.value.code == "http_endless"
    assert len(server.requests) < 5


def test_a_record_that_comes_again_on_the_next_page_comes_once(server, client):
    server.listing.repeat = 3
    reading = iter_records(client, ENDPOINTS["offset"])
    assert sorted(ids(reading)) == list(range(1, 26))
    assert reading.repeats > 0


def test_records_that_are_added_while_read_do_not_stop_the_reading(server, client):
    added = iter(range(100, 103))

    def on_page(listing):
        number = next(added, None)
        if number:
            listing.insert(0, {"id": number})

    server.listing.on_page = on_page
    reading = iter_records(client, ENDPOINTS["offset"])
    assert set(range(1, 26)) <= set(ids(reading))
    assert reading.repeats == 3


def test_a_server_that_gives_fewer_than_asked_is_read_to_its_end(server, client):
    page = server.listing.page
    server.listing.page = lambda start, size: page(start, min(size, 4))
    assert ids(iter_records(client, ENDPOINTS["offset"])) == list(range(1, 26))


SEARCH = Endpoint(
    "leads",
    "list",
    method="POST",
    body={"where": {"status": "OPEN"}},
    records="_data",
    paginator="offset",
    page_size=10,
    options={"offset": "skip", "more": "_meta.hasMore"},
    since={"where": {"status": "{value}", "createdAt": "{since}"}},
)


def test_a_search_is_paged_in_its_body(server, client):
    assert ids(iter_records(client, SEARCH)) == list(range(1, 26))
    assert [request.json["skip"] for request in server.requests] == [0, 10, 20]
    assert server.requests[0].json["where"] == {"status": "OPEN"}
    assert SEARCH.body == {"where": {"status": "OPEN"}}


def test_changes_are_asked_for_beside_what_is_always_asked(server, client):
    list(iter_records(client, SEARCH, since="2024-01-01"))
    where = server.requests[0].json["where"]
    assert where == {"status": "OPEN", "createdAt": "2024-01-01"}


def test_a_query_is_extended_by_time_and_by_key(server, client):
    found = records(3)

    def solr(request):
        docs = found[2:] if "id:[3" in request.params["q"] else found
        return {"response": {"docs": docs[:2], "numFound": len(docs)}}

    server.route("GET", "/solr", solr, ("q", "n"))
    endpoint = Endpoint(
        "x",
        "solr",
        params={"q": "type:CASE"},
        records="response.docs",
        since={"q": "{value} AND modified:[{since} TO *]"},
        paginator="keyset",
        page_size=2,
        options={
            "param": "q",
            "template": "{value} AND id:[{after} TO *]",
            "plus": 1,
            "size": "n",
            "total": "response.numFound",
        },
    )
    assert ids(iter_records(client, endpoint, since="T")) == [1, 2, 3]
    assert [request.params["q"] for request in server.requests] == [
        "type:CASE AND modified:[T TO *]",
        "type:CASE AND modified:[T TO *] AND id:[3 TO *]",
    ]


def test_keys_that_do_not_grow_are_refused(server, client):
    server.listing.records.reverse()
    with pytest.raises(Problem) as caught:
        ids(iter_records(client, ENDPOINTS["keyset"]))
    assert caught.value.code == "http_endless"


CHILDREN = Endpoint("notes", "cases/{parent}/notes", parent="cases", id="id")


def children(server):
    server.route(
        "GET",
        "/cases/{case}/notes",
        lambda request: [{"id": 1, "case": request.args["case"]}],
    )


def test_the_records_of_each_parent_come_one_after_the_other(server, client):
    children(server)
    reading = iter_records(client, CHILDREN, parents=[7, "a/b c", 9])
    assert [one.record["case"] for one in reading] == ["7", "a/b c", "9"]


def test_reading_resumes_at_a_parent_and_from_the_start_where_it_is_gone(
    server, client
):
    children(server)
    second = list(iter_records(client, CHILDREN, parents=[7, 8, 9]))[1].position
    again = iter_records(client, CHILDREN, parents=[7, 8, 9], after=second)
    assert [one.record["case"] for one in again] == ["8", "9"]
    gone = iter_records(client, CHILDREN, parents=[7, 9], after=second)
    assert [one.record["case"] for one in gone] == ["7", "9"]


def test_details_replace_what_the_list_says_and_a_missing_right_stops_nothing(
    server, client
):
    server.route(
        "GET", "/all/{id}", lambda request: {"id": int(request.args["id"]), "all": 1}
    )
    server.status(403, pattern="/all/3", times=1)
    endpoint = Endpoint("all", "all", detail="all/{id}")
    fetched = list(iter_records(client, endpoint))
    assert [one.record["id"] for one in fetched] == list(range(1, 26))
    assert fetched[2].problem.code == "http_forbidden"
    assert fetched[2].record == {"id": 3, "name": "n3"}
    assert all(one.record["all"] for one in fetched if not one.problem)


@pytest.mark.parametrize("reply", [{"rows": []}, {"data": {}}, {"data": "x"}, [1]])
def test_a_reply_without_the_declared_list_is_told(server, client, reply):
    server.route("GET", "/odd", lambda request: reply)
    with pytest.raises(Problem) as caught:
        list(iter_records(client, Endpoint("odd", "odd", records="data")))
    assert caught.value.code == "http_unexpected"


def test_an_element_that_is_no_object_is_told_and_the_others_come(server, client):
    server.route("GET", "/odd", lambda request: [{"id": 1}, 5, {"id": 2}])
    one, bad, two = iter_records(client, Endpoint("odd", "odd"))
    assert (one.record["id"], bad.record, two.record["id"]) == (1, {}, 2)
    assert bad.problem.code == "http_unexpected"


def test_the_next_page_may_not_lead_to_another_host(server, client):
    target = "http://localhost:1/next"
    server.route("GET", "/evil", lambda request: {"data": [], "next": target}, None)
    endpoint = Endpoint("evil", "evil", records="data", paginator="next_url")
    with pytest.raises(Problem) as caught:
        list(iter_records(client, endpoint))
    assert caught.value.code == "http_host_refused"
