"""Every conversion gives a value, None or a Problem, whatever the source holds."""

import random
from datetime import date, datetime, timedelta

import pytest

from lib.errors import Problem
from lib.values.booleans import parse_boolean
from lib.values.dates import OrderScan, parse_date, parse_datetime
from lib.values.html import to_html
from lib.values.names import match_key, name_last_first, technical_name
from lib.values.numbers import NumberScan, parse_integer, parse_number, percent_share
from lib.values.phones import other_phones, phone
from lib.values.text import color_index, email, line, split_list, text, url

CONVERSIONS = [
    parse_boolean,
    parse_date,
    parse_datetime,
    lambda value: parse_datetime(value, "dmy", "Asia/Kolkata", excel=True),
    parse_number,
    lambda value: parse_integer(value, ","),
    color_index,
    email,
    line,
    split_list,
    text,
    url,
    match_key,
    name_last_first,
    technical_name,
    other_phones,
    percent_share,
    phone,
    to_html,
    OrderScan().add,
    NumberScan().add,
]
PIECES = (
    "0 1 12 25 31 2017 99 1234 0999 . , - / : ; | + % ( ) [ ] { } < > </p> <b> &amp; @ "
    "a.b x_ é ß İ 日 ٣ ² ½ € Fr. ' ’ \" AM pm Z T UTC +02:00 March März mar. e5 nan "
    "inf http:// www. example.com #F06050 rgb( 1'234 \x00 \x1f \ud800 \u200b \ufeff _"
).split(" ") + [" ", "\n", "\r\n", "\u00a0", "\u202f", "\u2028"]
ODD_VALUES = [
    *(0, -0.0, 1e308, -1e308, 5e-324, 2**63, -(2**63), 10**400, 0.1, 253402300800),
    *(float("nan"), float("inf"), float("-inf"), True, [], {}, [[]], {"a": [1]}, b"x"),
    *(" " * 10000, "9" * 10000, "a" * 10000, "<" * 10000, "1," * 5000, "(" * 10000),
    *("[" * 10000, "a.b" * 5000 + "@", "1/" * 5000, "&" * 10000, "<b" * 5000),
    *(date.min, date.max, datetime.min, datetime.max, "a " * 5000 + "<"),
]


def texts(count):
    chance = random.Random(20170303)
    for _ in range(count):
        yield "".join(chance.choices(PIECES, k=chance.randint(1, 7)))


@pytest.mark.parametrize("convert", CONVERSIONS)
def test_nothing_but_a_problem_is_raised(convert):
    for value in (*ODD_VALUES, *texts(4000)):
        try:
            result = convert(value)
        except Problem as problem:
            assert problem.code
            assert problem.remedy
            assert problem.text()
        else:
            assert result != ""


WRITINGS = {
    None: ["%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y", "%A, %d %B %Y", "%Y%m%d"],
    "dmy": ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"],
    "mdy": ["%m/%d/%Y", "%m-%d-%Y"],
}


@pytest.mark.parametrize(
    "order, writing",
    [(order, writing) for order, writings in WRITINGS.items() for writing in writings],
)
def test_every_day_of_years_comes_back_from_every_writing(order, writing):
    day = date(2015, 1, 1)
    while day.year < 2020:
        assert parse_date(day.strftime(writing), order) == day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    "decimal, group", [(".", ","), (",", "."), (".", "'"), (",", " ")]
)
def test_amounts_come_back_from_every_writing(decimal, group):
    chance = random.Random(7)
    for _ in range(2000):
        cents = chance.randint(-(10**11), 10**11)
        written = f"{cents / 100:,.2f}".translate(
            str.maketrans({",": group, ".": decimal})
        )
        assert parse_number(written) == cents / 100
        assert parse_number(f"{written} €", decimal) == cents / 100
