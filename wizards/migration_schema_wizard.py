import base64

from odoo import api, fields, models


class MigrationSchemaWizard(models.TransientModel):
    """Shows the structure a migration needs, to be created or handed over."""

    _name = "migration.schema.wizard"
    _description = "Migration Structure"

    project_id = fields.Many2one("migration.project", required=True, readonly=True)
    line_ids = fields.One2many(
        "migration.schema.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
    )
    new_count = fields.Integer(compute="_compute_new_count", string="To create")
    file = fields.Binary(readonly=True)
    file_name = fields.Char(readonly=True)

    @api.depends("project_id")
    def _compute_line_ids(self):
        names = ("model", "name", "label", "kind", "details", "exists")
        for wizard in self:
            plan = []
            if wizard.project_id:
                plan = self.env["migration.schema.plan"]._plan(wizard.project_id)
            lines = [{name: item[name] for name in names} for item in plan]
            wizard.line_ids = [(5,), *((0, 0, vals) for vals in lines)]

    @api.depends("line_ids")
    def _compute_new_count(self):
        for wizard in self:
            wizard.new_count = len(wizard.line_ids.filtered(lambda one: not one.exists))

    def action_create(self):
        """Create what is planned, in the background."""
        self.ensure_one()
        return self.project_id.action_prepare()

    def action_checklist(self):
        """Download the plan as a checklist."""
        plan = self.env["migration.schema.plan"]
        return self._download(plan._checklist(self.project_id), "structure.csv")

    def action_script(self):
        """Download the plan as a script for ``odoo-bin shell``."""
        plan = self.env["migration.schema.plan"]
        return self._download(plan._script(self.project_id), "structure.py")

    def _download(self, content, name):
        self.ensure_one()
        self.file = base64.b64encode(content)
        self.file_name = f"{self.project_id.key}-{name}"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/"
            f"{self.file_name}?download=true",
            "target": "download",
        }


class MigrationSchemaWizardLine(models.TransientModel):
    """One thing that is needed."""

    _name = "migration.schema.wizard.line"
    _description = "Migration Structure Line"
    _order = "id"

    wizard_id = fields.Many2one(
        "migration.schema.wizard", required=True, ondelete="cascade"
    )
    model = fields.Char(readonly=True)
    name = fields.Char(string="Technical Name", readonly=True)
    label = fields.Char(readonly=True)
    kind = fields.Char(readonly=True)
    details = fields.Char(readonly=True)
    exists = fields.Boolean(string="Exists Already", readonly=True)
