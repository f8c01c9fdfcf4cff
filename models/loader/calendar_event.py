from odoo import Command, models

from .base import HISTORY


class MigrationLoaderEvent(models.AbstractModel):
    """Meetings with their attendees; no invitation, no reminder, no activity."""

    _name = "migration.loader.calendar.event"
    _inherit = "migration.loader"
    _description = "Migration Loader: Calendar Events"

    def _targets(self):
        return {"record": "reference"}

    def _read_back(self, record, target):
        if target == "record":
            return True, (record.res_model, record.res_id)
        return super()._read_back(record, target)

    def _history_columns(self):
        # A link given at creation posts into the lead or makes an activity.
        return (*HISTORY, "res_model", "res_model_id", "res_id", "opportunity_id")

    def _prepare(self, mapping, items):
        models_by_name = {}
        for item in items:
            vals = item.vals
            model, res_id = vals.pop("record", (None, None))
            if model:
                if model not in models_by_name:
                    models_by_name[model] = self.env["ir.model"]._get_id(model)
                vals["res_model"] = model
                vals["res_model_id"] = models_by_name[model]
                vals["res_id"] = res_id
                if model == "crm.lead":
                    vals["opportunity_id"] = res_id
            # Without attendees Odoo would invite the user who runs the migration.
            vals["partner_ids"] = [Command.set(vals.get("partner_ids", []))]
            vals["alarm_ids"] = [Command.clear()]
