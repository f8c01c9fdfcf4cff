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


class MigrationLoaderAutomation(models.AbstractModel):
    """Automations are listed, not loaded; their columns have these names."""

    _name = "migration.loader.automation"
    _inherit = "migration.loader"
    _description = "Migration Loader: Automations"

    def _targets(self):
        return {
            "name": "char",
            "trigger": "text",
            "conditions": "text",
            "actions": "text",
            "active": "char",
            "definition": "text",
        }


class MigrationLoaderChecklist(models.AbstractModel):
    """Amounts to verify by hand are listed, not loaded."""

    _name = "migration.loader.checklist"
    _inherit = "migration.loader"
    _description = "Migration Loader: Checklist"

    def _targets(self):
        return {
            "item": "char",
            "case": "char",
            "client": "char",
            "amount": "float",
            "currency": "char",
            "date": "date",
            "note": "text",
        }
