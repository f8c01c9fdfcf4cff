from odoo import models
from odoo.tools import SQL

from .examiner import SAMPLES


class MigrationFindingsReferences(models.AbstractModel):
    """References that lead nowhere, or to several records."""

    _name = "migration.findings.references"
    _inherit = "migration.examiner"
    _description = "Migration Findings: References"

    def _find_references(self, run, mapping):
        for line in mapping.field_ids.filtered(
            lambda line: (
                line.kind == "reference"
                and line.source_path
                and line.reference_by not in ("row", "domain")
                and " + " not in line.source_path
            )
        ):
            elsewhere = self._found_elsewhere(run.project_id, line)
            for other, condition in self._referenced(run.project_id, line):
                condition = SQL("(%s) AND NOT (%s)", condition, elsewhere)
                self._find_lost(run, line, other, condition)

    def _found_elsewhere(self, project, line):
        """Condition of the rows that another line with this column and target settles.

        That is one that finds the record, or an earlier one that reports the row: a
        row that no line finds is told once.
        """
        found = [SQL("FALSE")]
        earlier = True
        for one in line.mapping_id.field_ids:
            if one == line:
                earlier = False
            elif (one.kind, one.source_path, one.target, one.reference_by) == (
                "reference",
                line.source_path,
                line.target,
                "id",
            ):
                for other, condition in self._referenced(project, one):
                    found.append(
                        condition
                        if earlier
                        else SQL(
                            """(%s AND EXISTS (
                               SELECT FROM migration_record e
                                WHERE e.mapping_id = %s AND e.source_id = %s))""",
                            condition,
                            other.id,
                            self._value(line.source_path),
                        )
                    )
        return SQL(" OR ").join(found)

    def _referenced(self, project, line):
        """``(mapping, SQL condition)`` of what a line refers to, and in which rows."""
        mappings = {one.name: one for one in project.mapping_ids}
        path, colon, kinds = (line.reference or "").rpartition(":")
        if not colon:
            if line.reference in mappings:
                yield mappings[line.reference], SQL("TRUE")
            return
        for pair in kinds.split(","):
            kind, _equals, name = pair.partition("=")
            if name.strip() in mappings:
                column = self._value(path.strip())
                yield (
                    mappings[name.strip()],
                    SQL("lower(%s) = %s", column, kind.strip().lower()),
                )

    def _find_lost(self, run, line, other, condition):
        """Values that no record has (orphans), and values that several have."""
        by_id = line.reference_by == "id" or not line.reference_key
        if by_id and other.id_by_name:
            return
        lost, places, several, doubtful = self._hits(line, other, condition)
        self._report_orphans(run, line, other, lost, places)
        if several and not by_id:
            self._report(
                run,
                "2_warning",
                "reference_ambiguous",
                self.env._(
                    "%(column)s has values that stand for several %(object)s",
                    column=line.source_path,
                    object=other.label,
                ),
                line.mapping_id,
                several,
                self._places(doubtful, line.source_path),
                self.env._(
                    "Name them by something only one of them has, or merge them in the "
                    "source."
                ),
            )

    def _report_orphans(self, run, line, other, count, rows):
        if count:
            self._report(
                run,
                "2_warning",
                "orphan",
                self.env._(
                    "%(column)s names %(object)s that are not in the export",
                    column=line.source_path,
                    object=other.label,
                ),
                line.mapping_id,
                count,
                self._places(rows, line.source_path),
                self.env._(
                    "Complete the export, empty these cells, or set the line to “Leave "
                    "empty”: such records do not load otherwise."
                )
                if line.on_missing == "fail"
                else self.env._("Complete the export, or leave the cells empty."),
            )

    def _hits(self, line, other, condition):
        """``(lost, samples, ambiguous, samples)`` of the values of a line.

        :param SQL condition: of the records ``r`` in which it refers to ``other``
        """
        value = self._value(line.source_path)
        if line.reference_by == "id" or not line.reference_key:
            key, found = SQL("r.source_id"), value
        else:
            parts = [self._value(part) for part in line.reference_key.split(" + ")]
            key = SQL("lower(btrim(concat_ws(' ', %s)))", SQL(", ").join(parts))
            found = SQL("lower(%s)", value)
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE o.hits IS NULL),
                          (array_agg(v.id ORDER BY v.id)
                              FILTER (WHERE o.hits IS NULL))[1:%(few)s],
                          (array_agg(v.value ORDER BY v.id)
                              FILTER (WHERE o.hits IS NULL))[1:%(few)s],
                          count(*) FILTER (WHERE o.hits > 1),
                          (array_agg(v.id ORDER BY v.id)
                              FILTER (WHERE o.hits > 1))[1:%(few)s],
                          (array_agg(v.value ORDER BY v.id)
                              FILTER (WHERE o.hits > 1))[1:%(few)s]
                     FROM (SELECT r.id, %(value)s AS value, %(found)s AS key
                             FROM migration_record r
                            WHERE r.mapping_id = %(mapping)s AND %(condition)s) AS v
                     LEFT JOIN (SELECT %(key)s AS key, count(*) AS hits
                                  FROM migration_record r
                                 WHERE r.mapping_id = %(other)s GROUP BY 1) AS o
                       ON o.key = v.key
                    WHERE v.value <> ''""",
                few=SAMPLES,
                value=value,
                found=found,
                mapping=line.mapping_id.id,
                condition=condition,
                key=key,
                other=other.id,
            )
        )
        lost, ids, values, several, more_ids, more_values = rows[0]
        return (
            lost,
            list(zip(ids or [], values or [], strict=True)),
            several,
            list(zip(more_ids or [], more_values or [], strict=True)),
        )
