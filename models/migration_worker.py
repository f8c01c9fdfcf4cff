import logging
import time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.errors import Problem
from ..lib.http.problems import OF_ALL
from .engine.patience import is_passing, patiently

_logger = logging.getLogger(__name__)

# One call of the scheduled job works for about this long, then lets others in.
BUDGET = 20
# What each load tries again: it may have been loaded or decided since.
_TRIED_AGAIN = (
    "reference_failed",
    "reference_missing",
    "reference_cycle",
    "reference_waiting",
    "reference_ambiguous",
    "owner_unresolved",
    "person_without_user",
    "owner_of_other_company",
    "activity_overdue",
    "invoice_item_unusable",
    "invoice_without_customer",
    "currency_unknown",
    "currency_inactive",
    "journal_missing",
)


class MigrationWorker(models.AbstractModel):
    """Drives runs: from the scheduled job, and from the command line."""

    _name = "migration.worker"
    _description = "Migration Worker"

    def _cron_run(self):
        """Work on the oldest run that is not done, for a bounded time."""
        waiting = [("state", "in", ("queued", "running")), ("background", "=", True)]
        runs = self.env["migration.run"].search(waiting, order="id")
        if runs:
            self._work(runs[0], time.monotonic() + BUDGET)
        remaining = self.env["migration.run"].search_count(waiting)
        self.env["ir.cron"]._commit_progress(1, remaining=remaining)

    def _work(self, run, deadline=None):
        """Go on with ``run``; what goes wrong as a whole ends it with a message.

        :param float deadline: ``time.monotonic()`` after which to pause
        """
        if not run._claim():
            return
        # The log names who started the run, in whose language it speaks.
        run = run.with_user(run.user_id).sudo()
        run = run.with_context(lang=run.user_id.lang or "en_US")
        try:
            self.with_env(run.env)._work_on(run, deadline)
        finally:
            run._let_go()

    def _work_on(self, run, deadline):
        if run.state == "queued":
            run.write({"state": "running", "started": fields.Datetime.now()})
            run._commit()
        try:
            finished = self._execute(run, deadline)
        except (UserError, Problem) as error:
            run._roll_back()
            if run.kind == "audit" and getattr(error, "code", None) in OF_ALL:
                run._interrupt()
            self._stop(run, self._explain(error))
            return
        except Exception as error:
            _logger.exception("Run %s stopped", run.id)
            run._roll_back()
            self._stop(run, self._explain(error))
            return
        if finished:
            run.write({"state": "done", "finished": fields.Datetime.now()})
            run.project_id._schedule_done(run)
            run._commit()

    def _explain(self, error):
        if isinstance(error, UserError):
            return str(error)
        if is_passing(error):
            return self.env._(
                "Other users kept working on the same records, or on tables that get "
                "new fields. What was done so far is kept: start it again, best when "
                "fewer people work."
            )
        return self.env["migration.engine"]._say(error)

    def _stop(self, run, message):
        run.write(
            {
                "state": "failed",
                "finished": fields.Datetime.now(),
                "message": message,
            }
        )
        run.project_id._schedule_stopped(run)
        run._commit()

    def _execute(self, run, deadline):
        """Do the work of ``run``; returns whether it is finished."""
        return getattr(self, f"_execute_{run.kind}")(run, deadline)

    def _execute_audit(self, run, deadline):
        finished = self.env["migration.auditor"]._audit(run, deadline)
        if finished and (run.options or {}).get("then") == "delta":
            self._queue_delta(run)
        return finished

    def _queue_delta(self, run):
        """A run of its own loads what the reading has found."""
        self.env["migration.run"].create(
            {
                "project_id": run.project_id.id,
                "user_id": run.user_id.id,
                "kind": "delta",
                "background": run.background,
                "options": {"scheduled": (run.options or {}).get("scheduled", False)},
                "chunk_size": run.chunk_size,
            }
        )

    def _execute_delta(self, run, deadline):
        """Load what has changed; everything that failed before is tried again."""
        if not run.line_ids:
            run.project_id._check_delta()
            if not (run.options or {}).get("only"):
                run.project_id._retry()
        return self.env["migration.delta"]._delta(run, deadline)

    def _execute_prepare(self, run, deadline):
        if not run.line_ids:
            run.project_id._check_confirmed()
            # Who reads a table while it gets its columns may be in the way.
            patiently(run, self._create_structure, run)
        finished = self.env["migration.engine"]._load(run, deadline)
        if finished and run.project_id.state == "staged":
            run.project_id.state = "prepared"
        return finished

    def _create_structure(self, run):
        # The mapping may have other owner columns than when the files were read.
        self.env["migration.owners"]._list(run.project_id)
        self.env["migration.schema"]._create(run)

    def _execute_load(self, run, deadline):
        project = run.project_id
        if not run.line_ids:
            project._check_prepared()
            if run.kind == "load":
                project._check_approved()
            if "retry" in (run.options or {}):
                self._choose_retry(run)
            else:
                project._retry(_TRIED_AGAIN)
        finished = self.env["migration.engine"]._load(run, deadline)
        if finished and run.kind == "load" and "retry" not in (run.options or {}):
            project.state = "loaded"
        return finished

    def _choose_retry(self, run):
        if "chosen" not in run.options:
            count = self.env["migration.retry"]._choose(run)
            run.options = {**run.options, "chosen": count}
            run._commit()

    def _execute_sample(self, run, deadline):
        """Load a slice, compare it with its source; what takes it back comes next."""
        if not run.line_ids and "chosen" not in run.options:
            run.project_id._check_prepared()
            count = self.env["migration.sampler"]._choose(run)
            run.options = {**run.options, "chosen": count}
            run._commit()
        if not self.env["migration.engine"]._load(run, deadline):
            return False
        self._compare_sample(run)
        if not run.options["keep"]:
            self._queue_undo(run)
        return True

    def _compare_sample(self, run):
        for mapping in run._mappings():
            records = self.env["migration.record"].search(
                [("sample_run_id", "=", run.id), ("mapping_id", "=", mapping.id)]
            )
            rows = self.env["migration.comparison"]._compare(mapping, records)
            self.env["migration.sample.line"]._record_all(run, mapping, rows)

    def _queue_undo(self, run):
        """A run of its own takes the sample back, so that it is seen and resumable.

        What failed in the sample is open again: the next one may do better.
        """
        self.env["migration.record"]._reset(
            SQL("sample_run_id = %s AND state IN ('failed', 'held')", run.id)
        )
        self.env["migration.run"].create(
            {
                "project_id": run.project_id.id,
                "user_id": run.user_id.id,
                "kind": "rollback",
                "background": run.background,
                "options": {"run_id": run.id},
                "chunk_size": run.chunk_size,
            }
        )

    def _execute_dry_run(self, run, deadline):
        return self.env["migration.rehearsal"]._rehearse(run)

    def _execute_verify(self, run, deadline):
        return self.env["migration.verifier"]._verify(run, deadline)

    def _execute_rollback(self, run, deadline):
        return self.env["migration.rollback"]._undo(run, deadline)
