"""Which column of a table gets which meaning."""

from .candidates import is_address
from .lexicon import Candidate
from .model import ColumnReading
from .shapes import agreement
from .tokens import words
from .unknown import is_internal

# Meanings several columns may have: the first that is filled counts, or they are put
# together.
JOINABLE = frozenset(
    "closed_at description body company_name contact_name contact_email tags "
    "done_at".split()
)
_SECONDS = {"email": "email2", "phone": "phone2", "mobile": "phone2"}
_LEAST = 0.6
# Headers of one such word say so little that other systems mean other things by them.
_VAGUE = frozenset(
    "type category group rating result outcome reason state process board channel "
    "label detail info summary total price percent date start from reference "
    "customer client number code role position function sector score priority "
    "parent user account lead closed done won lost typ art tipo estado stato".split()
)
_NOT_QUITE = 0.89


def assign(table, name, vocabulary, shapes, present):
    """A ColumnReading for each column of ``table``, whose rows are ``name`` ones."""
    options = {
        column: _options(column, name, vocabulary, shapes[column], present)
        for column in table.columns
    }
    pairs = sorted(
        (
            (-one.score, number, one)
            for number, column in enumerate(table.columns)
            for one in options[column]
        ),
        key=lambda pair: pair[:2],
    )
    given, taken = {}, {}
    for _score, number, one in pairs:
        column = table.columns[number]
        meaning = one.object, one.meaning
        if column in given or one.score < _LEAST:
            continue
        if meaning in taken and not (one.meaning in JOINABLE and one.score >= 0.8):
            continue
        given[column] = one
        taken.setdefault(meaning, column)
    _headline(table.columns, given, taken, vocabulary.lexicons[name])
    return tuple(
        _reading(
            column,
            name,
            given.get(column),
            options[column],
            taken,
            shapes[column],
            vocabulary,
        )
        for column in table.columns
    )


def _headline(columns, given, taken, lexicon):
    """Of two texts of an activity without a subject, the first is the subject."""
    texts = [one for one in columns if one in given and given[one].meaning == "body"]
    if len(texts) < 2 or not {"subject", "due_date"} <= set(lexicon.meanings):
        return
    name = lexicon.knowledge.name
    if (name, "subject") in taken:
        return
    first = texts[0]
    given[first] = Candidate(name, "subject", 0.8, "headline", given[first].name)
    taken[name, "subject"] = first


def _options(column, name, vocabulary, shape, present):
    found = list(vocabulary.exact(column, name))
    if not found or found[0].score < 0.85:
        parts = words(column)
        second = vocabulary.second(column, name)
        if second:
            return _second(second, name, vocabulary, shape)
        if is_internal(parts):
            return []
        found += vocabulary.neighbours(column, name, present)
        if not found:
            found += vocabulary.similar(column, name)
    if shape.kind == "salutation":
        found += vocabulary.salutation(name)
    named_id = not {"id", "key", "uuid", "guid"}.isdisjoint(words(column))
    return [_weighed(one, shape, named_id) for one in found]


def _second(second, name, vocabulary, shape):
    meaning, matched = second
    other = _SECONDS.get(meaning)
    if is_address(meaning) or other not in vocabulary.lexicons[name].meanings:
        return []
    return [_weighed(Candidate(name, other, 0.93, "second", matched), shape)]


def _weighed(one, shape, named_id=False):
    """``one`` with what the values say about it."""
    verdict = agreement(shape, one.meaning, one.ttype)
    if verdict > 0:
        score = one.score + (1 - one.score) * 0.35
    elif verdict < 0:
        score = one.score * 0.4
    else:
        score = one.score * (0.985 if shape.kind else 0.975)
    if not shape.kind and one.meaning.endswith("_id") and not named_id:
        # Without values a reference is taken for a name, which people export more.
        score *= 0.97
    return Candidate(one.object, one.meaning, score, one.how, one.name, one.ttype)


def _reading(column, name, one, options, taken, shape, vocabulary):
    if one is None:
        return _nothing(column, name, options, taken, shape, vocabulary)
    evidence = {"name": one.name, "shape": shape.kind}
    rivals = [
        other.score
        for other in options
        if (other.object, other.meaning) != (one.object, one.meaning)
    ]
    confidence = one.score
    if rivals and max(rivals) > one.score - 0.03:
        confidence = min(confidence, 0.82)
    vague = len(words(column)) == 1 and words(column)[0] in _VAGUE
    if vague or one.how in ("neighbour", "values"):
        confidence = min(confidence, _NOT_QUITE)
    reason = one.how
    if agreement(shape, one.meaning, one.ttype) > 0:
        reason += "_values"
    if one.object != name:
        return ColumnReading(
            column,
            name,
            None,
            round(confidence, 3),
            reason,
            (one.object, one.meaning),
            evidence,
        )
    return ColumnReading(
        column,
        name,
        one.meaning,
        round(confidence, 3),
        reason,
        _part(name, one.meaning),
        evidence,
    )


def _part(name, meaning):
    """What ``contact_email`` of a deal is of the contact."""
    for other in ("contact", "company"):
        if (
            name != other
            and meaning.startswith(f"{other}_")
            and meaning != f"{other}_id"
        ):
            short = meaning.removeprefix(f"{other}_")
            return other, "full_name" if (other, short) == (
                "contact",
                "name",
            ) else short
    return None


def _nothing(column, name, options, taken, shape, vocabulary):
    best = max(options, key=lambda one: one.score, default=None)
    if best and best.score >= _LEAST:
        return ColumnReading(
            column,
            name,
            None,
            0.8,
            "taken",
            None,
            {"column": taken[best.object, best.meaning], "name": best.name},
        )
    if is_internal(words(column)):
        return ColumnReading(column, name, None, 0.95, "internal", None, {})
    second = vocabulary.second(column, name)
    if second:
        return ColumnReading(
            column, name, None, 0.92, "second", None, {"name": second[1]}
        )
    elsewhere = any(
        one.score > 0.9
        for other in vocabulary.lexicons
        if other != name
        for one in vocabulary.exact(column, other)[:1]
    )
    if elsewhere:
        return ColumnReading(column, name, None, 0.85, "elsewhere", None, {})
    confidence = 0.65 if best else 0.85
    return ColumnReading(column, name, None, confidence, "no_meaning", None, {})
