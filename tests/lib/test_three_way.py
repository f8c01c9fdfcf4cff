"""Values that the source and Odoo's users may both have changed."""

from datetime import datetime

import pytest

from lib.three_way import (
    CONFLICT,
    EMPTIED,
    KEEP,
    WRITE,
    Merged,
    fill_value,
    merge_value,
    same,
)


@pytest.mark.parametrize(
    ("base", "source", "odoo", "merged"),
    [
        ("a", "a", "a", Merged(KEEP)),
        ("a", "b", "a", Merged(WRITE, "b")),
        ("a", "a", "b", Merged(KEEP)),
        ("a", "b", "c", Merged(CONFLICT, "b")),
        ("a", "b", "b", Merged(KEEP)),
        (None, "b", None, Merged(WRITE, "b")),
        (None, "b", "c", Merged(CONFLICT, "b")),
        ("a", "b", None, Merged(CONFLICT, "b")),
        (5, 0, 5, Merged(WRITE, 0)),
        (None, 0, 3, Merged(KEEP)),
        (True, False, True, Merged(WRITE, False)),
        (False, True, False, Merged(WRITE, True)),
    ],
)
def test_what_only_the_source_changed_is_written(base, source, odoo, merged):
    assert merge_value(base, source, odoo) == merged


def test_an_empty_source_erases_nothing():
    assert merge_value("a", None, "a") == Merged(EMPTIED)
    assert merge_value("a", None, "b") == Merged(EMPTIED)
    assert merge_value(frozenset({1}), None, frozenset({1})) == Merged(EMPTIED)


def test_what_is_empty_in_odoo_already_is_nobodys_decision():
    assert merge_value("a", None, None) == Merged(KEEP)
    assert merge_value("a", None, "") == Merged(KEEP)
    assert merge_value(frozenset({1}), None, frozenset()) == Merged(KEEP)


@pytest.mark.parametrize(
    ("base", "source", "odoo", "expected"),
    [
        ({1}, {1, 2}, {1}, {1, 2}),
        ({1, 2}, {1}, {1, 2, 3}, {1, 3}),
        ({1, 2}, {1, 3}, {1, 2, 4}, {1, 3, 4}),
        (None, {1}, {2}, {1, 2}),
        (None, {1}, None, {1}),
    ],
)
def test_lists_are_merged_element_by_element(base, source, odoo, expected):
    values = [one if one is None else frozenset(one) for one in (base, source, odoo)]
    assert merge_value(*values) == Merged(WRITE, frozenset(expected))


def test_a_list_that_has_everything_already_is_not_written():
    lists = (frozenset({1}), frozenset({1, 2}), frozenset({1, 2, 3}))
    assert merge_value(*lists) == Merged(KEEP)
    lists = (frozenset({1, 2}), frozenset({1}), frozenset({1}))
    assert merge_value(*lists) == Merged(KEEP)


def test_filling_writes_to_what_is_empty_only():
    assert fill_value("a", "b", None) == Merged(WRITE, "b")
    assert fill_value(None, "b", None) == Merged(WRITE, "b")
    assert fill_value("a", "b", "a") == Merged(KEEP)
    assert fill_value("a", None, None) == Merged(KEEP)
    assert fill_value("a", "a", None) == Merged(KEEP)


def test_spaces_and_kinds_of_nothing_make_no_difference():
    assert same("a  b\n", "a b")
    assert same(None, 0.0)
    assert same("", None)
    assert same(frozenset(), None)
    assert not same("a", "A")
    assert not same(datetime(2024, 1, 1), datetime(2024, 1, 2))
    assert same(1, 1.0)
