"""Numbers as people and programs write them: signs, groups, currencies, percents."""

import re

from ..errors import Problem, _
from .scalars import as_text

AMBIGUOUS = "ambiguous"
MIXED = "mixed"

_PLAIN = re.compile(r"[+-]?[0-9]{1,300}(?:\.[0-9]{0,300})?")
# Plain numbers that are the same whatever the decimal mark of their column is.
_CERTAIN = re.compile(r"[+-]?[0-9]{1,300}(?:\.(?:[0-9]{1,2}|[0-9]{4,300}))?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]{1,3}")
# A full stop right after a letter belongs to the word before it, as in "Fr.5".
_WRITTEN = re.compile(
    r"(?P<lead>[^0-9]*?)"
    r"(?P<body>(?:(?<![^\W\d_])[.,])?[0-9](?:[0-9.,' ]*[0-9])?[.,]?)"
    r"(?P<trail>[^0-9]*)"
)
_TOKEN = re.compile(r"[+()%-]|[^\s+()%-]+")
_ONE_MARK = re.compile(r"([0-9]*)([.,])([0-9]*)")
# Thousands, and the lakhs of India: the last group has three digits.
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ][0-9]{2,3})*[.,' ][0-9]{3}")
# "5,-" and "5.--" say that there are no cents.
_NO_CENTS = re.compile(r"(?<=[0-9])[.,]-+")
# Powers of ten that are written after a number, as in "1.2M" and "1,5 Mio. €".
POWERS = {
    "k": 3,
    "tsd": 3,
    "tsd.": 3,
    "thousand": 3,
    "tausend": 3,
    "m": 6,
    "mm": 6,
    "mn": 6,
    "mln": 6,
    "mln.": 6,
    "mio": 6,
    "mio.": 6,
    "million": 6,
    "millions": 6,
    "millionen": 6,
    "b": 9,
    "bn": 9,
    "mrd": 9,
    "mrd.": 9,
    "mld": 9,
    "mld.": 9,
}
_GLUED = re.compile(r"(k|mio\.?|mrd\.?|mm|mn|m|bn|b)(?=[^a-z]|[a-z]{3}$)")
_ALIKE = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2019": "'",
        "\u2018": "'",
        "`": "'",
        "\u00b4": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
    }
)
CURRENCIES = frozenset(
    "€ $ £ ¥ ₹ ₽ ₺ ₩ ₪ ₫ ₴ ₱ ฿ ₦ ₡ ¢ us$ c$ ca$ a$ au$ nz$ hk$ s$ r$ mx$ fr fr. sfr "
    "kr kr. zł kč ft lei лв руб руб. rs rs. rm s/ s/. euro euros dollar dollars eur "
    "usd gbp chf jpy cny rmb inr rub try krw ils uah php thb ngn aud cad nzd hkd sgd "
    "brl mxn ars clp cop pen zar sek nok dkk isk pln czk huf ron bgn aed sar qar kwd "
    "egp mad tnd vnd idr myr twd pkr bdt lkr kes ghs".split()
)


def parse_number(value, decimal=None):
    """The number ``value`` says, as float; ``12%`` is 12.0.

    :param str decimal: decimal mark of the column, see :class:`NumberScan`
    :return: ``float``, or None for an empty value
    :raises Problem: ``number_invalid``, ``number_ambiguous``
    """
    literal = _literal(value, decimal)
    if literal is None:
        return None
    try:
        number = float(literal)
    except OverflowError:
        raise _invalid(value) from None
    # Infinity and "not a number" differ from themselves by subtraction.
    if number - number != 0:
        raise _invalid(value)
    return number


def parse_integer(value, decimal=None):
    """The whole number ``value`` says, as int; ``3.0`` is 3.

    :param str decimal: decimal mark of the column, see :class:`NumberScan`
    :return: ``int``, or None for an empty value
    :raises Problem: ``number_not_whole``, ``number_invalid``, ``number_ambiguous``
    """
    literal = _literal(value, decimal)
    if literal is None or type(literal) is int:
        return literal
    if isinstance(literal, str) and literal.lstrip("+-").isdigit():
        return int(literal)
    number = parse_number(literal, ".")
    if number != int(number):
        raise Problem(
            "number_not_whole",
            _("“%(value)s” is not a whole number."),
            _("Correct it, or map the column to a field that takes decimals."),
            value=value,
        )
    return int(number)


def _literal(value, decimal):
    """``value`` as a number or as text that ``float`` reads; None where empty."""
    if isinstance(value, str):
        plain = _PLAIN if decimal == "." else _CERTAIN
        if decimal != "," and plain.fullmatch(value):
            return value
    elif value is None:
        return None
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    else:
        raise _invalid(value)
    if value.isdigit() and value.isascii():
        return _short(value, value)
    text = as_text(value)
    if text is None:
        return None
    if _SCIENTIFIC.fullmatch(text):
        return text.replace(",", ".")
    parts = _parts(text)
    if not parts:
        raise _invalid(value)
    negative, body, power = parts
    digits = _shifted(_short(_ungrouped(body, decimal, value), value), power)
    return f"-{digits}" if negative else digits


def _shifted(digits, power):
    """``digits`` times ten to the ``power``, exactly."""
    whole, _point, fraction = digits.partition(".")
    if not power:
        return digits
    fraction = fraction.ljust(power, "0")
    return f"{whole}{fraction[:power]}.{fraction[power:] or '0'}"


def has_power(value):
    """Whether a number is written with a power of ten, as ``12k`` and ``3 Mio`` are."""
    parts = isinstance(value, str) and _parts(value.strip())
    return bool(parts and parts[2])


def _short(digits, value):
    # No amount has so many digits; Python itself refuses to read thousands of them.
    if len(digits) > 300:
        raise _invalid(value)
    return digits


def _parts(text):
    """``(negative, digits with their marks, power of ten)``; None if it is no number.

    What stands around the digits may be one sign or a pair of brackets, a percent
    sign, and a currency on either side; a power of ten such as “k” comes right after.
    """
    text = _NO_CENTS.sub("", text.translate(_ALIKE))
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    lead, trail = _TOKEN.findall(match["lead"]), _TOKEN.findall(match["trail"])
    marks = [token for token in lead + trail if token in "+-()%"]
    words = [[t.casefold() for t in side if t not in marks] for side in (lead, trail)]
    power, words[1] = _power(words[1])
    if any(len(side) > 1 or not CURRENCIES.issuperset(side) for side in words):
        return None
    signs = "".join(mark for mark in marks if mark != "%")
    bracketed = signs == "()" and "(" in lead and ")" in trail
    percents = marks.count("%")
    if (
        percents > (not power)
        or "%" in lead
        or not (bracketed or signs in ("", "+", "-"))
    ):
        return None
    return bracketed or signs == "-", match["body"].strip(), power


def _power(words):
    """The power of ten that begins ``words``, and the words without it."""
    if not words or words[0] in CURRENCIES:
        return 0, words
    if words[0] in POWERS:
        return POWERS[words[0]], words[1:]
    glued = _GLUED.match(words[0])
    if not glued:
        return 0, words
    return POWERS[glued[1]], [words[0][glued.end() :], *words[1:]]


def _ungrouped(body, decimal, value):
    """``body`` without its groups and with a point for the decimals."""
    mark = _decimal_mark(body)
    known = decimal if decimal in (".", ",") else None
    if mark == AMBIGUOUS:
        if not known:
            raise Problem(
                "number_ambiguous",
                _("“%(value)s” can be thousands or a number with decimals."),
                _("Choose the decimal mark of this column in the mapping."),
                value=value,
            )
        mark = known
    elif mark and known and mark != known:
        raise _invalid(value)
    whole, fraction = body, ""
    if mark and mark in body:
        whole, _mark, fraction = body.rpartition(mark)
    if whole and not whole.isdigit() and not _well_grouped(whole):
        raise _invalid(value)
    if fraction and not fraction.isdigit():
        raise _invalid(value)
    whole = re.sub(r"[.,' ]", "", whole) or "0"
    return f"{whole}.{fraction}" if fraction else whole


def _well_grouped(whole):
    return len(set(whole) & set(".,' ")) == 1 and _GROUPED.fullmatch(whole)


def _decimal_mark(body):
    """The decimal mark a written number shows: ``.``, ``,``, '' or ``ambiguous``.

    Where a point or a comma can only group, the decimal mark is the other one, or
    would be.
    """
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return ""
    if points and commas:
        return "." if body.rfind(".") > body.rfind(",") else ","
    if points > 1:
        return ","
    if commas > 1:
        return "."
    match = _ONE_MARK.fullmatch(body)
    # With spaces or apostrophes as groups the one mark left is the decimal one.
    if not match:
        return "." if points else ","
    whole, mark, fraction = match.groups()
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
        return AMBIGUOUS
    return mark


def _invalid(value):
    return Problem(
        "number_invalid",
        _("“%(value)s” is not a number."),
        _("Correct it, or map the column to a text field."),
        value=value,
    )


class NumberScan:
    """Finds the decimal mark of a column from its values, one after the other."""

    def __init__(self):
        self._marks = set()

    def add(self, value):
        """Take one source value into account; anything but text says nothing."""
        if not isinstance(value, str) or value.isdigit():
            return
        parts = _parts(value.strip())
        if parts:
            self._marks.add(_decimal_mark(parts[1]))

    def result(self):
        """``.`` or ``,``, ``ambiguous``, ``mixed``, or None where no mark occurs."""
        certain = self._marks & {".", ","}
        if len(certain) == 2:
            return MIXED
        if certain:
            return next(iter(certain))
        return AMBIGUOUS if AMBIGUOUS in self._marks else None


def percent_share(value, decimal=None):
    """A share of one as a percentage: ``0.75`` is 75.0, and so is ``75%``.

    :param str decimal: decimal mark of the column, see :class:`NumberScan`
    :return: ``float``, or None for an empty value
    :raises Problem: ``share_invalid`` outside of 0 to 1, and as :func:`parse_number`
    """
    number = parse_number(value, decimal)
    if number is None or _is_percent(value):
        return number
    if not 0 <= number <= 1:
        raise Problem(
            "share_invalid",
            _("“%(value)s” is not a share between 0 and 1."),
            _("Correct it, or choose another conversion if the column has percents."),
            value=value,
        )
    return round(number * 100, 10)


def _is_percent(value):
    return isinstance(value, str) and "%" in value


def are_shares(values):
    """Whether the values of a column are shares of one: 0 to 1, some in between."""
    between = False
    for value in values:
        try:
            number = parse_number(value)
        except Problem:
            return False
        if number is None:
            continue
        if _is_percent(value) or not 0 <= number <= 1:
            return False
        between |= 0 < number < 1
    return between
