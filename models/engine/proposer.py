from odoo import models

from ...lib.corrections import source_columns
from ...lib.recognise import Shape, column_keys, recognise
from ...lib.values.names import match_key, technical_name

_COPIED = (
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
_DECIDED = ("target", "kind")
_LINK = ("ttype", "relation", "reference")


class MigrationProposer(models.AbstractModel):
    """Proposes what a table holds and where its columns go; the admin decides.

    What the template of the source names exactly is taken as it says; what it does
    not name is understood by :class:`MigrationReading`.
    """

    _name = "migration.proposer"
    _description = "Migration Proposer"

    # Which object a table holds

    def _recognise(self, project):
        """Say what each table holds, as far as its name, columns and values tell.

        :return: the :class:`MigrationReading` of the tables, for :meth:`_propose`
        """
        shapes = [self._shape(one) for one in project.source_id.object_ids]
        for table in self._open_tables(project):
            columns = self._columns(table)
            known = self._alike(project, table, columns)
            table.object_ids = known or self.env["migration.source.object"].browse(
                recognise(table.name, columns, shapes)
            )
        reading = self.env["migration.reading"]._read(project)
        for table in self._open_tables(project):
            table.object_ids = reading.object_of(table)
        return reading

    @staticmethod
    def _open_tables(project):
        return project.table_ids.filtered(
            lambda table: not (table.object_ids or table.ignored)
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

    def _propose(self, project, reading):
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
                mappings |= self._mapping(project, source_object, tables, reading)
        mappings |= self.env["migration.parts"]._propose(project, reading)
        self.env["migration.parts"]._settle_references(project, reading)
        return mappings

    def _mapping(self, project, source_object, tables, reading):
        mapping = self._get_mapping(project, source_object)
        mapping.table_ids |= tables
        columns = []
        for table in tables:
            columns += [c for c in self._columns(table) if c not in columns]
        found = reading.meanings(tables, source_object.name)
        is_new = not mapping.field_ids
        self._propose_lines(mapping, columns, found, reading)
        if is_new and self._comes_again(mapping):
            mapping.on_repeat = "merge"
        return mapping

    def _comes_again(self, mapping):
        """Whether one record is spread over several rows, as far as is seen."""
        if mapping.on_repeat != "fail":
            return False
        identifiers = mapping._id_columns()
        names = mapping.field_ids.filtered(lambda line: line.target == "name")
        return len(identifiers) == 1 and self.env["migration.reading"]._comes_again(
            mapping.table_ids, identifiers[0], names[:1].source_path
        )

    def _get_mapping(self, project, source_object):
        """The mapping of ``source_object``, made where it is missing."""
        mapping = project.mapping_ids.filtered(
            lambda one: one.name == source_object.name
        )
        if mapping:
            mapping._take_installed_app()
            return mapping
        vals = {name: source_object[name] for name in _COPIED}
        if source_object.res_model and source_object.res_model not in self.env:
            vals.update(mapping._without_app(source_object))
        return mapping.create(
            {"project_id": project.id, "object_id": source_object.id, **vals}
        )

    def _propose_lines(self, mapping, columns, found, reading):
        """Add a line for every column, and for what the template needs besides.

        :param found: ``{name of a template line: [columns]}`` understood so
        """
        source_object = mapping.object_id
        present = {
            part
            for line in mapping.field_ids
            for part in (line.source_path or "").split(" + ")
        }
        used, values = set(present), []
        for line in source_object.field_ids:
            for source in self._sources(line, columns, found):
                if mapping.field_ids and not set(source) - present:
                    continue
                used.update(source)
                values.append(self._from_template(mapping, line, source, reading))
        if not mapping.field_ids:
            values += self._natural_identifier(mapping, columns, found, values)
        for column in columns:
            if column not in used and not mapping.row_filter:
                values.append(self._unknown(mapping, column, reading))
        values = self._recall(mapping, columns, values)
        for number, vals in enumerate(values, start=len(mapping.field_ids)):
            vals["sequence"] = number
        self.env["migration.mapping.field"].create(values)

    def _recall(self, mapping, columns, values):
        """``values`` of new lines, corrected by what was confirmed before.

        What agrees becomes surer; what contradicts takes the place of a proposal that
        is less sure than it.
        """
        memory = self.env["migration.memory"]
        source = mapping.project_id.source_id
        for column, known in memory._recall(source, mapping.name, columns).items():
            proposed = [one for one in values if one["source_path"] == column]
            same = [
                one
                for one in proposed
                if all((one.get(name) or False) == known[name] for name in _DECIDED)
            ]
            certain = {name: known[name] for name in ("confidence", "reason")}
            if same:
                same[0].update(certain, value_ids=known["value_ids"])
                if known["relation"]:
                    # That a column links to records, its values do not tell.
                    same[0].update({name: known[name] for name in _LINK})
            elif proposed and known["confidence"] > proposed[0]["confidence"]:
                if known["kind"] == "ignored" or self._exists(mapping, known):
                    at = values.index(proposed[0])
                    values = [one for one in values if one not in proposed]
                    line = {**known, "mapping_id": mapping.id, "source_path": column}
                    values.insert(at, line)
        return values

    def _sources(self, line, columns, found):
        """Lists of the actual columns that a template line stands for.

        One empty list for a constant; no list where a column is missing.
        """
        if line.constant:
            return [[]]
        if " + " in line.name:
            parts = [
                self._source(self._part(line, part), part, columns, found)[:1]
                for part in line.name.split(" + ")
            ]
            return [[part[0] for part in parts]] if all(parts) else []
        return [[one] for one in self._source(line, line.name, columns, found)]

    @staticmethod
    def _part(line, name):
        """The template line that says what the part ``name`` of another is called."""
        siblings = line.object_id.field_ids
        return siblings.filtered(lambda one: one.name == name)[:1]

    def _source(self, line, name, columns, found):
        """The columns that are called as ``line`` says, or are understood as it."""
        names = self._names(line) if line else [name]
        by_key = {match_key(column): column for column in columns}
        exact = next(
            (by_key[match_key(one)] for one in names if match_key(one) in by_key), None
        )
        others = [column for column in found.get(name, ()) if column != exact]
        return [exact, *others] if exact else others

    def _from_template(self, mapping, line, source, reading):
        vals = {
            "mapping_id": mapping.id,
            "source_path": " + ".join(source),
            "template_name": line.name,
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
            "relation": line.relation,
            **self._certainty(mapping, line, source, reading),
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

    def _certainty(self, mapping, line, source, reading):
        """Confidence and reason: of the reading, or those of an exact name."""
        readings = [reading.of(mapping, column) for column in source]
        understood = [one for one in readings if one and one.meaning in _parts(line)]
        if len(understood) == len(source) and not self._is_exact(line, source):
            weakest = min(understood, key=lambda one: one.confidence)
            return {
                "confidence": weakest.confidence,
                "reason": reading.say(weakest),
            }
        return {
            "confidence": 0.95 if mapping.project_id.layout_assumed else 1.0,
            "reason": self.env._("Template of %s", mapping.project_id.source_id.name),
        }

    def _is_exact(self, line, source):
        """Whether the template itself has the names of all columns in ``source``."""
        names = set()
        for part in _parts(line):
            names |= column_keys(self._names(self._part(line, part) or line))
        return column_keys(source) <= names

    def _exists(self, mapping, vals):
        if vals["kind"] == "custom_field_required":
            return bool(mapping.res_model)
        return vals["target"] in self.env["migration.compiler"]._targets(mapping)

    def _natural_identifier(self, mapping, columns, found, values):
        """An identifier made of other columns, for a table without ids.

        Only where it tells the first rows apart; otherwise the content identifies.
        """
        if any(vals["kind"] == "identifier" for vals in values):
            return []
        for path in self._natural_paths(mapping.object_id, columns, found):
            if self.env["migration.reading"]._tells_apart(mapping.table_ids, path):
                mapping.on_repeat = "number"
                mapping.id_by_name = True
                return [
                    {
                        "mapping_id": mapping.id,
                        "source_path": path,
                        "kind": "identifier",
                        "confidence": 0.8,
                        "reason": self.env._("No column of ids; this tells rows apart"),
                    }
                ]
        return []

    def _natural_paths(self, source_object, columns, found):
        """Identifiers by content, best first: all alternatives, then each alone."""
        paths = []
        for alternative in (source_object.natural_key or "").split(" | "):
            parts = [
                self._source(self._named(source_object, part), part, columns, found)[:1]
                for part in alternative.split(" + ")
                if part
            ]
            if parts and parts[0]:
                paths.append(" + ".join(part[0] for part in parts if part))
        return [" | ".join(paths), *paths] if len(paths) > 1 else paths

    @staticmethod
    def _named(source_object, name):
        return source_object.field_ids.filtered(lambda one: one.name == name)[:1]

    def _unknown(self, mapping, column, reading):
        """A column the template does not know is kept, in a custom field."""
        known = reading.of(mapping, column)
        confidence = 0.5
        if mapping.role != "records" or not mapping.res_model:
            kind, reason = "ignored", self.env._("Not needed")
            confidence = 0.9
        elif mapping.loader:
            kind, reason = "ignored", self.env._("Links have no custom fields")
        elif known and known.reason == "internal":
            kind, reason = "ignored", reading.say(known)
            confidence = known.confidence
        elif column.startswith("_"):
            kind, reason = "ignored", self.env._("Internal to the source")
        else:
            kind = "custom_field_required"
            reason = self.env._("Column unknown to the template")
            if known:
                confidence, reason = known.confidence, reading.say(known)
        return {
            "mapping_id": mapping.id,
            "source_path": column,
            "kind": kind,
            "target": technical_name(column) if kind != "ignored" else False,
            "label": column if kind != "ignored" else False,
            # What type it is, its values tell.
            "ttype": False,
            "confidence": confidence,
            "reason": reason,
        }


def _parts(line):
    """The meanings that a template line is made of."""
    return line.name.split(" + ")
