from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.matching import RuleText

_UNFIT = ("one2many", "many2many", "binary", "json", "properties")


class MigrationMatchRule(models.Model):
    """One way to recognise a record that Odoo had before; the first hit counts."""

    _name = "migration.match.rule"
    _description = "Migration Matching Rule"
    _order = "mapping_id, sequence, id"
    _rec_name = "label"

    mapping_id = fields.Many2one(
        "migration.mapping", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10, help="Rules are asked in this order.")
    field_names = fields.Char(
        string="Odoo Fields",
        required=True,
        help="Technical names of the fields that all have to agree, separated by "
        "commas, e.g. “email” or “name, parent_id”. The rule counts for records that "
        "have a value for each of them.",
    )
    comparison = fields.Selection(
        selection=[
            ("alike", "As people write it"),
            ("legal", "The same, without the legal form"),
            ("exact", "Letter by letter"),
        ],
        default="alike",
        required=True,
        help="As people write it: e-mail addresses and phone numbers as Odoo "
        "normalises them, web addresses by their domain, tax ids by letters and "
        "digits, names without regard to case, accents and punctuation. Without the "
        "legal form, “Nordwind GmbH” and “Nordwind” agree as well.",
    )
    archived = fields.Boolean(
        string="Archived Too", help="Archived records of Odoo are recognised as well."
    )
    label = fields.Char(compute="_compute_label", string="Recognised by")

    @api.depends("field_names", "mapping_id.res_model")
    @api.depends_context("lang")
    def _compute_label(self):
        for rule in self:
            model = self.env.get(rule.mapping_id.res_model)
            names = rule._names()
            if model is not None:
                names = [
                    model._fields[name].get_description(self.env, ["string"])["string"]
                    if name in model._fields
                    else name
                    for name in names
                ]
            rule.label = ", ".join(names)

    @api.constrains("field_names", "mapping_id")
    def _check_field_names(self):
        for rule in self:
            rule.mapping_id._parse_rules(rule.field_names)
            model = self.env[rule.mapping_id.res_model]
            for name in rule._names():
                field = model._fields.get(name)
                if not field or not field.store or field.type in _UNFIT:
                    raise ValidationError(
                        self.env._(
                            "%(object)s cannot be recognised by “%(field)s”: "
                            "%(model)s has no such field that can be looked up. Name "
                            "another one.",
                            object=rule.mapping_id.label,
                            field=name,
                            model=rule.mapping_id.res_model,
                        )
                    )

    def _names(self):
        """Names of the fields that have to agree."""
        names = (self.field_names or "").split(",")
        return [name.strip() for name in names if name.strip()]

    def _as_text(self):
        """The rule as :mod:`lib.matching` writes it."""
        return RuleText(tuple(self._names()), self.comparison, self.archived)
