"""What the values of a column look like, told from all of them.

A million values are told from few: those that no decision here can tell apart are
grouped, and one of each group is looked at (see ``models/engine/column_facts.py``).
"""

from collections import Counter

from .errors import Problem
from .values.booleans import parse_boolean
from .values.date_order import OrderScan
from .values.dates import parse_date
from .values.numbers import NumberScan, has_power, parse_number

SAMPLES = 5
#: Types of Odoo fields from the narrowest to the widest; text holds anything.
TYPES = ("boolean", "integer", "float", "date", "datetime")
EXCEL, EPOCH = "excel", "epoch"
_LONG = 250
# Days of Excel, seconds and milliseconds since 1970, from 1990 to 2050.
_EXCEL_DAYS = (32_874, 54_789)
_EPOCHS = ((631_152_000, 2_524_608_000), (631_152_000_000, 2_524_608_000_000))
_NUMBERS = frozenset(("integer", "float"))
_DATES = frozenset(("date", "datetime"))


class ColumnProfile:
    """Collects the distinct values of one column, with their counts.

    ``filled`` counts records with a value, ``distinct`` values, ``longest`` is the
    length of the longest, ``samples`` has the first few. :meth:`ttype`,
    :meth:`date_order`, :meth:`decimal` and :meth:`serial` say what they have in
    common; ``kinds`` counts records by the narrowest type of their value, and
    ``examples`` has one value of each.
    """

    def __init__(self):
        self.filled = 0
        self.distinct = 0
        self.longest = 0
        self.samples = []
        self.kinds = Counter()
        self.examples = {}
        self._dates, self._numbers = OrderScan(), NumberScan()
        self._candidates = set(TYPES)
        self._lines = False
        self._range = None

    def add(self, value, count=1, distinct=1, longest=0, lines=False, kind=None):
        """Take ``value`` (not empty) into account, and all it stands for.

        :param int count: records that have it, or a value like it
        :param int distinct: different values it stands for, itself included
        :param int longest: length of the longest of them
        :param bool lines: whether one of them has several lines
        :param str kind: what they are, where it is known without a look
        """
        text = str(value)
        self.filled += count
        self.distinct += distinct
        self.longest = max(self.longest, len(text), longest)
        self._lines |= lines or "\n" in text
        if len(self.samples) < SAMPLES:
            self.samples.append(text[:60])
        self._dates.add(value)
        self._numbers.add(value)
        fitting = fitting_types(text)
        self._candidates &= fitting
        kind = kind or next((one for one in TYPES if one in fitting), "text")
        self.kinds[kind] += count
        self.examples.setdefault(kind, text[:60])
        if kind in _NUMBERS:
            self._stretch(text)

    def _stretch(self, text):
        """Widen the range of the plain numbers by ``text``."""
        try:
            number = float(text)
        except ValueError:
            return
        low, high = self._range or (number, number)
        self._range = min(low, number), max(high, number)

    def narrow(self, part):
        """Rule out the types that the profile of some of the values rules out."""
        self._candidates &= part._candidates

    def is_text(self):
        """Whether the values are certainly text: no type holds most of them."""
        return not self._candidates and self.kinds["text"] * 2 > self.distinct

    def date_order(self):
        """``ymd``, ``dmy`` or ``mdy``; ``ambiguous``, ``mixed`` or None."""
        return self._dates.result()

    def decimal(self):
        """``.`` or ``,``; ``ambiguous``, ``mixed`` or None."""
        return self._numbers.result()

    def serial(self):
        """``excel`` or ``epoch`` where every value is a number that can be a day.

        The numbers of a date column, that is; 40000 may as well be an amount.
        """
        if not self._range or not self._candidates & _NUMBERS:
            return None
        if _within(self._range, _EXCEL_DAYS):
            return EXCEL
        return EPOCH if any(_within(self._range, span) for span in _EPOCHS) else None

    def ttype(self):
        """The narrowest Odoo field type that holds every value."""
        for candidate in TYPES:
            if self.filled and candidate in self._candidates:
                return candidate
        return "text" if self._lines or self.longest > _LONG else "char"

    def exceptions(self):
        """``(kind, count, example)`` of the few values that are no number or date.

        None where nine of ten values are not numbers, or not dates: such a column is
        text. ``kind`` is what most values are: ``number`` or ``date``.
        """
        for name, kinds in (("number", _NUMBERS), ("date", _DATES)):
            alike = sum(self.kinds[kind] for kind in kinds)
            others = [
                kind for kind in self.kinds if kind not in kinds and self.kinds[kind]
            ]
            odd = sum(self.kinds[kind] for kind in others)
            if odd and alike >= 9 * odd and not self._candidates:
                return name, odd, self.examples[others[0]]
        return None


def fitting_types(text):
    """The types of :data:`TYPES` that can hold ``text``."""
    return {candidate for candidate in TYPES if _fits(candidate, text)}


def _within(span, limits):
    return limits[0] <= span[0] and span[1] <= limits[1]


def _fits(candidate, text):
    if candidate == "boolean":
        return text.strip().lower() not in ("0", "1") and _parses(parse_boolean, text)
    if candidate == "integer":
        digits = text.strip().lstrip("-")
        return digits.isdigit() and not _is_code(digits)
    if candidate == "float":
        number = text.strip()
        mark = "," if number.rfind(",") > number.rfind(".") else "."
        # "5m" can be metres as well: only a field for numbers takes it.
        written = not (_is_code(number) or has_power(number))
        return written and _parses(parse_number, number, mark)
    has_time = ":" in text
    if candidate == "date":
        return not has_time and _is_date(text)
    return _is_date(text)


def _is_code(digits):
    """Digits that are no quantity: a leading zero, or longer than any."""
    return (len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()) or len(
        digits
    ) > 15


def _is_date(text):
    if text.strip().isdigit():
        return False
    return any(_parses(parse_date, text, order) for order in ("dmy", "mdy", "ymd"))


def _parses(parse, *arguments):
    try:
        return parse(*arguments) is not None
    except Problem:
        return False
