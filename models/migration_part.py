from odoo import fields, models


class MigrationPart(models.AbstractModel):
    """What belongs to one migration, is written by it, and goes with it."""

    _name = "migration.part"
    _description = "Part of a Migration"

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
