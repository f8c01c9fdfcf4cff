"""A file of the source, piece by piece."""

import re
from email.message import Message

from . import problems

MIMETYPE = "application/octet-stream"


class Download:
    """A file that is being read; a context manager.

    `name` and `mimetype` are what the server says, `size` the bytes that it announces,
    None where it does not.

    :param opener: ``callable() -> (response, iterator of bytes)``
    :param public: ``callable(url) -> text`` for messages
    """

    def __init__(self, opener, public):
        self._opener = opener
        self._public = public
        self._response = self._parts = None
        self.name, self.mimetype, self.size = "", MIMETYPE, None

    def __enter__(self):
        self._response, self._parts = self._opener()
        headers = self._response.headers
        announced = headers.get("Content-Length", "")
        if announced.isdecimal() and not headers.get("Content-Encoding"):
            self.size = int(announced)
        self.name = _name(headers.get("Content-Disposition"))
        self.mimetype = headers.get("Content-Type", MIMETYPE).partition(";")[0].strip()
        return self

    def __exit__(self, *_error):
        self._response.close()

    def chunks(self, expected=None, limit=None):
        """The bytes, in pieces.

        :param expected: size that the source told elsewhere
        :param limit: bytes at most
        :raises Problem: there are more or fewer than announced, or more than allowed
        """
        place, received = self._public(self._response.url), 0
        if limit is not None and (self.size or 0) > limit:
            raise problems.too_large(place, limit)
        for part in self._parts:
            received += len(part)
            if limit is not None and received > limit:
                raise problems.too_large(place, limit)
            if expected is not None and received > expected:
                raise problems.truncated(place, expected, received)
            yield part
        if expected is not None and received != expected:
            raise problems.truncated(place, expected, received)


def _name(disposition):
    """The file name in ``Content-Disposition``, never a path."""
    if not disposition:
        return ""
    message = Message()
    message["Content-Disposition"] = _decoded(disposition)
    name = message.get_filename("")
    return re.sub(r"[\x00-\x1f]", "", re.split(r"[/\\]", name)[-1]).strip()


def _decoded(text):
    """A header as UTF-8 where it is, as many servers write it."""
    text = text.replace("\r", " ").replace("\n", " ")
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
