"""By what a record is known again."""

import pytest

from lib.identity import identity


def test_without_a_path_nothing_identifies():
    assert identity([]) is None


def test_an_id_is_the_text_of_its_column():
    identify = identity(["id"])
    assert identify({"id": " 7 "}) == "7"
    assert identify({"id": 7.0}) == "7"


def test_several_paths_are_joined_by_colons():
    identify = identity(["contact_id", "company_id"])
    assert identify({"contact_id": 1, "company_id": "C2"}) == "1:C2"
    assert identify({"contact_id": 1}) == "1:"


def test_an_empty_identifier_is_empty():
    assert identity(["id"])({"id": "  "}) == ""
    assert identity(["a", "b"])({}) == ""


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"email": "Ida@Example.com", "name": "Ida Ek"}, "ida@example.com"),
        ({"email": "", "name": "Ida Ek", "city": "Oslo"}, "ida ek:oslo"),
        ({"name": "Ída  Ek"}, "ida ek:"),
        ({"city": "Oslo"}, ""),
    ],
)
def test_the_first_alternative_whose_first_column_has_a_value_counts(payload, expected):
    assert identity(["email | name + city"], by_name=True)(payload) == expected


def test_a_column_may_be_named_like_a_joined_path():
    assert identity(["R + D"])({"R + D": "5"}) == "5"
