from odoo import fields, models


class MigrationRecordResult(models.AbstractModel):
    """What a run has found about one staged record."""

    _name = "migration.record.result"
    _inherit = ["migration.result"]
    _description = "Result of a Run about a Record"

    record_id = fields.Many2one(
        "migration.record", string="Staged Record", ondelete="set null", readonly=True
    )
    source_id = fields.Char(string="Source ID", readonly=True)
