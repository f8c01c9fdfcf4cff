from odoo import api, fields, models


class MigrationProjectCounts(models.AbstractModel):
    """How far a migration is: its counts, and the run that goes on."""

    _name = "migration.project.counts"
    _inherit = ["migration.current.run"]
    _description = "Migration Counts"

    unrecognised_count = fields.Integer(compute="_compute_unrecognised_count")
    automation_count = fields.Integer(compute="_compute_automation_count")
    unconfirmed_count = fields.Integer(compute="_compute_unconfirmed_count")
    unmatched_count = fields.Integer(compute="_compute_unmatched_count")
    value_count = fields.Integer(compute="_compute_value_count")
    unmapped_count = fields.Integer(compute="_compute_value_count")
    staged_count = fields.Integer(
        compute="_compute_record_counts",
        help="Rows that become records in Odoo; owners, for instance, do not.",
    )
    pending_count = fields.Integer(compute="_compute_record_counts")
    loaded_count = fields.Integer(compute="_compute_record_counts")
    failed_count = fields.Integer(compute="_compute_record_counts")
    held_count = fields.Integer(compute="_compute_record_counts")
    finding_count = fields.Integer(compute="_compute_finding_count")

    dry_run_id = fields.Many2one("migration.run", compute="_compute_dry_run")
    dry_run_count = fields.Integer(
        compute="_compute_dry_run",
        help="Records that would not be loaded, as the last dry run has found.",
    )

    def _compute_dry_run(self):
        for project in self:
            runs = project.run_ids.filtered(
                lambda run: run.kind == "dry_run" and run.state == "done"
            )
            project.dry_run_id = runs[:1]
            project.dry_run_count = runs[:1].sudo().rehearsal_count

    def _compute_unrecognised_count(self):
        for project in self:
            tables = project.table_ids
            project.unrecognised_count = len(
                tables.filtered(lambda table: not (table.recognised or table.ignored))
            )

    def _current_run(self):
        """The last run, whether it still works or not."""
        return self.run_ids[:1]

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
            [("project_id", "in", self.ids)], ["mapping_id", "state"], ["__count"]
        )
        for project in self:
            own = [group for group in groups if group[0].project_id == project]
            loads = [group for group in own if group[0].role == "records"]
            active = [group for group in loads if group[0].active]
            project.loaded_count = _total(own, "loaded", "matched")
            project.failed_count = _total(own, "failed")
            project.held_count = _total(own, "held")
            project.pending_count = _total(active, "pending")
            project.staged_count = sum(count for *_group, count in loads)

    @api.depends("automation_ids")
    def _compute_automation_count(self):
        for project in self:
            project.automation_count = len(project.automation_ids)

    @api.depends("finding_ids")
    def _compute_finding_count(self):
        for project in self:
            project.finding_count = len(project.finding_ids)


def _total(groups, *states):
    """How many records of ``groups`` (mapping, state, count) are in ``states``."""
    return sum(count for _mapping, state, count in groups if state in states)
