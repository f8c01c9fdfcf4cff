"""Throws away what was copied from the source, once nobody needs it any more."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..migration_log import QUOTING

# What is emptied of each model. Models and columns that are not there are passed over.
EMPTIED = {
    "migration.record": (
        *("payload", "next_payload", "correction", "error", "error_value"),
        "left_out_reason",
    ),
    "migration.change": ("payload",),
    "migration.file.table": ("sample",),
    "migration.mapping.field": ("samples",),
    "migration.finding": ("samples",),
    "migration.sample.line": ("source_value", "expected", "actual", "message"),
    "migration.rehearsal.line": ("value", "before", "message"),
    "migration.conflict": ("base_value", "odoo_value", "source_value", "values"),
    "migration.check": ("message",),
    "migration.run": ("message",),
}
DELETED = ("migration.record.key", "migration.match.candidate")
# Changes of these hold values, of which the names stay.
_VALUED = ("update", "restore", "keep", "decision")


class MigrationPurger(models.AbstractModel):
    """Purges the staged data of migrations."""

    _name = "migration.purger"
    _description = "Migration Purge"

    def _purge(self, project):
        """Remove the source's data of ``project``; log and links stay.

        :raises UserError: a run is working on it
        """
        self._check_idle(project)
        self.env.flush_all()
        for model, columns in EMPTIED.items():
            self._empty(project, model, columns)
        for model in DELETED:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s AS t WHERE %s",
                    SQL.identifier(self.env[model]._table),
                    self._scope(project, model),
                )
            )
        self._forget_unlinked(project)
        self._empty_log(project)
        self._attachments(project).unlink()
        self.env.invalidate_all(flush=False)
        # What is still on the server comes in again with the next reading.
        project.file_ids.sudo().filtered("path").read_date = False
        project.sudo().write(
            {"purged_date": fields.Datetime.now(), "purged_by_id": self.env.uid}
        )
        self.env["migration.log"]._append(
            [
                {
                    "project_id": project.id,
                    "operation": "decision",
                    "message": self.env._("The staged data was purged."),
                }
            ]
        )

    def _check_idle(self, project):
        busy = project.run_ids.filtered(lambda one: one.state in ("queued", "running"))
        if busy:
            raise UserError(
                self.env._(
                    "“%s” is still working. Wait until it is done.",
                    busy[0].display_name,
                )
            )

    def _scope(self, project, model):
        """SQL condition of the rows ``t`` of ``model`` that belong to ``project``."""
        names = self.env[model]._fields
        if "project_id" in names and names["project_id"].store:
            return SQL("t.project_id = %s", project.id)
        if "mapping_id" in names and names["mapping_id"].store:
            return SQL(
                "t.mapping_id IN (SELECT id FROM migration_mapping"
                " WHERE project_id = %s)",
                project.id,
            )
        return SQL(
            "t.record_id IN (SELECT id FROM migration_record WHERE project_id = %s)",
            project.id,
        )

    def _empty(self, project, model, columns):
        if model not in self.env:
            return
        known = [name for name in columns if name in self.env[model]._fields]
        if not known:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS t SET %s WHERE %s",
                SQL.identifier(self.env[model]._table),
                SQL(", ").join(
                    SQL("%s = NULL", SQL.identifier(name)) for name in known
                ),
                self._scope(project, model),
            )
        )

    def _forget_unlinked(self, project):
        """What is not in Odoo is not loaded from nothing: it has to be read again."""
        self.env.cr.execute(
            SQL(
                """UPDATE migration_record
                      SET state = 'skipped', error_code = 'purged', error_field = NULL,
                          payload_hash = ''
                    WHERE project_id = %s AND res_id IS NULL""",
                project.id,
            )
        )

    def _empty_log(self, project):
        """Of the log go the values: what, when, by whom, of which record stays.

        When a record had been changed last before says what users did to it.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE migration_log
                      SET message = CASE WHEN operation = ANY(%(quoting)s)
                                         THEN NULL ELSE message END,
                          changes = CASE
                              WHEN changes ? 'after' THEN jsonb_strip_nulls(
                                  (changes - 'after' - 'row' - 'gone' - 'hash')
                                  || jsonb_build_object(
                                     'before', jsonb_build_object(
                                        'write_date', changes->'before'->'write_date',
                                        'write_uid', changes->'before'->'write_uid'),
                                     'names', (
                                        SELECT jsonb_agg(k ORDER BY k) FROM
                                        jsonb_object_keys(changes->'after') AS k)))
                              ELSE changes - 'value' END
                    WHERE project_id = %(project)s
                      AND operation = ANY(%(all)s)""",
                quoting=list(QUOTING),
                all=[*QUOTING, *_VALUED],
                project=project.id,
            )
        )

    def _attachments(self, project):
        """Uploads, and what was offered for download."""
        attachments = self.env["ir.attachment"].sudo()
        uploads = project.file_ids
        return attachments.search(
            [
                "|",
                *("&", ("res_model", "=", project._name), ("res_id", "=", project.id)),
                *("&", "&", ("res_model", "=", uploads._name)),
                *(("res_field", "=", "content"), ("res_id", "in", uploads.ids)),
            ]
        )

    def _count(self, project, model, condition):
        """How many rows ``t`` of ``project`` fulfil ``condition``."""
        self.env.flush_all()
        query = SQL(
            "SELECT count(*) FROM %s AS t WHERE %s AND %s",
            SQL.identifier(self.env[model]._table),
            self._scope(project, model),
            condition,
        )
        return self.env.execute_query(query)[0][0]

    @staticmethod
    def _quotes():
        """SQL condition of the entries of the log in which there are values."""
        return SQL(
            """t.operation = ANY(%s)
               AND (t.operation = ANY(%s) AND t.message IS NOT NULL
                    OR t.changes ? 'after' OR t.changes ? 'value')""",
            [*QUOTING, *_VALUED],
            list(QUOTING),
        )

    def _preview(self, project):
        """``[(what happens, text, count)]``: ``goes``, ``stays`` and ``ends``."""
        _ = self.env._
        record = self.env["migration.record"]
        own = [("project_id", "=", project.id)]
        files = project.file_ids.filtered(lambda one: not one.connection_id)
        on_server = files.filtered(lambda one: one.sudo().path)
        log = self.env["migration.log"]
        return [
            (
                "goes",
                _("Rows copied from the source"),
                self._count(project, "migration.record", SQL("t.payload IS NOT NULL")),
            ),
            (
                "goes",
                _("Uploaded files and downloads"),
                len(self._attachments(project)),
            ),
            (
                "goes",
                _("Values in the log, in samples, findings and reports"),
                self._count(project, "migration.log", self._quotes()),
            ),
            (
                "stays",
                _("Links between source ids and Odoo records"),
                record.search_count([*own, ("res_id", "!=", 0)]),
            ),
            (
                "stays",
                _("The log: what was done, when, by whom, to which record"),
                log.search_count(own),
            ),
            (
                "stays",
                _("Mapping, translated values and owners"),
                len(project.mapping_ids.field_ids),
            ),
            (
                "stays",
                _("Files on the server, named on the command line: delete them there"),
                len(on_server),
            ),
            (
                "ends",
                _("Values that were overwritten can no longer be restored"),
                self._count(
                    project,
                    "migration.log",
                    SQL(
                        """t.operation = 'update' AND t.run_id IS NOT NULL
                           AND t.changes ? 'after'"""
                    ),
                ),
            ),
            ("ends", _("What is not in Odoo has to be read again to be loaded"), 0),
            (
                "ends",
                _("Changes in the source cannot be merged, values not verified"),
                0,
            ),
        ]

    def _cron_purge(self):
        """Purge migrations whose last run is so long ago as they say."""
        for project in self.env["migration.project"].search(
            [("purge_after_days", ">", 0), ("purged_date", "=", False)]
        ):
            runs = project.run_ids
            last = max(filter(None, runs.mapped("finished")), default=None)
            busy = runs.filtered(lambda run: run.state in ("queued", "running"))
            if not last or busy:
                continue
            if last + timedelta(days=project.purge_after_days) <= fields.Datetime.now():
                self._purge(project)
