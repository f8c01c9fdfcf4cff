"""The client, against a server on this machine."""

import pytest
from servers.base import FakeServer, Reply, Request

from lib.errors import Problem
from lib.http import Client


@pytest.fixture
def server():
    with FakeServer() as server:
        server.route("GET", "/api/me", {"name": "Ana"}, params=("page", "acm_ticket"))
        server.route("POST", "/api/{kind}/list", lambda request: request.json)
        server.route("POST", "/api/{kind}", {"changed": True})
        yield server


@pytest.fixture
def client(server):
    with connect(server) as client:
        yield client


def connect(server, **options):
    options = {"allow_private": True, "sleep": lambda seconds: None, **options}
    return Client(f"{server.url}/api", **options)


def code(call, *args):
    with pytest.raises(Problem) as caught:
        call(*args)
    assert caught.value.text()
    return caught.value.code


def test_json_is_read_with_parameters(server, client):
    assert client.get("me", {"page": 2}) == {"name": "Ana"}
    method, path, params, _headers = server.requests[0]
    assert (method, path, params) == ("GET", "/api/me", {"page": "2"})


def test_text_is_read(server, client):
    server.route("GET", "/api/token", "abc")
    assert client.text("/token") == "abc"


def test_connections_are_kept(server, client):
    for _number in range(5):
        client.get("me")
    assert server.connections == 1
    assert client.requests_made == 5


def test_nothing_is_posted_but_declared_searches(server):
    with connect(server, posts=["{kind}/list"]) as client:
        assert client.post("lead/list", {"limit": 1}) == {"limit": 1}
        for path in ("lead", "lead/list/x", "a/../lead", "%2e%2e/list", "../list"):
            with pytest.raises(ValueError):
                client.post(path, {})
        for method in ("PUT", "DELETE", "PATCH", "post"):
            with pytest.raises(ValueError):
                client.fetch(method, "lead/list")
    assert [request.path for request in server.requests] == ["/api/lead/list"]


@pytest.mark.parametrize(
    "status, expected",
    [
        (400, "http_bad_request"),
        (401, "http_unauthorized"),
        (403, "http_forbidden"),
        (404, "http_not_found"),
        (500, "http_unexpected"),
        (409, "http_unexpected"),
    ],
)
def test_each_status_has_its_problem_and_is_not_asked_again(
    server, client, status, expected
):
    server.status(status, "Could not retrieve person.")
    assert code(client.get, "me") == expected
    assert len(server.requests) == 1


def test_a_page_for_people_is_no_json(server, client):
    server.html()
    assert code(client.get, "me") == "http_not_json"


def test_json_nested_beyond_all_measure_is_no_json(server, client):
    server.route("GET", "/api/deep", lambda request: Reply(b"[" * 200_000))
    assert code(client.get, "deep") == "http_not_json"


def test_a_number_that_is_none_stays_as_text(server, client):
    server.route("GET", "/api/nan", lambda request: Reply(b'{"a": NaN}'))
    assert client.get("nan") == {"a": "NaN"}


def test_an_answer_may_not_be_larger_than_allowed(server):
    server.route("GET", "/api/big", lambda request: Reply(b"1" * 5000))
    with connect(server, max_bytes=4999) as client:
        assert code(client.get, "big") == "http_too_large"


def test_a_parameter_the_server_does_not_know_is_told(client):
    assert code(client.get, "me", {"other": 1}) == "http_bad_request"


def test_the_servers_journal_names_what_came():
    request = Request("GET", "/x", {"a": "1"}, {})
    assert list(request) == ["GET", "/x", {"a": "1"}, {}]


def test_certificates_cannot_be_left_unchecked(server):
    with pytest.raises(ValueError):
        connect(server, verify=False)
