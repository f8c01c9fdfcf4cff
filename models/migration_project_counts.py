from odoo import api, fields, models


class MigrationProjectCounts(models.AbstractModel):
    """How far a migration is: its counts, and the run that goes on."""

    _name = "migration.project.counts"
    _description = "Migration Counts"

    unrecognised_count = fields.Integer(compute="_compute_unrecognised_count")
    automation_count = fields.Integer(compute="_compute_automation_count")
    current_run_id = fields.Many2one("migration.run", compute="_compute_current_run")
    run_state = fields.Selection(
        selection=lambda self: self.env["migration.run"]._fields["state"].selection,
        compute="_compute_current_run",
    )
    progress = fields.Float(compute="_compute_current_run", help="Per cent, 0 to 100.")
    remaining = fields.Char(string="Time Left", compute="_compute_current_run")
    rate = fields.Float(compute="_compute_current_run", help="Records a second.")
    run_message = fields.Text(string="Result", compute="_compute_current_run")
    unconfirmed_count = fields.Integer(compute="_compute_unconfirmed_count")
    unmatched_count = fields.Integer(compute="_compute_unmatched_count")
    value_count = fields.Integer(compute="_compute_value_count")
    unmapped_count = fields.Integer(compute="_compute_value_count")
    staged_count = fields.Integer(compute="_compute_record_counts")
    loaded_count = fields.Integer(compute="_compute_record_counts")
    failed_count = fields.Integer(compute="_compute_record_counts")
    held_count = fields.Integer(compute="_compute_record_counts")
    finding_count = fields.Integer(compute="_compute_finding_count")

    def _compute_unrecognised_count(self):
        for project in self:
            tables = project.table_ids
            project.unrecognised_count = len(
                tables.filtered(lambda table: not (table.recognised or table.ignored))
            )

    def _compute_current_run(self):
        for project in self:
            run = project.run_ids[:1]
            project.current_run_id = run
            project.run_state = run.state
            project.progress = run.progress
            project.remaining = run.remaining
            project.rate = run.rate
            project.run_message = run.message

    @api.depends("mapping_ids.unconfirmed_count")
    def _compute_unconfirmed_count(self):
        for project in self:
            project.unconfirmed_count = sum(
                project.mapping_ids.mapped("unconfirmed_count")
            )

    @api.depends("mapping_ids.field_ids.value_ids.mapped")
    def _compute_value_count(self):
        for project in self:
            groups = self.env["migration.mapping.value"]._read_group(
                [
                    ("field_id.project_id", "=", project._origin.id),
                    ("field_id.kind", "=", "value_mapping"),
                    ("count", ">", 0),
                ],
                ["mapped"],
                ["__count"],
            )
            counts = dict(groups)
            project.value_count = sum(counts.values())
            project.unmapped_count = counts.get(False, 0)

    @api.depends("owner_ids.state", "owner_ids.record_count")
    def _compute_unmatched_count(self):
        for project in self:
            project.unmatched_count = len(
                project.owner_ids.filtered(
                    lambda owner: owner.state == "unmatched" and owner.record_count
                )
            )

    def _compute_record_counts(self):
        groups = self.env["migration.record"]._read_group(
            [("project_id", "in", self.ids)], ["project_id", "state"], ["__count"]
        )
        counts = {(project.id, state): count for project, state, count in groups}
        for project in self:
            loaded = [counts.get((project.id, one), 0) for one in ("loaded", "matched")]
            project.loaded_count = sum(loaded)
            project.failed_count = counts.get((project.id, "failed"), 0)
            project.held_count = counts.get((project.id, "held"), 0)
            project.staged_count = sum(
                count for (id_, _state), count in counts.items() if id_ == project.id
            )

    @api.depends("automation_ids")
    def _compute_automation_count(self):
        for project in self:
            project.automation_count = len(project.automation_ids)

    @api.depends("finding_ids")
    def _compute_finding_count(self):
        for project in self:
            project.finding_count = len(project.finding_ids)
