"""What a row of a table is."""

from dataclasses import dataclass
from fnmatch import fnmatch

from ..recognise import stems
from .tokens import beginning, words

_GOOD = 0.9


@dataclass(frozen=True)
class Fit:
    """How well a table fits the object `name`, and whether its name says so."""

    name: str
    score: float
    named: bool


def told(table, vocabulary):
    """``(object name or None, confidence, reason)`` of a table."""
    if table.object in vocabulary.lexicons:
        return table.object, 1.0, "decided"
    rated = rate(table, vocabulary)
    if not rated:
        return None, 0.0, "no_object"
    first = rated[0]
    second = rated[1].score if len(rated) > 1 else 0.0
    if first.score < 0.75:
        return None, round(min(first.score, 0.5), 2), "no_object"
    margin = first.score - second
    confidence = min(
        0.99, 0.55 + 0.25 * min(first.score - 0.75, 1) + 0.6 * min(margin, 0.5)
    )
    return first.name, round(confidence, 3), "named" if first.named else "columns"


# A lead of which one of these is known is a request; others are but a company.
_OF_REQUEST = frozenset(("amount", "score"))
_OF_PERSON = frozenset(("first_name", "last_name", "email"))


_OF_DEAL = frozenset(
    "pipeline stage probability lost_reason close_date closed_at "
    "stage_entered_at".split()
)


def told_again(table, name, vocabulary):
    """What a row of ``table`` really is, whose name or columns say ``name``."""
    known = vocabulary.lexicons
    if name == "lead" and "deal" in known and _is_deal(table, vocabulary):
        return "deal"
    if name == "lead" and "company" in known and _is_company(table, vocabulary):
        return "company"
    if name == "company" and "contact" in known and _is_contact(table, vocabulary):
        return "contact"
    return name


def _is_deal(table, vocabulary):
    """Whether leads go through stages to an end: some systems call so all deals."""
    names = vocabulary.lexicons["deal"].own
    if "lead" not in _named(table.name, vocabulary) and any(
        beginning(words(column), names) for column in table.columns
    ):
        return True
    found = set()
    for column in table.columns:
        own = vocabulary.own(column, "lead")
        if any(one.score >= _GOOD and one.meaning != "status" for one in own.values()):
            continue
        found |= {
            one.meaning
            for one in vocabulary.own(column, "deal").values()
            if one.score >= _GOOD
        }
    return len(found & _OF_DEAL) > 1


def _is_contact(table, vocabulary):
    """Whether companies are but said of people: the row has the name of one."""
    if "contact" not in _named(table.name, vocabulary):
        return False
    return any(
        one.score >= _GOOD and one.meaning in ("first_name", "last_name")
        for column in table.columns
        for one in vocabulary.own(column, "contact").values()
    )


def _is_company(table, vocabulary):
    """Whether leads are companies: their people are only mentioned.

    Some systems call so what others call an account.
    """
    found = [
        one for column in table.columns for one in vocabulary.exact(column, "lead")[:1]
    ]
    mentioned = any(one.how == "other" and one.meaning in _OF_PERSON for one in found)
    own = any(one.how != "other" and one.meaning in _OF_PERSON for one in found)
    asked = any(one.meaning in _OF_REQUEST for one in found)
    return mentioned and not own and not asked


def rate(table, vocabulary):
    """Every object the table may be of, best first."""
    columns = table.columns
    if not columns:
        return []
    hits = {}
    for name in vocabulary.lexicons:
        for column in columns:
            own = vocabulary.own(column, name).values()
            if any(one.score >= _GOOD for one in own):
                hits.setdefault(column, set()).add(name)
    named = _named(table.name, vocabulary)
    result = []
    for name, lexicon in vocabulary.lexicons.items():
        known = [column for column in columns if name in hits.get(column, ())]
        cover = len(known) / len(columns)
        rare = sum(1 / len(hits[column]) for column in known) / len(columns)
        prefixed = sum(
            bool(beginning(words(column), lexicon.own)) for column in columns
        ) / len(columns)
        if not known:
            continue
        score = cover + 2 * rare + 0.6 * prefixed + _identified(name, columns, lexicon)
        score *= min(1, 0.4 + 0.15 * len(known))
        result.append(Fit(name, score + named.get(name, 0), name in named))
    return sorted(result, key=lambda one: -one.score)


def _identified(name, columns, lexicon):
    """Something for a first column that is the object's id by name."""
    first = words(columns[0])
    return 0.2 if any(first == (*own, "id") for own in lexicon.own) else 0


def _named(table_name, vocabulary):
    """``{object: weight}`` of those that the table's name speaks of."""
    found = {}
    names = stems(table_name)
    for name, lexicon in vocabulary.lexicons.items():
        for stem in names:
            parts = words(stem)
            if any(fnmatch(stem, one) for one in lexicon.knowledge.patterns):
                found[name] = max(found.get(name, 0), 1.0)
            for own in lexicon.own:
                if parts == own:
                    found[name] = max(found.get(name, 0), 1.2)
                elif any(parts[at : at + len(own)] == own for at in range(len(parts))):
                    weight = 1.0 if parts[-len(own) :] == own else 0.8
                    found[name] = max(found.get(name, 0), weight)
    return found
