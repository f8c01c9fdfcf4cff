from odoo import api, fields, models

from ..lib.understand.knowledge import gather


class MigrationSynonym(models.Model):
    """A name under which exports carry a column or an object."""

    _name = "migration.synonym"
    _description = "Migration Synonym"
    _order = "object, meaning, name"

    name = fields.Char(
        required=True,
        help="As the export writes it. Capitals, accents, spaces, underscores and the "
        "plural make no difference.",
    )
    object = fields.Char(
        help="Technical name of the object the name is used in, e.g. “deal”; several "
        "are separated by commas. Empty: in every object that has the meaning."
    )
    meaning = fields.Char(
        help="What the column is, by its name in the source system “Any export”, "
        "e.g. “close_date”. Empty: the name is one of the object itself."
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        help="For your overview only: every name counts, whatever the language.",
    )
    active = fields.Boolean(
        default=True,
        help="Archive a name that misleads: an update of the module brings back names "
        "that were deleted, and leaves archived ones archived.",
    )

    @api.model
    def _selection_lang(self):
        return [
            (lang.code, lang.name)
            for lang in self.env["res.lang"].with_context(active_test=False).search([])
        ]

    @api.model
    def _names(self):
        """``{(object, meaning): [names]}``, either empty as in the fields."""
        self.flush_model()
        rows = self.sudo().search_fetch([], ["object", "meaning", "name"], order="id")
        return gather((row.object, row.meaning, row.name) for row in rows)
