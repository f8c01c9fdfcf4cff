from odoo import models


class MigrationLoaderOwner(models.AbstractModel):
    """Owners are matched with users, not loaded; their columns have these names."""

    _name = "migration.loader.owner"
    _inherit = "migration.loader"
    _description = "Migration Loader: Owners"

    def _targets(self):
        return {"key": "char", "email": "char", "name": "char", "active": "char"}


class MigrationLoaderFieldDefinition(models.AbstractModel):
    """Definitions of custom fields become lines of the mapping."""

    _name = "migration.loader.field_definition"
    _inherit = "migration.loader"
    _description = "Migration Loader: Custom Field Definitions"

    def _targets(self):
        return {
            "object": "char",
            "key": "char",
            "label": "char",
            "type": "char",
            "options": "text",
        }
