from odoo import fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "migration.target"]

    x_other_companies = fields.Text(
        string="Other Companies",
        copy=False,
        help="Companies a migrated contact was linked to besides the main one, with "
        "their source ids.",
    )
