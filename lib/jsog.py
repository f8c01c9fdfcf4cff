"""JSON with references between its objects, as JSOG writes it."""

from .errors import Problem, _


def resolve(document):
    """``document`` with each ``{"@ref": x}`` replaced by the object of ``"@id": x``.

    The objects stay the same ones, without their ``@id``: what was one object is one
    object, cycles included. References may come before their object. Works in place,
    to any depth.

    :raises Problem: a reference to an object that is not in the document
    """
    known, objects = {}, []
    for value in _walk(document):
        if isinstance(value, dict) and "@id" in value:
            known.setdefault(str(value.pop("@id")), value)
        objects.append(value)
    for value in objects:
        places = value.items() if isinstance(value, dict) else enumerate(value)
        for place, child in list(places):
            if _is_reference(child):
                value[place] = _known(known, child)
    return _known(known, document) if _is_reference(document) else document


def _walk(document):
    """All dicts and lists in ``document``, in the order they are written."""
    stack = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            children = list(value.values())
        elif isinstance(value, list):
            children = value
        else:
            continue
        yield value
        stack.extend(reversed(children))


def _is_reference(value):
    return isinstance(value, dict) and len(value) == 1 and "@ref" in value


def _known(known, reference):
    key = str(reference["@ref"])
    if key not in known:
        raise Problem(
            "jsog_unknown_reference",
            _("The reply refers to object %(value)s, which is not in it."),
            _("Read the object again; report it to the source's operator if it stays."),
            value=key,
        )
    return known[key]
