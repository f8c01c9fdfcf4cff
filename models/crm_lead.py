from odoo import fields, models

from .engine.silence import is_silent


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
        """Leave the scoring table alone: it learns from what is decided in Odoo."""
        if is_silent(self.env.cr):
            return True
        return super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
