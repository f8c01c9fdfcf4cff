from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.owners import address
from .engine.silence import QUIET, silenced


class MigrationOwner(models.Model):
    """Users that are made for owners, without anybody being told."""

    _inherit = "migration.owner"

    def action_create_user(self):
        """Create Odoo users for these owners, without any invitation.

        :raises UserError: none could be created; says why for each
        """
        refused = self._create_users()
        if not refused:
            return True
        text = "\n".join(refused)
        if not self.filtered("user_id"):
            raise UserError(text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Some users were not created"),
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _create_users(self):
        """Create a user for each that has none; journalled, so that it can be undone.

        :return: texts, one for each owner for which none could be created
        """
        for project in self.project_id:
            project._check_manager()
        self.env["res.users"].check_access("create")
        self.check_access("write")
        refused = []
        with silenced(self.env.cr):
            for owner in self.filtered(lambda one: not one.user_id):
                if reason := owner._no_user_because():
                    refused.append(f"{owner.name or owner.key}: {reason}")
                    continue
                owner._create_user()
            self.env.flush_all()
        for project in self.project_id:
            self.env["migration.owners"]._release(project)
        return refused

    def _no_user_because(self):
        """Why no user can be created, None where one can."""
        if self.may_be:
            return self.env._(
                "several owners are called like this: choose whose records these are"
            )
        if not self.email:
            return self.env._("it has no e-mail, which is the login: fill it in")
        login = address(self.email)
        if not login:
            return self.env._("“%s” is not an e-mail address: correct it", self.email)
        users = self.env["res.users"].sudo().with_context(active_test=False)
        known = users.search([("login", "=ilike", _literal(login))], limit=1)
        if not known:
            return None
        if known.share:
            return self.env._(
                "%(name)s is a portal user with the login %(login)s: give that user "
                "internal access in Odoo, or change the login",
                name=known.name,
                login=known.login,
            )
        if not known.active:
            return self.env._(
                "%(name)s is an archived user with the login %(login)s: choose that "
                "user for this owner",
                name=known.name,
                login=known.login,
            )
        return self.env._(
            "%(name)s has the login %(login)s already: choose that user",
            name=known.name,
            login=known.login,
        )

    def _create_user(self):
        project = self.project_id
        login = address(self.email)
        source_id = f"{project.key}/owner/{self.key}"
        users = self.env["res.users"].sudo()
        # The partner has the same source id, so it goes with its user.
        user = users.with_context(**QUIET, mail_create_nosubscribe=True).create(
            {
                "name": self.name or login,
                "login": login,
                "email": login,
                "active": self.active_in_source,
                "company_id": project.company_id.id,
                "company_ids": [fields.Command.set(project.company_id.ids)],
                "group_ids": [
                    fields.Command.link(
                        self.env.ref("sales_team.group_sale_salesman").id
                    )
                ],
                "x_source_id": source_id,
            }
        )
        user.partner_id.x_source_id = source_id
        self.env.flush_all()
        self._set({"user_id": user.id, "matched_by": "created", "use_fallback": False})
        self.env["migration.log"]._append(
            [
                {
                    "project_id": project.id,
                    "operation": "create",
                    "source_id": source_id,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (user.partner_id, user)
            ]
        )


def _literal(text):
    """``text`` for a comparison by ``=ilike`` that takes every character as it is."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text
