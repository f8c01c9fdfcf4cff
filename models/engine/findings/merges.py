from collections import Counter

from odoo import models

from ....lib.payload import source_key
from ....lib.values.names import match_key

_LOOKED_AT = 10_000


class MigrationFindingsMerges(models.AbstractModel):
    """Source values that become one record in Odoo, which nobody can tell apart there.

    That is what a shorter pipeline asks for; it is listed with what it costs.
    """

    _name = "migration.findings.merges"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Merged Values"

    def _find_merges(self, run):
        """Report every merge of the migration, in place of those reported before."""
        project = run.project_id
        project.finding_ids.filtered(
            lambda one: one.code == "values_merged"
        ).sudo().unlink()
        for line in project._ordered_mappings().field_ids:
            for target, merged in self._merges(line):
                self._report(
                    run,
                    "2_warning",
                    "values_merged",
                    self.env._(
                        "%(object)s: %(count)s values of %(column)s become one, "
                        "“%(target)s”",
                        object=line.mapping_id.label,
                        count=len(merged),
                        column=line.source_path,
                        target=target,
                    ),
                    line.mapping_id,
                    sum(count for _name, count in merged),
                    self._listed(merged),
                    self.env._(
                        "Afterwards they cannot be told apart by it. Change the value "
                        "map where they have to stay apart."
                    ),
                )

    @staticmethod
    def _listed(merged):
        return ", ".join(f"{name} ({count})" for name, count in merged)

    def _merges(self, line):
        """``[(target, [(source value, records)])]`` of what a line merges.

        Only of stages, pipelines and the like: that all of “high”, “urgent” and “1”
        are one priority is what a translation is for.
        """
        if line.kind != "value_mapping" or not self._is_structure(line):
            return []
        groups = {}
        for value in line.value_ids.filtered(lambda one: one["mapped"] and one.count):
            if target := value.target or (value.create_missing and value.name):
                groups.setdefault(match_key(target), (target, []))[1].append(value)
        counts = None
        found = []
        for target, values in groups.values():
            if len(values) > 1:
                counts = counts or self._records(line)
                found.append(
                    (
                        target,
                        [(one.name, counts[match_key(one.name)]) for one in values],
                    )
                )
        return found

    @staticmethod
    def _is_structure(line):
        if line.mapping_id.schema:
            return line.target == "name"
        field = line.env[line.mapping_id.res_model]._fields.get(line.target)
        return field is not None and field.type == "many2one"

    def _records(self, line):
        """Records by ``match_key`` of the value; of a stage, those that are in it."""
        own = Counter()
        for value in line.value_ids:
            own[match_key(value.name)] += value.count
        mapping = line.mapping_id
        if not mapping.schema:
            return own
        by_id = self._referring(mapping)
        counts = Counter()
        for record in mapping._usable_records():
            text = record.payload.get(line.source_path)
            counts[match_key(text)] += by_id[record.source_id]
        return counts

    def _referring(self, mapping):
        """``{source id: records}`` that refer to the records of ``mapping``."""
        counts = Counter()
        lines = mapping.project_id.mapping_ids.field_ids.filtered(
            lambda line: (
                line.kind == "reference"
                and line.reference == mapping.name
                and line.reference_by == "id"
                and line.source_path
            )
        )
        normal = match_key if mapping.id_by_name else source_key
        for line in lines:
            for text, count in self.env["migration.refiner"]._values(line, _LOOKED_AT):
                counts[normal(text)] += count
        return counts

    def _journal(self, lines):
        """Rows of the audit log: what the confirmed ``lines`` merge."""
        return [
            {
                "project_id": line.project_id.id,
                "mapping_id": line.mapping_id.id,
                "operation": "decision",
                "message": self.env._(
                    "Merged into “%(target)s”: %(values)s",
                    target=target,
                    values=self._listed(merged),
                ),
            }
            for line in lines
            for target, merged in self._merges(line)
        ]
