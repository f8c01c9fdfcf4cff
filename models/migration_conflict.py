from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..lib.transforms import jsonable
from .engine.change import BY_HAND, DELETED

_SHOWN = 500


class MigrationConflict(models.Model):
    """A value that was changed in the source and in Odoo: somebody decides."""

    _name = "migration.conflict"
    _inherit = ["migration.record.result"]
    _description = "Migration Conflict"
    _order = "mapping_id, field_name, id"
    _rec_name = "source_id"

    mapping_id = fields.Many2one(required=True)
    record_id = fields.Many2one(required=True, ondelete="cascade", index=True)
    run_id = fields.Many2one(string="Delta", help="The delta that has found it.")
    res_model = fields.Char(string="Odoo Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Database ID", model_field="res_model", readonly=True
    )
    name = fields.Char(string="Odoo Record", readonly=True)
    kind = fields.Selection(
        selection=[
            ("conflict", "Changed in both"),
            ("emptied", "Emptied in the source"),
            ("deleted", "Deleted in Odoo"),
            ("by_hand", "To change by hand"),
        ],
        required=True,
        readonly=True,
        help="What is to be changed by hand is not written: deciding marks it as done.",
    )
    field_name = fields.Char(string="Technical Name", readonly=True)
    field_label = fields.Char(string="Field", readonly=True)
    base_value = fields.Char(string="Was", readonly=True, help="When it was loaded.")
    odoo_value = fields.Char(string="In Odoo", readonly=True)
    source_value = fields.Char(string="In the Source", readonly=True)
    values = fields.Json(readonly=True, help="What is written if the source's counts.")
    decision = fields.Selection(
        selection=[
            ("open", "To decide"),
            ("odoo", "Keep Odoo's"),
            ("source", "Take the source's"),
        ],
        default="open",
        required=True,
        readonly=True,
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_date = fields.Datetime(string="Decided on", readonly=True)
    settled_run_id = fields.Many2one(
        "migration.run",
        string="Settled by",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The delta that carried the decision out, or in which it became needless.",
    )
    state = fields.Selection(
        selection=[
            ("open", "To decide"),
            ("decided", "Decided"),
            ("settled", "Settled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    @api.depends("decision", "settled_run_id")
    def _compute_state(self):
        for conflict in self:
            if conflict.settled_run_id or conflict.decision == "odoo":
                conflict.state = "settled"
            else:
                conflict.state = "open" if conflict.decision == "open" else "decided"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        unsettled = Domain("settled_run_id", "=", False)
        domains = {
            "open": unsettled & Domain("decision", "=", "open"),
            "decided": unsettled & Domain("decision", "=", "source"),
            "settled": Domain("settled_run_id", "!=", False)
            | Domain("decision", "=", "odoo"),
        }
        return Domain.OR([domains[one] for one in value if one in domains])

    # Decisions

    def action_keep_odoo(self):
        """Decide that what Odoo has stays."""
        return self._decide("odoo")

    def action_take_source(self):
        """Decide that the source counts; the next delta writes it."""
        return self._decide("source")

    def action_reopen(self):
        """Take back a decision that has not been carried out."""
        return self._decide("open")

    def action_apply(self):
        """Write what was decided; of the migration shown, or of these.

        The migration opens, where it is seen how far that is.
        """
        projects = self.project_id or self.env["migration.project"].browse(
            self.env.context.get("default_project_id")
        )
        if len(projects) != 1:
            raise UserError(self.env._("Choose conflicts of one migration."))
        projects._check_manager()
        return projects._shown(projects._queue("delta", only="decisions"))

    def _decide(self, decision):
        """Keep a decision; one that was carried out stays.

        :raises AccessError: for anybody but a manager
        """
        self.project_id._check_manager()
        self.check_access("read")
        unsettled = self.filtered(lambda one: not one.settled_run_id)
        unsettled.sudo().write(
            {
                "decision": decision,
                "decided_by_id": decision != "open" and self.env.uid,
                "decided_date": decision != "open" and fields.Datetime.now(),
            }
        )
        self.env["migration.log"]._append(
            [
                {
                    "project_id": conflict.project_id.id,
                    "mapping_id": conflict.mapping_id.id,
                    "operation": "decision",
                    "source_id": conflict.source_id,
                    "res_model": conflict.res_model,
                    "res_id": conflict.res_id,
                    "message": conflict._told(),
                }
                for conflict in unsettled
            ]
        )
        return True

    def _told(self):
        """The decision as one sentence."""
        report, nothing = self.env["migration.report"], self.env._("nothing")
        kinds = report._labels(self._name, "kind")
        decisions = report._labels(self._name, "decision")
        return self.env._(
            "%(field)s: %(decision)s (Odoo: %(ours)s, source: %(theirs)s).",
            field=self.field_label or kinds[self.kind],
            decision=decisions[self.decision],
            ours=self.odoo_value or nothing,
            theirs=self.source_value or nothing,
        )

    def action_open_target(self):
        """Open the Odoo record."""
        return self.record_id.action_open_target()

    # What a delta finds

    @api.model
    def _keep(self, run, mapping, changes, prefer=None):
        """Keep what somebody has to decide in ``changes``; older ones give way.

        :param prefer: the decision that was made for all: ``odoo``, ``source``
        """
        self._settle_former(run, changes)
        rows = []
        for change in changes:
            if not change.found:
                continue
            record = self.env[change.target[0]].sudo().browse(change.target[1])
            name = record.exists().display_name
            common = {
                "project_id": run.project_id.id,
                "mapping_id": mapping.id,
                "record_id": change.record_id,
                "run_id": run.id,
                "source_id": change.source_id,
                "res_model": record._name,
                "res_id": record.id,
                "name": name,
            }
            rows += [{**common, **self._values(record, one)} for one in change.found]
        if not rows:
            return self.browse()
        found = self.sudo().create(rows)
        if prefer == "odoo":
            found.filtered(lambda one: one.kind != DELETED)._decide("odoo")
        elif prefer == "source":
            found.filtered(lambda one: one.kind == "conflict")._decide("source")
        return found

    def _settle_former(self, run, changes):
        """What has been merged anew leaves nothing to decide of what was before."""
        merged = {change.record_id: change.merged for change in changes}
        former = self.sudo().search(
            [
                ("record_id", "in", list(merged)),
                ("settled_run_id", "=", False),
                ("decision", "!=", "odoo"),
            ]
        )
        needless = former.filtered(
            lambda one: (
                one.kind in (DELETED, BY_HAND)
                or one.field_name in merged[one.record_id.id]
            )
        )
        needless.settled_run_id = run

    def _take_back(self):
        """Their run is undone: they are as decided as before it.

        What it had made anew is a record again that users have deleted.
        """
        self.settled_run_id = False
        deleted = self.filtered(lambda one: one.kind == DELETED)
        for conflict in deleted.filtered(lambda one: not one.record_id.res_id):
            target = {"res_model": conflict.res_model, "res_id": conflict.res_id}
            created = {**target, "operation": "create"}
            made = self.env["migration.log"].search_count(
                [(name, "=", value) for name, value in created.items()], limit=1
            )
            state = "loaded" if made else "matched"
            conflict.record_id.write({**target, "state": state})

    def _values(self, record, found):
        field = record._fields.get(found.name)
        shown = self.env["migration.display"]._texts(
            record, found.name, (found.base, found.odoo, found.source), _SHOWN
        )
        return {
            "kind": found.kind,
            "field_name": found.name,
            "field_label": field is not None
            and field._description_string(self.env)
            or found.name,
            "base_value": shown[0],
            "odoo_value": shown[1],
            "source_value": shown[2],
            "values": {name: jsonable(value) for name, value in found.values.items()},
        }

    def _as_dict(self):
        """The conflict as the command line writes it."""
        self.ensure_one()
        return {
            "id": self.id,
            "object": self.mapping_id.name,
            "source_id": self.source_id,
            "record": self.name or None,
            "kind": self.kind,
            "field": self.field_name or None,
            "base": self.base_value or None,
            "odoo": self.odoo_value or None,
            "source": self.source_value or None,
            "decision": self.decision,
        }
