from odoo import models
from odoo.exceptions import UserError

from ....lib.errors import Problem
from ....lib.transforms import BY_TYPE, TRANSFORMS
from ....lib.values.names import match_key
from .examiner import SAMPLES

_NUMBERS = ("integer", "float", "monetary")
# Of a column of options or answers no more different values are looked at.
_LOOKED_AT = 10_000


class MigrationFindingsTypes(models.AbstractModel):
    """Values that the field they go to cannot hold: text against number and so on."""

    _name = "migration.findings.types"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Types"

    def _find_mismatches(self, run, lines, facts):
        """Findings on the lines that read one column.

        Dates have findings of their own.

        :param facts: :class:`~lib.column_facts.ColumnFacts` of the column
        :return: whether there was one
        """
        found = False
        for line in lines:
            if line.kind in ("direct", "custom_field_required") and not line.transform:
                found |= self._find_other_field(run, line)
                found |= self._find_mismatch(run, line, facts)
        return found

    def _find_other_field(self, run, line):
        """A custom field of this name is there already, with another type."""
        model = line.mapping_id.res_model
        if line.kind != "custom_field_required" or model not in self.env:
            return False
        vals = {"name": line.target, "ttype": line.ttype or "char"}
        try:
            self.env["migration.schema"]._is_new(model, vals)
        except UserError as error:
            self._report(
                run,
                "1_error",
                "field_type_differs",
                str(error),
                line.mapping_id,
                samples=line.samples,
                remedy=self.env._(
                    "Give the custom field another name, or choose the type that the "
                    "field in Odoo has."
                ),
            )
            return True
        return False

    def _find_mismatch(self, run, line, facts):
        targets = self.env["migration.compiler"]._targets(line.mapping_id)
        ttype = targets.get(line.target) or line.ttype
        if ttype in _NUMBERS:
            params = {"decimal": line.decimal_sign or None}
            parse = TRANSFORMS[BY_TYPE[ttype]](params)
            count, examples = facts.unfit(lambda value: _parses(parse, value))
        elif ttype == "boolean":
            parse = TRANSFORMS[BY_TYPE[ttype]]({})
            count, examples = self._unfit(line, lambda value: _parses(parse, value))
        elif ttype == "selection":
            options = self._options(line)
            count, examples = self._unfit(
                line, lambda value: match_key(value) in options
            )
        else:
            return False
        if not count:
            return False
        column = line.source_path
        labels = self.env["migration.report"]._labels(line._name, "ttype")
        rows = self.env["migration.findings.columns"]._having(
            line.mapping_id, column, examples
        )
        self._report(
            run,
            "1_error" if line.on_missing == "fail" else "2_warning",
            "type_mismatch",
            self.env._(
                "%(column)s has values that do not fit %(target)s, of type %(type)s",
                column=column,
                target=line.target,
                type=labels[ttype],
            ),
            line.mapping_id,
            count,
            self._places(rows, column) or ", ".join(examples),
            self._remedy(ttype),
        )
        return True

    def _remedy(self, ttype):
        if ttype == "selection":
            return self.env._(
                "Correct these values, or make the line a value map that says what "
                "each becomes."
            )
        return self.env._(
            "Correct these values, map the column to a text field, or set the line to "
            "“Leave empty”."
        )

    def _options(self, line):
        """Comparable forms of what a selection takes, what “Prepare” adds included."""
        options = self.env["migration.schema.options"]
        field = self.env[line.mapping_id.res_model]._fields.get(line.target)
        if field is None:
            return {match_key(one) for one in options._wanted(line)}
        known = {match_key(key) for key in field.get_values(self.env)}
        known |= options._labels(field).keys()
        if options._is_extensible(field):
            known |= {match_key(one) for one in options._wanted(line)}
        return known

    def _unfit(self, line, fits):
        """``(records, examples)`` of the values that do not fit."""
        values = self.env["migration.refiner"]._values(line, _LOOKED_AT)
        odd = [(text, count) for text, count in values if not fits(text)]
        return sum(count for _text, count in odd), [text for text, _n in odd[:SAMPLES]]


def _parses(parse, value):
    try:
        return parse(value) is not None
    except Problem:
        return False
