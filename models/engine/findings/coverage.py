from odoo import models

from .examiner import SAMPLES


class MigrationFindingsCoverage(models.AbstractModel):
    """How much came of what records name, where an API does not give all of it."""

    _name = "migration.findings.coverage"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Coverage"

    def _find_coverage(self, run):
        project = run.project_id
        for connector in project._connectors():
            for one in connector._coverage(project):
                if one.named:
                    self._report_coverage(run, one)

    def _report_coverage(self, run, one):
        self._report(
            run,
            "2_warning" if one.missing else "3_info",
            "coverage",
            self.env._(
                "%(what)s: %(named)s, of which %(missing)s are missing",
                what=one.what,
                named=len(one.named),
                missing=len(one.missing) or self.env._("none"),
            ),
            one.mapping,
            len(one.missing) or len(one.named),
            ", ".join(sorted(one.missing)[:SAMPLES]),
            one.remedy if one.missing else "",
        )
