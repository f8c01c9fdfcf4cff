from odoo import api, models


class HandoverReport(models.AbstractModel):
    """What the pages of the hand-over show."""

    _name = "report.crm_migration.handover_report"
    _description = "Migration Hand-over Page"

    @api.model
    def _get_report_values(self, docids, data=None):
        projects = self.env["migration.project"].browse(docids)
        projects.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "migration.project",
            "docs": projects,
            "pages": [self._values(project) for project in projects],
        }

    @api.model
    def _values(self, project):
        """What one page shows."""
        active = self.env["migration.report"]._labels(
            "migration.automation", "active_in_source"
        )
        labels = {
            one.name: one.label
            for one in project.with_context(active_test=False).mapping_ids
        }
        return {
            "project": project,
            "report": self.env["migration.handover.summary"]._data(project),
            "labels": labels,
            "active_labels": active,
        }
