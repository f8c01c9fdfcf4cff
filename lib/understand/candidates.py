"""What a header may mean, with how sure its words make it."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from .expected import expected_shapes
from .tokens import FILLER, key_of, words

EXACT = "named"
OWN_WORDS = "named_with_object"
QUALIFIED = "named_with_qualifier"
OTHER_OBJECT = "named_with_other_object"
OF_PART = "named_of_part"
DATED = "named_date"
SIMILAR = "similar"
# Words that say which of several, where mostly there is one.
_QUALIFIERS = frozenset(
    "primary main work business default current associated related linked field info "
    "detail original official corporate office record general haupt principal value "
    "data information full display url link profile page adresse rechnungsadresse "
    "billing mailing invoice street1 modify".split()
)
# Words that say which of several, and not the one that is meant without them.
_SECONDARY = frozenset(
    "shipping delivery other secondary alternative lieferadresse home private "
    "assistant".split()
)
# Words for a moment; what happened then is in the others.
_MOMENTS = frozenset(
    "date time timestamp datetime on at am datum zeit utc when day le fecha".split()
)
_MIN_SIMILAR = 0.84
# Objects whose attributes may stand in the rows of another one.
PARTS = {
    "contact": ("company",),
    "deal": ("contact", "company"),
    "lead": ("company",),
}
# Meanings that a company has rather than a person.
_OF_COMPANIES = frozenset(
    "website industry employee_count annual_revenue vat street city zip".split()
)
_SCORES = {
    EXACT: 0.97,
    OWN_WORDS: 0.96,
    DATED: 0.93,
    OTHER_OBJECT: 0.92,
    QUALIFIED: 0.9,
    OF_PART: 0.82,
}
_SECONDARY_SCORE = 0.6


@dataclass(frozen=True)
class Candidate:
    """One thing a header may mean, in terms of the row's object or of another."""

    score: float
    meaning: str | None
    part: tuple | None
    how: str
    name: str


class Names:
    """All names of the meanings of one object, to look headers up in."""

    def __init__(self, knowledge):
        self.name = knowledge.name
        self.by_key = {}
        self.by_word = {}
        self.meanings = {one.name: one for one in knowledge.meanings}
        for meaning in knowledge.meanings:
            for rank, name in enumerate(meaning.names):
                key = key_of(words(name))
                if key:
                    self.by_key.setdefault(key, (meaning.name, rank, name))
        for key in self.by_key:
            for word in key.split():
                self.by_word.setdefault(word, set()).add(key)
        self.words = {words(one) for one in (knowledge.name, *knowledge.words)}
        self.words.discard(())
        self.by_moment = {}
        for key, hit in self.by_key.items():
            if expected_shapes(hit[0]) == ("date",):
                stem = key_of(_without_moments(key.split()))
                self.by_moment.setdefault(stem, hit)
        self.by_moment.pop("", None)

    def find(self, tokens):
        """``(meaning, rank, name)`` of exactly these words, or None."""
        return self.by_key.get(key_of(tokens)) if tokens else None


def without(tokens, phrase):
    """``tokens`` without the words ``phrase`` where these stand together, else None."""
    size = len(phrase)
    for start in range(len(tokens) - size + 1):
        if tokens[start : start + size] == phrase:
            return tokens[:start] + tokens[start + size :]
    return None


class Vocabulary:
    """The names of all objects."""

    def __init__(self, objects):
        self.objects = {one.name: Names(one) for one in objects}
        self._known = {}

    def candidates(self, header, name):
        """What ``header`` may mean in a table of the object ``name``, best first."""
        key = header, name
        if key not in self._known:
            self._known[key] = self._candidates(header, name)
        return self._known[key]

    def named(self, header, name):
        """The name by which ``header`` is one of an object's own meanings, or None.

        Whole names only: what is merely similar says nothing about the table.
        """
        own = self.objects[name]
        for form, how in _forms(words(header), own):
            hit = own.find(form)
            if hit and how != QUALIFIED:
                return hit
        return None

    def _candidates(self, header, name):
        tokens = words(header)
        own = self.objects[name]
        found = {}

        def take(candidate):
            key = candidate.meaning, candidate.part
            if key not in found or found[key].score < candidate.score:
                found[key] = candidate

        for form, how in _forms(tokens, own):
            hit = own.find(form)
            if hit:
                take(Candidate(_score(how, hit[1]), hit[0], None, how, hit[2]))
        stem = key_of(_without_moments(tokens))
        hit = own.by_moment.get(stem) if stem != key_of(tokens) else None
        if hit:
            take(Candidate(_SCORES[DATED], hit[0], None, DATED, hit[2]))
        for candidate in self._of_others(tokens, own):
            take(candidate)
        if not found:
            for candidate in self._of_parts(tokens, own):
                take(candidate)
        if not found:
            for candidate in _similar(tokens, own):
                take(candidate)
        return sorted(found.values(), key=lambda one: -one.score)

    def _of_others(self, tokens, own):
        """Meanings told by the name of another object in the header."""
        for other in self.objects.values():
            if other is own:
                continue
            for phrase in other.words & _phrases(tokens):
                if phrase in own.words:
                    continue
                rest = without(tokens, phrase)
                rest = tuple(one for one in rest if one not in _QUALIFIERS)
                yield from self._of_other(rest, own, other)

    def _of_parts(self, tokens, own):
        """Attributes that only the row's contact or company can have."""
        for name in PARTS.get(own.name, ()):
            other = self.objects.get(name)
            hit = other and other.find(tokens)
            if hit and hit[0] != f"{name}_id" and hit[0] not in own.meanings:
                company = name == "company"
                fitting = company == (hit[0] in _OF_COMPANIES)
                score = _SCORES[OF_PART] - (0 if fitting else 0.05)
                yield Candidate(score, None, (name, hit[0]), OF_PART, hit[2])

    def _of_other(self, rest, own, other):
        links = _links(rest)
        score = _SCORES[OTHER_OBJECT]
        found = False
        for number, link in enumerate(links):
            meaning = f"{other.name}_{link}"
            if meaning in own.meanings:
                found = True
                # Which of them it is, the values tell.
                less = number * 0.02
                yield Candidate(score - less, meaning, None, OTHER_OBJECT, other.name)
        if found:
            return
        hit = own.find((*words(other.name), *rest)) if rest else None
        if hit:
            yield Candidate(_SCORES[OTHER_OBJECT], hit[0], None, OTHER_OBJECT, hit[2])
            return
        hit = other.find(rest)
        if hit and other.name in PARTS.get(own.name, ()):
            yield Candidate(
                _SCORES[OTHER_OBJECT],
                None,
                (other.name, hit[0]),
                OTHER_OBJECT,
                hit[2],
            )


def _phrases(tokens):
    """All runs of words in a header."""
    return {
        tokens[start:end]
        for start in range(len(tokens))
        for end in range(start + 1, len(tokens) + 1)
    }


def _links(rest):
    """How the words beside an object's name refer to it, the likeliest first."""
    if not rest:
        return ("name", "id", "email")
    if rest in (("name",), ("title",), ("fullname",), ("full", "name")):
        return ("name",)
    if rest in (("id",), ("key",), ("identifier",), ("record", "id"), ("uuid",)):
        return ("id",)
    return ()


def _without_moments(tokens):
    return tuple(one for one in tokens if one not in _MOMENTS)


def _forms(tokens, own):
    """The header's words and shorter forms of them, each with how it was made."""
    yield tokens, EXACT
    short = tuple(one for one in tokens if one not in FILLER)
    for phrase in sorted(own.words & _phrases(tokens), key=len, reverse=True):
        rest = without(tokens, phrase)
        yield rest or ("name",), OWN_WORDS
        if not rest:
            yield ("id",), QUALIFIED
        plain = tuple(one for one in rest if one not in _QUALIFIERS)
        if plain != rest:
            yield plain, QUALIFIED
    plain = tuple(one for one in short if one not in _QUALIFIERS)
    if plain != short:
        yield plain, QUALIFIED
    first = tuple(one for one in plain if one not in _SECONDARY)
    if first != plain:
        yield first, SIMILAR


def _score(how, rank):
    """Later names of a meaning are a little less sure than its first ones."""
    if how == SIMILAR:
        return _SECONDARY_SCORE
    return _SCORES[how] - min(rank, 20) * 0.001


def _similar(tokens, own):
    """Meanings with a name that is nearly the header's."""
    key = key_of(tokens)
    near = {
        one
        for word in tokens
        if word not in FILLER
        for one in own.by_word.get(word, ())
    }
    if len(key) > 5 and not near:
        near = {one for one in own.by_key if abs(len(one) - len(key)) <= 2}
    for name in near:
        ratio = SequenceMatcher(None, key, name).ratio()
        shared = len(set(key.split()) & set(name.split()))
        overlap = shared / max(len(key.split()), len(name.split()))
        score = max(ratio if ratio >= _MIN_SIMILAR else 0, overlap) * 0.75
        if score >= 0.45:
            meaning, _rank, known = own.by_key[name]
            yield Candidate(score, meaning, None, SIMILAR, known)
