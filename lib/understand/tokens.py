"""Headers as words that can be compared, however they were written."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(
    r"(?<=[a-z0-9ß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])"
)
_WORD = re.compile(r"[^\W_]+|[%#€$£¥]")
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_API_SUFFIX = re.compile(r"__[cr]$", re.IGNORECASE)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
# Writings of one word.
_SAME = {
    "organisation": "organization",
    "org": "organization",
    "orgs": "organization",
    "no": "number",
    "nr": "number",
    "num": "number",
    "#": "number",
    "amt": "amount",
    "addr": "address",
    "acct": "account",
    "acc": "account",
    "opp": "opportunity",
    "oppty": "opportunity",
    "prob": "probability",
    "desc": "description",
    "descr": "description",
    "mob": "mobile",
    "tel": "telephone",
    "est": "estimated",
    "exp": "expected",
    "mgr": "manager",
    "dept": "department",
    "assoc": "associated",
    "people": "person",
    "ids": "id",
    "%": "percent",
    "colour": "color",
    "asst": "assistant",
    "conv": "converted",
    "mail": "mail",
}
# Words that do not tell one name from another.
FILLERS = frozenset(
    "of the a an in for at on to and or de du des la le les l d del der die "
    "das dem den da do dos di el los las van het een am um en y e et und o os".split()
)


def fold(text):
    """``text`` in small letters without accents."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(one for one in plain if not unicodedata.combining(one))


@lru_cache(maxsize=1 << 15)
def words(text):
    """The words of ``text``, folded, in the singular, abbreviations written out."""
    text = _API_SUFFIX.sub("", text.strip())
    found = _WORD.findall(_CAMEL.sub(" ", text))
    result = []
    for word in found:
        word = _singular(_SAME.get(fold(word), fold(word)))
        if word == "mail" and result and result[-1] == "e":
            result[-1] = "email"
        elif word not in ("$", "€", "£", "¥"):
            result.append(word)
    return tuple(result)


def _singular(word):
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return _SAME.get(word, word)
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches")):
        word = word[:-2]
    elif not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _SAME.get(word, word)


@lru_cache(maxsize=1 << 15)
def unbracketed(text):
    """``(words outside of brackets, words inside)``."""
    inside = tuple(word for part in _BRACKETS.findall(text) for word in words(part))
    return words(_BRACKETS.sub(" ", text)), inside


def compact(parts):
    """One key for ``first name``, ``first_name`` and ``FirstName``."""
    return "".join(parts)


def bag(parts):
    """A key that does not mind the order of the words, nor those that say nothing."""
    return frozenset(one for one in parts if one not in FILLERS) or frozenset(parts)


def beginning(parts, names):
    """Length of the longest of ``names`` that ``parts`` begin with, or 0."""
    return next((n for n in (4, 3, 2, 1) if len(parts) >= n and parts[:n] in names), 0)


def ending(parts, names):
    """Length of the longest of ``names`` that ``parts`` end with, or 0."""
    return next((n for n in (4, 3, 2, 1) if len(parts) >= n and parts[-n:] in names), 0)
