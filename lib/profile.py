"""What the values of a column look like, told from all of them."""

from .errors import Problem
from .values.booleans import parse_boolean
from .values.date_order import OrderScan
from .values.dates import parse_date
from .values.numbers import NumberScan, has_power, parse_number

SAMPLES = 5
_LONG = 250


class ColumnProfile:
    """Collects the distinct values of one column, with their counts.

    ``filled`` counts records with a value, ``distinct`` values, ``longest`` is the
    length of the longest, ``samples`` has the first few. :meth:`ttype`,
    :meth:`date_order` and :meth:`decimal` say what they have in common.
    """

    def __init__(self):
        self.filled = 0
        self.distinct = 0
        self.longest = 0
        self.samples = []
        self._dates, self._numbers = OrderScan(), NumberScan()
        self._candidates = {"boolean", "integer", "float", "date", "datetime"}
        self._lines = 1

    def add(self, value, count=1):
        """Take ``value`` (not empty), which ``count`` records have, into account."""
        text = str(value)
        self.filled += count
        self.distinct += 1
        self.longest = max(self.longest, len(text))
        self._lines = max(self._lines, text.count("\n") + 1)
        if len(self.samples) < SAMPLES:
            self.samples.append(text[:60])
        self._dates.add(value)
        self._numbers.add(value)
        for candidate in list(self._candidates):
            if not _fits(candidate, text):
                self._candidates.discard(candidate)

    def date_order(self):
        """``ymd``, ``dmy`` or ``mdy``; ``ambiguous``, ``mixed`` or None."""
        return self._dates.result()

    def decimal(self):
        """``.`` or ``,``; ``ambiguous``, ``mixed`` or None."""
        return self._numbers.result()

    def ttype(self):
        """The narrowest Odoo field type that holds every value."""
        for candidate in ("boolean", "integer", "float", "date", "datetime"):
            if self.filled and candidate in self._candidates:
                return candidate
        return "text" if self._lines > 1 or self.longest > _LONG else "char"


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
