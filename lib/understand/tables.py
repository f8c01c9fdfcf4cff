"""What one row of a table is, told by its name and its columns."""

from collections import Counter
from fnmatch import fnmatch

from ..recognise import stems
from .tokens import key_of, words

_NAMED, _ID = 0.45, 0.15
# Columns with a meaning that a table has to have, where its name tells and where not.
_FEW_NAMED, _FEW = 1, 3
# Objects that are structure of others, and seldom a table by themselves.
_RARE = 0.6


class TableTeller:
    """Tells which object a table holds, of those in ``vocabulary``."""

    def __init__(self, objects, vocabulary):
        self._objects = objects
        self._vocabulary = vocabulary
        self._spread = Counter()
        for names in vocabulary.objects.values():
            self._spread.update(set(names.by_key))

    def tell(self, facts):
        """``(object name or None, confidence, reason)`` for a table."""
        scores = sorted(
            ((self._score(facts, one), one.name) for one in self._objects),
            reverse=True,
        )
        if not scores or not facts.columns:
            return None, 0.0, "table_unknown"
        (best, named, known), name = scores[0]
        second = scores[1][0][0] if len(scores) > 1 else 0
        if known < _FEW_NAMED if named else known < _FEW:
            return None, 0.2, "table_unknown"
        margin = best - second
        confidence = min(0.99, 0.45 + min(best, 1) * 0.3 + min(margin, 0.5) * 0.6)
        return name, confidence, "table_named" if named else "table_columns"

    def _score(self, facts, knowledge):
        """How well the table fits an object, and whether its name says so."""
        names = self._vocabulary.objects[knowledge.name]
        weight, known = 0.0, 0
        has_id = False
        for column in facts.columns:
            hit = self._vocabulary.named(column, knowledge.name)
            if hit:
                meaning, _rank, name = hit
                known += 1
                weight += self._telling(name)
                has_id |= meaning == f"{knowledge.name}_id" and (
                    set(words(column)) != {"id"}
                )
        named = self._is_named(facts.name, knowledge, names)
        share = weight / max(len(facts.columns), 1)
        score = share * 1.2 + named * _NAMED + has_id * _ID
        score *= _RARE if self._is_rare(knowledge) else 1
        return score, bool(named), known

    def _telling(self, name):
        """How much ``name`` says about the object: little, where many have it."""
        spread = self._spread.get(key_of(words(name)), 1)
        return 1 / (1 + 0.12 * (spread - 1))

    @staticmethod
    def _is_rare(knowledge):
        return len(knowledge.meanings) <= 3

    @staticmethod
    def _is_named(table, knowledge, names):
        """Whether the file or sheet is named after the object, 0 to 1."""
        best = 0
        for stem in stems(table):
            if any(fnmatch(stem, pattern) for pattern in knowledge.patterns):
                best = 1
            found = words(stem)
            for phrase in names.words:
                if found == phrase:
                    best = 1
                elif _contains(found, phrase):
                    # The last word of a longer name is what the file is about.
                    last = found[-len(phrase) :] == phrase
                    best = max(best, 0.9 if last else 0.8)
        return best


def _contains(found, phrase):
    size = len(phrase)
    return any(
        found[start : start + size] == phrase for start in range(len(found) - size + 1)
    )
