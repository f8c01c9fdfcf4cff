from odoo import api, fields, models

_VERDICTS = [
    ("1_missing", "Missing in Odoo"),
    ("2_differs", "Differs"),
    ("3_truncated", "Cut off"),
    ("4_left_out", "Left out, with a reason"),
    ("5_unchecked", "Not compared"),
    ("6_kept", "Odoo's own value kept"),
    ("7_mapped", "Changed as mapped"),
    ("8_same", "Same"),
]
#: Verdicts under which nothing got lost or changed unawares.
FINE = ("6_kept", "7_mapped", "8_same")


class MigrationSampleLine(models.Model):
    """One value of a sample: in the source, expected, and as read back from Odoo."""

    _name = "migration.sample.line"
    _inherit = ["migration.record.result"]
    _description = "Migration Sample Comparison"
    _order = "verdict, mapping_id, id"
    _rec_name = "source_id"
    _log_access = False

    field_id = fields.Many2one(
        "migration.mapping.field", string="Rule", ondelete="set null", readonly=True
    )
    source_path = fields.Char(related="field_id.source_path", string="Source Column")
    kind = fields.Selection(related="field_id.kind")
    target = fields.Char(string="Technical Name", readonly=True)
    target_label = fields.Char(string="Odoo Field", readonly=True)
    source_value = fields.Text(string="In the Source", readonly=True)
    expected = fields.Text(readonly=True, help="What the mapping makes of it.")
    actual = fields.Text(
        string="In Odoo", readonly=True, help="As it was read back from the record."
    )
    verdict = fields.Selection(_VERDICTS, required=True, readonly=True, index=True)
    message = fields.Text(string="Reason", readonly=True)

    @api.model
    def _record_all(self, run, mapping, rows):
        """Keep the rows of a comparison, dicts as of :meth:`_compare`."""
        verdicts = {key.partition("_")[2]: key for key, _label in _VERDICTS}
        labels = {line.target: line.target_label for line in mapping.field_ids}
        self.sudo().create(
            [
                {
                    **row,
                    "target_label": labels.get(row.get("target")),
                    "verdict": verdicts[row["verdict"]],
                    "run_id": run.id,
                    "project_id": run.project_id.id,
                    "mapping_id": mapping.id,
                }
                for row in rows
            ]
        )

    def _to_look_at(self):
        """The lines in which something is lost, changed or left out."""
        return self.filtered(lambda line: line.verdict not in FINE)

    def _as_dict(self):
        """The line as the command line writes it."""
        self.ensure_one()
        return {
            "object": self.mapping_id.name,
            "source_id": self.source_id,
            "column": self.source_path or None,
            "rule": self.kind or None,
            "field": self.target or None,
            "source_value": self.source_value or None,
            "expected": self.expected or None,
            "odoo_value": self.actual or None,
            "verdict": self.verdict.partition("_")[2],
            "reason": self.message or None,
        }
