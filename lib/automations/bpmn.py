from lxml import etree

from ..errors import Problem, _
from .model import Automation, Step

_LIMIT = 5 * 1024 * 1024
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_ACTIVITI = ("http://activiti.org/bpmn", "http://flowable.org/bpmn")
_CARRIED_OUT = ("expression", "delegateExpression", "class")
_FOR_WHOM = ("assignee", "candidateUsers", "candidateGroups")


def read_bpmn(text):
    """The :class:`Automation` that a BPMN 2.0 document describes.

    :raises Problem: it is no BPMN, declares entities, or has more than 5 MB
    """
    content = text.encode()
    if len(content) > _LIMIT:
        raise unreadable(_("The workflow definition is larger than 5 MB."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise unreadable(
            _("The workflow definition is no XML: %(error)s."), error=error
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise unreadable(_("The workflow definition declares a document type."))
    processes = root.findall(f"{{{_BPMN}}}process")
    if root.tag != f"{{{_BPMN}}}definitions" or not processes:
        raise unreadable(_("The XML is no BPMN 2.0 with a process."))
    return _automation(processes)


def unreadable(message, **params):
    """A :class:`Problem` with a workflow definition."""
    return Problem(
        "definition_unreadable",
        message,
        _("Export the definition again, or describe the workflow in words."),
        field="definition",
        **params,
    )


def _automation(processes):
    nodes = [
        node
        for process in processes
        for node in process.iter(etree.Element)
        if etree.QName(node).namespace == _BPMN
    ]
    names = {node.get("id"): _name(node) for node in nodes}
    steps = [_step(node) for node in nodes if _is_step(node)]
    return Automation(
        name=", ".join(map(_name, processes)),
        trigger="; ".join(_trigger(node) for node in _of_kind(nodes, "startEvent")),
        conditions=tuple(_conditions(nodes, names)),
        actions=tuple(
            f"{step.name}: {step.details}" if step.details else step.name
            for step in steps
            if step.kind.endswith("Task") or step.kind in ("task", "callActivity")
        ),
        steps=tuple(steps),
    )


def _kind(node):
    return etree.QName(node).localname


def _of_kind(nodes, kind):
    return [node for node in nodes if _kind(node) == kind]


def _name(node):
    return " ".join((node.get("name") or node.get("id") or _kind(node)).split())


def _is_step(node):
    kind = _kind(node)
    return kind.endswith(("Task", "Event", "Gateway")) or kind in (
        "task",
        "callActivity",
        "subProcess",
    )


def _step(node):
    return Step(_name(node), _kind(node), _details(node))


def _details(node):
    """Who does a step, or what it carries out."""
    told = []
    for space in _ACTIVITI:
        for name in (*_FOR_WHOM, *_CARRIED_OUT):
            if value := node.get(f"{{{space}}}{name}"):
                told.append(f"{name} {value}")
    if called := node.get("calledElement"):
        told.append(called)
    script = node.find(f"{{{_BPMN}}}script")
    if script is not None and script.text:
        told.append(" ".join(script.text.split()))
    told += _timing(node)
    return ", ".join(told)


def _timing(node):
    """When a timer goes off, and which message or signal an event waits for."""
    for definition in node:
        if not isinstance(definition.tag, str):
            continue
        kind = _kind(definition)
        if kind == "timerEventDefinition":
            for part in definition.iter(etree.Element):
                if part.text and part.text.strip():
                    yield f"{_kind(part)} {part.text.strip()}"
        elif kind.endswith("EventDefinition"):
            what = kind.removesuffix("EventDefinition")
            yield f"{what} {definition.get(f'{what}Ref') or ''}".strip()


def _trigger(node):
    details = _details(node)
    return f"{_name(node)}: {details}" if details else _name(node)


def _conditions(nodes, names):
    """``from → to: condition`` of the flows that are not always taken."""
    for flow in _of_kind(nodes, "sequenceFlow"):
        condition = flow.find(f"{{{_BPMN}}}conditionExpression")
        words = [] if condition is None else "".join(condition.itertext()).split()
        if text := " ".join(words):
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            yield f"{names.get(source, source)} → {names.get(target, target)}: {text}"
