"""Names: to compare them, to make technical ones, to put them together."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from .scalars import as_text

# Follows a comma that does not turn a name around.
_SUFFIXES = frozenset(
    "inc llc ltd gmbh co corp plc lp llp sa srl ag kg bv jr sr ii iii iv phd md mba "
    "esq dds cpa mag dr prof msc bsc ma ba".split()
)

# PostgreSQL cuts identifiers here.
MAX_IDENTIFIER = 63

# Letters that decomposition leaves as they are.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHES = re.compile(r"['’‘`´\"“”„«»]")
# A point or comma inside a number and the sign before one are part of its value.
_PUNCTUATION = re.compile(
    r"(?<![0-9])[.,](?=[^\s.,])|[.,](?![0-9])|(?<!^)(?<!\s)-|-(?![0-9])"
    r"|[_/\\:;!?()\[\]{}|·•–—]"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def match_key(value):
    """A key by which two writings of one name agree; None for an empty value.

    Case, accents, quotes, full stops and extra spaces do not count, and hyphens,
    underscores and slashes count as spaces. Numbers keep their marks, and an e-mail
    address all of its characters: ``a.b@x.com`` and ``ab@x.com`` are two people.
    """
    text = as_text(value)
    return text and _key(text)


@lru_cache(maxsize=1 << 16)
def _key(text):
    if "@" in text:
        return " ".join(text.casefold().split())
    folded = _unaccented(text)
    folded = _INITIALS.sub(lambda found: found[0].replace(".", ""), folded)
    plain = _PUNCTUATION.sub(" ", _APOSTROPHES.sub("", folded))
    # A name of nothing but punctuation is told apart by that punctuation.
    return " ".join(plain.split()) or text.casefold()


def _unaccented(text):
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def technical_name(label, prefix="x_"):
    """The name of a manual Odoo field for the column ``label``; None without one.

    Lower-case ASCII of at most 63 characters. A label that had to be cut, or that
    keeps no letter in ASCII, gets a digest, so that different labels stay different.
    """
    text = as_text(label)
    if text is None:
        return None
    folded = _unaccented(text)
    name = re.sub(r"[^a-z0-9]+", "_", folded).strip("_")
    name = name.removeprefix(prefix)
    lost = any(letter.isalpha() and not letter.isascii() for letter in folded)
    room = MAX_IDENTIFIER - len(prefix)
    if lost or not name or len(name) > room:
        digest = hashlib.sha256(text.casefold().encode()).hexdigest()[:8]
        name = f"{name[: room - 9].rstrip('_')}_{digest}".lstrip("_")
    return prefix + name


def join_name(*parts):
    """The non-empty ``parts`` on one line, separated by spaces; None if all are."""
    words = " ".join(text for text in map(as_text, parts) if text).split()
    return " ".join(words) or None


def name_last_first(value):
    """``Berg, Anna`` as ``Anna Berg``; a name without one comma stays as it is."""
    name = join_name(value)
    turned = _around_comma(name)
    return " ".join(reversed(turned)) if turned else name


def _around_comma(name):
    """``[last, first]`` of a name with one comma between them, else None."""
    parts = [part.strip() for part in (name or "").split(",")]
    if len(parts) != 2 or not all(parts):
        return None
    return None if match_key(parts[1]) in _SUFFIXES else parts


def is_last_first(values):
    """Whether a column of persons has the last name first: nine in ten have a comma."""
    names = [name for name in map(join_name, values) if name]
    turned = sum(1 for name in names if _around_comma(name))
    return bool(turned) and turned >= 0.9 * len(names)
