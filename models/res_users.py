from odoo import models


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "migration.target"]

    def _keeps_stamps(self):
        """To join a migrated team changes the team of a user, and not the user."""
        return True

    def unlink(self):
        """Owners of migrations whose user goes are undecided again."""
        owners = (
            self.env["migration.owner"].sudo().search([("user_id", "in", self.ids)])
        )
        owners._set({"user_id": False, "matched_by": "none"})
        self.env.flush_all()
        return super().unlink()
