from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.reasons import reason_text


class MigrationFailureReason(models.Model):
    """One reason for which records are not in Odoo, with how many there are."""

    _name = "migration.failure.reason"
    _description = "Migration Failure Reason"
    _order = "count desc, id"
    _rec_name = "error_code"
    _auto = False
    _log_access = False
    _depends = {
        "migration.record": [
            *("project_id", "mapping_id", "state", "unusable"),
            *("error", "error_code", "error_field"),
        ],
        "migration.mapping": ["active"],
    }

    project_id = fields.Many2one("migration.project", string="Migration", readonly=True)
    mapping_id = fields.Many2one("migration.mapping", string="Object", readonly=True)
    state = fields.Selection(
        selection=[("held", "Held"), ("failed", "Failed")], readonly=True
    )
    error_code = fields.Char(string="Technical Name", readonly=True)
    reason = fields.Char(compute="_compute_reason")
    error_field = fields.Char(string="Column", readonly=True)
    count = fields.Integer(string="Records", readonly=True)
    usable_count = fields.Integer(
        string="Can Be Tried",
        readonly=True,
        help="The others are broken rows, to be corrected in their file.",
    )
    example = fields.Text(string="For Instance", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT min(r.id) AS id, r.project_id, r.mapping_id, r.state,
                      r.error_code, r.error_field, count(*) AS count,
                      count(*) FILTER (WHERE NOT COALESCE(r.unusable, FALSE))
                      AS usable_count,
                      (array_agg(r.error ORDER BY r.id))[1] AS example
                 FROM migration_record r
                 JOIN migration_mapping m ON m.id = r.mapping_id
                WHERE r.state IN ('failed', 'held') AND m.active
                GROUP BY r.project_id, r.mapping_id, r.state, r.error_code,
                         r.error_field"""
        )

    @api.depends("error_code")
    def _compute_reason(self):
        translate = self.env["migration.project"]._translate_term
        for group in self:
            group.reason = reason_text(group.error_code, translate)

    def _domain(self):
        self.ensure_one()
        return [
            ("project_id", "=", self.project_id.id),
            ("mapping_id", "=", self.mapping_id.id),
            ("state", "=", self.state),
            ("error_code", "=", self.error_code),
            ("error_field", "=", self.error_field),
        ]

    def action_try_again(self):
        """Load the records of this reason now, and what waits for them."""
        self.ensure_one()
        self.check_access("read")
        started = self.project_id._try_again(
            object=self.mapping_id.name, code=self.error_code, field=self.error_field
        )
        return self.project_id._shown(started)

    def action_open(self):
        """Open the records of this reason."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_migration.migration_record_action"
        )
        return {**action, "domain": self._domain()}

    def action_leave_out(self):
        """Ask why the records of this reason are not loaded."""
        self.check_access("read")
        records = self.env["migration.record"].search(self._domain())
        return records.action_leave_out_because()

    def _as_dict(self):
        """The reason as the command line writes it."""
        self.ensure_one()
        return {
            "object": self.mapping_id.name,
            "state": self.state,
            "code": self.error_code or None,
            "reason": self.reason,
            "column": self.error_field or None,
            "count": self.count,
            "can_be_tried": self.usable_count,
            "example": self.example or None,
        }
