"""Which writes to records that stay a rollback takes back, by the journal."""

from odoo import models
from odoo.tools import SQL, split_every

from .silence import QUIET

_BATCH = 500


class MigrationUndoWrites(models.AbstractModel):
    """Finds the journalled writes that are to be restored."""

    _name = "migration.undo.writes"
    _description = "Migration Undo of Writes"

    def _foresee(self, project, target, force):
        """Yield ``(record, source ids, restoration)`` of what would be restored."""
        values = self.env["migration.undo.values"].with_context(**QUIET)
        for updates in self._batches(project, target, force):
            for record, writes, found in values._restorations(updates, force):
                yield record, [one.source_id for one in writes if one.mine], found

    def _batches(self, project, target, force):
        """Yield :meth:`_updates` in batches; all of one record are in the same one."""
        records = {}
        for row in self._updates(project, target, force):
            records.setdefault((row[3], row[4]), []).append(row)
        for batch in split_every(_BATCH, records.values()):
            yield [row for rows in batch for row in rows]

    def _updates(self, project, target, force=False):
        """Journalled writes to records that stay, newest first, not restored yet.

        What users have changed is settled, unless it is to be restored nevertheless.
        """
        return self._open(project, target, force, SQL("l.changes"), "after")

    def _purged(self, project, target, force=False):
        """Those of them whose values were purged; nobody knows what was there before.

        :return: ``[(id, mapping id, source id, model, id, names of the fields)]``
        """
        names = SQL("l.changes->'names'")
        rows = self._open(project, target, force, names, "names")
        alive = {
            model: set(self.env[model].browse({row[4] for row in rows}).exists().ids)
            for model in {row[3] for row in rows}
            if model in self.env
        }
        return [row for row in rows if row[4] in alive.get(row[3], ())]

    def _open(self, project, target, force, column, key):
        """Writes whose entry in the journal has ``key``, with its ``column``."""
        settled = ["restore"] if force else ["restore", "keep"]
        scope = SQL("l.run_id = %s", target.id) if target else SQL("TRUE")
        return self.env.execute_query(
            SQL(
                """SELECT l.id, l.mapping_id, l.source_id, l.res_model, l.res_id, %s
                     FROM migration_log l
                    WHERE l.project_id = %s AND l.operation = 'update' AND %s
                      AND l.changes ? %s
                      AND NOT EXISTS (
                          SELECT FROM migration_log c
                           WHERE c.project_id = l.project_id
                             AND c.operation = 'create' AND %s
                             AND c.res_model = l.res_model AND c.res_id = l.res_id)
                      AND NOT EXISTS (
                          SELECT FROM migration_log d
                           WHERE d.res_model = l.res_model AND d.res_id = l.res_id
                             AND d.operation = ANY(%s)
                             AND (d.changes->>'restored')::int = l.id)
                    ORDER BY l.id DESC""",
                column,
                project.id,
                scope,
                key,
                SQL("c.run_id = %s", target.id) if target else SQL("TRUE"),
                settled,
            )
        )
