from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.errors import Problem, _
from ...lib.sheets import (
    Column,
    Sheet,
    open_workbook,
    read_sheet,
    titles,
    write_workbook,
)
from .mapping_file import FORMAT, LINE, OBJECT, VALUE, VERSION

_PROBLEMS_SHOWN = 20
_OVERVIEW, _OBJECTS, _VALUES, _LEGEND = "Overview", "Objects", "Values", "Legend"
# Widths of columns, in characters, where 14 is not right.
_WIDTHS = {
    "source_path": 28,
    "target": 26,
    "target_label": 24,
    "samples": 40,
    "reason": 36,
    "reference": 22,
    "options": 24,
    "label": 22,
    "name": 24,
    "sequence": 8,
    "number": 8,
}
# What the sheet of an object has, in the order in which it is read.
_LINE_COLUMNS = (
    "number",
    "source_path",
    "samples",
    "fill_rate",
    "kind",
    "target",
    "target_label",
    "transform",
    "constant",
    "reference",
    "reference_by",
    "reference_key",
    "on_missing",
    "date_order",
    "decimal_sign",
    "label",
    "ttype",
    "relation",
    "options",
    "policy",
    "distinct_count",
    "longest",
    "type_seen",
    "confidence",
    "reason",
    "confirmed",
    "confirmed_by",
    "confirmed_date",
    "sequence",
)
_KINDS = {"boolean": "bool", "integer": "integer"}


class MigrationSpecification(models.AbstractModel):
    """The mapping as a workbook: the specification of the migration, and an editor."""

    _name = "migration.specification"
    _description = "Migration Specification"

    def _workbook(self, project):
        """The bytes of the specification of ``project`` as XLSX."""
        mappings = project.with_context(active_test=False).mapping_ids
        reserved = (_OVERVIEW, _OBJECTS, _VALUES, _LEGEND)
        names = titles([*reserved, *mappings.mapped("name")])
        objects, sheets, values = [], [], []
        for mapping in mappings:
            title = names[mapping.name]
            objects.append(self._object_row(mapping, title))
            rows = []
            for number, line in enumerate(mapping.field_ids, 1):
                rows.append(self._line_row(mapping, line, number))
                values += self._value_rows(mapping, line, number)
            sheets.append(Sheet(title, self._line_columns(), rows))
        return write_workbook(
            [
                self._overview(project, mappings),
                Sheet(_OBJECTS, self._object_columns(), objects),
                *sheets,
                Sheet(_VALUES, self._value_columns(), values),
                self._legend(),
            ]
        )

    def _column(self, part, name, **values):
        """A column for the field ``name`` of a part of the mapping."""
        field = self.env[part.model]._fields[name]
        editable = name in part.names
        choices = field.get_values(self.env) if field.type == "selection" else ()
        kind = _KINDS.get(field.type, "text")
        if name in ("fill_rate", "confidence"):
            kind = "percent"
        label = field._description_string(self.env)
        return Column(
            **{
                "name": name,
                "label": label,
                "width": _WIDTHS.get(name, 14),
                "kind": kind,
                "choices": ("yes", "no") if kind == "bool" else tuple(choices),
                "editable": editable,
                **values,
            }
        )

    def _object_columns(self):
        return (
            self._text("sheet", self.env._("Sheet"), 22, key=True),
            *(self._column(OBJECT, name) for name in OBJECT.names),
            *(
                self._column(OBJECT, name, kind="integer")
                for name in ("unconfirmed_count", "staged_count")
            ),
        )

    def _line_columns(self):
        known = {
            "number": self._text(
                "number", self.env._("Line"), 8, kind="integer", key=True
            ),
            "target_label": self._text("target_label", self.env._("In Odoo"), 24),
        }
        return tuple(
            known.get(name) or self._column(LINE, name) for name in _LINE_COLUMNS
        )

    def _value_columns(self):
        return (
            self._text("object", self.env._("Object"), 18, key=True),
            self._text("line", self.env._("Line"), 8, kind="integer", key=True),
            self._text("column", self.env._("Source Column"), 28),
            self._text("field", self.env._("Odoo Field"), 24),
            *(self._column(VALUE, name) for name in VALUE.names),
            self._column(VALUE, "count"),
        )

    @staticmethod
    def _text(name, label, width, **values):
        return Column(name, label, width, **values)

    def _object_row(self, mapping, title):
        return {
            "sheet": title,
            **{name: mapping[name] for name in OBJECT.names},
            "unconfirmed_count": mapping.unconfirmed_count,
            "staged_count": mapping.staged_count,
        }

    def _line_row(self, mapping, line, number):
        row = {
            name: line[name]
            for name in _LINE_COLUMNS
            if name not in ("number", "target_label", "confirmed_by", "confirmed_date")
        }
        model = self.env.get(mapping.res_model)
        field = model is not None and model._fields.get(line.target)
        stamp = line.confirmed_date
        return {
            **row,
            "number": number,
            "target_label": field and field._description_string(self.env),
            "confirmed_by": line.confirmed_by.name,
            "confirmed_date": stamp and fields.Datetime.to_string(stamp),
        }

    @staticmethod
    def _value_rows(mapping, line, number):
        return [
            {
                "object": mapping.name,
                "line": number,
                "column": line.source_path,
                "field": line.target,
                **{name: value[name] for name in (*VALUE.names, "count")},
            }
            for value in line.value_ids
        ]

    def _overview(self, project, mappings):
        lines = mappings.field_ids
        confirmed = lines.filtered("confirmed")
        rows = [
            (self.env._("Migration"), f"{project.name} ({project.key})"),
            (self.env._("Source System"), project.source_id.name),
            (self.env._("Company"), project.company_id.name),
            (self.env._("Date"), fields.Datetime.to_string(fields.Datetime.now())),
            (self.env._("Files"), ", ".join(project.file_ids.mapped("name"))),
            (self.env._("Records"), str(sum(mappings.mapped("staged_count")))),
            (self.env._("Objects"), str(len(mappings))),
            (self.env._("Lines"), str(len(lines))),
            (self.env._("Confirmed"), str(len(confirmed))),
            (
                self.env._("Confirmed by"),
                ", ".join(sorted(set(confirmed.confirmed_by.mapped("name")))),
            ),
        ]
        columns = (self._text("what", self.env._("What"), 24), self._text("is", "", 70))
        return Sheet(
            _OVERVIEW, columns, [{"what": what, "is": text} for what, text in rows]
        )

    def _legend(self):
        """What the columns and their values mean."""
        rows = []
        for column in self._line_columns():
            field = self.env[LINE.model]._fields.get(column.name)
            if not field:
                continue
            rows.append(
                {
                    "column": column.label,
                    "means": field._description_help(self.env) or "",
                    "edit": column.editable,
                }
            )
            if field.type == "selection":
                rows += [
                    {"column": column.label, "value": value, "means": label}
                    for value, label in field._description_selection(self.env)
                ]
        columns = (
            self._text("column", self.env._("Column"), 24),
            self._text("value", self.env._("Value"), 26),
            self._text("means", self.env._("Meaning"), 90),
            self._text("edit", self.env._("Is read back"), 14, kind="bool"),
        )
        return Sheet(_LEGEND, columns, rows)

    def _read(self, project, content):
        """A workbook of :meth:`_workbook`, edited or not, as data and places.

        :return: what :meth:`migration.mapping.file._import` takes
        :raises UserError: a sheet, a column or a cell cannot be read; says which
        """
        try:
            book = open_workbook(content)
        except Problem as problem:
            raise UserError(self.env["migration.engine"]._say(problem)) from problem
        rows, problems = read_sheet(book, _OBJECTS, self._object_columns())
        values, wrong = read_sheet(book, _VALUES, self._value_columns())
        problems += wrong
        objects, places, known = [], {}, {}
        for row, found in rows:
            number = len(objects)
            places["objects", number] = f"{_OBJECTS}!{row}"
            lines, wrong = self._read_lines(book, found, number, places, known)
            problems += wrong
            objects.append({**_only(found, OBJECT.names), "lines": lines})
        told = [self.env["migration.engine"]._say(problem) for problem in problems]
        told += self._add_values(values, known, places)
        if told:
            shown = told[:_PROBLEMS_SHOWN]
            if len(told) > len(shown):
                shown.append(self.env._("… and %s more", len(told) - len(shown)))
            raise UserError(
                self.env._("The mapping cannot be used; nothing has been changed.")
                + "\n"
                + "\n".join(shown)
            )
        data = {
            "format": FORMAT,
            "version": VERSION,
            "source": project.source_id.code,
            "objects": objects,
        }
        return data, places

    def _read_lines(self, book, found, number, places, known):
        """Lines of one object, and problems; completes ``places`` and ``known``.

        :param dict known: ``{(object, line number): (line, its path in the data)}``
        """
        title = found.get("sheet") or found.get("name") or ""
        rows, problems = read_sheet(book, title, self._line_columns())
        lines = []
        for row, values in rows:
            path = ("objects", number, "lines", len(lines))
            places[path] = f"{title}!{row}"
            line = {**_only(values, LINE.names), "values": []}
            lines.append(line)
            key = (found.get("name"), values.get("number"))
            if key in known:
                problems.append(
                    Problem(
                        "line_twice",
                        _("%(place)s: another row has the number %(number)s, too."),
                        _("Give a row that you add no number."),
                        place=places[path],
                        number=key[1],
                    )
                )
            elif key[1]:
                known[key] = (line, path)
        return lines, problems

    def _add_values(self, rows, known, places):
        """Give the translations to their lines; texts about those that have none."""
        told = []
        for row, values in rows:
            key = (values.get("object"), values.get("line"))
            if key in known:
                line, path = known[key]
                path = (*path, "values", len(line["values"]))
                places[path] = f"{_VALUES}!{row}"
                line["values"].append(_only(values, VALUE.names))
            else:
                told.append(
                    self.env._(
                        "%(sheet)s!%(row)s: there is no line %(line)s of “%(object)s”",
                        sheet=_VALUES,
                        row=row,
                        line=key[1] or "",
                        object=key[0] or "",
                    )
                )
        return told


def _only(values, names):
    return {name: values[name] for name in names if name in values}
