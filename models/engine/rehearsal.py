"""A dry run: the load as it would be, in one transaction that is rolled back.

Odoo keeps nothing of it but numbers of sequences, which PostgreSQL never gives back.
What would happen is noted in a temporary file while the transaction is still open,
and kept afterwards; so memory holds one batch, and a process that is killed leaves
nothing: neither in the database nor in the filestore, where nothing is written.
"""

import json
import weakref
from contextlib import contextmanager
from tempfile import TemporaryFile

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL

from ...lib.transforms import jsonable

BATCH = 1000
# A dry run cannot be paused. One that the server has ended so often would never end.
_ATTEMPTS = 2
# Records of these models are listed by name, those of other models counted.
_NAMED = ("res.users", "crm.team", "crm.team.member", "crm.stage")
_KINDS = {"failed": "1_failed", "held": "2_held", "skipped": "3_skipped"}

_rehearsing = weakref.WeakSet()


@contextmanager
def rehearsed(cr):
    """Mark the transaction of ``cr`` as one that will be rolled back."""
    _rehearsing.add(cr)
    try:
        yield
    finally:
        _rehearsing.discard(cr)


def is_rehearsal(cr):
    """Whether what happens in the transaction of ``cr`` will be rolled back."""
    return cr in _rehearsing


class MigrationRehearsal(models.AbstractModel):
    """Carries out dry runs and keeps their report."""

    _name = "migration.rehearsal"
    _description = "Migration Dry Run"

    def _rehearse(self, run):
        """Load everything, note what happens, take it back, and keep the notes.

        :raises UserError: the server has ended it repeatedly, or others have changed
            what it would change
        """
        self._count_attempt(run)
        with TemporaryFile("w+", encoding="utf-8") as notes:
            savepoint = self._begin(run)
            try:
                with rehearsed(self.env.cr):
                    self.env["migration.worker"]._execute_load(run, None)
                    counts = self._counts(run)
                    for row in self._iter_notes(run):
                        notes.write(json.dumps(row, default=_plain) + "\n")
            except psycopg2.Error as error:
                if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                    raise
                raise UserError(
                    self.env._(
                        "Somebody has changed records that this migration changes, "
                        "too. Nothing was kept. Start the dry run again, best when "
                        "nobody works on them."
                    )
                ) from error
            finally:
                self._take_back(savepoint)
            notes.seek(0)
            self._keep(run, counts, notes)
        return True

    def _count_attempt(self, run):
        attempts = (run.options or {}).get("attempts", 0)
        if attempts >= _ATTEMPTS:
            raise UserError(
                self.env._(
                    "The server has ended this dry run %s times: it is one "
                    "transaction and cannot be paused. Start it on the command line "
                    "(load --dry-run), or raise limit_time_real_cron.",
                    attempts,
                )
            )
        run.options = {**(run.options or {}), "attempts": attempts + 1}
        run._commit()

    def _begin(self, run):
        """A savepoint where the transaction itself belongs to a test."""
        if self.env.context.get("migration_no_commit"):
            return self.env.cr.savepoint(flush=True)
        return None

    def _take_back(self, savepoint):
        self.env.clear()
        if savepoint:
            savepoint.close(rollback=True)
        else:
            self.env.cr.rollback()
        # What was looked up in the meantime may name records that never were.
        self.env.registry.clear_all_caches()

    def _counts(self, run):
        return [
            {
                **line._as_dict(),
                "mapping_id": line.mapping_id.id,
                "total": line.total,
                "seconds": line.seconds,
            }
            for line in run.line_ids
        ]

    # What would happen, as dicts by column of the report

    def _iter_notes(self, run):
        """Yield the lines of the report from the open transaction."""
        self.env.flush_all()
        yield from self._iter_left_out(run)
        yield from self._iter_warnings(run)
        yield from self._iter_writes(run)
        yield from self._iter_makes(run)

    def _iter_left_out(self, run):
        """Records that would not be in Odoo, those that have failed before as well."""
        for _id, state, *row in self._in_batches(
            """SELECT r.id, r.state, r.mapping_id, r.id, r.source_id, t.name, r.row,
                      r.error_code, r.error_field, r.error_value, r.error,
                      NOT EXISTS (SELECT FROM migration_log l
                                   WHERE l.run_id = %s AND l.mapping_id = r.mapping_id
                                     AND l.source_id = r.source_id)
                 FROM migration_record r
                 JOIN migration_mapping m ON m.id = r.mapping_id
                 LEFT JOIN migration_file_table t ON t.id = r.table_id
                WHERE r.project_id = %s AND r.id > %s AND m.active
                  AND r.state IN ('failed', 'held', 'skipped')
                  AND r.error_code IS NOT NULL
                ORDER BY r.id LIMIT %s""",
            run.id,
            run.project_id.id,
        ):
            names = ("mapping_id", "record_id", "source_id", "file", "row", "code")
            names += ("source_path", "value", "message", "earlier")
            yield {"kind": _KINDS[state], **dict(zip(names, row, strict=True))}

    def _iter_warnings(self, run):
        names = ("mapping_id", "record_id", "source_id", "file", "row", "code")
        names += ("source_path", "value", "message")
        for _id, *row in self._in_batches(
            """SELECT l.id, l.mapping_id, r.id, l.source_id, t.name, r.row,
                      l.changes->>'code', l.changes->>'field', l.changes->>'value',
                      l.message
                 FROM migration_log l
                 LEFT JOIN migration_record r ON r.mapping_id = l.mapping_id
                                             AND r.source_id = l.source_id
                 LEFT JOIN migration_file_table t ON t.id = r.table_id
                WHERE l.run_id = %s AND l.operation = 'warning' AND l.id > %s
                ORDER BY l.id LIMIT %s""",
            run.id,
        ):
            yield {"kind": "4_warning", **dict(zip(names, row, strict=True))}

    def _iter_writes(self, run):
        """What would be written to records that this migration has not made."""
        for _id, mapping_id, source_id, model, res_id, changes in self._in_batches(
            """SELECT l.id, l.mapping_id, l.source_id, l.res_model, l.res_id, l.changes
                 FROM migration_log l
                WHERE l.run_id = %s AND l.operation = 'update' AND l.id > %s
                  AND NOT EXISTS (
                      SELECT FROM migration_log c
                       WHERE c.project_id = l.project_id AND c.operation = 'create'
                         AND c.res_model = l.res_model AND c.res_id = l.res_id)
                ORDER BY l.id LIMIT %s""",
            run.id,
        ):
            record = self.env[model].sudo().browse(res_id)
            for name, after in changes["after"].items():
                both = (changes["before"].get(name), after)
                shown = self.env["migration.display"]._texts(record, name, both)
                yield {
                    "kind": "5_write",
                    "mapping_id": mapping_id,
                    "source_id": source_id,
                    "res_model": model,
                    "res_id": res_id,
                    "target": name,
                    "before": shown[0],
                    "value": shown[1],
                }

    def _iter_makes(self, run):
        """What would be made: by name what is structure, as numbers what is not."""
        rows = self.env.execute_query(
            SQL(
                """SELECT l.res_model, m.schema, array_agg(l.res_id ORDER BY l.id)
                     FROM migration_log l
                     JOIN migration_mapping m ON m.id = l.mapping_id
                    WHERE l.run_id = %s AND l.operation = 'create'
                      AND (m.schema OR l.res_model = ANY(%s))
                    GROUP BY 1, 2 ORDER BY 1""",
                run.id,
                list(_NAMED),
            )
        )
        for model, _schema, ids in rows:
            for record in self.env[model].sudo().browse(ids):
                yield {
                    "kind": "6_make",
                    "res_model": model,
                    "message": record.display_name,
                }
        rows = self.env.execute_query(
            SQL(
                """SELECT l.res_model, count(*) FROM migration_log l
                     JOIN migration_mapping m ON m.id = l.mapping_id
                    WHERE l.run_id = %s AND l.operation = 'create'
                      AND NOT (COALESCE(m.schema, FALSE) OR l.res_model = ANY(%s))
                    GROUP BY 1 ORDER BY 1""",
                run.id,
                list(_NAMED),
            )
        )
        for model, count in rows:
            yield {"kind": "6_make", "res_model": model, "count": count}

    def _in_batches(self, query, *arguments):
        """Rows of ``query``, whose first column is the id it goes on after."""
        last = 0
        while rows := self.env.execute_query(SQL(query, *arguments, last, BATCH)):
            yield from rows
            last = rows[-1][0]

    # After it was taken back

    def _keep(self, run, counts, notes):
        for sequence, values in enumerate(counts):
            values["handled"] = values.pop("read")
            self.env["migration.run.line"].create(
                {**values, "run_id": run.id, "sequence": sequence, "finished": True}
            )
        lines = self.env["migration.rehearsal.line"]
        batch = []
        for text in notes:
            values = json.loads(text)
            batch.append({**values, "run_id": run.id, "project_id": run.project_id.id})
            if len(batch) >= BATCH:
                lines.create(batch)
                self.env.flush_all()
                lines.invalidate_model()
                batch = []
        lines.create(batch)


def _plain(value):
    plain = jsonable(value)
    return str(value) if plain is value else plain
