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
