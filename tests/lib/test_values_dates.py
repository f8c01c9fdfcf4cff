"""What dates and times of exports become."""

from datetime import date, datetime, timedelta, timezone

import pytest

from lib.errors import Problem
from lib.values.dates import DateOrder, parse_date, parse_datetime

THIRD_OF_MARCH = date(2017, 3, 3)
MOMENT = datetime(2017, 3, 3, 10, 20, 30)


def problem_of(function, *args, **options):
    with pytest.raises(Problem) as caught:
        function(*args, **options)
    return caught.value


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0", "\n"])
def test_an_empty_value_is_no_date(value):
    assert parse_date(value) is None
    assert parse_datetime(value, tz="Europe/Berlin") is None


@pytest.mark.parametrize(
    "value",
    [
        "2017-03-03",
        " 2017-03-03 ",
        "2017-3-3",
        "2017/03/03",
        "2017.03.03.",
        "20170303",
        20170303,
        "03.03.2017",
        "3. 3. 2017",
        "3/3/2017",
        "03-03-17",
        "3 Mar 2017",
        "3-Mar-17",
        "03MAR2017",
        "March 3, 2017",
        "Mar. 3rd, 2017",
        "the 3rd of March 2017",
        "2017 March 3",
        "Friday, March 3, 2017",
        "3. März 2017",
        "3. MÄRZ 2017",
        "3. Maerz 2017",
        "Fr, 3. Mrz 2017",
        "3 mars 2017",
        "mar. 3 mars 2017",
        "3 de marzo de 2017",
        "venerdì 3 marzo 2017",
        "3 mrt 2017",
        "3 maart 2017",
        "3 de março de 2017",
        "3º de março de 2017",
        "2017-03-03T23:30:00-05:00",
        "03.03.2017 23:59",
        date(2017, 3, 3),
        datetime(2017, 3, 3, 10, 20),
    ],
)
def test_a_date_that_leaves_no_doubt_needs_no_order(value):
    assert parse_date(value) == THIRD_OF_MARCH
    assert type(parse_date(value)) is date


@pytest.mark.parametrize(
    "value, month",
    [
        ("1 Jan 2020", 1),
        ("1. Jänner 2020", 1),
        ("1 enero 2020", 1),
        ("1er févr. 2020", 2),
        ("1 feb 2020", 2),
        ("1 abril 2020", 4),
        ("1 mei 2020", 5),
        ("1 mag 2020", 5),
        ("1 juin 2020", 6),
        ("1 luglio 2020", 7),
        ("1 août 2020", 8),
        ("1 setembro 2020", 9),
        ("1 Sept 2020", 9),
        ("1. Okt. 2020", 10),
        ("1 outubro 2020", 10),
        ("1 nov 2020", 11),
        ("1 décembre 2020", 12),
        ("1. Dez 2020", 12),
        ("1 dic 2020", 12),
    ],
)
def test_months_are_known_in_seven_languages(value, month):
    assert parse_date(value) == date(2020, month, 1)


@pytest.mark.parametrize(
    "value, order, expected",
    [
        ("03/04/2017", DateOrder.DMY, date(2017, 4, 3)),
        ("03/04/2017", DateOrder.MDY, date(2017, 3, 4)),
        ("03-04-17", "dmy", date(2017, 4, 3)),
        ("03/04/05", "ymd", date(2003, 4, 5)),
        ("03.04.2017", "mdy", date(2017, 3, 4)),
        ("2017/04/03", "mdy", date(2017, 4, 3)),
        ("2017-04-03", "dmy", date(2017, 4, 3)),
        ("3 Apr 2017", "mdy", date(2017, 4, 3)),
    ],
)
def test_the_order_of_the_column_decides(value, order, expected):
    assert parse_date(value, order) == expected


@pytest.mark.parametrize("order", [None, "ambiguous", "mixed"])
@pytest.mark.parametrize(
    "value", ["03/04/2017", "3-4-2017", "03/04/17", "1/2/2017 9:00"]
)
def test_a_date_with_two_readings_is_refused_without_an_order(value, order):
    problem = problem_of(parse_date, value, order)
    assert problem.code == "date_ambiguous"
    assert value in str(problem)
    assert "date order" in str(problem)


@pytest.mark.parametrize("order", [None, "ambiguous", "mixed"])
@pytest.mark.parametrize(
    "value, expected",
    [
        ("25/12/2017", date(2017, 12, 25)),
        ("12/25/2017", date(2017, 12, 25)),
        ("25.12.2017", date(2017, 12, 25)),
        ("99/12/31", date(1999, 12, 31)),
        ("05/05/2017", date(2017, 5, 5)),
    ],
)
def test_the_only_possible_reading_is_taken(value, expected, order):
    assert parse_date(value, order) == expected


@pytest.mark.parametrize(
    "value, order",
    [
        ("25/12/2017", "mdy"),
        ("25.12.2017", "mdy"),
        ("12/25/2017", "dmy"),
        ("25/12/2017", "ymd"),
    ],
)
def test_a_date_against_the_order_of_its_column_is_refused(value, order):
    problem = problem_of(parse_date, value, order)
    assert problem.code == "date_invalid"
    assert order in str(problem)


def test_dots_put_the_day_first_unless_the_column_is_mixed():
    assert parse_date("03.04.2017") == date(2017, 4, 3)
    assert parse_date("03.04.2017", "ambiguous") == date(2017, 4, 3)
    assert problem_of(parse_date, "03.04.2017", "mixed").code == "date_ambiguous"


@pytest.mark.parametrize(
    "value",
    [
        "31.02.2017",
        "2023-13-01",
        "2023-02-29",
        "2023-1-32",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00/00/0000",
        "0999-12-31",
        "31.12.0999",
        "0001-01-01",
        "20231301",
        "31 Feb 2017",
        "3 Marchember 2017",
        "March 2017",
        "3 March",
        "3 March 4 April 2017",
        "3/4/5",
        "3/4/201",
        "2017",
        "2017-03",
        "03/2017",
        "soon",
        "n/a",
        "-",
        "5",
        43000,
        "43000",
        0,
        -1,
        10**18,
        float("nan"),
        float("inf"),
        True,
        False,
        "2017-03-03 25:00",
        "2017-03-03 24:01",
        "2017-03-03 10:60",
        "2017-03-03 10:20:61",
        "2017-03-03 13:00 PM",
        "2017-03-03 0:30 PM",
        "2017-03-03 later",
        "2017-03-03T10:20:30+99:00",
        "2017-03-03T10:20:30 CEST",
        "3 March 2017 " + "x" * 200,
        {"date": "2017-03-03", "timezone": 3},
    ],
)
def test_what_is_no_date_is_refused_with_its_value_and_a_remedy(value):
    for function in (parse_date, parse_datetime):
        problem = problem_of(function, value)
        assert problem.code == "date_invalid"
        assert problem.value is not None
        assert problem.remedy


@pytest.mark.parametrize(
    "digits, year", [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999)]
)
def test_two_digits_of_a_year_turn_at_69(digits, year):
    assert parse_date(f"25.12.{digits}") == date(year, 12, 25)
    assert parse_date(f"25 Dec {digits}") == date(year, 12, 25)


@pytest.mark.parametrize(
    "value",
    [
        "2017-03-03T10:20:30Z",
        "2017-03-03 10:20:30Z",
        "2017-03-03T10:20:30+00:00",
        "2017-03-03T12:20:30+02:00",
        "2017-03-03T12:20:30+0200",
        "2017-03-03T12:20:30+02",
        "2017-03-03T05:20:30-05:00",
        "2017-03-03T15:50:30+05:30",
        "20170303T102030Z",
        "Fri, 03 Mar 2017 11:20:30 +0100",
        "Fri, 03 Mar 2017 10:20:30 GMT",
        "Fri Mar 03 2017 11:20:30 GMT+0100 (Central European Standard Time)",
        "03.03.2017 11:20:30 UTC+1",
        "1488536430",
        "1488536430000",
        1488536430,
        1488536430000,
        1488536430.0,
        datetime(2017, 3, 3, 11, 20, 30, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_value_that_tells_its_offset_ignores_the_time_zone(value):
    assert parse_datetime(value, tz="Asia/Tokyo") == MOMENT
    assert parse_datetime(value).tzinfo is None


@pytest.mark.parametrize(
    "value",
    [
        "2017-03-03 11:20:30",
        "2017-03-03T11:20:30",
        "2017-03-03  11:20:30 ",
        "20170303112030",
        "2017/03/03 11:20:30",
        "03.03.2017 11:20:30",
        "03.03.2017, 11:20:30",
        "3/3/2017 11:20:30 AM",
        "3/3/17 11:20:30am",
        "3 Mar 2017 11:20:30 a.m.",
        "3 Mar 2017 11:20:30 a. m.",
        "Fri Mar  3 11:20:30 2017",
        "Freitag, 3. März 2017 um 11:20:30 Uhr",
        "vendredi 3 mars 2017 à 11:20:30",
        datetime(2017, 3, 3, 11, 20, 30),
    ],
)
def test_a_value_without_an_offset_is_local_time(value):
    assert parse_datetime(value, tz="Europe/Berlin") == MOMENT


@pytest.mark.parametrize(
    "value, expected",
    [
        ("3/3/2017 12:00 AM", datetime(2017, 3, 3, 0, 0)),
        ("3/3/2017 12:30 PM", datetime(2017, 3, 3, 12, 30)),
        ("3/3/2017 5:07 PM", datetime(2017, 3, 3, 17, 7)),
        ("3/3/2017 5:07\u202fPM", datetime(2017, 3, 3, 17, 7)),
        ("March 3, 2017 at 5 pm", datetime(2017, 3, 3, 17, 0)),
        ("3 mars 2017 10h30", datetime(2017, 3, 3, 10, 30)),
        ("2017-03-03 10:20", datetime(2017, 3, 3, 10, 20)),
        ("2017-03-03 24:00", datetime(2017, 3, 4, 0, 0)),
        ("2016-12-31 23:59:60", datetime(2017, 1, 1, 0, 0)),
        ("2017-03-03 10:20:30.5", MOMENT.replace(microsecond=500000)),
        ("2017-03-03T10:20:30,123456789Z", MOMENT.replace(microsecond=123456)),
        ("2017-03-03T10:20:30.1234567Z", MOMENT.replace(microsecond=123456)),
        (1488536430123, MOMENT.replace(microsecond=123000)),
        (-86_400_000_000, datetime(1967, 4, 7)),
    ],
)
def test_times_are_read_to_the_fraction(value, expected):
    assert parse_datetime(value) == expected


def test_a_date_alone_is_its_local_midnight():
    assert parse_datetime("2017-03-03") == datetime(2017, 3, 3)
    assert parse_datetime("2017-03-03", tz="Europe/Berlin") == datetime(2017, 3, 2, 23)
    assert parse_datetime("3/3/2017", tz="America/New_York") == datetime(2017, 3, 3, 5)


def test_summer_time_moves_the_clock():
    assert parse_datetime("2017-07-01 12:00", tz="Europe/Berlin").hour == 10
    assert parse_datetime("2017-01-01 12:00", tz="Europe/Berlin").hour == 11
    assert parse_datetime("2055-07-01 12:00", tz="Europe/Berlin").hour == 10
    assert parse_datetime("2017-07-01 12:00", tz="US/Eastern").hour == 16


def test_an_hour_that_happens_twice_is_its_first_occurrence():
    found = parse_datetime("2017-10-29 02:30", tz="Europe/Berlin")
    assert found == datetime(2017, 10, 29, 0, 30)


def test_an_hour_that_is_left_out_counts_on_from_before_the_gap():
    gone = parse_datetime("2017-03-26 02:30", tz="Europe/Berlin")
    assert gone == parse_datetime("2017-03-26 03:30", tz="Europe/Berlin")


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc", "Europe", "zone.tab"])
def test_an_unknown_time_zone_is_a_problem_of_its_own(name):
    problem = problem_of(parse_datetime, "2017-03-03 10:20", tz=name)
    assert problem.code == "timezone_unknown"
    assert name in str(problem)


def test_the_ends_of_the_calendar_do_not_overflow():
    late = "9999-12-31T23:30:00-05:00"
    assert problem_of(parse_datetime, late).code == "date_invalid"
    early = "1000-01-01T00:30:00+05:00"
    assert problem_of(parse_datetime, early).code == "date_invalid"
    assert parse_date("9999-12-31") == date(9999, 12, 31)
    assert parse_date("1000-01-01") == date(1000, 1, 1)


@pytest.mark.parametrize(
    "value, expected",
    [
        (1, datetime(1900, 1, 1)),
        (59, datetime(1900, 2, 28)),
        (61, datetime(1900, 3, 1)),
        (42797, datetime(2017, 3, 3)),
        ("42797", datetime(2017, 3, 3)),
        ("42797.5", datetime(2017, 3, 3, 12)),
        (42797.43090277778, MOMENT),
        ("2017-03-03", datetime(2017, 3, 3)),
        (1488536430, MOMENT),
    ],
)
def test_day_numbers_of_excel_are_read_when_asked_for(value, expected):
    assert parse_datetime(value, excel=True) == expected
    assert parse_date(value, excel=True) == expected.date()


@pytest.mark.parametrize("value", [60, "60", 0, 0.5, -3])
def test_days_excel_only_imagines_are_refused(value):
    assert problem_of(parse_date, value, excel=True).code == "date_invalid"


def test_a_local_time_of_excel_is_moved_to_utc():
    found = parse_datetime(42797.5, tz="Europe/Berlin", excel=True)
    assert found == datetime(2017, 3, 3, 11)
