"""JSON of any size, a value at a time, with the line of what is wrong."""

import json
import math
import re

from ..errors import Problem, _
from .model import ERROR

CHUNK = 1 << 20
#: Characters of one value; an attachment in base64 fits.
MAX_VALUE = 256 * 2**20
#: A value cut off by the end of the buffer fails at most this far from it.
MARGIN = 16
BLANK = re.compile(r"[ \t\r\n]*")
#: Only text with these can decode to something the database refuses.
SUSPICIOUS = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|[\x00\ud800-\udfff]")


def _number(text):
    number = float(text)
    return number if math.isfinite(number) else text


def _integer(text):
    # Python refuses to turn thousands of digits into a number.
    return int(text) if len(text) < 1000 else text


#: NaN and infinities stay text: JSON has no such numbers, databases refuse them.
DECODER = json.JSONDecoder(
    parse_float=_number, parse_int=_integer, parse_constant=str, strict=False
)


class JsonStream:
    """A cursor over JSON text that never holds more than one value."""

    def __init__(self, text, file):
        self._text = text
        self._file = file
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._column = 1

    def peek(self):
        """The next character that is not blank, ``""`` at the end."""
        while True:
            self._at = BLANK.match(self._buffer, self._at).end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                return ""
            self._fill(CHUNK)

    def take(self, char):
        """Step over ``char``.

        :raises Problem: something else is there
        """
        if self.peek() != char:
            raise self.unexpected(f"Expecting {char!r}")
        self._at += 1

    def value(self):
        """The value at the cursor, and whether it may hold unstorable text.

        :raises Problem: no valid value is there
        """
        self.peek()
        size = CHUNK
        while True:
            try:
                value, end = DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string")
                near = error.pos >= len(self._buffer) - MARGIN
                if self._ended or not (cut or near):
                    raise self.broken(error.pos, error.msg) from None
            except RecursionError:
                raise self.broken(self._at, "nested too deeply") from None
            else:
                # A number at the end of the buffer may go on behind it.
                if end < len(self._buffer) or self._ended:
                    dirty = SUSPICIOUS.search(self._buffer, self._at, end) is not None
                    self._at = end
                    return value, dirty
            if len(self._buffer) - self._at > MAX_VALUE:
                raise self.broken(self._at, "value too long")
            self._fill(size)
            size *= 2

    def _fill(self, size):
        self._line, self._column = self._position(self._at)
        chunk = self._text.read(size)
        self._ended = not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0

    def _position(self, at):
        """Line and column of the buffer's index ``at``, both from 1."""
        lines = self._buffer.count("\n", 0, at)
        if not lines:
            return self._line, self._column + at
        return self._line + lines, at - self._buffer.rfind("\n", 0, at)

    def unexpected(self, reason):
        """The :class:`Problem` at the cursor."""
        return self.broken(self._at, reason)

    def broken(self, at, reason):
        """The :class:`Problem` at the buffer's index ``at``."""
        line, column = self._position(at)
        return json_broken(self._file, line, column, reason)


def json_broken(file, line, column, reason):
    """The :class:`Problem` of text that is not JSON, with line and column."""
    return Problem(
        "json_broken",
        _("%(file)s is no valid JSON at line %(line)s, column %(column)s: %(reason)s."),
        _("Export it again; what comes before is read, what comes after may be lost."),
        file=file,
        line=line,
        row=line,
        column=column,
        reason=reason,
        severity=ERROR,
    )


def walk(stream):
    """The elements of the arrays of a document, down to two objects deep.

    :param JsonStream stream: at its beginning
    :return: iterator of (path, index, value, dirty); index 0 announces an array, so
        that an empty one is seen; elements count from 1
    :raises Problem: the document breaks off or is not JSON
    """
    if stream.peek() == "[":
        yield from _array(stream, "")
    else:
        yield from _object(stream, "", 2)
    if stream.peek():
        raise stream.unexpected("Extra data")


def _array(stream, path):
    yield path, 0, None, False
    stream.take("[")
    if stream.peek() == "]":
        stream.take("]")
        return
    index = 0
    while True:
        index += 1
        value, dirty = stream.value()
        yield path, index, value, dirty
        if stream.peek() != ",":
            stream.take("]")
            return
        stream.take(",")


def _object(stream, path, depth):
    stream.take("{")
    if stream.peek() == "}":
        stream.take("}")
        return
    while True:
        key, _dirty = stream.value()
        stream.take(":")
        inner = f"{path}.{key}" if path else str(key)
        kind = stream.peek()
        if kind == "[":
            yield from _array(stream, inner)
        elif kind == "{" and depth > 1:
            yield from _object(stream, inner, depth - 1)
        else:
            stream.value()
        if stream.peek() != ",":
            stream.take("}")
            return
        stream.take(",")
