from odoo import models
from odoo.tools import SQL

from ..lib.corrections import flatten
from ..lib.errors import Problem
from ..lib.long_sheets import LongWorkbook

# Columns of a sheet beyond which the rest share one: such a table cannot be read.
_COLUMNS = 500
_BATCH = 2000
_PLACE = (26, 34, 18, 10, 44, 24, 8)


class MigrationLeftover(models.AbstractModel):
    """Everything of the source that did not come along, as a workbook."""

    _name = "migration.leftover"
    _description = "Migration Leftovers"

    def _workbook(self, project):
        """The XLSX as a temporary file; read and written a batch at a time."""
        _ = self.env._
        book = LongWorkbook(
            _("Long Texts"), (_("Source ID"), _("Column"), _("Part"), _("Text"))
        )
        mappings = project.with_context(active_test=False).mapping_ids
        columns = self.env["migration.leftover.columns"]
        facts = {mapping: columns._facts(mapping) for mapping in mappings}
        tables = self._tables(project)
        self._write_overview(book, facts, tables)
        self._write_missing(book, mappings)
        self._write_warnings(book, project)
        for mapping, found in facts.items():
            if found:
                self._write_values(book, mapping, list(found))
        for table, _reason in tables:
            self._write_table(book, table)
        return book.file()

    def _tables(self, project):
        """``[(table, why)]`` of the tables of which nothing was read."""
        return [
            (
                table,
                self.env._("Left out")
                if table.ignored
                else self.env._("Nobody said what it contains"),
            )
            for table in project.table_ids
            if table.ignored or not table.recognised
        ]

    def _write_overview(self, book, facts, tables):
        _ = self.env._
        sheet = book.table(
            _("What Was Left Out"),
            (
                *(_("Object"), _("Column"), _("Why"), _("Rows"), _("Filled")),
                *(_("Filled %"), _("Samples")),
            ),
            (28, 28, 34, 10, 10, 10, 80),
        )
        for mapping, found in facts.items():
            ignored = set(mapping.field_ids.mapped("source_path"))
            for name, (filled, samples) in found.items():
                reason = _("No line of the mapping is about it")
                if not mapping.active:
                    reason = _("The object was switched off")
                elif name in ignored:
                    reason = _("Set to “Ignored”")
                rows = mapping.staged_count
                share = round(100 * filled / rows, 1) if rows else None
                sheet.append(
                    [mapping.label, name, reason, rows, filled, share]
                    + [" · ".join(samples)]
                )
        for table, reason in tables:
            columns = ", ".join((table.columns or "").split("\n"))
            sheet.append(
                [table.name, columns, reason, table.row_count or None, None, None, ""]
            )

    def _write_missing(self, book, mappings):
        """Records that are not in Odoo, each with its reason and all of its data."""
        _ = self.env._
        states = self.env["migration.report"]._labels("migration.record", "state")
        sheet = book.table(
            _("Not in Odoo"),
            (
                *(_("Source ID"), _("Object"), _("State"), _("Reason"), _("Column")),
                *(_("Value"), _("File"), _("Row"), _("Staged Record"), _("Data")),
            ),
            (26, 24, 12, 70, 20, 24, 24, 8, 44, 80),
        )
        base = mappings[:1].get_base_url()
        condition = SQL("r.state NOT IN ('loaded', 'matched')")
        for mapping in mappings.filtered(lambda one: one.role == "records"):
            for one in self.env["migration.leftover.columns"]._records(
                mapping, SQL("r.payload"), condition
            ):
                cells = flatten(one["payload"] or {})
                sheet.append(
                    [
                        *(one["source_id"], mapping.label, states[one["state"]]),
                        self._why(mapping, one),
                        *(one["error_field"], one["error_value"], one["file"]),
                        *(
                            one["row"] or None,
                            _link(base, "migration.record", one["id"]),
                        ),
                        "\n".join(f"{key}: {text}" for key, text in cells.items()),
                    ]
                )

    def _why(self, mapping, record):
        if record["error"]:
            return record["error"]
        if not mapping.active:
            return self.env._("The object was switched off")
        return self.env._("Not loaded yet")

    def _write_warnings(self, book, project):
        """Values that were left out of records that are in Odoo."""
        _ = self.env._
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT r.source_id, m.id, l.message, r.res_model, r.res_id
                     FROM migration_log l
                     JOIN migration_run u ON u.id = l.run_id
                                        AND u.kind IN ('load', 'delta')
                     JOIN migration_mapping m ON m.id = l.mapping_id
                     JOIN migration_record r ON r.mapping_id = l.mapping_id
                                            AND r.source_id = l.source_id
                                            AND r.state IN ('loaded', 'matched')
                    WHERE l.project_id = %s AND l.operation = 'warning'
                    ORDER BY 2, 1""",
                project.id,
            )
        )
        if not rows:
            return
        labels = {
            one.id: one.label
            for one in project.with_context(active_test=False).mapping_ids
        }
        sheet = book.table(
            _("Warnings"),
            (
                *(_("Source ID"), _("Object"), _("Warning"), _("Odoo Model")),
                *(_("Odoo ID"), _("Link")),
            ),
            (26, 24, 80, 18, 10, 44),
        )
        base = project.get_base_url()
        for source_id, mapping_id, message, model, res_id in rows:
            sheet.append(
                [source_id, labels[mapping_id], message, model, res_id]
                + [_link(base, model, res_id)]
            )

    def _write_values(self, book, mapping, names):
        """The values of the columns left out, by record."""
        _ = self.env._
        shown, rest = names[:_COLUMNS], names[_COLUMNS:]
        sheet = book.table(
            mapping.label,
            (
                *(_("Source ID"), _("In Odoo"), _("Odoo Model"), _("Odoo ID")),
                *(_("Link"), _("File"), _("Row"), *shown),
                *([_("Further Columns")] if rest else []),
            ),
            _PLACE + (24,) * len(shown),
        )
        base = mapping.get_base_url()
        columns = self.env["migration.leftover.columns"]
        for batch in _batches(columns._rows(mapping, columns._used(mapping)), _BATCH):
            labels = self._names(record for record, _cells in batch)
            for record, cells in batch:
                target = (record["res_model"], record["res_id"])
                further = [f"{name}: {cells[name]}" for name in rest if name in cells]
                sheet.append(
                    [
                        record["source_id"],
                        labels.get(target),
                        *(target if target[1] else (None, None)),
                        _link(base, *target),
                        *(record["file"], record["row"] or None),
                        *(cells.get(name) for name in shown),
                        *(["\n".join(further)] if rest else []),
                    ]
                )

    def _names(self, records):
        """``{(model, id): name}`` of the Odoo records; those that are gone have none.

        Whoever sees the source data may know what its records are called in Odoo.
        """
        ids = {}
        for record in records:
            if record["res_id"] and record["res_model"] in self.env:
                ids.setdefault(record["res_model"], []).append(record["res_id"])
        found = {}
        for model, numbers in ids.items():
            targets = self.env[model].sudo().browse(numbers).exists()
            found |= {(model, one.id): one.display_name for one in targets}
            targets.invalidate_recordset(flush=False)
        return found

    def _write_table(self, book, table):
        """All rows of a table that was not read; the first ones of a list by API."""
        connector = table.file_id._connector()
        names = [name for name in (table.columns or "").split("\n") if name]
        sheet = book.table(table.name, (self.env._("Row"), *names[:_COLUMNS]), (8,))
        if table.file_id.connection_id:
            for number, values in enumerate(table.sample or [], 1):
                sheet.append(_table_row(number, values, names))
            return
        try:
            for row in connector._iter_rows(table):
                sheet.append(_table_row(row.number, row.values, names))
        except Problem as problem:
            say = self.env["migration.project"]._translate_term
            sheet.append([problem.text(say), *(None for _one in names[:_COLUMNS])])


def _table_row(number, values, names):
    cells = flatten(values)
    # A column of nested values is given whole, as it is in the file.
    texts = [
        cells.get(name)
        or "\n".join(
            f"{key.removeprefix(name)[1:]}: {text}"
            for key, text in cells.items()
            if key.startswith(f"{name}.")
        )
        for name in names[:_COLUMNS]
    ]
    return [number, *texts]


def _link(base, model, res_id):
    return f"{base}/odoo/{model}/{res_id}" if model and res_id else None


def _batches(rows, size):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
