from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.errors import shorten
from .opening import opened


class MigrationRecord(models.Model):
    """One record of the source as it was read, and what became of it in Odoo.

    It is the binding, too: whether something has been migrated already is answered
    here and nowhere else.
    """

    _name = "migration.record"
    _inherit = ["migration.record.repair", "migration.record.gone"]
    _description = "Staged Source Record"
    _order = "mapping_id, id"
    _rec_name = "source_id"
    _log_access = False

    project_id = fields.Many2one(
        "migration.project",
        string="Migration",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    mapping_id = fields.Many2one(
        "migration.mapping",
        string="Object",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    source_id = fields.Char(string="Source ID", required=True, readonly=True)
    payload = fields.Json(readonly=True, help="The record as the source gave it.")
    payload_text = fields.Text(string="Source Data", compute="_compute_payload_text")
    payload_hash = fields.Char(readonly=True)
    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("loaded", "Loaded"),
            ("matched", "Matched"),
            ("skipped", "Skipped"),
            ("held", "Held"),
            ("failed", "Failed"),
        ],
        required=True,
        default="pending",
        readonly=True,
    )
    res_model = fields.Char(string="Odoo Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Odoo Record", model_field="res_model", readonly=True
    )
    table_id = fields.Many2one(
        "migration.file.table", string="File", ondelete="set null", readonly=True
    )
    row = fields.Integer(
        readonly=True, aggregator=None, help="Row or line in the file, from 1."
    )
    read_run_id = fields.Many2one("migration.run", ondelete="set null", readonly=True)
    sample_run_id = fields.Many2one(
        "migration.run",
        ondelete="set null",
        readonly=True,
        help="The last sample that took this record.",
    )
    next_payload = fields.Json(
        readonly=True, help="What the source says now of a record that is in Odoo."
    )
    next_hash = fields.Char(string="Changed in Source", readonly=True)
    source_gone = fields.Boolean(
        string="Gone from Source",
        readonly=True,
        help="In Odoo, but no longer in the source as it was read last.",
    )
    unusable = fields.Boolean(
        readonly=True,
        help="The row itself is broken: correct the file, upload it again.",
    )
    contradicts = fields.Char(
        readonly=True,
        help="Columns in which the rows of this record disagree; the first row counts.",
    )
    error = fields.Text(readonly=True, help="Why it is not in Odoo, and what to do.")
    error_code = fields.Char(readonly=True)
    error_field = fields.Char(string="Column", readonly=True)
    error_value = fields.Char(string="Value", readonly=True)

    change_text = fields.Text(
        string="Changed in the Source",
        compute="_compute_change_text",
        help="Columns that are different now, before and after.",
    )

    _source_uniq = models.UniqueIndex("(mapping_id, source_id)")
    _work_idx = models.Index("(mapping_id, state, id)")
    _project_idx = models.Index("(project_id, state)")
    _target_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _table_idx = models.Index("(table_id) WHERE table_id IS NOT NULL")
    _sample_idx = models.Index("(sample_run_id) WHERE sample_run_id IS NOT NULL")
    _changed_idx = models.Index("(mapping_id, id) WHERE next_hash IS NOT NULL")
    _gone_idx = models.Index("(project_id) WHERE source_gone")
    _run_idx = models.Index("(read_run_id) WHERE read_run_id IS NOT NULL")

    @api.depends("payload")
    def _compute_payload_text(self):
        for record in self:
            record.payload_text = "\n".join(
                f"{column}:" if value is None else f"{column}: {value}"
                for column, value in (record.payload or {}).items()
            )

    def _whereabouts(self, column=None, value=None):
        """Where the record is in the export: file, row, id, column and value."""
        self.ensure_one()
        place = [self.table_id.name, self.row and self.env._("row %s", self.row)]
        place.append(self.source_id)
        column, value = column or self.error_field, value or self.error_value
        if column:
            place.append(f"{column} = {shorten(value)}" if value else column)
        return ", ".join(part for part in place if part)

    def action_open_target(self):
        """Open the Odoo record this one became."""
        self.ensure_one()
        return opened(self.env, self.res_model, self.res_id)

    def action_retry(self):
        """Let the next load try these records again."""
        again = self.filtered(
            lambda record: record.state in ("failed", "held") and not record.unusable
        )
        self._reset(SQL("id = ANY(%s)", again.ids))
        return True

    @api.model
    def _reset(self, condition):
        """Set the staged records that fulfil ``condition`` back to pending."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE migration_record
                      SET state = 'pending', error = NULL, error_code = NULL,
                          error_field = NULL, error_value = NULL WHERE %s""",
                condition,
            )
        )
        if not self.env.cr.rowcount:
            return
        self.invalidate_model()
        # Counts of the project and of its owners come from these rows.
        self.env["migration.project"].invalidate_model(flush=False)

    def _compute_change_text(self):
        for record in self:
            before, after = record.payload or {}, record.next_payload or {}
            names = {**before, **after} if record.next_hash else {}
            if record.next_hash and not isinstance(record.next_payload, dict):
                record.change_text = self.env._("The content of the file")
                continue
            record.change_text = "\n".join(
                f"{name}: {before.get(name) or ''} → {after.get(name) or ''}"
                for name in names
                if before.get(name) != after.get(name)
            )

    def _newest(self, condition):
        """Let records that are not in Odoo any more be loaded as they are now."""
        self.env.execute_query(
            SQL(
                """UPDATE migration_record
                      SET payload = COALESCE(next_payload, payload),
                          payload_hash = COALESCE(next_hash, payload_hash),
                          next_payload = NULL, next_hash = NULL
                    WHERE next_hash IS NOT NULL AND res_id IS NULL AND %s
                RETURNING id""",
                condition,
            )
        )
