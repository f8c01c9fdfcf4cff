from odoo import api, fields, models
from odoo.exceptions import UserError


class MigrationProjectPurge(models.AbstractModel):
    """When the source's data is purged, and what no longer works then."""

    _name = "migration.project.purge"
    _description = "Migration Purge of a Project"

    purge_after_days = fields.Integer(
        string="Purge After (Days)",
        help="So many days after the last run, the rows copied from the source, "
        "uploads, and values in the log are removed. 0: never by itself.",
    )
    purged_date = fields.Datetime(string="Purged on", readonly=True, copy=False)
    purged_by_id = fields.Many2one(
        "res.users", string="Purged by", readonly=True, copy=False
    )
    values_purged = fields.Boolean(
        compute="_compute_values_purged",
        help="What was loaded cannot be compared with Odoo any more.",
    )
    rows_purged = fields.Boolean(
        compute="_compute_values_purged",
        help="There is nothing that could be loaded until files are read again.",
    )

    _purge_positive = models.Constraint(
        "CHECK(purge_after_days >= 0)", "The number of days cannot be negative."
    )

    @api.depends("purged_date")
    def _compute_values_purged(self):
        for project in self:
            project.values_purged = project._has_purged_values()
            project.rows_purged = project._has_purged_rows()

    def _has_purged_rows(self):
        """Whether no row of the source is there any more."""
        staged = [("project_id", "=", self.id), ("payload", "!=", False)]
        return bool(self.purged_date) and not self.env["migration.record"].search_count(
            staged, limit=1
        )

    def _has_purged_values(self):
        """Whether something was loaded of which the values are not known any more."""
        loaded = [("project_id", "=", self.id), ("res_id", "!=", 0)]
        return bool(self.purged_date) and bool(
            self.env["migration.record"].search_count(
                [*loaded, ("payload", "=", False)], limit=1
            )
        )

    def action_purge(self):
        """Say what would go and what stays, before it does."""
        self.check_access("read")
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purge Staged Data"),
            "res_model": "migration.purge.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_project_id": self.id},
        }

    def _check_not_purged(self):
        """Refuse what needs the source's data, until it is read again.

        :raises UserError: it was purged
        """
        for project in self.filtered(lambda one: one._has_purged_rows()):
            raise UserError(
                self.env._(
                    "The staged data of “%(name)s” was purged on %(date)s. Upload "
                    "the export and read it again first. What was loaded can still "
                    "be rolled back.",
                    name=project.name,
                    date=fields.Date.to_string(project.purged_date),
                )
            )

    def _check_values_kept(self):
        """Refuse what compares what is in Odoo with what was loaded.

        :raises UserError: that was purged
        """
        for project in self.filtered(lambda one: one._has_purged_values()):
            raise UserError(
                self.env._(
                    "What was loaded from “%(name)s” was purged on %(date)s: "
                    "changes cannot be merged, and values not verified. New "
                    "records can be read and loaded, and a rollback works.",
                    name=project.name,
                    date=fields.Date.to_string(project.purged_date),
                )
            )
