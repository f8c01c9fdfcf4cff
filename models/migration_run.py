import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL, mute_logger

from .engine.engine import CHUNK
from .engine.rehearsal import is_rehearsal

# First key of the advisory locks on runs; any number that no other addon uses.
_LOCK = 1_902_019

#: Kinds of runs whose work a rollback can take back by itself.
UNDOABLE = ("prepare", "sample", "load", "delta")


class MigrationRun(models.Model):
    """One execution: reading, preparing, loading, rolling back."""

    _name = "migration.run"
    _description = "Migration Run"
    _order = "id desc"

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="project_id.company_id")
    undoable = fields.Boolean(compute="_compute_undoable")
    kind = fields.Selection(
        selection=[
            ("audit", "Read files"),
            ("prepare", "Prepare"),
            ("sample", "Sample"),
            ("dry_run", "Dry run"),
            ("load", "Load"),
            ("verify", "Verify"),
            ("delta", "Load changes"),
            ("rollback", "Rollback"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Stopped"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True
    )
    background = fields.Boolean(
        default=True,
        readonly=True,
        help="Worked on by the scheduled job, not by the command line.",
    )
    started = fields.Datetime(readonly=True)
    finished = fields.Datetime(readonly=True)
    message = fields.Text(readonly=True)
    options = fields.Json(readonly=True)
    line_ids = fields.One2many("migration.run.line", "run_id", readonly=True)
    sample_line_ids = fields.One2many("migration.sample.line", "run_id", readonly=True)
    check_ids = fields.One2many("migration.check", "run_id", readonly=True)
    chunk_size = fields.Integer(default=CHUNK, readonly=True)
    total = fields.Integer(compute="_compute_progress", help="Records to handle.")
    handled = fields.Integer(compute="_compute_progress", help="Records handled.")
    failed_count = fields.Integer(string="Failed", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Per cent, 0 to 100.")
    rate = fields.Float(
        compute="_compute_progress", help="Records a second.", digits=(12, 1)
    )
    remaining = fields.Char(string="Time Left", compute="_compute_progress")

    @api.depends("kind")
    def _compute_undoable(self):
        for run in self:
            run.undoable = run.kind in UNDOABLE

    @api.depends("kind", "project_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{kinds.get(run.kind)} {run.id or ''}".strip()

    @api.depends("line_ids", "state")
    def _compute_progress(self):
        for run in self:
            lines = run.line_ids
            run.total = sum(lines.mapped("total"))
            run.handled = sum(lines.mapped("handled"))
            run.failed_count = sum(lines.mapped("failed"))
            seconds = sum(lines.mapped("seconds"))
            run.rate = run.handled / seconds if seconds else 0
            if run.state == "done":
                run.progress = 100
            else:
                run.progress = 100 * run.handled / run.total if run.total else 0
            run.remaining = run._time_left()

    def _time_left(self):
        """Minutes and seconds left at the present speed, as “3:20”; else empty."""
        if self.state != "running" or not self.rate:
            return False
        seconds = int(max(self.total - self.handled, 0) / self.rate)
        return f"{seconds // 60}:{seconds % 60:02}"

    @api.model
    def _start(self, project, kind, **options):
        """Create a run of ``project``; refuses while another one is working.

        A reading that the source's server broke off goes on, in place of a new one.
        """
        self._take_turn(project)
        busy = self.sudo().search(
            [("project_id", "=", project.id), ("state", "in", ("queued", "running"))],
            limit=1,
        )
        if busy and busy._is_abandoned():
            # What it has done is all in the journal.
            if kind != "rollback":
                raise UserError(
                    self.env._(
                        "“%s” was left unfinished by a process that has ended. Give "
                        "its command again to go on with it, or roll back.",
                        busy.display_name,
                    )
                )
            busy._abandon()
        elif busy:
            raise UserError(
                self.env._(
                    "“%s” is still working. Wait until it is done.", busy.display_name
                )
            )
        run = self._interrupted(project, kind)
        if run:
            run._take_up(options)
            return run
        run = self.sudo().create(
            {
                "project_id": project.id,
                "user_id": self.env.uid,
                "kind": kind,
                "options": options,
                "chunk_size": project.chunk_size,
            }
        )
        # The list is newest first, where Odoo would put a new record last.
        project.invalidate_recordset(["run_ids"])
        return run

    @api.model
    def _interrupted(self, project, kind):
        """The last run, where it is a reading that may go on; else empty.

        What was uploaded meanwhile makes it another reading.
        """
        if kind != "audit":
            return self.browse()
        last = self.sudo().search([("project_id", "=", project.id)], limit=1)
        if last.kind != kind or not (last.options or {}).get("interrupted"):
            return last.browse()
        uploads = project.file_ids.filtered(lambda one: not one.connection_id)
        if any(one.write_date > last.finished for one in uploads):
            return last.browse()
        return last

    def _interrupt(self):
        """Note that the server has broken the reading off, so that it may go on."""
        self.options = {**(self.options or {}), "interrupted": True}

    def _take_up(self, options):
        """Let an interrupted reading go on: lists are looked for again."""
        self.ensure_one()
        done = [
            label
            for label in (self.options or {}).get("done", [])
            if label.split()[0] not in ("discover", "stage")
        ]
        self.write(
            {
                "state": "queued",
                "user_id": self.env.uid,
                "finished": False,
                "message": False,
                "background": True,
                "options": {**options, "done": done},
            }
        )

    def _take_turn(self, project):
        """Let one transaction at a time start a run of ``project``.

        Each writes to the project: one that has not seen what another has committed
        since cannot, and is told so.

        :raises UserError: another transaction has just started a run
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """UPDATE migration_project
                              SET turn = COALESCE(turn, 0) + 1 WHERE id = %s""",
                        project.id,
                    )
                )
        except psycopg2.Error as error:
            if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
            raise UserError(
                self.env._(
                    "Somebody else is working on “%s”. Wait until that is done.",
                    project.name,
                )
            ) from error

    def _claim(self):
        """Take the run for this process; False while another one works on it.

        The lock belongs to the database session: it outlives commits, and a process
        that dies lets go of it.
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL("SELECT pg_try_advisory_lock(%s, %s)", _LOCK, self.id)
        )
        return rows[0][0]

    def _let_go(self):
        """Give the run free for other processes."""
        self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s, %s)", _LOCK, self.id))

    def _is_abandoned(self):
        """Whether the process that worked on the run is gone, and no other takes over.

        What the scheduled job works on is taken up by the job again.
        """
        self.ensure_one()
        if self.background or self.state != "running" or not self._claim():
            return False
        self._let_go()
        return True

    def _abandon(self):
        """End the run where it is."""
        self.write(
            {
                "state": "failed",
                "finished": fields.Datetime.now(),
                "message": self.env._("Its process ended before it was done."),
            }
        )

    def _mappings(self):
        """Mappings this run loads, referenced ones first."""
        mappings = self.project_id._ordered_mappings()
        if self.kind == "prepare":
            mappings = mappings.filtered("schema")
        return mappings

    def _limit(self):
        """Column of the staged records that names this run, if it loads only those."""
        options = self.options or {}
        if self.kind == "sample":
            return "sample_run_id"
        if "retry" in options or options.get("only") == "decisions":
            return "retry_run_id"
        return None

    def _chosen(self):
        """SQL condition of the staged records that this run loads."""
        column = self._limit()
        if not column:
            return SQL("TRUE")
        return SQL("%s = %s", SQL.identifier(column), self.id)

    def _line(self, mapping):
        """The progress line of ``mapping``, made on first use."""
        line = self.line_ids.filtered(lambda line: line.mapping_id == mapping)
        if line:
            return line
        waiting = Domain("state", "=", "pending")
        if self.kind == "delta":
            waiting |= Domain("res_id", "!=", False) & Domain("next_hash", "!=", False)
        if limit := self._limit():
            waiting &= Domain(limit, "=", self.id)
        pending = self.env["migration.record"].search_count(
            Domain("mapping_id", "=", mapping.id) & waiting
        )
        return self.env["migration.run.line"].create(
            {
                "run_id": self.id,
                "mapping_id": mapping.id,
                "sequence": len(self.line_ids),
                "total": pending,
            }
        )

    def _commit(self):
        """Make the work so far permanent, except in a dry run and in tests."""
        self.env.flush_all()
        if is_rehearsal(self.env.cr):
            self._note_progress()
            self.env.clear()
            return
        if not self.env.context.get("migration_no_commit"):
            self.env.cr.commit()  # pylint: disable=invalid-commit
        else:
            # As a commit does: what was written by SQL is read anew.
            self.env.clear()
        # Of custom fields made or removed, other processes are told.
        self.env.registry.signal_changes()

    def _roll_back(self):
        """Forget what has not been committed, and custom fields that do not exist."""
        self.env.clear()
        self.env.cr.rollback()
        self.env.registry.reset_changes()

    def _counts(self):
        """``{object: {read, created, updated, …}}`` of this run."""
        return {line.mapping_id.name: line._as_dict() for line in self.line_ids}

    def action_open_log(self):
        """Open this run's rows of the audit log."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_migration.migration_log_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)]}
