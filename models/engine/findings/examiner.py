import time

from odoo import models
from odoo.tools import SQL

SAMPLES = 5
#: Checks of the staged records of one object: model and method, in this order.
OBJECT_CHECKS = (
    ("records", "unusable"),
    ("duplicates", "duplicates"),
    ("references", "references"),
    ("owners", "without_owner"),
    ("records", "emails"),
    ("exports", "capped"),
    ("apps", "missing"),
    ("files", "unknowable"),
)
#: Checks of the migration as a whole.
PROJECT_CHECKS = (
    ("owners", "unmatched"),
    ("exports", "repeats"),
    ("exports", "additions"),
    ("exports", "documents"),
    ("coverage", "coverage"),
    ("columns", "questions"),
    ("columns", "words"),
    ("merges", "merges"),
)


class MigrationExaminer(models.AbstractModel):
    """Says what is found in the staged data; one module a subject.

    Every check is SQL over all records, and brings back a count and a few samples.
    """

    _name = "migration.examiner"
    _description = "Migration Examiner"

    def _examine(self, run, deadline=None):
        """All checks of the staged data, each committed.

        :return: False when it was paused at the deadline; it goes on at that check
        """
        mappings = run.project_id.mapping_ids.sorted("id")
        checks = [(*names, [one]) for one in mappings for names in OBJECT_CHECKS]
        checks += [(*names, []) for names in PROJECT_CHECKS]
        for model, method, mapping in checks:
            label = " ".join([method, *(str(one.id) for one in mapping)])
            done = (run.options or {}).get("examined", [])
            if label in done:
                continue
            self.env["migration.column.facts"]._prepare()
            findings = self.env[f"migration.findings.{model}"]
            getattr(findings, f"_find_{method}")(run, *mapping)
            run.options = {**(run.options or {}), "examined": [*done, label]}
            run._commit()
            if deadline and time.monotonic() > deadline:
                return False
        return True

    def _report(
        self,
        run,
        severity,
        code,
        name,
        mapping=None,
        count=1,
        samples="",
        remedy="",
        file=None,
    ):
        """Keep one finding."""
        self.env["migration.finding"].sudo().create(
            {
                "project_id": run.project_id.id,
                "run_id": run.id,
                "mapping_id": mapping.id if mapping else False,
                "file_id": file.id if file else False,
                "severity": severity,
                "code": code,
                "name": name,
                "count": count,
                "samples": samples,
                "remedy": remedy,
            }
        )

    # What the checks share

    @staticmethod
    def _value(column):
        """SQL of the text of a source column of the record ``r``; '' if empty."""
        path = column.split(" + ")[0].strip()
        if "." in path:
            return SQL(
                "COALESCE(btrim(COALESCE(r.payload->>%s, r.payload #>> %s)), '')",
                path,
                path.split("."),
            )
        return SQL("COALESCE(btrim(r.payload->>%s), '')", path)

    @staticmethod
    def _usable(mapping):
        """SQL condition of the records ``r`` that can be looked at."""
        return SQL("r.mapping_id = %s AND NOT COALESCE(r.unusable, FALSE)", mapping.id)

    def _places(self, rows, column=None):
        """Where records are, one a line, from ``(id, value)``."""
        records = self.env["migration.record"]
        return "\n".join(
            records.browse(id_)._whereabouts(column, value) for id_, value in rows
        )

    def _count_and_sample(self, mapping, column, condition):
        """``(count, [(id, value)])`` of records whose value meets a condition.

        :param SQL condition: about ``v.value``, the text of the column
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*), (array_agg(v.id ORDER BY v.id))[1:%(samples)s],
                          (array_agg(v.value ORDER BY v.id))[1:%(samples)s]
                     FROM (SELECT r.id, %(value)s AS value FROM migration_record r
                            WHERE %(usable)s) AS v
                    WHERE v.value <> '' AND %(condition)s""",
                samples=SAMPLES,
                value=self._value(column),
                usable=self._usable(mapping),
                condition=condition,
            )
        )
        count, ids, values = rows[0]
        return count, list(zip(ids or [], values or [], strict=True))
