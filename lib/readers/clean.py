"""Text that the database can hold: no NUL, no half characters."""

import re

from ..errors import Problem, _
from .model import NOTE

NUL = "\0"
NUL_SHOWN = "\u2400"
#: Codes of values that were changed to be storable; the row can be taken as shown.
UNCLEAN = ("nul_byte", "encoding_broken")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text):
    """``text`` storable, and the code of what was wrong with it, or None."""
    if not UNSTORABLE.search(text):
        return text, None
    code = "nul_byte" if NUL in text else "encoding_broken"
    return SURROGATE.sub("\ufffd", text.replace(NUL, NUL_SHOWN)), code


def clean_value(value):
    """Like :func:`clean_text`, through lists and dicts, keys included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        cleaned = [clean_value(item) for item in value]
        return [item for item, _code in cleaned], _first(cleaned)
    if isinstance(value, dict):
        keys = [clean_text(key) for key in value]
        items = [clean_value(item) for item in value.values()]
        result = {
            key: item for (key, _code), (item, _code2) in zip(keys, items, strict=True)
        }
        return result, _first(keys) or _first(items)
    return value, None


def _first(cleaned):
    return next((code for _value, code in cleaned if code), None)


def clean_row(values, file, number, encoding=None):
    """Clean a row's values in place.

    :return: the :class:`Problem` of the first column that was wrong, or None
    """
    problem = None
    for column, value in list(values.items()):
        cleaned, code = clean_value(value)
        name, name_code = clean_text(column)
        if name_code:
            del values[column]
        if code or name_code:
            values[name] = cleaned
            problem = problem or unstorable(
                code or name_code, file, number, name, cleaned, encoding
            )
    return problem


def unstorable(code, file, number, field, value, encoding=None):
    """The :class:`Problem` ``nul_byte`` or ``encoding_broken`` of a cell."""
    where = {"file": file, "row": number, "severity": NOTE}
    if code == "nul_byte":
        return Problem(
            code,
            _("%(file)s, row %(row)s: “%(field)s” holds NUL characters, shown as ␀."),
            _("Correct the value in the source, or accept it as shown: %(value)s"),
            field=field,
            value=value,
            **where,
        )
    return Problem(
        code,
        _(
            "%(file)s, row %(row)s: “%(field)s” holds bytes that are no characters"
            " in %(encoding)s, shown as \ufffd."
        ),
        _("Export again as UTF-8, or correct the value by hand: %(value)s"),
        field=field,
        value=value,
        encoding=encoding or "Unicode",
        **where,
    )
