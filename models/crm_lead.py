from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .engine.silence import is_silent

# What Odoo's scoring counts of a migrated deal, besides “won” and “lost”.
_NOTHING = "nothing"
_COUNTED = {"won", "lost"}


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
        "until users win or lose it. A rollback takes that out again. For a record "
        "that was won or lost before it was overwritten, that stands before a >.",
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
        counted, counts = {}, {}
        for lead in moved:
            before, now = lead._scored()
            status = lead._scored_status()
            counted[lead.id] = _told(now, before)
            counts[lead.id] = _told(status, before)
            lead.x_scored = _say(before, status)
        return super()._handle_won_lost(
            {**old_status_by_lead, **counted}, {**new_status_by_lead, **counts}
        )

    def write(self, vals):
        """A record that a migration overwrites says what was counted of it before."""
        if is_silent(self.env.cr) and "x_scored" not in vals:
            own = self.filtered(lambda lead: not (lead.x_scored or lead.x_source_id))
            for status, leads in own.grouped(lambda one: one._scored_status()).items():
                leads.x_scored = _say(status, status)
        return super().write(vals)

    def _scored(self):
        """``(before, now)``: as what it was counted before a migration, and is."""
        before, _mark, now = self.x_scored.rpartition(">")
        return before or _NOTHING, now

    def _scored_status(self):
        """As what the scoring counts a record that is as this one is."""
        return self.won_status if self.won_status in _COUNTED else _NOTHING

    def _counted(self, as_they_are=False):
        """What users' decisions on overwritten and migrated leads have counted.

        It is counted by the values that the leads have now. What was counted before
        they were overwritten was by other values, and stays until these are back.

        :param bool as_they_are: what would have been counted for them as they are now
        :return: ``{(team id or 0, variable, value): [won, lost]}``
        """
        found = defaultdict(lambda: [0, 0])
        for lead in self.filtered("x_scored"):
            before, now = lead._scored()
            now = lead._scored_status() if as_they_are else now
            signs = {now: 1, before: -1 if as_they_are else 0}
            for status in signs.keys() & _COUNTED if now != before else ():
                for key, won, lost in lead._frequencies(status):
                    found[key][0] += signs[status] * won
                    found[key][1] += signs[status] * lost
        return found

    def _frequencies(self, status):
        """Yield ``(key, won, lost)`` of what a lead of this status counts for."""
        by_team, _there = self._pls_prepare_update_frequency_table(target_state=status)
        for team_id, by_variable in by_team.items():
            for variable, by_value in by_variable.items():
                for value, counts in by_value.items():
                    yield (team_id, variable, value), counts["won"], counts["lost"]

    def _recount(self, counted, as_they_are=False):
        """Count by the values of now what was counted by those that leads had.

        :param counted: what :meth:`_counted` has said before their values changed
        """
        now = self._counted(as_they_are)
        moved = False
        for key in {**counted, **now}:
            won, lost = now.get(key, (0, 0))
            won_then, lost_then = counted.get(key, (0, 0))
            moved |= self._count(*key, won - won_then, lost - lost_then)
        if moved:
            self._forget_empty_frequencies()

    def _count(self, team_id, variable, value, won, lost):
        """Add to a counter as Odoo does; whether there was anything to add."""
        if not (won or lost):
            return False
        counters = self.env["crm.lead.scoring.frequency"].sudo()
        key = {"team_id": team_id or False, "variable": variable, "value": value}
        counter = counters.search([(name, "=", key[name]) for name in key], limit=1)
        if not counter and max(won, lost) <= 0:
            return False
        counter = counter or counters.create(
            {**key, "won_count": 0.1, "lost_count": 0.1}
        )
        counter.won_count = max(counter.won_count + won, 0.1)
        counter.lost_count = max(counter.lost_count + lost, 0.1)
        return True

    @api.model
    def _leave_scoring(self):
        """Odoo alone counts leads again of which all that was overwritten is settled.

        They then count as they are, by what users have decided.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT t.id FROM crm_lead t
                    WHERE t.x_scored IS NOT NULL AND t.x_source_id IS NULL
                      AND NOT EXISTS (
                          SELECT FROM migration_log l
                           WHERE l.res_model = %(model)s AND l.res_id = t.id
                             AND l.operation = 'update'
                             AND NOT EXISTS (
                                 SELECT FROM migration_log d
                                  WHERE d.res_model = %(model)s AND d.res_id = t.id
                                    AND d.operation IN ('restore', 'keep')
                                    AND (d.changes->>'restored')::int = l.id))""",
                model=self._name,
            )
        )
        leads = self.browse([id_ for (id_,) in rows])
        leads._recount(leads._counted(), as_they_are=True)
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET x_scored = NULL WHERE id = ANY(%s)", leads.ids)
        )
        leads.invalidate_recordset(["x_scored"], flush=False)

    def unlink(self):
        """What is taken back was never won or lost, either."""
        if is_silent(self.env.cr):
            self._forget_scored()
        return super().unlink()

    def _forget_scored(self):
        """Take out of the scoring table what it has learnt from these leads.

        Odoo itself keeps that of leads which users delete.
        """
        for status in _COUNTED:
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
                             AND operation IN ('create', 'update'))""",
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


def _say(before, now):
    """What ``x_scored`` says of a record; nothing before goes without saying."""
    return now if before == _NOTHING else f"{before}>{now}"


def _told(status, before):
    """A status in Odoo's words; what was counted before is not counted once more."""
    return {
        "is_won": status == "won" != before,
        "is_lost": status == "lost" != before,
    }


def _variable(name):
    """What the scoring table calls a field: of tags, it counts each by itself."""
    return "tag_id" if name == "tag_ids" else name
