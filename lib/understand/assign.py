"""Gives every column of a table one meaning, and every meaning to the best column."""

from dataclasses import replace

from .candidates import PARTS
from .expected import fitness
from .internal import is_internal
from .model import ColumnReading
from .shapes import Shape
from .tokens import words

# A second column of these goes to the other.
_SECOND = {"email": "email2", "phone": "phone2"}
# Several columns may say these: the first that has a value counts.
_SHARED = frozenset(
    "closed_at created_at updated_at owner description body tags stage status "
    "company_name contact_name website".split()
)
_LEAST = 0.45
_BY_SHAPE = (("email", "email", 0.62), ("phone", "phone", 0.5), ("website", "url", 0.5))
_ANCHORS = {"company": ("name",), "contact": ("full_name", "first_name", "email")}


def read_columns(facts, name, vocabulary):
    """``(column readings, parts)`` of a table whose rows are objects ``name``."""
    own = vocabulary.objects[name]
    offers = []
    shapes = {}
    for column in facts.columns:
        shapes[column] = Shape([row.get(column) for row in facts.rows])
        if is_internal(column):
            continue
        for candidate in vocabulary.candidates(column, name):
            score = _weigh(candidate, shapes[column])
            if score >= _LEAST:
                offers.append((score, column, candidate))
    offers.sort(key=lambda one: -one[0])
    readings, taken = {}, {}
    for score, column, candidate in offers:
        if column in readings:
            continue
        reading = _take(own, name, column, candidate, score, taken)
        if reading:
            readings[column] = reading
    for column in facts.columns:
        if column not in readings:
            readings[column] = _by_shape(own, name, column, shapes[column], taken)
    _identify(name, facts.columns, shapes, readings)
    _give_subject(own, name, shapes, readings)
    ordered = tuple(
        _with_part(readings[column], name, vocabulary) for column in facts.columns
    )
    return ordered, _parts(ordered)


def _identify(name, columns, shapes, readings):
    """Take an unknown column of ids for the identifier where there is no other."""
    meaning = f"{name}_id"
    if any(one.meaning == meaning for one in readings.values()):
        return
    for column in columns:
        tokens = words(column)
        named = tokens and tokens[-1] in ("id", "uuid", "guid", "key")
        shape = shapes[column]
        if named and readings[column].meaning is None and shape.is_unique:
            evidence = {"column": column}
            readings[column] = ColumnReading(
                column, name, meaning, 0.85, "unique_ids", None, evidence
            )
            return


def _give_subject(own, name, shapes, readings):
    """What is written of an activity is its subject, where it has no other one."""
    meanings = {one.meaning: one for one in readings.values() if one.meaning}
    body = meanings.get("body")
    bodies = [one for one in readings.values() if one.meaning == "body"]
    if "subject" in own.meanings and "subject" not in meanings and len(bodies) == 1:
        shape = shapes[body.column]
        if name != "note" and shape.filled and shape.share("long") == 0:
            readings[body.column] = replace(
                body, meaning="subject", confidence=min(body.confidence, 0.8)
            )


def _weigh(candidate, shape):
    """A candidate's score, corrected by what the values look like."""
    meaning = candidate.meaning or candidate.part[1]
    fit = fitness(meaning, shape)
    if fit is None:
        return candidate.score
    if fit >= 0.8:
        return 1 - (1 - candidate.score) * 0.75
    if fit <= 0.3:
        return candidate.score * 0.55
    return candidate.score * 0.85


def _take(own, name, column, candidate, score, taken):
    """A reading of ``column`` by ``candidate``, None where another one has it."""
    meaning, part = candidate.meaning, candidate.part
    key = meaning or part
    if key in taken and not (meaning in _SHARED and score >= 0.85):
        second = _SECOND.get(meaning)
        if not second or second not in own.meanings or second in taken:
            return None
        meaning = key = second
        score = min(score, 0.8)
    taken.setdefault(key, column)
    evidence = {"name": candidate.name, "column": column}
    return ColumnReading(column, name, meaning, score, candidate.how, part, evidence)


def _by_shape(own, name, column, shape, taken):
    """A reading by the values alone, or that the column means nothing known."""
    evidence = {"column": column}
    if is_internal(column):
        return ColumnReading(column, name, None, 0.95, "internal", None, evidence)
    if shape.filled > 1:
        for meaning, wanted, score in _BY_SHAPE:
            fits = shape.share(wanted)
            if meaning in own.meanings and meaning not in taken and fits >= 0.95:
                if wanted != "url" or shape.share("email") == 0:
                    taken[meaning] = column
                    return ColumnReading(
                        column, name, meaning, score, f"shape_{wanted}", None, evidence
                    )
    return ColumnReading(column, name, None, 0.8, "no_meaning", None, evidence)


def _with_part(reading, name, vocabulary):
    """The reading, with the other object's attribute that its column is as well."""
    if reading.part or not reading.meaning:
        return reading
    for other in PARTS.get(name, ()):
        prefix = f"{other}_"
        if not reading.meaning.startswith(prefix):
            continue
        rest = reading.meaning.removeprefix(prefix)
        meanings = vocabulary.objects.get(other)
        if not meanings:
            continue
        wanted = {"name": ("full_name", "name"), "id": (f"{other}_id",)}.get(
            rest, (rest,)
        )
        for one in wanted:
            if one in meanings.meanings:
                return replace(reading, part=(other, one))
    return reading


def _parts(readings):
    """Objects that can be made from the row: those with a name or an address."""
    found = {}
    for reading in readings:
        if reading.part:
            found.setdefault(reading.part[0], set()).add(reading.part[1])
    return tuple(
        other
        for other, meanings in found.items()
        if meanings & set(_ANCHORS.get(other, ("name",)))
    )
