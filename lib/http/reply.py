"""A complete answer of a server."""

import codecs
import json
import re
from dataclasses import dataclass, field

from . import problems


@dataclass
class Reply:
    """A complete answer."""

    url: str
    status: int
    headers: dict
    content: bytes = field(repr=False, default=b"")
    encoding: str = "utf-8"

    @property
    def text(self):
        """The body as text."""
        return self.content.decode(self.encoding, "replace")

    @property
    def json(self):
        """The body as JSON, as :meth:`Client.get` gives it."""
        try:
            return json.loads(self.content, parse_constant=str)
        except (ValueError, RecursionError):
            start = " ".join(self.text[:200].split())
            raise problems.not_json(self.url, start) from None


def charset(response):
    """The encoding of a response's text, UTF-8 where it names none that is known."""
    found = re.search(
        r"charset=[\"']?([\w.-]+)", response.headers.get("Content-Type", "")
    )
    try:
        return codecs.lookup(found[1]).name if found else "utf-8"
    except LookupError:
        return "utf-8"
