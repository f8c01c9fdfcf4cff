"""The configuration of a tenant: what its ids, short ids and options stand for.

Only the names of the outer keys of ``GET /v1/ext/config`` are published. So every
object that has an ``id`` is known by it, whatever its place; what stays unknown is
given back as it came, and told by :attr:`Config.unresolved`.
"""

from collections import Counter

# Where the objects of a kind may say what they belong to.
_OWNERS = ("procedure", "entity", "stateTask")
_LABELS = ("name", "label", "displayName", "title", "shortId")
_CHOICES = ("options", "enumValues", "choices", "values", "enum")


def label_of(thing):
    """What people call an object of the configuration; empty where it has no name."""
    return next((str(thing[key]) for key in _LABELS if thing.get(key)), "")


def walk(document):
    """Yield every object inside ``document``, outer ones first, of any depth."""
    waiting = [document]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            yield thing
            waiting.extend(reversed(list(thing.values())))
        elif isinstance(thing, list):
            waiting.extend(reversed(thing))


class Config:
    """Index of a configuration reply.

    :param data: its ``_data``
    :ivar unresolved: ``Counter`` of ``(kind, value)`` that nothing explains
    """

    def __init__(self, data):
        self._data = data or {}
        self._by_id = {}
        for thing in walk(self._data):
            if isinstance(thing.get("id"), str):
                self._by_id.setdefault(thing["id"], thing)
        self._states = {}
        self._options = self._index_options()
        self.unresolved = Counter()

    @property
    def timezone(self):
        """Time zone of the team; None where it has none."""
        return (self._data.get("team") or {}).get("timezone")

    @property
    def procedures(self):
        return self._list("procedures")

    @property
    def entities(self):
        return self._list("entities")

    def _list(self, key):
        found = self._data.get(key) or []
        found = found.values() if isinstance(found, dict) else found
        return [thing for thing in found if isinstance(thing, dict)]

    def find(self, key):
        """The object with this id; None where there is none."""
        return self._by_id.get(key)

    def states(self, procedure):
        """Objects under a procedure that stand for its states, in their order."""
        key = procedure.get("id")
        if key not in self._states:
            inside = [
                thing
                for name in ("states", "stateGraph", "stategraph")
                for thing in walk(procedure.get(name))
                if thing.get("shortId") and (thing.get("id") or thing.get("name"))
            ]
            self._states[key] = list({one["shortId"]: one for one in inside}.values())
        return self._states[key]

    def state(self, procedure_id, value):
        """The state that ``value``, a uuid or a short id, names; None if none does."""
        procedure = self.find(procedure_id) or {}
        for state in self.states(procedure):
            if value in (state.get("id"), state.get("shortId")):
                return state
        self.unresolved["state", value] += 1
        return None

    def attributes(self, owner_id):
        """Attributes that a procedure, entity or task type declares."""
        return [
            thing
            for key in ("attributes", "derivedAttributes")
            for thing in self._list(key)
            if any(thing.get(owner) == owner_id for owner in _OWNERS)
        ]

    def type_of(self, attribute):
        """Name of an attribute's type, whether it is given by id, name or object."""
        kind = attribute.get("attributeType") or attribute.get("type") or ""
        if isinstance(kind, str):
            kind = self.find(kind) or {"name": kind}
        return label_of(kind)

    def options(self, attribute):
        """``{value as text: label}`` of an attribute; empty where it has none."""
        return self._options.get(attribute.get("id")) or _choices(attribute)

    def _index_options(self):
        found = {}
        for thing in self._list("attributeConfig"):
            choices = _choices(thing)
            if choices and isinstance(thing.get("attribute"), str):
                found.setdefault(thing["attribute"], {}).update(choices)
        return found


def _choices(thing):
    """Options listed in ``thing``: scalars, or objects with a value and a label."""
    for key in _CHOICES:
        listed = thing.get(key)
        if not isinstance(listed, list):
            continue
        found = {}
        for one in listed:
            if isinstance(one, dict):
                value = one.get("value", one.get("shortId", one.get("id")))
                if value is not None:
                    found[str(value)] = label_of(one) or str(value)
            elif one is not None:
                found[str(one)] = str(one)
        if found:
            return found
    return {}
