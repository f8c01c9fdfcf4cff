"""What a header can mean, by its words."""

from dataclasses import replace

from .lexicon import Candidate, lexicon_of
from .tokens import FILLERS, beginning, ending, unbracketed, words

# Objects whose attributes other objects' rows have too.
PARTS = ("contact", "company", "deal", "lead")
# Where a row of the one has attributes of the others, nearest first.
_NEIGHBOURS = {
    "contact": ("company",),
    "company": ("contact",),
    "deal": ("contact", "company"),
    "lead": ("contact", "company"),
}
_OF_COMPANY = frozenset(
    "website industry employee_count annual_revenue vat street street2 city zip state "
    "country parent_company_id parent_company_name fax".split()
)
_OF_CONTACT = frozenset(
    "first_name middle_name last_name full_name salutation job_title "
    "department birthday email email2 phone mobile phone2 linkedin".split()
)
_ADDRESS = frozenset("street street2 city zip state country".split())
# Words before a name that leave its meaning as it is.
_NOISE = frozenset(
    "hs hubspot custom cf crm c properties property field associated related "
    "linked primary main system sys x udf attribute current default "
    "zugehorige zugehoriger zugehoriges associe asociado associado associato "
    "verknupfte verknupfter".split()
)
_PREFERRED = frozenset(
    "billing mailing mail main primary business work office address addres 1 "
    "one physical default visiting hq headquarter postal adresse anschrift "
    "rechnungsadresse direccion indirizzo endereco adres rechnung haupt "
    "facturation facturacion firmenadresse corporate professionnel "
    "professionnelle travail trabajo arbeit geschaftlich geschaftliche "
    "zakelijk legal registered principal hauptadresse postanschrift "
    "kontaktadresse location".split()
)
_SECOND = frozenset(
    "shipping ship delivery other home secondary alternate alternative alt "
    "private personal second 2 two lieferadresse liefer lieferung privat "
    "private privee prive personnel personnelle personale privado particular "
    "casa envio livraison entrega consegna spedizione weitere andere andere "
    "autre otro outra altro additional assistant assistenz former previous "
    "old temporary visitor".split()
)
_QUALIFIERS = frozenset(
    "id name key code label value text email full display title description "
    "nom nombre nome naam username login fullname".split()
)
_LOOKED_UP = frozenset(("reference", "related", "owner", "lookup"))


class Vocabulary:
    """All that headers can mean, of every object."""

    def __init__(self, objects):
        self.lexicons = {one.name: lexicon_of(one) for one in objects}
        self._found, self._own = {}, {}

    def alias(self, name, meant):
        """From now on the words of the object ``name`` are those of ``meant``."""
        one, other = self.lexicons[name], self.lexicons[meant]
        self.lexicons[name] = replace(one, own=frozenset())
        self.lexicons[meant] = replace(other, own=other.own | one.own)
        self._found.clear()
        self._own.clear()

    def exact(self, header, name):
        """Candidates of ``header`` in a table of the object ``name``, best first.

        Only by names that fit; :meth:`similar` has those that nearly do.
        """
        key = header, name
        if key not in self._found:
            self._found[key] = self._exact(header, name)
        return self._found[key]

    def own(self, header, name):
        """``{(object, meaning): Candidate}``, by names of the object's own columns."""
        key = header, name
        if key not in self._own:
            lexicon = self.lexicons[name]
            found = self._own[key] = {}
            for parts, weight, how in self._readings(header, lexicon):
                for meaning, score, by, matched in lexicon.find(parts):
                    self._keep(
                        found, lexicon, meaning, score * weight, how or by, matched
                    )
        return self._own[key]

    def _exact(self, header, name):
        found = dict(self.own(header, name))
        outside, inside = unbracketed(header)
        for parts, weight in ((outside + inside, 1.0), (outside, 0.98)):
            for one in self._of_others(parts, inside, name):
                self._keep_candidate(found, one, weight)
        ordered = sorted(found.values(), key=lambda one: -one.score)
        return tuple(ordered)

    @staticmethod
    def _keep(found, lexicon, meaning, score, how, matched):
        one = lexicon.meanings[meaning]
        key = lexicon.knowledge.name, meaning
        if key not in found or found[key].score < score:
            found[key] = Candidate(*key, score, how, matched, one.ttype)

    @staticmethod
    def _keep_candidate(found, one, weight):
        key = one.object, one.meaning
        score = one.score * weight
        if key not in found or found[key].score < score:
            found[key] = Candidate(*key, score, one.how, one.name, one.ttype)

    def _readings(self, header, lexicon):
        """``(words, weight, how)``: the header, and what is left of it without words
        that say nothing about the meaning."""
        outside, inside = unbracketed(header)
        whole = words(header)
        yield whole, 1.0, ""
        if inside and outside:
            yield outside, 0.985, ""
        base = outside or whole
        bare = self._strip(base, lexicon.own)
        if bare != base:
            yield bare, 0.985, "own"
        clean = self._strip(_without_noise(base), lexicon.own)
        clean = _without_noise(clean)
        if clean not in (base, bare) and not FILLERS.issuperset(clean):
            yield clean, 0.965, "own"
        for part in header.split("/")[:2] if "/" in header else ():
            for parts in (words(part), self._strip(words(part), lexicon.own)):
                yield parts, 0.95, "words"
        if len(clean) > 1 and clean[-1] in _QUALIFIERS:
            yield from self._unqualified(clean[:-1], lexicon)
        elif len(clean) > 1 and clean[0] in _QUALIFIERS:
            yield from self._unqualified(clean[1:], lexicon)
        left = tuple(
            one for one in clean if one not in _PREFERRED and one not in FILLERS
        )
        if left and left != clean:
            yield left, 0.93, "own"
        if not clean or not bare:
            yield from self._itself(lexicon)

    @staticmethod
    def _unqualified(parts, lexicon):
        found = lexicon.find(parts)
        kinds = {lexicon.meanings[one[0]].kind for one in found}
        if any(one[0] == "tags" for one in found):
            return
        if kinds & _LOOKED_UP or any(
            one[0] in ("source", "stage", "pipeline", "status", "type", "priority")
            for one in found
        ):
            yield parts, 0.96, "own"

    @staticmethod
    def _itself(lexicon):
        """A column that has the name of the object holds its name or its id."""
        for meaning in ("name", "full_name", "subject", f"{lexicon.knowledge.name}_id"):
            if meaning in lexicon.meanings:
                yield words(meaning), 0.96, "object"

    @staticmethod
    def _strip(parts, own):
        """``parts`` without the object's own words at both ends."""
        stripped = parts
        while stripped:
            if size := beginning(stripped, own):
                left = stripped[size:]
            elif (size := ending(stripped, own)) and size < len(stripped):
                left = stripped[:-size]
            else:
                break
            while left and left[0] in FILLERS:
                left = left[1:]
            while left and left[-1] in FILLERS:
                left = left[:-1]
            stripped = left
        return stripped

    def _of_others(self, parts, inside, name):
        """What a header says with the words of another object in it."""
        mine = self.lexicons[name]
        clean = _without_noise(parts)
        for other in PARTS:
            lexicon = self.lexicons.get(other)
            if lexicon is None or other == name:
                continue
            if size := beginning(clean, lexicon.own):
                rest = clean[size:]
            elif size := ending(clean, lexicon.own):
                rest = clean[:-size]
            elif inside in lexicon.own:
                rest = clean
            else:
                continue
            rest = self._strip(_without_noise(rest), lexicon.own)
            yield from self._translated(mine, lexicon, rest)

    def _translated(self, mine, lexicon, rest):
        other = lexicon.knowledge.name
        if not rest:
            found = [(short, 0.955, "object", "") for short in ("name", "id", "email")]
            for short, score, how, matched in found:
                meaning = f"{other}_{short}"
                if meaning in mine.meanings:
                    yield Candidate(
                        mine.knowledge.name, meaning, score, how, matched or other
                    )
            return
        found = lexicon.find(rest)
        for parts, weight in self._loosened(rest):
            if not found:
                found = [
                    (meaning, score * weight, how, matched)
                    for meaning, score, how, matched in lexicon.find(parts)
                ]
        for meaning, score, _how, matched in found:
            own = self._own_meaning(mine, other, meaning)
            if own:
                yield Candidate(
                    mine.knowledge.name, own, score * 0.98, "other", matched
                )
            elif other in _NEIGHBOURS.get(mine.knowledge.name, ()):
                one = lexicon.meanings[meaning]
                yield Candidate(
                    other, meaning, score * 0.97, "other", matched, one.ttype
                )

    @staticmethod
    def _loosened(rest):
        left = tuple(
            one for one in rest if one not in _PREFERRED and one not in FILLERS
        )
        if left and left != rest:
            yield left, 0.95

    @staticmethod
    def _own_meaning(mine, other, meaning):
        short = {"full_name": "name"}.get(meaning, meaning)
        if meaning == f"{other}_id":
            short = "id"
        own = f"{other}_{short}"
        if own in mine.meanings:
            return own
        if (
            other == "contact"
            and mine.knowledge.name == "lead"
            and meaning in mine.meanings
            and meaning in _OF_CONTACT
        ):
            return meaning
        if other == "lead" and mine.knowledge.name == "deal":
            return meaning if meaning in mine.meanings else None
        return None

    def neighbours(self, header, name, present):
        """What ``header`` means of another object whose attributes the row has too.

        :param present: names of the objects that the row has something of
        """
        for other in _NEIGHBOURS.get(name, ()):
            wanted = _OF_COMPANY if other == "company" else _OF_CONTACT
            for one in self.exact(header, other):
                if one.object != other or one.meaning not in wanted:
                    continue
                if one.meaning in self.lexicons[name].meanings:
                    continue
                sure = 0.93 if other in present else 0.86
                yield Candidate(
                    other,
                    one.meaning,
                    one.score * sure,
                    "neighbour",
                    one.name,
                    one.ttype,
                )

    def salutation(self, name):
        """The one meaning that values tell whatever the header: “Ms.”, “Mr.”."""
        one = self.lexicons[name].meanings.get("salutation")
        return [Candidate(name, one.name, 0.9, "values", one.name)] if one else []

    def similar(self, header, name):
        """Candidates whose names resemble the header."""
        lexicon = self.lexicons[name]
        outside, _inside = unbracketed(header)
        clean = self._strip(_without_noise(outside or words(header)), lexicon.own)
        return tuple(
            Candidate(
                name, meaning, score, how, matched, lexicon.meanings[meaning].ttype
            )
            for meaning, score, how, matched in lexicon.similar(clean)
            if clean
        )

    def second(self, header, name):
        """What a header would mean without the word that says it is another one."""
        lexicon = self.lexicons[name]
        outside, _inside = unbracketed(header)
        clean = self._strip(_without_noise(outside or words(header)), lexicon.own)
        if not _SECOND & set(clean):
            return None
        left = tuple(one for one in clean if one not in _SECOND)
        for parts in (left, tuple(one for one in left if one not in _PREFERRED)):
            for meaning, _score, _how, matched in lexicon.find(parts):
                return meaning, matched
        return None


def _without_noise(parts):
    while len(parts) > 1 and parts[0] in _NOISE:
        parts = parts[1:]
    return parts


def is_address(meaning):
    """Whether it is a line of a postal address."""
    return meaning in _ADDRESS
