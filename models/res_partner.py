from odoo import fields, models

from .engine.silence import is_silent


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "migration.target"]

    x_other_companies = fields.Text(
        string="Other Companies",
        copy=False,
        help="Companies a migrated contact was linked to besides the main one, with "
        "their source ids.",
    )

    def _fields_sync(self, values):
        """Each migrated contact keeps the address it had, as does its company.

        Odoo would give both the same one, and pass changes of a company that was
        there before on to contacts that are none of the migration's.
        """
        if is_silent(self.env.cr):
            return None
        return super()._fields_sync(values)
