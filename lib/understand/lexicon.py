"""The names of an object's meanings, to be found by their words."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from .tokens import bag, compact, words

# Words so many names have that they do not make two names alike.
_COMMON = frozenset(
    "name number type date time id code status reason of value text title address user "
    "company contact account deal lead person first last at by day email phone url "
    "nom name nombre nome naam datum fecha data typ tipo art".split()
)
# The first name of a meaning says more than the last.
_RANK = 0.0003


@dataclass(frozen=True)
class Candidate:
    """One thing a header can mean; `score` is how well the name says it."""

    object: str
    meaning: str
    score: float
    how: str
    name: str = ""
    ttype: str = "char"


@dataclass
class Lexicon:
    """The names of an object's meanings; `own` are those of the object itself."""

    knowledge: object
    exact: dict = field(default_factory=dict)
    bags: dict = field(default_factory=dict)
    by_word: dict = field(default_factory=dict)
    by_start: dict = field(default_factory=dict)
    own: frozenset = frozenset()
    meanings: dict = field(default_factory=dict)

    @classmethod
    def of(cls, knowledge):
        """The lexicon of an ObjectKnowledge."""
        own = {words(one) for one in (knowledge.name, *knowledge.words)}
        made = cls(knowledge, own=frozenset(own - {()}))
        for meaning in knowledge.meanings:
            made.meanings[meaning.name] = meaning
            for rank, name in enumerate(meaning.names):
                parts = words(name)
                if not parts:
                    continue
                for table, key in (
                    (made.exact, compact(parts)),
                    (made.bags, bag(parts)),
                ):
                    found = table.setdefault(key, {})
                    found.setdefault(meaning.name, (name, min(rank, 40) * _RANK))
                for word in bag(parts) - _COMMON:
                    made.by_word.setdefault(word, {})[parts] = (meaning.name, name)
        for key in made.exact:
            made.by_start.setdefault(key[:3], []).append(key)
        return made

    def find(self, parts):
        """``[(meaning, score, how, name)]`` of the names that are ``parts``."""
        if not parts:
            return []
        found = self.exact.get(compact(parts))
        if found:
            return [
                (one, 0.97 - less, "name", name) for one, (name, less) in found.items()
            ]
        # One letter is what is left of many names.
        found = self.bags.get(bag(parts)) if len(compact(parts)) > 1 else None
        if found:
            return [
                (one, 0.94 - less, "words", name) for one, (name, less) in found.items()
            ]
        return []

    def similar(self, parts):
        """The same for names that resemble ``parts``, best first."""
        mine = bag(parts)
        near = {}
        for word in mine:
            near.update(self.by_word.get(word, {}))
        best = {}
        for theirs, (meaning, name) in near.items():
            other = bag(theirs)
            shared = len(mine & other)
            likeness = shared / len(mine | other)
            if likeness > best.get(meaning, (0,))[0]:
                best[meaning] = likeness, "similar", name
        whole = compact(parts)
        if len(whole) > 4:
            for key in self.by_start.get(whole[:3], ()):
                if abs(len(key) - len(whole)) > 2:
                    continue
                ratio = _ratio(key, whole)
                if ratio < 0.84:
                    continue
                for meaning, (name, _less) in self.exact[key].items():
                    if ratio > best.get(meaning, (0,))[0]:
                        best[meaning] = ratio, "spelling", name
        return sorted(
            (
                (meaning, 0.3 + 0.5 * likeness, how, name)
                for meaning, (likeness, how, name) in best.items()
                if likeness >= 0.5
            ),
            key=lambda one: -one[1],
        )


@lru_cache(maxsize=1 << 7)
def lexicon_of(knowledge):
    """The Lexicon of an ObjectKnowledge, made once."""
    return Lexicon.of(knowledge)


@lru_cache(maxsize=1 << 14)
def _ratio(one, other):
    return SequenceMatcher(None, one, other).ratio()
