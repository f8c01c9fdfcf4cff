"""Until when a source has been read, in the form in which it writes times."""

import pytest

from lib.watermark import earlier, earliest, latest


@pytest.mark.parametrize(
    ("known", "value", "last", "first"),
    [
        (None, "2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z"),
        (
            *("2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z"),
            *("2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z"),
        ),
        ("9", "10", "10", "9"),
        ("1704067200000", 1704067200001, "1704067200001", "1704067200000"),
        (False, 5, "5", "5"),
    ],
)
def test_times_of_a_source_compare_as_it_writes_them(known, value, last, first):
    assert latest(known, value) == last
    assert earliest(known, value) == first


def test_a_record_without_a_date_moves_nothing():
    assert latest("2024-01-01", None) == "2024-01-01"
    assert latest(None, "") is None


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2024-01-01T00:05:00Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01T00:05:00.500Z", "2024-01-01T00:00:00.500Z"),
        ("2024-01-01 00:05:00", "2024-01-01 00:00:00"),
        ("1704067500", "1704067200"),
        ("1704067500000", "1704067200000"),
    ],
)
def test_reading_begins_some_minutes_earlier(text, before):
    assert earlier(text, 5) == before
