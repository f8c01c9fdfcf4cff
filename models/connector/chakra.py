import json
from pathlib import PurePosixPath
from urllib.parse import quote
from weakref import WeakKeyDictionary

from odoo import models

from ...lib.chakra.photo import address_in
from ...lib.chakra.reader import Listed, Reader, Tenant
from ...lib.errors import Problem
from ...lib.http import problems
from ...lib.recognise import recognise
from ...lib.values.names import match_key
from .rest import REMOTE, RestDocuments

#: What a path is filled in with, and the key of the configuration that lists it.
_MADE_FROM = {"procedure": "procedures", "entity": "entities"}
#: What is known of tenants, by cursor and connection. The cache of a cursor is emptied
#: with each commit, of which a reading has many.
_TENANTS = WeakKeyDictionary()


class MigrationConnectorChakra(models.AbstractModel):
    """The API of Chakra, whose lists are those of the tenant's configuration.

    An endpoint whose path holds ``{procedure}`` or ``{entity}`` is a pattern: each
    procedure or entity gets an endpoint of its own made from it, which the admin may
    switch off or say of what its records are.
    """

    _name = "migration.connector.chakra"
    _inherit = "migration.connector.rest"
    _description = "API of Chakra"

    def _discover(self, run):
        for connection in run.project_id.connection_ids:
            self._tenant(connection, anew=True)
            self._make_lists(connection)
        return super()._discover(run)

    def _check(self, connection):
        self._tenant(connection, anew=True)
        self._make_lists(connection)
        patterns = connection.endpoint_ids.filtered(self._pattern)
        return [
            (endpoint, problem, self._made_text(endpoint))
            if endpoint in patterns
            else (endpoint, problem, text)
            for endpoint, problem, text in super()._check(connection)
        ]

    def _fetch(self, client, endpoint, after=None, since=None):
        if self._pattern(endpoint):
            return iter(())
        connection = endpoint.connection_id
        wanted = (connection.endpoint_ids.filtered("active") | endpoint).sorted()
        lists = {one: self._listed(one) for one in wanted if not self._pattern(one)}
        uploads = self._uploads(connection) if endpoint.name == "file" else {}
        tenant = self._tenant(connection)
        return Reader(client, list(lists.values()), uploads, tenant).rows(
            lists[endpoint], after
        )

    def _tenant(self, connection, anew=False):
        """What lists share while they are read, for as long as this cursor lives.

        :param bool anew: a reading begins, what an earlier one kept is forgotten
        """
        tenants = _TENANTS.setdefault(self.env.cr, {})
        if anew:
            tenants.pop(connection.id, None)
        return tenants.setdefault(connection.id, Tenant())

    def _documents(self, project):
        return ChakraDocuments(self, project.connection_ids[:1])

    # Lists of the configuration

    @staticmethod
    def _pattern(endpoint):
        """What the path is filled in with, procedure or entity; None for a list."""
        path = endpoint.path or ""
        return next((one for one in _MADE_FROM if f"{{{one}}}" in path), None)

    def _made(self, pattern):
        """The lists made from a pattern, those that are switched off as well."""
        siblings = pattern.connection_id.with_context(active_test=False).endpoint_ids
        return siblings.filtered(lambda one: one.parent_name == pattern.name)

    def _made_text(self, pattern):
        names = ", ".join(self._made(pattern).mapped("label"))
        return self.env._("One list each: %s", names or self.env._("none"))

    def _make_lists(self, connection):
        """Make lists for procedures and entities that have none yet.

        A configuration that cannot be read is told by the lists made of it.
        """
        patterns = connection.endpoint_ids.filtered("active").filtered(self._pattern)
        try:
            with self._client(connection) as client:
                config = Reader(client, [], tenant=self._tenant(connection)).config
        except Problem as problem:
            if problem.code not in problems.OF_ONE:
                raise
            return
        for pattern in patterns:
            key = self._pattern(pattern)
            known = {
                pattern._parse(one.options).get(key) for one in self._made(pattern)
            }
            for thing in getattr(config, _MADE_FROM[key]):
                if thing.get("id") and thing["id"] not in known:
                    self._make_list(pattern, key, thing, config)

    def _make_list(self, pattern, key, thing, config):
        name = str(thing.get("shortId") or thing["id"])
        options = pattern._parse(pattern.options)
        attributes = [
            str(one.get("shortId") or one.get("id"))
            for one in config.attributes(thing["id"])
        ]
        found = self._proposed(self._objects(pattern), name, attributes)
        siblings = pattern.connection_id.with_context(active_test=False).endpoint_ids
        taken = name in siblings.mapped("name")
        pattern.sudo().copy(
            {
                "name": f"{key}_{name}" if taken else name,
                "label": thing.get("name") or name,
                "path": pattern.path.replace(f"{{{key}}}", quote(name, safe="")),
                "object_id": found.id,
                "options": json.dumps({**options, key: thing["id"]}),
                "parent_name": pattern.name,
                "note": False,
            }
        )

    def _proposed(self, objects, name, attributes):
        """What the records of a list are, by its name and attributes; maybe nothing."""
        proposer = self.env["migration.proposer"]
        shapes = [proposer._shape(one) for one in objects]
        found = recognise(name, ["id", *attributes], shapes)
        return objects.browse(found if len(found) == 1 else [])

    @staticmethod
    def _objects(endpoint):
        """What the records of a list may be."""
        names = endpoint._parse(endpoint.options).get("objects", ())
        objects = endpoint.connection_id.source_id.object_ids
        return objects.filtered(lambda one: one.name in names)

    # As the reader wants them

    def _listed(self, endpoint):
        options = endpoint._parse(endpoint.options)
        owner = next((options[key] for key in _MADE_FROM if key in options), None)
        return Listed(
            endpoint=self._as_endpoint(endpoint),
            kind=endpoint.parent_name if owner else endpoint.name,
            owner=owner,
            object=self._object(endpoint).name or "",
            reserved=self._reserved(endpoint) if owner else frozenset(),
            parents=tuple(options.get("parents", ("process", "record"))),
            outcome=tuple(options.get("outcome", ())),
        )

    @staticmethod
    def _object(endpoint):
        """What the records of a list are: as the admin says here, or of its table."""
        tables = endpoint.connection_id.file_id.table_ids
        table = tables.filtered(lambda one: one.endpoint_id == endpoint)
        found = endpoint.object_id or table.object_ids
        return found if len(found) == 1 else found.browse()

    def _reserved(self, endpoint):
        """Names by which the identifier of the endpoint's records may be known."""
        objects = self._object(endpoint) or self._objects(endpoint)
        names = self.env["migration.proposer"]._names
        return frozenset(
            match_key(name)
            for line in objects.field_ids
            if line.kind == "identifier"
            for name in names(line)
        )

    def _uploads(self, connection):
        """``{name without folder and ending: path}`` of uploaded documents."""
        files = self.env["migration.connector.file"]
        with files._documents(connection.project_id) as documents:
            return {PurePosixPath(name).stem: name for name in documents.names()}


class ChakraDocuments(RestDocuments):
    """Photos, which may come as bytes or as an object that says where they are."""

    def content(self, path, limit=None):
        content = super().content(path, limit)
        try:
            address = address_in(content)
        except ValueError as error:
            raise problems.unexpected(path.removeprefix(REMOTE), error) from error
        return super().content(f"{REMOTE}{address}", limit) if address else content
