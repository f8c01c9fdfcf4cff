"""Turns the confirmed lines of a mapping into one function from payload to values.

A mapping is compiled once per run; a record then costs only dictionary look-ups
and the conversions it needs. The compiled form knows neither Odoo nor HTTP: it
receives a payload (what the source said) and a ``find`` function that resolves
references, and gives back values by target field name.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .errors import Problem, _
from .nothing import is_empty, without_nothing
from .transforms import BY_TYPE, TRANSFORMS
from .values.keys import natural_key
from .values.names import match_key
from .values.phones import Partly
from .values.text import split_list

KINDS = (
    "direct",
    "transformed",
    "value_mapping",
    "reference",
    "related",
    "lookup",
    "owner",
    "constant",
    "custom_field_required",
    "ignored",
)
PLURAL_TYPES = ("many2many", "one2many")
# Names a reference's line may have as its conversion.
FIRST_OF_LIST = "first_of_list"
# What a reference is looked up for in vain; another line may know the record.
_UNLINKED = ("reference_missing", "reference_ambiguous")
# References that name a record which is there, though not in Odoo.
_KNOWN = ("reference_failed", "reference_waiting")


class Waiting(Problem):
    """The referenced record is staged but not in Odoo yet: try again later."""


class Held(Problem):
    """Somebody has to decide something first; the record waits for it."""


class Skipped(Problem):
    """The record is left out on purpose, and listed."""


class NaturalKey(NamedTuple):
    """Resolver of a reference that goes by something else than the record's id.

    :param object: name of the object referred to
    :param by: what the two have in common, see :data:`lib.values.keys.KEYS`
    :param column: the object's column that has it
    """

    object: str
    by: str
    column: str


@dataclass
class FieldSpec:
    """One line of a mapping, with what is known about its target.

    :param source: column of the payload; ``a + b`` joins several by a space,
        a dotted path goes into nested values
    :param target: field of the Odoo model, or a name its loader understands
    :param kind: one of :data:`KINDS`
    :param ttype: Odoo field type of the target, which picks the conversion
    :param transform: name in :data:`TRANSFORMS`, overrides the one of the type
    :param params: what the conversion needs: ``order``, ``decimal``, ``tz``,
        ``excel``, ``separators``
    :param values: value map ``{match_key(source value): target value}``; a target
        of None leaves the field empty. What a look-up has one for is looked up by
        the target instead.
    :param allowed: keys a selection field accepts
    :param labels: ``{match_key(label): key}`` of these; a label stands for its key
    :param resolver: name of what resolves the reference: a string, a
        :class:`NaturalKey`, or a dict ``{"path": column, "map": {value: resolver}}``
        when a column says which
    :param row_key: ``callable(payload)`` giving the id of a record that was made
        from the same row, in place of the column
    :param on_missing: for a value that cannot be used: ``fail`` the record, or leave
        the field ``empty`` with a warning
    :param required: the target needs a value; a required owner is asked for even
        where the column is empty, which is what a fallback user is for
    :param normalise: whether references are looked up by ``match_key``
    """

    target: str
    source: str = ""
    kind: str = "direct"
    ttype: str = "char"
    transform: str = ""
    params: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    allowed: frozenset = frozenset()
    labels: dict = field(default_factory=dict)
    resolver: Any = None
    row_key: Any = None
    on_missing: str = "fail"
    normalise: bool = False
    required: bool = False
    size: int = 0
    constant: object = None


@dataclass
class Outcome:
    """What one payload became."""

    vals: dict
    problems: list
    waiting: list
    held: list
    warnings: list


def reader(path):
    """A function that takes the value at ``path`` out of a payload.

    The column of exactly that name wins; otherwise a dotted path is followed into
    nested objects. What is absent reads as None.
    """
    parts = path.split(".")

    def read(payload):
        if path in payload or len(parts) == 1:
            return payload.get(path)
        value = payload
        for part in parts:
            if not isinstance(value, dict):
                return None
            value = value.get(part)
        return value

    return read


def joined_reader(source, nothing=frozenset()):
    """A function that takes ``source`` out of a payload; ``a + b`` joins by a space.

    :param nothing: words that mean an empty cell
    """
    if " + " not in source:
        return without_nothing(reader(source), nothing)
    readers = [
        without_nothing(reader(part.strip()), nothing) for part in source.split(" + ")
    ]

    def read(payload):
        if source in payload:
            return payload[source]
        found = (one(payload) for one in readers)
        return " ".join(str(value).strip() for value in found if not is_empty(value))

    return read


def compile_mapping(specs, nothing=frozenset()):
    """Compile ``specs`` (list of :class:`FieldSpec`, in order of precedence).

    Lines with one target are alternatives: the first that has a value wins.

    :param nothing: words that mean an empty cell, see :mod:`lib.nothing`

    :raises Problem: when a line cannot work, before any record is touched
    """
    steps = [_Step(spec, nothing) for spec in specs if spec.kind != "ignored"]
    return Compiled(steps)


class Compiled:
    """A compiled mapping; made by :func:`compile_mapping`."""

    def __init__(self, steps):
        self._steps = steps
        self._linking = [step for step in steps if step.links]
        self._required = {step.spec.target for step in steps if step.spec.required}

    def requests(self, payload):
        """Yield ``(resolver, key)`` of every record the payload refers to."""
        for step in self._linking:
            yield from step.requests(payload)

    def transform(self, payload, find):
        """Convert one payload.

        :param find: ``callable(resolver, key)`` giving the target record, raising
            :class:`Waiting` or :class:`Problem`
        :return: an :class:`Outcome`; its values are complete only where it has
            neither problems nor anything to wait for
        """
        vals, problems, waiting, held, warnings = {}, [], [], [], []
        for step in self._steps:
            target = step.spec.target
            if target in vals:
                continue
            try:
                value = step.value(payload, find, vals, warnings)
            except Waiting as problem:
                problem.params.setdefault("target", target)
                waiting.append(problem.at(step.spec.source))
            except Problem as problem:
                problem.at(step.spec.source)
                problem.params.setdefault("target", target)
                if step.spec.on_missing == "empty":
                    warnings.append(problem)
                elif isinstance(problem, Held):
                    held.append(problem)
                else:
                    problems.append(problem)
            else:
                if value is not None:
                    vals[target] = value
        for found in (problems, held):
            _excuse(found, vals, warnings)
        problems = _most_telling(problems, waiting)
        if not problems and not waiting and not held:
            problems = [_required(step) for step in self._steps if step.lacks(vals)]
        return Outcome(vals, problems, waiting, held, warnings)


def _excuse(problems, vals, warnings):
    """Make warnings of references that a later line of their target has resolved."""
    excused = [
        problem
        for problem in problems
        if problem.code in _UNLINKED and problem.params.get("target") in vals
    ]
    for problem in excused:
        problems.remove(problem)
    warnings += excused


def _most_telling(problems, waiting):
    """``problems`` without references that another line of their target knows.

    Where a reference is looked up in one object after the other, it is missing in all
    but one: what that one says of it is the reason.
    """
    known = {
        problem.params.get("target")
        for problem in (*problems, *waiting)
        if problem.code in _KNOWN
    }
    return [
        problem
        for problem in problems
        if problem.code != "reference_missing"
        or problem.params.get("target") not in known
    ]


def _required(step):
    if not step.spec.source:
        return Problem(
            "required_unmapped",
            _("Nothing is mapped to %(target)s, which every record needs in Odoo."),
            _("Map a column to it, or switch the object off."),
            target=step.spec.target,
        )
    return Problem(
        "required_missing",
        _("%(field)s is empty, but %(target)s needs a value in Odoo."),
        _("Fill it in the source file, or map another column to %(target)s."),
        field=step.spec.source,
        target=step.spec.target,
    )


class _Step:
    """One line of the mapping, ready to be applied."""

    def __init__(self, spec, nothing):
        self.spec = spec
        self.links = spec.kind in ("reference", "related", "owner")
        self._read = joined_reader(spec.source, nothing)
        self._convert = self._converter()
        by_column = isinstance(spec.resolver, dict)
        self._chooser = (
            without_nothing(reader(spec.resolver["path"]), nothing)
            if by_column
            else None
        )

    def _converter(self):
        spec = self.spec
        if spec.kind in ("reference", "owner", "lookup", "constant"):
            return None
        if spec.kind == "value_mapping":
            return self._translate
        name = spec.transform or BY_TYPE.get(spec.ttype)
        if name not in TRANSFORMS:
            raise Problem(
                "transform_unknown",
                _("%(field)s cannot be turned into %(target)s (%(ttype)s)."),
                _("Choose another field or a transformation that exists."),
                field=spec.source,
                target=spec.target,
                ttype=spec.ttype,
            )
        return TRANSFORMS[name](spec.params)

    def lacks(self, vals):
        return self.spec.required and self.spec.target not in vals

    def requests(self, payload):
        resolver = self._resolver(payload)
        if resolver:
            for key in self._keys(payload):
                yield resolver, key

    def _resolver(self, payload):
        if not self._chooser:
            return self.spec.resolver
        chosen = self._chooser(payload)
        if is_empty(chosen):
            return None
        return self.spec.resolver["map"].get(match_key(chosen))

    def _keys(self, payload):
        if self.spec.row_key:
            key = self.spec.row_key(payload)
            return [key] if key else []
        value = self._read(payload)
        if is_empty(value):
            return [""] if self.spec.kind == "owner" and self.spec.required else []
        plural = self.spec.ttype in PLURAL_TYPES
        several = plural or self.spec.transform == FIRST_OF_LIST
        values = split_list(value, **self._separators()) if several else [value]
        values = values if plural else values[:1]
        if isinstance(self.spec.resolver, NaturalKey):
            return self._natural_keys(values)
        if self.spec.normalise:
            return [match_key(one) for one in values]
        return [source_key(one) for one in values]

    def _natural_keys(self, values):
        """Comparable forms of ``values``; what has none is looked up as it stands.

        A mail provider's domain or an extension refers to nobody.
        """
        by = self.spec.resolver.by
        keys = [(natural_key(by, value), value) for value in values]
        if by in ("domain", "phone"):
            return [key for key, _value in keys if key]
        return [key or source_key(value) for key, value in keys]

    def _separators(self):
        given = self.spec.params.get("separators")
        return {"separators": given} if given else {}

    def value(self, payload, find, vals, warnings):
        """The target value for ``payload``, None where the source says nothing.

        :param vals: values of the lines before, which may narrow a look-up
        :param warnings: list that receives what was left empty, and why
        """
        spec = self.spec
        if spec.kind == "constant":
            return spec.constant
        if spec.kind == "lookup":
            scope = vals.get(spec.params.get("scope"))
            said = (spec.values.get(match_key(key), key) for key in self._keys(payload))
            keys = [(key, scope) for key in said]
            return self._linked(keys, spec.resolver, find, warnings)
        if self.links:
            keys = self._keys(payload)
            if keys and not self._resolver(payload):
                raise self._unknown_kind(keys[0], self._chooser(payload))
            found = self._linked(keys, self._resolver(payload), find, warnings)
            if spec.kind != "related":
                return found
            value = found
        else:
            value = self._read(payload)
        if is_empty(value):
            return None
        value = self._convert(value)
        if isinstance(value, Partly):
            warnings.append(value.problem.at(spec.source))
            value = value.value
        if value is not None:
            if spec.allowed and value not in spec.allowed:
                value = spec.labels.get(match_key(value), value)
            self._check(value)
        return value

    def _linked(self, keys, resolver, find, warnings):
        found = []
        for key in keys:
            try:
                found.append(find(resolver, key))
            except Waiting:
                raise
            except Problem as problem:
                if self.spec.on_missing != "empty":
                    raise
                warnings.append(problem.at(self.spec.source))
        if self.spec.ttype in PLURAL_TYPES:
            return [id_ for _model, id_ in found] or None
        if not found:
            return None
        return found[0] if self.spec.ttype == "reference" else found[0][1]

    def _unknown_kind(self, key, kind):
        return Problem(
            "reference_kind_unknown",
            _("%(field)s %(value)s is of kind “%(kind)s”, which is not migrated."),
            _("Add that kind to the mapping, or correct the record."),
            field=self.spec.source,
            value=key,
            kind=kind,
        )

    def _translate(self, value):
        spec = self.spec
        if spec.ttype in PLURAL_TYPES:
            found = [self._translate_one(item) for item in split_list(value)]
            return [item for item in found if item is not None] or None
        return self._translate_one(value)

    def _translate_one(self, value):
        key = match_key(value)
        if key not in self.spec.values:
            raise Problem(
                "value_unmapped",
                _("“%(value)s” in %(field)s is not in the value map."),
                _("Say in the value map what it becomes in Odoo."),
                field=self.spec.source,
                value=value,
            )
        return self.spec.values[key]

    def _check(self, value):
        spec = self.spec
        if spec.allowed and value not in spec.allowed:
            raise Problem(
                "value_not_allowed",
                _("“%(value)s” is not one of the options of %(target)s."),
                _("Correct it, add the option, or translate it by a value map."),
                field=spec.source,
                value=value,
                target=spec.target,
            )
        if spec.size and isinstance(value, str) and len(value) > spec.size:
            raise Problem(
                "value_too_long",
                _("%(length)s characters in %(field)s, %(target)s takes %(size)s."),
                _("Shorten it, or map it to a longer field."),
                field=spec.source,
                value=value,
                target=spec.target,
                length=len(value),
                size=spec.size,
            )


def source_key(value):
    """The text by which a record is identified: ``7``, ``7.0`` and ``" 7"`` agree."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
