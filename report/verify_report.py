from odoo import api, models


class VerifyReport(models.AbstractModel):
    """What the page of a verification shows."""

    _name = "report.crm_migration.verify_report"
    _description = "Migration Verification Page"

    @api.model
    def _get_report_values(self, docids, data=None):
        projects = self.env["migration.project"].browse(docids)
        projects.check_access("read")
        report = self.env["migration.verify.report"]
        return {
            "doc_ids": docids,
            "doc_model": "migration.project",
            "docs": projects,
            "reports": {project.id: report._data(project) for project in projects},
        }
