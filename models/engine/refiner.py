from odoo import models
from odoo.tools import SQL

from ...lib.nothing import says_nothing
from ...lib.profile import SAMPLES, ColumnProfile
from ...lib.values.names import match_key, technical_name

# What exports call the types of custom fields, and Odoo's type for it.
FIELD_TYPES = {
    "text": "char",
    "string": "char",
    "singleline": "char",
    "multiline": "text",
    "textarea": "text",
    "longtext": "text",
    "number": "float",
    "decimal": "float",
    "float": "float",
    "integer": "integer",
    "int": "integer",
    "currency": "monetary",
    "money": "monetary",
    "picklist": "selection",
    "dropdown": "selection",
    "select": "selection",
    "enum": "selection",
    "date": "date",
    "datetime": "datetime",
    "checkbox": "boolean",
    "boolean": "boolean",
    "bool": "boolean",
}
_DATES = ("date", "datetime")
_NUMBERS = ("integer", "float", "monetary")
_SAMPLE_LENGTH = 60


class MigrationRefiner(models.AbstractModel):
    """Completes the proposed lines by what the staged values tell."""

    _name = "migration.refiner"
    _description = "Migration Refiner"

    def _refine(self, mapping):
        """Types, formats, value maps, samples: for every line not yet confirmed."""
        definitions = self._definitions(mapping.project_id)
        total = self._total(mapping)
        for line in mapping.field_ids:
            if line.source_path and not line.confirmed:
                definition = definitions.get(
                    (match_key(mapping.name), match_key(line.source_path))
                )
                self._refine_line(line, total, definition)
        self._make_unique(mapping)

    def _definitions(self, project):
        """``{(object, column): values}`` of the export's own field definitions."""
        found = {}
        for mapping in project.mapping_ids.filtered(lambda one: one.role == "fields"):
            columns = {line.target: line.source_path for line in mapping.field_ids}
            records = self.env["migration.record"].search(
                [("mapping_id", "=", mapping.id), ("unusable", "=", False)]
            )
            for record in records:
                values = {
                    target: record.payload.get(column)
                    for target, column in columns.items()
                    if target
                }
                key = (match_key(values.get("object")), match_key(values.get("key")))
                found[key] = values
        return found

    @staticmethod
    def _total(mapping):
        return mapping.env["migration.record"].search_count(
            [("mapping_id", "=", mapping.id)]
        )

    def _refine_line(self, line, total, definition):
        filled, samples = self._overview(line)
        vals = {
            "fill_rate": filled / total if total else 0,
            "samples": " · ".join(samples),
        }
        values, profile = [], ColumnProfile()
        if self._tells_format(line, definition):
            values = self._values(line)
            for value, count in values:
                profile.add(value, count)
        if line.kind == "custom_field_required":
            vals.update(self._custom_field(line, profile, definition))
        vals.update(self._formats(line, vals.get("ttype"), profile))
        line.write(vals)
        if line.kind == "value_mapping":
            self.env["migration.value.maps"]._propose(line, values)
        self.env["migration.value.maps"]._propose_conversion(line)

    def _tells_format(self, line, definition):
        """Whether all values of the column have to be looked at, not only some."""
        if line.kind in ("value_mapping", "custom_field_required"):
            return True
        targets = self.env["migration.compiler"]._targets(line.mapping_id)
        return targets.get(line.target) in (*_DATES, *_NUMBERS)

    def _overview(self, line):
        """How many staged records have a value in a line's column, and some of them."""
        value = self._column(line)
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE trim(%(value)s) <> ''),
                          (SELECT array_agg(DISTINCT left(one.value, %(length)s))
                             FROM (SELECT %(value)s AS value FROM migration_record
                                    WHERE mapping_id = %(mapping)s
                                      AND trim(%(value)s) <> ''
                                    LIMIT %(samples)s) AS one)
                     FROM migration_record WHERE mapping_id = %(mapping)s""",
                value=value,
                mapping=line.mapping_id.id,
                length=_SAMPLE_LENGTH,
                samples=SAMPLES,
            )
        )
        filled, samples = rows[0]
        return filled, samples or []

    @staticmethod
    def _column(line):
        """SQL of a line's column as text; of the first one, where it joins several."""
        path = line.source_path.split(" + ")[0].strip()
        return SQL("COALESCE(payload->>%s, payload #>> %s)", path, path.split("."))

    def _values(self, line):
        """``(value, count)`` of the distinct values staged in a line's column."""
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, count(*) FROM migration_record
                    WHERE mapping_id = %s AND NOT COALESCE(unusable, FALSE)
                    GROUP BY 1 ORDER BY 2 DESC, 1""",
                self._column(line),
                line.mapping_id.id,
            )
        )
        nothing = line.project_id._empty_words()
        return [row for row in rows if not says_nothing(row[0], nothing)]

    def _custom_field(self, line, profile, definition):
        """What kind of field the column needs, by definition or by its values."""
        if definition:
            kind = match_key(definition.get("type")).replace(" ", "")
            ttype = FIELD_TYPES.get(kind, "char")
            label = definition.get("label") or line.source_path
            options = definition.get("options") or ""
            return {
                "ttype": ttype,
                "label": label,
                "target": technical_name(label),
                "options": "\n".join(options.replace("|", ";").split(";"))
                if ttype == "selection"
                else False,
                "confidence": 0.95,
                "reason": self.env._("Defined in the export as %s", kind),
            }
        if line.reason and line.ttype and line.confidence > 0.5:
            return {}
        return {
            "ttype": profile.ttype(),
            "confidence": 0.6,
            "reason": self.env._(
                "Column unknown to the template; type from its values"
            ),
        }

    def _formats(self, line, ttype, profile):
        """How the column writes dates and numbers, decided by all of its values."""
        field = self.env["migration.compiler"]._targets(line.mapping_id)
        ttype = ttype or line.ttype or field.get(line.target)
        if ttype in _DATES:
            order = profile.date_order()
            if order in ("ymd", "dmy", "mdy"):
                return {"date_order": order}
            if order:
                return self._ask(
                    self.env._("Dates can be read in two ways: say which is meant")
                )
        if ttype in _NUMBERS and profile.decimal():
            sign = profile.decimal()
            if sign in (".", ","):
                return {"decimal_sign": sign}
            return self._ask(
                self.env._("Numbers can be read in two ways: say which is meant")
            )
        return {}

    @staticmethod
    def _ask(reason):
        return {"confidence": 0.3, "reason": reason}

    def _make_unique(self, mapping):
        """No two custom fields of an object may have one name, ours excepted."""
        taken = {"x_source_id"}
        for line in mapping.field_ids:
            if line.kind != "custom_field_required":
                continue
            base = name = line.target or technical_name(line.source_path)
            number = 2
            while name in taken:
                name, number = f"{base[:60]}_{number}", number + 1
            taken.add(name)
            if name != line.target:
                line.target = name
