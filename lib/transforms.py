"""The named conversions of a mapping line.

Each entry takes the parameters of a line once and gives a function from a source
value to the value Odoo gets, so that nothing is looked up per record.
"""

from datetime import date, datetime

from .values.attendees import parse_attendees
from .values.booleans import parse_boolean
from .values.dates import parse_date, parse_datetime
from .values.html import to_html
from .values.names import name_last_first
from .values.numbers import parse_integer, parse_number, percent_share
from .values.phones import other_phones, phone
from .values.text import color_index, email, folder, line, split_list, text, url
from .values.vocabulary import is_prospect, outcome


def _outcome(value):
    """Won or lost, as the name of a stage says; None for any other."""
    found = outcome(value)
    return found if found in ("won", "lost") else None


def _is_won(value):
    return outcome(value) == "won"


def _lead_type(value):
    """``lead`` where a category or status speaks of a prospect; None for any other."""
    return "lead" if is_prospect(value) else None


def _plain(function):
    return lambda params: function


def _date(params):
    order, excel = params.get("order"), params.get("excel", False)
    return lambda value: parse_date(value, order, excel=excel)


def _datetime(params):
    order, excel = params.get("order"), params.get("excel", False)
    zone = params.get("tz") or "UTC"
    return lambda value: parse_datetime(value, order, zone, excel=excel)


def _integer(params):
    decimal = params.get("decimal")
    return lambda value: parse_integer(value, decimal)


def _number(params):
    decimal = params.get("decimal")
    return lambda value: parse_number(value, decimal)


def _share(params):
    decimal = params.get("decimal")
    return lambda value: percent_share(value, decimal)


def _hours(params):
    number = _number(params)
    return lambda value: number(value) / 60


def _list(params):
    separators = params.get("separators")
    options = {"separators": separators} if separators else {}
    return lambda value: split_list(value, **options)


TRANSFORMS = {
    "line": _plain(line),
    "text": _plain(text),
    "html": _plain(to_html),
    "email": _plain(email),
    "url": _plain(url),
    "color": _plain(color_index),
    "boolean": _plain(parse_boolean),
    "date": _date,
    "datetime": _datetime,
    "integer": _integer,
    "number": _number,
    "minutes_to_hours": _hours,
    "outcome": _plain(_outcome),
    "is_won": _plain(_is_won),
    "lead_type": _plain(_lead_type),
    "folder": _plain(folder),
    "percent_share": _share,
    "name_last_first": _plain(name_last_first),
    "phone": _plain(phone),
    "other_phones": _plain(other_phones),
    "list": _list,
    "attendees": _plain(parse_attendees),
}

BY_TYPE = {
    "char": "line",
    "text": "text",
    "html": "html",
    "selection": "line",
    "integer": "integer",
    "float": "number",
    "monetary": "number",
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
    "attendees": "attendees",
}


def jsonable(value):
    """``value`` as the journal keeps it: dates as ISO text, the rest unchanged."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    return value
