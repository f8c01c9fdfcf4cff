"""One record made from several rows."""

import json

from lib.merge import merge_rows, packed


def row(source_id, problem=None, **payload):
    content, digest = packed(payload)
    return {
        "source_id": source_id,
        "payload": content,
        "payload_hash": digest,
        "problem": problem,
    }


def merged(*rows, lists=()):
    found = merge_rows(list(rows), set(lists))
    return [(one["source_id"], json.loads(one["payload"])) for one in found]


def test_rows_with_one_id_become_one_row_in_the_order_of_the_first():
    assert merged(row("a", n=1), row("b", n=2), row("a", m=3)) == [
        ("a", {"n": 1, "m": 3}),
        ("b", {"n": 2}),
    ]


def test_the_first_value_that_is_not_empty_counts():
    assert merged(row("a", city="", zip="1"), row("a", city="Oslo", zip="2")) == [
        ("a", {"city": "Oslo", "zip": "1"})
    ]


def test_lists_are_joined():
    assert merged(row("a", tags="x"), row("a", tags="y"), lists=["tags"]) == [
        ("a", {"tags": "x;y"})
    ]


def test_what_disagrees_is_told():
    (found,) = merge_rows([row("a", city="Oslo"), row("a", city="Bergen")])
    assert found["contradicts"] == "city"
    (found,) = merge_rows([row("a", city="Oslo"), row("a", city="Oslo")])
    assert found["contradicts"] is None


def test_the_digest_is_that_of_the_merged_row():
    (found,) = merge_rows([row("a", city="Oslo"), row("a", zip="1")])
    assert (found["payload"], found["payload_hash"]) == packed(
        {"city": "Oslo", "zip": "1"}
    )


def test_a_problem_of_any_row_is_kept():
    problem = object()
    (found,) = merge_rows([row("a", n=1), row("a", problem, n=1)])
    assert found["problem"] is problem


def test_the_given_rows_stay_as_they_were():
    rows = [row("a", n=1), row("a", m=1)]
    before = [dict(one) for one in rows]
    merge_rows(rows)
    assert rows == before
