from odoo import api, fields, models

from ..lib.corrections import flatten


class MigrationCorrectionWizard(models.TransientModel):
    """The cells of a staged row, to correct some of them."""

    _name = "migration.correction.wizard"
    _description = "Correct a Staged Record"

    record_id = fields.Many2one("migration.record", required=True, readonly=True)
    error = fields.Text(related="record_id.error")
    line_ids = fields.One2many("migration.correction.wizard.line", "wizard_id")

    @api.model
    def _for(self, record):
        """A wizard with the cells of ``record``, the one that is wrong first."""
        cells = flatten(record.payload or {})
        names = sorted(cells, key=lambda name: name != record.error_field)
        if record.error_field and record.error_field not in cells:
            names.insert(0, record.error_field)
        return self.create(
            {
                "record_id": record.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "sequence": number,
                            "column": name,
                            "before": cells.get(name, ""),
                            "value": cells.get(name, ""),
                        },
                    )
                    for number, name in enumerate(names)
                ],
            }
        )

    def action_apply(self):
        """Keep the corrections; the next load takes the record up."""
        self.ensure_one()
        self.record_id.project_id._check_manager()
        values = {
            line.column: line.value or ""
            for line in self.line_ids
            if (line.value or "") != (line.before or "")
        }
        if values:
            self.record_id._correct(values)
        return {"type": "ir.actions.act_window_close"}

    def action_apply_and_try(self):
        """Keep the corrections, and load the record now."""
        self.action_apply()
        return self.record_id.project_id._try_again(ids=self.record_id.ids)


class MigrationCorrectionWizardLine(models.TransientModel):
    """One cell."""

    _name = "migration.correction.wizard.line"
    _description = "Correct a Staged Record: Cell"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "migration.correction.wizard", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    column = fields.Char(required=True, readonly=True)
    before = fields.Text(string="In the Source", readonly=True)
    value = fields.Text(string="Corrected")
