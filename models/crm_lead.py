from odoo import api, fields, models
from odoo.tools import SQL

from .engine.silence import is_silent

# What Odoo's scoring counts of a migrated deal, besides “won” and “lost”.
_NOTHING = "nothing"


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "migration.target"]

    x_parties = fields.Html(
        string="Parties",
        copy=False,
        readonly=True,
        help="Persons and companies a migrated record was linked to besides its "
        "customer, with their roles.",
    )
    x_source_stage = fields.Char(
        string="Stage in the Source",
        copy=False,
        readonly=True,
        help="What the stage of a migrated record is called in the system it comes "
        "from, where several of its stages may be one in Odoo.",
    )
    x_referral_partner_id = fields.Many2one(
        "res.partner",
        string="Referred by",
        copy=False,
        index="btree_not_null",
        help="Who referred a migrated record, where its source names exactly one "
        "of the referral partners.",
    )

    x_scored = fields.Char(
        string="Counted by the Scoring",
        copy=False,
        readonly=True,
        default=lambda self: _NOTHING if is_silent(self.env.cr) else False,
        help="As what the predictive lead scoring counts a migrated record: nothing, "
        "until users win or lose it. A rollback takes that out again.",
    )

    def _inverse_email_from(self):
        """A migrated lead keeps its own e-mail; its partner and others keep theirs."""
        if is_silent(self.env.cr):
            return None
        return super()._inverse_email_from()

    def _inverse_phone(self):
        """A migrated lead keeps its own phone; its partner and others keep theirs."""
        if is_silent(self.env.cr):
            return None
        return super()._inverse_phone()

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Leave the scoring table alone: it learns from what is decided in Odoo.

        A migrated deal that is won again, say, was not counted as won before.
        """
        if is_silent(self.env.cr):
            return True
        moved = self.filtered(
            lambda lead: (
                lead.x_scored
                and old_status_by_lead.get(lead.id) != new_status_by_lead.get(lead.id)
            )
        )
        counted = {
            lead.id: {
                "is_won": lead.x_scored == "won",
                "is_lost": lead.x_scored == "lost",
            }
            for lead in moved
        }
        done = super()._handle_won_lost(
            {**old_status_by_lead, **counted}, new_status_by_lead
        )
        for status, leads in moved.grouped("won_status").items():
            leads.x_scored = status if status in ("won", "lost") else _NOTHING
        return done

    def unlink(self):
        """What is taken back was never won or lost, either."""
        if is_silent(self.env.cr):
            self._forget_scored()
        return super().unlink()

    def _forget_scored(self):
        """Take out of the scoring table what it has learnt from these leads.

        Odoo itself keeps that of leads which users delete.
        """
        for status in ("won", "lost"):
            leads = self.filtered(lambda lead, now=status: lead.x_scored == now)
            if leads:
                leads._pls_increment_frequencies(from_state=status)
                leads._forget_empty_frequencies()

    def _forget_empty_frequencies(self):
        """Delete the counters that were just brought back to what new ones start at.

        Those that are older than the leads were there before.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """DELETE FROM crm_lead_scoring_frequency
                    WHERE write_date = %s AND won_count <= 0.1 AND lost_count <= 0.1
                      AND create_date > (
                          SELECT min(date) FROM migration_log
                           WHERE res_model = %s AND res_id = ANY(%s)
                             AND operation = 'create')""",
                self.env.cr.now(),
                self._name,
                self.ids,
            )
        )
        self.env["crm.lead.scoring.frequency"].invalidate_model(flush=False)

    @api.model
    def _forget_scored_values(self, records):
        """Delete the counters of records, such as stages, that are there no more."""
        names = [
            name
            for name in ("stage_id", *self._pls_get_safe_fields())
            if self._fields[name].comodel_name == records._name
        ]
        if not names:
            return
        self.env["crm.lead.scoring.frequency"].sudo().search(
            [
                ("variable", "in", [_variable(name) for name in names]),
                ("value", "in", [str(id_) for id_ in records.ids]),
            ]
        ).unlink()

    def _rebuild_pls_frequency_table(self):
        """Counted anew, all leads count that are won or lost, migrated ones as well."""
        done = super()._rebuild_pls_frequency_table()
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead SET x_scored =
                          CASE WHEN won_status IN ('won', 'lost') AND create_date >= %s
                               THEN won_status ELSE %s END
                    WHERE x_scored IS NOT NULL""",
                self._pls_get_safe_start_date() or None,
                _NOTHING,
            )
        )
        self.env["crm.lead"].invalidate_model(["x_scored"], flush=False)
        return done


def _variable(name):
    """What the scoring table calls a field: of tags, it counts each by itself."""
    return "tag_id" if name == "tag_ids" else name
