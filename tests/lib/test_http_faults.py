"""Servers that fail, stall, or ask for patience; many requests, and files."""

import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from servers.base import FakeServer, Reply

from lib.errors import Problem
from lib.http import Client
from lib.http.throttle import Throttle, retry_after


@pytest.fixture
def server():
    with FakeServer() as server:
        server.route("GET", "/one/{id}", lambda request: {"id": request.args["id"]})
        server.route("GET", "/file", b"0123456789" * 1000)
        yield server


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def client(server, pauses):
    with connect(server, sleep=pauses.append) as client:
        yield client


def connect(server, **options):
    options = {"allow_private": True, "sleep": lambda seconds: None, **options}
    return Client(server.url, **options)


def code(call, *args):
    with pytest.raises(Problem) as caught:
        call(*args)
    assert caught.value.text()
    return caught.value.code


@pytest.mark.parametrize("fault", ["unavailable", "drop", "cut", "throttle"])
def test_what_may_be_gone_later_is_asked_again(server, client, fault):
    getattr(server, fault)(times=3)
    assert client.get("one/1") == {"id": "1"}
    assert len(server.requests) == client.requests_made == 4


@pytest.mark.parametrize(
    "fault, expected",
    [
        ("unavailable", "http_unavailable"),
        ("drop", "http_unavailable"),
        ("cut", "http_truncated"),
        ("throttle", "http_throttled"),
    ],
)
def test_what_stays_is_told(server, fault, expected):
    getattr(server, fault)(times=99)
    with connect(server, retries=2) as client:
        assert code(client.get, "one/1") == expected
    assert len(server.requests) == 3


def test_a_server_that_is_not_there_is_told():
    with Client("http://127.0.0.1:9", allow_private=True, retries=0) as client:
        assert code(client.get, "x") == "http_unavailable"


def test_a_server_that_stalls_is_told(server):
    server.slow(2)
    with connect(server, timeout=(1, 0.2), retries=0) as client:
        assert code(client.get, "one/1") == "http_timeout"


def test_pauses_grow(server, client, pauses):
    server.unavailable(times=4)
    client.get("one/1")
    assert pauses == [0.5, 1, 2, 4]


def test_the_server_says_how_long_to_wait(server, pauses):
    told = []
    server.throttle(retry_after=7)
    with connect(server, sleep=pauses.append, wait=told.append) as client:
        client.get("one/1")
    assert [round(seconds) for seconds in pauses] == [7]
    assert told == pauses


def test_a_wait_that_nobody_has_is_a_problem(server, client, pauses):
    server.throttle(retry_after=86400)
    assert code(client.get, "one/1") == "http_throttled"
    assert not pauses


@pytest.mark.parametrize(
    "text, seconds", [("5", 5), (" 0 ", 0), ("", None), (None, None), ("soon", None)]
)
def test_retry_after_in_seconds(text, seconds):
    assert retry_after(text) == seconds


def test_retry_after_as_a_date():
    now = datetime(2024, 1, 1, tzinfo=timezone.utc)
    later = format_datetime(now + timedelta(seconds=90), usegmt=True)
    assert retry_after(later, now) == 90
    assert retry_after("Mon, 01 Jan 2020 00:00:00 GMT", now) == 0


class Clock:
    """A time that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_there_are_no_more_requests_a_second_than_allowed():
    clock = Clock()
    throttle = Throttle(per_second=5, sleep=clock.sleep, clock=clock)
    for _number in range(11):
        throttle.take()
    assert clock.now == pytest.approx(2)


def test_the_pace_slows_when_asked_and_comes_back():
    clock = Clock()
    throttle = Throttle(sleep=clock.sleep, clock=clock)
    throttle.slower(1)
    times = []
    for _number in range(400):
        throttle.take()
        times.append(clock.now)
        throttle.calm()
    assert times[0] == 1
    assert times[1] - times[0] == pytest.approx(0.05)
    assert times[-1] == times[-2]


def test_the_budget_is_kept_repeated_requests_counted(server):
    server.unavailable()
    with connect(server, budget=3) as client:
        client.get("one/1")
        client.get("one/1")
        assert code(client.get, "one/1") == "http_budget"
    assert len(server.requests) == 3


# Many at the same time


def wanted(count):
    return ((number, f"one/{number}", None) for number in range(count))


def test_details_come_in_order_whatever_takes_longer(server, client):
    server.slow(0.2, "/one/0")
    found = list(client.details(wanted(50)))
    assert found == [(number, {"id": str(number)}) for number in range(50)]
    assert server.connections <= client.parallel


def test_details_are_faster_than_one_after_the_other(server):
    server.seconds = 0.05
    with connect(server, parallel=8) as client:
        start = time.monotonic()
        assert len(list(client.details(wanted(40)))) == 40
        assert time.monotonic() - start < 1.0


def test_no_more_are_taken_than_needed(server, client):
    taken = []
    source = (taken.append(entry[0]) or entry for entry in wanted(10_000))
    found = client.details(source)
    assert next(found)[0] == 0
    found.close()
    assert len(taken) < 100


def test_one_that_may_not_be_read_stands_alone(server, client):
    server.status(403, pattern="/one/3")
    server.status(404, pattern="/one/5")
    found = dict(client.details(wanted(8)))
    assert found[3].code == "http_forbidden"
    assert found[5].code == "http_not_found"
    assert found[7] == {"id": "7"}


def test_a_server_that_is_gone_ends_the_details(server):
    server.unavailable(times=999)
    with connect(server, retries=0) as client:
        assert code(list, client.details(wanted(500))) == "http_unavailable"
    assert len(server.requests) < 100


def test_what_fails_just_before_the_server_is_gone_is_not_given_out(server):
    server.unavailable("/one/2", times=1)
    for number in range(5, 500):
        server.unavailable(f"/one/{number}", times=9)
    given = []
    with connect(server, retries=0) as client, pytest.raises(Problem):
        for key, result in client.details(wanted(500)):
            given.append((key, getattr(result, "code", None)))
    assert given == [(0, None), (1, None), (2, "http_unavailable")] + [
        (3, None),
        (4, None),
    ]


def test_the_last_one_that_fails_is_given_out(server):
    server.unavailable("/one/4", times=1)
    with connect(server, retries=0) as client:
        found = dict(client.details(wanted(5)))
    assert found[4].code == "http_unavailable"


def test_credentials_that_are_refused_end_the_details(server, client):
    server.expired(times=999)
    assert code(list, client.details(wanted(500))) == "http_unauthorized"


# Files


def read(client, place="file", **options):
    with client.download(place) as file:
        return file, b"".join(file.chunks(**options))


def test_a_file_comes_with_name_type_and_size(server, client):
    headers = {
        "Content-Type": "application/pdf; x=y",
        "Content-Disposition": "attachment; filename*=UTF-8''..%2F%C3%84%20b.pdf",
    }
    server.route("GET", "/pdf", lambda request: Reply(b"%PDF", headers=headers))
    file, content = read(client, "pdf")
    assert (file.name, file.mimetype, file.size) == ("Ä b.pdf", "application/pdf", 4)
    assert content == b"%PDF"


@pytest.mark.parametrize(
    "disposition, name",
    [
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\dir\\\\a.txt"', "a.txt"),
        ("attachment; filename=a+b.txt", "a+b.txt"),
        ("inline", ""),
        ("", ""),
    ],
)
def test_a_file_name_is_never_a_path(server, client, disposition, name):
    headers = {"Content-Disposition": disposition} if disposition else {}
    server.route("GET", "/x", lambda request: Reply(b"x", headers=headers))
    assert read(client, "x")[0].name == name


def test_a_file_that_vanished_is_told(client):
    assert code(read, client, "gone") == "http_not_found"


def test_a_file_shorter_than_announced_is_told(server, client):
    server.announce(5, "/file")
    assert code(read, client) == "http_truncated"


def test_a_file_whose_connection_ends_is_told(server, client):
    server.cut("/file")
    assert code(read, client) == "http_truncated"


@pytest.mark.parametrize("expected", [9_999, 10_001])
def test_a_file_of_another_size_than_the_source_told_is_told(client, expected):
    assert code(lambda: read(client, expected=expected)) == "http_truncated"
    assert len(read(client, expected=10_000)[1]) == 10_000


def test_bytes_beyond_the_announced_are_no_part_of_anything(server, client):
    server.announce(-10, "/file")
    assert len(read(client)[1]) == 9_990
    assert code(lambda: (server.announce(-10), read(client, expected=10_000))) == (
        "http_truncated"
    )
    assert client.get("one/1") == {"id": "1"}


def test_a_file_beyond_the_limit_is_not_read(client):
    assert code(lambda: read(client, limit=9_999)) == "http_too_large"
