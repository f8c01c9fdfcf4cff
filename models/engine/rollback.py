import logging
import time

from odoo import models

from .patience import is_passing, patiently
from .raw_rows import Bystanders
from .restoration import Restoration
from .silence import QUIET
from .undo_choice import Choices
from .undo_plan import UndoPlan

_logger = logging.getLogger(__name__)

BATCH = 500


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
                removing = (run, plan, model, mapping_id, line)
                while self._patiently(run, plan, self._remove, *removing):
                    if deadline and time.monotonic() > deadline:
                        return False
        self._patiently(run, plan, self._finish, run, plan, target)
        return True

    def _begin(self, run):
        """Remember which records people had deleted before: those stay loaded."""
        options = run.options or {}
        if "gone" not in options:
            gone = self.env["migration.undo.release"]._gone()
            run.options = {**options, "gone": gone}
            run._commit()

    def _patiently(self, run, plan, action, *args):
        """Do ``action`` and commit; again if another transaction got in its way.

        The plan is made anew then: whoever was faster may have changed a record.

        :return: what ``action`` returns
        """
        return patiently(run, action, *args, between=plan and plan.rebuild)

    def _finish(self, run, plan, target):
        self._archive(run, plan)
        self.env["migration.undo.release"]._settle(run, target)
        self.env["crm.lead"].sudo()._leave_scoring()
        self._journal_kept(run, plan)
        self._journal_purged(run, target)
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

    def _remove(self, run, plan, model, mapping_id, line):
        """Unlink the next batch; what refuses is halved out and kept with its reason.

        Where users have worked on one of the records meanwhile, the plan is made anew.

        :return: whether there may be more
        """
        batch = dict(plan.removable(model, mapping_id, BATCH))
        if not batch:
            return False
        if plan.is_overtaken(model, list(batch)):
            plan.rebuild()
            return True
        watch = plan.watch(model, list(batch))
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
        self.env.flush_all()
        watch.check()
        return True

    def _unlink(self, model, ids, removed, refused):
        # Some may have gone with the record they were a part of.
        records = self.env[model].sudo().browse(ids).exists()
        try:
            with self.env.cr.savepoint():
                self._release_source_id(records)
                bystanders = Bystanders.left_by(records)
                records.unlink()
                self.env.flush_all()
                bystanders.settle()
            removed += ids
        except Exception as error:
            if is_passing(error):
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

    def _journal_purged(self, run, target):
        """Say which overwritten values nobody knows any more."""
        purged = self.env["migration.undo.writes"]._purged(run.project_id, target)
        reason = self._reasons()["purged"]
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
                    "message": f"{reason} {self._labels(model, names)}",
                    "changes": {
                        "before": {},
                        "after": {},
                        "kept": names,
                        "restored": log_id,
                    },
                }
                for log_id, mapping_id, source_id, model, res_id, names in purged
            ]
        )

    def _labels(self, model, names):
        """What users call these fields; those that are gone go by their name."""
        known = self.env[model].fields_get(names, ["string"])
        return ", ".join(
            known[name]["string"] if name in known else name for name in sorted(names)
        )

    def _because(self, reasons, reason, by_what):
        """A reason in words, with what is behind it where the sentence asks for it."""
        text = reasons[reason]
        if not by_what or not text.endswith(":"):
            return text
        told = self.env["ir.model"]._get(by_what).name if by_what in self.env else None
        return f"{text} {told or by_what}"

    def _reasons(self):
        """Why a record stays, in the user's language."""
        return {
            "changed": self.env._("Changed since the migration."),
            "added": self.env._("Users have added to it:"),
            "needed": self.env._("Used by a record that stays:"),
            "part": self.env._("Belongs to a record that stays."),
            "used": self.env._("Holds values of records that stay."),
            "refused": self.env._("Odoo does not let it be deleted:"),
            "values": self.env._("Values that were changed since are left."),
            "purged": self.env._("What was overwritten was purged from the log:"),
        }

    def _restore(self, run, target, choices, deadline):
        """Give records that were there before the values they had.

        A value that a user has changed since stays, unless that is overridden. Of
        tags and the like only those go that were added, whatever users did since.

        :return: whether all of them are done
        """
        force = choices.forces("changed")
        values = self.env["migration.undo.values"]
        writes = self.env["migration.undo.writes"]
        for updates in writes._batches(run.project_id, target, force):
            if deadline and time.monotonic() > deadline:
                return False
            self._patiently(run, None, values._restore, run, updates, force)
        return True
