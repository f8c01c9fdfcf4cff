from odoo import fields, models
from odoo.tools import SQL

_ENDED = ("done", "failed")


class MigrationRun(models.Model):
    """What a rollback has taken back of a run."""

    _inherit = "migration.run"  # pylint: disable=consider-merging-classes-inherited

    undone = fields.Selection(
        selection=[("partly", "In part"), ("wholly", "Wholly")],
        string="Taken Back",
        readonly=True,
        help="In part: the log of the rollback says what stays, and why.",
    )

    def action_roll_back(self):
        """Show what a rollback of this run would do."""
        self.ensure_one()
        self.project_id._check_manager()
        return self.env["migration.rollback.wizard"]._show(self.project_id, self)

    def _undoes(self):
        """The run that this rollback takes back; none where it takes back all."""
        return self.browse((self.options or {}).get("run_id"))

    def _mark_undone(self, target):
        """Say on the runs that this rollback has taken back how far they are."""
        done = self.project_id.run_ids.filtered(lambda run: run.state in _ENDED)
        runs = target or done.filtered("undoable")
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT l.run_id FROM migration_log k
                     JOIN migration_log l
                       ON l.res_model = k.res_model AND l.res_id = k.res_id
                      AND l.operation IN ('create', 'update')
                    WHERE k.run_id = %s AND k.operation IN ('keep', 'archive')
                      AND l.run_id = ANY(%s)
                      AND (k.changes->>'restored' IS NULL
                           OR (k.changes->>'restored')::int = l.id)""",
                self.id,
                runs.ids,
            )
        )
        kept = runs.browse([run_id for (run_id,) in rows])
        kept.undone = "partly"
        (runs - kept).undone = "wholly"
        told = self._told() or self.env._("There was nothing left to take back.")
        self.message = " ".join(filter(None, (told, self.message)))

    def _told(self):
        """What this rollback did, as one sentence; empty where that is nothing."""
        labels = {
            "removed": self.env._("removed"),
            "restored": self.env._("given back their values"),
            "archived": self.env._("archived"),
            "kept": self.env._("left"),
        }
        counts = self._taken_back()
        parts = [f"{count} {labels[name]}" for name, count in counts.items() if count]
        if not parts:
            return ""
        told = self.env._("Records: %s.", ", ".join(parts))
        if self._undoes().kind != "sample":
            return told
        return self.env._("The sample was compared, and is taken back. %s", told)

    def _taken_back(self):
        """``{removed, restored, archived, kept}``: what this rollback did."""
        groups = dict(
            self.env["migration.log"]._read_group(
                [("run_id", "=", self.id)], ["operation"], ["__count"]
            )
        )
        return {
            "removed": groups.get("unlink", 0),
            "restored": groups.get("restore", 0),
            "archived": groups.get("archive", 0),
            "kept": groups.get("keep", 0),
        }
