import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.transforms import jsonable

_COLUMNS = (
    "project_id",
    "run_id",
    "mapping_id",
    "operation",
    "source_id",
    "res_model",
    "res_id",
    "message",
    "changes",
)


_MANAGER = "crm_migration.group_manager"
#: Operations whose message quotes values of the source.
QUOTING = ("fail", "hold", "skip", "warning")


class MigrationLog(models.Model):
    """What a migration did, one row per operation; nobody can change it."""

    _name = "migration.log"
    _description = "Migration Log"
    _order = "id desc"
    _rec_name = "source_id"
    _log_access = False

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="restrict",
        readonly=True,
    )
    run_id = fields.Many2one("migration.run", ondelete="restrict", readonly=True)
    mapping_id = fields.Many2one(
        "migration.mapping", string="Object", ondelete="restrict", readonly=True
    )
    operation = fields.Selection(
        selection=[
            ("create", "Created"),
            ("update", "Updated"),
            ("match", "Matched"),
            ("skip", "Skipped"),
            ("hold", "Held"),
            ("fail", "Failed"),
            ("warning", "Warning"),
            ("unlink", "Removed"),
            ("restore", "Restored"),
            ("keep", "Kept"),
            ("archive", "Archived"),
            ("decision", "Decision"),
        ],
        required=True,
        readonly=True,
    )
    source_id = fields.Char(string="Source ID", readonly=True)
    res_model = fields.Char(string="Odoo Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Odoo Record", model_field="res_model", readonly=True
    )
    summary = fields.Text(
        compute="_compute_summary",
        compute_sudo=True,
        help="What happened, without values of the source.",
    )
    message = fields.Text(
        readonly=True, groups=_MANAGER, help="What happened; may quote the source."
    )
    changes = fields.Json(
        readonly=True, groups=_MANAGER, help="Values before and after, by field name."
    )
    changes_text = fields.Text(
        string="Values Changed", compute="_compute_changes_text", groups=_MANAGER
    )
    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", ondelete="restrict", readonly=True)

    _run_idx = models.Index("(run_id, operation)")
    _project_idx = models.Index("(project_id, id)")
    _target_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _source_idx = models.Index("(mapping_id, source_id) WHERE mapping_id IS NOT NULL")

    @api.depends("operation", "message", "changes")
    def _compute_summary(self):
        for entry in self:
            changes = entry.changes or {}
            names = changes.get("names") or list(changes.get("after") or {})
            if entry.operation in QUOTING:
                reason = (changes.get("field"), changes.get("code"))
                entry.summary = ": ".join(filter(None, reason))
            elif entry.message:
                entry.summary = entry.message
            else:
                entry.summary = ", ".join(names)

    @api.depends("changes")
    def _compute_changes_text(self):
        for entry in self:
            before = (entry.changes or {}).get("before", {})
            after = (entry.changes or {}).get("after", {})
            entry.changes_text = "\n".join(
                f"{name}: {before.get(name)} → {value}" for name, value in after.items()
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Entries come from the engine alone, which appends them in bulk."""
        if vals_list:
            raise AccessError(self.env._("The migration log cannot be written to."))
        return super().create(vals_list)

    def write(self, vals):
        """Nobody can change an entry."""
        if self:
            raise AccessError(self.env._("The migration log cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Nobody can remove an entry."""
        raise AccessError(self.env._("The migration log cannot be deleted."))

    @api.model
    def _append(self, rows):
        """Append ``rows``, dicts by column name, in one statement.

        Their time is that of the transaction, as in ``create_date``: the rollback
        tells by it what was made along with a record, and what was changed later.
        """
        if not rows:
            return
        values = [[row.get(name) for row in rows] for name in _COLUMNS]
        changes = values[-1]
        values[-1] = [
            None if one is None else json.dumps(one, default=_plain_json)
            for one in changes
        ]
        types = (
            "int4",
            "int4",
            "int4",
            "text",
            "text",
            "text",
            "int4",
            "text",
            "jsonb",
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO migration_log (%s, date, user_id)"
                " SELECT *, %s, %s FROM unnest(%s)",
                SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                self.env.cr.now(),
                self.env.uid,
                SQL(", ").join(
                    SQL("%s::%s[]", column, SQL.identifier(kind))
                    for column, kind in zip(values, types, strict=True)
                ),
            )
        )


def _plain_json(value):
    plain = jsonable(value)
    return str(value) if plain is value else plain
