from odoo import api, fields, models

from ..lib.reasons import reason_text

LEFT_OUT = ("1_failed", "2_held", "3_skipped")


class MigrationRehearsalLine(models.Model):
    """One thing that the load would do, or could not do, as a dry run has seen it."""

    _name = "migration.rehearsal.line"
    _inherit = ["migration.record.result"]
    _description = "Migration Dry Run Report"
    _order = "kind, mapping_id, code, source_path, id"
    _rec_name = "source_id"
    _log_access = False

    kind = fields.Selection(
        selection=[
            ("1_failed", "Would fail"),
            ("2_held", "Would be held"),
            ("3_skipped", "Would be left out"),
            ("4_warning", "Warning"),
            ("5_write", "Would change a record that is there"),
            ("6_make", "Would be made"),
        ],
        required=True,
        readonly=True,
    )
    file = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    code = fields.Char(string="Technical Name", readonly=True)
    reason = fields.Char(compute="_compute_reason", store=True)
    source_path = fields.Char(string="Column", readonly=True)
    res_model = fields.Char(string="Odoo Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Odoo Record", model_field="res_model", readonly=True
    )
    target = fields.Char(string="Odoo Field", readonly=True)
    before = fields.Text(string="In Odoo Now", readonly=True)
    value = fields.Text(readonly=True, help="In the source, or what Odoo would have.")
    message = fields.Text(
        string="Why, and What to Do", readonly=True, help="Or the name of what is made."
    )
    earlier = fields.Boolean(
        string="Failed Before",
        readonly=True,
        help="It failed when it was read or loaded before, and is not tried again.",
    )
    count = fields.Integer(default=1, readonly=True)

    @api.depends("code")
    def _compute_reason(self):
        translate = self.env["migration.project"]._translate_term
        for line in self:
            line.reason = line.code and reason_text(line.code, translate)

    @api.model
    def _reasons(self, run):
        """``[(kind, mapping, code, column, count, example)]``, the commonest first."""
        groups = self._read_group(
            [("run_id", "=", run.id), ("kind", "in", (*LEFT_OUT, "4_warning"))],
            ["kind", "mapping_id", "code", "source_path"],
            ["__count", "id:min"],
            order="__count desc",
        )
        return [
            (kind, mapping, code, column, count, self.browse(example).message)
            for kind, mapping, code, column, count, example in groups
        ]

    def _as_dict(self):
        """The line as files and the command line have it."""
        self.ensure_one()
        return {
            "kind": (self.kind or "").partition("_")[2],
            "object": self.mapping_id.name or None,
            "source_id": self.source_id or None,
            "file": self.file or None,
            "row": self.row or None,
            "code": self.code or None,
            "column": self.source_path or None,
            "value": self.value or None,
            "message": self.message or None,
            "failed_before": self.earlier,
            "model": self.res_model or None,
            "id": self.res_id or None,
            "field": self.target or None,
            "before": self.before or None,
            "count": self.count,
        }
