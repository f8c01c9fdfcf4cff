"""Turns the confirmed lines of a mapping into one function from payload to values.

A mapping is compiled once per run; a record then costs only dictionary look-ups
and the conversions it needs. The compiled form knows neither Odoo nor HTTP: it
receives a payload (what the source said) and a ``find`` function that resolves
references, and gives back values by target field name.
"""

from dataclasses import dataclass

from .compile_step import Step
from .errors import Held, Problem, Waiting, _

# What a reference is looked up for in vain; another line may know the record.
_UNLINKED = ("reference_missing", "reference_ambiguous")
# References that name a record which is there, though not in Odoo.
_KNOWN = ("reference_failed", "reference_waiting")


@dataclass
class Outcome:
    """What one payload became."""

    vals: dict
    problems: list
    waiting: list
    held: list
    warnings: list


def compile_mapping(specs, nothing=frozenset()):
    """Compile ``specs`` (list of :class:`FieldSpec`, in order of precedence).

    Lines with one target are alternatives: the first that has a value wins.

    :param nothing: words that mean an empty cell, see :mod:`lib.nothing`

    :raises Problem: when a line cannot work, before any record is touched
    """
    steps = [Step(spec, nothing) for spec in specs if spec.kind != "ignored"]
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
