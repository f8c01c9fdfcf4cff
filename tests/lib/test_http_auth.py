"""Credentials: how they are sent, fetched and fetched again."""

import base64

import pytest
from servers.base import FakeServer, Reply

from lib.errors import Problem
from lib.http import KINDS, Client, make_auth

VALUES = {
    "login": "ana",
    "password": "pass-word",
    "token": "tok-en",
    "token_url": "oauth/token",
    "client_id": "app",
    "client_secret": "app-secret",
    "refresh_token": "refresh-1",
    "login_path": "login_post",
    "ticket_path": "authenticationtoken",
    "ticket_param": "acm_ticket",
}
BASIC = "Basic " + base64.b64encode(b"ana:pass-word").decode()


class Guarded(FakeServer):
    """Answers /me to whoever proves to be somebody, in any of the ways."""

    def __init__(self):
        super().__init__()
        self.issued = 0
        self.valid = set()
        self.route("GET", "/me", self.me, ("acm_ticket", "page"))
        self.route("GET", "/authenticationtoken", self.ticket)
        self.route("POST", "/login_post", self.login)
        self.route("POST", "/oauth/token", self.token)

    def issue(self):
        self.issued += 1
        self.valid.add(f"ticket-{self.issued}")
        return f"ticket-{self.issued}"

    def me(self, request):
        shown = {
            request.params.get("acm_ticket"),
            request.headers.get("Cookie", "").removeprefix("sid="),
            request.headers.get("Authorization", "").removeprefix("Bearer "),
        }
        known = {"tok-en", BASIC} | self.valid
        key = request.headers.get("X-API-Key") == "tok-en"
        return {"ok": True} if shown & known or key else Reply("Unauthorized", 401)

    def ticket(self, request):
        right = request.headers.get("Authorization") == BASIC
        return self.issue() if right else Reply("Unauthorized", 401)

    def login(self, request):
        if request.form != {"username": "ana", "password": "pass-word"}:
            return Reply("wrong", 200)
        headers = {"Set-Cookie": f"sid={self.issue()}; Path=/; HttpOnly"}
        return Reply("", 302, {**headers, "Location": "/home"})

    def token(self, request):
        self.form = form = request.form
        if form.get("client_secret") != "app-secret":
            return Reply({"error": "invalid_client"}, 401)
        answer = {"access_token": self.issue(), "expires_in": 3600}
        if form["grant_type"] == "refresh_token":
            answer["refresh_token"] = f"refresh-{self.issued + 1}"
        return answer


@pytest.fixture
def server():
    with Guarded() as server:
        yield server


def connect(server, kind, **values):
    values = {**VALUES, **values}
    values["token_url"] = f"{server.url}/{values['token_url']}"
    auth = make_auth(kind, **values)
    return Client(
        server.url, auth, allow_private=True, retries=0, sleep=lambda seconds: None
    )


FETCHED = ["oauth2_client", "oauth2_refresh", "session", "ticket"]
SIGNED = [kind for kind in KINDS if kind != "none"]


@pytest.mark.parametrize("kind", SIGNED)
def test_each_kind_is_accepted(server, kind):
    with connect(server, kind) as client:
        assert client.get("me") == client.get("me") == {"ok": True}
    assert server.issued == (kind in FETCHED)


def test_without_credentials_the_server_refuses(server):
    with connect(server, "none") as client, pytest.raises(Problem) as caught:
        client.get("me")
    assert caught.value.code == "http_unauthorized"
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", FETCHED)
def test_what_expired_is_fetched_again_and_the_request_repeated(server, kind):
    with connect(server, kind) as client:
        client.get("me", {"page": 1})
        server.valid.clear()
        assert client.get("me", {"page": 2}) == {"ok": True}
    assert server.issued == 2
    assert server.requests[-1].params["page"] == "2"
    assert server.requests[-1].headers["Accept"].startswith("application/json")


@pytest.mark.parametrize("kind", FETCHED)
def test_what_expired_is_fetched_once_for_many_requests(server, kind):
    with connect(server, kind) as client:
        client.get("me")
        server.valid.clear()
        server.seconds = 0.02
        found = list(client.details((n, "me", None) for n in range(30)))
    assert [result for _key, result in found] == [{"ok": True}] * 30
    assert server.issued == 2


@pytest.mark.parametrize("kind", SIGNED)
def test_a_server_that_refuses_everything_is_told_and_not_asked_for_ever(server, kind):
    server.expired(times=99)
    with connect(server, kind) as client, pytest.raises(Problem) as caught:
        client.get("me")
    assert caught.value.code == "http_unauthorized"
    assert len(server.requests) <= 4


@pytest.mark.parametrize(
    "kind, wrong",
    [
        ("basic", {"password": "other-secret"}),
        ("ticket", {"password": "other-secret"}),
        ("session", {"password": "other-secret"}),
        ("bearer", {"token": "other-secret"}),
        ("api_key", {"token": "other-secret"}),
        ("oauth2_client", {"client_secret": "other-secret"}),
    ],
)
def test_wrong_credentials_are_told_without_them(server, kind, wrong):
    with connect(server, kind, **wrong) as client, pytest.raises(Problem) as caught:
        client.get("me")
    assert caught.value.code == "http_unauthorized"
    assert "other-secret" not in f"{caught.value.text()}{caught.value.params}"


@pytest.mark.parametrize("kind", SIGNED)
def test_what_is_missing_is_named(kind):
    with pytest.raises(Problem) as caught:
        make_auth(kind)
    assert caught.value.code == "http_bad_credentials"
    assert KINDS[kind].needs[0] in caught.value.text()


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "tökén"])
def test_a_token_cannot_bring_headers_of_its_own(server, token):
    with connect(server, "bearer", token=token) as client:
        with pytest.raises(Problem) as caught:
            client.get("me")
    assert caught.value.code == "http_bad_credentials"
    assert token not in caught.value.text()
    assert not server.requests


def test_a_token_is_renewed_before_it_ends(server):
    with connect(server, "oauth2_client") as client:
        client.get("me")
        client._auth._until = 0
        client.get("me")
    assert [request.path for request in server.requests] == [
        "/oauth/token",
        "/me",
        "/oauth/token",
        "/me",
    ]


def test_a_new_refresh_token_is_used_and_told(server):
    told = []
    with connect(server, "oauth2_refresh", on_refresh=told.append) as client:
        client.get("me")
        server.valid.clear()
        client.get("me")
    assert told == ["refresh-2", "refresh-3"]
    assert server.form["refresh_token"] == "refresh-2"


def test_a_fetched_ticket_is_in_no_problem(server):
    with connect(server, "ticket") as client:
        client.get("me")
        server.status(500, "bad ticket-1", pattern="/me")
        with pytest.raises(Problem) as caught:
            client.get("me")
    assert "ticket-1" not in f"{caught.value.text()}{caught.value.params}"


def test_a_page_instead_of_a_ticket_is_told(server):
    server.html("/authenticationtoken")
    with connect(server, "ticket") as client, pytest.raises(Problem) as caught:
        client.get("me")
    assert caught.value.code == "http_unexpected"


@pytest.mark.parametrize("answer", [{}, [], {"access_token": 5}, {"access_token": ""}])
def test_an_answer_without_a_token_is_told(server, answer):
    server.status(200, answer, pattern="/oauth/token")
    with connect(server, "oauth2_client") as client, pytest.raises(Problem) as caught:
        client.get("me")
    assert caught.value.code == "http_unexpected"


def test_the_token_address_may_be_another_host_and_the_token_goes_to_the_first(server):
    with Guarded() as accounts:
        accounts.valid = server.valid
        auth = make_auth(
            "oauth2_client", **{**VALUES, "token_url": f"{accounts.url}/oauth/token"}
        )
        with Client(server.url, auth, allow_private=True) as client:
            assert client.get("me") == {"ok": True}
        assert [request.path for request in accounts.requests] == ["/oauth/token"]
        assert "Authorization" not in accounts.requests[0].headers
    assert [request.path for request in server.requests] == ["/me"]
