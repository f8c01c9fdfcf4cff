"""Takes values, and the ids that records are known by, out of payloads."""

from .nothing import is_empty, without_nothing


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


def source_key(value):
    """The text by which a record is identified: ``7``, ``7.0`` and ``" 7"`` agree."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
