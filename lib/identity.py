"""By what a record is known again: an id, or columns that stand for one."""

from .nothing import is_empty, without_nothing
from .payload import reader, source_key
from .values.names import match_key

ALTERNATIVE = " | "


def identity(paths, by_name=False, nothing=frozenset()):
    """A function from a payload to the id of its record.

    The parts of the id that ``paths`` name are joined by colons. A path may have
    alternatives, ``email | full_name + city``: the first whose first column has a
    value is taken.

    :param bool by_name: whether case, accents and punctuation make no difference
    :param nothing: words that mean an empty cell
    :return: ``callable(payload)`` giving text, empty where no part has a value; or
        None without any path
    """
    if not paths:
        return None
    parts = [_part(path, nothing) for path in paths]
    normalise = match_key if by_name else source_key

    def identify(payload):
        values = [value for part in parts for value in part(payload)]
        if all(is_empty(value) for value in values):
            return ""
        return ":".join("" if is_empty(v) else normalise(v) or "" for v in values)

    return identify


def _part(path, nothing):
    alternatives = [
        [
            without_nothing(reader(column.strip()), nothing)
            for column in alternative.split(" + ")
        ]
        for alternative in path.split(ALTERNATIVE)
    ]

    def read(payload):
        # A column may be named like that itself.
        if path in payload:
            return [payload[path]]
        for readers in alternatives:
            values = [read_one(payload) for read_one in readers]
            if not is_empty(values[0]):
                return values
        return [None]

    return read
