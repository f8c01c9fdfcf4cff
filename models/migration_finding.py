from odoo import api, fields, models


class MigrationFinding(models.Model):
    """Something about the data that the admin should know before the load."""

    _name = "migration.finding"
    _description = "Migration Finding"
    _order = "severity, count desc, id"

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        index=True,
    )
    run_id = fields.Many2one("migration.run", ondelete="cascade", index=True)
    mapping_id = fields.Many2one(
        "migration.mapping", string="Object", ondelete="cascade", index=True
    )
    file_id = fields.Many2one("migration.file", ondelete="cascade", index=True)
    severity = fields.Selection(
        selection=[("1_error", "Error"), ("2_warning", "Warning"), ("3_info", "Note")],
        required=True,
    )
    code = fields.Char(required=True, help="Stable name of the kind of finding.")
    name = fields.Char(string="Finding", required=True)
    count = fields.Integer(default=1)
    samples = fields.Text(help="Where it was seen: file, row, source id, value.")
    remedy = fields.Text(string="What to Do")

    @api.model
    def _unread_domain(self):
        """Of findings that say that a file, or a part of it, was not read.

        What another export has replaced since is nobody's concern any more.
        """
        return [
            ("severity", "=", "1_error"),
            ("file_id", "!=", False),
            ("file_id.replaced_by_ids", "=", False),
        ]
