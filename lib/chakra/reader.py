"""Reads the tables of a tenant from its API: the configuration first, then the lists.

Lists are read whole, page after page; Chakra cannot be asked for what has changed.
"""

from dataclasses import dataclass, field
from functools import cached_property

from ..errors import Problem
from ..http import problems
from ..http.endpoint import Endpoint, Fetched, iter_records
from .config import Config
from .links import Links
from .people import People, user_row
from .shapes import Shapes

CONFIG = "/v1/ext/config"
#: Without them, owners are still uuids, which are listed as such.
_NO_USERS = ("http_forbidden", "http_not_found")


@dataclass(frozen=True)
class Listed:
    """A list as a connection has it.

    :param kind: what it holds: user, custom_field, pipeline, stage, process, record,
        task, call or file
    :param owner: uuid of the procedure or entity it is of
    :param object: name of what its records become; empty where nobody has said
    :param reserved: names that only the identifier of its records may have
    :param parents: for a task, the fields that name its process and record
    :param outcome: for a call, the attributes of its task that it is told with
    """

    endpoint: Endpoint
    kind: str
    owner: str | None = None
    object: str = ""
    reserved: frozenset = frozenset()
    parents: tuple = ("process", "record")
    outcome: tuple = ()


def read_config(client):
    """The :class:`Config` of the tenant.

    :raises Problem: it cannot be read, or has errors
    """
    reply = client.get(CONFIG)
    errors = reply.get("_errors") if isinstance(reply, dict) else None
    if errors:
        raise problems.told(CONFIG, errors)
    if not isinstance(reply, dict) or not isinstance(reply.get("_data"), dict):
        raise problems.unexpected(CONFIG, "no configuration at “_data” in the reply")
    return Config(reply["_data"])


@dataclass
class Tenant:
    """What every list of a tenant needs: asked for once, kept for one reading.

    :ivar dict ids: uuids of a list by its name
    :ivar outcomes: ``{task: its attributes}``
    """

    config: Config | None = None
    people: People | None = None
    ids: dict = field(default_factory=dict)
    outcomes: dict | None = None


class Reader:
    """The tables of one tenant.

    :param client: a :class:`lib.http.Client`
    :param lists: :class:`Listed` of all that is to be read
    :param uploads: ``{name without folder and ending: path}`` of uploaded documents
    :param tenant: :class:`Tenant` of readers that have read of it in this reading
    """

    def __init__(self, client, lists, uploads=None, tenant=None):
        self._client = client
        self._lists = lists
        self._uploads = uploads or {}
        self._tenant = tenant or Tenant()

    @property
    def config(self):
        """The :class:`Config` of the tenant."""
        if self._tenant.config is None:
            self._tenant.config = read_config(self._client)
        return self._tenant.config

    @cached_property
    def shapes(self):
        links = Links(self._lists, self._ids)
        return Shapes(self.config, self._people(), links)

    def rows(self, listed, after=None):
        """Yield :class:`Fetched` of the flat rows of one list.

        :param after: position of the last row that is known
        """
        made = {
            "custom_field": self._definitions,
            "pipeline": self._pipelines,
            "stage": self._stages,
        }
        if listed.kind in made:
            return (Fetched(row, None) for row in made[listed.kind]())
        if listed.kind == "file":
            return self._files(listed, after)
        return self._shaped(listed, after)

    # Lists

    def _raw(self, listed, after=None):
        """Records as they come, those that Chakra has deleted left out."""
        for fetched in iter_records(self._client, listed.endpoint, after=after):
            record = fetched.record
            if listed.endpoint.detail and isinstance(record.get("_data"), dict):
                record = record["_data"]
            if not record.get("isDeleted") or listed.kind == "user":
                yield Fetched(record, fetched.position, fetched.problem)

    def _shaped(self, listed, after):
        shape = {
            "user": lambda record, _listed: user_row(record),
            "process": self.shapes.process,
            "record": self.shapes.record,
            "task": self.shapes.task,
            "call": self._call,
        }[listed.kind]
        for fetched in self._raw(listed, after):
            row = shape(fetched.record, listed)
            yield Fetched(row, fetched.position, fetched.problem)

    def _ids(self, listed):
        """Ids of a list; none where it cannot be read, which its own reading tells."""
        known, name = self._tenant.ids, listed.endpoint.name
        if name not in known:
            try:
                known[name] = [one.record.get("id") for one in self._raw(listed)]
            except Problem as problem:
                if problem.code not in problems.OF_ONE:
                    raise
                known[name] = []
        return known[name]

    def _people(self):
        if self._tenant.people is None:
            self._tenant.people = People(self._users())
        return self._tenant.people

    def _users(self):
        users = next((one for one in self._lists if one.kind == "user"), None)
        if not users:
            return []
        try:
            return [one.record for one in self._raw(users)]
        except Problem as problem:
            if problem.code not in _NO_USERS:
                raise
            return []

    def _call(self, record, listed):
        """A call, with what its task says of its outcome."""
        return self.shapes.call(record, listed, self._outcome(record.get("forTask")))

    def _outcome(self, task):
        """The attributes of a task; the tasks are listed when the first is wanted."""
        if not task:
            return None
        if self._tenant.outcomes is None:
            tasks = [one for one in self._lists if one.kind == "task"]
            self._tenant.outcomes = {
                key: data for one in tasks for key, data in self._listed_outcomes(one)
            }
        return self._tenant.outcomes.get(task)

    def _listed_outcomes(self, listed):
        try:
            for fetched in self._raw(listed):
                if data := fetched.record.get("data"):
                    yield fetched.record.get("id"), data
        except Problem as problem:
            # The list of tasks tells of it; calls come without what tasks say.
            if problem.code not in problems.OF_ONE:
                raise

    # What is not a list

    def _chosen(self, *kinds):
        return [one for one in self._lists if one.kind in kinds and one.object]

    def _definitions(self):
        for listed in self._chosen("process", "record"):
            yield from self.shapes.definitions(listed)

    def _pipelines(self):
        for number, listed in enumerate(self._chosen("process"), 1):
            if procedure := self.config.find(listed.owner):
                yield self.shapes.pipeline(procedure, number)

    def _stages(self):
        for listed in self._chosen("process"):
            if procedure := self.config.find(listed.owner):
                yield from self.shapes.stages(procedure)

    def _files(self, files, after):
        """Files that attributes name, list after list.

        :raises Problem: when all are read, that of the first list that is broken
        """
        broken = None
        lists = [
            one for one in self._chosen("process", "record") if self._has_files(one)
        ]
        names = [one.endpoint.name for one in lists]
        after = after or {}
        start = names.index(after["list"]) if after.get("list") in names else 0
        place = after.get("at") if after.get("list") in names else None
        for listed in lists[start:]:
            try:
                yield from self._files_of(listed, files, place)
            except Problem as problem:
                if problem.code not in problems.OF_ONE:
                    raise
                broken = broken or problem
            place = None
        if broken:
            raise broken

    def _files_of(self, listed, files, after):
        for fetched in self._raw(listed, after):
            position = {"list": listed.endpoint.name, "at": fetched.position}
            for row in self.shapes.files(
                fetched.record, listed, files.endpoint.path, self._uploads
            ):
                yield Fetched(row, position)

    def _has_files(self, listed):
        return any(self.shapes.file_attributes(listed.owner))
