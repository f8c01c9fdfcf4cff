from odoo import fields, models
from odoo.fields import Domain


class MigrationProjectScreens(models.AbstractModel):
    """What the buttons of a migration open and download."""

    _name = "migration.project.screens"
    _description = "Migration Screens"

    unread_count = fields.Integer(
        string="Not Read",
        compute="_compute_unread_count",
        help="Findings that say that a file, or a part of it, was not read.",
    )

    def _compute_unread_count(self):
        findings = self.env["migration.finding"]
        domain = Domain(findings._unread_domain()) & Domain(
            "project_id", "in", self.ids
        )
        groups = findings._read_group(domain, ["project_id"], ["__count"])
        counts = {project.id: count for project, count in groups}
        for project in self:
            project.unread_count = counts.get(project.id, 0)

    def action_download_specification(self):
        """Download the mapping as a workbook."""
        self.check_access("read")
        self.ensure_one()
        wizard = self.env["migration.mapping.wizard"].create({"project_id": self.id})
        return wizard.action_specification()

    def action_download_failed(self):
        """Download the failed records, to correct them and upload them again."""
        self.check_access("read")
        self.ensure_one()
        mappings = self.with_context(active_test=False).mapping_ids
        return self.env["migration.failed.file"]._download(self, mappings)

    def action_open_records(self):
        """Open the staged records of this project."""
        return self._open("migration_record_action")

    def action_open_failed(self):
        """Open the staged records that failed."""
        return self._open(
            "migration_record_action", [("state", "in", ("failed", "held"))]
        )

    def action_open_pending(self):
        """Open the staged records that the next load takes."""
        return self._open(
            "migration_record_action",
            [
                ("state", "=", "pending"),
                ("mapping_id.role", "=", "records"),
                ("mapping_id.active", "=", True),
            ],
        )

    def action_open_dry_run(self):
        """Open the report of the last dry run."""
        self.check_access("read")
        self.ensure_one()
        return self.dry_run_id.action_open_rehearsal()

    def action_open_log(self):
        """Open the audit log of this project."""
        return self._open("migration_log_action")

    def action_open_mappings(self):
        """Open the lines of the mapping."""
        return self._open("migration_mapping_field_action")

    def action_open_values(self):
        """Open the values that are translated, those without a translation first."""
        return self._open(
            "migration_mapping_value_action",
            [("field_id.kind", "=", "value_mapping"), ("count", ">", 0)],
        )

    def action_open_owners(self):
        """Open the owners and the users their records go to."""
        return self._open("migration_owner_action")

    def action_download_owners(self):
        """Download the report of the owners as a workbook."""
        self.ensure_one()
        self.check_access("read")
        content = self.env["migration.owner.report"]._workbook(self)
        return self._download(f"owners_{self.key}.xlsx", content)

    def action_open_automations(self):
        """Open the automations of the source, which people rebuild in Odoo."""
        return self._open("migration_automation_action")

    def action_download_automations(self):
        """Download the blueprint of all automations as JSON."""
        self.ensure_one()
        self.check_access("read")
        content = self.automation_ids._blueprints()
        return self._download(f"automations_{self.key}.json", content)

    def action_open_findings(self):
        """Open what was found in the data."""
        return self._open("migration_finding_action")

    def _unread_findings(self):
        """What says that a file, or a part of it, was not read."""
        return self.finding_ids.filtered_domain(
            self.env["migration.finding"]._unread_domain()
        )

    def action_open_unread(self):
        """Open what could not be read."""
        return self._open(
            "migration_finding_action", self.env["migration.finding"]._unread_domain()
        )

    def action_audit_report(self):
        """Show the audit report as a page."""
        self.check_access("read")
        self.ensure_one()
        report = self.env.ref("crm_migration.audit_report_action")
        return report.report_action(self, config=False)

    def action_download_audit(self):
        """Download the audit report as a workbook."""
        self.ensure_one()
        self.check_access("read")
        content = self.env["migration.report.xlsx"]._workbook(self)
        return self._download(f"audit_{self.key}.xlsx", content)

    def _download(self, name, content):
        attachment = self.env["migration.failed.file"]._attach(self, name, content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _action_form(self):
        """Back to the form of the migration, whatever was opened from there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "main",
        }

    def _shown(self, started):
        """Open the migration when ``started`` is told: there it is seen how far it is.

        :param dict started: the notification that a run was started
        """
        return {**started, "params": {**started["params"], "next": self._action_form()}}

    def _open(self, xml_id, domain=()):
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"crm_migration.{xml_id}"
        )
        domain = [("project_id", "=", self.id), *domain]
        return {**action, "domain": domain, "context": {"default_project_id": self.id}}
