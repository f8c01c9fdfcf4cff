"""Processes, records, tasks and calls of Chakra as flat rows.

Attributes are columns by their short ids. An attribute that has the name of a column
of the object itself gets ``data_`` before its name, so that neither hides the other.
"""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from ..values.names import match_key
from .config import label_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES = ("date", "datetime")
_USERS = ("user", "username")
_PHOTOS = ("photo", "multiPhotos")
#: Types of attributes whose values are files.
FILES = (*_PHOTOS, "document", "multiDocuments", "audio")
_ROOT_TIMES = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "nextActionAt": "next_action_at",
    "startsAt": "starts_at",
    "endsAt": "ends_at",
    "dueBy": "due_date",
    "startedAt": "started_at",
    "completedAt": "done_at",
    "cancelledAt": "cancelled_at",
    "callStart": "started_at",
    "callEnd": "ended_at",
}
# Columns of the objects themselves, which no attribute may hide.
_OWN = {
    *_ROOT_TIMES.values(),
    *("status", "owner_id", "created_by", "process_id", "record_id", "task_id"),
    *("call_id", "pipeline_id", "stage_id", "stage"),
}
_OWN_OF_TASK = {"type", "subject", "body"}
_ADDRESSES = ("https://", "http://")


def iso(value):
    """ISO text in UTC of epoch milliseconds; anything else stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    try:
        moment = _EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        return value
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(value):
    """A value of an attribute as a cell: lists of scalars joined, objects as JSON."""
    if isinstance(value, list) and not any(
        isinstance(one, (list, dict)) for one in value
    ):
        return "|".join(str(one) for one in value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def items(value):
    """The items of a value that is a list, a JSON list, or separated by commas."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        value = [value]
    texts = [str(one).strip() for one in value if one not in (None, "")]
    return [one for one in texts if one]


class Shapes:
    """Makes rows of what the API gives; ``listed`` is the :class:`.reader.Listed`.

    :param config: a :class:`.config.Config`
    :param people: a :class:`.people.People`
    :param links: a :class:`.links.Links`
    """

    def __init__(self, config, people, links):
        self._config = config
        self._people = people
        self._links = links
        self._attributes = {}

    def process(self, item, listed):
        """A lead, deal or other process, with its state by id and name."""
        procedure = item.get("procedure") or listed.owner
        row = self._row(item, procedure, listed.reserved)
        state = item.get("state")
        found = state and self._config.state(procedure, state)
        row["process_id"] = item.get("id")
        row["pipeline_id"] = procedure
        row["stage_id"] = (found and found.get("id")) or state
        row["stage"] = label_of(found) if found else state
        self._link(row, "record", item.get("record"), item.get("entity"))
        return row

    def record(self, item, listed):
        """A contact, account or other record of an entity."""
        row = self._row(item, item.get("entity") or listed.owner, listed.reserved)
        row["record_id"] = item.get("id")
        return row

    def task(self, item, listed):
        """A task, on its process and its record."""
        kind = self._config.find(item.get("stateTask")) or {}
        row = self._row(item, item.get("stateTask"), _OWN_OF_TASK)
        row.update(
            task_id=item.get("id"),
            type=item.get("taskType"),
            subject=item.get("title"),
            body=item.get("description"),
        )
        process, record = (item.get(name) for name in listed.parents)
        self._link(row, "process", process, kind.get("procedure"))
        self._link(row, "record", record, kind.get("entity"))
        return row

    def call(self, item, listed, outcome=None):
        """A call made or received; its duration in seconds.

        :param outcome: attributes of its task, of which a disposition is taken over
        """
        outcome = outcome or {}
        row = {key: plain(outcome[key]) for key in listed.outcome if key in outcome}
        row.update(self._row(item, None, ()))
        row.update(
            call_id=item.get("id"),
            owner_id=self._people.id_of(item.get("user")),
            duration=item.get("callDuration"),
            call_status=item.get("callStatus"),
            direction=item.get("type"),
            recording_url=item.get("recordingUrl"),
            task_id=item.get("forTask"),
        )
        row["from"], row["to"] = item.get("from"), item.get("to")
        self._link(row, "process", item.get("forProcess"), item.get("forProcedure"))
        self._link(row, "record", item.get("forRecord"), item.get("forEntity"))
        return row

    @staticmethod
    def pipeline(procedure, number):
        """A procedure, as a row of a pipeline."""
        return {
            "pipeline_id": procedure.get("id"),
            "name": label_of(procedure),
            "position": number,
        }

    def stages(self, procedure):
        """The states of a procedure, as rows of stages."""
        return [
            {
                "stage_id": state.get("id") or state["shortId"],
                "name": label_of(state),
                "pipeline_id": procedure.get("id"),
                "position": number,
                "color": state.get("color"),
            }
            for number, state in enumerate(self._config.states(procedure), 1)
        ]

    def definitions(self, listed):
        """Attributes of a procedure or entity, as rows of ``custom_field``."""
        return [
            {
                "object": listed.object,
                "key": self._column(attribute, None, listed.reserved),
                "label": label_of(attribute),
                "type": self._config.type_of(attribute),
                "options": "|".join(self._config.options(attribute).values()),
            }
            for attribute in self._config.attributes(listed.owner)
        ]

    def file_attributes(self, owner_id):
        """Attributes of a procedure or entity whose values are files."""
        return [
            attribute
            for attribute in self._config.attributes(owner_id)
            if self._config.type_of(attribute) in FILES
        ]

    def files(self, item, listed, path, uploads):
        """Rows of the files that a process or record names and that can be had.

        Photos are asked for by their id, and links followed. Of anything else only the
        name is known: it is taken from what was uploaded.

        :param path: where a photo is, with ``{photo}``
        :param uploads: ``{name without folder and ending: path}``
        """
        data, rows = item.get("data") or {}, {}
        for attribute in self.file_attributes(listed.owner):
            value = data.get(attribute.get("shortId"), data.get(attribute.get("id")))
            for key in items(value):
                found = self._place(attribute, key, path, uploads)
                if found:
                    rows[key] = {
                        "file_id": key,
                        f"{listed.object}_id": item.get("id"),
                        "file_name": label_of(attribute),
                        **found,
                    }
        return list(rows.values())

    def _place(self, attribute, key, path, uploads):
        if key.lower().startswith(_ADDRESSES):
            return {"path": f"api:{key}", "url": key}
        if self._config.type_of(attribute) in _PHOTOS:
            address = path.replace("{photo}", quote(key, safe=""))
            return {"path": f"api:{address}"}
        if key in uploads:
            name = uploads[key].rsplit("/", 1)[-1]
            return {"path": uploads[key], "file_name": name}
        return None

    def _link(self, row, kind, key, owner):
        """Say what ``row`` belongs to; an attribute that says so already counts."""
        if key:
            row.setdefault(self._links.column(kind, key, owner), key)

    def _row(self, item, owner_id, reserved):
        row = {"status": item.get("status")}
        row["owner_id"] = self._people.id_of(item.get("assignedTo"))
        row["created_by"] = self._people.id_of(item.get("createdBy"))
        for key, column in _ROOT_TIMES.items():
            if item.get(key) is not None:
                row[column] = iso(item[key])
        attributes = self._declared(owner_id)
        for part in ("data", "derivedData"):
            for key, value in (item.get(part) or {}).items():
                attribute = attributes.get(key, {})
                column = self._column(attribute, key, reserved)
                row[column] = self._value(attribute, value)
        return row

    @staticmethod
    def _column(attribute, key, reserved):
        """The column of an attribute, which hides none of the object's own."""
        name = attribute.get("shortId") or key or attribute.get("id")
        taken = name in _OWN or match_key(name) in reserved
        return f"data_{name}" if taken else name

    def _declared(self, owner_id):
        """``{short id and uuid: attribute}`` of a procedure, entity or task type."""
        if owner_id not in self._attributes:
            self._attributes[owner_id] = {
                key: attribute
                for attribute in self._config.attributes(owner_id)
                for key in (attribute.get("id"), attribute.get("shortId"))
                if key
            }
        return self._attributes[owner_id]

    def _value(self, attribute, value):
        """A value readable: times as ISO, options by label, users by their id."""
        kind = self._config.type_of(attribute)
        if kind in _TIMES:
            return iso(value)
        if kind in _USERS:
            return self._people.id_of(value)
        labels = self._config.options(attribute)
        if labels and isinstance(value, list):
            return plain([labels.get(str(one), one) for one in value])
        if labels and not isinstance(value, dict):
            return labels.get(str(value), value)
        return plain(value)
