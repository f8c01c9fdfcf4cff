from odoo import api, fields, models


class MigrationFile(models.Model):
    """Uploads that have what an earlier one had: a newer export, or more of it?"""

    _inherit = "migration.file"

    adds = fields.Boolean(
        string="Adds on Purpose",
        help="Somebody has said that this is no newer version of an earlier upload.",
    )
    repeats_id = fields.Many2one(
        "migration.file",
        compute="_compute_repeats",
        help="The earlier upload of whose rows this one has the most again.",
    )
    repeats_count = fields.Integer(compute="_compute_repeats")
    row_count = fields.Integer(
        compute="_compute_row_count", help="Rows that become records in Odoo."
    )

    @api.depends("table_ids.repeats", "project_id.file_ids.table_ids.repeats")
    def _compute_repeats(self):
        for file in self:
            counts = file._repeated()
            file.repeats_id = max(counts, key=counts.get, default=self.browse())
            file.repeats_count = counts.get(file.repeats_id, 0)

    @api.depends("table_ids.row_count", "table_ids.object_ids")
    def _compute_row_count(self):
        for file in self:
            tables = file.table_ids.filtered(lambda one: one._is_of_records())
            file.row_count = sum(tables.mapped("row_count"))

    def _repeated(self):
        """``{earlier upload: how many of its rows}`` this one has, under their ids."""
        counts = {}
        own = self.table_ids.filtered(lambda one: one._is_of_records())
        for other in self.project_id.file_ids:
            if other.id >= self._origin.id or other.connection_id:
                continue
            count = sum(
                max(one._shared(table), table._shared(one))
                for one in own
                for table in other.table_ids.filtered(lambda one: one._is_of_records())
            )
            if count:
                counts[other] = count
        return counts

    def _is_in_question(self):
        """Whether nobody has said what becomes of the upload it repeats."""
        self.ensure_one()
        decided = self.replaces_id or self.replaced_by_ids or self.adds
        return bool(self.repeats_id and not decided)


class MigrationFileTable(models.Model):
    """A table knows which rows of others it has under the same ids."""

    _inherit = "migration.file.table"

    repeats = fields.Json(
        readonly=True,
        help="{id of another table: [run that read this one, rows they share]}.",
    )

    def _is_of_records(self):
        """Whether its rows become records, and are all that there is."""
        roles = self.object_ids.mapped("role")
        return "records" in roles and not (self._is_part() or self.ignored)

    def _shared(self, other):
        """How many rows of ``other`` this table was found to have."""
        _run, count = (self.repeats or {}).get(str(other.id), (None, 0))
        return count

    def _note_repeats(self, run, other_id, count):
        """Count rows that another table has given under the same ids."""
        known_run, known = (self.repeats or {}).get(str(other_id), (None, 0))
        total = count + (known if known_run == run.id else 0)
        self.sudo().repeats = {**(self.repeats or {}), str(other_id): [run.id, total]}
