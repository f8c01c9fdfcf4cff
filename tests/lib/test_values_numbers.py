"""What written numbers become."""

import pytest

from lib.errors import Problem
from lib.values.numbers import (
    NumberScan,
    are_shares,
    has_power,
    parse_integer,
    parse_number,
    percent_share,
)


def problem_of(function, *args):
    with pytest.raises(Problem) as caught:
        function(*args)
    return caught.value


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0"])
def test_an_empty_value_is_no_number(value):
    assert parse_number(value) is None
    assert parse_integer(value, ",") is None


@pytest.mark.parametrize(
    "value, expected",
    [
        (5, 5.0),
        (5.25, 5.25),
        ("5", 5.0),
        (" 5 ", 5.0),
        ("007", 7.0),
        ("+5", 5.0),
        ("-5", -5.0),
        ("- 5", -5.0),
        ("−5", -5.0),
        ("5-", -5.0),
        ("(5)", -5.0),
        ("5.", 5.0),
        (".5", 0.5),
        (",5", 0.5),
        ("-,5", -0.5),
        ("1234.5", 1234.5),
        ("1234,5", 1234.5),
        ("1234.567", 1234.567),
        ("0.125", 0.125),
        ("0,125", 0.125),
        ("1.5", 1.5),
        ("1,50", 1.5),
        ("1.2345", 1.2345),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1.234.567", 1234567.0),
        ("1,234,567", 1234567.0),
        ("12,34,567.00", 1234567.0),
        ("1'234.50", 1234.5),
        ("1’234’567", 1234567.0),
        ("1'234.567", 1234.567),
        ("1 234", 1234.0),
        ("1\u00a0234,50 €", 1234.5),
        ("1\u202f234,567", 1234.567),
        ("(1,234.00)", -1234.0),
        ("$(1,234.00)", -1234.0),
        ("($1,234.00)", -1234.0),
        ("€5", 5.0),
        ("-€5", -5.0),
        ("€-5", -5.0),
        ("€ 5-", -5.0),
        ("EUR 1.234,50", 1234.5),
        ("1234.50 usd", 1234.5),
        ("$5.00 USD", 5.0),
        ("US$ 5", 5.0),
        ("R$ 1.234,56", 1234.56),
        ("Fr.5", 5.0),
        ("Fr. 1'200.-", 1200.0),
        ("5,-", 5.0),
        ("5,--", 5.0),
        ("250 zł", 250.0),
        ("1 250,00 Kč", 1250.0),
        ("12%", 12.0),
        ("12,5 %", 12.5),
        ("-3%", -3.0),
        ("1e5", 100000.0),
        ("1.5E+03", 1500.0),
        ("1,5e-1", 0.15),
    ],
)
def test_a_number_that_leaves_no_doubt_is_read(value, expected):
    found = parse_number(value)
    assert found == pytest.approx(expected)
    assert type(found) is float


@pytest.mark.parametrize("decimal", [None, "ambiguous", "mixed"])
@pytest.mark.parametrize("value", ["1.234", "1,234", "-1.234", "€ 12.345", "123,456%"])
def test_a_number_with_two_readings_is_refused_without_a_mark(value, decimal):
    for function in (parse_number, parse_integer):
        problem = problem_of(function, value, decimal)
        assert problem.code == "number_ambiguous"
        assert problem.value == value
        assert "decimal mark" in str(problem)


@pytest.mark.parametrize(
    "value, decimal, expected",
    [
        ("1.234", ".", 1.234),
        ("1.234", ",", 1234.0),
        ("1,234", ",", 1.234),
        ("1,234", ".", 1234.0),
        ("1.234.567", ",", 1234567.0),
        ("1.234,5", ",", 1234.5),
        ("€ 12.345", ",", 12345.0),
        ("1234", ",", 1234.0),
        ("1e3", ",", 1000.0),
    ],
)
def test_the_decimal_mark_of_the_column_decides(value, decimal, expected):
    assert parse_number(value, decimal) == pytest.approx(expected)


@pytest.mark.parametrize(
    "value, decimal",
    [
        ("1,234.50", ","),
        ("1.234,50", "."),
        ("12,5", "."),
        ("12.5", ","),
        ("1.234.567", "."),
    ],
)
def test_a_number_against_the_mark_of_its_column_is_refused(value, decimal):
    assert problem_of(parse_number, value, decimal).code == "number_invalid"


@pytest.mark.parametrize(
    "value",
    [
        "abc",
        "n/a",
        "-",
        "€",
        "%",
        ".",
        "five",
        "5 apples",
        "5 6",
        "12 34",
        "1.2.3",
        "1,23,4",
        "1,234.5.6",
        "1 234.567,5",
        "1,2345,678",
        "(5",
        "5)",
        ")5(",
        "--5",
        "-5-",
        "(-5)",
        "%5",
        "5%%",
        "1_000",
        "0x10",
        "٣",
        "²",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "9" * 5000,
        "-" + "9" * 5000,
        float("nan"),
        float("inf"),
        10**400,
        True,
        False,
        [5],
        {"amount": 5},
    ],
)
@pytest.mark.parametrize("decimal", [None, ".", ","])
def test_what_is_no_number_is_refused_with_its_value_and_a_remedy(value, decimal):
    problem = problem_of(parse_number, value, decimal)
    assert problem.code == "number_invalid"
    assert problem.value is value
    assert problem.remedy


@pytest.mark.parametrize(
    "value, expected",
    [
        (3, 3),
        (3.0, 3),
        ("3", 3),
        ("3.0", 3),
        ("3,00", 3),
        ("-4", -4),
        ("+4", 4),
        ("1 000", 1000),
        ("1.234.567", 1234567),
        ("1e3", 1000),
        ("€5", 5),
        ("12345678901234567891", 12345678901234567891),
        ("-12,345,678,901,234,567,891", -12345678901234567891),
    ],
)
def test_a_whole_number_is_read_exactly(value, expected):
    found = parse_integer(value)
    assert found == expected
    assert type(found) is int


@pytest.mark.parametrize("value", [3.7, "3.7", "-0,5", "1.5e0", "12.5%"])
def test_decimals_do_not_fit_a_whole_number(value):
    problem = problem_of(parse_integer, value)
    assert problem.code == "number_not_whole"
    assert str(value)[:3] in str(problem)


@pytest.mark.parametrize("value", ["abc", True, float("nan"), float("inf"), "9" * 5000])
def test_what_is_no_number_is_no_whole_number_either(value):
    assert problem_of(parse_integer, value).code == "number_invalid"


@pytest.mark.parametrize(
    "values, mark",
    [
        ([], None),
        (["", None, 5, 5.25, True, "abc", "5", "1 234"], None),
        (["1.5", "1.234"], "."),
        (["1,5", "1,234"], ","),
        (["1,234.50"], "."),
        (["€ 1.234,50"], ","),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["1'234.567"], "."),
        (["0,125"], ","),
        (["1.234"], "ambiguous"),
        (["1,234", "1.234"], "ambiguous"),
        (["1.5", "1,5"], "mixed"),
        (["1.234", "1.5", "1,50"], "mixed"),
        (["12.5%", "1,000"], "."),
    ],
)
def test_a_column_shows_its_decimal_mark(values, mark):
    for order in (values, reversed(values)):
        scan = NumberScan()
        for value in order:
            scan.add(value)
        assert scan.result() == mark


def test_a_scan_can_be_asked_while_it_goes_on():
    scan = NumberScan()
    scan.add("1.234")
    assert scan.result() == "ambiguous"
    scan.add("1.5")
    assert scan.result() == "."
    scan.add("1,5")
    assert scan.result() == "mixed"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("$1.2k", 1200.0),
        ("5k", 5000.0),
        ("1.2M", 1_200_000.0),
        ("1,5 Mio", 1_500_000.0),
        ("1,5 Mio. €", 1_500_000.0),
        ("1.2MEUR", 1_200_000.0),
        ("12.5k USD", 12_500.0),
        ("(3k)", -3000.0),
        ("€ 3 million", 3_000_000.0),
        ("2 Mrd. EUR", 2_000_000_000.0),
        ("0.000001M", 1.0),
        ("1.234567M", 1_234_567.0),
        ("8.29k", 8290.0),
    ],
)
def test_a_power_of_ten_after_the_number_is_read_exactly(value, number):
    assert parse_number(value) == number
    assert has_power(value)


@pytest.mark.parametrize("value", ["5 MXN", "5 kr", "12", "R$ 1.234,50", None, 7, "k"])
def test_a_currency_is_no_power_of_ten(value):
    assert not has_power(value)


@pytest.mark.parametrize("value", ["10 mb", "5 kg", "3 months", "5 m2", "5m%", "5kk"])
def test_a_unit_is_no_power_of_ten(value):
    with pytest.raises(Problem) as raised:
        parse_number(value)
    assert raised.value.code == "number_invalid"


def test_a_power_of_ten_does_not_hide_that_a_mark_is_ambiguous():
    with pytest.raises(Problem) as raised:
        parse_number("1.234k")
    assert raised.value.code == "number_ambiguous"
    assert parse_number("1.234k", ",") == 1_234_000
    assert parse_integer("1.2k") == 1200


@pytest.mark.parametrize(
    ("value", "share"),
    [("0.75", 75.0), (0.75, 75.0), ("0,5", 50.0), (1, 100.0), ("75%", 75.0), (0, 0.0)],
)
def test_a_share_of_one_becomes_a_percentage(value, share):
    assert percent_share(value) == share


def test_a_share_over_one_is_an_error_and_an_empty_one_is_empty():
    assert percent_share("") is None
    with pytest.raises(Problem) as raised:
        percent_share("40")
    assert raised.value.code == "share_invalid"


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        (["0.25", "0.5", "1"], True),
        ([0.1, None, ""], True),
        (["0,3"], True),
        (["0", "1"], False),
        (["0.5", "40"], False),
        (["0.5", "75%"], False),
        (["0.5", "high"], False),
        ([], False),
    ],
)
def test_a_column_holds_shares_only_where_all_of_its_values_are(values, shares):
    assert are_shares(values) is shares
