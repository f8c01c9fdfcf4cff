"""Lists of Chakra, read from a server that is as strict as its reference."""

import pytest
from servers.chakra import TOKEN, ChakraServer

from lib.chakra.lists import CONFIG, PROCESSES, iter_list, unwrap
from lib.errors import Problem
from lib.http.auth import make_auth
from lib.http.client import Client

PATH = PROCESSES.format(procedure="lead")


def processes(count):
    return [
        {"id": f"x{number}", "createdAt": number * 1000, "status": "OPEN", "data": {}}
        for number in range(count)
    ]


@pytest.fixture
def server():
    with ChakraServer({"team": {"id": "t"}}, processes={"lead": processes(205)}) as one:
        yield one


def client(server, token=TOKEN):
    auth = make_auth("bearer", token=token)
    return Client(
        server.url, auth, posts=(PROCESSES,), allow_private=True, sleep=lambda _s: None
    )


def ids(server, **options):
    with client(server) as reader:
        return [one["id"] for one in iter_list(reader, PATH, **options)]


def test_all_pages_are_read_by_a_hundred(server):
    assert ids(server) == [f"x{number}" for number in range(205)]
    assert [one.json["skip"] for one in server.requests] == [0, 100, 200]
    assert {one.json["limit"] for one in server.requests} == {100}


def test_what_comes_again_on_the_next_page_is_given_once(server):
    server.lists["lead"].repeat = 3
    found = ids(server)
    assert len(found) == len(set(found)) == 205


def test_a_list_that_never_ends_is_refused(server):
    server.lists["lead"].endless = True
    with pytest.raises(Problem) as caught:
        ids(server)
    assert caught.value.code == "http_endless"


def test_a_window_of_creation_is_half_open(server):
    where = {"createdAt": {">=": "1970-01-01T00:00:02Z", "<": "1970-01-01T00:00:04Z"}}
    assert ids(server, where=where) == ["x2", "x3"]


def test_asking_by_change_is_refused_by_chakra(server):
    with pytest.raises(Problem):
        ids(server, where={"updatedAt": {">": "1970-01-01T00:00:02Z"}})


def test_a_wrong_token_is_told_and_not_shown(server):
    with client(server, "wrong-secret") as reader, pytest.raises(Problem) as caught:
        reader.get(CONFIG)
    assert caught.value.code == "http_unauthorized"
    assert "wrong-secret" not in str(caught.value)


def test_a_throttled_list_is_read_after_all(server):
    server.throttle(1, PATH)
    assert len(ids(server)) == 205


@pytest.mark.parametrize("errors", [["No right"], [{"message": "No right"}]])
def test_errors_in_the_envelope_are_problems(errors):
    with pytest.raises(Problem) as caught:
        unwrap({"_data": [], "_errors": errors}, PATH)
    assert "No right" in str(caught.value.params)


def test_a_reply_without_data_is_a_problem():
    with pytest.raises(Problem):
        unwrap([], PATH)
