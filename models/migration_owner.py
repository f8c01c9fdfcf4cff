from odoo import api, fields, models

from ..lib.values.names import match_key


class MigrationOwner(models.Model):
    """An owner in the source, and the Odoo user its records go to."""

    _name = "migration.owner"
    _description = "Migration Owner"
    _order = "record_count desc, name, key"
    _rec_name = "name"

    project_id = fields.Many2one(
        "migration.project", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(
        required=True, readonly=True, help="How records of the source name the owner."
    )
    name = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    active_in_source = fields.Boolean(default=True, readonly=True)
    record_count = fields.Integer(
        string="Records", readonly=True, help="Staged records this owner is named in."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Odoo User",
        context={"active_test": False},
        help="Archived users are accepted: former colleagues keep their records.",
    )
    state = fields.Selection(
        selection=[
            ("matched", "Matched"),
            ("archived", "Archived user"),
            ("fallback", "Fallback user"),
            ("unmatched", "Unmatched"),
        ],
        compute="_compute_state",
        store=True,
        help="Records of an unmatched owner are held back until a user is chosen.",
    )

    _key_uniq = models.Constraint(
        "UNIQUE(project_id, key)", "The project lists this owner already."
    )

    @api.depends("user_id.active", "project_id.fallback_user_id")
    def _compute_state(self):
        for owner in self:
            if owner.user_id:
                owner.state = "matched" if owner.user_id.active else "archived"
            else:
                fallback = owner.project_id.fallback_user_id
                owner.state = "fallback" if fallback else "unmatched"

    def _propose_users(self):
        """Match owners without a user by e-mail, login, or exact and only name."""
        users = self.env["res.users"].sudo().with_context(active_test=False)
        users = users.search([("share", "=", False)], order="active desc, id")
        by_email, by_name = {}, {}
        for user in users:
            for text in (user.email, user.login):
                if text:
                    by_email.setdefault(text.strip().lower(), user)
            by_name.setdefault(match_key(user.name), []).append(user)
        for owner in self.filtered(lambda owner: not owner.user_id):
            texts = [owner.email, owner.key]
            hit = next(
                (by_email[t.lower()] for t in texts if t and t.lower() in by_email),
                None,
            )
            named = by_name.get(match_key(owner.name or owner.key), [])
            owner.user_id = hit or (named[0] if len(named) == 1 else False)

    def action_create_user(self):
        """Create Odoo users for these owners, without any invitation."""
        users = self.env["res.users"].with_context(no_reset_password=True)
        for owner in self.filtered(lambda owner: not owner.user_id and owner.email):
            owner.user_id = users.create(
                {
                    "name": owner.name or owner.email,
                    "login": owner.email,
                    "email": owner.email,
                    "group_ids": [
                        (4, self.env.ref("sales_team.group_sale_salesman").id)
                    ],
                }
            )
        return True
