from odoo import models


class MigrationReport(models.AbstractModel):
    """The audit of a migration as data: what the page and the workbook show."""

    _name = "migration.report"
    _description = "Migration Audit Report"

    def _data(self, project):
        """The whole report, by the names of its parts, in the user's language."""
        objects = self._objects(project)
        columns = self._columns(project)
        findings = project.finding_ids
        severities = findings.mapped("severity")
        return {
            "summary": {
                "name": project.name,
                "key": project.key,
                "source": project.source_id.name,
                "company": project.company_id.name,
                "read": max(project.file_ids.filtered("read_date").mapped("read_date"))
                if project.file_ids.filtered("read_date")
                else None,
                "files": project.file_ids.mapped("name"),
                "records": sum(one["records"] for one in objects),
                "objects": len([one for one in objects if one["records"]]),
                "columns": sum(len(lines) for lines in columns.values()),
                "errors": severities.count("1_error"),
                "warnings": severities.count("2_warning"),
                "notes": severities.count("3_info"),
            },
            "objects": objects,
            "columns": columns,
            "findings": self._findings(findings),
            "owners": [owner._as_dict() for owner in project.owner_ids],
            "odoo": self.env["migration.odoo.facts"]._facts(project.company_id),
        }

    def _objects(self, project):
        counts = self.env["migration.record"]._read_group(
            [("project_id", "=", project.id)], ["mapping_id", "unusable"], ["__count"]
        )
        records, broken = {}, {}
        for mapping, unusable, count in counts:
            records[mapping.id] = records.get(mapping.id, 0) + count
            if unusable:
                broken[mapping.id] = count
        findings = dict(
            self.env["migration.finding"]._read_group(
                [("project_id", "=", project.id)], ["mapping_id"], ["__count"]
            )
        )
        return [
            {
                "object": mapping.name,
                "label": mapping.label,
                "model": mapping.res_model or None,
                "tables": mapping.table_ids.mapped("name"),
                "records": records.get(mapping.id, 0),
                "unusable": broken.get(mapping.id, 0),
                "findings": findings.get(mapping, 0),
            }
            for mapping in project.with_context(active_test=False).mapping_ids
        ]

    def _columns(self, project):
        """``{object: [facts of a column]}``; lines that share a column come once."""
        found = {}
        for mapping in project.with_context(active_test=False).mapping_ids:
            columns = {}
            for line in mapping.field_ids:
                if not line.source_path:
                    continue
                known = columns.setdefault(line.source_path, self._column(line))
                if line.target and line.kind != "ignored":
                    known["targets"].append(line.target)
            if columns:
                found[mapping.name] = list(columns.values())
        return found

    @staticmethod
    def _column(line):
        return {
            "column": line.source_path,
            "targets": [],
            "fill_rate": round(line.fill_rate, 4),
            "distinct": line.distinct_count,
            "type": line.type_seen or None,
            "longest": line.longest,
            "samples": line.samples or "",
            "date_order": line.date_order or None,
            "decimal_sign": line.decimal_sign or None,
        }

    def _findings(self, findings):
        return [
            {
                "severity": finding.severity[2:],
                "code": finding.code,
                "object": finding.mapping_id.name or None,
                "label": finding.mapping_id.label or finding.file_id.name or "",
                "message": finding.name,
                "count": finding.count,
                "samples": finding.samples or "",
                "remedy": finding.remedy or "",
            }
            for finding in findings
        ]

    def _labels(self, model, field):
        """``{key: label}`` of a selection field, in the user's language."""
        return dict(self.env[model]._fields[field]._description_selection(self.env))
