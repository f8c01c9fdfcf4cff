"""Text of one line and of many, lists, addresses."""

import json
import re
from urllib.parse import urlsplit

from ..errors import Problem, _
from .colors import color_index
from .scalars import as_text

__all__ = ["color_index", "email", "line", "split_list", "text", "url"]

_NEWLINES = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+(?!-)[\w-]{2,63}\.?")
_SCHEMES = ("http", "https", "ftp", "ftps")
_IN_BRACKETS = re.compile(r"[^<>]*<\s*([^<>]+?)\s*>")
_EMAIL = re.compile(
    r"[^\s@<>(),;:\"\\\[\].]+(?:\.[^\s@<>(),;:\"\\\[\].]+)*"
    r"@(?:(?!-)[^\W_](?:[\w-]*[^\W_])?\.)+(?=[\w-]*[^\W\d_])[^\W_][\w-]*[^\W_]"
)


def line(value):
    """``value`` on one line, each run of white space one space; None where empty."""
    found = as_text(value)
    return found and " ".join(found.split())


def text(value):
    """``value`` with ``\\n`` for every kind of line end; None where empty."""
    found = as_text(value)
    return found and _NEWLINES.sub("\n", found)


def split_list(value, separators=";|,\n"):
    """The distinct items of a list, in their order, each on one line.

    Takes a list, a JSON list as text, or text with separators. Commas separate only
    where neither ``;`` nor ``|`` does, for then they belong to the items. No item,
    no value: an empty list, never None.
    """
    if isinstance(value, str):
        items = _json_list(value)
        if items is None:
            items = _split(text(value) or "", separators)
    else:
        items = value if isinstance(value, (list, tuple)) else [value]
    return list(dict.fromkeys(filter(None, map(line, items))))


def _json_list(value):
    if not value.lstrip().startswith("["):
        return None
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _split(value, separators):
    if any(mark in separators and mark in value for mark in ";|"):
        separators = separators.replace(",", "")
    if not separators:
        return [value]
    return re.split(f"[{re.escape(separators)}]", value)


def email(value):
    """The address in ``value``, in lower case; ``Name <a@b.c>`` gives ``a@b.c``.

    :return: ``str``, or None for an empty value
    :raises Problem: ``email_invalid``, also where there are several addresses
    """
    found = line(value)
    if found is None:
        return None
    address = found.lower()
    named = _IN_BRACKETS.fullmatch(address)
    if named:
        address = named[1]
    address = address.removeprefix("mailto:").strip()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise Problem(
            "email_invalid",
            _("“%(value)s” is not an e-mail address."),
            _("Correct it; a field takes one address, like name@example.com."),
            value=value,
        )
    return address


def folder(value):
    """The folders of a path, joined by “/”; None for a file in none.

    A leading separator does not count, and a backslash separates as well.
    """
    found = as_text(value)
    parts = [part for part in (found or "").replace("\\", "/").split("/")[:-1] if part]
    return "/".join(parts) or None


def url(value):
    """The web address in ``value``, ``http://`` put before one that has no scheme.

    That is what Odoo makes of a website as well, so that both compare equal.

    :return: ``str``, or None for an empty value
    :raises Problem: ``url_invalid``
    """
    found = as_text(value)
    if found is None:
        return None
    schemed = bool(_SCHEME.match(found))
    address = found if schemed else "http://" + found.removeprefix("//")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if usable and not schemed:
        usable = bool(_HOST.fullmatch(parts.hostname)) and "@" not in parts.netloc
    if not usable or any(letter.isspace() for letter in found):
        raise Problem(
            "url_invalid",
            _("“%(value)s” is not a web address."),
            _("Correct it, for instance as https://www.example.com."),
            value=value,
        )
    return address
