"""From the lines of a mapping to the values of a record."""

import pytest

from lib.compile import compile_mapping
from lib.errors import Held, Problem, Waiting
from lib.field_spec import FieldSpec
from lib.payload import reader

KNOWN = {
    ("company", "1"): ("res.partner", 11),
    ("contact", "1"): ("res.partner", 21),
    ("tag", "vip"): ("crm.tag", 31),
    ("tag", "bank"): ("crm.tag", 32),
    ("@owner", "ida@example.com"): ("res.users", 41),
    ("@owner", ""): ("res.users", 42),
    ("@lookup:res.country", ("Norway", None)): ("res.country", 51),
    ("@lookup:res.country.state", ("Oslo", 51)): ("res.country.state", 61),
    ("stage>probability", "s1"): ("stage>probability", "70.5"),
}


def find(resolver, key):
    """Stands for the resolver: knows KNOWN, and three ways of not knowing."""
    if key in ("later", "held"):
        kind = {"later": Waiting, "held": Held}[key]
        raise kind(key, "%(field)s %(value)s", value=key)
    try:
        return KNOWN[resolver, key]
    except KeyError:
        raise Problem("missing", "%(field)s %(value)s", value=key) from None


def transform(payload, *specs):
    return compile_mapping(list(specs)).transform(payload, find)


def codes(problems):
    return [(problem.code, problem.field) for problem in problems]


def test_columns_become_values_by_the_type_of_their_target():
    outcome = transform(
        {"name": " Ida\nEk ", "size": "12", "day": "2024-01-31"},
        FieldSpec("name", "name"),
        FieldSpec("count", "size", ttype="integer"),
        FieldSpec("date", "day", ttype="date"),
    )
    assert outcome.vals["name"] == "Ida Ek"
    assert outcome.vals["count"] == 12
    assert str(outcome.vals["date"]) == "2024-01-31"
    assert not (outcome.problems or outcome.warnings)


@pytest.mark.parametrize("payload", [{}, {"a": ""}, {"a": "  "}, {"a": None}])
def test_what_the_source_does_not_say_is_no_value(payload):
    assert transform(payload, FieldSpec("x", "a")).vals == {}


def test_columns_are_joined_without_gaps():
    spec = FieldSpec("name", "first + middle + last")
    payload = {"first": " Ida ", "middle": "", "last": "Ek"}
    assert transform(payload, spec).vals == {"name": "Ida Ek"}
    assert transform({}, spec).vals == {}


def test_a_column_of_exactly_that_name_wins_over_joining_and_descending():
    assert transform(
        {"a + b": "whole", "a": "1", "b": "2"}, FieldSpec("x", "a + b")
    ).vals == {"x": "whole"}
    assert reader("a.b")({"a.b": 1, "a": {"b": 2}}) == 1


def test_the_first_line_with_a_value_wins():
    specs = [FieldSpec("name", "full"), FieldSpec("name", "short")]
    assert transform({"full": "Ida Ek", "short": "I"}, *specs).vals["name"] == "Ida Ek"
    assert transform({"full": "", "short": "I"}, *specs).vals["name"] == "I"


def test_ignored_lines_are_not_looked_at():
    spec = FieldSpec("x", "a", kind="ignored", ttype="no such type")
    assert transform({"a": "1"}, spec).vals == {}


def test_a_constant_needs_no_column():
    spec = FieldSpec("type", kind="constant", constant="opportunity")
    assert transform({}, spec).vals == {"type": "opportunity"}


def test_a_type_without_a_conversion_is_refused_before_the_first_record():
    with pytest.raises(Problem) as caught:
        compile_mapping([FieldSpec("x", "a", ttype="binary")])
    assert (caught.value.code, caught.value.field) == ("transform_unknown", "a")


def test_a_bad_value_is_a_problem_of_its_column():
    outcome = transform({"n": "about 40"}, FieldSpec("x", "n", ttype="integer"))
    assert codes(outcome.problems) == [("number_invalid", "n")]
    assert outcome.problems[0].value == "about 40"


def test_a_bad_value_can_be_left_empty_with_a_warning():
    outcome = transform(
        {"n": "about 40", "m": "ok"},
        FieldSpec("x", "n", ttype="integer", on_missing="empty"),
        FieldSpec("y", "m"),
    )
    assert outcome.vals == {"y": "ok"}
    assert not outcome.problems
    assert codes(outcome.warnings) == [("number_invalid", "n")]


def test_every_bad_value_of_a_record_is_found():
    outcome = transform(
        {"a": "x", "b": "y"},
        FieldSpec("a", "a", ttype="integer"),
        FieldSpec("b", "b", ttype="date"),
    )
    assert [problem.field for problem in outcome.problems] == ["a", "b"]


def test_a_value_map_knows_values_whatever_their_spelling():
    spec = FieldSpec(
        "state", "s", kind="value_mapping", values={"in progress": "open", "none": None}
    )
    assert transform({"s": " In  Progress"}, spec).vals == {"state": "open"}
    assert transform({"s": "NONE"}, spec).vals == {}
    assert codes(transform({"s": "new"}, spec).problems) == [("value_unmapped", "s")]


def test_a_value_map_translates_each_value_of_a_list():
    spec = FieldSpec(
        "tag_ids",
        "t",
        kind="value_mapping",
        ttype="many2many",
        values={"a": 1, "b": 2, "c": None},
    )
    assert transform({"t": "a|c|b"}, spec).vals == {"tag_ids": [1, 2]}
    assert transform({"t": "c"}, spec).vals == {}


def test_a_selection_takes_its_options_only():
    spec = FieldSpec("x", "a", ttype="selection", allowed=frozenset({"North"}))
    assert transform({"a": "North"}, spec).vals == {"x": "North"}
    problem = transform({"a": "Middle"}, spec).problems[0]
    assert (problem.code, problem.value) == ("value_not_allowed", "Middle")


def test_a_look_up_goes_by_what_the_value_map_says():
    spec = FieldSpec(
        "country_id",
        "c",
        kind="lookup",
        ttype="many2one",
        resolver="@lookup:res.country",
        values={"noo": "NO"},
    )
    asked = []

    def find(resolver, key):
        asked.append(key)
        return "res.country", 7

    compiled = compile_mapping([spec])
    assert compiled.transform({"c": "NOO"}, find).vals == {"country_id": 7}
    assert compiled.transform({"c": "Sweden"}, find).vals == {"country_id": 7}
    assert asked == [("NO", None), ("Sweden", None)]


def test_a_label_of_a_selection_stands_for_its_key():
    spec = FieldSpec(
        "x",
        "a",
        ttype="selection",
        allowed=frozenset({"n", "North"}),
        labels={"north": "n"},
    )
    assert transform({"a": "North"}, spec).vals == {"x": "North"}
    assert transform({"a": "NORTH"}, spec).vals == {"x": "n"}
    assert transform({"a": ""}, spec).vals == {}


def test_text_that_does_not_fit_is_a_problem_and_not_cut():
    spec = FieldSpec("x", "a", size=5)
    assert transform({"a": "12345"}, spec).vals == {"x": "12345"}
    problem = transform({"a": "123456"}, spec).problems[0]
    assert problem.code == "value_too_long"
    assert (problem.params["length"], problem.params["size"]) == (6, 5)


def test_a_reference_becomes_the_id_of_its_record():
    spec = FieldSpec(
        "parent_id", "c", kind="reference", ttype="many2one", resolver="company"
    )
    assert transform({"c": "1"}, spec).vals == {"parent_id": 11}
    assert transform({"c": 1.0}, spec).vals == {"parent_id": 11}
    assert codes(transform({"c": "9"}, spec).problems) == [("missing", "c")]


def test_a_reference_of_any_model_keeps_the_model():
    spec = FieldSpec("record", "c", kind="reference", ttype="reference")
    spec.resolver = "company"
    assert transform({"c": "1"}, spec).vals == {"record": ("res.partner", 11)}


def test_references_to_several_records_are_a_list_of_ids():
    spec = FieldSpec(
        "tag_ids",
        "t",
        kind="reference",
        ttype="many2many",
        resolver="tag",
        normalise=True,
    )
    assert transform({"t": "VIP|Bank"}, spec).vals == {"tag_ids": [31, 32]}
    spec.on_missing = "empty"
    outcome = transform({"t": "VIP|Gone"}, spec)
    assert outcome.vals == {"tag_ids": [31]}
    assert codes(outcome.warnings) == [("missing", "t")]


def test_another_column_can_say_which_object_is_meant():
    spec = FieldSpec("record", "id", kind="reference", ttype="many2one")
    spec.resolver = {"path": "kind", "map": {"company": "company", "person": "contact"}}
    assert transform({"id": "1", "kind": "Company"}, spec).vals == {"record": 11}
    assert transform({"id": "1", "kind": "person"}, spec).vals == {"record": 21}
    problem = transform({"id": "1", "kind": "ticket"}, spec).problems[0]
    assert problem.code == "reference_kind_unknown"
    assert problem.params["kind"] == "ticket"
    assert transform({"id": "", "kind": "ticket"}, spec).vals == {}


def test_a_record_waits_for_the_record_it_refers_to():
    spec = FieldSpec(
        "parent_id",
        "c",
        kind="reference",
        ttype="many2one",
        resolver="company",
        on_missing="empty",
        required=True,
    )
    outcome = transform({"c": "later"}, spec)
    assert codes(outcome.waiting) == [("later", "c")]
    assert not (outcome.problems or outcome.warnings)


def test_a_record_of_an_undecided_owner_is_held():
    spec = FieldSpec("user_id", "o", kind="owner", ttype="many2one", resolver="@owner")
    outcome = transform({"o": "held"}, spec)
    assert codes(outcome.held) == [("held", "o")]
    spec.on_missing = "empty"
    outcome = transform({"o": "held"}, spec)
    assert not outcome.held
    assert codes(outcome.warnings) == [("held", "o")]


def test_a_required_owner_is_asked_for_where_the_column_is_empty():
    spec = FieldSpec("user_id", "o", kind="owner", ttype="many2one", resolver="@owner")
    assert transform({"o": ""}, spec).vals == {}
    spec.required = True
    assert transform({"o": ""}, spec).vals == {"user_id": 42}
    assert transform({"o": "ida@example.com"}, spec).vals == {"user_id": 41}


def test_a_lookup_is_narrowed_by_what_was_found_before():
    country = FieldSpec("country_id", "c", kind="lookup", ttype="many2one")
    country.resolver = "@lookup:res.country"
    state = FieldSpec("state_id", "s", kind="lookup", ttype="many2one")
    state.resolver, state.params = "@lookup:res.country.state", {"scope": "country_id"}
    payload = {"c": "Norway", "s": "Oslo"}
    assert transform(payload, country, state).vals == {
        "country_id": 51,
        "state_id": 61,
    }
    assert codes(transform(payload, state).problems) == [("missing", "s")]


def test_a_column_of_a_referenced_record_is_converted_for_its_target():
    spec = FieldSpec(
        "probability",
        "stage",
        kind="related",
        ttype="float",
        resolver="stage>probability",
    )
    assert transform({"stage": "s1"}, spec).vals == {"probability": 70.5}
    assert transform({"stage": ""}, spec).vals == {}


def test_a_required_value_that_is_missing_is_told_with_its_column():
    spec = FieldSpec("name", "title", required=True)
    problem = transform({"title": " "}, spec).problems[0]
    assert (problem.code, problem.field) == ("required_missing", "title")
    assert "name" in problem.text()


def test_what_is_referred_to_is_known_before_a_record_is_converted():
    kind = {"path": "kind", "map": {"company": "company"}}
    compiled = compile_mapping(
        [
            FieldSpec("name", "name"),
            FieldSpec("a", "a", kind="reference", resolver="company"),
            FieldSpec("b", "b", kind="reference", resolver=kind),
            FieldSpec(
                "t",
                "t",
                kind="reference",
                ttype="many2many",
                resolver="tag",
                normalise=True,
            ),
        ]
    )
    payload = {"name": "x", "a": 7.0, "b": "8", "kind": "company", "t": "VIP|Bank"}
    assert list(compiled.requests(payload)) == [
        ("company", "7"),
        ("company", "8"),
        ("tag", "vip"),
        ("tag", "bank"),
    ]
    assert list(compiled.requests({"b": "8", "kind": "ticket"})) == []
    assert list(compiled.requests({"b": "8"})) == []
