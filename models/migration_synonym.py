from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.values.names import match_key


class MigrationSynonym(models.Model):
    """A name by which exports of any system call a column, or a kind of record.

    The rows of ``data/generic/migration.synonym.csv`` are only a beginning: a manager
    adds and corrects. What a manager has corrected, an update of the module leaves.
    """

    _name = "migration.synonym"
    _description = "Migration Synonym"
    _order = "object, meaning, id"

    object = fields.Char(
        help="Technical name of the object the name belongs to, e.g. “deal”; empty "
        "for every object that has such a column."
    )
    meaning = fields.Char(
        help="Technical name of the column, e.g. “close_date”; empty where the name "
        "is one for the object itself, e.g. “opportunity”."
    )
    name = fields.Char(
        required=True,
        help="How an export may call it. Upper and lower case, accents and "
        "punctuation make no difference.",
    )
    name_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        help="The name as it is compared with others.",
    )
    lang = fields.Selection(
        selection=[
            ("en_US", "English"),
            ("de_DE", "German"),
            ("fr_FR", "French"),
            ("es_ES", "Spanish"),
            ("pt_PT", "Portuguese"),
            ("it_IT", "Italian"),
            ("nl_NL", "Dutch"),
        ],
        string="Language",
        help="For orientation only: names of all languages are always compared.",
    )
    active = fields.Boolean(default=True)
    edited = fields.Boolean(
        readonly=True,
        copy=False,
        help="Entered or changed by hand: an update of the module leaves the row "
        "as it is.",
    )

    _name_uniq = models.UniqueIndex(
        "(COALESCE(object, ''), COALESCE(meaning, ''), name_key)",
        "This name is already in the list, or among the archived ones.",
    )

    @api.depends("name")
    def _compute_name_key(self):
        for synonym in self:
            synonym.name_key = match_key(synonym.name)

    @api.constrains("object", "meaning", "name")
    def _check_stands_for_something(self):
        for synonym in self:
            if not synonym.object and not synonym.meaning:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” needs an object, a column, or both.",
                        name=synonym.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_update():
            vals_list = [{**vals, "edited": True} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_update():
            vals = {**vals, "edited": True}
        return super().write(vals)

    def _load_records_write(self, values):
        changes = any(
            (self[name] or "") != (value or "") for name, value in values.items()
        )
        if self._is_update() and (self.edited or not changes):
            return None
        return super()._load_records_write(values)

    def _load_records_create(self, vals_list):
        """A row that was entered by hand before is taken over, and left as it is."""
        if not self._is_update():
            return super()._load_records_create(vals_list)
        known = {
            self._identity(row.object, row.meaning, row.name): row
            for row in self.with_context(active_test=False).search([])
        }
        keys = [
            self._identity(vals["object"], vals["meaning"], vals["name"])
            for vals in vals_list
        ]
        missing = {
            key: vals
            for key, vals in zip(keys, vals_list, strict=True)
            if key not in known
        }
        created = super()._load_records_create(list(missing.values()))
        known.update(zip(missing, created, strict=True))
        return self.concat(*(known[key] for key in keys))

    @api.model
    def _identity(self, object_name, meaning, name):
        """What no two rows have in common."""
        return (object_name or "", meaning or "", match_key(name))

    @api.model
    def _is_update(self):
        """Whether it is the module's own data that is being loaded."""
        return bool(self.env.context.get("install_mode"))

    @api.model
    def _names(self):
        """``{(object or "", meaning or ""): [names]}`` of all active rows."""
        names = defaultdict(list)
        for synonym in self.search([("active", "=", True)]):
            key = (synonym.object or "", synonym.meaning or "")
            names[key].append(synonym.name)
        return dict(names)
