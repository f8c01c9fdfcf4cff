import logging
import time

from odoo import fields, models
from odoo.tools import SQL

from .raw_rows import Bystanders, RawRows, write_row
from .silence import QUIET, silenced
from .undo_plan import UndoPlan

_logger = logging.getLogger(__name__)

BATCH = 500
_PLURAL = ("many2many", "one2many")


class MigrationRollback(models.AbstractModel):
    """Takes back what a migration did: removes, restores, and says what stays."""

    _name = "migration.rollback"
    _description = "Migration Rollback"

    def _undo(self, run, deadline=None):
        """Carry out the rollback ``run``; its options say which run, and how far.

        :param float deadline: ``time.monotonic()`` after which to pause
        :return: whether it is finished; the journal tells where to go on
        """
        self = self.with_context(**QUIET, prefetch_fields=False)  # noqa: PLW0642
        run = run.with_env(self.env)
        project = run.project_id
        options = run.options or {}
        target = self.env["migration.run"].browse(options.get("run_id"))
        with silenced(self.env.cr):
            self._restore(run, target, options.get("force"))
            run._commit()
        plan = UndoPlan(project, target, options.get("force"))
        groups = plan.groups()
        progress = self._lines(run, groups)
        for model, mapping_id, _count in groups:
            line = progress.get(mapping_id) or run.line_ids.browse()
            while batch := plan.removable(model, mapping_id, BATCH):
                with silenced(self.env.cr):
                    self._remove(run, plan, model, mapping_id, dict(batch), line)
                    run._commit()
                if deadline and time.monotonic() > deadline:
                    return False
        with silenced(self.env.cr):
            self._release(run, target)
            self._release_changes(run, target)
            self._journal_kept(run, plan)
            if target.kind != "sample":
                self._set_state(project)
            run._commit()
        return True

    def _lines(self, run, groups):
        """``{mapping id: progress line}``; structure without a mapping has none."""
        lines = {line.mapping_id.id: line for line in run.line_ids}
        if lines:
            return lines
        totals = {}
        for _model, mapping_id, count in groups:
            if mapping_id:
                totals[mapping_id] = totals.get(mapping_id, 0) + count
        created = run.line_ids.create(
            [
                {
                    "run_id": run.id,
                    "mapping_id": mapping_id,
                    "sequence": number,
                    "total": total,
                }
                for number, (mapping_id, total) in enumerate(totals.items())
            ]
        )
        run._commit()
        return {line.mapping_id.id: line for line in created}

    def _remove(self, run, plan, model, mapping_id, batch, line):
        """Unlink one batch; what refuses is halved out and kept with its reason."""
        removed, refused = [], {}
        self._unlink(model, sorted(batch, reverse=True), removed, refused)
        plan.settle(model, removed)
        for res_id, reason in refused.items():
            plan.settle(model, [res_id], "refused", reason)
        self._journal(run, "unlink", model, mapping_id, batch, removed)
        if line:
            line.write(
                {
                    "handled": line.handled + len(removed),
                    "failed": line.failed + len(refused),
                }
            )

    def _unlink(self, model, ids, removed, refused):
        # Some may have gone with the record they were a part of.
        records = self.env[model].sudo().browse(ids).exists()
        try:
            with self.env.cr.savepoint():
                self._release_source_id(records)
                records.unlink()
                self.env.flush_all()
            removed += ids
        except Exception as error:
            self.env.clear()
            if len(ids) == 1:
                _logger.info("%s %s cannot be removed", model, ids, exc_info=error)
                refused[ids[0]] = self.env["migration.engine"]._say(error)
                return
            half = len(ids) // 2
            self._unlink(model, ids[:half], removed, refused)
            self._unlink(model, ids[half:], removed, refused)

    def _release_source_id(self, records):
        """Records are exactly those the journal means: they carry their source id."""
        marked = records.search_count(
            [("id", "in", records.ids), ("x_source_id", "!=", False)]
        )
        if marked != len(records):
            raise ValueError(self.env._("A record has lost its source id."))

    def _journal(self, run, operation, model, mapping_id, batch, ids):
        self.env["migration.log"]._append(
            [
                {
                    "project_id": run.project_id.id,
                    "run_id": run.id,
                    "mapping_id": mapping_id,
                    "operation": operation,
                    "source_id": batch[res_id],
                    "res_model": model,
                    "res_id": res_id,
                }
                for res_id in ids
            ]
        )

    def _journal_kept(self, run, plan):
        reasons = self._reasons()
        self.env["migration.log"]._append(
            [
                {
                    "project_id": run.project_id.id,
                    "run_id": run.id,
                    "mapping_id": mapping_id,
                    "operation": "keep",
                    "source_id": source_id,
                    "res_model": model,
                    "res_id": res_id,
                    "message": self._because(reasons, reason, by_what),
                }
                for model, res_id, source_id, mapping_id, reason, by_what in plan.kept()
            ]
        )

    @staticmethod
    def _because(reasons, reason, by_what):
        """A reason in words, with what is behind it where the sentence asks for it."""
        text = reasons[reason]
        return f"{text} {by_what}" if by_what and text.endswith(":") else text

    def _reasons(self):
        """Why a record stays, in the user's language."""
        return {
            "changed": self.env._("Changed since the migration."),
            "added": self.env._("Users have added to it:"),
            "needed": self.env._("Used by a record that stays:"),
            "part": self.env._("Belongs to a record that stays."),
            "used": self.env._("Holds values of records that stay."),
            "refused": self.env._("Odoo refused to delete it:"),
        }

    def _restore(self, run, target, force):
        """Give records that were there before the values they had.

        A value that a user has changed since stays, unless that is overridden. Of
        tags and the like only those go that were added, whatever users did since.
        """
        for log_id, mapping_id, source_id, model, res_id, changes in self._updates(
            run, target
        ):
            if model not in self.env:
                continue
            record = self.env[model].sudo().browse(res_id).exists()
            if not record:
                continue
            before, after = changes["before"], changes["after"]
            stamp = {
                name: before.pop(name)
                for name in ("write_date", "write_uid")
                if name in before
            }
            row, now = changes.get("row"), RawRows(record)
            bystanders = Bystanders(record if row else record.browse())
            changed = [
                name for name in before if not self._same(record, name, after[name])
            ]
            kept = [
                name
                for name in changed
                if not force and record._fields[name].type not in _PLURAL
            ]
            values = {name: value for name, value in before.items() if name not in kept}
            record.write(self._commands(record, values, after, force))
            self.env.flush_all()
            if row:
                self._restore_row(record, row, now.rows[record.id], kept, force)
            elif force or not changed:
                self._restamp(record, stamp)
            bystanders.settle()
            self.env["migration.log"]._append(
                [
                    {
                        "project_id": run.project_id.id,
                        "run_id": run.id,
                        "mapping_id": mapping_id,
                        "operation": "keep" if kept else "restore",
                        "source_id": source_id,
                        "res_model": model,
                        "res_id": res_id,
                        "message": ", ".join(kept) if kept else None,
                        "changes": {
                            "before": after,
                            "after": values,
                            "restored": log_id,
                        },
                    }
                ]
            )

    @staticmethod
    def _restore_row(record, row, now, kept, force):
        """Put back what Odoo had worked out along with the values written.

        A column that has changed since, by a user or by what a user did, stays.
        """
        before, after = row["before"], row["after"]
        stays = {
            name
            for name in before
            if name in kept or not (force or now.get(name) == after[name])
        }
        if stays - {"write_date", "write_uid"}:
            stays |= {"write_date", "write_uid"}
        write_row(record, {k: before[k] for k in before.keys() - stays})

    def _updates(self, run, target):
        """Journalled writes to records that stay, newest first, not restored yet."""
        scope = SQL("l.run_id = %s", target.id) if target else SQL("TRUE")
        return self.env.execute_query(
            SQL(
                """SELECT l.id, l.mapping_id, l.source_id, l.res_model, l.res_id,
                          l.changes
                     FROM migration_log l
                    WHERE l.project_id = %s AND l.operation = 'update' AND %s
                      AND l.changes ? 'after'
                      AND NOT EXISTS (
                          SELECT FROM migration_log c
                           WHERE c.project_id = l.project_id
                             AND c.operation = 'create' AND %s
                             AND c.res_model = l.res_model AND c.res_id = l.res_id)
                      AND NOT EXISTS (
                          SELECT FROM migration_log d
                           WHERE d.res_model = l.res_model AND d.res_id = l.res_id
                             AND d.operation IN ('restore', 'keep')
                             AND (d.changes->>'restored')::int = l.id)
                    ORDER BY l.id DESC""",
                run.project_id.id,
                scope,
                SQL("c.run_id = %s", target.id) if target else SQL("TRUE"),
            )
        )

    @staticmethod
    def _same(record, name, value):
        """Whether a field still has the value the migration wrote."""
        field = record._fields[name]
        current = field.convert_to_write(record[name], record)
        if field.type in ("date", "datetime"):
            current = str(current) if current else current
        if field.relational and field.type != "many2one":
            return sorted(record[name].ids) == sorted(_ids(value))
        return (current or False) == (value or False)

    @staticmethod
    def _commands(record, values, after, force):
        """What to write so that ``values`` are there again in place of ``after``."""
        commands = {}
        for name, value in values.items():
            if record._fields[name].type in _PLURAL:
                before, written = record[name].browse(_ids(value)), _ids(after[name])
                back = before.exists()
                if not force:
                    added = record[name].browse(written) - before
                    back = (record[name] - added) | back.filtered(
                        lambda one, written=written: one.id not in written
                    )
                value = [fields.Command.set(back.ids)]
            commands[name] = value
        return commands

    def _restamp(self, record, stamp):
        """Put back when and by whom the record was last changed."""
        if not stamp:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = %s, write_uid = %s WHERE id = %s",
                SQL.identifier(record._table),
                stamp.get("write_date") or None,
                stamp.get("write_uid") or None,
                record.id,
            )
        )
        record.invalidate_recordset(flush=False)

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
            conflicts = conflicts.search([("settled_run_id", "=", deltas.id)])
            conflicts.settled_run_id = False
        gone = [("record_id.res_id", "=", False), ("project_id", "=", project.id)]
        self.env["migration.change"].search(gone).sudo().unlink()
        self.env["migration.conflict"].sudo().search(gone).unlink()

    def _set_state(self, project):
        """A migration of which nothing is left can be prepared anew."""
        project.invalidate_recordset()
        if not project.loaded_count:
            project.state = "staged"


def _ids(value):
    if not value:
        return []
    return value if isinstance(value, list) else [value]
