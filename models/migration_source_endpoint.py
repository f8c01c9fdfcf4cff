import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MigrationEndpoint(models.AbstractModel):
    """One list of a source's API: where it is, how it is paged, what its records are.

    Shared by the template of a source and by the copy that a connection may change.
    """

    _name = "migration.endpoint"
    _description = "Migration Endpoint"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, help="Technical name; the table is called so.")
    label = fields.Char(required=True, translate=True)
    object_id = fields.Many2one(
        "migration.source.object",
        string="Contains",
        ondelete="restrict",
        help="What a record of it is. Empty: it is understood from its columns.",
    )
    method = fields.Selection(
        [("GET", "GET"), ("POST", "POST (a search)")], default="GET", required=True
    )
    path = fields.Char(
        help="Below the base address, e.g. “/v1/contacts”; {id} and the like are taken "
        "from the records of the parent."
    )
    params = fields.Char(help="Parameters of each request, as JSON: {“status”: “all”}.")
    body = fields.Char(help="Body of each search, as JSON.")
    records = fields.Char(help="Where the records are in a reply, e.g. “data.items”.")
    id_path = fields.Char(string="Identifier", default="id")
    updated_path = fields.Char(
        string="Changed on", help="Where a record says when it was changed."
    )
    since = fields.Char(
        help="Parameters that ask for what changed since a time, as JSON, with {since} "
        "for the time. Without it, all is read again and compared."
    )
    paginator = fields.Selection(
        [
            ("none", "One page"),
            ("offset", "Offset and limit"),
            ("page", "Page number"),
            ("cursor", "Cursor"),
            ("link", "Link header"),
            ("next_url", "Address of the next page"),
            ("keyset", "After the last id"),
        ],
        default="none",
        required=True,
    )
    page_size = fields.Integer(default=100)
    options = fields.Char(help="Names the paging uses, as JSON.")
    detail = fields.Char(help="Path of one record, with {id}, where lists are short.")
    parent_name = fields.Char(
        string="Parent", help="Endpoint whose records the path is filled in from."
    )
    assumed = fields.Boolean(
        help="Not published by the vendor: compare it with your system."
    )
    optional = fields.Boolean(help="A missing right is a note, not an error.")
    note = fields.Char(translate=True)

    @api.constrains("params", "body", "since", "options")
    def _check_json(self):
        for endpoint in self:
            for name in ("params", "body", "since", "options"):
                if not isinstance(_json(endpoint[name]), dict):
                    raise ValidationError(
                        self.env._(
                            "%(endpoint)s: “%(text)s” is not a JSON object, such as "
                            '{"status": "all"}.',
                            endpoint=endpoint.name,
                            text=endpoint[name],
                        )
                    )

    @api.model
    def _parse(self, text):
        """The JSON object that ``text`` is; empty without."""
        return _json(text) or {}


class MigrationSourceEndpoint(models.Model):
    """An endpoint as the source system is known to have it."""

    _name = "migration.source.endpoint"
    _inherit = "migration.endpoint"
    _description = "Migration Source Endpoint"

    source_id = fields.Many2one(
        "migration.source", required=True, ondelete="cascade", index=True
    )

    _name_uniq = models.Constraint(
        "UNIQUE(source_id, name)", "The source system has an endpoint of this name."
    )


def _json(text):
    """``text`` as JSON; an empty dict without one, None where it is none."""
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return None
