import os
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.corrections import write_csv

# No longer in the source, and in Odoo, where nobody has archived it.
_GONE = [("gone_state", "=", "there")]


class MigrationProjectDelta(models.AbstractModel):
    """What happens between the load and the day on which everybody works in Odoo."""

    _name = "migration.project.delta"
    _description = "Migration Delta of a Project"

    delta_interval = fields.Integer(
        string="Load Changes Every (Hours)",
        help="Reads the source again and loads what has changed, by itself. 0: only "
        "when somebody presses the button.",
    )
    delta_until = fields.Datetime(
        string="Cut-over",
        help="From then on everybody works in Odoo: nothing is loaded by itself.",
    )
    delta_user_id = fields.Many2one(
        "res.users",
        string="Scheduled by",
        readonly=True,
        copy=False,
        help="In whose name changes are loaded.",
    )
    delta_next = fields.Datetime(string="Next Changes", readonly=True, copy=False)
    change_count = fields.Integer(
        string="Changed in Source", compute="_compute_delta_counts"
    )
    conflict_count = fields.Integer(string="Conflicts", compute="_compute_delta_counts")
    decided_count = fields.Integer(
        string="Decisions to Apply", compute="_compute_delta_counts"
    )
    gone_count = fields.Integer(
        string="Gone from Source", compute="_compute_delta_counts"
    )

    _delta_interval_positive = models.Constraint(
        "CHECK(delta_interval >= 0)",
        "The interval cannot be negative.",
    )

    def _compute_delta_counts(self):
        records, conflicts = (
            self.env["migration.record"],
            self.env["migration.conflict"],
        )
        for project in self:
            own = [("project_id", "=", project._origin.id)]
            project.change_count = records.search_count(
                [*own, ("next_hash", "!=", False), ("res_id", "!=", False)]
            )
            project.gone_count = records.search_count([*own, *_GONE])
            project.conflict_count = conflicts.search_count(
                [*own, ("state", "in", ["open"])]
            )
            project.decided_count = conflicts.search_count(
                [*own, ("state", "in", ["decided"])]
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Only a manager can have changes loaded by themselves."""
        if any(vals.get("delta_interval") for vals in vals_list):
            self._check_manager()
        projects = super().create(vals_list)
        projects.filtered("delta_interval")._schedule_delta()
        return projects

    def write(self, vals):
        """Only a manager can have changes loaded by themselves."""
        planned = {"delta_interval", "delta_until"} & vals.keys()
        if planned:
            self._check_manager()
        done = super().write(vals)
        if planned:
            self._schedule_delta()
        return done

    def _schedule_delta(self):
        """The first of the scheduled deltas comes after one interval."""
        for project in self:
            hours = project.delta_interval
            project.sudo().write(
                {
                    "delta_user_id": self.env.uid if hours else False,
                    "delta_next": fields.Datetime.now() + timedelta(hours=hours)
                    if hours
                    else False,
                }
            )

    # Buttons

    def action_read_changes(self):
        """Read the source again: what is new, what has changed, what is gone."""
        self._check_manager()
        self._check_loaded()
        self._renew_paths()
        return self._queue("audit")

    def action_load_changes(self):
        """Load what the last reading has found, and what failed before."""
        self._check_manager()
        self._check_delta()
        return self._queue("delta")

    def action_open_conflicts(self):
        """Open what was changed in the source and in Odoo."""
        action = self._open("migration_conflict_action")
        shown = {"search_default_open": 1, "search_default_decided": 1}
        return {**action, "context": {**action["context"], **shown}}

    def action_open_changed(self):
        """Open the records that have changed in the source and are not merged yet."""
        return self._open(
            "migration_record_action",
            [("next_hash", "!=", False), ("res_id", "!=", False)],
        )

    def action_apply_decisions(self):
        """Write what was decided on conflicts, and nothing else."""
        self._check_manager()
        self._check_delta()
        return self._queue("delta", only="decisions")

    def _open_conflicts(self):
        """The conflicts that nobody has decided yet."""
        return self._conflicts("open")

    def _conflicts(self, *states):
        """The conflicts in any of ``states``, in the order of their objects."""
        self.ensure_one()
        return self.env["migration.conflict"].search(
            [("project_id", "=", self.id), ("state", "in", states)]
        )

    def _decide_all(self, decision):
        """Decide all open conflicts alike.

        Nothing is erased, and nothing made anew, that was not looked at by itself.
        """
        conflicts = self._open_conflicts()
        if decision == "source":
            conflicts = conflicts.filtered(lambda one: one.kind == "conflict")
        conflicts._decide(decision)

    def action_open_gone(self):
        """Open the records that the source no longer has."""
        return self._open("migration_record_action_gone", _GONE)

    def action_download_gone(self):
        """Download the list of what the source no longer has."""
        self.ensure_one()
        self.check_access("read")
        return self._download(f"gone_{self.key}.csv", self._gone_csv())

    def _gone(self):
        """Records that are no longer in the source, and in use in Odoo."""
        self.ensure_one()
        return self.env["migration.record"].search(
            [("project_id", "=", self.id), *_GONE]
        )

    def _gone_csv(self):
        columns = ["object", "source_id", "odoo_model", "odoo_id", "odoo_record"]
        gone = self._gone()
        names = gone._target_names()
        rows = [
            {
                "object": record.mapping_id.name,
                "source_id": record.source_id,
                "odoo_model": record.res_model,
                "odoo_id": record.res_id,
                "odoo_record": names.get((record.res_model, record.res_id), ""),
            }
            for record in gone
        ]
        return write_csv(columns, rows)

    def _check_loaded(self):
        """Changes are changes of what has been loaded."""
        self.ensure_one()
        if self.state != "loaded":
            raise UserError(
                self.env._("Load the migration first; after that, changes follow.")
            )

    def _check_delta(self):
        """What holds for a load holds for each of the deltas."""
        self._check_values_kept()
        self._check_prepared()
        self._check_loaded()
        self._check_approved()

    # Reading again

    def _renew_paths(self):
        """Have files of the server read again that were written since."""
        for file in self.file_ids.filtered("read_date").sudo():
            if not file.path or file.replaced_by_ids:
                continue
            written = _written(file.path)
            # What is not there any more is read as well: that says so.
            if written is None or written > file.read_date.timestamp():
                file.read_date = False

    def _renew_path(self, path, replaces=None):
        """Read the file or folder ``path`` in place of an earlier one.

        What the new one no longer has is then known to be gone from the source.

        :param replaces: name of the earlier one, where it is not the same
        """
        self.ensure_one()
        name = replaces or os.path.basename(os.path.abspath(path))
        known = self.env["migration.file"]._latest(self, name)
        if replaces and not known:
            raise UserError(self.env._("No file named %s was read.", replaces))
        if not known or replaces:
            added = self._add_path(path)
            added.replaces_id = known or added.replaces_id
            return added
        if not os.path.exists(path):
            raise UserError(self.env._("There is no file or folder %s.", path))
        known.sudo().write({"path": os.path.abspath(path), "read_date": False})
        return known


def _written(path):
    """When ``path``, or the newest of what is in it, was written; None if it is gone.

    A folder is written when a file comes into it or goes.
    """
    places = [path]
    for folder, _folders, names in os.walk(path):
        places += [folder, *(os.path.join(folder, name) for name in names)]
    times = [os.path.getmtime(one) for one in places if os.path.exists(one)]
    return max(times, default=None)
