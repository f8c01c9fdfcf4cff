"""Processes, records, tasks and calls of Chakra as flat rows.

Attributes are columns by their short ids. An attribute that has the name of a column
of the object itself gets ``data_`` before its name, so that neither hides the other.
"""

import json
from datetime import UTC, datetime, timedelta

from .config import label_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES = ("date", "datetime")
_USERS = ("user", "username")
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


class Shapes:
    """Makes rows of what the API gives.

    :param config: a :class:`.config.Config`
    :param people: a :class:`.people.People`
    """

    def __init__(self, config, people):
        self._config = config
        self._people = people
        self._attributes = {}

    def process(self, item):
        """A lead, deal or other process, with its state by id and name."""
        row = self._row(item, item.get("procedure"))
        state = item.get("state")
        found = state and self._config.state(item.get("procedure"), state)
        row["process_id"] = item.get("id")
        row["procedure"] = item.get("procedure")
        row["record"] = item.get("record")
        row["stage_id"] = (found and found.get("id")) or state
        row["stage"] = label_of(found) if found else state
        return row

    def record(self, item):
        """A contact, account or other record of an entity."""
        row = self._row(item, item.get("entity"))
        row["record_id"] = item.get("id")
        row["entity"] = item.get("entity")
        return row

    def task(self, item, process="process", record="record"):
        """A task; ``process`` and ``record`` are the fields that say its parents."""
        row = self._row(item, item.get("stateTask"))
        row.update(
            task_id=item.get("id"),
            type=item.get("taskType"),
            subject=item.get("title"),
            body=item.get("description"),
            process=item.get(process),
            record=item.get(record),
        )
        return row

    def call(self, item):
        """A call made or received; its duration in seconds."""
        row = self._row(item, None)
        row.update(
            call_id=item.get("id"),
            owner_id=self._people.id_of(item.get("user")),
            duration=item.get("callDuration"),
            call_status=item.get("callStatus"),
            direction=item.get("type"),
            recording_url=item.get("recordingUrl"),
            process=item.get("forProcess"),
            record=item.get("forRecord"),
            task=item.get("forTask"),
        )
        row["from"], row["to"] = item.get("from"), item.get("to")
        return row

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

    def definitions(self, owner_id, name):
        """Attributes of a procedure or entity, as rows of ``custom_field``.

        :param name: the object that it was chosen to be
        """
        return [
            {
                "object": name,
                "key": attribute.get("shortId") or attribute.get("id"),
                "label": label_of(attribute),
                "type": self._config.type_of(attribute),
                "options": "|".join(self._config.options(attribute).values()),
            }
            for attribute in self._config.attributes(owner_id)
        ]

    def _row(self, item, owner_id):
        row = {"status": item.get("status"), "deleted": item.get("isDeleted")}
        row["owner_id"] = self._people.id_of(item.get("assignedTo"))
        row["created_by"] = self._people.id_of(item.get("createdBy"))
        for key, column in _ROOT_TIMES.items():
            if item.get(key) is not None:
                row[column] = iso(item[key])
        attributes = self._declared(owner_id)
        own = set(row) | {"process_id", "record_id", "task_id", "stage_id", "stage"}
        for part in ("data", "derivedData"):
            for key, value in (item.get(part) or {}).items():
                attribute = attributes.get(key, {})
                column = attribute.get("shortId") or key
                column = f"data_{column}" if column in own else column
                row[column] = self._value(attribute, value)
        return row

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
