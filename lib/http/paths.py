"""Places in JSON documents, as ``response.docs``."""

MISSING = object()


def find(document, path, default=None):
    """The value at the dotted ``path``; a step of digits is a place in a list.

    A key that itself holds dots is found as well.
    """
    if not path:
        return document
    if isinstance(document, dict):
        if path in document:
            return document[path]
        step, _dot, rest = path.partition(".")
        if step in document:
            return find(document[step], rest, default)
    elif isinstance(document, list):
        step, _dot, rest = path.partition(".")
        if step.isdecimal() and int(step) < len(document):
            return find(document[int(step)], rest, default)
    return default


def put(document, path, value):
    """Set the value at the dotted ``path``; dicts on the way are made."""
    *steps, last = path.split(".")
    for step in steps:
        document = document.setdefault(step, {})
    document[last] = value
