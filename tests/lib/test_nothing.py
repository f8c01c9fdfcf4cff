"""Words that stand for an empty cell."""

import pytest

from lib.compile import compile_mapping
from lib.field_spec import FieldSpec
from lib.nothing import KNOWN_WORDS, is_empty, parse_words, says_nothing

WORDS = parse_words("N/A; null ; ; -")


def transform(payload, *specs, nothing=WORDS):
    compiled = compile_mapping(list(specs), nothing)
    return compiled.transform(payload, lambda resolver, key: (resolver, key))


def requests(payload, *specs):
    return list(compile_mapping(list(specs), WORDS).requests(payload))


def test_words_are_read_in_small_letters_and_without_spaces():
    assert WORDS == {"n/a", "null", "-"}
    assert parse_words(None) == parse_words(" ; ") == frozenset()


@pytest.mark.parametrize("value", ["n/a", " N/A ", "NULL", "-", "", "  ", None, [], {}])
def test_a_word_for_nothing_says_nothing(value):
    assert says_nothing(value, WORDS)


@pytest.mark.parametrize("value", ["n/a yet", "--", 0, False, "0", ["-"], "none"])
def test_any_other_value_says_something(value):
    assert not says_nothing(value, WORDS)
    assert not is_empty(value)


def test_the_known_words_are_written_as_they_are_compared():
    assert parse_words("; ".join(KNOWN_WORDS)) == set(KNOWN_WORDS)
    assert not {"none", "na", "no", "nan", "0"} & set(KNOWN_WORDS)


def test_a_word_for_nothing_leaves_the_field_empty_whatever_its_type():
    outcome = transform(
        {"name": "n/a", "size": "-", "day": "NULL", "state": "N/A", "city": "Oslo"},
        FieldSpec("name", "name"),
        FieldSpec("count", "size", ttype="integer"),
        FieldSpec("date", "day", ttype="date"),
        FieldSpec("stage", "state", kind="value_mapping", values={}),
        FieldSpec("city", "city"),
    )
    assert outcome.vals == {"city": "Oslo"}
    assert not outcome.problems


def test_without_the_words_a_value_is_taken_as_it_stands():
    outcome = transform({"name": "n/a"}, FieldSpec("name", "name"), nothing=frozenset())
    assert outcome.vals == {"name": "n/a"}


def test_a_required_field_with_such_a_word_is_missing():
    outcome = transform({"name": "-"}, FieldSpec("name", "name", required=True))
    assert [problem.code for problem in outcome.problems] == ["required_missing"]


def test_parts_of_a_joined_name_that_say_nothing_are_left_out():
    outcome = transform({"a": "Ida", "b": "-"}, FieldSpec("name", "a + b"))
    assert outcome.vals == {"name": "Ida"}


def test_the_next_column_of_a_field_is_asked_where_the_first_says_nothing():
    outcome = transform(
        {"phone": "n/a", "mobile": "+49 171 7654321"},
        FieldSpec("phone", "phone"),
        FieldSpec("phone", "mobile"),
    )
    assert outcome.vals == {"phone": "+49 171 7654321"}


def test_nothing_is_referred_to_by_such_a_word():
    line = FieldSpec("partner_id", "company", kind="reference", resolver="company")
    tags = FieldSpec(
        "tag_ids", "tags", kind="reference", resolver="tag", ttype="many2many"
    )
    assert requests({"company": "null", "tags": ["-", "VIP"]}, line, tags) == [
        ("tag", "VIP")
    ]


def test_a_kind_that_says_nothing_names_no_object():
    line = FieldSpec(
        "record",
        "id",
        kind="reference",
        resolver={"path": "kind", "map": {"deal": "deal"}},
    )
    assert requests({"id": "7", "kind": "n/a"}, line) == []
    assert requests({"id": "7", "kind": "Deal"}, line) == [("deal", "7")]


def test_several_numbers_of_a_cell_are_told_as_a_warning():
    outcome = transform(
        {"phone": "030 123456; 040 654321"},
        FieldSpec("phone", "phone", transform="phone"),
    )
    assert outcome.vals == {"phone": "030 123456"}
    assert [(one.code, one.field) for one in outcome.warnings] == [
        ("phone_several", "phone")
    ]


@pytest.mark.parametrize(
    "value, empty",
    [(None, True), (" ", True), ([], True), ({}, True), (0, False), (False, False)],
)
def test_zero_and_no_are_values(value, empty):
    assert is_empty(value) is empty
