from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib.identity import identity
from ..lib.payload import joined_reader, reader
from ..lib.transforms import BY_TYPE

# Types of fields that a value of a source can become.
_WRITABLE = frozenset((*BY_TYPE, "many2one", "many2many", "reference"))


class MigrationMapping(models.Model):
    """In one project: one object of the source, and the Odoo model it becomes."""

    _name = "migration.mapping"
    _inherit = ["migration.mapping.app"]
    _description = "Migration Mapping"
    _order = "project_id, sequence, id"
    _rec_name = "label"

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="project_id.company_id")
    object_id = fields.Many2one(
        "migration.source.object",
        string="Template",
        ondelete="set null",
        index="btree_not_null",
        help="What the source system's template says about this object.",
    )
    name = fields.Char(
        required=True, help="Technical name of the object, part of every source id."
    )
    label = fields.Char(string="Object", required=True)
    sequence = fields.Integer(
        default=10, help="Order of loading; references always come first."
    )
    active = fields.Boolean(
        string="Load", default=True, help="Objects that are switched off stay staged."
    )
    role = fields.Selection(
        selection=lambda self: (
            self.env["migration.source.object"]._fields["role"].selection
        ),
        required=True,
        default="records",
    )
    schema = fields.Boolean(
        string="Structure",
        help="Loaded by “Prepare”, before the first data record: pipelines, stages…",
    )
    res_model = fields.Char(string="Odoo Model")
    model_label = fields.Char(
        string="Becomes", compute="_compute_model_label", help="What it is in Odoo."
    )
    loader = fields.Char(
        help="Loader to use where it is not the one of the Odoo model."
    )
    row_filter = fields.Char(
        help="Only rows with this value belong here, e.g. “applies_to=deal”."
    )
    origin_ids = fields.One2many(
        "migration.mapping.origin",
        "mapping_id",
        string="Made from Columns of",
        help="Columns of other objects whose values are records of this one, too.",
    )
    id_by_name = fields.Boolean(
        string="Identified by Name",
        help="Case, accents and spaces make no difference in the identifier.",
    )
    on_repeat = fields.Selection(
        selection=[
            ("fail", "Is an error"),
            ("merge", "Is the same record"),
            ("number", "Is another record"),
        ],
        string="A Repeated Identifier",
        default="fail",
        required=True,
        help="What a second row with the same identifier is. “The same record”: of "
        "each column the first value that is not empty counts, and lists are joined. "
        "“Another record”: it is told apart by a number.",
    )
    field_ids = fields.One2many("migration.mapping.field", "mapping_id")
    table_ids = fields.Many2many(
        "migration.file.table", string="Read from", help="Tables this object is in."
    )
    confirmed = fields.Boolean(
        compute="_compute_confirmed",
        help="Every line has been confirmed; only then records are loaded.",
    )
    unconfirmed_count = fields.Integer(compute="_compute_confirmed")
    staged_count = fields.Integer(string="Staged", compute="_compute_counts")
    loaded_count = fields.Integer(string="In Odoo", compute="_compute_counts")
    waiting_count = fields.Integer(string="Pending", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")

    _name_uniq = models.Constraint(
        "UNIQUE(project_id, name)", "The project has a mapping of this name already."
    )

    @api.depends("res_model", "role", "loader")
    @api.depends_context("lang")
    def _compute_model_label(self):
        models_ = self.env["ir.model"].sudo()
        for mapping in self:
            model = models_._get(mapping.res_model) if mapping.res_model else models_
            label = mapping._label_without_app() or model.name
            mapping.model_label = label or mapping.res_model

    @api.depends("field_ids.confirmed")
    def _compute_confirmed(self):
        groups = self.env["migration.mapping.field"]._read_group(
            [("mapping_id", "in", self.ids), ("confirmed", "=", False)],
            ["mapping_id"],
            ["__count"],
        )
        open_lines = {mapping.id: count for mapping, count in groups}
        for mapping in self:
            mapping.unconfirmed_count = open_lines.get(mapping._origin.id, 0)
            mapping.confirmed = not mapping.unconfirmed_count

    def _compute_counts(self):
        groups = self.env["migration.record"]._read_group(
            [("mapping_id", "in", self.ids)], ["mapping_id", "state"], ["__count"]
        )
        counts = {(mapping.id, state): count for mapping, state, count in groups}
        for mapping in self:

            def total(*states, mapping=mapping):
                return sum(counts.get((mapping._origin.id, one), 0) for one in states)

            mapping.loaded_count = total("loaded", "matched")
            mapping.waiting_count = total("pending", "held")
            mapping.failed_count = total("failed")
            mapping.staged_count = total(
                "loaded", "matched", "pending", "held", "failed", "skipped"
            )

    @api.constrains("res_model")
    def _check_res_model(self):
        for mapping in self:
            if mapping.res_model and mapping.res_model not in self.env:
                raise ValidationError(
                    self.env._(
                        "There is no model “%(model)s” in this database. Choose "
                        "another one for %(object)s, or install its app.",
                        model=mapping.res_model,
                        object=mapping.label,
                    )
                )

    def action_confirm(self):
        """Confirm every line of the mappings, as the admin's decision."""
        self.check_access("read")
        for mapping in self:
            mapping.field_ids.filtered(lambda line: not line.confirmed)._confirm()
        return True

    def action_test(self):
        """Show what one record would become, without writing it."""
        self.check_access("read")
        self.ensure_one()
        return self.env["migration.mapping.test.wizard"]._open(self)

    def action_download_failed(self):
        """Download the failed records of this object."""
        self.check_access("read")
        self.ensure_one()
        return self.env["migration.failed.file"]._download(self.project_id, self)

    def action_open_records(self):
        """Open the staged records of this mapping."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_migration.migration_record_action"
        )
        return {**action, "domain": [("mapping_id", "=", self.id)], "context": {}}

    def _loader(self):
        """The loader that writes this mapping's records, bound to it."""
        self.ensure_one()
        name = f"migration.loader.{self.loader or self.res_model}"
        if name not in self.env:
            name = "migration.loader"
        return self.env[name].with_context(migration_mapping_id=self.id)

    def _owns_records(self):
        """Whether its records become Odoo records of their own.

        Others, such as the parties of a lead, only add to those of another object.
        """
        return self.res_model in self._loader()._models(self)

    def _target_choices(self):
        """``[name, label]`` of all that a line may go to, by label."""
        if self.res_model not in self.env:
            return []
        extra = self._loader()._targets()
        choices = [
            [name, self.env._("%s (made of it by the app)", name)] for name in extra
        ]
        fields_ = self.env[self.res_model].fields_get(
            attributes=["string", "type", "readonly"]
        )
        choices += sorted(
            (
                [name, f"{field['string']} ({name})"]
                for name, field in fields_.items()
                if not field["readonly"]
                and field["type"] in _WRITABLE
                and name not in extra
            ),
            key=lambda choice: choice[1].casefold(),
        )
        return choices

    def _id_columns(self):
        """Source columns that identify a record, in order."""
        lines = self.field_ids.filtered(lambda line: line.kind == "identifier")
        return [line.source_path for line in lines.sorted("sequence")]

    def _identity(self):
        """A function from a payload to the record's id; see :mod:`lib.identity`."""
        return identity(
            self._id_columns(), self.id_by_name, self.project_id._empty_words()
        )

    def _row_key(self, other):
        """A function from a payload of ``other`` to the id of what is made from it."""
        identify = self._identity()
        columns = {
            line.source_path: reader(line.origin_column)
            for line in self.origin_ids
            if line.origin_id == other
        }

        def key(payload):
            return identify({name: read(payload) for name, read in columns.items()})

        return key if identify and columns else None

    def _compile(self):
        """The compiled form of this mapping; raises UserError if it cannot work."""
        return self.env["migration.compiler"]._compile(self)

    def _usable_records(self):
        """Staged records whose row can be read: neither broken, nor purged."""
        return self.env["migration.record"].search(
            [
                ("mapping_id", "in", self.ids),
                ("unusable", "=", False),
                ("payload", "!=", False),
            ]
        )

    def _iter_cells(self, nothing=frozenset()):
        """Yield ``(source id, [(target, value), …])`` of the usable staged rows.

        For objects that are listed and not loaded: values are as the source has them.

        :param nothing: words that mean an empty cell
        """
        self.ensure_one()
        lines = self.field_ids.filtered(
            lambda line: (
                line.target
                and line.source_path
                and line.kind not in ("ignored", "identifier")
            )
        )
        readers = [
            (line.target, joined_reader(line.source_path, nothing)) for line in lines
        ]
        rows = self.env.execute_query(
            SQL(
                """SELECT source_id, payload FROM migration_record
                    WHERE mapping_id = %s AND NOT COALESCE(unusable, FALSE)
                      AND payload IS NOT NULL
                    ORDER BY id""",
                self.id,
            )
        )
        for source_id, payload in rows:
            yield source_id, [(target, read(payload)) for target, read in readers]

    def _referenced_names(self):
        """Names of the objects this one refers to, itself excepted."""
        self.ensure_one()
        names = set()
        for line in self.field_ids:
            if line._refers():
                _column, _colon, kinds = line.reference.rpartition(":")
                pairs = kinds.split(",")
                names |= {pair.split("=")[-1].split(">")[0].strip() for pair in pairs}
        return names - {self.name}

    def _external_id(self, source_id):
        """What ``x_source_id`` says of the record with this id in the source."""
        return f"{self.project_id.key}/{self.name}/{source_id}"
