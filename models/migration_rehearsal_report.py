from itertools import islice

from odoo import models

from ..lib.corrections import write_csv
from ..lib.sheets import Column, Sheet, harmless, write_workbook
from .migration_rehearsal_line import LEFT_OUT

_BATCH = 1000
_LISTED = 1000
# A workbook is in memory as a whole, and nobody reads more; the CSV has them all.
_SHEET_ROWS = 20_000


class MigrationRehearsalReport(models.AbstractModel):
    """What a dry run has found, as files and as plain data."""

    _name = "migration.rehearsal.report"
    _description = "Migration Dry Run Report"

    def _data(self, run):
        """The report as plain data with stable keys; at most 1000 lines of a kind."""
        lines = run.rehearsal_line_ids
        kinds = lines._fields["kind"].get_values(self.env)
        return {
            "run": run.id,
            "objects": run._counts(),
            "reasons": self._reasons(run),
            **{
                kind.partition("_")[2]: [
                    line._as_dict()
                    for line in lines.search(
                        [("run_id", "=", run.id), ("kind", "=", kind)], limit=_LISTED
                    )
                ]
                for kind in kinds
            },
        }

    def _reasons(self, run):
        return [
            {
                "kind": kind.partition("_")[2],
                "object": mapping.name or None,
                "code": code or None,
                "column": column or None,
                "count": count,
                "example": example,
            }
            for kind, mapping, code, column, count, example in self.env[
                "migration.rehearsal.line"
            ]._reasons(run)
        ]

    def _csv(self, run):
        """All lines as CSV; a cell never starts a formula."""
        names = list(run.rehearsal_line_ids.browse().new()._as_dict())
        rows = (
            {name: harmless(value) for name, value in row.items()}
            for row in self._rows(run)
        )
        return write_csv(names, rows)

    def _xlsx(self, run):
        """A sheet of counts, one of reasons, and one each of what they are about."""
        _ = self.env._

        def rows(*kinds):
            return list(islice(self._rows(run, kinds), _SHEET_ROWS))

        names = ("read", "created", "updated", "matched", "skipped", "held", "failed")
        labels = run.line_ids._fields
        counts = (
            Column("object", _("Object"), 28),
            *(
                Column(
                    name,
                    labels["handled" if name == "read" else name]._description_string(
                        self.env
                    ),
                    kind="integer",
                )
                for name in names
            ),
        )
        reasons = (
            Column("kind", _("What"), 22),
            Column("object", _("Object"), 22),
            Column("code", _("Reason"), 26),
            Column("column", _("Column"), 26),
            Column("count", _("Records"), kind="integer"),
            Column("example", _("For Instance"), 80),
        )
        left_out = (
            Column("kind", _("What"), 16),
            Column("object", _("Object"), 18),
            Column("source_id", _("Source ID"), 18),
            Column("file", _("File"), 24),
            Column("row", _("Row"), kind="integer"),
            Column("column", _("Column"), 22),
            Column("value", _("Value"), 28),
            Column("message", _("Why, and What to Do"), 80),
            Column("code", _("Reason"), 22),
            Column("failed_before", _("Failed Before"), kind="bool"),
        )
        writes = (
            Column("object", _("Object"), 18),
            Column("source_id", _("Source ID"), 18),
            Column("model", _("Odoo Model"), 18),
            Column("id", _("Odoo ID"), kind="integer"),
            Column("field", _("Odoo Field"), 22),
            Column("before", _("In Odoo Now"), 40),
            Column("value", _("Would Be"), 40),
        )
        made = (
            Column("model", _("Odoo Model"), 24),
            Column("message", _("Name"), 40),
            Column("count", _("Records"), kind="integer"),
        )
        objects = [
            {"object": line.mapping_id.label, **line._as_dict()}
            for line in run.line_ids
        ]
        return write_workbook(
            [
                Sheet(_("Objects"), counts, objects),
                Sheet(_("By Reason"), reasons, self._reasons(run)),
                Sheet(_("Not Loaded"), left_out, rows(*LEFT_OUT)),
                Sheet(_("Warnings"), left_out, rows("4_warning")),
                Sheet(_("Existing Records"), writes, rows("5_write")),
                Sheet(_("Made"), made, rows("6_make")),
            ]
        )

    def _rows(self, run, kinds=None):
        """Yield the lines as dicts, a batch in memory at a time."""
        lines = run.rehearsal_line_ids.browse()
        domain = [("run_id", "=", run.id)]
        if kinds:
            domain.append(("kind", "in", list(kinds)))
        offset = 0
        while batch := lines.search(domain, limit=_BATCH, offset=offset):
            for line in batch:
                yield line._as_dict()
            batch.invalidate_recordset()
            offset += len(batch)
