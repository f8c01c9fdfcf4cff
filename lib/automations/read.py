import json

from ..errors import Problem, _
from ..values.booleans import parse_boolean
from .bpmn import read_bpmn, unreadable
from .model import Automation, Step

_WORDS = {
    "name": ("name", "key", "id"),
    "trigger": ("trigger", "event", "when"),
    "conditions": ("conditions", "condition", "criteria", "filters"),
    "actions": ("actions", "action", "then"),
    "active": ("active", "enabled"),
    "steps": ("steps", "tasks"),
}


def read_automation(values):
    """The :class:`Automation` of one row of an export, and what is wrong with it.

    The row's own cells say more than its definition: they are what people wrote.

    :param dict values: any of name, trigger, conditions, actions, active, and
        definition: BPMN or JSON as text, or what JSON has become
    :return: ``(Automation, Problem or None)``
    """
    problem = None
    try:
        defined = _defined(values.get("definition"))
    except Problem as error:
        defined, problem = Automation(), error
    try:
        active = parse_boolean(values.get("active"))
    except Problem as error:
        active, problem = None, problem or error.at("active")
    return (
        Automation(
            name=_text(values.get("name")) or defined.name,
            trigger=_text(values.get("trigger")) or defined.trigger,
            conditions=_list(values.get("conditions")) or defined.conditions,
            actions=_list(values.get("actions")) or defined.actions,
            active=defined.active if active is None else active,
            steps=defined.steps,
        ),
        problem,
    )


def _defined(definition):
    if not definition:
        return Automation()
    if isinstance(definition, dict):
        return _from_json(definition)
    text = str(definition).strip().removeprefix("\ufeff")
    if text.startswith("<"):
        return read_bpmn(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable(
            _("The workflow definition is neither BPMN nor JSON.")
        ) from error
    if not isinstance(data, dict):
        raise unreadable(_("The JSON of the workflow definition is not an object."))
    return _from_json(data)


def _from_json(data):
    found = {
        name: next((data[word] for word in words if data.get(word) is not None), None)
        for name, words in _WORDS.items()
    }
    try:
        active = parse_boolean(found["active"])
    except Problem as error:
        raise error.at("definition.active") from None
    steps = found["steps"] if isinstance(found["steps"], list) else []
    return Automation(
        name=_text(found["name"]),
        trigger=_text(found["trigger"]),
        conditions=_list(found["conditions"]),
        actions=_list(found["actions"]),
        active=active,
        steps=tuple(_step(one) for one in steps),
    )


def _step(one):
    if not isinstance(one, dict):
        return Step(_text(one))
    kind = _text(one.get("type") or one.get("kind"))
    return Step(
        _text(one.get("name") or one.get("title") or kind),
        kind,
        _text(one.get("details") or one.get("description")),
    )


def _list(value):
    """The parts of a value: of a list, or the lines of a cell."""
    if isinstance(value, (list, tuple)):
        parts = [_text(one) for one in value]
    elif isinstance(value, dict):
        parts = [f"{name}: {_text(one)}" for name, one in value.items()]
    else:
        parts = [line.strip() for line in _text(value).splitlines()]
    return tuple(part for part in parts if part)


def _text(value):
    """A value in words; what is nested stays readable as ``name: value``."""
    if value is None or value is False:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return str(value).strip()
