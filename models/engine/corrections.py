import json

from odoo import models

from ...lib.corrections import flatten, set_cell
from ...lib.merge import packed


class MigrationCorrections(models.AbstractModel):
    """Keeps values that were corrected in Odoo when the source is read again."""

    _name = "migration.corrections"
    _description = "Migration Corrections"

    def _take(self, mapping, batch):
        """Take corrected rows of records that are not in Odoo as corrections of these.

        The source will give the row as it was each time it is read: as a row of its
        own the correction would be a duplicate, and the next reading would undo it.

        :return: the rows of ``batch`` that are left, and how many records were changed
        """
        corrected = {row["source_id"]: row for row in batch if row["origin"]}
        if not corrected:
            return batch, 0
        records = self.env["migration.record"].search(
            [
                ("mapping_id", "=", mapping.id),
                ("source_id", "in", list(corrected)),
                ("state", "in", ("failed", "held", "pending", "skipped")),
                ("unusable", "=", False),
            ]
        )
        taken, count = set(), 0
        for record in records:
            row = corrected[record.source_id]
            before = flatten(record.payload or {})
            after = flatten(json.loads(row["payload"]))
            changes = {
                name: value
                for name, value in after.items()
                if value != before.get(name, "")
            }
            if changes:
                record._correct(changes)
                count += 1
            taken.add(row["source_id"])
        return [row for row in batch if row["source_id"] not in taken], count

    def _carry_over(self, run, mapping, batch, merge):
        """Put corrections into rows whose source has changed, column by column.

        Where the source has changed the corrected column itself, it is newer, and
        counts; that is reported. The digest stays that of the source.

        :param bool merge: rows are parts of records, and are told by what they say
        """
        records = {
            one.source_id: one
            for one in self.env["migration.record"].search(
                [
                    ("mapping_id", "=", mapping.id),
                    ("source_id", "in", [row["source_id"] for row in batch]),
                    ("correction", "!=", False),
                ]
            )
        }
        outdated = []
        for row in batch if records else ():
            record = records.get(row["source_id"])
            known = record and (record.next_hash or record.payload_hash)
            if not record or (known == row["payload_hash"] and not merge):
                continue
            payload = json.loads(row["payload"])
            cells = flatten(payload)
            kept, gone = {}, []
            for column, change in record.correction.items():
                if merge and column not in cells:
                    kept[column] = change
                elif cells.get(column, "") == change["from"]:
                    set_cell(payload, column, change["to"])
                    kept[column] = change
                elif cells.get(column, "") != change["to"]:
                    gone.append(column)
            row["payload"] = packed(payload)[0]
            record.sudo().correction = kept or False
            if gone:
                outdated.append((record, gone))
        self._report(run, mapping, outdated)

    def _report(self, run, mapping, outdated):
        if not outdated:
            return
        self.env["migration.log"]._append(
            [
                {
                    "project_id": run.project_id.id,
                    "run_id": run.id,
                    "mapping_id": mapping.id,
                    "operation": "decision",
                    "source_id": record.source_id,
                    "message": self.env._(
                        "Correction given up, the source has changed: %s",
                        ", ".join(columns),
                    ),
                }
                for record, columns in outdated
            ]
        )
        self.env["migration.examiner"]._report(
            run,
            "2_warning",
            "correction_outdated",
            self.env._("Corrected values were changed in the source since"),
            mapping,
            len(outdated),
            "; ".join(
                f"{record.source_id}: {', '.join(columns)}"
                for record, columns in outdated[:5]
            ),
            self.env._("The source's values count now. Correct them again if need be."),
        )
