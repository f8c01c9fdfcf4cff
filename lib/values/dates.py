"""Dates and times as exports write them, read by rules and never by guessing."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from .date_order import (
    NUMERIC_DATE,
    DateOrder,
    OrderScan,
    choose_order,
    infer_order,
    invalid_date,
)
from .month_names import MONTHS, NOISE, WEEKDAYS
from .scalars import as_text
from .zones import to_utc

__all__ = ["DateOrder", "OrderScan", "infer_order", "parse_date", "parse_datetime"]

FIRST_YEAR = 1000
# Two-digit years from here on belong to the twentieth century, as in POSIX.
PIVOT = 69
_LONGEST = 120
_EPOCH = datetime(1970, 1, 1)
_UTC = timedelta()
_EXCEL_EPOCH = datetime(1899, 12, 30)
_EXCEL_END = 2958466
# Excel counts a 29 February 1900 that never was; days before it are off by one.
_EXCEL_GHOST = 60

_OFFSET = r"(?P<zone>z|(?:utc|gmt)?\s*[+-][0-9]{1,2}(?::?[0-9]{2})?|utc|gmt)"
_CLOCK = re.compile(
    r"(?<![0-9])(?P<hour>[0-9]{1,2})"
    r"(?:[:.h](?P<minute>[0-9]{2})(?![0-9])"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?(?![0-9]))?"
    r"|(?=\s?[ap]\.?\s?m\b))"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?(?:\s?uhr\b)?"
    rf"(?:\s*{_OFFSET}(?![0-9a-z]))?(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:t?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})"
    rf"(?:[.,](?P<fraction>[0-9]{{1,9}}))?{_OFFSET}?)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:[\s,t]|at\b|um\b|om\b|à\b|às\b|alle\b)+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_EPOCH_TEXT = re.compile(r"[0-9]{10}(?:\.[0-9]+)?|[0-9]{13}")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|[^\s.,'/º°ª-]")


def parse_date(value, order=None, *, excel=False):
    """The date ``value`` names, as written: a time or an offset does not move it.

    Only 24:00 does, which is the next day's beginning; an epoch's date is that in UTC.

    :param str order: order of numeric dates in the column, see :class:`OrderScan`
    :param bool excel: whether small numbers are Excel's day numbers
    :return: ``date``, or None for an empty value
    :raises Problem: ``date_invalid``, ``date_ambiguous``
    """
    if type(value) is str and len(value) == 10 and value[4] == "-" == value[7]:
        try:
            found = date.fromisoformat(value)
        except ValueError:
            raise invalid_date(value) from None
        if found.year < FIRST_YEAR:
            raise invalid_date(value)
        return found
    read = _read(value, order, excel)
    return read and read[0].date()


def parse_datetime(value, order=None, tz="UTC", *, excel=False):
    """The moment ``value`` names, as naive UTC; a date alone is its midnight in ``tz``.

    A value with an offset or ``Z`` needs no ``tz``; hours that daylight saving
    doubles or leaves out are read as :func:`.zones.to_utc` says.

    :param str order: order of numeric dates in the column, see :class:`OrderScan`
    :param str tz: time zone in which the source writes
    :param bool excel: whether small numbers are Excel's day numbers
    :return: ``datetime``, or None for an empty value
    :raises Problem: ``date_invalid``, ``date_ambiguous``, ``timezone_unknown``
    """
    read = _iso(value) if type(value) is str else None
    if read is None:
        read = _read(value, order, excel)
        if read is None:
            return None
    try:
        found = to_utc(*read, tz)
    except OverflowError:
        raise invalid_date(value) from None
    if found.year < FIRST_YEAR:
        raise invalid_date(value)
    return found


def _iso(text):
    """The commonest forms at once: ``2017-03-03 10:20:30`` and what ISO adds to it."""
    if len(text) < 19 or text[4] != "-" or text[13] != ":" or text[16] != ":":
        return None
    if text[10] not in "T ":
        return None
    try:
        found = datetime.fromisoformat(
            f"{text[:-1]}+00:00" if text[-1] == "Z" else text
        )
    except ValueError:
        return None
    if found.tzinfo is None:
        return found, None
    return found.replace(tzinfo=None), found.utcoffset()


def _read(value, order, excel):
    """``(naive datetime, offset or None)`` of a value, None where it is empty."""
    try:
        if isinstance(value, bool):
            raise invalid_date(value)
        if isinstance(value, (int, float)):
            read = _from_number(value, excel)
        elif isinstance(value, datetime):
            read = value.replace(tzinfo=None), value.utcoffset()
        elif isinstance(value, date):
            read = datetime(value.year, value.month, value.day), None
        else:
            text = as_text(value)
            if text is None:
                return None
            read = _from_text(unicodedata.normalize("NFKC", text), order, excel)
    except (ValueError, OverflowError):
        raise invalid_date(value) from None
    if read[0].year < FIRST_YEAR:
        raise invalid_date(value)
    return read


def _from_number(number, excel):
    """Excel day, epoch seconds or milliseconds, or ``20170303``, told by size."""
    if excel and 1 <= number < _EXCEL_END:
        return _from_excel(number), None
    if number == int(number) and 10**7 <= number < 10**8:
        return _from_text(str(int(number)), None, False)
    size = abs(number)
    if 10**8 <= size < 10**10:
        return _EPOCH + timedelta(seconds=number), _UTC
    if 10**10 <= size < 10**14:
        return _EPOCH + timedelta(milliseconds=number), _UTC
    raise ValueError(number)


def _from_excel(number):
    if int(number) == _EXCEL_GHOST:
        raise ValueError(number)
    days = number + 1 if number < _EXCEL_GHOST else number
    return _EXCEL_EPOCH + timedelta(milliseconds=round(days * 86_400_000))


def _from_text(text, order, excel):
    if len(text) > _LONGEST:
        raise ValueError(text)
    if excel and _NUMBER.fullmatch(text) and 1 <= float(text) < _EXCEL_END:
        return _from_excel(float(text)), None
    compact = _COMPACT.fullmatch(text)
    if compact:
        day = (int(compact[part]) for part in ("year", "month", "day"))
        clock = _clock(compact) if compact["hour"] else (_UTC, None)
        return datetime(*day) + clock[0], clock[1]
    if _EPOCH_TEXT.fullmatch(text):
        return _from_number(float(text), False)
    match = NUMERIC_DATE.match(text)
    if match:
        day, rest = _numeric_day(match, order), text[match.end() :]
        clock = _CLOCK.fullmatch(_BETWEEN.sub("", rest, count=1).strip())
        if rest.strip() and not clock:
            raise ValueError(text)
    else:
        clock = _CLOCK.search(text)
        if clock:
            text = f"{text[: clock.start()]} {text[clock.end() :]}"
        day = _named_day(text)
    time, offset = _clock(clock) if clock else (_UTC, None)
    return day + time, offset


def _numeric_day(match, order):
    first, _separator, second, third = match.groups()
    chosen = choose_order(match, order)
    if chosen == DateOrder.YMD:
        year, month, day = first, second, third
    elif chosen == DateOrder.DMY:
        day, month, year = first, second, third
    else:
        month, day, year = first, second, third
    return datetime(_year(year), int(month), int(day))


def _year(digits):
    if len(digits) == 4:
        return int(digits)
    if len(digits) != 2:
        raise ValueError(digits)
    return int(digits) + (1900 if int(digits) >= PIVOT else 2000)


def _named_day(text):
    """The day in a text with the name of a month; no other word may be left over."""
    numbers, words = [], []
    for token in _TOKEN.findall(text):
        (numbers if token.isdigit() else words).append(token)
    words = [_folded(word) for word in words]
    words = [word for word in words if word not in NOISE or word in MONTHS]
    # "mar" is March, and Tuesday in three languages: the weekday stands before it.
    if WEEKDAYS.issuperset(words[:-1]):
        words = words[-1:]
    if len(words) != 1 or words[0] not in MONTHS or len(numbers) != 2:
        raise ValueError(text)
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return datetime(_year(year), MONTHS[words[0]], int(day))


def _folded(word):
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _clock(match):
    """``(time since midnight, offset or None)`` of a clock time."""
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
    second = int(parts["second"] or 0)
    fraction = int((parts["fraction"] or "").ljust(6, "0")[:6])
    half = parts.get("half")
    if half:
        if hour > 12 or (hour == 0 and half in "pP"):
            raise ValueError(match.string)
        hour = hour % 12 + (12 if half in "pP" else 0)
    # 24:00 is the end of a day and :60 a leap second: both are moments that exist.
    end_of_day = hour == 24 and not (minute or second or fraction)
    if (hour > 23 and not end_of_day) or minute > 59 or second > 60:
        raise ValueError(match.string)
    time = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)
    return time, _offset(parts["zone"])


def _offset(text):
    if not text:
        return None
    sign = -1 if "-" in text else 1
    digits = re.sub(r"[^0-9:]", "", text)
    if not digits:
        return _UTC
    hours, _colon, minutes = digits.partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    if int(hours) > 15 or int(minutes or 0) > 59:
        raise ValueError(text)
    return sign * timedelta(hours=int(hours), minutes=int(minutes or 0))
