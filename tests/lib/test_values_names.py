"""How names are compared, made and joined."""

import re

import pytest

from lib.values.names import (
    is_last_first,
    join_name,
    match_key,
    name_last_first,
    technical_name,
)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Acme", "  ACME "),
        ("Müller", "muller"),
        ("Mu\u0308ller", "M\u00fcller"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("São  Paulo", "sao paulo"),
        ("St. John's", "St John’s"),
        ("Acme, Inc.", "Acme Inc"),
        ("U.S.A.", "USA"),
        ("deal_name", "Deal Name"),
        ("Follow-up", "follow up"),
        ("Sales / Marketing", "sales/marketing"),
        ("Sales (EU)", "sales eu"),
        ("10.", "10"),
        (7, "7"),
        (7.0, "7"),
        (True, "TRUE"),
    ],
)
def test_two_writings_of_a_name_agree(one, other):
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Acme", "Acme 2"),
        ("A & B", "A B"),
        ("C", "C++"),
        ("C", "C#"),
        ("1.5", "15"),
        ("1,5", "15"),
        ("-5", "5"),
        ("v1.2", "v12"),
        ("50", "50%"),
        ("a.b@x.com", "ab@x.com"),
        ("a-b@x.com", "a_b@x.com"),
        ("***", "---"),
        ("株式会社", "会社"),
    ],
)
def test_different_names_stay_different(one, other):
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize(
    "value", ["Acme, Inc.", "***", "-5", "a.b@x.com", "É.-U.", "日本"]
)
def test_a_key_is_its_own_key(value):
    assert match_key(match_key(value)) == match_key(value)


@pytest.mark.parametrize("value", [None, "", "  ", []])
def test_an_empty_value_has_no_key_and_no_technical_name(value):
    assert match_key(value) is None
    assert technical_name(value) is None


@pytest.mark.parametrize(
    "label, expected",
    [
        ("Employee Count", "x_employee_count"),
        ("  Größe (cm) ", "x_grosse_cm"),
        ("x_ready", "x_ready"),
        ("X Ready", "x_ready"),
        ("2nd phone", "x_2nd_phone"),
        ("a--b__c", "x_a_b_c"),
        (7, "x_7"),
    ],
)
def test_a_label_becomes_a_technical_name(label, expected):
    assert technical_name(label) == expected


@pytest.mark.parametrize(
    "label", ["Отрасль", "名前", "!!!", "名前 name", "x" * 200, "ab " * 60, "x_"]
)
def test_a_technical_name_is_always_valid(label):
    name = technical_name(label)
    assert re.fullmatch(r"x_[a-z0-9][a-z0-9_]*", name)
    assert len(name) <= 63
    assert technical_name(label) == name


def test_labels_that_are_cut_or_not_latin_stay_different():
    assert technical_name("x" * 100) != technical_name("x" * 101)
    assert technical_name("Отрасль") != technical_name("Город")
    assert technical_name("!!!") != technical_name("???")


def test_a_prefix_of_the_callers_choice_is_kept():
    assert technical_name("Size", prefix="x_alg_") == "x_alg_size"
    assert len(technical_name("s" * 99, prefix="x_alg_")) == 63


def test_the_parts_of_a_name_are_joined():
    assert join_name("Anna", None, " Maria  ", "", "Berg\n") == "Anna Maria Berg"
    assert join_name(None, "", " ") is None
    assert join_name() is None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Berg, Anna", "Anna Berg"),
        (" von Berg ,  Anna Maria ", "Anna Maria von Berg"),
        ("Anna Berg", "Anna Berg"),
        ("Acme, Inc.", "Acme, Inc."),
        ("Ida Ek, PhD", "Ida Ek, PhD"),
        ("Berg, Anna, Dr.", "Berg, Anna, Dr."),
        ("Berg,", "Berg,"),
        ("", None),
        (None, None),
    ],
)
def test_a_last_name_before_a_comma_goes_behind_the_first(value, name):
    assert name_last_first(value) == name


@pytest.mark.parametrize(
    ("values", "turned"),
    [
        (["Berg, Anna", "Ek, Ida"], True),
        (["Berg, Anna", "", None], True),
        (["Berg, Anna"] * 9 + ["Ida Ek"], True),
        (["Berg, Anna", "Ida Ek"], False),
        (["Acme, Inc.", "Nordwind, LLC"], False),
        ([], False),
    ],
)
def test_only_a_whole_column_says_that_last_names_come_first(values, turned):
    assert is_last_first(values) is turned
