"""What becomes of the staged records when what they were in Odoo is taken back."""

from odoo import models
from odoo.tools import SQL

from .staging import GONE

_LOADS = ("load", "delta")


class MigrationUndoRelease(models.AbstractModel):
    """Sets staged records back to what they were before a run."""

    _name = "migration.undo.release"
    _description = "Migration Undo of Staged Records"

    def _settle(self, run, target):
        """After all was taken back: what is to be loaded, and where the project is."""
        self._release(run, target)
        self._release_lost(run)
        self._release_changes(run, target)
        self._forget_gone(run.project_id)
        self._set_state(run.project_id, target)
        self._stop_schedule(run, target)

    def _release(self, run, target):
        """Set the staged records whose Odoo record is gone back to pending.

        A record that a later run has loaded anew belongs to that run. One that a
        delta has only changed was in Odoo before it, and stays.
        """
        scope = SQL("l.run_id = %s", target.id) if target else SQL("TRUE")
        others = SQL("n.run_id <> %s", target.id) if target else SQL("FALSE")
        self.env.execute_query(
            SQL(
                """UPDATE migration_record r
                      SET state = 'pending', res_model = NULL, res_id = NULL
                    WHERE r.project_id = %s AND r.state IN ('loaded', 'matched')
                      AND NOT EXISTS (
                          SELECT FROM pg_temp.migration_undo u
                           WHERE u.mapping_id = r.mapping_id
                             AND u.source_id = r.source_id)
                      AND EXISTS (
                          SELECT FROM migration_log l
                           WHERE l.mapping_id = r.mapping_id
                             AND l.source_id = r.source_id
                             AND l.operation IN ('create', 'match', 'update')
                             AND NOT COALESCE(l.changes ? 'change', FALSE) AND %s
                             AND NOT EXISTS (
                                 SELECT FROM migration_log n
                                  WHERE n.mapping_id = l.mapping_id
                                    AND n.source_id = l.source_id AND n.id > l.id
                                    AND n.operation IN ('create', 'match', 'update')
                                    AND NOT COALESCE(n.changes ? 'change', FALSE)
                                    AND %s))
                   RETURNING r.id""",
                run.project_id.id,
                scope,
                others,
            )
        )

    def _gone(self):
        """Ids of the staged records whose Odoo record is no longer there."""
        models_ = self.env.execute_query(
            SQL(
                """SELECT DISTINCT res_model FROM migration_record
                    WHERE res_id IS NOT NULL AND state IN ('loaded', 'matched')"""
            )
        )
        gone = []
        for (model,) in models_:
            if model in self.env:
                gone += self.env.execute_query(
                    SQL(
                        """SELECT r.id FROM migration_record r
                            WHERE r.res_model = %s AND r.state IN ('loaded', 'matched')
                              AND NOT EXISTS (SELECT FROM %s t WHERE t.id = r.res_id)
                            ORDER BY r.id""",
                        model,
                        SQL.identifier(self.env[model]._table),
                    )
                )
        return [record_id for (record_id,) in gone]

    def _release_lost(self, run):
        """Set staged records back to pending whose record went with another one.

        A message goes with its deal, a link with its contact, whatever loaded them.
        """
        lost = set(self._gone()) - set(run.options["gone"])
        self.env.cr.execute(
            SQL(
                """UPDATE migration_record
                      SET state = 'pending', res_model = NULL, res_id = NULL
                    WHERE id = ANY(%s)""",
                sorted(lost),
            )
        )

    def _release_changes(self, run, target):
        """What a delta had taken over of records that stay is a change once more."""
        project = run.project_id
        records = self.env["migration.record"]
        records._newest(SQL("project_id = %s", project.id))
        deltas = target.filtered(lambda one: one.kind == "delta")
        if deltas:
            self.env["migration.change"]._give_back(deltas)
            conflicts = self.env["migration.conflict"].sudo()
            conflicts.search([("run_id", "=", deltas.id)]).unlink()
            conflicts.search([("settled_run_id", "=", deltas.id)])._take_back()
        gone = [("record_id.res_id", "=", False), ("project_id", "=", project.id)]
        self.env["migration.change"].search(gone).sudo().unlink()
        self.env["migration.conflict"].sudo().search(gone).unlink()

    def _set_state(self, project, target):
        """Where the migration is now; without its structure it is prepared anew."""
        project.invalidate_recordset()
        if target.kind == "prepare" or not (target or project.loaded_count):
            project.state = "staged"
        elif project.state == "loaded" and not project.loaded_count:
            project.state = "prepared"

    def _forget_gone(self, project):
        """What neither Odoo nor the source has any more is not loaded again.

        The next reading would forget it as well.
        """
        self.env.execute_query(
            SQL(
                """DELETE FROM migration_record
                    WHERE project_id = %s AND res_id IS NULL
                      AND (source_gone OR payload_hash = %s) RETURNING id""",
                project.id,
                GONE,
            )
        )
        self.env["migration.record"].invalidate_model(flush=False)

    def _stop_schedule(self, run, target):
        """What was taken back is loaded again when somebody asks for it, not before."""
        project = run.project_id.sudo()
        if project.delta_interval and (not target or target.kind in _LOADS):
            project.delta_interval = 0
            run.message = self.env._("Changes are no longer loaded by themselves.")
