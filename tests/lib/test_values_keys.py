"""What two records have in common when one names the other."""

import pytest

from lib.values.keys import KEYS, natural_key


@pytest.mark.parametrize(
    ("by", "value", "expected"),
    [
        ("name", "Müller & Söhne", "muller & sohne"),
        ("email", "Ida Ek <Ida.Ek@Example.com>", "ida.ek@example.com"),
        ("email", "no address", None),
        ("email", None, None),
        ("domain", "https://www.Example.com/about?x=1", "example.com"),
        ("domain", "example.com", "example.com"),
        ("domain", "ida@shop.example.com", "shop.example.com"),
        ("domain", "http://user@example.com:8080", "example.com"),
        ("domain", "ida@gmail.com", None),
        ("domain", "Example", None),
        ("phone", "+49 (0)30 123 456", "4930123456"),
        ("phone", "0049 30 123456", "4930123456"),
        ("phone", "123", None),
        ("phone", 4930123456, "4930123456"),
    ],
)
def test_keys(by, value, expected):
    assert natural_key(by, value) == expected


def test_every_key_of_an_empty_value_is_none():
    for by in KEYS:
        assert natural_key(by, "") is None
        assert natural_key(by, None) is None
