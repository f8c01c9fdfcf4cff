import os

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..lib.corrections import ROW
from ..lib.readers.headers import empty_file


class MigrationFile(models.Model):
    """An uploaded export: one file, or a ZIP of files with a folder of documents."""

    _name = "migration.file"
    _description = "Migration File"
    _order = "project_id, id"

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(string="File Name", required=True)
    connection_id = fields.Many2one(
        "migration.connection",
        ondelete="cascade",
        readonly=True,
        help="The API whose tables these are, in place of an upload.",
    )
    content = fields.Binary(
        attachment=True,
        help="CSV, Excel (XLSX or XLS), HTML or JSON, or a ZIP of them.",
    )
    path = fields.Char(
        readonly=True,
        copy=False,
        groups="crm_migration.group_manager",
        help="File or folder on the server, given on the command line.",
    )
    replaces_id = fields.Many2one(
        "migration.file",
        ondelete="set null",
        index="btree_not_null",
        domain="[('project_id', '=', project_id), ('connection_id', '=', False)]",
        help="The earlier export that this one takes the place of, whatever their "
        "names are. What it does not have any more is gone from the source. Empty: "
        "it adds to what was read before, and nothing is taken for gone.",
    )
    replaced_by_ids = fields.One2many("migration.file", "replaces_id")
    table_ids = fields.One2many("migration.file.table", "file_id", readonly=True)
    table_count = fields.Integer(compute="_compute_table_count")
    document_count = fields.Integer(string="Documents", readonly=True)
    read_date = fields.Datetime(string="Read on", readonly=True)

    @api.depends("table_ids")
    def _compute_table_count(self):
        for file in self:
            file.table_count = len(file.table_ids)

    @api.model_create_multi
    def create(self, vals_list):
        """A path on the server is only taken from the command line."""
        if not self.env.su and any(vals.get("path") for vals in vals_list):
            raise AccessError(self.env._("Files are uploaded, not named by path."))
        files = super().create(vals_list)
        for file in files.filtered(lambda one: not one.replaces_id):
            file.replaces_id = file._former()
        return files

    def _former(self):
        """The earlier upload of the same name that nothing has replaced yet."""
        return self._latest(self.project_id, self.name, [("id", "<", self.id)])

    @api.model
    def _latest(self, project, name, domain=()):
        """The latest upload called ``name`` that nothing has replaced, if there is one.

        Corrected rows are left aside: they are never all that there is.
        """
        found = self.search(
            [
                ("project_id", "=", project.id),
                ("name", "=", name),
                ("connection_id", "=", False),
                ("replaced_by_ids", "=", False),
                *domain,
            ],
            order="id desc",
        )
        return found.filtered(
            lambda one: not any(table._is_part() for table in one.table_ids)
        )[:1]

    @api.constrains("replaces_id")
    def _check_replaces(self):
        for file in self:
            former = file.replaces_id
            if former and (
                former.project_id != file.project_id or former.id >= file.id
            ):
                raise ValidationError(
                    self.env._("A file replaces an earlier one of the same migration.")
                )

    def write(self, vals):
        """A path on the server is only taken from the command line.

        An upload takes the place of the file on the server.
        """
        if not self.env.su and "path" in vals:
            raise AccessError(self.env._("Files are uploaded, not named by path."))
        if vals.get("content"):
            self.sudo().filtered("path").write({"path": False})
        if {"content", "replaces_id"} & vals.keys():
            vals = {**vals, "read_date": False}
        return super().write(vals)

    def unlink(self):
        """The row of a connection goes together with the connection."""
        connections = self.connection_id
        done = super().unlink()
        connections.unlink()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_connection_by_manager(self):
        for connection in self.connection_id:
            if not connection.has_access("unlink"):
                raise UserError(
                    self.env._(
                        "%s is a connection: only a Migration Manager may remove it.",
                        connection.base_url,
                    )
                )

    def _connector(self):
        """The model that reads this file, or the API it stands for."""
        self.ensure_one()
        if self.connection_id:
            return self.connection_id._connector()
        return self.env["migration.connector.file"]

    def _local_path(self):
        """Path of the content on this machine.

        :raises Problem: the upload is empty
        """
        self.ensure_one()
        if self.sudo().path:
            return self.sudo().path
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "content"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        if not attachment.store_fname:
            raise empty_file(self.name)
        return attachment._full_path(attachment.store_fname)

    @api.model
    def _add_path(self, project, path):
        """Attach a file or folder of the server to ``project`` (command line only)."""
        path = os.path.abspath(path)
        return self.sudo().create(
            {
                "project_id": project.id,
                "name": os.path.basename(path),
                "path": path,
            }
        )

    def _take_places(self, project):
        """Let tables that were just read take over from those they stand in for.

        A table is the same one as before by what it contains, not by its name. Its
        records are then those of the new table: who is not in it is gone.
        """
        for file in project.file_ids.filtered(lambda one: not one.connection_id):
            new = file.table_ids.filtered(lambda one: not one.read_date)
            former = file.table_ids.filtered("former")
            former |= file.replaces_id.table_ids
            for table in new - former:
                table._take_place(former)
            file.table_ids.filtered("former").sudo().unlink()


class MigrationFileTable(models.Model):
    """One table found in a file: a CSV, a sheet, or an array of a JSON file."""

    _name = "migration.file.table"
    _description = "Migration Table"
    _order = "file_id, id"

    file_id = fields.Many2one(
        "migration.file", required=True, ondelete="cascade", index=True
    )
    project_id = fields.Many2one(related="file_id.project_id", store=True, index=True)
    name = fields.Char(required=True, readonly=True)
    format = fields.Char(readonly=True)
    encoding = fields.Char(readonly=True)
    delimiter = fields.Char(readonly=True)
    columns = fields.Text(readonly=True, help="Column names, one a line.")
    details = fields.Json(readonly=True)
    sample = fields.Json(
        readonly=True, help="The first rows, from which the columns are understood."
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    position = fields.Json(
        readonly=True, help="Where reading goes on, for sources that can say so."
    )
    endpoint_id = fields.Many2one(
        "migration.connection.endpoint", ondelete="cascade", readonly=True
    )
    seen_until = fields.Char(
        readonly=True,
        help="The latest change that the reading under way has seen; it counts once "
        "all tables are read.",
    )
    held_at = fields.Char(
        readonly=True,
        help="When the first record changed that could not be read: it is asked for "
        "again, so the position does not pass it.",
    )
    undated = fields.Boolean(
        readonly=True,
        help="A record does not say when it changed: asking for changes would miss it.",
    )
    partial = fields.Boolean(
        readonly=True, help="The last reading asked only for what had changed."
    )
    object_ids = fields.Many2many(
        "migration.source.object",
        string="Contains",
        help="What is in this table. Set it where the table was not recognised; the "
        "next “Read files” follows.",
    )
    recognised = fields.Boolean(compute="_compute_recognised", store=True)
    read_date = fields.Datetime(string="Read on", readonly=True)
    ignored = fields.Boolean(help="This table is not migrated.")
    former = fields.Boolean(
        readonly=True, help="The file has no table of this name any more."
    )

    def _is_part(self):
        """Whether these are rows that failed, corrected: never all that there is."""
        return ROW in (self.columns or "").split("\n")

    @api.depends("object_ids")
    def _compute_recognised(self):
        for table in self:
            table.recognised = bool(table.object_ids)

    def _take_place(self, former):
        """Take over the records of those of ``former`` that have the same content."""
        if self.ignored or self._is_part():
            return
        same = former.filtered(
            lambda one: one.object_ids & self.object_ids and not one._is_part()
        )
        if not same:
            return
        self.env["migration.record"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE migration_record SET table_id = %s WHERE table_id = ANY(%s)",
                self.id,
                same.ids,
            )
        )
        self.env["migration.record"].invalidate_model(["table_id"], flush=False)
        same.sudo().unlink()
