from odoo import api, models
from odoo.tools import SQL


class MigrationMappingApp(models.AbstractModel):
    """Objects whose Odoo model belongs to an app that may not be installed."""

    _name = "migration.mapping.app"
    _description = "Migration Mapping of an App"

    @api.model
    def _without_app(self, source_object):
        """What the mapping of an object is whose app is not installed."""
        return {
            "role": "dataset",
            "res_model": False,
            "loader": source_object.loader or source_object.res_model,
        }

    def _take_installed_app(self):
        """Load records again whose app has been installed since the last reading.

        Their columns are proposed anew: more of them have a place now.
        """
        for mapping in self.filtered(lambda one: one.role == "dataset"):
            template = mapping.object_id
            if template.res_model not in self.env:
                continue
            mapping.field_ids.unlink()
            mapping.write(
                {name: template[name] for name in ("role", "res_model", "loader")}
            )
            self.env["migration.record"].flush_model(["state"])
            self.env["migration.record"]._reset(
                SQL(
                    "mapping_id = %s AND state = 'skipped' AND res_id IS NULL",
                    mapping.id,
                )
            )

    def _label_without_app(self):
        """What becomes of records whose app is not installed, or None."""
        if self.role != "dataset":
            return None
        return self.env._("A file: the app of %s is not installed", self.loader)
