from odoo import models

from ...lib.corrections import source_columns
from ...lib.recognise import Shape, column_keys, recognise
from ...lib.values.names import match_key, technical_name


class MigrationProposer(models.AbstractModel):
    """Proposes what a table holds and where its columns go; the admin decides."""

    _name = "migration.proposer"
    _description = "Migration Proposer"

    # Which object a table holds

    def _recognise(self, project):
        """Say what each table holds, as far as its name and columns tell."""
        shapes = [self._shape(one) for one in project.source_id.object_ids]
        for table in project.table_ids.filtered(
            lambda table: not (table.object_ids or table.ignored)
        ):
            columns = self._columns(table)
            known = self._alike(project, table, columns)
            table.object_ids = known or self.env["migration.source.object"].browse(
                recognise(table.name, columns, shapes)
            )

    @staticmethod
    def _columns(table):
        """The columns of ``table`` that come from the source."""
        return source_columns((table.columns or "").split("\n"))

    def _alike(self, project, table, columns):
        """What a table of corrected rows holds: that of the one it is made from."""
        if len(columns) == len((table.columns or "").split("\n")):
            return table.object_ids
        wanted = set(columns)
        alike = project.table_ids.filtered(
            lambda one: one.object_ids and wanted == set(self._columns(one))
        )
        objects = {one.object_ids for one in alike}
        return objects.pop() if len(objects) == 1 else table.object_ids

    def _shape(self, source_object):
        names = {
            line: column_keys(self._names(line)) for line in source_object.field_ids
        }
        return Shape(
            key=source_object.id,
            patterns=tuple(
                pattern.strip()
                for pattern in (source_object.file_patterns or "").split(",")
                if pattern.strip()
            ),
            identifiers=tuple(
                names[line] for line in names if line.kind == "identifier"
            ),
            columns=frozenset().union(*names.values()),
            filter_column=(source_object.row_filter or "").partition("=")[0],
        )

    @staticmethod
    def _names(line):
        """All names the columns of a template line may have."""
        synonyms = [one for one in (line.synonyms or "").split(";") if one.strip()]
        parts = line.name.split(" + ")
        return [*parts, *synonyms]

    # Where its columns go

    def _propose(self, project):
        """Make or complete the mapping of every object the project's tables hold.

        Lines that are there already, confirmed or not, stay as they are.
        """
        mappings = self.env["migration.mapping"]
        for source_object in project.source_id.object_ids:
            tables = project.table_ids.filtered(
                lambda table, one=source_object: (
                    one in table.object_ids and not table.ignored
                )
            )
            if tables:
                mappings |= self._mapping(project, source_object, tables)
        for source_object in project.source_id.object_ids.filtered("derived_from"):
            origins = self._origins(project, source_object)
            if origins:
                tables = project.table_ids.filtered(
                    lambda table, one=source_object: one in table.object_ids
                )
                mapping = self._mapping(project, source_object, tables)
                mapping.derived_from = ", ".join(origins)
                mappings |= mapping
        self._set_aside_references(project)
        return mappings

    def _mapping(self, project, source_object, tables):
        mapping = project.mapping_ids.filtered(
            lambda one: one.name == source_object.name
        )
        if not mapping:
            mapping = self.env["migration.mapping"].create(
                {
                    "project_id": project.id,
                    "object_id": source_object.id,
                    **{
                        name: source_object[name]
                        for name in (
                            "name",
                            "label",
                            "sequence",
                            "role",
                            "schema",
                            "res_model",
                            "loader",
                            "row_filter",
                            "id_by_name",
                            "match_by",
                        )
                    },
                }
            )
        mapping.table_ids |= tables
        columns = []
        for table in tables:
            columns += [c for c in self._columns(table) if c not in columns]
        self._propose_lines(mapping, source_object, columns or ["name"])
        return mapping

    def _origins(self, project, source_object):
        """``object.column`` of what an object is derived from, by actual columns."""
        origins = []
        for origin in (source_object.derived_from or "").split(","):
            object_name, _dot, column = origin.strip().partition(".")
            mapping = project.mapping_ids.filtered(
                lambda one, name=object_name: one.name == name
            )
            line = mapping.object_id.field_ids.filtered(
                lambda one, name=column: one.name == name
            )[:1]
            table_columns = {
                column
                for table in mapping.table_ids
                for column in table.columns.split("\n")
            }
            actual = line and self._find_column(self._names(line), table_columns)
            if actual:
                origins.append(f"{object_name}.{actual}")
        return origins

    def _propose_lines(self, mapping, source_object, columns):
        present = {
            part
            for line in mapping.field_ids
            for part in (line.source_path or "").split(" + ")
        }
        used, values = set(present), []
        for line in source_object.field_ids:
            source = self._source(line, columns)
            if source is None or (mapping.field_ids and not set(source) - present):
                continue
            used.update(source)
            values.append(self._from_template(mapping, line, source))
        for column in columns:
            if column not in used and not mapping.row_filter:
                values.append(self._unknown(mapping, column))
        for number, vals in enumerate(values, start=len(mapping.field_ids)):
            vals["sequence"] = number
        self.env["migration.mapping.field"].create(values)

    def _source(self, line, columns):
        """Actual columns of a template line, [] for a constant, None if missing."""
        if line.kind == "constant":
            return []
        if " + " in line.name:
            parts = line.name.split(" + ")
            siblings = line.object_id.field_ids
            found = []
            for part in parts:
                own = siblings.filtered(lambda one, name=part: one.name == name)[:1]
                names = self._names(own) if own else [part]
                found.append(self._find_column(names, columns))
            return found if all(found) else None
        column = self._find_column(self._names(line), columns)
        return [column] if column else None

    @staticmethod
    def _find_column(names, columns):
        """The column that has one of ``names``, earlier names first."""
        by_key = {match_key(column): column for column in columns}
        return next(
            (by_key[match_key(name)] for name in names if match_key(name) in by_key),
            None,
        )

    def _from_template(self, mapping, line, source):
        vals = {
            "mapping_id": mapping.id,
            "source_path": " + ".join(source),
            "target": line.target,
            "kind": line.kind,
            "transform": line.transform,
            "constant": line.constant,
            "reference": line.reference,
            "reference_by": line.reference_by or "id",
            "reference_key": line.reference_key,
            "on_missing": line.on_missing or "fail",
            "label": line.label,
            "ttype": line.ttype,
            "confidence": 0.95 if mapping.project_id.layout_assumed else 1.0,
            "reason": self.env._("Template of %s", mapping.project_id.source_id.name),
            "value_ids": [
                (0, 0, {"name": name.strip(), "target": value.target})
                for value in line.value_ids
                for name in value.name.split(";")
            ],
        }
        if vals["kind"] not in ("identifier", "ignored") and not self._exists(
            mapping, vals
        ):
            vals.update(
                kind="ignored",
                reason=self.env._("Odoo has no field “%s” here", line.target),
            )
        return vals

    def _exists(self, mapping, vals):
        if vals["kind"] == "custom_field_required":
            return True
        return vals["target"] in self.env["migration.compiler"]._targets(mapping)

    def _unknown(self, mapping, column):
        """A column the template does not know is kept, in a custom field."""
        if mapping.role != "records" or not mapping.res_model:
            kind, reason = "ignored", self.env._("Not needed")
        elif mapping.loader:
            kind, reason = "ignored", self.env._("Links have no custom fields")
        elif column.startswith("_"):
            kind, reason = "ignored", self.env._("Internal to the source")
        else:
            kind = "custom_field_required"
            reason = self.env._("Column unknown to the template")
        return {
            "mapping_id": mapping.id,
            "source_path": column,
            "kind": kind,
            "target": technical_name(column) if kind != "ignored" else False,
            "label": column if kind != "ignored" else False,
            "ttype": "char" if kind != "ignored" else False,
            "confidence": 0.5,
            "reason": reason,
        }

    def _set_aside_references(self, project):
        """Ignore references to objects that the export does not contain."""
        names = set(project.mapping_ids.mapped("name"))
        for mapping in project.mapping_ids:
            for line in mapping.field_ids.filtered(
                lambda line: (
                    line.kind in ("reference", "related") and not line.confirmed
                )
            ):
                line.reference = self._known_reference(line.reference, names)
                if not line.reference:
                    line.write(
                        {
                            "kind": "ignored",
                            "reason": self.env._("Its object is not in the export"),
                        }
                    )

    @staticmethod
    def _known_reference(reference, names):
        path, colon, kinds = (reference or "").rpartition(":")
        if not colon:
            return reference if (reference or "").split(">")[0] in names else False
        known = [
            pair.strip()
            for pair in kinds.split(",")
            if pair.split("=")[1].strip() in names
        ]
        return f"{path}: {', '.join(known)}" if known else False
