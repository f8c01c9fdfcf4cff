import logging
import time

import psycopg2

from odoo import models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL, split_every

from .silence import QUIET, silenced
from .undo_choice import Choices
from .undo_plan import UndoPlan
from .undo_values import Restoration

_logger = logging.getLogger(__name__)

BATCH = 500
_ATTEMPTS = 5


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
        choices = Choices.of(run.options or {})
        target = run._undoes()
        self._begin(run)
        if not self._restore(run, target, choices, deadline):
            return False
        plan = UndoPlan(run.project_id, target, choices)
        progress = self._lines(run, plan.groups())
        # A plan that was made anew may have records of groups that were done.
        while groups := plan.groups():
            for model, mapping_id, _count in groups:
                line = progress.get(mapping_id) or run.line_ids.browse()
                while batch := plan.removable(model, mapping_id, BATCH):
                    removing = (run, plan, model, mapping_id, dict(batch), line)
                    self._patiently(run, plan, self._remove, *removing)
                    if deadline and time.monotonic() > deadline:
                        return False
        self._patiently(run, plan, self._finish, run, plan, target)
        return True

    def _begin(self, run):
        """Remember which records people had deleted before: those stay loaded."""
        options = run.options or {}
        if "gone" not in options:
            run.options = {**options, "gone": self._gone()}
            run._commit()

    def _patiently(self, run, plan, action, *args):
        """Do ``action`` and commit; again if another transaction got in its way.

        The plan is made anew then: whoever was faster may have changed a record.
        """
        for attempt in range(_ATTEMPTS):
            try:
                with silenced(self.env.cr):
                    action(*args)
                    run._commit()
                return
            except psycopg2.Error as error:
                known = error.pgcode in PG_CONCURRENCY_ERRORS_TO_RETRY
                if not known or attempt == _ATTEMPTS - 1:
                    raise
                _logger.info("A step of the rollback is tried again: %s", error)
                run._roll_back()
                time.sleep(2**attempt / 10)
                if plan:
                    plan.rebuild()

    def _finish(self, run, plan, target):
        self._archive(run, plan)
        self._release(run, target)
        self._release_lost(run)
        self._release_changes(run, target)
        self._journal_kept(run, plan)
        self._set_state(run.project_id, target)
        run._mark_undone(target)

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
        """Unlink one batch; what refuses is halved out and kept with its reason.

        Where a user has changed one of the records meanwhile, the plan is made anew.
        """
        if plan.changed(model, list(batch)):
            plan.rebuild()
            return
        removed, refused = [], {}
        self._unlink(model, sorted(batch, reverse=True), removed, refused)
        plan.settle(model, removed)
        if refused:
            plan.refuse(model, refused)
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
            if getattr(error, "pgcode", None) in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
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

    def _archive(self, run, plan):
        """Archive what stays and is to be out of sight; say so in the plan.

        Who has changed the record last, and when, stays: a later rollback still sees
        that users have worked on it.
        """
        for model, reason, by_what, _count, _samples in plan.summary():
            if plan.action(model, reason) != "archive":
                continue
            records = self.env[model].sudo().browse(plan.ids(model, reason, by_what))
            for record in records.filtered("active"):
                stamps = {
                    "write_date": record.write_date,
                    "write_uid": record.write_uid.id,
                }
                values = self.env["migration.undo.values"]
                found = Restoration({"active": False}, {}, stamps)
                if not values._apply(record, found):
                    plan.archived.add((model, record.id))

    def _journal_kept(self, run, plan):
        reasons = self._reasons()
        rows = []
        for model, res_id, source_id, mapping_id, reason, by_what in plan.kept():
            row = {
                "project_id": run.project_id.id,
                "run_id": run.id,
                "mapping_id": mapping_id,
                "operation": "keep",
                "source_id": source_id,
                "res_model": model,
                "res_id": res_id,
                "message": self._because(reasons, reason, by_what),
            }
            if (model, res_id) in plan.archived:
                changes = {"before": {"active": True}, "after": {"active": False}}
                row |= {"operation": "archive", "changes": changes}
            rows.append(row)
        self.env["migration.log"]._append(rows)

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
            "values": self.env._("Values that were changed since are left."),
        }

    def _restore(self, run, target, choices, deadline):
        """Give records that were there before the values they had.

        A value that a user has changed since stays, unless that is overridden. Of
        tags and the like only those go that were added, whatever users did since.

        :return: whether all of them are done
        """
        force = choices.forces("changed")
        values = self.env["migration.undo.values"]
        for updates in self._by_record(self._updates(run, target, force)):
            if deadline and time.monotonic() > deadline:
                return False
            self._patiently(run, None, values._restore, run, updates, force)
        return True

    def _foresee(self, project, target, force):
        """Yield ``(record, source ids, restoration)`` of what would be restored."""
        values = self.env["migration.undo.values"].with_context(**QUIET)
        # There is no run yet: only its project matters here.
        run = self.env["migration.run"].new({"project_id": project.id})
        for updates in self._by_record(self._updates(run, target, force)):
            for record, writes, found in values._restorations(updates, force):
                yield record, [one.source_id for one in writes if one.mine], found

    @staticmethod
    def _by_record(updates):
        """``updates`` in batches; all of one record are in the same one."""
        records = {}
        for row in updates:
            records.setdefault((row[3], row[4]), []).append(row)
        for batch in split_every(BATCH, records.values()):
            yield [row for rows in batch for row in rows]

    def _updates(self, run, target, force=False):
        """Journalled writes to records that stay, newest first, not restored yet.

        What users have changed is settled, unless it is to be restored nevertheless.
        """
        settled = ["restore"] if force else ["restore", "keep"]
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
                             AND d.operation = ANY(%s)
                             AND (d.changes->>'restored')::int = l.id)
                    ORDER BY l.id DESC""",
                run.project_id.id,
                scope,
                SQL("c.run_id = %s", target.id) if target else SQL("TRUE"),
                settled,
            )
        )

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
            conflicts = conflicts.search([("settled_run_id", "=", deltas.id)])
            conflicts.settled_run_id = False
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
