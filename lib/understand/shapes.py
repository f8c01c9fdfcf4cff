"""What the values of a column look like, told from the first rows."""

import re
from collections import Counter

from ..compile import is_empty

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[a-z]{2,}", re.I)
_URL = re.compile(r"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)
_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}\.? ?[^\W\d]{3,9}\.?,? \d{2,4}"
    r"|[^\W\d]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{8}|1\d{9}|1\d{12})"
    r"(?:[T ,]+(?:at )?\d{1,2}:\d{2}.*)?",
    re.I,
)
_NUMBER = re.compile(
    r"[-+(]?\s*(?:[€$£¥₹]|[A-Z]{2,3}\$?)?\s*[-+]?\d[\d.,' \u00a0\u202f]*"
    r"(?:[kKmM%]|\s*(?:[€$£¥₹]|[A-Z]{3}))?\)?"
)
_INTEGER = re.compile(r"\d{1,15}")
_PHONE = re.compile(r"\+?[\d(][\d\s()./-]{5,}(?:\s*(?:x|ext\.?)\s*\d+)?", re.I)
_BOOLEAN = frozenset(
    "0 1 true false yes no y n t f ja nein oui non si sim nao x on off".split()
)
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[A-Za-z0-9]{15,18}|\d{1,20}"
    r"|[A-Za-z]{1,6}[-_]?\d{1,12}|[a-z]{2,5}_[A-Za-z0-9]{6,}|zcrm_\d+",
    re.I,
)
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?:,)?(?: [\w.'’-]+){1,3}")
_LIST = re.compile(r"[^,;|]+(?:[,;|] ?[^,;|]+)+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_HTML = re.compile(r"<[a-z/][^>]*>", re.I)
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%?")

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}", re.I)
_SALUTATIONS = frozenset(
    "mr mr. mrs mrs. ms ms. miss dr dr. prof prof. herr frau m m. mme mlle sr sr. sra "
    "sra. srta dhr mevr mw sig sig.".split()
)

_TESTS = {
    "uuid": lambda text: bool(_UUID.fullmatch(text)),
    "salutation": lambda text: text.casefold() in _SALUTATIONS,
    "email": lambda text: bool(_EMAIL.fullmatch(text.strip("<>"))),
    "url": lambda text: bool(_URL.fullmatch(text)) and "@" not in text,
    "date": lambda text: bool(_DATE.fullmatch(text)),
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "integer": lambda text: bool(_INTEGER.fullmatch(text)),
    "phone": lambda text: (
        bool(_PHONE.fullmatch(text))
        and 6 <= sum(char.isdigit() for char in text) <= 18
        and not _DATE.fullmatch(text)
    ),
    "boolean": lambda text: text.casefold() in _BOOLEAN,
    "id": lambda text: bool(_ID.fullmatch(text)),
    "person": lambda text: bool(_PERSON.fullmatch(text)),
    "list": lambda text: bool(_LIST.fullmatch(text)),
    "currency": lambda text: bool(_CURRENCY.fullmatch(text)),
    "html": lambda text: bool(_HTML.search(text)),
    "long": lambda text: len(text) > 60 or "\n" in text,
    "percent": lambda text: bool(_PERCENT.fullmatch(text)),
    "word": lambda text: not any(char.isdigit() for char in text) and len(text) <= 40,
    "text": lambda text: not _NUMBER.fullmatch(text) and not _DATE.fullmatch(text),
}


class Shape:
    """The shapes of a column's values: ``share("email")`` is 0 to 1.

    ``filled`` counts values, ``distinct`` different ones.
    """

    def __init__(self, values):
        texts = [str(value).strip() for value in values if not is_empty(value)]
        self.filled = len(texts)
        self._distinct = Counter(texts)
        self.distinct = len(self._distinct)
        self._shares = {}

    def share(self, name):
        """Which share of the values has the shape ``name``; None without values."""
        if not self.filled:
            return None
        if name not in self._shares:
            test = _TESTS[name]
            fitting = sum(n for text, n in self._distinct.items() if test(text))
            self._shares[name] = fitting / self.filled
        return self._shares[name]

    def fits(self, names):
        """The best share among ``names``; None without values."""
        shares = [self.share(name) for name in names]
        return max((one for one in shares if one is not None), default=None)

    @property
    def is_unique(self):
        """Whether every value is another one."""
        return self.filled > 1 and self.distinct == self.filled
