"""In which order a column writes day, month and year in numbers."""

import re

from ..errors import Problem, _

AMBIGUOUS = "ambiguous"
MIXED = "mixed"

NUMERIC_DATE = re.compile(
    r"([0-9]{1,4})\s*([./-])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,4})(?![0-9])\.?"
)


class DateOrder:
    """The orders a column can have."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"
    ALL = (YMD, DMY, MDY)


_DMY, _MDY, _YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD
_BOTH = frozenset((_DMY, _MDY))


def possible_orders(first, second, third):
    """The set of orders in which three groups of digits can be a date.

    Only the ranges of day and month are looked at, so that a 31st of February
    still tells the order of its column.
    """
    found = set()
    if len(first) in (2, 4) and len(third) <= 2 and _fits(third, second):
        found.add(_YMD)
    if len(third) in (2, 4) and len(first) <= 2:
        if _fits(first, second):
            found.add(_DMY)
        if _fits(second, first):
            found.add(_MDY)
    return found


def _fits(day, month):
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def choose_order(match, order):
    """The order by which one date is read.

    A two-digit year is taken to come last where that is possible. A date with dots
    is day first unless its column says otherwise: month first is not written so.

    :param match: match of :data:`NUMERIC_DATE`
    :param order: order of the column, or None, ``ambiguous`` or ``mixed``
    :raises Problem: ``date_invalid``, ``date_ambiguous``
    """
    first, separator, second, third = match.groups()
    possible = possible_orders(first, second, third)
    if not possible:
        raise invalid_date(match.string)
    if len(first) == 4:
        return _YMD
    if order in DateOrder.ALL:
        if order not in possible:
            raise _contradiction(match.string, order)
        return order
    last = possible & _BOTH
    if not last:
        return _YMD
    if len(last) == 1:
        return last.pop()
    if int(first) == int(second) or (separator == "." and order != MIXED):
        return _DMY
    raise Problem(
        "date_ambiguous",
        _("“%(value)s” can be read with the day first or with the month first."),
        _("Choose the date order of this column in the mapping."),
        value=match.string,
    )


def invalid_date(value):
    """The problem ``date_invalid`` about ``value``."""
    return Problem(
        "date_invalid",
        _("“%(value)s” is not a date that exists."),
        _("Correct it, for instance as 2024-12-31, or leave it empty."),
        value=value,
    )


def _contradiction(value, order):
    return Problem(
        "date_invalid",
        _("“%(value)s” does not fit the date order of its column (%(order)s)."),
        _("Correct it, or choose another date order in the mapping."),
        value=value,
        order=order,
    )


class _Evidence:
    """What the dates of one style of writing say about their order."""

    def __init__(self):
        self.orders = _BOTH
        self.undecided = False

    def add(self, possible, same):
        self.orders &= possible
        self.undecided |= possible >= _BOTH and not same


class OrderScan:
    """Finds the order of a column from its values, one after the other."""

    def __init__(self):
        self._plain = _Evidence()
        self._dotted = _Evidence()
        self._year_first = False
        self._short_year_first = True

    def add(self, value):
        """Take one source value into account; anything but a date says nothing."""
        if not isinstance(value, str):
            return
        match = NUMERIC_DATE.match(value.strip())
        if not match:
            return
        first, separator, second, third = match.groups()
        possible = possible_orders(first, second, third)
        if not possible:
            return
        if len(first) == 4:
            self._year_first |= separator != "-"
            return
        self._short_year_first &= _YMD in possible
        evidence = self._dotted if separator == "." else self._plain
        evidence.add(possible, int(first) == int(second))

    def result(self):
        """One of :class:`DateOrder`, ``ambiguous``, ``mixed``, or None.

        None says that no value needs an order: ISO dates, named months, no dates.
        """
        orders = self._plain.orders & self._dotted.orders
        if not orders:
            return _YMD if self._short_year_first else MIXED
        if len(orders) == 1:
            (order,) = orders
            only_habit = self._dotted.undecided and self._dotted.orders == _BOTH
            return MIXED if order == _MDY and only_habit else order
        if self._plain.undecided:
            return AMBIGUOUS
        if self._dotted.undecided:
            return _DMY
        return _YMD if self._year_first else None


def infer_order(values):
    """The order of a column, as :meth:`OrderScan.result` tells it."""
    scan = OrderScan()
    for value in values:
        scan.add(value)
    return scan.result()
