"""How records are recognised: the text form of rules, and when two values agree.

Rules are written ``email; name, parent_id; name (legal, archived)``: tried in this
order, the fields of one rule separated by commas, how to compare in brackets.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import Problem, _
from .values.names import match_key

COMPARISONS = ("alike", "legal", "exact")
_ARCHIVED = "archived"
_RULE = re.compile(r"(?P<fields>[^()]+?)\s*(?:\((?P<options>[^()]*)\))?")
_FIELD = re.compile(r"[a-z_][a-z0-9_]*")

_SHORTEST_NUMBER = 4
# Words at the end of a company's name that say what kind of company it is.
_LEGAL_FORMS = frozenset(
    "ab ag anpartsselskab aps as asa bhd bv bvba co company corp corporation cv dmcc"
    " doo eg ek eurl ev fzco gbr gesmbh ggmbh gmbh inc incorporated jsc kft kg kgaa"
    " lda limited llc llp lp ltd ltda mbh nv ohg ooo oy oyj plc private pte pty pvt"
    " sa sarl sas sci scs se sl slu snc spa spk sprl spzoo srl sro ug zrt".split()
)
_JOINING = frozenset(("&", "+", "and", "und", "et", "y", "e"))
# Sites that give many companies a page each: there, the page is what tells them apart.
_SHARED_SITES = (
    "facebook.com",
    "google.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "tiktok.com",
    "twitter.com",
    "x.com",
    "xing.com",
    "youtube.com",
)


@dataclass(frozen=True)
class RuleText:
    """One rule as it is written.

    :param tuple fields: names of the Odoo fields that have to agree
    :param comparison: one of :data:`COMPARISONS`
    :param archived: whether archived records are recognised as well
    """

    fields: tuple
    comparison: str = "alike"
    archived: bool = False


def parse_rules(text):
    """The rules that ``text`` says, in order; none for an empty text.

    :raises Problem: a rule is not written as it has to be
    """
    return [_parse(part.strip()) for part in (text or "").split(";") if part.strip()]


def _parse(text):
    found = _RULE.fullmatch(text)
    fields = [name.strip() for name in found["fields"].split(",")] if found else []
    options = [one.strip() for one in (found and found["options"] or "").split(",")]
    options = [one for one in options if one]
    compared = [one for one in options if one in COMPARISONS]
    known = len(compared) <= 1 and set(options) <= {*COMPARISONS, _ARCHIVED}
    if not fields or not known or not all(map(_FIELD.fullmatch, fields)):
        raise Problem(
            "match_rule_invalid",
            _("“%(value)s” is no rule to recognise records by."),
            _(
                "Write fields of Odoo separated by commas, rules separated by "
                "semicolons, such as “email; name, parent_id; name (legal)”."
            ),
            value=text,
        )
    comparison = compared[0] if compared else "alike"
    return RuleText(tuple(fields), comparison, _ARCHIVED in options)


def write_rules(rules):
    """The text form of ``rules``, a list of :class:`RuleText`."""
    return "; ".join(map(_write, rules))


def _write(rule):
    options = [] if rule.comparison == "alike" else [rule.comparison]
    options += [_ARCHIVED] if rule.archived else []
    brackets = f" ({', '.join(options)})" if options else ""
    return ", ".join(rule.fields) + brackets


def legal_key(name):
    """A key by which a company's name agrees with and without its legal form.

    “Nordwind GmbH & Co. KG” and “Nordwind” agree. None for an empty name; a name of
    nothing but legal forms stays as it is.
    """
    key = match_key(name)
    if key is None:
        return None
    words = key.split()
    while len(words) > 1:
        if words[-1] in _LEGAL_FORMS or words[-1] in _JOINING:
            words.pop()
        elif len(words) > 2 and words[-2] in ("a", "p") and words[-1] == "s":
            del words[-2:]
        else:
            break
    return " ".join(words)


def domain_key(address):
    """The host of a web address, without ``www.``; None where there is none.

    Of a page on a site that many share, such as a social network, the path counts.
    """
    text = str(address or "").strip().casefold()
    if not text:
        return None
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.").strip(".")
    except ValueError:
        return None
    if "." not in host or " " in host:
        return None
    if any(host == site or host.endswith(f".{site}") for site in _SHARED_SITES):
        path = parts.path.strip("/")
        return f"{host}/{path}" if path else None
    return host


def code_key(value):
    """Letters and digits of a number such as a tax id, in capitals, or None."""
    return re.sub(r"[\W_]+", "", str(value or "")).upper() or None


def phone_key(value):
    """Digits of a phone number without the sign of an international one, or None.

    “+49 431/100” and “0049 431 100” agree. What has fewer than four digits is none.
    """
    digits = re.sub(r"[^0-9]+", "", str(value or "")).removeprefix("00")
    return digits if len(digits) >= _SHORTEST_NUMBER else None
