"""The order of loading."""

import pytest

from lib.errors import Problem
from lib.topology import sort_by_reference


def test_what_is_referred_to_comes_first():
    order = sort_by_reference(
        ["note", "deal", "contact", "company"],
        {
            "note": {"deal", "contact"},
            "deal": {"contact", "company"},
            "contact": {"company"},
        },
    )
    assert order == ["company", "contact", "deal", "note"]


def test_the_wished_order_stays_where_nothing_demands_another():
    names = ["c", "a", "b"]
    assert sort_by_reference(names, {}) == names
    assert sort_by_reference(names, {"c": {"b"}}) == ["a", "b", "c"]


def test_names_that_are_not_loaded_are_no_obstacle():
    assert sort_by_reference(["deal"], {"deal": {"user"}, "x": {"deal"}}) == ["deal"]


def test_a_circle_of_objects_is_named():
    with pytest.raises(Problem) as caught:
        sort_by_reference(["a", "b", "c"], {"a": {"b"}, "b": {"a"}, "c": set()})
    assert caught.value.code == "mapping_cycle"
    assert caught.value.params["circle"] in ("a → b → a", "b → a → b")


def test_the_callers_references_are_left_alone():
    references = {"a": {"b", "elsewhere"}}
    sort_by_reference(["a", "b"], references)
    assert references == {"a": {"b", "elsewhere"}}
