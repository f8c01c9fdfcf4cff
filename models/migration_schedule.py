import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

_BUSY = ("queued", "running")
_WARNING = "mail.mail_activity_data_warning"


class MigrationProjectSchedule(models.AbstractModel):
    """Loads changes by itself until the cut-over, and says so when it cannot.

    What goes wrong never ends the schedule: it is tried again each time. Whoever has
    planned it is told inside Odoo, and nobody by mail.
    """

    _name = "migration.project.schedule"
    # Whoever gets an activity follows its record.
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Migration Schedule of a Project"

    delta_problem = fields.Text(
        string="Scheduled Changes Stopped",
        readonly=True,
        copy=False,
        help="What went wrong when changes were to be loaded by themselves. It is "
        "tried again each time, and this goes away when it works.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A migration has a log of its own: the chatter says nothing of it."""
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        projects = super(MigrationProjectSchedule, self.with_context(**quiet)).create(
            vals_list
        )
        return projects.with_env(self.env)

    @api.model
    def _cron_delta(self):
        """Start the deltas that are due; each is a reading with a load after it."""
        now = fields.Datetime.now()
        due = self.env["migration.project"].search(
            [
                ("delta_interval", ">", 0),
                ("delta_next", "<=", now),
                ("state", "=", "loaded"),
                "|",
                ("delta_until", "=", False),
                ("delta_until", ">", now),
            ]
        )
        for project in due:
            hours = timedelta(hours=project.delta_interval)
            if project.run_state in _BUSY:
                if project.delta_next <= now - hours:
                    name = project.current_run_id.display_name
                    project._warn_schedule(self.env._("“%s” is still working.", name))
                continue
            try:
                with self.env.cr.savepoint():
                    project._start_delta()
            except Exception as error:
                # One migration that cannot be read keeps no other one waiting.
                _logger.exception("Changes of %s cannot be read", project.key)
                self.env.clear()
                project._warn_schedule(self.env["migration.worker"]._explain(error))
            project.sudo().delta_next = now + hours

    def _start_delta(self):
        """Queue a reading that a delta follows, in the name of who has planned it."""
        self._renew_paths()
        project = self.with_user(self.delta_user_id or self.env.user).sudo()
        project._queue("audit", then="delta", scheduled=True)

    def _schedule_stopped(self, run):
        """Tell that a ``run`` has stopped, if it was a scheduled one."""
        if (run.options or {}).get("scheduled"):
            self._warn_schedule(f"{run.display_name}: {run.message}")

    def _schedule_done(self, run):
        """Tell which files a scheduled reading could not read, or that all is well."""
        if not (run.options or {}).get("scheduled"):
            return
        unread = self.finding_ids.filtered(
            lambda one: one.file_id and one.severity == "1_error"
        )
        if unread:
            texts = [f"{one.samples or one.file_id.name}: {one.name}" for one in unread]
            self._warn_schedule("\n".join(texts))
        elif run.kind == "delta":
            self.sudo().delta_problem = False
            self._schedule_warnings().unlink()

    def _schedule_warnings(self):
        kind = self.env.ref(_WARNING)
        return self.sudo().activity_ids.filtered(
            lambda one: one.automated and one.activity_type_id == kind
        )

    def _warn_schedule(self, text):
        """Keep what went wrong, and give whoever has planned it an activity."""
        project = self.sudo()
        project.delta_problem = text
        known = self._schedule_warnings()
        if known:
            known.note = text
            return
        # The assignment is not mailed.
        project.with_context(mail_activity_quick_update=True).activity_schedule(
            _WARNING,
            summary=self.env._("Scheduled changes stopped"),
            note=text,
            user_id=(project.delta_user_id or self.env.user).id,
        )
