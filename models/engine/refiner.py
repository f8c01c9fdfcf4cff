import re
import time

from odoo import models
from odoo.tools import SQL

from ...lib.nothing import KNOWN_WORDS, says_nothing
from ...lib.profile import EPOCH, EXCEL
from ...lib.values.dates import DateOrder
from ...lib.values.names import match_key, technical_name
from ..migration_mapping_field import ASKED

# What exports call the types of custom fields, and Odoo's type for it.
FIELD_TYPES = {
    "text": "char",
    "string": "char",
    "singleline": "char",
    "multiline": "text",
    "textarea": "text",
    "longtext": "text",
    "html": "text",
    "json": "text",
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
    "stringenum": "selection",
    "integerenum": "selection",
    "floatenum": "selection",
    "date": "date",
    "datetime": "datetime",
    "datetimeiso8601": "datetime",
    "checkbox": "boolean",
    "boolean": "boolean",
    "bool": "boolean",
}
_DATES = ("date", "datetime")
_NUMBERS = ("integer", "float", "monetary")
# Of a value map no more are looked at; so many cannot be translated one by one.
_VALUES_LOOKED_AT = 10_000
# A column that is named like this may hold dates as numbers.
_NAMED_DATE = re.compile(
    r"(?:^|[^a-z])(?:date|datum|time|timestamp|created|updated|modified|closed|since"
    r"|birthday|fecha|data|datetime)(?:$|[^a-z])|[_ ](?:at|on)$"
    r"|(?-i:[a-z](?:Date|At|On)$)",
    re.IGNORECASE,
)


class MigrationRefiner(models.AbstractModel):
    """Completes the proposed lines by what the staged values tell."""

    _name = "migration.refiner"
    _description = "Migration Refiner"

    def _refine(self, run, mapping, deadline=None):
        """Facts of every column; types, formats, value maps of lines to confirm.

        Column by column, each committed.

        :return: False when it was paused at the deadline; it goes on at that column
        """
        definitions = self._definitions(mapping.project_id)
        columns = mapping.field_ids.filtered("source_path").mapped("source_path")
        for column in dict.fromkeys(columns):
            if column in (run.options or {}).get("refined", []):
                continue
            self._refine_column(
                run,
                mapping,
                column,
                definitions.get((match_key(mapping.name), match_key(column))),
            )
            self._remember(run, [*(run.options or {}).get("refined", []), column])
            run._commit()
            if deadline and time.monotonic() > deadline:
                return False
        self._make_unique(mapping)
        self._remember(run, [])
        return True

    @staticmethod
    def _remember(run, columns):
        run.options = {**(run.options or {}), "refined": columns}

    def _refine_column(self, run, mapping, column, definition):
        facts = self.env["migration.column.facts"]._facts(
            mapping, column, self._words_for_nothing(mapping.project_id)
        )
        lines = mapping.field_ids.filtered(lambda line: line.source_path == column)
        for line in lines:
            vals = facts.values()
            if line.confirmed:
                line.write(vals)
                continue
            if line.kind == "custom_field_required":
                vals.update(self._custom_field(line, facts, definition))
            vals.update(self._formats(line, vals, facts))
            line.write(vals)
            if line.kind == "value_mapping":
                self._list_values(line)
            self.env["migration.value.maps"]._propose_conversion(line)
        self.env["migration.findings.columns"]._examine_column(run, lines, facts)

    def _list_values(self, line):
        """List what a value map has to translate, with a proposal for each value."""
        values = self._values(line, _VALUES_LOOKED_AT)
        self.env["migration.value.maps"]._propose(line, values)

    def _words_for_nothing(self, project):
        """Words that are left out: the accepted ones, and all while it is open."""
        words = project._empty_words()
        if self.env["migration.empty.words"]._is_decided(project):
            return words
        return words | set(KNOWN_WORDS)

    def _definitions(self, project):
        """``{(object, column): values}`` of the export's own field definitions."""
        found = {}
        for mapping in project.mapping_ids.filtered(lambda one: one.role == "fields"):
            columns = {line.target: line.source_path for line in mapping.field_ids}
            for record in mapping._usable_records():
                values = {
                    target: record.payload.get(column)
                    for target, column in columns.items()
                    if target
                }
                key = (match_key(values.get("object")), match_key(values.get("key")))
                found[key] = values
        return found

    def _column(self, line):
        """SQL of a line's column as text; of the first one, where it joins several."""
        return self.env["migration.column.facts"]._raw(line.source_path)

    def _values(self, line, limit=None):
        """``(value, count)`` of the distinct values staged in a line's column."""
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, count(*) FROM migration_record
                    WHERE mapping_id = %s AND NOT COALESCE(unusable, FALSE)
                    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s""",
                self._column(line),
                line.mapping_id.id,
                limit,
            )
        )
        nothing = line.project_id._empty_words()
        return [row for row in rows if not says_nothing(row[0], nothing)]

    def _custom_field(self, line, facts, definition):
        """What kind of field the column needs, by definition or by its values."""
        # What the template knows by its name is what it is, whatever the export says.
        if definition and not (line.template_name and line.ttype):
            kind = (match_key(definition.get("type")) or "").replace(" ", "")
            # One that is defined without a type is told by its values.
            ttype = FIELD_TYPES.get(kind, "char") if kind else facts.profile.ttype()
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
                "reason": self.env._("Defined in the export as %s", kind or ttype),
            }
        if line.reason and line.ttype and line.confidence > 0.5:
            if line.ttype != "selection" or line.options:
                return {}
            return {"options": "\n".join(value for value, _count in self._values(line))}
        profile = facts.profile
        if profile.serial() and _NAMED_DATE.search(line.source_path):
            return self._serial_field(profile)
        return {"ttype": profile.ttype()}

    def _serial_field(self, profile):
        """A date told by its name and its numbers, which is asked about."""
        if profile.serial() == EPOCH:
            return {
                "ttype": "datetime",
                "confidence": 0.5,
                "reason": self.env._("Numbers that are seconds since 1970 by its name"),
            }
        return {
            "ttype": "datetime" if profile.kinds["float"] else "date",
            "confidence": 0.5,
            "reason": self.env._("Numbers that are days of Excel by its name"),
        }

    def _formats(self, line, vals, facts):
        """How the column writes dates and numbers, decided by all of its values.

        What the admin has said stays.
        """
        if line.format_chosen:
            return {}
        field = self.env["migration.compiler"]._targets(line.mapping_id)
        ttype = vals.get("ttype") or line.ttype or field.get(line.target)
        if ttype in _DATES:
            return self._date_format(facts)
        if ttype in _NUMBERS and facts.profile.decimal():
            sign = facts.profile.decimal()
            if sign in (".", ","):
                return {"decimal_sign": sign, "format_chosen": False}
            return self._ask(
                self.env._("Numbers can be read in two ways: say which is meant")
            )
        return {}

    def _date_format(self, facts):
        profile = facts.profile
        if profile.serial() == EXCEL:
            return {"date_order": EXCEL, "format_chosen": False}
        if facts.days(None).impossible > facts.days(EXCEL).impossible:
            return self._ask(
                self.env._("Some dates are numbers: say whether they are days of Excel")
            )
        order = profile.date_order()
        if order in DateOrder.ALL:
            return {"date_order": order, "format_chosen": False}
        if order:
            return self._ask(
                self.env._("Dates can be read in two ways: say which is meant")
            )
        return {}

    @staticmethod
    def _ask(reason):
        return {"confidence": ASKED, "reason": reason}

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
                if line.label and line.label != line.source_path:
                    line.label = f"{line.label} ({line.source_path})"
