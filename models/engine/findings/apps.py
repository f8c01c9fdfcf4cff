from odoo import models


class MigrationFindingsApps(models.AbstractModel):
    """Records of apps that this database does not have."""

    _name = "migration.findings.apps"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Apps"

    def _find_missing(self, run, mapping):
        """An object whose Odoo model is not there: it goes into a file instead."""
        if mapping.role != "dataset" or not mapping.staged_count:
            return
        self._report(
            run,
            "3_info",
            "app_missing",
            self.env._(
                "%(object)s cannot be loaded: the app of %(model)s is not installed",
                object=mapping.label,
                model=mapping.loader,
            ),
            mapping,
            mapping.staged_count,
            remedy=self.env._(
                "Download them as a file for Odoo's own import; or install the app, "
                "and read the files again."
            ),
        )
