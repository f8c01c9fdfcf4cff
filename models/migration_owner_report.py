from odoo import models

from ..lib.sheets import Column, Sheet, write_workbook


class MigrationOwnerReport(models.AbstractModel):
    """Every owner, the user it becomes and why, as a workbook."""

    _name = "migration.owner.report"
    _description = "Migration Owners Workbook"

    def _workbook(self, project):
        """The report of the owners as the bytes of an XLSX file."""
        _ = self.env._
        labels = {one.name: one.label for one in project.mapping_ids}
        owners = [owner._as_dict() for owner in project.owner_ids]
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
