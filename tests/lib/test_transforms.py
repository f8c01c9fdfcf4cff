"""The named conversions of a mapping line."""

from datetime import date, datetime

import pytest

from lib.errors import Problem
from lib.transforms import BY_TYPE, TRANSFORMS, jsonable


@pytest.mark.parametrize(
    "name, params, value, expected",
    [
        ("line", {}, " a\n b ", "a b"),
        ("text", {}, "a\r\nb", "a\nb"),
        ("boolean", {}, "Yes", True),
        ("boolean", {}, "0", False),
        ("integer", {}, "12", 12),
        ("integer", {"decimal": ","}, "1.200", 1200),
        ("number", {"decimal": "."}, "1,234.50", 1234.5),
        ("number", {"decimal": ","}, "1.234,50", 1234.5),
        ("minutes_to_hours", {}, "90", 1.5),
        ("date", {"order": "dmy"}, "01/02/2024", date(2024, 2, 1)),
        ("date", {"order": "mdy"}, "01/02/2024", date(2024, 1, 2)),
        ("datetime", {}, "2024-01-02 10:30", datetime(2024, 1, 2, 10, 30)),
        (
            "datetime",
            {"tz": "Europe/Berlin"},
            "2024-01-02 10:30",
            datetime(2024, 1, 2, 9, 30),
        ),
        ("list", {}, "a|b", ["a", "b"]),
        ("list", {"separators": "/"}, "a/b", ["a", "b"]),
        ("url", {}, "example.com", "http://example.com"),
    ],
)
def test_a_conversion_takes_its_parameters_and_then_values(
    name, params, value, expected
):
    found = TRANSFORMS[name](params)(value)
    assert found == expected
    assert type(found) is type(expected)


def test_html_keeps_its_formatting():
    assert "<b>so</b>" in TRANSFORMS["html"]({})("<p>It is <b>so</b></p>")


@pytest.mark.parametrize(
    "name, value, code",
    [
        ("integer", "a dozen", "number_invalid"),
        ("number", "about 40", "number_invalid"),
        ("minutes_to_hours", "an hour", "number_invalid"),
        ("date", "2023-02-31", "date_invalid"),
        ("datetime", "yesterday", "date_invalid"),
        ("boolean", "perhaps", "boolean_invalid"),
    ],
)
def test_what_cannot_be_converted_is_a_problem_with_its_value(name, value, code):
    with pytest.raises(Problem) as caught:
        TRANSFORMS[name]({})(value)
    assert (caught.value.code, caught.value.value) == (code, value)
    assert caught.value.remedy


def test_every_type_has_a_conversion_that_exists():
    assert set(BY_TYPE.values()) <= TRANSFORMS.keys()


@pytest.mark.parametrize(
    "value, expected",
    [
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
        ([date(2024, 1, 2), 7], ["2024-01-02", 7]),
        ("text", "text"),
        (None, None),
    ],
)
def test_the_journal_keeps_dates_as_text(value, expected):
    assert jsonable(value) == expected
