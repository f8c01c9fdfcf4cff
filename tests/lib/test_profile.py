"""What a column is, told from all of its values."""

import pytest

from lib.profile import SAMPLES, ColumnProfile


def profile(*values):
    column = ColumnProfile()
    for value in values:
        column.add(value)
    return column


@pytest.mark.parametrize(
    "values, ttype",
    [
        (["yes", "no"], "boolean"),
        (["true", "FALSE"], "boolean"),
        (["0", "1"], "integer"),
        (["12", "-7"], "integer"),
        (["12", "7.5"], "float"),
        (["1.234,50", "7"], "float"),
        (["0012", "0345"], "char"),
        (["12345678901234567890"], "char"),
        (["2024-01-31", "2024-02-01"], "date"),
        (["31/01/2024"], "date"),
        (["2024-01-31", "2024-01-31 10:30"], "datetime"),
        (["2024-01-31", "soon"], "char"),
        (["12", "a dozen"], "char"),
        (["one\ntwo"], "text"),
        (["x" * 251], "text"),
        (["x" * 250], "char"),
        ([], "char"),
    ],
)
def test_the_type_is_the_narrowest_that_holds_every_value(values, ttype):
    assert profile(*values).ttype() == ttype


def test_one_value_that_does_not_fit_decides():
    assert profile(*["1"] * 500, "n/a").ttype() == "char"


@pytest.mark.parametrize(
    "values, order",
    [
        (["2024-01-31"], None),
        (["31/01/2024", "01/02/2024"], "dmy"),
        (["01/31/2024", "01/02/2024"], "mdy"),
        (["01/02/2024"], "ambiguous"),
        (["31/01/2024", "01/31/2024"], "mixed"),
        (["soon"], None),
    ],
)
def test_the_order_of_dates_is_that_of_the_whole_column(values, order):
    assert profile(*values).date_order() == order


@pytest.mark.parametrize(
    "values, sign",
    [
        (["1.234,50", "7"], ","),
        (["1,234.50", "7"], "."),
        (["12.50"], "."),
        (["12,5"], ","),
        (["1.234"], "ambiguous"),
        (["12"], None),
    ],
)
def test_the_decimal_sign_is_that_of_the_whole_column(values, sign):
    assert profile(*values).decimal() == sign


def test_values_are_counted_by_their_records():
    column = ColumnProfile()
    column.add("a", 3)
    column.add("bbb", 4)
    assert (column.filled, column.distinct, column.longest) == (7, 2, 3)


def test_a_few_short_samples_are_kept():
    column = profile(*(f"{number}" * 100 for number in range(9)))
    assert len(column.samples) == SAMPLES
    assert all(len(sample) == 60 for sample in column.samples)


@pytest.mark.parametrize(
    "values, serial",
    [
        (["40000", "44000.5"], "excel"),
        (["1500000000", "1600000000"], "epoch"),
        (["1500000000000"], "epoch"),
        (["40000", "90000"], None),
        (["40000", "soon"], None),
        (["2024-01-31"], None),
        (["040000"], None),
        ([], None),
    ],
)
def test_numbers_can_be_days_only_if_all_of_them_are(values, serial):
    assert profile(*values).serial() == serial


def test_the_few_values_that_do_not_fit_are_told():
    column = profile(*(str(number) for number in range(20)), "many")
    assert column.exceptions() == ("number", 1, "many")
    assert profile("2024-01-31", *["2024-02-01"] * 8, "soon").exceptions() == (
        "date",
        1,
        "soon",
    )
    assert profile("1", "2", "many", "more").exceptions() is None
    assert profile("1", "2").exceptions() is None
    assert profile("2024-01-31", "2024-01-31 10:00").exceptions() is None


def test_a_part_of_the_values_can_rule_out_types():
    column, part = profile("1", "2"), profile("1", "word")
    column.narrow(part)
    assert column.ttype() == "char"
    assert profile("word", "words").is_text()
    assert not profile("1", "2", "word").is_text()


def test_a_value_can_stand_for_many():
    column = ColumnProfile()
    column.add("7", 1000, distinct=9, longest=12, lines=True)
    assert (column.filled, column.distinct, column.longest) == (1000, 9, 12)
    assert column.kinds == {"integer": 1000}
    column.add("x")
    assert column.ttype() == "text"
