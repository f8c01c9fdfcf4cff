"""Reading ArkCase from a server that has all its traps."""

from contextlib import contextmanager

import pytest
from servers.arkcase import LOGIN, PASSWORD, ArkCaseServer
from servers.base import Reply

from lib.arkcase import SHAPES
from lib.arkcase.files import PATH
from lib.arkcase.reader import Reader
from lib.errors import Problem
from lib.http import Client, make_auth

HISTORY = {"created": "2021-03-05T14:07:31.482Z", "creator": "ann-acm"}


def doc(number, kind, **more):
    return {
        "id": f"{number}-{kind}",
        "object_id_s": str(number),
        "object_id_i": number,
        "object_type_s": kind,
        "status_lcs": "ACTIVE",
        "modified_date_tdt": "2021-03-05T14:07:31Z",
        **more,
    }


@pytest.fixture
def server():
    with ArkCaseServer() as running:
        yield running


@contextmanager
def client(server, kind="basic", password=PASSWORD):
    auth = make_auth(
        kind,
        login=LOGIN,
        password=password,
        ticket_path="/api/latest/authenticationtoken",
        ticket_param="acm_ticket",
    )
    options = {"allow_private": True, "sleep": lambda seconds: None}
    with Client(server.base, auth, **options) as opened:
        yield opened


@contextmanager
def reader(server, kind="basic", password=PASSWORD, **options):
    with client(server, kind, password) as opened:
        yield Reader(opened, **options)


def read(server, table, after=None, since=None, **options):
    with reader(server, **options) as source:
        return list(source.records(table, after, since))


def rows(server, table, **options):
    return [
        row
        for one in read(server, table, **options)
        for row in SHAPES[table](one.record)
    ]


def add_cases(server, count, **more):
    for number in range(1, count + 1):
        server.docs.append(doc(number, "CASE_FILE", **more))
        server.details[f"plugin/casefile/byId/{number}"] = {
            "id": number,
            "title": f"Case {number}",
            **HISTORY,
        }


def test_all_cases_are_listed_by_id_closed_ones_too_deleted_ones_not(server):
    add_cases(server, 7)
    server.docs[1]["status_lcs"] = "CLOSED"
    server.docs[2]["status_lcs"] = "DELETED"
    server.docs.reverse()
    found = read(server, "case", size=2)
    assert [one.record["id"] for one in found] == [1, 2, 4, 5, 6, 7]
    searches = [one for one in server.requests if "q" in one.params]
    assert all(one.params["start"] == "0" for one in searches)
    assert "object_id_i:[3 TO *]" in searches[1].params["q"]


def test_reading_goes_on_after_a_position(server):
    add_cases(server, 4)
    found = read(server, "case", after=2)
    assert [one.position for one in found] == [3, 4]


def test_only_what_was_changed_since_is_read(server):
    add_cases(server, 2)
    server.docs[1]["modified_date_tdt"] = "2022-01-01T00:00:00Z"
    found = read(server, "case", since="2021-12-31T23:00:00Z")
    assert [one.record["id"] for one in found] == [2]


def test_foia_requests_are_no_cases(server):
    add_cases(server, 1)
    server.docs.append(doc(9, "CASE_FILE", object_sub_type_s="FOIA_REQUEST"))
    server.details["plugin/casefile/byId/9"] = {"id": 9, "requestType": "Appeal"}
    assert [row["case_id"] for row in rows(server, "case")] == [1]
    assert rows(server, "foia_request")[0]["request_type"] == "Appeal"


def test_references_within_the_details_are_resolved(server):
    person = {"id": 101, "givenName": "Ana", "familyName": "Ruiz"}
    acme = {"organizationId": 77, "organizationValue": "Acme"}
    link = {"id": 5, "person": person, "organization": acme}
    person.update(organizationAssociations=[link], defaultOrganization=link)
    acme["personAssociations"] = [link]
    server.docs.append(doc(101, "PERSON", organization_id_ss=["77-ORGANIZATION"]))
    server.details["plugin/people/101"] = person
    (row,) = rows(server, "contact")
    assert row["organization_id"] == 77
    (row,) = rows(server, "contact_company")
    assert (row["person_id"], row["is_primary"]) == (101, True)


def test_a_case_that_may_not_be_seen_does_not_stop_the_others(server):
    add_cases(server, 3)
    server.forbidden.add("plugin/casefile/byId/2")
    found = read(server, "case")
    assert [one.problem and one.problem.code for one in found] == [
        None,
        "http_forbidden",
        None,
    ]
    assert found[1].record["id"] == 2


def test_a_case_that_is_gone_is_told_as_such_though_the_status_is_500(server):
    add_cases(server, 2)
    del server.details["plugin/casefile/byId/1"]
    gone, found = read(server, "case")
    assert gone.problem.code == "arkcase_gone"
    assert "Could not retrieve casefile." in str(gone.problem)
    assert found.record["id"] == 2


def test_users_are_paged_by_number_and_inactive_ones_are_read(server):
    for name in ("ann", "bob", "cy"):
        server.docs.append(
            {
                "object_type_s": "USER",
                "object_id_s": f"{name}-acm",
                "name_lcs": name,
                "status_lcs": "INVALID" if name == "bob" else "VALID",
            }
        )
    found = rows(server, "user", size=2)
    assert [row["active"] for row in found] == [True, False, True]


def test_parties_are_persons_and_organizations(server):
    party = {"parent_id_s": "1", "parent_type_s": "CASE_FILE"}
    server.docs += [
        doc(5, "PERSON-ASSOCIATION", child_id_s="101", type_lcs="Initiator", **party),
        doc(4, "ORGANIZATION-ASSOCIATION", child_id_s="77", **party),
    ]
    server.docs[1]["child_type_s"] = "ORGANIZATION"
    found = rows(server, "party")
    assert [(row["party_type"], row["party"]) for row in found] == [
        ("PERSON", "101"),
        ("ORGANIZATION", "77"),
    ]
    positions = [one.position for one in read(server, "party")]
    again = read(server, "party", after=positions[0])
    assert [one.record["object_id_i"] for one in again] == [4]


def test_calendar_is_read_span_by_span_and_each_event_once(server):
    server.calendars.append({"objectType": "CASE_FILE", "objectId": 1})
    for number in range(60):
        server.events.append(
            {
                "eventId": f"e{number}",
                "objectType": "CASE_FILE",
                "objectId": 1,
                "start": "2021-03-05 14:00:00Z",
            }
        )
    found = read(server, "meeting", years=(20, 1), months=12)
    assert len({one.record["eventId"] for one in found}) == len(found) == 60


def test_workflows_come_with_their_definition(server):
    server.workflows += [
        {"id": 1, "key": "a", "name": "A", "version": 2},
        {"id": 2, "key": "b", "name": "B", "version": 1},
    ]
    server.definitions["a"] = "<definitions/>"
    first, second = read(server, "automation")
    assert first.record["definition"] == "<definitions/>"
    assert second.problem.params["status"] == 500


def test_file_has_its_name_with_spaces_and_its_content(server):
    server.files[31] = ("Letter 1+2.pdf", "application/pdf", b"%PDF")
    with client(server) as source, source.download(f"{PATH[4:]}31") as download:
        assert download.mimetype == "application/pdf"
        assert b"".join(download.chunks()) == b"%PDF"


def test_file_that_has_vanished_is_a_problem(server):
    with client(server) as source, pytest.raises(Problem) as caught:
        with source.download(f"{PATH[4:]}31"):
            pass
    assert caught.value.params["status"] == 500


def test_wrong_password_stops_with_one_problem(server):
    add_cases(server, 2)
    with pytest.raises(Problem) as caught:
        read(server, "case", password="wrong")
    assert caught.value.code == "http_unauthorized"
    assert "wrong" not in str(caught.value)


def test_ticket_that_expires_is_fetched_anew(server):
    add_cases(server, 3)
    with reader(server, kind="ticket", size=1) as source:
        found = source.records("case")
        next(found)
        server.tickets.clear()
        assert [one.record["id"] for one in found] == [2, 3]


def test_index_that_repeats_a_page_is_not_read_for_ever(server):
    add_cases(server, 2)
    page = server._solr({"q": "object_type_s:CASE_FILE"})
    server.fault("*advancedSearch", times=9, reply=Reply(page))
    with pytest.raises(Problem) as caught:
        read(server, "case", size=2)
    assert caught.value.code == "http_endless"
