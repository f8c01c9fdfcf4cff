"""Tables of a tenant, read from a server that is as strict as its reference."""

import pytest
from servers.base import Reply
from servers.chakra import TOKEN, ChakraServer

from lib.chakra.reader import CONFIG, Listed, Reader, Tenant, read_config
from lib.errors import Problem
from lib.http.auth import make_auth
from lib.http.client import Client
from lib.http.endpoint import Endpoint

PATH = "/v1/ext/procedure/lead/process/list"
PAGING = {"offset": "skip", "size": "limit", "more": "_meta.hasMore"}
TENANT = {
    "team": {"id": "t"},
    "procedures": [{"id": "p1", "shortId": "lead", "name": "Lead"}],
    "attributes": [
        {"id": "a1", "shortId": "front", "name": "Front", "type": "photo"}
        | {"procedure": "p1"}
    ],
}


def processes(count):
    return [
        {"id": f"x{number}", "createdAt": number * 1000, "status": "OPEN", "data": {}}
        for number in range(count)
    ]


def listed(kind, path, owner=None, name="", **values):
    endpoint = Endpoint(
        name or kind,
        path,
        method="POST",
        records="_data",
        paginator="offset",
        options={**PAGING, "errors": "_errors"},
        **values,
    )
    return Listed(endpoint, kind, owner, name)


LEADS = listed("process", PATH, "p1", "lead")
TASKS = listed("task", "/v1/ext/task/list")
CALLS = Listed(
    listed("call", "/v1/ext/call/list").endpoint, "call", outcome=("disposition",)
)
USERS = Listed(
    Endpoint("user", "/v1/ext/users", records="_data", options={"errors": "_errors"}),
    "user",
)
FILES = Listed(Endpoint("file", "/v1/ext/photo/{photo}"), "file")


@pytest.fixture
def server():
    with ChakraServer(
        TENANT,
        [{"id": "u1", "username": "ravi"}],
        processes={"lead": processes(205)},
        tasks=[{"id": "k1", "data": {"disposition": "RNR"}}],
        calls=[{"id": "c1", "forTask": "k1"}, {"id": "c2"}],
    ) as one:
        yield one


def client(server, token=TOKEN):
    auth = make_auth("bearer", token=token)
    posts = (PATH, "/v1/ext/task/list", "/v1/ext/call/list")
    return Client(
        server.url, auth, posts=posts, allow_private=True, sleep=lambda _s: None
    )


def rows(server, which=LEADS, lists=(LEADS, TASKS, CALLS, USERS), after=None):
    with client(server) as opened:
        reader = Reader(opened, list(lists))
        return [one.record for one in reader.rows(which, after)]


def ids(server, **options):
    return [row["process_id"] for row in rows(server, **options)]


def asked(server, path=PATH):
    return [one for one in server.requests if one.path == path]


def test_all_pages_are_read_by_a_hundred(server):
    assert ids(server) == [f"x{number}" for number in range(205)]
    assert [one.json["skip"] for one in asked(server)] == [0, 100, 200]
    assert {one.json["limit"] for one in asked(server)} == {100}


def test_reading_goes_on_at_the_page_of_a_position(server):
    with client(server) as opened:
        reader = Reader(opened, [LEADS])
        fetched = list(reader.rows(LEADS))
    server.requests.clear()
    assert ids(server, after=fetched[150].position)[0] == "x100"
    assert [one.json["skip"] for one in asked(server)] == [100, 200]


def test_what_comes_again_on_the_next_page_is_given_once(server):
    server.lists["lead"].repeat = 3
    found = ids(server)
    assert len(found) == len(set(found)) == 205


def test_a_list_that_never_ends_is_refused(server):
    server.lists["lead"].endless = True
    with pytest.raises(Problem) as caught:
        ids(server)
    assert caught.value.code == "http_endless"


def test_a_list_may_be_narrowed_by_its_body(server):
    window = {"createdAt": {">=": "1970-01-01T00:00:02Z", "<": "1970-01-01T00:00:04Z"}}
    narrow = listed("process", PATH, "p1", "lead", body={"where": window})
    assert ids(server, which=narrow) == ["x2", "x3"]


def test_asking_by_change_is_refused_by_chakra(server):
    where = {"updatedAt": {">": "1970-01-01T00:00:02Z"}}
    with pytest.raises(Problem):
        ids(server, which=listed("process", PATH, "p1", body={"where": where}))


def test_a_wrong_token_is_told_and_not_shown(server):
    with client(server, "wrong-secret") as reader, pytest.raises(Problem) as caught:
        read_config(reader)
    assert caught.value.code == "http_unauthorized"
    assert "wrong-secret" not in str(caught.value)


def test_a_throttled_list_is_read_after_all(server):
    server.throttle(1, PATH)
    assert len(ids(server)) == 205


@pytest.mark.parametrize(
    "errors", [["No right"], [{"message": "No right"}], "No right"]
)
@pytest.mark.parametrize("path", [PATH, CONFIG])
def test_errors_in_the_envelope_are_problems(server, path, errors):
    server.fault(path, 9, reply=Reply({"_data": [], "_errors": errors}))
    with pytest.raises(Problem) as caught:
        ids(server)
    assert caught.value.code == "http_unexpected"
    assert "No right" in str(caught.value)


@pytest.mark.parametrize("body", [[], {}, {"_data": []}])
def test_a_configuration_of_another_form_is_a_problem(server, body):
    server.fault(CONFIG, 9, reply=Reply(body))
    with pytest.raises(Problem) as caught:
        ids(server)
    assert caught.value.code == "http_unexpected"


def test_deleted_records_are_not_read(server):
    server.lists["lead"].records[0]["isDeleted"] = True
    assert "x0" not in ids(server)


def test_owners_stay_uuids_where_users_may_not_be_read(server):
    server.lists["lead"].records[0]["assignedTo"] = "u1"
    server.status(403, "no", "/v1/ext/users", times=9)
    assert rows(server)[0]["owner_id"] == "u1"


def test_users_that_break_off_stop_the_reading(server):
    server.html("/v1/ext/users", times=9)
    with pytest.raises(Problem):
        rows(server)


def test_a_call_is_told_with_the_outcome_of_its_task(server):
    first, second = rows(server, CALLS)
    assert first["disposition"] == "RNR"
    assert "disposition" not in second
    assert len(asked(server, "/v1/ext/task/list")) == 1


def test_a_call_comes_without_it_where_tasks_may_not_be_read(server):
    server.status(403, "no", "/v1/ext/task/list", times=9)
    assert "disposition" not in rows(server, CALLS)[0]


def test_photos_of_records_are_files_and_reading_them_goes_on(server):
    for number in (3, 150):
        server.lists["lead"].records[number]["data"] = {"front": f"f{number}"}
    with client(server) as opened:
        fetched = list(Reader(opened, [LEADS, FILES]).rows(FILES))
    assert [one.record["file_id"] for one in fetched] == ["f3", "f150"]
    assert fetched[1].record["lead_id"] == "x150"
    after = fetched[1].position
    again = rows(server, FILES, (LEADS, FILES), after)
    assert [one["file_id"] for one in again] == ["f150"]


def test_files_of_other_lists_come_though_one_is_broken(server):
    server.lists["deal"] = server.lists["lead"]
    server.lists["lead"].records[150]["data"] = {"front": "f150"}
    path = PATH.replace("lead", "deal")
    deals = listed("process", path, "p1", "deal")
    server.status(400, "no", path, times=9, after=1)
    posts = (PATH, path)
    auth = make_auth("bearer", token=TOKEN)
    found = []
    with Client(server.url, auth, posts=posts, allow_private=True) as opened:
        with pytest.raises(Problem) as caught:
            for one in Reader(opened, [deals, LEADS, FILES]).rows(FILES):
                found.append(one.record["file_id"])
    assert found == ["f150"], "of the leads, which come after the broken deals"
    assert caught.value.code == "http_bad_request"
    assert path in str(caught.value.params["url"])


def test_readers_of_one_reading_ask_once_for_what_all_lists_need(server):
    tenant = Tenant()
    lists = [LEADS, TASKS, CALLS, USERS]
    with client(server) as opened:
        for listed_one in (LEADS, TASKS, CALLS, LEADS, CALLS):
            list(Reader(opened, lists, tenant=tenant).rows(listed_one))
    for path in (CONFIG, "/v1/ext/users"):
        assert len(asked(server, path)) == 1
    assert len(asked(server, "/v1/ext/task/list")) == 2, "the list, and the outcomes"


def test_lists_that_nobody_has_decided_on_make_no_pipelines(server):
    pipeline = Listed(Endpoint("pipeline", CONFIG), "pipeline")
    undecided = listed("process", PATH, "p1")
    assert rows(server, pipeline, (undecided,)) == []
    assert [one["name"] for one in rows(server, pipeline, (LEADS,))] == ["Lead"]


def test_a_task_comes_though_another_list_may_not_be_read(server):
    server.lists["deal"] = server.lists["lead"]
    server.tasks.records[0]["process"] = "x1"
    path = PATH.replace("lead", "deal")
    deals = listed("process", path, "p2", "deal")
    server.status(403, "no", path, times=9)
    posts = (PATH, path, "/v1/ext/task/list")
    auth = make_auth("bearer", token=TOKEN)
    with Client(server.url, auth, posts=posts, allow_private=True) as opened:
        [row] = Reader(opened, [LEADS, deals, TASKS]).rows(TASKS)
    assert row.record["lead_id"] == "x1"
