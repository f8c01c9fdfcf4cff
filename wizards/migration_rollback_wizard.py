from odoo import api, fields, models

from ..models.engine.undo_plan import UndoPlan
from ..models.migration_run import UNDOABLE


class MigrationRollbackWizard(models.TransientModel):
    """Shows what a rollback would do, before it does it."""

    _name = "migration.rollback.wizard"
    _description = "Migration Rollback"

    project_id = fields.Many2one(
        "migration.project", string="Migration", required=True, readonly=True
    )
    run_id = fields.Many2one(
        "migration.run",
        string="Only This Run",
        domain=f"[('project_id', '=', project_id), ('kind', 'in', {UNDOABLE})]",
        help="Empty: everything the migration did.",
    )
    force = fields.Boolean(
        string="Remove what users changed, too",
        help="Also removes records that were changed since, with all that users have "
        "added to them, and restores values that were changed since.",
    )
    line_ids = fields.One2many(
        "migration.rollback.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
    )
    remove_count = fields.Integer(compute="_compute_counts", string="To remove")
    keep_count = fields.Integer(compute="_compute_counts", string="To keep")
    restore_count = fields.Integer(compute="_compute_counts", string="To restore")

    @api.depends("project_id", "run_id", "force")
    def _compute_line_ids(self):
        for wizard in self:
            lines = self._preview(wizard.project_id, wizard.run_id, wizard.force)
            wizard.line_ids = [(5,), *((0, 0, vals) for vals in lines)]

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            for name in ("remove", "keep", "restore"):
                lines = wizard.line_ids.filtered(lambda one, n=name: one.action == n)
                wizard[f"{name}_count"] = sum(lines.mapped("count"))

    @api.model
    def _preview(self, project, run, force):
        """Values of the lines: what goes, what stays and why, what is restored."""
        if not project:
            return []
        rollback = self.env["migration.rollback"]
        reasons = rollback._reasons()
        labels = {}
        lines = []
        for model, reason, by_what, count, samples in UndoPlan(
            project, run, force
        ).summary():
            labels.setdefault(model, self.env["ir.model"]._get(model).name)
            by_label = by_what and self.env["ir.model"]._get(by_what).name
            lines.append(
                {
                    "action": "keep" if reason else "remove",
                    "name": labels[model] or model,
                    "count": count,
                    "reason": reason
                    and rollback._because(reasons, reason, by_label or by_what),
                    "samples": ", ".join(filter(None, samples)),
                }
            )
        restored = {}
        empty_run = self.env["migration.run"].new({"project_id": project.id})
        for _log, _mapping, source_id, model, _id, _changes in rollback._updates(
            empty_run, run
        ):
            restored.setdefault(model, []).append(source_id)
        for model, sources in restored.items():
            lines.append(
                {
                    "action": "restore",
                    "name": self.env["ir.model"]._get(model).name or model,
                    "count": len(sources),
                    "samples": ", ".join(filter(None, sources[:5])),
                }
            )
        return lines

    def action_rollback(self):
        """Start the rollback in the background."""
        self.ensure_one()
        self.project_id._check_manager()
        return self.project_id._queue(
            "rollback", run_id=self.run_id.id, force=self.force
        )


class MigrationRollbackWizardLine(models.TransientModel):
    """One line of the preview."""

    _name = "migration.rollback.wizard.line"
    _description = "Migration Rollback Preview"
    _order = "id"

    wizard_id = fields.Many2one(
        "migration.rollback.wizard", required=True, ondelete="cascade"
    )
    action = fields.Selection(
        selection=[
            ("remove", "Is removed"),
            ("keep", "Stays"),
            ("restore", "Is restored"),
        ],
        readonly=True,
    )
    name = fields.Char(string="Kind of Record", readonly=True)
    count = fields.Integer(readonly=True)
    reason = fields.Char(string="Why It Stays", readonly=True)
    samples = fields.Char(string="For Example", readonly=True)
