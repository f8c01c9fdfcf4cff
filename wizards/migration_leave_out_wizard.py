from odoo import fields, models


class MigrationLeaveOutWizard(models.TransientModel):
    """Asks why records are not to be loaded."""

    _name = "migration.leave.out.wizard"
    _description = "Leave Records Out"

    record_ids = fields.Many2many("migration.record", string="Records", readonly=True)
    reason = fields.Char(required=True, help="The log keeps it.")

    def action_apply(self):
        """Leave the records out."""
        self.ensure_one()
        self.record_ids._leave_out(self.reason)
        return {"type": "ir.actions.act_window_close"}
