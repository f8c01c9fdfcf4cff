"""Attendees of meetings in the ways exports write them."""

import pytest

from lib.errors import Problem
from lib.values.attendees import parse_attendees


def test_texts_have_names_addresses_and_answers():
    text = "Berg, Anna <Anna@Example.com> (accepted); bo@example.com (declined), Cy"
    assert parse_attendees("Anna <Anna@Example.com> (accepted); bo@example.com") == [
        ("Anna", "anna@example.com", "accepted"),
        ("", "bo@example.com", "needsAction"),
    ]
    assert parse_attendees(text)[0].email == "anna@example.com"


def test_lists_have_objects_or_texts():
    found = parse_attendees(
        [
            {"email": "a@example.com", "name": "A", "responseStatus": "tentative"},
            "Bo (no)",
        ]
    )
    assert found == [("A", "a@example.com", "tentative"), ("Bo", "", "declined")]


def test_json_in_a_cell_is_read():
    assert parse_attendees('[{"email": "a@example.com"}]') == [
        ("", "a@example.com", "needsAction")
    ]


def test_who_is_named_twice_is_one():
    assert len(parse_attendees("a@example.com; A <A@example.com>")) == 1


def test_nobody_is_none():
    assert parse_attendees(" ; ") is None


def test_an_unknown_answer_is_a_problem():
    with pytest.raises(Problem) as caught:
        parse_attendees("Bo (perhaps not)")
    assert caught.value.code == "attendee_state_unknown"
