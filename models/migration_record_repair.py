import copy

from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.corrections import flatten, set_cell

_OPEN = ("pending", "failed", "held", "skipped")
_PENDING = {
    "state": "pending",
    "error": False,
    "error_code": False,
    "error_field": False,
    "error_value": False,
}


class MigrationRecordRepair(models.AbstractModel):
    """What people do with records that are not in Odoo: try, correct, leave out."""

    _name = "migration.record.repair"
    _inherit = ["migration.current.run"]
    _description = "Migration Record Repair"

    retry_run_id = fields.Many2one(
        "migration.run",
        ondelete="set null",
        readonly=True,
        help="The last run that tried this record again by itself.",
    )
    correction = fields.Json(
        readonly=True,
        help="Values that were corrected here: {column: {from, to}}. The checksum "
        "stays that of the source, so that reading it again changes nothing.",
    )
    correction_text = fields.Text(
        string="Corrected Here", compute="_compute_correction_text"
    )
    left_out_reason = fields.Char(string="Left Out Because", readonly=True)

    _retry_idx = models.Index("(retry_run_id) WHERE retry_run_id IS NOT NULL")
    _correction_idx = models.Index("(mapping_id) WHERE correction IS NOT NULL")

    def _current_run(self):
        """The run at work, which may be trying this record; its end is no news here."""
        return self.project_id.run_ids[:1].filtered(
            lambda run: run.state in ("queued", "running")
        )

    def _compute_correction_text(self):
        for record in self:
            record.correction_text = "\n".join(
                f"{column}: {change['from']} → {change['to']}"
                for column, change in (record.correction or {}).items()
            )

    def action_try_again(self):
        """Load these records now, and what waits for them; nothing else."""
        self.check_access("read")
        again = self.filtered(
            lambda one: one.state in ("failed", "held") and not one.unusable
        )
        if not again:
            raise UserError(
                self.env._(
                    "None of these records can be tried again: they are in Odoo, "
                    "waiting for the next load, or rows to be corrected in their file."
                )
            )
        if len(again.project_id) > 1:
            raise UserError(self.env._("Choose records of one migration."))
        return again.project_id._try_again(ids=again.ids)

    def action_correct(self):
        """Open the values of this record, to correct one."""
        self.ensure_one()
        self.project_id._check_manager()
        self._check_correctable()
        wizard = self.env["migration.correction.wizard"]._for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct %s", self.source_id),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_correctable(self):
        place = self._whereabouts()
        if self.state not in _OPEN:
            raise UserError(
                self.env._("%s is in Odoo already. Change the record there.", place)
            )
        if self.unusable or self.payload is None:
            raise UserError(
                self.env._(
                    "%s cannot be read. Correct the file and upload it again.", place
                )
            )

    def _correct(self, values):
        """Replace cells of the staged row, named as in a file of failed records.

        :param dict values: ``{column: text}``
        :raises UserError: the record is in Odoo already, or its row is broken
        """
        self.ensure_one()
        self._check_correctable()
        payload = copy.deepcopy(self.payload)
        before = flatten(payload)
        correction = dict(self.correction or {})
        for column, value in values.items():
            known = correction.get(column, {}).get("from", before.get(column, ""))
            set_cell(payload, column, value)
            correction[column] = {"from": known, "to": value}
            if known == value:
                del correction[column]
        self.sudo().write(
            {
                "payload": payload,
                "correction": correction or False,
                **({} if self.state == "skipped" else _PENDING),
            }
        )
        self.env["migration.record.key"]._forget(self.mapping_id)
        self.env["migration.log"]._append(
            [
                {
                    **self._log_values(),
                    "message": self.env._("Corrected: %s", ", ".join(values)),
                    "changes": {
                        "before": {name: before.get(name, "") for name in values},
                        "after": values,
                        "hash": self.payload_hash,
                    },
                }
            ]
        )

    def _check_columns(self, names):
        """Refuse a column that neither the row nor the mapping has.

        :raises UserError: one of ``names`` is none; says what there is
        """
        self.ensure_one()
        known = dict.fromkeys(flatten(self.payload or {}))
        for line in self.mapping_id.field_ids:
            parts = (line.source_path or "").split(" + ")
            known.update(dict.fromkeys(filter(None, map(str.strip, parts))))
        for name in names:
            if name not in known:
                raise UserError(
                    self.env._(
                        "%(id)s has no column “%(column)s”; there are: %(columns)s.",
                        id=self.source_id,
                        column=name,
                        columns=", ".join(known),
                    )
                )

    def _log_values(self):
        return {
            "project_id": self.project_id.id,
            "mapping_id": self.mapping_id.id,
            "operation": "decision",
            "source_id": self.source_id,
        }

    def action_leave_out_because(self):
        """Ask why these records are not loaded."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave Out"),
            "res_model": "migration.leave.out.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_record_ids": self.ids},
        }

    def _leave_out(self, reason):
        """Do not load these records, whatever comes; :meth:`action_take_in` undoes it.

        :raises UserError: one of them is in Odoo already
        """
        self.check_access("read")
        for record in self:
            if record.state not in _OPEN:
                raise UserError(
                    self.env._(
                        "%s is in Odoo already. Roll the load back first, to decide "
                        "otherwise.",
                        record._whereabouts(),
                    )
                )
        usable = self.filtered(lambda one: not one.unusable)
        if usable:
            usable._decide("skip")
        # What is wrong with a broken row stays said: taken in again, it is so still.
        (self - usable).sudo().write({"state": "skipped", "match_decision": "skip"})
        usable.sudo().error = self.env._(
            "Left out: %(reason)s. “Take In Again” undoes it.", reason=reason
        )
        self.sudo().left_out_reason = reason
        self.env["migration.log"]._append(
            [
                {
                    **record._log_values(),
                    "message": self.env._("Left out: %s", reason),
                }
                for record in self
            ]
        )
        return True

    def action_take_in(self):
        """Take records in again that somebody decided to leave out."""
        self.check_access("read")
        left_out = self.filtered(
            lambda one: one.state == "skipped" and one.match_decision == "skip"
        )
        if not left_out:
            raise UserError(self.env._("Nobody has decided to leave these out."))
        broken = left_out.filtered("unusable")
        (left_out - broken)._decide(False)
        broken.sudo().write({"state": "failed", "match_decision": False})
        left_out.sudo().left_out_reason = False
        self.env["migration.log"]._append(
            [
                {**record._log_values(), "message": self.env._("Taken in again")}
                for record in left_out
            ]
        )
        return True
