"""Colours of other systems as one of the twelve Odoo knows."""

import re

from ..errors import Problem, _
from .names import match_key
from .scalars import as_text

# Odoo's kanban colours by their index; 0 is none.
PALETTE = {
    1: "F06050",
    2: "F4A460",
    3: "F7CD1F",
    4: "6CC1ED",
    5: "814968",
    6: "EB7E7F",
    7: "2C8397",
    8: "475577",
    9: "D6145F",
    10: "30C381",
    11: "9365B8",
}
_NAMES = {
    0: "none no color white black gray grey silver transparent default",
    1: "red crimson firebrick tomato",
    2: "orange darkorange coral peach brown sandybrown",
    3: "yellow gold amber khaki",
    4: "lightblue skyblue cyan aqua azure deepskyblue",
    5: "darkpurple plum maroon burgundy",
    6: "salmon pink lightred lightpink rose",
    7: "blue mediumblue teal turquoise steelblue royalblue",
    8: "darkblue navy navyblue indigo slate midnightblue",
    9: "fuchsia magenta hotpink deeppink raspberry",
    10: "green lime olive darkgreen lightgreen mint emerald",
    11: "purple violet lavender orchid lilac",
}
_BY_NAME = {name: index for index, names in _NAMES.items() for name in names.split()}
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\b[^)]*\)")
# Below this difference between its channels a colour is a grey: it has no hue.
_GREY = 24


def color_index(value):
    """Odoo's colour index, 0 to 11, for an index, ``#RRGGBB``, ``rgb()`` or a name.

    A shade becomes the nearest colour; greys, black and white become 0, none.

    :return: ``int``, or None for an empty value
    :raises Problem: ``color_invalid``
    """
    found = as_text(value)
    if found is None:
        return None
    if found.isdecimal() and len(found) <= 2:
        if int(found) <= 11:
            return int(found)
        raise _invalid(value)
    name = match_key(found).replace(" ", "")
    if name in _BY_NAME:
        return _BY_NAME[name]
    channels = _channels(found.lower())
    if channels is None:
        raise _invalid(value)
    if max(channels) - min(channels) < _GREY:
        return 0
    return min(_POINTS, key=lambda index: _distance(_POINTS[index], _point(channels)))


def _channels(found):
    match = _HEX.fullmatch(found)
    if match:
        digits = match[1]
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return tuple(bytes.fromhex(digits))
    match = _RGB.fullmatch(found)
    channels = match and tuple(map(int, match.groups()))
    return channels if channels and max(channels) <= 255 else None


def _point(channels):
    """A place in which distance follows hue first: colour circle, then brightness."""
    red, green, blue = channels
    return red - (green + blue) / 2, 0.866 * (green - blue), max(channels)


def _distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


_POINTS = {index: _point(bytes.fromhex(code)) for index, code in PALETTE.items()}


def _invalid(value):
    return Problem(
        "color_invalid",
        _("“%(value)s” is not a colour."),
        _("Use an index from 0 to 11, a code like #F06050, or a name like red."),
        value=value,
    )
