"""References that go by something else than an id, and alternatives of one target."""

from lib.compile import compile_mapping
from lib.errors import Held, Problem, Waiting
from lib.field_spec import FIRST_OF_LIST, FieldSpec, NaturalKey

BY_NAME = NaturalKey("company", "name", "Company name")
BY_DOMAIN = NaturalKey("company", "domain", "Website")
KNOWN = {
    (BY_NAME, "acme"): ("res.partner", 11),
    (BY_DOMAIN, "acme.example.com"): ("res.partner", 11),
    ("contact", "1"): ("res.partner", 21),
    ("contact", "ida@example.com"): ("res.partner", 22),
}


def find(resolver, key):
    if key == "twice":
        raise Held("reference_ambiguous", "%(field)s %(value)s", value=key)
    if resolver == "request" and key in ("failed", "waiting"):
        kind = Problem if key == "failed" else Waiting
        raise kind(f"reference_{key}", "%(field)s %(value)s", value=key)
    try:
        return KNOWN[resolver, key]
    except KeyError:
        raise Problem("reference_missing", "%(field)s %(value)s", value=key) from None


def parent(source="company", **options):
    return FieldSpec("parent_id", source, kind="reference", ttype="many2one", **options)


def outcome(payload, *specs):
    return compile_mapping(list(specs)).transform(payload, find)


def test_a_name_is_looked_up_whatever_its_spelling():
    spec = parent(resolver=BY_NAME)
    assert outcome({"company": " ACME "}, spec).vals == {"parent_id": 11}
    compiled = compile_mapping([spec])
    assert list(compiled.requests({"company": "Acmé"})) == [(BY_NAME, "acme")]


def test_a_name_that_nobody_has_is_a_problem_with_its_column():
    (problem,) = outcome({"company": "Other"}, parent(resolver=BY_NAME)).problems
    assert (problem.code, problem.field) == ("reference_missing", "company")


def test_an_address_refers_by_its_domain():
    spec = parent("email", resolver=BY_DOMAIN)
    assert outcome({"email": "ida@acme.example.com"}, spec).vals == {"parent_id": 11}


def test_a_mail_provider_refers_to_nobody():
    found = outcome({"email": "ida@gmail.com"}, parent("email", resolver=BY_DOMAIN))
    assert (found.vals, found.problems) == ({}, [])


def test_a_record_of_the_same_row_is_found_by_what_identifies_it():
    spec = parent(resolver="contact", row_key=lambda payload: payload.get("mail"))
    assert outcome({"mail": "ida@example.com"}, spec).vals == {"parent_id": 22}
    assert outcome({"mail": ""}, spec).vals == {}


def test_of_several_ids_the_first_is_linked_where_one_is_wanted():
    spec = parent("ids", resolver="contact", transform=FIRST_OF_LIST)
    assert outcome({"ids": "1;2"}, spec).vals == {"parent_id": 21}
    assert outcome({"ids": "2;1"}, spec).problems[0].value == "2"


def test_a_later_line_of_the_target_excuses_a_record_that_was_not_found():
    specs = parent("id", resolver="contact"), parent("company", resolver=BY_NAME)
    found = outcome({"id": "9", "company": "Acme"}, *specs)
    assert found.vals == {"parent_id": 11}
    assert (found.problems, [one.value for one in found.warnings]) == ([], ["9"])


def test_an_ambiguous_name_holds_the_record_unless_another_line_knows_it():
    specs = parent("company", resolver=BY_NAME), parent("id", resolver="contact")
    held = outcome({"company": "twice"}, *specs)
    assert [one.code for one in held.held] == ["reference_ambiguous"]
    found = outcome({"company": "twice", "id": "1"}, *specs)
    assert (found.vals, found.held) == ({"parent_id": 21}, [])


def test_nothing_else_is_excused():
    specs = (
        FieldSpec("amount", "a", ttype="float"),
        FieldSpec("amount", "b", ttype="float"),
    )
    found = outcome({"a": "much", "b": "5"}, *specs)
    assert [one.code for one in found.problems] == ["number_invalid"]


def test_of_several_objects_the_one_that_has_the_record_says_why_it_is_not_linked():
    specs = parent("id", resolver="case"), parent("id", resolver="request")
    assert [one.code for one in outcome({"id": "failed"}, *specs).problems] == [
        "reference_failed"
    ]
    found = outcome({"id": "waiting"}, *specs)
    assert found.problems == []
    assert [one.code for one in found.waiting] == ["reference_waiting"]
    assert [one.code for one in outcome({"id": "9"}, *specs).problems] == [
        "reference_missing",
        "reference_missing",
    ]
