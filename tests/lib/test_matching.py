"""How matching rules are written, and when two values agree."""

import pytest

from lib.errors import Problem
from lib.matching import RuleText, parse_rules, write_rules
from lib.values.keys import code_key, domain_key, legal_key, phone_key


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (None, []),
        ("", []),
        (" ; ", []),
        ("name", [RuleText(("name",))]),
        ("name, parent_id", [RuleText(("name", "parent_id"))]),
        ("email; name,city", [RuleText(("email",)), RuleText(("name", "city"))]),
        ("name (exact)", [RuleText(("name",), "exact")]),
        ("name(legal,archived)", [RuleText(("name",), "legal", True)]),
        ("x_code (archived);", [RuleText(("x_code",), "alike", True)]),
    ],
)
def test_rules_are_read_in_their_order(text, rules):
    assert parse_rules(text) == rules


@pytest.mark.parametrize(
    "text",
    [
        "name (sounds like)",
        "name (exact, legal)",
        "name city",
        "Name",
        "name,,city",
        "(exact)",
        "name (exact",
        "name) (exact",
        "parent_id.name",
        "email; name (",
    ],
)
def test_what_is_no_rule_is_said_with_what_to_write(text):
    with pytest.raises(Problem) as caught:
        parse_rules(text)
    assert caught.value.code == "match_rule_invalid"
    assert caught.value.value in text
    assert "email; name, parent_id" in caught.value.text()


@pytest.mark.parametrize(
    "text",
    ["email; name, parent_id; name (legal, archived)", "vat", "name (exact); name", ""],
)
def test_rules_are_written_as_they_were_read(text):
    assert write_rules(parse_rules(text)) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nordwind GmbH", "nordwind"),
        ("Nordwind GmbH & Co. KG", "Nordwind"),
        ("Acme, Inc.", "ACME"),
        ("Acme Ltd", "Acme Limited"),
        ("Bright Lights LLC", "Bright Lights"),
        ("Été S.A.R.L.", "Ete"),
        ("Rossi S.p.A.", "Rossi"),
        ("Jensen A/S", "Jensen ApS"),
        ("Smith and Company", "Smith"),
    ],
)
def test_names_agree_without_their_legal_form(one, other):
    assert legal_key(one) == legal_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nordwind GmbH", "Südwind GmbH"),
        ("AG", "GmbH"),
        ("Inc Design", "Design"),
        ("Acme Holding GmbH", "Acme GmbH"),
    ],
)
def test_names_that_differ_in_more_than_the_legal_form_do_not_agree(one, other):
    assert legal_key(one) != legal_key(other)


def test_a_name_of_nothing_but_legal_forms_stays():
    assert legal_key("GmbH") == "gmbh"
    assert legal_key("Limited Company") == "limited"
    assert legal_key("") is None
    assert legal_key(None) is None


@pytest.mark.parametrize(
    "address",
    [
        "acme.example",
        "www.acme.example",
        "http://acme.example",
        "https://www.ACME.example/about?x=1",
        "HTTPS://acme.example:8443",
        "//acme.example/",
        "https://user@acme.example/de",
        " acme.example. ",
    ],
)
def test_web_addresses_agree_by_their_host(address):
    assert domain_key(address) == "acme.example"


@pytest.mark.parametrize(
    "address",
    ["", None, False, "acme", "not a site.at all", "http://", "http://[bad", "—"],
)
def test_what_has_no_host_agrees_with_nothing(address):
    assert domain_key(address) is None


def test_pages_of_a_site_that_many_share_are_told_apart():
    one = domain_key("https://www.linkedin.com/company/acme/")
    assert one == domain_key("linkedin.com/company/acme")
    assert one != domain_key("https://linkedin.com/company/other")
    assert domain_key("https://de.linkedin.com/") is None
    assert (
        domain_key("https://linkedin.com.acme.example") == "linkedin.com.acme.example"
    )


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("DE 136.695.976", "DE136695976"),
        ("de-136695976", "DE136695976"),
        (" ", None),
        ("-", None),
        (None, None),
        (4711, "4711"),
    ],
)
def test_codes_agree_by_letters_and_digits(value, key):
    assert code_key(value) == key


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("+49 431/100-200", "49431100200"),
        ("0049 (431) 100 200", "49431100200"),
        ("0431 100200", "0431100200"),
        (431100, "431100"),
        ("none", None),
        ("123", None),
        ("", None),
        (None, None),
    ],
)
def test_phone_numbers_agree_by_their_digits(number, key):
    assert phone_key(number) == key
