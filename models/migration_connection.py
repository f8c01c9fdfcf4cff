from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import mute_logger

from ..lib.errors import Problem
from ..lib.http.safety import origin

_COPIED = (
    "sequence",
    "name",
    "label",
    "object_id",
    "method",
    "path",
    "params",
    "body",
    "records",
    "id_path",
    "updated_path",
    "since",
    "paginator",
    "page_size",
    "options",
    "detail",
    "parent_name",
    "assumed",
    "optional",
    "note",
)
_MANAGER = "crm_migration.group_manager"


class MigrationConnection(models.Model):
    """How a migration reaches the API of its source: address, account, endpoints."""

    _name = "migration.connection"
    _description = "Migration Connection"
    _rec_name = "base_url"

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        index=True,
    )
    source_id = fields.Many2one(related="project_id.source_id")
    base_url = fields.Char(
        string="Base Address",
        help="Requests go to this host only, and read only.",
    )
    auth = fields.Selection(
        selection=[
            ("none", "None"),
            ("basic", "User and password (Basic)"),
            ("bearer", "Token (Bearer)"),
            ("api_key", "API key in a header"),
            ("ticket", "Ticket, got with user and password"),
            ("session", "Session, got with user and password"),
            ("oauth2_client", "OAuth 2, client credentials"),
            ("oauth2_refresh", "OAuth 2, refresh token"),
        ],
        string="Authentication",
        default="bearer",
        required=True,
    )
    login = fields.Char(string="User", groups=_MANAGER, copy=False)
    password = fields.Char(groups=_MANAGER, copy=False, exportable=False)
    token = fields.Char(
        string="Token or Key", groups=_MANAGER, copy=False, exportable=False
    )
    client_id = fields.Char(string="Client Name", groups=_MANAGER, copy=False)
    client_secret = fields.Char(groups=_MANAGER, copy=False, exportable=False)
    refresh_token = fields.Char(groups=_MANAGER, copy=False, exportable=False)
    token_url = fields.Char(string="Token Address", help="Where tokens are issued.")
    auth_options = fields.Char(
        string="Names",
        help="Names the authentication uses, as JSON: header, login_path, "
        "login_field, password_field, ticket_path, ticket_param, scope.",
    )
    allow_private_hosts = fields.Boolean(
        string="In the Own Network",
        help="The source is on a private or loopback address, which is refused "
        "otherwise.",
    )
    requests_per_second = fields.Float(
        default=0, help="At most so many requests a second; 0: as the server allows."
    )
    parallel = fields.Integer(
        default=8, help="Single records that are asked for at the same time."
    )
    request_budget = fields.Integer(
        help="Stop after so many requests in one reading; 0: no limit."
    )
    overlap_minutes = fields.Integer(
        default=10,
        help="A later reading begins so long before the last change it knows.",
    )
    source_timezone = fields.Char(
        string="Server Time Zone",
        default="UTC",
        help="Of times that the server writes without one.",
    )
    endpoint_ids = fields.One2many("migration.connection.endpoint", "connection_id")
    file_id = fields.Many2one("migration.file", readonly=True, copy=False)
    checked_on = fields.Datetime(readonly=True, copy=False)
    check_message = fields.Text(readonly=True, copy=False)
    is_reachable = fields.Boolean(readonly=True, copy=False)

    _project_uniq = models.Constraint(
        "UNIQUE(project_id)", "The migration has a connection already."
    )
    _parallel_positive = models.Constraint(
        "CHECK(parallel BETWEEN 1 AND 64)", "Between 1 and 64 requests at a time."
    )

    @api.constrains("base_url", "token_url")
    def _check_addresses(self):
        for connection in self:
            for name in ("base_url", "token_url"):
                connection._check_address(name)

    def _check_address(self, name):
        """Refuse what requests cannot go to; an address to be filled in may be empty.

        :raises ValidationError: the field ``name`` holds no address
        """
        try:
            if self[name]:
                origin(self[name])
        except Problem as problem:
            raise ValidationError(
                self.env._(
                    "%(field)s: %(problem)s Write an address such as "
                    "https://crm.example.com.",
                    field=self._fields[name].get_description(self.env)["string"],
                    problem=problem.parts(
                        self.env["migration.project"]._translate_term
                    )[0],
                )
            ) from problem

    def _address(self):
        """The base address of all requests.

        :raises UserError: it has not been filled in yet
        """
        if not self.base_url:
            raise UserError(
                self.env._(
                    "%s: the connection has no base address yet. Fill it in, such as "
                    "https://crm.example.com.",
                    self.project_id.name,
                )
            )
        return self.base_url

    @api.depends("base_url", "source_id")
    def _compute_display_name(self):
        for connection in self:
            connection.display_name = connection._label()

    def _label(self):
        """What it is called: its address, or its source until it has one."""
        return self.base_url or self.source_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """A connection begins with the endpoints its source is known to have."""
        connections = super().create(vals_list)
        for connection in connections.filtered(lambda one: not one.endpoint_ids):
            templates = connection.project_id.source_id.endpoint_ids
            connection.endpoint_ids = [
                (0, 0, {name: _plain(one[name]) for name in _COPIED})
                for one in templates
            ]
        for connection in connections:
            connection.sudo().file_id = (
                self.env["migration.file"]
                .sudo()
                .create(
                    {
                        "project_id": connection.project_id.id,
                        "connection_id": connection.id,
                        "name": connection._label(),
                    }
                )
            )
        return connections

    def write(self, vals):
        """The connection's tables are called by its address."""
        done = super().write(vals)
        if "base_url" in vals:
            for connection in self.sudo():
                connection.file_id.name = connection._label()
        return done

    def _connector(self):
        """The model that reads from this connection's API."""
        self.ensure_one()
        name = self.project_id.source_id.connector
        return self.env[f"migration.connector.{'rest' if name == 'file' else name}"]

    def _secrets(self):
        """What the authentication needs, as arguments of ``lib.http.make_auth``."""
        connection = self.sudo()
        names = ("login", "password", "token", "client_id", "client_secret")
        names += ("refresh_token", "token_url")
        given = {name: connection[name] or "" for name in names}
        if self.auth == "oauth2_refresh":
            # Another token may be there since this transaction has begun.
            with self._apart() as apart:
                given["refresh_token"] = (apart or connection).refresh_token or ""
        return {**given, **(self.env["migration.endpoint"]._parse(self.auth_options))}

    def _write_apart(self, values):
        """Write ``values`` in a transaction of its own, which stays.

        A token that the server has replaced is worth nothing any more, whatever
        becomes of the transaction under way. This one must not write to the row
        itself afterwards: it could not any more.
        """
        self.ensure_one()
        try:
            with self._apart() as connection:
                if connection:
                    connection.write(values)
                    return
        except psycopg2.Error as error:
            # This transaction has written to the row: it keeps what it has, as ever.
            if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
        self.sudo().write(values)

    @contextmanager
    def _apart(self):
        """The connection in a transaction of its own; empty if only we know it yet."""
        if self.env.context.get("migration_no_commit"):
            yield self.browse()
            return
        with mute_logger("odoo.sql_db"), self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '5s'")
            yield self.with_env(self.env(cr=cr)).sudo().exists()

    def action_check(self):
        """Say what works and what is missing, right by right; nothing is kept."""
        self.ensure_one()
        self.check_access("write")
        self._check_all()
        return True

    def _check_all(self):
        """Try every endpoint; its line says what came of it.

        What is told of the whole is written apart, because trying may have renewed a
        token there: this transaction does not see it, so it is given back as well.

        :return: whether the server is reachable, and what it said
        """
        say = self.env["migration.engine"]._say
        lines = self.endpoint_ids
        lines.sudo().write({"check_state": False, "check_message": False})
        try:
            results = self._connector()._check(self)
        except Problem as problem:
            return self._keep_check(False, say(problem))
        wrong = 0
        for endpoint, problem, text in results:
            wrong += bool(problem)
            endpoint.sudo().write(
                {
                    "check_state": "wrong" if problem else "works",
                    "check_message": say(problem) if problem else text,
                }
            )
        works, every = len(results) - wrong, len(results)
        return self._keep_check(
            True, self.env._("%(works)s of %(all)s work.", works=works, all=every)
        )

    def _keep_check(self, reachable, message):
        """Write what a test of the connection said; gives it."""
        self._write_apart(
            {
                "checked_on": fields.Datetime.now(),
                "is_reachable": reachable,
                "check_message": message,
            }
        )
        return reachable, message

    def action_open_project(self):
        """Back to the migration."""
        self.ensure_one()
        return self.project_id._action_form()


class MigrationConnectionEndpoint(models.Model):
    """An endpoint as this connection uses it; the admin may change it."""

    _name = "migration.connection.endpoint"
    _inherit = "migration.endpoint"
    _description = "Migration Connection Endpoint"

    connection_id = fields.Many2one(
        "migration.connection", required=True, ondelete="cascade", index=True
    )
    watermark = fields.Char(
        readonly=True, copy=False, help="The latest change that was read, as it says."
    )
    check_state = fields.Selection(
        [("works", "Works"), ("wrong", "Does not work")],
        string="Last Test",
        readonly=True,
        copy=False,
    )
    check_message = fields.Char(string="What It Said", readonly=True, copy=False)

    _name_uniq = models.Constraint(
        "UNIQUE(connection_id, name)", "The connection has an endpoint of this name."
    )

    def write(self, vals):
        """A list that is another one now is read from its beginning."""
        done = super().write(vals)
        if vals.keys() & set(_COPIED):
            tables = self.connection_id.sudo().file_id.table_ids
            tables.filtered(lambda one: one.endpoint_id in self).position = False
        return done

    @api.constrains("path", "connection_id")
    def _check_path(self):
        for endpoint in self:
            if (endpoint.path or "").startswith(("http:", "https:", "//")):
                raise UserError(
                    self.env._(
                        "%s: write the path below the base address; requests go to "
                        "one host only.",
                        endpoint.label,
                    )
                )


def _plain(value):
    return value.id if isinstance(value, models.BaseModel) else value
