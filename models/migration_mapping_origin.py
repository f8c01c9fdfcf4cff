from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MigrationMappingOrigin(models.Model):
    """A column of another object from which records of this one are made.

    Companies, for instance, that are only columns of the contacts: one line says that
    “name” is their “Company Name”, another that “website” is their “Company Website”.
    """

    _name = "migration.mapping.origin"
    _description = "Migration Origin Column"
    _order = "mapping_id, origin_id, id"
    _rec_name = "origin_column"

    mapping_id = fields.Many2one(
        "migration.mapping", required=True, ondelete="cascade", index=True
    )
    project_id = fields.Many2one(related="mapping_id.project_id")
    origin_id = fields.Many2one(
        "migration.mapping",
        string="Made from",
        required=True,
        ondelete="cascade",
        index=True,
        help="Object whose records are looked through.",
    )
    origin_column = fields.Char(
        string="Its Column", required=True, help="Column of that object."
    )
    source_path = fields.Char(
        string="Becomes", required=True, help="Source column of this object."
    )
    is_list = fields.Boolean(
        string="List",
        help="The column has several values in a cell, each a record of its own: tags.",
    )

    _path_uniq = models.Constraint(
        "UNIQUE(mapping_id, origin_id, source_path)",
        "This column is made from another one of the same object already.",
    )

    @api.constrains("mapping_id", "origin_id")
    def _check_origin(self):
        for line in self:
            if line.origin_id == line.mapping_id:
                raise ValidationError(
                    self.env._("%s cannot be made from itself.", line.origin_id.label)
                )
            if line.origin_id.project_id != line.mapping_id.project_id:
                raise ValidationError(
                    self.env._("Choose an object of the same migration.")
                )
