"""What the values of a column look like, and whether a meaning can have such ones."""

import re
from functools import lru_cache

from ..errors import Problem
from ..values.booleans import parse_boolean

_LIMIT = 60
_MOST = 0.75
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}\.? ?[^\W\d_]{3,10}\.?,? \d{4}|[^\W\d_]{3,10}\.? \d{1,2},? \d{4})"
    r"(?P<time>[T ,]+\d{1,2}:\d{2}.*)?",
)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[ ,.'’\u00a0]\d{3})+|\d+)(?:[.,]\d+)?")
_MONEY = re.compile(
    r"(?:[$€£¥]|[A-Z]{3})\s?[-+]?[\d.,'’ \u00a0]+"
    r"|[\d.,'’ \u00a0]+\s?(?:[$€£¥]|[A-Z]{3})"
    r"|[\d.,'’ \u00a0]+\s?(?:[$€£¥]|[A-Z]{3})"
)
_PHONE = re.compile(r"\+?[\d\s()./-]{6,25}(?:(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)
_UUID = re.compile(r"\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_TOKEN = re.compile(r"(?=\S*\d)[A-Za-z0-9_:-]{8,}")
_SALUTATIONS = frozenset(
    "mr ms mrs miss dr prof mx sir herr frau hr fr m mme mlle monsieur madame "
    "sr sra srta dott sig sig.ra signor signora dhr mevr mw senhor senhora "
    "señor señora".split()
)
_CURRENCY = frozenset(
    "EUR USD GBP CHF JPY CNY AUD CAD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY "
    "INR BRL MXN ZAR AED SAR SGD HKD KRW THB IDR MYR PHP ILS RUB UAH ARS CLP "
    "COP PEN".split()
)


@lru_cache(maxsize=1 << 15)
def kind_of(text):
    """The kind of one value: ``email``, ``date``, ``integer`` … ``text``."""
    if _EMAIL.fullmatch(text):
        return "email"
    if "@" in text and all(
        _EMAIL.fullmatch(one.strip()) for one in re.split(r"[;,]", text) if one.strip()
    ):
        return "email"
    if found := _DATE.fullmatch(text):
        return "datetime" if found["time"] else "date"
    if _URL.fullmatch(text):
        return "url"
    if _UUID.fullmatch(text):
        return "id"
    if text.isdigit():
        return "integer" if len(text) < 10 else "digits"
    if _NUMBER.fullmatch(text):
        return "number"
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return "percent"
    if _PHONE.fullmatch(text):
        return "phone"
    return _kind_of_word(text)


def _kind_of_word(text):
    if text.casefold().rstrip(".") in _SALUTATIONS:
        return "salutation"
    if text in _CURRENCY or text in "€$£¥":
        return "currency"
    if _MONEY.fullmatch(text) and any(one.isdigit() for one in text):
        return "money"
    if _is_boolean(text):
        return "boolean"
    if _DOMAIN.fullmatch(text) and "." in text:
        return "domain"
    if _TOKEN.fullmatch(text):
        return "id"
    if text.lstrip().startswith("<") and text.rstrip().endswith(">"):
        return "long"
    return "long" if len(text) > 120 or "\n" in text else "text"


def _is_boolean(text):
    try:
        return len(text) > 1 and parse_boolean(text) is not None
    except Problem:
        return False


class Shape:
    """What the values of a column have in common.

    `kind` is that of most of them, ``""`` without values, ``mixed`` where there is
    none; `unique` says whether each of several values is another.
    """

    def __init__(self, values):
        texts = [str(one).strip() for one in values if one not in (None, "")]
        texts = [one for one in texts if one][:_LIMIT]
        self.filled = len(texts)
        self.distinct = len(set(texts))
        self.unique = self.filled > 1 and self.distinct == self.filled
        kinds = {}
        for text in texts:
            one = kind_of(text)
            kinds[one] = kinds.get(one, 0) + 1
        self.kind = ""
        if kinds:
            best = max(kinds, key=kinds.get)
            self.kind = best if kinds[best] >= _MOST * self.filled else "mixed"
            numbers = sum(kinds.get(one, 0) for one in _NUMBERS)
            if self.kind == "mixed" and numbers >= _MOST * self.filled:
                self.kind = "number"
            dates = kinds.get("date", 0) + kinds.get("datetime", 0)
            if self.kind == "mixed" and dates >= _MOST * self.filled:
                self.kind = "datetime"
        self.spaced = sum(" " in one for one in texts) * 2 > len(texts)


_NUMBERS = ("integer", "number", "money", "percent")
# Kinds a meaning's values have, and kinds they cannot have. The first rule whose words
# the meaning's name ends with or is counts.
_RULES = (
    (
        "email email2 contact_email",
        "email",
        None,
    ),
    (
        "phone mobile fax phone2 contact_phone",
        "digits phone",
        ("boolean currency date datetime domain email long money percent text url"),
    ),
    (
        "website linkedin url",
        "url",
        ("boolean date datetime digits email id integer money number percent phone"),
    ),
    (
        (
            "created_at updated_at close_date closed_at due_date done_at "
            "stage_entered_at birthday"
        ),
        "date datetime",
        "boolean currency domain email id long money percent phone text url",
    ),
    (
        "amount annual_revenue",
        "digits integer money number",
        "boolean date datetime domain email id long percent text url",
    ),
    (
        "probability",
        "integer number percent",
        "boolean date datetime digits domain email id long text url",
    ),
    (
        "employee_count score position size",
        "integer number",
        "date datetime domain email id long url",
    ),
    (
        "duration_minutes",
        "integer number",
        "date datetime domain email id long url",
    ),
    (
        "is_won is_primary active",
        "boolean",
        "date datetime domain email long money phone url",
    ),
    (
        "currency",
        "currency",
        "boolean date datetime email integer long money number url",
    ),
    (
        "_id",
        "digits id integer",
        "boolean date datetime email long money percent url",
    ),
    (
        (
            "first_name last_name full_name contact_name company_name deal_name "
            "parent_company_name middle_name"
        ),
        "text",
        (
            "boolean currency date datetime digits email id integer long money "
            "number percent phone url"
        ),
    ),
    (
        "salutation",
        "salutation text",
        ("boolean currency date datetime digits email money number percent url"),
    ),
    (
        "name subject job_title city department",
        "text",
        (
            "boolean currency date datetime digits email money number percent "
            "salutation url"
        ),
    ),
    (
        "country state industry",
        "text",
        "boolean date datetime email long money number percent phone url",
    ),
    (
        "owner author created_by",
        "email text",
        "boolean currency date datetime long money number percent url",
    ),
    (
        (
            "stage pipeline lost_reason source medium campaign tags priority "
            "deal_type type status"
        ),
        "text",
        "date datetime email long money percent url",
    ),
    (
        "description body next_step",
        "long text",
        (
            "boolean currency date datetime digits email integer money number "
            "percent phone"
        ),
    ),
    (
        "street street2",
        "text",
        "boolean currency date datetime email money percent url",
    ),
    (
        "zip",
        "integer text",
        "boolean date datetime email long money url",
    ),
)
_BY_TYPE = {
    "date": (
        {"date", "datetime"},
        {"email", "url", "text", "long", "boolean", "phone"},
    ),
    "datetime": ({"date", "datetime"}, {"email", "url", "text", "long", "boolean"}),
    "float": (set(_NUMBERS), {"email", "url", "text", "long", "date", "datetime"}),
    "integer": (set(_NUMBERS), {"email", "url", "text", "long", "date", "datetime"}),
    "monetary": (set(_NUMBERS), {"email", "url", "text", "long", "date", "datetime"}),
    "boolean": ({"boolean"}, {"email", "url", "long", "date", "datetime"}),
}


@lru_cache(maxsize=1 << 12)
def _expected(name, ttype):
    for names, good, bad in _RULES:
        if name in names.split() or (names.startswith("_") and name.endswith(names)):
            return frozenset(good.split()), None if bad is None else frozenset(
                bad.split()
            )
    return _BY_TYPE.get(ttype, (frozenset(), frozenset()))


def agreement(shape, name, ttype="char"):
    """1 where values confirm the meaning, -1 where they contradict it, else 0."""
    if not shape.kind:
        return 0
    good, bad = _expected(name, ttype)
    if shape.kind in good:
        return 1
    if bad is None:
        return 0 if shape.kind == "mixed" else -1
    return -1 if shape.kind in bad else 0
