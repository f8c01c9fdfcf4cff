from odoo import api, fields, models
from odoo.tools import groupby

from ..lib.values.names import match_key

# What is remembered of a line besides its translated values.
DECISION = (
    "target",
    "kind",
    "transform",
    "reference",
    "reference_by",
    "reference_key",
    "on_missing",
    "label",
    "ttype",
    "relation",
    "options",
)
# Two lines that differ here say something different.
_DIFFERENT = ("target", "kind", "transform", "reference", "ttype", "relation")
_FIRM, _BULK = 0.99, 0.9
_LEAST = 0.6


class MigrationMemory(models.Model):
    """What admins decided for a column of a source, to be proposed the next time.

    It belongs to the database, not to a company: it holds names of columns, fields
    and of translated values, no records. Only the groups of the app see it.
    """

    _name = "migration.memory"
    _description = "Migration Memory"
    _order = "source_id, object_name, column"
    _rec_name = "column"

    source_id = fields.Many2one(
        "migration.source", string="Source System", required=True, ondelete="cascade"
    )
    object_name = fields.Char(
        string="Object", required=True, help="Technical name of the object."
    )
    column = fields.Char(string="Source Column", required=True)
    column_key = fields.Char(
        compute="_compute_column_key",
        store=True,
        help="The column's name without case, accents and punctuation.",
    )
    target = fields.Char(string="Odoo Field")
    kind = fields.Selection(
        selection=lambda self: self.env["migration.mapping.field"]._selection_kind(),
        required=True,
    )
    transform = fields.Selection(
        selection=lambda self: self.env[
            "migration.mapping.field"
        ]._selection_transform()
    )
    reference = fields.Char()
    reference_by = fields.Selection(
        selection=lambda self: (
            self.env["migration.mapping.field"]._fields["reference_by"].selection
        ),
        default="id",
        required=True,
        string="Refers by",
    )
    reference_key = fields.Char(string="Referred Column")
    on_missing = fields.Selection(
        selection=lambda self: (
            self.env["migration.mapping.field"]._fields["on_missing"].selection
        ),
        default="fail",
        required=True,
        string="If Unusable",
    )
    label = fields.Char()
    ttype = fields.Selection(
        selection=lambda self: (
            self.env["migration.mapping.field"]._fields["ttype"].selection
        ),
        string="Field Type",
    )
    relation = fields.Char(string="Linked Model")
    options = fields.Text()
    value_ids = fields.One2many("migration.memory.value", "memory_id")
    firm = fields.Boolean(
        string="Decided",
        help="Changed or confirmed by itself; otherwise only confirmed among others.",
    )
    agreed_count = fields.Integer(
        string="Confirmed",
        default=1,
        help="How often in a row this has been the decision.",
    )
    changed_count = fields.Integer(
        string="Changes of Mind",
        help="How often the decision has been another one than before.",
    )
    confidence = fields.Float(compute="_compute_confidence", digits=(3, 2))
    project_id = fields.Many2one(
        "migration.project", ondelete="set null", groups="base.group_system"
    )
    user_id = fields.Many2one("res.users", string="Last by", ondelete="set null")
    date = fields.Datetime(string="Last on", default=fields.Datetime.now)

    _column_uniq = models.Constraint(
        "UNIQUE(source_id, object_name, column_key)",
        "What this column becomes is remembered already.",
    )

    @api.depends("column")
    def _compute_column_key(self):
        for memory in self:
            memory.column_key = match_key(memory.column)

    @api.depends("firm", "agreed_count", "changed_count")
    def _compute_confidence(self):
        """The latest decision counts; it is doubted as long as others alternate."""
        for memory in self:
            agreed = max(memory.agreed_count, 1)
            sure = _FIRM
            if not memory.firm:
                sure = min(_FIRM, _BULK + 0.035 * (agreed - 1))
            doubt = 0.12 * memory.changed_count / agreed
            memory.confidence = max(sure - doubt, _LEAST)

    @api.model
    def _recall(self, source, object_name, columns):
        """What was decided for ``columns`` of an object in earlier migrations.

        :param source: ``migration.source`` record
        :return: ``{column: values of a mapping line}`` without column and mapping,
            with confidence and reason; only the columns that are known
        """
        keys = {match_key(column): column for column in reversed(columns)}
        known = self.sudo().search(
            [
                ("source_id", "=", source.id),
                ("object_name", "=", object_name),
                ("column_key", "in", [key for key in keys if key]),
            ]
        )
        return {keys[one.column_key]: one._line_values() for one in known}

    def _line_values(self):
        self.ensure_one()
        project = self.project_id
        # Names of other companies' projects are not for everybody.
        if project.company_id in self.env.companies:
            reason = self.env._("Confirmed before, in %s", project.name)
        else:
            reason = self.env._("Confirmed before")
        return {
            **{name: self[name] for name in DECISION},
            "confidence": self.confidence,
            "reason": reason,
            "value_ids": [
                (0, 0, {"name": value.name, "target": value.target})
                for value in self.value_ids
            ],
        }

    @api.model
    def _remember(self, lines):
        """Keep what ``lines``, just confirmed, say for the next migration.

        A line that was changed, or confirmed by itself, is a decision. One of many
        that were confirmed together is less: it never replaces a decision.
        """
        lines = lines.filtered("source_path").sudo()
        for mapping, of_mapping in lines.grouped("mapping_id").items():
            source = mapping.project_id.source_id
            known = {
                one.column_key: one
                for one in self.sudo().search(
                    [
                        ("source_id", "=", source.id),
                        ("object_name", "=", mapping.name),
                    ]
                )
            }
            # A column may have several lines; what is remembered is the first.
            by_column = groupby(
                mapping.field_ids.filtered("source_path").sorted("sequence"),
                lambda line: match_key(line.source_path),
            )
            for key, of_column in by_column:
                if of_column[0] in of_mapping:
                    firm = len(lines) == 1 or of_column[0].changed
                    self._remember_line(of_column[0], known.get(key), firm)

    def _remember_line(self, line, known, firm):
        decision = {name: line[name] for name in DECISION}
        last = {
            "project_id": line.project_id.id,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
        }
        if not known:
            known = self.sudo().create(
                {
                    **decision,
                    **last,
                    "source_id": line.project_id.source_id.id,
                    "object_name": line.mapping_id.name,
                    "column": line.source_path,
                    "firm": firm,
                }
            )
        elif all(known[name] == line[name] for name in _DIFFERENT):
            # Once more in the same project is not once more.
            again = known.project_id != line.project_id
            known.write(
                {
                    **decision,
                    **last,
                    "firm": known.firm or firm,
                    "agreed_count": known.agreed_count + again,
                }
            )
        elif firm or not known.firm:
            known.write(
                {
                    **decision,
                    **last,
                    "firm": firm,
                    "agreed_count": 1,
                    "changed_count": known.changed_count + 1,
                }
            )
            known.value_ids.unlink()
        else:
            return
        known._remember_values(line)

    def _remember_values(self, line):
        """Take over what the translations of ``line`` say; others stay."""
        known = {match_key(value.name): value for value in self.value_ids}
        new = []
        for value in line.value_ids.filtered("mapped"):
            before = known.get(match_key(value.name))
            if not before:
                new.append(
                    {"memory_id": self.id, "name": value.name, "target": value.target}
                )
            elif before.target != value.target:
                before.target = value.target
        self.value_ids.create(new)


class MigrationMemoryValue(models.Model):
    """A value of the source, and what it was translated to."""

    _name = "migration.memory.value"
    _description = "Migration Memory of a Value"
    _order = "memory_id, id"

    memory_id = fields.Many2one(
        "migration.memory", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(string="Source Value", required=True)
    target = fields.Char(string="Odoo Value", help="Left empty, the field stays empty.")
