from odoo import fields, models
from odoo.exceptions import UserError

from .loader.matching import REVIEW_CODES, Matcher, left_out


class MigrationRecord(models.Model):
    """What was decided on a record that several records in Odoo may be."""

    _inherit = "migration.record"

    candidate_ids = fields.One2many(
        "migration.match.candidate", "record_id", string="May Be", readonly=True
    )
    match_decision = fields.Selection(
        selection=[
            ("link", "Link to the record chosen"),
            ("create", "Create a new record"),
            ("skip", "Leave out"),
        ],
        string="Decision",
        readonly=True,
        help="What somebody has decided in the review; each load follows it.",
    )
    match_res_id = fields.Integer(
        string="Chosen Record", readonly=True, help="Database id in Odoo."
    )

    _decision_idx = models.Index("(mapping_id) WHERE match_decision IS NOT NULL")

    def _review_domain(self):
        """Which records wait for a decision."""
        return [("state", "=", "held"), ("error_code", "in", REVIEW_CODES)]

    def action_create_new(self):
        """Decide that these records are none of those that Odoo has."""
        return self._decide("create")

    def action_leave_out(self):
        """Decide that these records are not loaded."""
        return self._decide("skip")

    def action_withdraw_decision(self):
        """Take back what was decided: the next load asks the rules again."""
        return self._decide(False)

    def _decide(self, decision, res_id=False):
        """Note a decision on these records, and let the next load follow it.

        :param decision: ``link`` (to ``res_id``), ``create``, ``skip``, or False
        :raises UserError: a record is in Odoo already, or cannot be linked to that one
        """
        self.check_access("read")
        for record in self:
            record._check_decision(decision, res_id)
        values = {
            "match_decision": decision,
            "match_res_id": res_id if decision == "link" else False,
            "state": "pending",
            "error": False,
            "error_code": False,
            "error_field": False,
            "error_value": False,
        }
        if decision == "skip":
            problem = left_out()
            values["error"] = self.env["migration.engine"]._say(problem)
            values.update(state="skipped", error_code=problem.code)
        self.sudo().write(values)
        self._log_decision(decision, res_id)
        return True

    def _check_decision(self, decision, res_id):
        """Refuse what the next load could not follow."""
        place = self._whereabouts()
        if self.state in ("loaded", "matched"):
            raise UserError(
                self.env._(
                    "%s is in Odoo already. Roll the load back first, to decide "
                    "otherwise.",
                    place,
                )
            )
        if self.unusable:
            raise UserError(
                self.env._(
                    "%s cannot be read. Correct the file and upload it again.", place
                )
            )
        if decision == "link" and not Matcher(self.mapping_id.sudo()).allows(res_id):
            raise UserError(
                self.env._(
                    "%(place)s cannot be linked to %(id)s: there is no such record in "
                    "Odoo, or it belongs to another company, was made by this "
                    "migration, or is of another kind. Choose another one.",
                    place=place,
                    id=res_id,
                )
            )

    def _log_decision(self, decision, res_id):
        """Who decided what, one row a record."""
        messages = {
            "create": self.env._("Review: a new record is created"),
            "skip": self.env._("Review: left out"),
            "link": self.env._("Review: linked to the record chosen"),
            False: self.env._("Review: the decision was withdrawn"),
        }
        self.env["migration.log"]._append(
            [
                {
                    "project_id": record.project_id.id,
                    "mapping_id": record.mapping_id.id,
                    "operation": "decision",
                    "source_id": record.source_id,
                    "res_model": record.mapping_id.res_model if res_id else None,
                    "res_id": res_id or None,
                    "message": messages[decision],
                }
                for record in self
            ]
        )
