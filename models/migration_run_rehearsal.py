from odoo import api, fields, models

from .migration_rehearsal_line import LEFT_OUT

_MANAGER = "crm_migration.group_manager"


class MigrationRun(models.Model):
    """What a dry run says while it works, and the report it leaves."""

    _inherit = "migration.run"

    interim = fields.Json(
        readonly=True,
        help="Counts of a dry run so far, whose own lines nobody else can see yet.",
    )
    rehearsal_line_ids = fields.One2many(
        "migration.rehearsal.line", "run_id", readonly=True, groups=_MANAGER
    )
    rehearsal_count = fields.Integer(
        string="Would Not Be Loaded",
        compute="_compute_rehearsal_count",
        groups=_MANAGER,
    )

    def _compute_rehearsal_count(self):
        groups = self.env["migration.rehearsal.line"]._read_group(
            [("run_id", "in", self.ids), ("kind", "in", LEFT_OUT)],
            ["run_id"],
            ["__count"],
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run.rehearsal_count = counts.get(run.id, 0)

    @api.depends("interim")
    def _compute_progress(self):
        """Of a dry run under way, say what it has told in between."""
        told = self.filtered(
            lambda run: run.interim and run.state == "running" and not run.line_ids
        )
        result = super(MigrationRun, self - told)._compute_progress()
        for run in told:
            counts = run.interim
            run.total, run.handled = counts["total"], counts["handled"]
            run.failed_count = counts["failed"]
            run.rate = run.handled / counts["seconds"] if counts["seconds"] else 0
            run.progress = 100 * run.handled / run.total if run.total else 0
            run.remaining = run._time_left()
        return result

    def _interim(self):
        """Counts so far, as they are kept in ``interim``."""
        lines = self.line_ids
        waiting = self.env["migration.record"].search_count(
            [
                ("mapping_id", "in", (self._mappings() - lines.mapping_id).ids),
                ("state", "=", "pending"),
            ]
        )
        return {
            "total": sum(lines.mapped("total")) + waiting,
            "handled": sum(lines.mapped("handled")),
            "failed": sum(lines.mapped("failed")),
            "seconds": sum(lines.mapped("seconds")),
        }

    def _note_progress(self):
        """Say how far a dry run is, in a transaction of its own.

        Nothing else writes to the run while it works: neither waits for the other.
        """
        if self.env.context.get("migration_no_commit"):
            return
        counts = self._interim()
        with self.env.registry.cursor() as cr:
            self.with_env(self.env(cr=cr)).interim = counts

    def action_open_rehearsal(self):
        """Open the report of this dry run."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_migration.migration_rehearsal_line_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)]}

    def action_download_rehearsal(self):
        """Download the report of this dry run as a workbook."""
        return self._download_rehearsal("xlsx")

    def action_download_rehearsal_csv(self):
        """Download the report of this dry run as CSV."""
        return self._download_rehearsal("csv")

    def _download_rehearsal(self, extension):
        self.ensure_one()
        self.env["migration.rehearsal.line"].check_access("read")
        self.check_access("read")
        report = self.env["migration.rehearsal.report"]
        content = getattr(report, f"_{extension}")(self)
        name = f"dry_run_{self.project_id.key}_{self.id}.{extension}"
        return self.project_id._download(name, content)
