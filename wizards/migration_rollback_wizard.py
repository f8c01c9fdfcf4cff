from odoo import api, fields, models

from ..models.engine.undo_choice import Choices
from ..models.migration_run import UNDOABLE
from ..models.opening import opened

_CHOICES = [
    ("leave", "Leave it"),
    ("archive", "Archive it"),
    ("force", "Remove it"),
]
_REASONS = ("changed", "added", "needed", "refused")


class MigrationRollbackWizard(models.TransientModel):
    """Shows what a rollback would do, before it does it."""

    _name = "migration.rollback.wizard"
    _description = "Migration Rollback"

    project_id = fields.Many2one(
        "migration.project", string="Migration", required=True, readonly=True
    )
    run_id = fields.Many2one(
        "migration.run",
        string="Only This Run",
        domain=f"[('project_id', '=', project_id), ('kind', 'in', {UNDOABLE})]",
        help="Empty: everything the migration did.",
    )
    changed = fields.Selection(
        _CHOICES,
        string="Changed since",
        default="leave",
        required=True,
        help="Records that users have changed since. Removing them also gives "
        "overwritten values back that users have changed since.",
    )
    added = fields.Selection(
        _CHOICES,
        string="Users added something",
        default="leave",
        required=True,
        help="Records with messages, activities or files of users. These go with a "
        "record that is removed.",
    )
    needed = fields.Selection(
        _CHOICES,
        string="Used by others",
        default="leave",
        required=True,
        help="Records that a record refers to which is not taken back. Removing them "
        "leaves its reference empty, where Odoo allows that. What a migrated record "
        "that stays refers to is never removed.",
    )
    refused = fields.Selection(
        _CHOICES[:2],
        string="Odoo refuses",
        default="leave",
        required=True,
        help="Records that Odoo does not delete, such as a contact with invoices. "
        "What others refer to is known; of records that users have worked on, and "
        "that are to be removed, as many are tried here as a few seconds allow. What "
        "else Odoo refuses is known, with the reason, once it has been tried.",
    )
    forces = fields.Boolean(compute="_compute_forces")
    line_ids = fields.One2many(
        "migration.rollback.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
    )
    remove_count = fields.Integer(compute="_compute_counts", string="To remove")
    archive_count = fields.Integer(compute="_compute_counts", string="To archive")
    keep_count = fields.Integer(compute="_compute_counts", string="To keep")
    restore_count = fields.Integer(compute="_compute_counts", string="To restore")

    @api.depends("changed", "added", "needed")
    def _compute_forces(self):
        for wizard in self:
            chosen = (wizard.changed, wizard.added, wizard.needed)
            wizard.forces = "force" in chosen

    @api.model
    def _show(self, project, run=None):
        """Open the preview; it is kept, so that its lines can be opened."""
        wizard = self.create({"project_id": project.id, "run_id": run and run.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Roll Back"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("project_id", "run_id", *_REASONS)
    def _compute_line_ids(self):
        for wizard in self:
            if wizard._origin and not isinstance(wizard.id, int):
                # The form saves each choice, and then shows what it comes to.
                wizard.line_ids = wizard._origin.line_ids
                continue
            lines = self._preview(wizard.project_id, wizard.run_id, wizard._choices())
            wizard.line_ids = [(5,), *((0, 0, vals) for vals in lines)]

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            for name in ("remove", "archive", "keep", "restore"):
                lines = wizard.line_ids.filtered(lambda one, n=name: one.action == n)
                wizard[f"{name}_count"] = sum(lines.mapped("count"))

    def _choices(self):
        """What is chosen for each kind of reason."""
        return Choices.of({name: self[name] for name in _REASONS})

    @api.model
    def _foretell(self, project, run, options):
        """The preview as plain data: a dict for each line, with stable keys."""
        names = ("action", "res_model", "name", "count", "reason", "samples")
        return [
            {name: line.get(name) or None for name in names}
            for line in self._preview(project, run, Choices.of(options))
        ]

    @api.model
    def _preview(self, project, run, choices):
        """Values of the lines: what goes, what stays and why, what is restored."""
        if not project:
            return []
        rollback = self.env["migration.rollback"]
        reasons = rollback._reasons()
        lines = []
        plan = self.env["migration.undo.trial"]._plan(project, run, choices)
        for model, reason, by_what, count, samples in plan.summary():
            lines.append(
                {
                    "action": plan.action(model, reason),
                    "name": self.env["ir.model"]._get(model).name or model,
                    "count": count,
                    "reason": reason and rollback._because(reasons, reason, by_what),
                    "samples": ", ".join(filter(None, samples)),
                    "res_model": model,
                    "kind": reason,
                    "by_what": by_what,
                }
            )
        return lines + self._preview_values(project, run, choices)

    @api.model
    def _preview_values(self, project, run, choices):
        """Values of the lines about records that were there before."""
        rollback = self.env["migration.rollback"]
        force = choices.forces("changed")
        groups = {}
        writes = self.env["migration.undo.writes"]
        for record, sources, found in writes._foresee(project, run, force):
            action = "keep" if found.kept() else "restore"
            ids, told = groups.setdefault((action, record._name), ([], []))
            ids.append(record.id)
            told += sources
        return [
            {
                "action": action,
                "name": self.env["ir.model"]._get(model).name or model,
                "count": len(ids),
                "reason": action == "keep" and rollback._reasons()["values"],
                "samples": ", ".join(filter(None, told[:5])),
                "res_model": model,
                "res_ids": ids,
            }
            for (action, model), (ids, told) in groups.items()
        ] + self._preview_purged(project, run, force)

    @api.model
    def _preview_purged(self, project, run, force):
        """Values of the lines about what was there before, and is known no more."""
        rollback = self.env["migration.rollback"]
        groups = {}
        writes = self.env["migration.undo.writes"]
        for row in writes._purged(project, run, force):
            _log_id, _mapping_id, source_id, model, res_id, changed = row
            ids, told, names = groups.setdefault(model, ({}, {}, set()))
            ids[res_id] = told[source_id] = True
            names.update(changed)
        reason = rollback._reasons()["purged"]
        return [
            {
                "action": "keep",
                "name": self.env["ir.model"]._get(model).name or model,
                "count": len(ids),
                "reason": f"{reason} {rollback._labels(model, names)}",
                "samples": ", ".join(filter(None, list(told)[:5])),
                "res_model": model,
                "kind": "purged",
                "res_ids": list(ids),
            }
            for model, (ids, told, names) in groups.items()
        ]

    def action_rollback(self):
        """Start the rollback in the background."""
        self.ensure_one()
        self.project_id._check_manager()
        choices = {name: self[name] for name in _REASONS}
        return self.project_id._queue("rollback", run_id=self.run_id.id, **choices)


class MigrationRollbackWizardLine(models.TransientModel):
    """One line of the preview."""

    _name = "migration.rollback.wizard.line"
    _description = "Migration Rollback Preview"
    _order = "id"

    wizard_id = fields.Many2one(
        "migration.rollback.wizard", required=True, ondelete="cascade"
    )
    action = fields.Selection(
        selection=[
            ("remove", "Is removed"),
            ("archive", "Is archived"),
            ("keep", "Stays"),
            ("restore", "Is restored"),
        ],
        readonly=True,
    )
    name = fields.Char(string="Kind of Record", readonly=True)
    count = fields.Integer(readonly=True)
    reason = fields.Char(string="Why It Stays", readonly=True)
    samples = fields.Char(string="For Example", readonly=True)
    res_model = fields.Char(readonly=True)
    kind = fields.Char(readonly=True, help="Kind of the reason.")
    by_what = fields.Char(readonly=True)
    res_ids = fields.Json(readonly=True)

    def action_open(self):
        """Open the records of this line; archived ones as well."""
        self.ensure_one()
        wizard = self.wizard_id
        ids = self.res_ids
        if not ids:
            plan = self.env["migration.undo.trial"]._plan(
                wizard.project_id, wizard.run_id, wizard._choices()
            )
            ids = plan.ids(self.res_model, self.kind, self.by_what)
        return opened(
            self.env,
            self.res_model,
            name=self.name,
            domain=[("id", "in", ids)],
            context={"active_test": False, "create": False},
        )
