import logging
import time

from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.errors import Problem
from .engine.silence import silenced

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
    "activity_overdue",
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
            self._stop(run, self._explain(error))
            return
        except Exception as error:
            _logger.exception("Run %s stopped", run.id)
            run._roll_back()
            self._stop(run, self._explain(error))
            return
        if finished:
            run.write({"state": "done", "finished": fields.Datetime.now()})
            run._commit()

    def _explain(self, error):
        if isinstance(error, UserError):
            return str(error)
        return self.env["migration.engine"]._say(error)

    def _stop(self, run, message):
        run.write(
            {
                "state": "failed",
                "finished": fields.Datetime.now(),
                "message": message,
            }
        )
        run._commit()

    def _execute(self, run, deadline):
        """Do the work of ``run``; returns whether it is finished."""
        return getattr(self, f"_execute_{run.kind}")(run, deadline)

    def _execute_audit(self, run, deadline):
        return self.env["migration.auditor"]._audit(run, deadline)

    def _execute_prepare(self, run, deadline):
        if not run.line_ids:
            run.project_id._check_confirmed()
            # The mapping may have other owner columns than when the files were read.
            self.env["migration.owners"]._list(run.project_id)
            with silenced(self.env.cr):
                self.env["migration.schema"]._create(run)
            run._commit()
            self.env.registry.signal_changes()
        finished = self.env["migration.engine"]._load(run, deadline)
        if finished and run.project_id.state == "staged":
            run.project_id.state = "prepared"
        return finished

    def _execute_load(self, run, deadline):
        project = run.project_id
        if not run.line_ids:
            project._check_ready()
            project._retry(_TRIED_AGAIN)
        finished = self.env["migration.engine"]._load(run, deadline)
        if finished and run.kind == "load":
            project.state = "loaded"
        return finished

    def _execute_dry_run(self, run, deadline):
        """Load everything in one transaction, take it back, and keep the counts."""
        savepoint = self.env.cr.savepoint(flush=True)
        self._execute_load(run, None)
        counts = [
            {**line._as_dict(), "mapping_id": line.mapping_id.id, "total": line.total}
            for line in run.line_ids
        ]
        savepoint.close(rollback=True)
        self.env.clear()
        for sequence, values in enumerate(counts):
            values["handled"] = values.pop("read")
            self.env["migration.run.line"].create(
                {**values, "run_id": run.id, "sequence": sequence, "finished": True}
            )
        return True

    def _execute_rollback(self, run, deadline):
        finished = self.env["migration.rollback"]._undo(run, deadline)
        self.env.registry.signal_changes()
        return finished
