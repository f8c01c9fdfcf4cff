import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError


class MigrationReconciliation(models.AbstractModel):
    """The verification of a migration: its thresholds, its last result, its report."""

    _name = "migration.reconciliation"
    _description = "Migration Reconciliation"

    verify_failed_share = fields.Float(
        string="Allowed Failures (%)",
        default=0,
        help="Share of an object's records that may have failed or be held.",
    )
    verify_amount_difference = fields.Float(
        string="Allowed Difference of Sums",
        default=0,
        help="By how much a sum of amounts may differ in a group, such as a stage.",
    )
    verify_error_rate = fields.Float(
        string="Error Rate to Find (%)",
        default=1,
        help="Share of wrong records that the spot check must not miss. The smaller, "
        "the more records it compares; 0 compares all.",
    )
    verify_confidence = fields.Float(
        string="Confidence (%)",
        default=95,
        help="How surely the spot check finds that share. 100 compares all records.",
    )
    check_ids = fields.One2many("migration.check", "project_id")
    verify_run_id = fields.Many2one("migration.run", compute="_compute_verify")
    verify_count = fields.Integer(string="Checks", compute="_compute_verify")
    verify_failed_count = fields.Integer(
        string="Checks Failed", compute="_compute_verify"
    )
    verify_warning_count = fields.Integer(
        string="Checks with a Warning", compute="_compute_verify"
    )
    verify_verdict = fields.Selection(
        selection=[
            ("open", "Not verified"),
            ("failed", "Failed"),
            ("warning", "Passed with warnings"),
            ("ok", "Passed"),
        ],
        string="Verification",
        compute="_compute_verify",
    )

    _verify_shares = models.Constraint(
        """CHECK(verify_failed_share BETWEEN 0 AND 100
             AND verify_error_rate BETWEEN 0 AND 100
             AND verify_confidence BETWEEN 0 AND 100)""",
        "A share is from 0 to 100 %.",
    )
    _verify_difference = models.Constraint(
        "CHECK(verify_amount_difference >= 0)", "A difference cannot be negative."
    )

    @api.depends("check_ids.verdict", "run_ids.state")
    def _compute_verify(self):
        for project in self:
            run = project.run_ids.filtered(
                lambda one: one.kind == "verify" and one.state == "done"
            )[:1]
            groups = dict(
                self.env["migration.check"]._read_group(
                    [("run_id", "=", run.id)], ["verdict"], ["__count"]
                )
            )
            failed, warnings = groups.get("1_failed", 0), groups.get("2_warning", 0)
            project.verify_run_id = run
            project.verify_count = sum(groups.values())
            project.verify_failed_count = failed
            project.verify_warning_count = warnings
            project.verify_verdict = (
                "open"
                if not run
                else "failed"
                if failed
                else "warning"
                if warnings
                else "ok"
            )

    def action_verify(self):
        """Check that Odoo holds what the source said; changes nothing in Odoo."""
        self.ensure_one()
        self._check_verifiable()
        return self._queue("verify", **self._verify_options())

    @staticmethod
    def _verify_options(seed=None):
        """Options of a verification; the seed is kept, so that it can be repeated."""
        return {"seed": seed or secrets.token_hex(4)}

    def _check_verifiable(self):
        """There is something to verify."""
        self._check_values_kept()
        self.ensure_one()
        loaded = self.env["migration.record"].search_count(
            [
                ("project_id", "=", self.id),
                ("state", "in", ("loaded", "matched")),
                ("mapping_id.schema", "=", False),
            ],
            limit=1,
        )
        if not loaded:
            raise UserError(
                self.env._("Nothing has been loaded yet: there is nothing to verify.")
            )

    def action_open_checks(self):
        """Open the results of the last verification."""
        return self._open(
            "migration_check_action", [("run_id", "=", self.verify_run_id.id)]
        )

    def action_verify_report(self):
        """Show the last verification as a page."""
        self.check_access("read")
        self.ensure_one()
        report = self.env.ref("crm_migration.verify_report_action")
        return report.report_action(self, config=False)

    def action_download_verification(self):
        """Download the last verification as a workbook."""
        self.ensure_one()
        self.check_access("read")
        return self._download(*self._verify_file())

    def _verify_file(self):
        """``(name, bytes)`` of the workbook of the last verification.

        :raises UserError: there has been none
        """
        self.ensure_one()
        if not self.verify_run_id:
            raise UserError(self.env._("Verify the migration first."))
        content = self.env["migration.verify.xlsx"]._workbook(self)
        return f"verification_{self.key}.xlsx", content

    def _handover_parts(self):
        """The last verification is part of the hand-over."""
        parts = super()._handover_parts()
        if self.verify_run_id:
            parts.append(
                (
                    "verification.xlsx",
                    lambda: self._verify_file()[1],
                    self.env._(
                        "Whether Odoo holds what the source said: counts, sums, "
                        "required fields, values and files compared."
                    ),
                )
            )
        return parts
