"""Where requests and credentials go, and where not."""

import socket

import pytest
from servers.base import FakeServer, Reply
from urllib3.util import connection as sockets

from lib.errors import Problem
from lib.http import Client, make_auth
from lib.http.redact import redact
from lib.http.safety import SafeAdapter, addresses, is_allowed, origin

PASSWORD = "s3cret/+ä pass"


@pytest.fixture
def server():
    with FakeServer() as server:
        yield server


@pytest.fixture
def other():
    with FakeServer() as other:
        other.route("GET", "/*", b"content", params=None)
        yield other


@pytest.fixture
def client(server):
    auth = make_auth("basic", login="ana", password=PASSWORD)
    with Client(
        server.url, auth, allow_private=True, retries=0, sleep=lambda seconds: None
    ) as client:
        yield client


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 192.168.1.1 172.16.0.1 169.254.169.254 0.0.0.0 100.64.0.1 "
    "224.0.0.1 255.255.255.255 ::1 fe80::1%eth0 fc00::1 ::ffff:127.0.0.1 "
    "64:ff9b::7f00:1 2002:7f00:1::1 :: ff02::1".split(),
)
def test_addresses_of_the_own_network_are_refused(address):
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_allowed(address):
    assert is_allowed(address)


def test_groups_and_no_machine_are_refused_even_where_private_is_allowed():
    assert is_allowed("10.0.0.1", allow_private=True)
    for address in ("0.0.0.0", "::", "224.0.0.1", "255.255.255.255"):
        assert not is_allowed(address, allow_private=True)


@pytest.mark.parametrize(
    "url", ["ftp://example.com", "file:///etc/passwd", "gopher://a", "//a", "x", ""]
)
def test_only_http_and_https_are_addresses(url):
    with pytest.raises(Problem) as caught:
        origin(url)
    assert caught.value.code == "http_host_refused"


def test_an_address_with_a_password_is_refused_and_the_password_not_told():
    with pytest.raises(Problem) as caught:
        origin("https://ana:hidden@example.com/")
    assert "hidden" not in caught.value.text()


def test_a_private_server_is_not_asked_unless_allowed(server):
    with Client(server.url, retries=0) as client, pytest.raises(Problem) as caught:
        client.get("x")
    assert caught.value.code == "http_host_refused"
    assert server.connections == 0


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    def lookup(host, port, *_args):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("8.8.8.8", "10.0.0.1")
        ]

    with pytest.raises(Problem, match="10.0.0.1"):
        addresses("rebind.example.com", 80, False, lookup)


def test_a_name_is_looked_up_once_and_the_checked_address_connected_to(monkeypatch):
    answers = iter(["8.8.8.8", "127.0.0.1"])
    connected = []

    def lookup(host, port, *_args):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address, *_args, **_kwargs):
        connected.append(address[0])
        raise OSError("unreachable")

    monkeypatch.setattr(sockets, "create_connection", connect)
    adapter = SafeAdapter(lookup=lookup)
    with Client("http://rebind.example.com", retries=0) as client:
        client._session.mount("http://", adapter)
        for expected in ("http_unavailable", "http_host_refused"):
            with pytest.raises(Problem) as caught:
                client.get("x")
            assert caught.value.code == expected
    assert connected == ["8.8.8.8"]


def test_a_redirect_to_another_host_is_refused_for_records(server, other, client):
    server.status(302, pattern="/list", Location=f"{other.url}/list")
    with pytest.raises(Problem) as caught:
        client.get("list")
    assert caught.value.code == "http_host_refused"
    assert not other.requests


def test_a_redirect_on_the_same_server_is_followed(server, client):
    server.status(302, pattern="/old", Location="/new?x=1")
    server.route("GET", "/new", {"ok": 1}, params=("x",))
    assert client.get("old", {"page": 1}) == {"ok": 1}
    assert "Authorization" in server.requests[-1].headers


def test_redirects_in_a_circle_end(server, client):
    server.status(302, pattern="/a", times=99, Location="/a")
    with pytest.raises(Problem) as caught:
        client.get("a")
    assert caught.value.code == "http_unexpected"


def test_a_file_on_another_host_comes_without_credentials(server, other, client):
    cookie = {"Set-Cookie": "sid=abc; Path=/"}
    server.route("GET", "/me", lambda request: Reply({}, headers=cookie))
    server.route("GET", "/file", {}, params=None)
    client.get("me")
    server.status(302, pattern="/file", Location=f"{other.url}/elsewhere?sig=1")
    for place in ("file", f"{other.url}/direct"):
        with client.download(place) as file:
            assert b"".join(file.chunks()) == b"content"
    for request in other.requests:
        names = {name.lower() for name in request.headers}
        assert not names & {"authorization", "cookie"}
    assert "sid=abc" in server.requests[-1].headers["Cookie"]


def test_no_proxy_or_netrc_of_the_environment_is_used(server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password fromnetrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.route("GET", "/x", {})
    with Client(server.url, allow_private=True, retries=0) as client:
        client.get("x")
    assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_no_secret_is_in_a_problem(server, client, status):
    coded = make_auth("basic", login="ana", password=PASSWORD)._coded()
    server.status(status, f"password {PASSWORD} or {coded} is wrong", times=9)
    with pytest.raises(Problem) as caught:
        client.get("x", {"password": PASSWORD})
    text = f"{caught.value.text()} {caught.value.params} {caught.value!r}"
    assert PASSWORD not in text and coded not in text
    assert caught.value.__cause__ is None


def test_secrets_are_replaced_in_all_their_forms():
    text = "a s3cret/+ä pass b s3cret%2F%2B%C3%A4%20pass c s3cret%2F%2B%C3%A4+pass"
    assert redact(text, [PASSWORD, "", None]) == "a ••• b ••• c •••"


def test_neither_client_nor_credentials_show_secrets(client):
    for value in (client, client._auth):
        assert PASSWORD not in repr(value)
