from odoo import fields, models


class MigrationCurrentRun(models.AbstractModel):
    """How far the current run is, as the widget ``migration_progress`` shows it."""

    _name = "migration.current.run"
    _description = "Progress of the Current Run"

    current_run_id = fields.Many2one("migration.run", compute="_compute_current_run")
    run_state = fields.Selection(
        selection=lambda self: self.env["migration.run"]._fields["state"].selection,
        compute="_compute_current_run",
    )
    progress = fields.Float(compute="_compute_current_run", help="Per cent, 0 to 100.")
    remaining = fields.Char(string="Time Left", compute="_compute_current_run")
    rate = fields.Float(compute="_compute_current_run", help="Records a second.")
    run_message = fields.Text(string="Result", compute="_compute_current_run")

    def _compute_current_run(self):
        for record in self:
            run = record._current_run()
            record.current_run_id = run
            record.run_state = run.state
            record.progress = run.progress
            record.remaining = run.remaining
            record.rate = run.rate
            record.run_message = run.message

    def _current_run(self):
        """The run to show; none where nothing is to be said."""
        raise NotImplementedError
