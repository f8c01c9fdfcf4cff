"""Headers and names as words that can be compared."""

import re
from functools import lru_cache

from ..values.names import match_key

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
# What tools put around the names of fields.
_TECHNICAL = re.compile(r"__[cr]\b|\bhs_|^cf[_ ]|^custom[_ .]|^properties[_ .]")
_JOINED = {
    ("e", "mail"): "email",
    ("web", "site"): "website",
    ("zip", "code"): "zip",
    ("post", "code"): "zip",
    ("postal", "code"): "zip",
    ("home", "page"): "website",
    ("time", "stamp"): "timestamp",
    ("job", "title"): "jobtitle",
    ("first", "name"): "firstname",
    ("last", "name"): "lastname",
    ("linked", "in"): "linkedin",
}
# Words that narrow nothing.
FILLER = frozenset("the of a an der die das des de la le du del".split())


@lru_cache(maxsize=1 << 15)
def words(text):
    """The words of a header as a tuple: small, without accents, singular.

    ``Deal - Expected Close Date``, ``dealExpectedCloseDate__c`` and
    ``deal_expected_close_date`` agree.
    """
    text = _TECHNICAL.sub(" ", str(text))
    text = _CAMEL.sub(
        " ", _BRACKETS.sub(" ", text) if _BRACKETS.sub("", text).strip(" -_") else text
    )
    key = (
        match_key(
            text.replace(".", " ").replace("#", " number ").replace("%", " percent ")
        )
        or ""
    )
    found = re.findall(r"\w+", key, re.UNICODE)
    joined = []
    for word in found:
        if joined and (joined[-1], word) in _JOINED:
            joined[-1] = _JOINED[joined[-1], word]
        else:
            joined.append(word)
    return tuple(_singular(word) for word in joined)


def _singular(word):
    if len(word) > 3 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if word == "ids":
        return "id"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def key_of(tokens):
    """Words as one text to look names up by."""
    return " ".join(word for word in tokens if word not in FILLER) or " ".join(tokens)
