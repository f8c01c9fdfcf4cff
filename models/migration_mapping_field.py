from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.field_spec import FIRST_OF_LIST, NaturalKey
from ..lib.transforms import TRANSFORMS

# What a line says, as opposed to what was found in its column.
_DECISIVE = frozenset(
    (
        "source_path",
        "target",
        "kind",
        "transform",
        "reference",
        "reference_by",
        "reference_key",
        "ttype",
    )
)

#: Confidence of a line about which only the admin can decide.
ASKED = 0.3


class MigrationMappingField(models.Model):
    """One line of a mapping: a source column and the Odoo field it goes to."""

    _name = "migration.mapping.field"
    _description = "Migration Mapping Line"
    _order = "mapping_id, sequence, id"
    _rec_name = "source_path"

    mapping_id = fields.Many2one(
        "migration.mapping", required=True, ondelete="cascade", index=True
    )
    project_id = fields.Many2one(related="mapping_id.project_id", store=True)
    sequence = fields.Integer(default=10)
    source_path = fields.Char(
        string="Source Column",
        help="“a + b” joins columns by a space, “a.b” goes into nested values.",
    )
    template_name = fields.Char(
        readonly=True,
        help="What the template of the source calls this column: its meaning.",
    )
    target = fields.Char(
        string="Odoo Field", help="Technical name of the field in Odoo."
    )
    target_label = fields.Char(
        string="Field in Odoo",
        compute="_compute_target_label",
        help="Its label in Odoo.",
    )
    target_choices = fields.Json(
        compute="_compute_target_choices", help="Pairs of name and label."
    )
    kind = fields.Selection(
        selection="_selection_kind", required=True, default="direct"
    )
    transform = fields.Selection(
        selection="_selection_transform",
        help="Conversion to use instead of the one of the field's type.",
    )
    constant = fields.Char(help="Value every record gets.")
    reference = fields.Char(
        help="Object the value refers to. “column: kind=object, …” where another "
        "column says which object it is."
    )
    reference_by = fields.Selection(
        selection=[
            ("id", "Identifier"),
            ("name", "Name"),
            ("email", "E-mail address"),
            ("domain", "Internet domain"),
            ("phone", "Phone number"),
            ("row", "Same row"),
        ],
        string="Refers by",
        default="id",
        required=True,
        help="What the value has in common with the record it refers to. “Same row”: "
        "both were made from one row.",
    )
    reference_key = fields.Char(
        string="Referred Column",
        help="Column of the referenced object that holds the name, address, domain or "
        "number. Exactly one record with it is linked.",
    )
    on_missing = fields.Selection(
        selection=[("fail", "Fail"), ("empty", "Leave empty")],
        default="fail",
        required=True,
        string="If Unusable",
        help="What happens to a record whose value here cannot be used, or refers to "
        "something that is not there. What is left empty is in the log as a warning.",
    )
    date_order = fields.Selection(
        selection=[
            ("ymd", "Year, month, day"),
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
            ("excel", "Day numbers of Excel"),
        ],
        help="How dates of this column are written; found from all its values.",
    )
    decimal_sign = fields.Selection(selection=[(".", "1,234.50"), (",", "1.234,50")])
    format_chosen = fields.Boolean(
        readonly=True,
        help="An admin has said how dates or numbers are written here; reading the "
        "files again does not change it.",
    )
    policy = fields.Selection(
        selection=[
            ("keep", "Keep Odoo's value"),
            ("fill", "Fill if empty"),
            ("overwrite", "Overwrite"),
        ],
        default="keep",
        required=True,
        help="For records that were in Odoo already. An empty source value never "
        "erases anything.",
    )
    value_ids = fields.One2many("migration.mapping.value", "field_id")
    confidence = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    reason = fields.Char(readonly=True, help="Why this line is proposed.")
    confirmed = fields.Boolean(help="An admin has agreed to this line.")
    confirmed_by = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_date = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    changed = fields.Boolean(
        readonly=True, help="Somebody has changed what was proposed here."
    )
    fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of staged records that have a value here, 0 to 1.",
    )
    samples = fields.Char(readonly=True, help="Some of the values found.")
    distinct_count = fields.Integer(
        string="Distinct", readonly=True, help="Different values found."
    )
    longest = fields.Integer(readonly=True, help="Characters of the longest value.")
    type_seen = fields.Selection(
        selection=[
            ("boolean", "Yes or no"),
            ("integer", "Whole number"),
            ("float", "Number"),
            ("date", "Date"),
            ("datetime", "Date & time"),
            ("email", "E-mail address"),
            ("url", "Web address"),
            ("char", "Text"),
            ("text", "Long text"),
            ("mixed", "Mixed"),
        ],
        string="Looks Like",
        readonly=True,
        help="What all values have in common. Mixed: nearly all are numbers or dates.",
    )
    label = fields.Char(help="Label of the custom field to be made.")
    ttype = fields.Selection(
        selection=[
            ("char", "Text"),
            ("text", "Multiline text"),
            ("integer", "Integer"),
            ("float", "Decimal number"),
            ("monetary", "Monetary"),
            ("selection", "Selection"),
            ("date", "Date"),
            ("datetime", "Date & time"),
            ("boolean", "Checkbox"),
            ("many2one", "Link to a record"),
            ("many2many", "Links to records"),
        ],
        string="Field Type",
        help="Type of the custom field to be made.",
    )
    relation = fields.Char(
        string="Linked Model",
        help="Odoo model of the records that a custom field links to. Its values are "
        "ids of the object under “Reference”, or else names looked up in Odoo.",
    )
    options = fields.Text(help="Options of a selection, one a line.")

    @api.depends("target", "kind", "label", "mapping_id.res_model")
    @api.depends_context("lang")
    def _compute_target_label(self):
        for mapping, lines in self.grouped("mapping_id").items():
            labels = {}
            if mapping.res_model in self.env:
                described = self.env[mapping.res_model].fields_get(
                    attributes=["string"]
                )
                labels = {name: field["string"] for name, field in described.items()}
            for line in lines:
                made = line.kind == "custom_field_required" and line.label
                line.target_label = made or labels.get(line.target) or line.target

    @api.depends("source_path", "target_label", "mapping_id.label")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Several objects have a column of one name, and one column several targets."""
        for line in self:
            column = f"{line.mapping_id.label}: {line.source_path or ''}"
            line.display_name = " → ".join(filter(None, (column, line.target_label)))

    @api.depends("mapping_id.res_model", "mapping_id.loader")
    def _compute_target_choices(self):
        """What a line can go to: what its loader understands, fields one can write."""
        for mapping, lines in self.grouped("mapping_id").items():
            lines.target_choices = mapping._target_choices()

    @api.model
    def _selection_kind(self):
        return [
            ("identifier", self.env._("Identifier")),
            ("direct", self.env._("Direct")),
            ("transformed", self.env._("Transformed")),
            ("value_mapping", self.env._("Value map")),
            ("reference", self.env._("Reference")),
            ("related", self.env._("Column of a referenced record")),
            ("lookup", self.env._("Look-up in Odoo")),
            ("owner", self.env._("Owner")),
            ("constant", self.env._("Constant")),
            ("custom_field_required", self.env._("Custom field")),
            ("ignored", self.env._("Ignored")),
        ]

    @api.model
    def _selection_transform(self):
        names = sorted([*TRANSFORMS, FIRST_OF_LIST])
        return [(name, name.replace("_", " ")) for name in names]

    @api.constrains("target", "kind", "mapping_id")
    def _check_target(self):
        """A line goes to a field that is there, or that “Prepare” makes."""
        check = self.env["migration.mapping.check"]
        for mapping, lines in self.grouped("mapping_id").items():
            if mapping.role != "records" or mapping.res_model not in self.env:
                continue
            targets = self.env["migration.compiler"]._targets(mapping)
            for line in lines:
                if line.kind in ("identifier", "ignored") or not line.target:
                    continue
                text = check._target(line.kind, line.target, targets)
                if text:
                    raise ValidationError(
                        self.env._(
                            "%(object)s, “%(column)s”: %(problem)s",
                            object=mapping.label,
                            column=line.source_path or line.constant or line.target,
                            problem=text,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """A line that comes with a format has been decided on by somebody."""
        return super().create([_with_choice(vals) for vals in vals_list])

    def write(self, vals):
        """A changed line has to be confirmed again, unless that is the change."""
        if _DECISIVE & vals.keys() and "confirmed" not in vals:
            vals = {**vals, "confirmed": False}
        if vals.get("confirmed") is False:
            vals = {**vals, "confirmed_by": False, "confirmed_date": False}
        # The engine, which completes its own proposals, works as superuser.
        if _DECISIVE & vals.keys() and not self.env.su:
            vals = {**vals, "changed": True}
        vals = _with_choice(vals)
        if vals.get("format_chosen"):
            asked = self.filtered(lambda line: line.confidence <= ASKED)
            answer = {"confidence": 1, "reason": self.env._("The format was chosen")}
            super(MigrationMappingField, asked).write({**answer, **vals})
        return super().write(vals)

    def _refers(self):
        """Whether the line refers to records of the source, and to which is said."""
        kinds = ("reference", "related", "custom_field_required")
        return self.kind in kinds and bool(self.reference)

    def _natural_key(self):
        """What the line's references go by, where that is not the id; else None."""
        if self.kind != "reference" or self.reference_by in ("id", "row"):
            return None
        return NaturalKey(self.reference, self.reference_by, self.reference_key)

    def _confirm(self):
        """Record the admin's agreement, once for each line, in the audit log."""
        self.write(
            {
                "confirmed": True,
                "confirmed_by": self.env.uid,
                "confirmed_date": fields.Datetime.now(),
            }
        )
        self.env["migration.memory"]._remember(self)
        self.env["migration.log"]._append(
            [
                {
                    "project_id": line.project_id.id,
                    "mapping_id": line.mapping_id.id,
                    "operation": "decision",
                    "message": self.env._(
                        "Confirmed: %(column)s → %(target)s (%(kind)s)",
                        column=line.source_path or line.constant or "",
                        target=line.target or "–",
                        kind=line.kind,
                    ),
                }
                for line in self
            ]
            + self.env["migration.findings.merges"]._journal(self)
        )

    def action_list_values(self):
        """List the values of a value map as they are staged, each with a proposal."""
        self.ensure_one()
        self.check_access("write")
        self.env["migration.refiner"].sudo()._list_values(self.sudo())
        return True

    def action_confirm(self):
        """Confirm these lines."""
        self._confirm()
        return True


def _with_choice(vals):
    """``vals`` with the mark of an admin's choice, where they make one."""
    if "format_chosen" in vals or not {"date_order", "decimal_sign"} & vals.keys():
        return vals
    chosen = bool(vals.get("date_order") or vals.get("decimal_sign"))
    return {**vals, "format_chosen": chosen}


class MigrationMappingValue(models.Model):
    """A value of the source and what it becomes."""

    _name = "migration.mapping.value"
    _description = "Migration Value Translation"
    _order = "field_id, mapped, count desc, id"

    field_id = fields.Many2one(
        "migration.mapping.field", required=True, ondelete="cascade", index=True
    )
    project_id = fields.Many2one(related="field_id.project_id")
    name = fields.Char(string="Source Value", required=True)
    target = fields.Char(string="Odoo Value", help="Left empty, the field stays empty.")
    mapped = fields.Boolean(
        default=True,
        help="Without it, records with this value are reported instead of loaded.",
    )
    count = fields.Integer(readonly=True, help="Staged records with this value.")
    confidence = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    reason = fields.Char(readonly=True, help="Why this translation is proposed.")
    create_missing = fields.Boolean(
        string="Create",
        help="“Prepare” creates a record of this name in Odoo, if there is none; "
        "without an Odoo value it gets the name of the source value.",
    )
    merged_with = fields.Char(
        compute="_compute_merged_with",
        help="Other source values that become the same in Odoo: afterwards nobody can "
        "tell them apart.",
    )

    _name_uniq = models.Constraint(
        "UNIQUE(field_id, name)", "This value is translated already."
    )

    @api.depends("target", "mapped", "field_id.value_ids.target")
    def _compute_merged_with(self):
        for value in self:
            others = value.field_id.value_ids.filtered(
                lambda other, value=value: (
                    value.mapped
                    and value.count
                    and other != value
                    and other.mapped
                    and other.count
                    and (other.target or "") == (value.target or "")
                )
            )
            value.merged_with = ", ".join(other.name for other in others)

    @api.onchange("target", "create_missing")
    def _onchange_target(self):
        """Who says what a value becomes has decided on it."""
        for value in self:
            if value.target or value.create_missing:
                value.mapped = True
