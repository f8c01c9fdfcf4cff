from odoo import api, fields, models
from odoo.tools import SQL

from .opening import opened


class MigrationMatchCandidate(models.Model):
    """An Odoo record that a source record under review may be."""

    _name = "migration.match.candidate"
    _description = "Migration Matching Candidate"
    _order = "record_id, id"
    _log_access = False

    record_id = fields.Many2one(
        "migration.record", required=True, ondelete="cascade", index=True, readonly=True
    )
    res_model = fields.Char(string="Odoo Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Database ID", model_field="res_model", required=True, readonly=True
    )
    name = fields.Char(string="Odoo Record", readonly=True)
    reason = fields.Char(
        string="In Common", readonly=True, help="What both have in common."
    )

    @api.depends("name", "res_id")
    def _compute_display_name(self):
        for candidate in self:
            candidate.display_name = f"{candidate.name} ({candidate.res_id})"

    @api.model
    def _replace(self, mapping, items):
        """Keep what the ``items`` of a chunk may be, and forget what was before."""
        known = any(item.candidates for item in items)
        if not known and not mapping.match_rule_ids:
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM migration_match_candidate WHERE record_id = ANY(%s)",
                [item.record_id for item in items],
            )
        )
        found = [
            (item.record_id, res_id, reason)
            for item in items
            for res_id, reason in item.candidates
        ]
        if not found:
            return
        model = mapping._loader()._model(mapping)
        names = {
            record.id: record.display_name
            for record in model.browse({res_id for _record, res_id, _why in found})
        }
        self.env.cr.execute(
            SQL(
                """INSERT INTO migration_match_candidate
                          (record_id, res_model, res_id, name, reason)
                   SELECT record, %s, id, name, reason
                     FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[])
                       AS v(record, id, name, reason)""",
                model._name,
                [record for record, _id, _why in found],
                [res_id for _record, res_id, _why in found],
                [names[res_id] for _record, res_id, _why in found],
                [why for _record, _id, why in found],
            )
        )
        self.env["migration.record"].invalidate_model(["candidate_ids"], flush=False)

    def action_choose(self):
        """Decide that the source record is this one."""
        self.ensure_one()
        return self.record_id._decide("link", self.res_id)

    def action_open(self):
        """Open the Odoo record."""
        self.ensure_one()
        return opened(self.env, self.res_model, self.res_id)
