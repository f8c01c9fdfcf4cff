from odoo import fields, models
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

    _purge_positive = models.Constraint(
        "CHECK(purge_after_days >= 0)", "The number of days cannot be negative."
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
        for project in self.filtered("purged_date"):
            staged = self.env["migration.record"].search_count(
                [("project_id", "=", project.id), ("payload", "!=", False)], limit=1
            )
            if not staged:
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
        for project in self.filtered("purged_date"):
            gone = self.env["migration.record"].search_count(
                [
                    ("project_id", "=", project.id),
                    ("res_id", "!=", 0),
                    ("payload", "=", False),
                ],
                limit=1,
            )
            if gone:
                raise UserError(
                    self.env._(
                        "What was loaded from “%(name)s” was purged on %(date)s: "
                        "changes cannot be merged, and values not verified. New "
                        "records can be read and loaded, and a rollback works.",
                        name=project.name,
                        date=fields.Date.to_string(project.purged_date),
                    )
                )
