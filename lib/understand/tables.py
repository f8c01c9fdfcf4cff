"""What a row of a table is."""

from fnmatch import fnmatch

from .tokens import starts_with, words
from ..recognise import stems

_GOOD = 0.9


class Told:
    """How well a table fits an object."""

    def __init__(self, name, score, named):
        self.name, self.score, self.named = name, score, named


def told(table, vocabulary, shapes):
    """``(object name or None, confidence, named)`` of a table."""
    rated = rate(table, vocabulary)
    if not rated:
        return None, 0.0, False
    first = rated[0]
    second = rated[1].score if len(rated) > 1 else 0.0
    if first.score < 0.75:
        return None, round(min(first.score, 0.5), 2), False
    margin = first.score - second
    confidence = min(0.99, 0.55 + 0.25 * min(first.score - 0.75, 1) + 0.6 * min(margin, 0.5))
    return first.name, round(confidence, 3), first.named


def rate(table, vocabulary):
    """Every object the table may be of, best first."""
    columns = table.columns
    if not columns:
        return []
    hits = {}
    for name in vocabulary.lexicons:
        for column in columns:
            own = [one for one in vocabulary.exact(column, name) if one.object == name]
            if own and own[0].score >= _GOOD:
                hits.setdefault(column, {})[name] = own[0].score
    named = _named(table.name, vocabulary)
    result = []
    for name, lexicon in vocabulary.lexicons.items():
        known = [column for column in columns if name in hits.get(column, ())]
        cover = len(known) / len(columns)
        rare = sum(1 / len(hits[column]) for column in known) / len(columns)
        prefixed = sum(
            any(starts_with(words(column), own) for own in lexicon.own)
            for column in columns
        ) / len(columns)
        if not known:
            continue
        score = cover + 2 * rare + 0.6 * prefixed + _identified(name, columns, lexicon)
        score *= min(1, 0.4 + 0.15 * len(known))
        result.append(Told(name, score + named.get(name, 0), name in named))
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
                elif any(
                    parts[at : at + len(own)] == own for at in range(len(parts))
                ):
                    weight = 1.0 if parts[-len(own) :] == own else 0.8
                    found[name] = max(found.get(name, 0), weight)
    return found
