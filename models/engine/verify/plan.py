"""What of one object is counted, summed and looked at, and how it is called."""

from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import float_round
from odoo.tools.misc import format_date

# What records are counted and summed by, where the model has it and somebody sets it.
_GROUPS = ("stage_id", "team_id", "user_id", "source_id", "activity_type_id")
# When a record is from: the first of these that the source gives.
_DATES = ("date", "start", "create_date")
# Numbers whose sum says nothing.
_NO_AMOUNTS = ("color", "sequence", "res_id", "day_open", "day_close")
_NUMBERS = ("integer", "float", "monetary")


class Plan:
    """The checks of one object that go by the values of its records.

    :param mapping: ``migration.mapping`` record
    """

    def __init__(self, mapping):
        self._mapping = mapping
        self._project = mapping.project_id
        self.model = mapping._loader()._model(mapping)
        self.owns = mapping._owns_records()
        self._lines = mapping.field_ids.filtered(
            lambda one: one.target and one.kind not in ("identifier", "ignored")
        )
        stored = {
            name: field
            for name, field in self.model._fields.items()
            if field.store and field.column_type and not field.company_dependent
        }
        targets = set(self._lines.mapped("target")) if self.owns else set()
        self.measures = [
            name
            for name in sorted(targets & stored.keys())
            if stored[name].type in _NUMBERS
            and stored[name].aggregator == "sum"
            and name not in _NO_AMOUNTS
        ]
        self.groups = [name for name in _GROUPS if self.owns and name in stored]
        dates = [name for name in _DATES if name in targets & stored.keys()]
        self.date = dates[0] if dates else None
        self.required = self._required(stored) if self.owns else []
        self.links = self._links()
        self.columns = sorted({*self.measures, *self.groups, *self.required})
        if self.date and self.date not in self.columns:
            self.columns.append(self.date)
        self._own = {
            name for name in self.columns if stored[name].compute
        } | self.model.default_get(self.columns).keys()

    def _required(self, stored):
        """Fields that are filled by Odoo's rules, or by those of the mapping."""
        needed = self._mapping._loader()._required_targets() | {
            line.target
            for line in self._lines
            if line.kind == "owner" and line.on_missing == "fail"
        }
        return [
            name for name, field in stored.items() if field.required or name in needed
        ]

    def _links(self):
        """Targets that say to which record another one belongs."""
        found = self._lines.filtered(lambda line: line._refers()).mapped("target")
        known = {"record", *self.model._fields}
        return sorted({name for name in found if name in known or not self.owns})

    def keys(self, row, vals=None):
        """``{dimension: key}`` of a record; "" is the one group of all.

        :param dict row: its columns in Odoo
        :param dict vals: what it should be; where that says nothing, and Odoo fills
            it in by itself, its own value counts
        """
        found = {"": ""}
        for name in self.groups:
            found[name] = str(self._value(name, row, vals) or "")
        if self.date:
            day = self._value(self.date, row, vals)
            found[self.date] = day.strftime("%Y-%m") if day else ""
        return found

    def numbers(self, row, vals=None):
        """The measures of a record, in order; parameters as of :meth:`keys`."""
        return [
            self._round(name, self._value(name, row, vals) or 0)
            for name in self.measures
        ]

    def _value(self, name, row, vals):
        if vals is None or (name not in vals and name in self._own):
            return row[name]
        if name in LOG_ACCESS_COLUMNS and not vals.get(name):
            # Where the source does not know when, it is the time of the load.
            return row[name]
        return vals.get(name)

    def _round(self, name, number):
        """As Odoo keeps it."""
        field = self.model._fields[name]
        if field.type == "integer":
            return int(number)
        if field.type == "monetary":
            return self._project.company_id.currency_id.round(number)
        digits = field.get_digits(self.model.env)
        return float_round(number, precision_digits=digits[1]) if digits else number

    def tolerance(self, number):
        """By how much a sum may differ; ``number`` is 0 for the count."""
        if not number or self.model._fields[self.measures[number - 1]].type not in (
            "float",
            "monetary",
        ):
            return 0
        return self._project.verify_amount_difference + 0.005

    def subject(self, number, dimension, key):
        """What is counted or summed, in words."""
        env = self._mapping.env
        what = env._("Records") if not number else self.label(self.measures[number - 1])
        if not dimension:
            return env._("%s in all", what)
        if dimension == self.date:
            return env._(
                "%(what)s by month of %(date)s: %(month)s",
                what=what,
                date=self.label(dimension),
                month=format_date(env, f"{key}-01", date_format="MMMM y")
                if key
                else env._("none"),
            )
        return env._(
            "%(what)s by %(dimension)s: %(group)s",
            what=what,
            dimension=self.label(dimension),
            group=self._name(dimension, key),
        )

    def _name(self, dimension, key):
        if not key:
            return self._mapping.env._("none")
        comodel = self.model._fields[dimension].comodel_name
        record = self._mapping.env[comodel].sudo().browse(int(key)).exists()
        return record.display_name or key

    def label(self, name):
        """The label of a field, in the user's language."""
        field = self.model._fields.get(name)
        if field is None:
            return name
        return field._description_string(self._mapping.env)

    def domain(self, dimension, key):
        """The records of a group as they are in Odoo."""
        prefix = self._mapping._external_id("")
        for sign in "\\_%":
            prefix = prefix.replace(sign, f"\\{sign}")
        domain = [("x_source_id", "=like", f"{prefix}%")]
        if "active" in self.model._fields:
            domain.append(("active", "in", [True, False]))
        if dimension == self.date and key:
            year, month = map(int, key.split("-"))
            after = f"{year + month // 12:04}-{month % 12 + 1:02}-01"
            return [*domain, (dimension, ">=", f"{key}-01"), (dimension, "<", after)]
        if dimension:
            return [*domain, (dimension, "=", int(key) if key else False)]
        return domain
