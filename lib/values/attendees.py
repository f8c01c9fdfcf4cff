"""Who takes part in a meeting, as exports write it."""

import json
import re
from typing import NamedTuple

from ..errors import Problem, _
from .names import match_key

#: Words for an answer → Odoo's state of an attendee.
STATES = {
    "accepted": "accepted",
    "yes": "accepted",
    "confirmed": "accepted",
    "accept": "accepted",
    "declined": "declined",
    "no": "declined",
    "decline": "declined",
    "tentative": "tentative",
    "maybe": "tentative",
    "needs action": "needsAction",
    "needsaction": "needsAction",
    "pending": "needsAction",
    "invited": "needsAction",
    "no response": "needsAction",
    "none": "needsAction",
    "unknown": "needsAction",
}
_ONE = re.compile(r"^(?P<who>.*?)\s*(?:\((?P<state>[^()]*)\))?$")
_ADDRESS = re.compile(r"<?(?P<email>[^\s<>]+@[^\s<>]+)>?")
# “Berg, Anna <address>”: before an address in brackets, a comma is part of the name.
_AFTER_ONE = re.compile(r"(?<=[>)]),")
_EMAIL = ("email", "mail", "address", "emailAddress")
_NAME = ("name", "displayName", "fullName")
_STATE = ("status", "state", "responseStatus", "response")


class Attendee(NamedTuple):
    """One who takes part; name and address may be empty, not both."""

    name: str
    email: str
    state: str

    def __str__(self):
        who = " ".join(filter(None, (self.name, self.email and f"<{self.email}>")))
        return f"{who} ({self.state})"


def parse_attendees(value):
    """The :class:`Attendee` s in a text or list, each once; None without any.

    A text is “Name <address> (accepted); …”, or the same as JSON. A list has such
    texts, or objects with e-mail address, name and status.

    :raises Problem: an answer that is no known word
    """
    if isinstance(value, str):
        value = _from_json(value) or _split(value)
    if isinstance(value, dict):
        value = [value]
    found = {}
    for one in value:
        attendee = _from_dict(one) if isinstance(one, dict) else _from_text(str(one))
        if attendee.name or attendee.email:
            found.setdefault(attendee.email or match_key(attendee.name), attendee)
    return list(found.values()) or None


def _split(text):
    for part in re.split(r"[;\n]", text):
        yield from _AFTER_ONE.split(part) if "<" in part else part.split(",")


def _from_json(text):
    """The list or object that a text is, None where it is no JSON."""
    if text.strip()[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _from_dict(record):
    name, email, state = (
        next((str(record[key]) for key in keys if record.get(key)), "")
        for keys in (_NAME, _EMAIL, _STATE)
    )
    return Attendee(name.strip(), email.strip().lower(), _state(state))


def _from_text(text):
    match = _ONE.match(text.strip())
    who, state = match["who"], match["state"]
    address = _ADDRESS.search(who)
    email = address["email"].lower() if address else ""
    name = who.replace(address[0], "") if address else who
    return Attendee(name.strip(" \"'\t"), email, _state(state or ""))


def _state(word):
    key = match_key(word)
    if not key:
        return "needsAction"
    if key not in STATES:
        raise Problem(
            "attendee_state_unknown",
            _("“%(value)s” is no answer of an attendee."),
            _("Write accepted, declined, tentative or pending."),
            value=word,
        )
    return STATES[key]
