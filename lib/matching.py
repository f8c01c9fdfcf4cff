"""How records are recognised: the text form of rules, and when two values agree.

Rules are written ``email; name, parent_id; name (legal, archived)``: tried in this
order, the fields of one rule separated by commas, how to compare in brackets.
"""

import re
from dataclasses import dataclass

from .errors import Problem, _

COMPARISONS = ("alike", "legal", "exact")
_ARCHIVED = "archived"
_RULE = re.compile(r"(?P<fields>[^()]+?)\s*(?:\((?P<options>[^()]*)\))?")
_FIELD = re.compile(r"[a-z_][a-z0-9_]*")


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
