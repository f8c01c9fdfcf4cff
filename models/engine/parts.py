from odoo import models

# Columns by which a record can be made at all.
_ANCHORS = ("name", "full_name", "email", "last_name")


class MigrationParts(models.AbstractModel):
    """Proposes the objects that are only columns of others, and the links to them.

    Contacts that name their company, deals that name their stage, one large table
    that has company, contact and deal in each row.
    """

    _name = "migration.parts"
    _description = "Migration Parts of Rows"

    def _propose(self, project, reading):
        """Make the mappings of objects that are made from columns of others."""
        mappings = self.env["migration.mapping"]
        for source_object in project.source_id.object_ids.filtered("derived_from"):
            origins = self._origins(project, source_object, reading)
            if origins:
                mapping = self._mapping(project, source_object, origins, reading)
                mappings |= mapping
        return mappings

    def _origins(self, project, source_object, reading):
        """Values of ``migration.mapping.origin``, with the template's column names."""
        found = []
        for text in source_object.derived_from.split(","):
            object_name, dot, column = text.strip().partition(".")
            origin = project.mapping_ids.filtered(
                lambda one, name=object_name: one.name == name and one.table_ids
            )
            if origin and dot:
                found += self._from_column(origin, column)
            elif origin:
                found += self._from_row(project, origin, source_object, reading)
        return found

    def _from_column(self, origin, column):
        """The one column of ``origin`` that the template calls ``column``."""
        line = origin.field_ids.filtered(
            lambda line: line.template_name == column and line.kind != "ignored"
        )[:1]
        if not line:
            return []
        targets = self.env["migration.compiler"]._targets(origin)
        return [
            {
                "origin_id": origin.id,
                "origin_column": line.source_path,
                "source_path": "name",
                "is_list": targets.get(line.target) == "many2many",
            }
        ]

    def _from_row(self, project, origin, source_object, reading):
        """All columns of ``origin`` that say something of ``source_object``."""
        known = source_object.name in project.mapping_ids.filtered("table_ids").mapped(
            "name"
        )
        columns = reading.parts(origin.table_ids, source_object.name)
        links = self._links(origin, source_object.name)
        columns = {**links, **columns}
        if known and not self._is_missing_by_name(columns, links):
            return []
        if not set(columns) & set(_ANCHORS):
            return []
        if known:
            columns = {"name": columns["name"]}
        else:
            columns.update(self._onward(origin, source_object, reading, columns))
        return [
            {"origin_id": origin.id, "origin_column": column, "source_path": name}
            for name, column in columns.items()
        ]

    @staticmethod
    def _is_missing_by_name(columns, links):
        """Whether an origin names records that a table of theirs may not have."""
        by_id = any(name.endswith("_id") for name in columns)
        return "name" in links and not by_id

    def _links(self, origin, name):
        """``{column of the object: column of origin}`` of what refers to it."""
        found = {}
        for template in origin.object_id.field_ids:
            if template.kind == "reference" and template.reference == name:
                column = self._actual(origin, template.name)
                if column:
                    is_id = template.name.endswith("_id")
                    key = template.reference_key or (f"{name}_id" if is_id else "name")
                    found.setdefault(key, column)
        return found

    def _onward(self, origin, source_object, reading, columns):
        """Columns that lead from the new object on to others: a contact's company."""
        found = {}
        for line in source_object.field_ids:
            if line.kind != "reference" or line.reference == source_object.name:
                continue
            if line.name in columns:
                continue
            parts = {
                **self._links(origin, line.reference),
                **reading.parts(origin.table_ids, line.reference),
            }
            wanted = line.reference_key or f"{line.reference}_id"
            column = parts.get(wanted)
            if not column and not line.reference_key and "name" in parts:
                by_name = any(
                    one.reference == line.reference and one.reference_key
                    for one in source_object.field_ids
                )
                column = None if by_name else parts["name"]
            if column:
                found[line.name] = column
        return found

    def _mapping(self, project, source_object, origins, reading):
        """The mapping of an object that is made from columns of others."""
        proposer = self.env["migration.proposer"]
        mapping = proposer._get_mapping(project, source_object)
        if mapping.table_ids:
            name = mapping.field_ids.filtered(lambda line: line.target == "name")[:1]
            origins = [
                {**one, "source_path": name.source_path}
                for one in origins
                if name and one["source_path"] == "name"
            ]
        else:
            columns = list(dict.fromkeys(one["source_path"] for one in origins))
            if not mapping.field_ids:
                mapping.on_repeat = "merge"
            proposer._propose_lines(mapping, columns, {}, reading)
            self._identify(mapping, columns)
            self._explain(project, mapping, origins)
        known = {(one.origin_id.id, one.source_path) for one in mapping.origin_ids}
        mapping.origin_ids.create(
            [
                {**one, "mapping_id": mapping.id}
                for one in origins
                if (one["origin_id"], one["source_path"]) not in known
            ]
        )
        return mapping

    def _identify(self, mapping, columns):
        """Give a derived object an identifier: an id, or what the template says."""
        if mapping.field_ids.filtered(lambda line: line.kind == "identifier"):
            return
        paths = self.env["migration.proposer"]._natural_paths(
            mapping.object_id, columns, {}
        )
        if paths:
            mapping.id_by_name = True
            mapping.field_ids.create(
                {
                    "mapping_id": mapping.id,
                    "source_path": paths[0],
                    "kind": "identifier",
                    "confidence": 0.9,
                    "reason": self.env._("No column of ids; this tells records apart"),
                }
            )

    def _explain(self, project, mapping, origins):
        """Say of each line which column its values come from."""
        labels = {one.id: one.label for one in project.mapping_ids}
        for line in mapping.field_ids.filtered(lambda one: not one.confirmed):
            sources = [
                f"{labels[one['origin_id']]}: {one['origin_column']}"
                for one in origins
                if one["source_path"] in (line.source_path or "").split(" + ")
            ]
            if sources:
                line.reason = self.env._("Made from %s", ", ".join(sources[:3]))

    # Links

    def _settle_references(self, project, reading):
        """Say by what each proposed reference goes, now that all objects are known."""
        mappings = {one.name: one for one in project.mapping_ids}
        for mapping in project.mapping_ids:
            for line in mapping.field_ids.filtered(
                lambda line: line._refers() and not line.confirmed
            ):
                reference = self._known_reference(mapping, line, mappings)
                if reference is None:
                    line.write(
                        {
                            "kind": "ignored",
                            "reason": self.env._("Its object is not in the export"),
                        }
                    )
                    continue
                line.reference = reference
                other = mappings.get(reference.partition(">")[0])
                if other and line.kind == "related":
                    name, _arrow, column = reference.partition(">")
                    line.reference = f"{name}>{self._actual(other, column) or column}"
                if other:
                    self._settle(mapping, line, other)

    def _known_reference(self, mapping, line, mappings):
        """The line's reference without what the export does not have; None if empty."""
        path, colon, kinds = (line.reference or "").rpartition(":")
        if not colon:
            name = (line.reference or "").split(">")[0]
            return line.reference if name in mappings else None
        known = [
            pair.strip()
            for pair in kinds.split(",")
            if pair.split("=")[1].strip() in mappings
        ]
        column = self._actual(mapping, path.strip())
        if known and not column:
            # Told by its values once they are staged.
            return known[0].split("=")[1].strip()
        return f"{column}: {', '.join(known)}" if known else None

    @staticmethod
    def _actual(mapping, name):
        """The column that the template's ``name`` stands for in ``mapping``."""
        lines = mapping.field_ids.filtered(lambda line: line.template_name == name)
        return lines[:1].source_path

    def _settle(self, mapping, line, other):
        whole = other.origin_ids.filtered(lambda origin: not origin.is_list)
        made_here = mapping in whole.origin_id and not other.table_ids
        if made_here and line.kind == "reference":
            line.write({"reference_by": "row", "reference_key": False})
        elif made_here:
            line.reference_by = "row"
        elif line.reference_by == "row":
            # Remembered from an export in which both were in one row.
            name = other.field_ids.filtered(lambda one: one.target == "name")[:1]
            line.write({"reference_by": "name", "reference_key": name.source_path})
        elif line.reference_by != "id":
            column = self._actual(other, line.reference_key)
            if other.id_by_name and other._id_columns() == [column]:
                line.write({"reference_by": "id", "reference_key": False})
            elif column:
                line.reference_key = column
            else:
                name = other.field_ids.filtered(lambda one: one.target == "name")[:1]
                line.write({"reference_by": "name", "reference_key": name.source_path})
