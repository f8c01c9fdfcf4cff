"""References between the objects of a document."""

import json

import pytest

from lib.errors import Problem
from lib.jsog import resolve


def test_a_reference_becomes_the_object_itself():
    document = resolve(
        {
            "@id": "1",
            "people": [{"@id": "2", "name": "Ana"}],
            "originator": {"@ref": "2"},
        }
    )
    assert document["originator"] is document["people"][0]
    assert document == {"people": [{"name": "Ana"}], "originator": {"name": "Ana"}}


def test_a_cycle_is_a_cycle():
    person = resolve(
        {
            "@id": "1",
            "organizationAssociations": [{"@id": "2", "person": {"@ref": "1"}}],
        }
    )
    assert person["organizationAssociations"][0]["person"] is person


def test_references_reach_across_a_list_and_before_their_object():
    first, second = resolve([{"x": {"@ref": 7}}, {"@id": "7", "name": "late"}])
    assert first["x"] is second


def test_plain_json_stays_as_it_is():
    for document in (None, 3, "text", [], {"a": [1, {"b": None}]}):
        assert resolve(document) == document


def test_an_object_with_a_ref_and_more_is_no_reference():
    assert resolve({"a": {"@ref": "x", "b": 1}}) == {"a": {"@ref": "x", "b": 1}}


def test_a_deep_document_is_resolved():
    document = {"@id": "0"}
    place = document
    for number in range(1, 50_000):
        place["next"] = {"@id": str(number)}
        place = place["next"]
    place["first"] = {"@ref": "0"}
    resolve(document)
    assert place["first"] is document


def test_a_duplicate_key_does_not_hurt():
    text = '{"@id": "1", "className": "a", "className": "a", "me": {"@ref": "1"}}'
    document = resolve(json.loads(text))
    assert document["me"] is document


def test_an_unknown_reference_is_told():
    with pytest.raises(Problem) as caught:
        resolve({"@id": "1", "x": {"@ref": "9"}})
    assert caught.value.code == "jsog_unknown_reference"
    assert "9" in caught.value.text()
