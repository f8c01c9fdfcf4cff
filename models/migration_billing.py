from odoo import api, fields, models


class MigrationBilling(models.AbstractModel):
    """What a migration hands to the accountant: invoices, and amounts to verify."""

    _name = "migration.billing"
    _description = "Migration Billing"

    checklist_ids = fields.One2many("migration.checklist", "project_id")
    checklist_count = fields.Integer(
        string="Amounts", compute="_compute_checklist_count"
    )
    checklist_open_count = fields.Integer(
        string="Amounts to Verify", compute="_compute_checklist_count"
    )
    billing_count = fields.Integer(
        string="Invoices to Import",
        compute="_compute_billing_count",
        help="Invoices of the source that are not in Odoo.",
    )

    @api.depends("checklist_ids.done")
    def _compute_checklist_count(self):
        for project in self:
            lines = project.checklist_ids
            project.checklist_count = len(lines)
            project.checklist_open_count = len(lines.filtered(lambda one: not one.done))

    def _compute_billing_count(self):
        dataset = self.env["migration.billing.dataset"]
        for project in self:
            project.billing_count = dataset._count(project)

    def action_open_checklist(self):
        """Open the amounts that somebody has to verify by hand."""
        return self._open("migration_checklist_action")

    def action_download_checklist(self):
        """Download the amounts to verify, with totals per case."""
        self.ensure_one()
        self.check_access("read")
        return self._download(*self._checklist_file())

    def action_download_billing(self):
        """Download the invoices that are not in Odoo, for its own import."""
        self.ensure_one()
        self.check_access("read")
        return self._download(*self._billing_dataset())

    def _billing_dataset(self):
        """``(file name, bytes)`` of the invoices that are not in Odoo, an XLSX file.

        None where there are none.
        """
        self.ensure_one()
        dataset = self.env["migration.billing.dataset"]
        if not dataset._count(self):
            return None
        return f"invoices_{self.key}.xlsx", dataset._workbook(self)

    def _checklist_file(self):
        """``(file name, bytes)`` of the amounts to verify; None where there is none."""
        self.ensure_one()
        if not self.checklist_ids:
            return None
        return f"checklist_{self.key}.xlsx", self.checklist_ids._workbook()

    def _handover_parts(self):
        """What the accountant gets is part of the hand-over."""
        parts = super()._handover_parts()
        if self.billing_count:
            parts.append(
                (
                    "invoices.xlsx",
                    lambda: self._billing_dataset()[1],
                    self.env._(
                        "Invoices of the source that are not in Odoo, for Odoo's own "
                        "import."
                    ),
                )
            )
        if self.checklist_ids:
            parts.append(
                (
                    "checklist.xlsx",
                    lambda: self._checklist_file()[1],
                    self.env._(
                        "Amounts that somebody verifies by hand, such as trust "
                        "balances, with totals per case. None was posted."
                    ),
                )
            )
        return parts
