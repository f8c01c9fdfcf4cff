from odoo import api, fields, models

from .opening import opened

_KINDS = [
    ("count", "Counts"),
    ("failed", "Failed and held"),
    ("gone", "Records that are there"),
    ("twice", "Records that are there twice"),
    ("stranger", "Records of nobody"),
    ("required", "Required fields"),
    ("sum", "Sums and counts"),
    ("link", "Links"),
    ("value", "Spot check of values"),
    ("file", "Files"),
]
_VERDICTS = [("1_failed", "Failed"), ("2_warning", "Warning"), ("3_ok", "OK")]


class MigrationCheck(models.Model):
    """One result of a verification: what was expected of Odoo, and what was found."""

    _name = "migration.check"
    _inherit = ["migration.result"]
    _description = "Migration Check"
    _order = "verdict, id"
    _rec_name = "subject"
    _log_access = False

    kind = fields.Selection(_KINDS, string="Check", required=True, readonly=True)
    subject = fields.Char(required=True, readonly=True, help="What was checked.")
    expected = fields.Float(
        digits=(16, 2), readonly=True, help="By the source and the mapping."
    )
    found = fields.Float(digits=(16, 2), readonly=True, help="As it is in Odoo.")
    difference = fields.Float(
        digits=(16, 2), readonly=True, help="Found, less what was expected."
    )
    verdict = fields.Selection(_VERDICTS, required=True, readonly=True, index=True)
    message = fields.Text(readonly=True, help="What is wrong, or how it was checked.")
    res_model = fields.Char(string="Odoo Model", readonly=True)
    domain = fields.Json(readonly=True, help="The records it is about.")

    @api.model
    def _add(self, run, mapping, **values):
        """Keep one result of ``run``; its difference is worked out here."""
        return self._add_all(run, mapping, [values])

    def _add_all(self, run, mapping, results):
        """Keep many results of ``run``, dicts of values, by one statement."""
        return self.sudo().create(
            [
                {
                    "run_id": run.id,
                    "project_id": run.project_id.id,
                    "mapping_id": mapping.id,
                    "difference": round(values["found"] - values["expected"], 2),
                    **values,
                }
                for values in results
            ]
        )

    def action_report(self):
        """Show the verification of the migration on the screen as a page."""
        return self._project().action_verify_report()

    def action_download(self):
        """Download the verification of the migration on the screen as a workbook."""
        return self._project().action_download_verification()

    def _project(self):
        """The migration of these results, or the one whose list is open."""
        shown = self.env.context.get("default_project_id")
        return self.project_id[:1] or self.env["migration.project"].browse(shown)

    def action_open_records(self):
        """Open the records the check is about: the wrong ones, where there are some."""
        self.ensure_one()
        return opened(
            self.env,
            self.res_model,
            name=self.subject,
            domain=self.domain or [],
            context={"active_test": False},
        )

    def _summary(self):
        """The verdict on all of them, as one sentence."""
        counts = {key: 0 for key, _label in _VERDICTS}
        for check in self:
            counts[check.verdict] += 1
        if counts["1_failed"]:
            return self.env._(
                "%(failed)s of %(count)s checks failed, %(warnings)s with a warning.",
                failed=counts["1_failed"],
                count=len(self),
                warnings=counts["2_warning"],
            )
        if counts["2_warning"]:
            return self.env._(
                "%(count)s checks passed, %(warnings)s of them with a warning.",
                count=len(self),
                warnings=counts["2_warning"],
            )
        return self.env._("All %s checks passed.", len(self))

    def _as_dict(self):
        """The result as the command line writes it."""
        self.ensure_one()
        return {
            "object": self.mapping_id.name or None,
            "kind": self.kind,
            "subject": self.subject,
            "expected": self.expected,
            "found": self.found,
            "difference": self.difference,
            "verdict": self.verdict.partition("_")[2],
            "message": self.message or None,
            "model": self.res_model or None,
            "domain": self.domain or None,
        }
