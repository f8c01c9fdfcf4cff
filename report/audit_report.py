from odoo import api, models


class AuditReport(models.AbstractModel):
    """What the page of the audit report shows."""

    _name = "report.crm_migration.audit_report"
    _description = "Migration Audit Report Page"

    @api.model
    def _get_report_values(self, docids, data=None):
        projects = self.env["migration.project"].browse(docids)
        projects.check_access("read")
        report = self.env["migration.report"]
        return {
            "doc_ids": docids,
            "doc_model": "migration.project",
            "docs": projects,
            "reports": {project.id: report._data(project) for project in projects},
            "types": report._labels("migration.mapping.field", "type_seen"),
            "orders": report._labels("migration.mapping.field", "date_order"),
            "states": report._labels("migration.owner", "state"),
        }
