import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class MigrationHandoverWizard(models.TransientModel):
    """Shows what is handed over after a migration, and gives it as files.

    A file is kept in the wizard, which only its user sees and Odoo removes: nothing of
    the source's data stays behind in an attachment.
    """

    _name = "migration.handover.wizard"
    _description = "Migration Hand-over Files"

    project_id = fields.Many2one("migration.project", required=True, readonly=True)
    not_loaded = fields.Boolean(compute="_compute_not_loaded")
    line_ids = fields.One2many(
        "migration.handover.wizard.line", "wizard_id", readonly=True
    )
    file = fields.Binary(readonly=True)
    file_name = fields.Char(readonly=True)

    @api.depends("project_id")
    def _compute_not_loaded(self):
        for wizard in self:
            wizard.not_loaded = wizard.project_id.state != "loaded"

    @api.model
    def _open(self, project):
        """A wizard on ``project`` with a line for each of its parts."""
        lines = [
            fields.Command.create({"name": part.name, "about": part.about})
            for part in project._handover()
        ]
        return self.create({"project_id": project.id, "line_ids": lines})

    def action_download_all(self):
        """Download all parts as a ZIP."""
        self.ensure_one()
        name, whole = self.project_id._handover_zip()
        with whole:
            return self._download(name, whole.read())

    def action_page(self):
        """Show the summary as a page."""
        return self.project_id.action_handover_report()

    def _download(self, name, content):
        self.ensure_one()
        self.file = base64.b64encode(content)
        self.file_name = name
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
            "target": "download",
        }


class MigrationHandoverWizardLine(models.TransientModel):
    """One file of the hand-over."""

    _name = "migration.handover.wizard.line"
    _description = "Migration Hand-over File"
    _order = "id"

    wizard_id = fields.Many2one(
        "migration.handover.wizard", required=True, ondelete="cascade"
    )
    name = fields.Char(string="File", required=True, readonly=True)
    about = fields.Char(string="What Is in It", readonly=True)

    def action_download(self):
        """Download this file."""
        self.ensure_one()
        parts = self.wizard_id.project_id._handover()
        for part in parts:
            if part.name == self.name:
                with part.open() as stream:
                    content = stream and stream.read()
                break
        else:
            content = None
        if not content:
            raise UserError(
                self.env._(
                    "There is nothing in %s any more. Close this window and open the "
                    "hand-over again.",
                    self.name,
                )
            )
        return self.wizard_id._download(self.name, content)
