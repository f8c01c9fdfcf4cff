"""Telephone numbers of a cell."""

import pytest

from lib.errors import Problem
from lib.values.phones import Partly, other_phones, phone, split_phones


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("+49 30 123456", "+49 30 123456"),
        (" 030 123456 ", "030 123456"),
        ("030 / 123456", "030 / 123456"),
        ("0171/1234567", "0171/1234567"),
        ("+49 (0)30 123-456", "+49 (0)30 123-456"),
        ("'+49 30 123456", "+49 30 123456"),
        ("tel:+4930123456", "+4930123456"),
        ("(555) 010-0100 x123", "(555) 010-0100 ext. 123"),
        ("555 010 0100 ext. 5", "555 010 0100 ext. 5"),
        ("555 010 0100, ext 5", "555 010 0100 ext. 5"),
        ("+49 30 123456; ext. 5", "+49 30 123456 ext. 5"),
        ("+49 30 123456 Durchwahl 12", "+49 30 123456 ext. 12"),
        ("5550100100#77", "5550100100 ext. 77"),
        (4930123456.0, "4930123456"),
        (4930123456, "4930123456"),
        ("4.930123456E+9", "4930123456"),
        ("4,930123456e9", "4930123456"),
        ("ask for Anna", "ask for Anna"),
        ("n; a", "n; a"),
        ("+49 30 123456; +49 30 123456", "+49 30 123456"),
    ],
)
def test_a_cell_with_one_number_gives_it(value, number):
    assert phone(value) == number


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_cell_has_no_number(value):
    assert phone(value) is None
    assert other_phones(value) is None


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("+1 555 010 0100; +1 555 010 0199", ["+1 555 010 0100", "+1 555 010 0199"]),
        ("030 123456 / 0171 7654321", ["030 123456", "0171 7654321"]),
        ("030/123456 | 040/654321", ["030/123456", "040/654321"]),
        ("030 123456\n0171 7654321", ["030 123456", "0171 7654321"]),
        ("030 123456 oder 0171 7654321", ["030 123456", "0171 7654321"]),
        ("030 123456 x12, 0171 7654321", ["030 123456 ext. 12", "0171 7654321"]),
    ],
)
def test_the_first_of_several_is_taken_and_the_others_are_told(value, numbers):
    assert split_phones(value) == numbers
    found = phone(value)
    assert isinstance(found, Partly)
    assert found.value == numbers[0]
    assert found.problem.code == "phone_several"
    assert found.problem.value == value
    assert other_phones(value) == numbers[1]


@pytest.mark.parametrize("value", ["4.93012E+11", "4,93E11", "5E+9"])
def test_a_number_that_a_spreadsheet_rounded_is_an_error(value):
    with pytest.raises(Problem) as raised:
        phone(value)
    assert raised.value.code == "phone_rounded"
    assert "Format the column as text" in str(raised.value.text())
