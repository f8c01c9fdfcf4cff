from odoo import fields, models


class MigrationResult(models.AbstractModel):
    """What a run has found, for somebody to look at; it goes with its run."""

    _name = "migration.result"
    _inherit = ["migration.part"]
    _description = "Result of a Run"

    run_id = fields.Many2one(
        "migration.run", required=True, ondelete="cascade", index=True, readonly=True
    )
    mapping_id = fields.Many2one(
        "migration.mapping", string="Object", ondelete="cascade", readonly=True
    )
