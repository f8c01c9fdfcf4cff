from dataclasses import dataclass, field

from odoo import models

from ...lib.values.names import match_key

FORMAT = "crm_migration.mapping"
VERSION = 1


@dataclass(frozen=True)
class Part:
    """A model whose records are part of a saved mapping.

    :param names: fields that are saved
    :param children: ``{key in the file: (One2many field, Part)}``
    :param former: fields that earlier versions saved, and that are read over
    """

    model: str
    names: tuple
    children: dict = field(default_factory=dict)
    former: tuple = ()


VALUE = Part("migration.mapping.value", ("name", "target", "mapped", "create_missing"))
LINE = Part(
    "migration.mapping.field",
    (
        "sequence",
        "source_path",
        "template_name",
        "target",
        "kind",
        "transform",
        "constant",
        "reference",
        "reference_by",
        "reference_key",
        "on_missing",
        "date_order",
        "decimal_sign",
        "policy",
        "label",
        "ttype",
        "relation",
        "options",
        "confirmed",
    ),
    {"values": ("value_ids", VALUE)},
)
OBJECT = Part(
    "migration.mapping",
    (
        "name",
        "label",
        "sequence",
        "active",
        "role",
        "schema",
        "res_model",
        "loader",
        "row_filter",
        "id_by_name",
        "on_repeat",
        "match_by",
    ),
    {"lines": ("field_ids", LINE)},
    ("derived_from",),
)
# What the audit found in a column, whatever it is mapped to.
_FACTS = ("samples", "fill_rate", "distinct_count", "longest", "type_seen")


class MigrationMappingFile(models.AbstractModel):
    """A mapping as data, to keep it and to use it again in another project."""

    _name = "migration.mapping.file"
    _description = "Migration Mapping File"

    def _export(self, project):
        """The mapping of ``project`` as plain data, which :meth:`_import` takes."""
        mappings = project.with_context(active_test=False).mapping_ids
        return {
            "format": FORMAT,
            "version": VERSION,
            "source": project.source_id.code,
            "objects": [self._data(mapping, OBJECT) for mapping in mappings],
        }

    def _data(self, record, part):
        children = {
            key: [self._data(child, below) for child in record[name]]
            for key, (name, below) in part.children.items()
        }
        values = {name: record[name] for name in part.names}
        # Empty text is kept as nothing: a form gives one, a program the other.
        values = {name: False if one == "" else one for name, one in values.items()}
        return {**values, **children}

    def _import(self, project, data, confirmed=True, places=None):
        """Take over the lines that ``data`` has, as far as their columns are there.

        Lines of columns that ``data`` does not know stay as they are, and constants
        that it does not mention. A line that says the same already is not touched.

        :param bool confirmed: lines that were confirmed when they were saved are so
            here; otherwise they wait for it
        :param dict places: where in its file a part of ``data`` is, for messages
        :return: list of dicts, one for each part of ``data`` that had no place here:
            object, label, and the column, None for an object as a whole
        :raises UserError: ``data`` cannot be used; nothing has been changed
        """
        self.env["migration.mapping.check"]._check(project, data, places or {})
        with self.env.cr.savepoint():
            left, lines = [], self.env["migration.mapping.field"]
            for one in data["objects"]:
                mapping, absent = self._take_object(project, one)
                left += absent
                columns = None if absent else self._columns(mapping)
                taken, absent = self._take_lines(mapping, one["lines"], columns)
                left += absent
                for line, saved in taken:
                    if (
                        confirmed
                        and saved.get("confirmed")
                        and self._is_whole(line, saved)
                    ):
                        lines |= line.filtered(lambda line: not line.confirmed)
            if lines:
                lines._confirm()
        return left

    def _take_object(self, project, saved):
        """The mapping that ``saved`` is about, and whether the export lacks it."""
        mappings = project.with_context(active_test=False).mapping_ids
        mapping = mappings.filtered(lambda one: one.name == saved["name"])
        values = {name: saved[name] for name in OBJECT.names if name in saved}
        if mapping:
            changes = _changes(mapping, values)
            mapping.write({**changes, **self._children(mapping, saved)})
            return mapping, []
        mapping = mappings.create({**values, "project_id": project.id})
        mapping.write(self._children(mapping, saved))
        absent = [_absent(saved)] if project.table_ids else []
        return mapping, absent

    def _children(self, mapping, saved):
        """Commands that replace what an object has besides its lines."""
        return {
            name: [(5,), *((0, 0, one) for one in saved[key])]
            for key, (name, part) in OBJECT.children.items()
            if key != "lines"
            and key in saved
            and saved[key] != [self._data(child, part) for child in mapping[name]]
        }

    @staticmethod
    def _columns(mapping):
        """``{match_key: column}`` of the export; None where it has not been read."""
        columns = [
            column
            for table in mapping.table_ids
            for column in (table.columns or "").split("\n")
        ]
        columns += [
            part
            for line in mapping.field_ids
            for part in (line.source_path or "").split(" + ")
        ]
        return {match_key(one): one for one in reversed(columns) if one} or None

    def _take_lines(self, mapping, saved_lines, columns):
        """Lines as ``saved_lines`` say: pairs with what was saved; and what is absent.

        :param columns: see :meth:`_columns`; None takes every line
        """
        unused = mapping.field_ids
        known = {
            match_key(part)
            for saved in saved_lines
            for part in (saved.get("source_path") or "").split(" + ")
        }
        taken, absent, new = [], [], []
        for saved in saved_lines:
            path = _actual(saved.get("source_path"), columns)
            if path is None:
                absent.append(_absent(mapping, saved["source_path"]))
                continue
            saved = {**saved, "source_path": path}
            line = self._like(unused, saved)
            unused -= line
            if line:
                self._update(line, saved)
                taken.append((line, saved))
            else:
                new.append(saved)
        facts = {line.source_path: line for line in mapping.field_ids}
        values = [
            self._values(mapping, saved, facts.get(saved["source_path"]))
            for saved in new
        ]
        unused.filtered(
            lambda line: (
                line.source_path
                and {match_key(part) for part in line.source_path.split(" + ")} <= known
            )
        ).unlink()
        taken += list(zip(mapping.field_ids.create(values), new, strict=True))
        return taken, absent

    @staticmethod
    def _like(lines, saved):
        """The line among ``lines`` that ``saved`` is about, if there is one."""
        alike = lines.filtered(
            lambda line: (line.source_path or "") == (saved["source_path"] or "")
        )
        target = saved.get("target") or False
        same = alike.filtered(lambda line: (line.target or False) == target)
        return (same or (alike if saved["source_path"] else same))[:1]

    def _update(self, line, saved):
        names = [name for name in LINE.names if name in saved and name != "confirmed"]
        changes = _changes(line, {name: saved[name] for name in names})
        values = self._value_changes(line, saved)
        if values or changes.keys() - {"sequence"}:
            changes.update(
                value_ids=values,
                confirmed=False,
                changed=True,
                confidence=1,
                reason=self.env._("From a saved mapping"),
            )
        elif line.confirmed and saved.get("confirmed") is False:
            changes["confirmed"] = False
        if changes:
            line.write(changes)

    @staticmethod
    def _value_changes(line, saved):
        """Commands for the translations of ``line``; those not in the file stay."""
        commands = []
        known = {value.name: value for value in line.value_ids}
        for one in saved.get("values") or ():
            value = known.get(one["name"])
            if not value:
                commands.append((0, 0, one))
            elif changes := _changes(value, one):
                commands.append((1, value.id, changes))
        return commands

    def _values(self, mapping, saved, known):
        """Values of a new line; what was found in its column comes from ``known``."""
        facts = {name: known[name] for name in _FACTS} if known else {}
        names = [name for name in LINE.names if name in saved and name != "confirmed"]
        return {
            **facts,
            **{name: saved[name] for name in names if saved[name] is not None},
            "mapping_id": mapping.id,
            "confidence": 1,
            "reason": self.env._("From a saved mapping"),
            "value_ids": [(0, 0, one) for one in saved.get("values") or ()],
        }

    @staticmethod
    def _is_whole(line, saved):
        """Whether the export has no value that whoever confirmed it has not seen."""
        seen = {one["name"] for one in saved.get("values") or ()}
        return line.kind != "value_mapping" or all(
            value.mapped or value.name in seen for value in line.value_ids
        )


def _changes(record, values):
    """Those of ``values`` that ``record`` does not have yet."""
    return {
        name: value
        for name, value in values.items()
        if (record[name] or False) != (value or False)
    }


def _absent(of, column=None):
    return {"object": of["name"], "label": of["label"], "column": column}


def _actual(path, columns):
    """``path`` with the columns' names in this export; None if one is absent."""
    if not path or columns is None:
        return path or False
    found = []
    for part in path.split(" + "):
        name, dot, rest = part.partition(".")
        if match_key(part) in columns:
            found.append(columns[match_key(part)])
        elif dot and match_key(name) in columns:
            found.append(f"{columns[match_key(name)]}.{rest}")
        else:
            return None
    return " + ".join(found)
