from odoo import api, fields, models
from odoo.exceptions import UserError


class MigrationPurgeWizard(models.TransientModel):
    """Shows what a purge removes, what stays, and what is impossible afterwards."""

    _name = "migration.purge.wizard"
    _description = "Purge Staged Data"

    project_id = fields.Many2one(
        "migration.project", string="Migration", required=True, readonly=True
    )
    goes = fields.Text(compute="_compute_texts")
    stays = fields.Text(compute="_compute_texts")
    ends = fields.Text(string="Is No Longer Possible", compute="_compute_texts")
    understood = fields.Boolean(string="I understand that this cannot be undone")

    @api.depends("project_id")
    def _compute_texts(self):
        for wizard in self:
            preview = self.env["migration.purger"]._preview(wizard.project_id)
            for name in ("goes", "stays", "ends"):
                wizard[name] = "\n".join(
                    f"{text}: {count}" if count else text
                    for what, text, count in preview
                    if what == name
                )

    def action_purge(self):
        """Purge the staged data."""
        self.ensure_one()
        self.project_id._check_manager()
        if not self.understood:
            raise UserError(self.env._("Say that you understand what goes."))
        self.env["migration.purger"]._purge(self.project_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
