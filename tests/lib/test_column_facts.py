"""The facts of a column, from groups of values that are alike."""

import pytest

from lib.column_facts import ColumnFacts


def facts(*values, emails=0, urls=0):
    column = ColumnFacts()
    for value in values:
        column.add("= ", value, value, 1, 1, len(value), False, 0, 0)
    column.add("empty", "", "", 1, 1, 0, False, 0, 0)
    if emails or urls:
        column.add("text", "a", "z", emails + urls, 2, 9, False, emails, urls)
    return column


@pytest.mark.parametrize(
    "values, seen",
    [
        (["yes", "no"], "boolean"),
        (["7", "8"], "integer"),
        (["7,5 €"], "float"),
        (["2024-01-31"], "date"),
        (["2024-01-31 10:00"], "datetime"),
        (["word"], "char"),
        (["two\nlines"], "text"),
        ([str(n) for n in range(20)] + ["many"], "mixed"),
        ([], False),
    ],
)
def test_what_a_column_looks_like(values, seen):
    assert facts(*values).type_seen() == seen


def test_addresses_are_told_only_if_all_are():
    assert facts(emails=3).type_seen() == "email"
    assert facts(urls=3).type_seen() == "url"
    assert facts("word", emails=3).type_seen() == "char"


def test_both_ends_of_a_group_count_for_its_range():
    column = ColumnFacts()
    column.add("5", "40000", "44000", 10, 9, 5, False, 0, 0)
    assert column.profile.serial() == "excel"
    assert (column.profile.filled, column.profile.distinct) == (10, 9)
    column.add("5", "40000", "99999", 10, 9, 5, False, 0, 0)
    assert column.profile.serial() is None


def test_days_are_counted_by_what_is_wrong_with_them():
    column = facts("31.01.2024", "31.02.2024", "01.01.1900", "01.01.2099", "soon")
    days = column.days("dmy")
    assert (days.impossible, days.early, days.late, days.ambiguous) == (2, 1, 1, 0)
    assert days.examples["impossible"] == ["31.02.2024", "soon"]
    assert facts("01/02/2024").days(None).ambiguous == 1
    assert facts("01/02/2024").days("mdy").ambiguous == 0


def test_numbers_are_days_where_the_column_says_so():
    column = facts("45000", "45001.5", "2024-01-31")
    assert column.days(None).impossible == 2
    assert column.days("excel").impossible == 0
