from odoo import models
from odoo.exceptions import UserError

from ..lib.sheets import Column, Sheet, write_workbook


class MigrationProject(models.Model):
    """The owners of a migration as a whole: the report, and what decides on many."""

    _inherit = "migration.project"

    def write(self, vals):
        """A fallback user lets the records go on that waited for one."""
        done = super().write(vals)
        if vals.get("fallback_user_id"):
            for project in self:
                self.env["migration.owners"]._release(project)
        return done

    def action_download_owners(self):
        """Download the report of the owners as a workbook."""
        self.ensure_one()
        self.check_access("read")
        attachment = self.env["migration.failed.file"]._attach(
            self, f"owners_{self.key}.xlsx", self._owners_workbook()
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _owners_workbook(self):
        """The report of the owners as the bytes of an XLSX file."""
        _ = self.env._
        labels = {one.name: one.label for one in self.mapping_ids}
        owners = [owner._as_dict() for owner in self.owner_ids]
        objects = dict.fromkeys(name for one in owners for name in one["objects"])
        states = self.env["migration.report"]._labels("migration.owner", "state")
        columns = (
            Column("key", _("Owner"), 28),
            Column("name", _("Name"), 28),
            Column("email", _("E-mail"), 32),
            Column("also", _("Also Written"), 32),
            Column("active", _("Active in Source"), kind="bool"),
            Column("state", _("State"), 18),
            Column("user", _("Odoo User"), 32),
            Column("reason", _("Reason"), 50),
            Column("candidates", _("Candidates"), 32),
            Column("records", _("Records"), kind="integer"),
            *(
                Column(f"object_{name}", labels.get(name, name), kind="integer")
                for name in objects
            ),
            Column("held", _("Held"), kind="integer"),
        )
        rows = [
            {
                **one,
                **{f"object_{name}": count for name, count in one["objects"].items()},
                "state": states[one["state"]],
                "candidates": ", ".join(one["candidates"]),
            }
            for one in owners
        ]
        return write_workbook([Sheet(_("Owners"), columns, rows)])

    def _owner(self, key):
        """The owner that ``key`` names: its id, another writing of it, or its e-mail.

        :raises UserError: there is none, or there are several
        """
        owners = self.owner_ids.filtered(lambda one: one.key == key)
        if not owners:
            found = self.env["migration.owners"]._users(self).owners(key)
            owners = self.owner_ids.browse(found)
        if len(owners) != 1:
            raise UserError(
                self.env._(
                    "“%(key)s” names %(count)s owners; there are: %(keys)s.",
                    key=key,
                    count=len(owners),
                    keys=", ".join(self.owner_ids.mapped("key")[:50]),
                )
            )
        return owners
