"""Local time to UTC, by the time zones Odoo knows."""

from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytz

from ..errors import Problem, _

_NOTHING = timedelta()


@lru_cache(maxsize=64)
def _zone(name):
    # The data come from pytz, whose names are those of Odoo's users and companies;
    # the system may lack older ones. ZoneInfo reads them and is several times faster.
    try:
        with pytz.open_resource(name) as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError) as error:
        raise Problem(
            "timezone_unknown",
            _("“%(value)s” is not a time zone."),
            _("Choose one like Europe/Berlin in the project."),
            value=name,
        ) from error


def to_utc(moment, offset=None, tz="UTC"):
    """A naive local ``moment`` as naive UTC.

    An hour that happens twice is taken as its first occurrence (summer time); one
    that is left out counts on from before the gap, so that 02:30 means 03:30.

    :param timedelta offset: offset the value itself names; wins over ``tz``
    :raises Problem: ``timezone_unknown``
    :raises OverflowError: where UTC leaves the years 1 to 9999
    """
    if offset is not None:
        return moment - offset if offset else moment
    if tz == "UTC":
        return moment
    return moment - (_zone(tz).utcoffset(moment) or _NOTHING)
