import base64

from odoo import fields, models
from odoo.exceptions import UserError


class MigrationMappingWizard(models.TransientModel):
    """Gives the mapping of a migration as a file, and takes one over."""

    _name = "migration.mapping.wizard"
    _description = "Migration Mapping File"

    project_id = fields.Many2one(
        "migration.project", string="Migration", required=True, readonly=True
    )
    file = fields.Binary(string="Mapping")
    file_name = fields.Char()
    confirmed = fields.Boolean(
        string="Confirmed Lines Stay Confirmed",
        default=True,
        help="Lines that were confirmed when the file was saved are so here, too. "
        "Without it, what the file changes waits for you to confirm it.",
    )
    result = fields.Text(readonly=True)
    download = fields.Binary(readonly=True)
    download_name = fields.Char(readonly=True)

    def action_specification(self):
        """Download the mapping as a workbook."""
        return self._download("xlsx")

    def action_json(self):
        """Download the mapping as JSON."""
        return self._download("json")

    def _download(self, ending):
        self.ensure_one()
        name = f"{self.project_id.key}-mapping.{ending}"
        self.download = base64.b64encode(self.project_id._save_mapping(name))
        self.download_name = name
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/download/{name}?download=true",
            "target": "download",
        }

    def action_load(self):
        """Take the uploaded mapping over, and say what had no place here."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        before = self.project_id.unconfirmed_count
        absent = self.project_id._load_mapping(
            self.file_name or "", base64.b64decode(self.file), self.confirmed
        )
        told = [
            self.env._(
                "The mapping has been taken over. Lines to confirm: %(now)s, before: "
                "%(before)s.",
                now=self.project_id.unconfirmed_count,
                before=before,
            )
        ]
        if absent:
            told += [self.env._("Not used:"), *absent]
        self.write({"result": "\n".join(told), "file": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mapping File"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
