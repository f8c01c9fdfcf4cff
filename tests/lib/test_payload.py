"""Values, and ids, out of payloads."""

import pytest

from lib.payload import reader, source_key


@pytest.mark.parametrize(
    "payload, value",
    [
        ({"a": {"b": {"c": 5}}}, 5),
        ({"a": {"b": 5}}, None),
        ({"a": [1]}, None),
        ({}, None),
    ],
)
def test_a_dotted_path_goes_into_nested_values(payload, value):
    assert reader("a.b.c")(payload) == value


@pytest.mark.parametrize(
    "value, key", [(7, "7"), (7.0, "7"), (" 7 ", "7"), (7.5, "7.5"), ("A-1", "A-1")]
)
def test_an_id_is_the_same_as_text_and_as_number(value, key):
    assert source_key(value) == key
