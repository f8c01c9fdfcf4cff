from contextlib import ExitStack, contextmanager
from itertools import islice

from odoo import fields, models
from odoo.tools import human_size

from ...lib.errors import Problem, _
from ...lib.http.auth import make_auth
from ...lib.http.client import Client
from ...lib.http.endpoint import Endpoint, iter_records
from ...lib.http.paths import find
from ...lib.http.problems import OF_ONE
from ...lib.readers import NOTE, Row
from ...lib.readers.clean import UNCLEAN, clean_row
from ...lib.watermark import earlier, earliest, latest
from .base import Documents

SAMPLE = 100
#: Paths of documents begin so, where the API is to be asked for them.
REMOTE = "api:"


class MigrationConnectorRest(models.AbstractModel):
    """An API of which the connection says where its lists are."""

    _name = "migration.connector.rest"
    _inherit = "migration.connector"
    _description = "REST API"
    _resumes = True

    # What connectors of one system replace

    @contextmanager
    def _client(self, connection):
        """A client of the connection's server; it reads, and nothing else."""
        address = connection._address()
        searches = connection.endpoint_ids.filtered(lambda one: one.method == "POST")
        # A server may give another refresh token each time; threads only collect it.
        refreshed = []
        auth = make_auth(
            connection.auth, **connection._secrets(), on_refresh=refreshed.append
        )
        client = Client(
            address,
            auth,
            posts=[one.path for one in searches if one.path],
            per_second=connection.requests_per_second or None,
            budget=connection.request_budget or None,
            parallel=connection.parallel,
            allow_private=connection.allow_private_hosts,
        )
        try:
            with client:
                yield client
        finally:
            if refreshed:
                connection._write_apart({"refresh_token": refreshed[-1]})

    def _fetch(self, client, endpoint, after=None, since=None):
        """Iterator of ``lib.http.endpoint.Fetched`` of a connection's endpoint."""
        return iter_records(
            client,
            self._as_endpoint(endpoint),
            after=after,
            since=since,
            parents=self._parents(client, endpoint),
        )

    def _shape(self, endpoint, record):
        """The rows that a record of the API is, flat dicts by column."""
        return [record]

    # Reading

    def _as_endpoint(self, endpoint):
        parse = endpoint._parse
        return Endpoint(
            name=endpoint.name,
            path=endpoint.path or "",
            method=endpoint.method,
            params=parse(endpoint.params),
            body=parse(endpoint.body) or None,
            records=endpoint.records or "",
            id=endpoint.id_path or "",
            updated=endpoint.updated_path or "",
            since=parse(endpoint.since),
            paginator=endpoint.paginator,
            page_size=endpoint.page_size,
            options=parse(endpoint.options),
            detail=endpoint.detail or "",
            assumed=endpoint.assumed,
        )

    def _parents(self, client, endpoint):
        """Ids of the parent's records, asked for again: they are few and short."""
        siblings = endpoint.connection_id.endpoint_ids
        parent = siblings.filtered(lambda one: one.name == endpoint.parent_name)[:1]
        if not parent:
            return ()
        path = parent.id_path or "id"
        return [
            key
            for fetched in self._fetch(client, parent)
            if (key := find(fetched.record, path)) is not None
        ]

    def _discover(self, run):
        problems = []
        for connection in run.project_id.connection_ids:
            with self._client(connection) as client:
                for endpoint in connection.endpoint_ids.filtered("active"):
                    problems += self._find_table(run, client, connection, endpoint)
            connection.file_id.sudo().read_date = fields.Datetime.now()
        return problems

    def _find_table(self, run, client, connection, endpoint):
        """Make the endpoint's table from its first records; gives what is wrong."""
        table = connection.file_id.table_ids.filtered(
            lambda one: one.endpoint_id == endpoint
        )
        if table and (table.position or {}).get("run") == run.id:
            # This reading was interrupted; it goes on where it was.
            return []
        rows = []
        try:
            for row in islice(self._rows(client, endpoint), SAMPLE):
                rows.append(row)
        except Problem as problem:
            if problem.code not in OF_ONE:
                raise
            if not rows:
                # What was read before stays; it is only not read again this time.
                table.sudo().read_date = fields.Datetime.now()
                return [(connection.file_id, self._told(endpoint, problem))]
            # It broke on the way: what it gave is staged, and the stager meets this.
        columns = dict.fromkeys(name for row in rows for name in row.values)
        self._keep_table(connection, endpoint, table, list(columns), rows)
        return []

    @staticmethod
    def _told(endpoint, problem):
        """``problem`` as grave as it is for a list that may be missing."""
        if endpoint.optional:
            problem.params["severity"] = NOTE
        return problem

    def _keep_table(self, connection, endpoint, table, columns, rows):
        if not rows and not table:
            return
        since = self._since(endpoint)
        known = (table.columns or "").split("\n") if table.columns else []
        vals = {
            "format": "json",
            "columns": "\n".join(dict.fromkeys([*known, *columns])),
            "read_date": False,
            "partial": bool(since),
            "seen_until": False,
            "held_at": False,
            "undated": False,
        }
        if rows:
            vals["sample"] = [row.values for row in rows]
        if endpoint.object_id:
            vals["object_ids"] = [fields.Command.set(endpoint.object_id.ids)]
        if table:
            table.sudo().write(vals)
            return
        table.sudo().create(
            {
                "file_id": connection.file_id.id,
                "name": endpoint.name,
                "endpoint_id": endpoint.id,
                **vals,
            }
        )

    def _since(self, endpoint):
        """From when on changes are asked for; None to read all."""
        if not endpoint.since or not endpoint.watermark:
            return None
        return earlier(endpoint.watermark, endpoint.connection_id.overlap_minutes)

    def _iter_rows(self, table, after=None):
        endpoint = table.endpoint_id
        highest = endpoint.watermark
        since = self._since(endpoint) if table.partial else None
        with self._client(endpoint.connection_id) as client:
            try:
                for row, changed in self._dated_rows(client, endpoint, after, since):
                    highest = latest(highest, changed)
                    self._hold(table, row, changed)
                    yield row
            except Problem as problem:
                raise self._told(endpoint, problem) from None
        table.sudo().seen_until = latest(table.seen_until, highest)

    @staticmethod
    def _hold(table, row, changed):
        """Hold the position back where it would pass over a record."""
        table = table.sudo()
        if not table.endpoint_id.updated_path:
            return
        if changed in (None, ""):
            table.undated = True
        elif row.problem and row.problem.code not in UNCLEAN:
            held = table.held_at
            table.held_at = earliest(held, changed)

    def _finish(self, project):
        """Note until when each list has been read; nothing is ever passed over.

        A list that has records without a date is read as a whole each time.
        """
        for table in project.table_ids.filtered("seen_until").sudo():
            until = table.seen_until
            if table.held_at:
                until = earliest(until, table.held_at)
            table.endpoint_id.watermark = not table.undated and until

    def _rows(self, client, endpoint):
        for row, _changed in self._dated_rows(client, endpoint, None, None):
            yield row

    def _dated_rows(self, client, endpoint, after, since):
        """Pairs of row and when its record was changed."""
        number = 0
        path = endpoint.updated_path
        for fetched in self._fetch(client, endpoint, after, since):
            changed = find(fetched.record, path) if path else None
            for values in self._shape(endpoint, fetched.record):
                number += 1
                problem = clean_row(values, endpoint.name, number, "utf-8")
                problem = fetched.problem or problem
                yield Row(number, values, problem, fetched.position), changed

    # Whether it would work

    def _check(self, connection):
        results = []
        with self._client(connection) as client:
            for endpoint in connection.endpoint_ids.filtered("active"):
                try:
                    rows = list(islice(self._rows(client, endpoint), 1))
                except Problem as problem:
                    if problem.code not in OF_ONE:
                        raise
                    results.append((endpoint, problem, None))
                    continue
                works, empty = self.env._("Works"), self.env._("Works, but is empty")
                text = works if rows else empty
                results.append((endpoint, None, text))
        return results

    # Files

    def _documents(self, project):
        return RestDocuments(self, project.connection_ids[:1])


class RestDocuments(Documents):
    """Files that the API is asked for, by the path that their rows carry."""

    def __init__(self, connector, connection):
        self._connector = connector
        self._connection = connection
        self._client = None
        self._stack = ExitStack()

    def __exit__(self, *error):
        return self._stack.__exit__(*error)

    def is_remote(self, path):
        """Whether ``path`` is asked for over the network."""
        return path.startswith(REMOTE)

    has = is_remote

    def content(self, path, limit=None):
        if not self._client:
            opened = self._connector._client(self._connection)
            self._client = self._stack.enter_context(opened)
        parts, size = [], 0
        with self._client.download(path.removeprefix(REMOTE)) as download:
            for part in download.chunks():
                size += len(part)
                if limit and size > limit:
                    raise Problem(
                        "file_too_large",
                        _("The file has more than %(limit)s: it was not loaded."),
                        _("Raise the limit in the project, or keep it elsewhere."),
                        field="path",
                        value=path,
                        limit=human_size(limit),
                        bytes=size,
                    )
                parts.append(part)
        return b"".join(parts)
