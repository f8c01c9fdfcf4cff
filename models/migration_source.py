from odoo import api, fields, models


class MigrationSource(models.Model):
    """A system we can come from, described as data: see ``data/<system>/``."""

    _name = "migration.source"
    _description = "Migration Source System"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Short name used by the command line, e.g. “allegory”."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    connector = fields.Selection(
        selection="_selection_connector",
        required=True,
        default="file",
        help="How the data is reached: uploaded files, or a source's API.",
    )
    description = fields.Text(translate=True)
    layout_assumed = fields.Boolean(
        help="No public description of this system's export exists: the column "
        "names shipped here are assumptions. Check the proposed mapping."
    )
    traps = fields.Html(
        translate=True, help="What is known to go wrong with this system's exports."
    )
    object_ids = fields.One2many("migration.source.object", "source_id")
    endpoint_ids = fields.One2many("migration.source.endpoint", "source_id")
    base_url = fields.Char(help="Address of the API, where it is the same for all.")
    auth = fields.Selection(
        selection=lambda self: (
            self.env["migration.connection"]._fields["auth"].selection
        ),
        string="Authentication",
        help="How its API is usually reached.",
    )
    auth_options = fields.Char(help="Names its authentication uses, as JSON.")

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is already a source system with this code."
    )

    @api.model
    def _selection_connector(self):
        """One option a connector there is, the contract itself excepted."""
        prefix = "migration.connector."
        names = sorted(name for name in self.env.registry if name.startswith(prefix))
        return [
            (name.removeprefix(prefix), self.env[name]._description) for name in names
        ]


class MigrationSourceObject(models.Model):
    """One kind of record in a source system, and the Odoo model it becomes."""

    _name = "migration.source.object"
    _description = "Migration Source Object"
    _rec_name = "label"
    _order = "source_id, sequence, id"

    source_id = fields.Many2one(
        "migration.source", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True, help="Technical name, e.g. “contact”.")
    label = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Order of loading, as far as references leave a choice."
    )
    role = fields.Selection(
        selection=[
            ("records", "Records to load"),
            ("owners", "Owners, matched with Odoo users"),
            ("fields", "Definitions of custom fields"),
            ("automations", "Automations, listed for the hand-over"),
            ("checklist", "Amounts to verify by hand"),
            ("dataset", "Records of an app that is not installed, for a file"),
        ],
        required=True,
        default="records",
    )
    schema = fields.Boolean(
        help="Structure such as pipelines, stages, tags: made by “Prepare”, "
        "before the first data record is loaded."
    )
    res_model = fields.Char(help="Odoo model a record becomes, e.g. “res.partner”.")
    loader = fields.Char(
        help="Loader to use where it is not the one of the Odoo model."
    )
    file_patterns = fields.Char(
        help="File or sheet names that hold this object, separated by commas; "
        "* stands for anything."
    )
    row_filter = fields.Char(
        help="Only rows of the file with this value belong to the object, "
        "e.g. “applies_to=deal”."
    )
    derived_from = fields.Char(
        help="Columns of other objects whose distinct values are records of this "
        "one as well, e.g. “deal.tags, contact.tags”."
    )
    natural_key = fields.Char(
        help="Columns that identify a record where the export has no id, or where "
        "records are made from the rows of another object, best first: "
        "“email | full_name + company_name”."
    )
    id_by_name = fields.Boolean(
        help="Records are identified by a name: upper and lower case, accents and "
        "spaces make no difference."
    )
    match_by = fields.Char(
        help="Odoo fields by which a record that is already in Odoo is "
        "recognised, e.g. “name”. Exactly one hit links."
    )
    field_ids = fields.One2many("migration.source.field", "object_id")

    _name_uniq = models.Constraint(
        "UNIQUE(source_id, name)", "The source system has an object of this name."
    )


class MigrationSourceField(models.Model):
    """One known column of a source object, and the Odoo field it goes to."""

    _name = "migration.source.field"
    _description = "Migration Source Field"
    _order = "object_id, sequence, id"

    object_id = fields.Many2one(
        "migration.source.object", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True,
        help="Column in the export; “a + b” joins several columns by a space.",
    )
    synonyms = fields.Char(
        help="Other names under which exports carry this column, separated by “;”."
    )
    target = fields.Char(help="Odoo field, or a name its loader understands.")
    kind = fields.Selection(
        selection="_selection_kind", required=True, default="direct"
    )
    transform = fields.Char(help="Conversion to use instead of the field type's own.")
    constant = fields.Char()
    reference = fields.Char(
        help="Object the value refers to. “column: kind=object, …” where another "
        "column says which object it is."
    )
    reference_by = fields.Selection(
        selection=lambda self: (
            self.env["migration.mapping.field"]._fields["reference_by"].selection
        ),
        default="id",
        help="What the value has in common with the record it refers to.",
    )
    reference_key = fields.Char(
        help="Name of the referenced object's column that the value is looked up in."
    )
    on_missing = fields.Selection(
        selection=[("fail", "Fail"), ("empty", "Leave empty")], default="fail"
    )
    label = fields.Char(translate=True, help="Label of the custom field to be made.")
    ttype = fields.Selection(
        selection=lambda self: (
            self.env["migration.mapping.field"]._fields["ttype"].selection
        ),
        string="Field Type",
        help="Type of the custom field to be made.",
    )
    relation = fields.Char(
        help="Odoo model that a custom field links to; “reference” says to which "
        "object's records, without it they are looked up in Odoo by name."
    )
    value_ids = fields.One2many("migration.source.value", "field_id")

    @api.model
    def _selection_kind(self):
        return self.env["migration.mapping.field"]._selection_kind()


class MigrationSourceValue(models.Model):
    """A value the source is known to use, and what it means in Odoo."""

    _name = "migration.source.value"
    _description = "Migration Source Value"
    _order = "field_id, id"

    field_id = fields.Many2one(
        "migration.source.field", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(
        required=True, help="Value in the source; several are separated by “;”."
    )
    target = fields.Char(help="Value in Odoo; empty leaves the field empty.")
