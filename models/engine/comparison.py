"""What became of each value: the source's, what was to be expected, Odoo's."""

from datetime import date, datetime

from odoo import fields, models
from odoo.fields import Command

from ...lib.compile import is_empty, reader
from ...lib.transforms import jsonable
from ..loader.base import Item
from .resolver import Resolver

_BATCH = 500
_SHOWN = 300


class MigrationComparison(models.AbstractModel):
    """Reads migrated records back from Odoo and holds them against their source."""

    _name = "migration.comparison"
    _description = "Migration Comparison"

    def _compare(self, mapping, records):
        """A list of dicts, one for each value of ``records``, staged records.

        A record that is not in Odoo gives one row with its reason.
        """
        compiled = mapping._compile()
        resolver = Resolver(mapping.project_id)
        lines = mapping.field_ids.filtered(
            lambda one: one.target and one.kind not in ("identifier", "ignored")
        )
        found = []
        for start in range(0, len(records), _BATCH):
            batch = records[start : start + _BATCH]
            resolver.prefetch(
                request
                for record in batch
                for request in compiled.requests(record.payload)
            )
            outcomes = [compiled.transform(one.payload, resolver.find) for one in batch]
            prepared = self._prepared(mapping, batch, outcomes)
            for record, outcome, vals in zip(batch, outcomes, prepared, strict=True):
                found += self._record(mapping, lines, record, outcome, vals)
        return found

    def _prepared(self, mapping, records, outcomes):
        """Values as the loader gives them to Odoo, one dict a record."""
        items = [
            Item(
                record.id,
                record.source_id,
                mapping._external_id(record.source_id),
                record.payload,
                dict(outcome.vals),
            )
            for record, outcome in zip(records, outcomes, strict=True)
        ]
        whole = [
            item
            for item, record, outcome in zip(items, records, outcomes, strict=True)
            if record.res_id and not outcome.problems and not outcome.waiting
        ]
        mapping._loader()._foresee(mapping, whole)
        return [item.vals for item in items]

    def _record(self, mapping, lines, record, outcome, vals):
        common = {"record_id": record.id, "mapping_id": mapping.id}
        common["source_id"] = record.source_id
        if not record.res_id:
            verdict = "left_out" if record.state == "skipped" else "missing"
            return [{**common, "verdict": verdict, "message": record.error}]
        target = self.env[record.res_model].sudo().browse(record.res_id).exists()
        if not target:
            text = self.env._("The record in Odoo is gone.")
            return [{**common, "verdict": "missing", "message": text}]
        problems = {one.field: one for one in (*outcome.warnings, *outcome.problems)}
        return [
            {**common, **self._value(line, record, target, outcome, vals, problems)}
            for line in lines
            if self._speaks(line, lines, record.payload)
        ]

    @staticmethod
    def _speaks(line, lines, payload):
        """Whether ``line`` is the one of several with its target that counts."""
        if not line.source_path or source_text(line, payload):
            same = [one for one in lines if one.target == line.target]
            first = next(
                (
                    one
                    for one in same
                    if not one.source_path or source_text(one, payload)
                ),
                line,
            )
            return first == line
        return False

    def _value(self, line, record, target, outcome, vals, problems):
        loader = line.mapping_id._loader()
        source = source_text(line, record.payload)
        known_as = vals if line.target in target._fields else outcome.vals
        expected = known_as.get(line.target)
        field = target._fields.get(line.target)
        if expected and field is not None and field.type == "html":
            # Odoo writes its tags in its own way.
            expected = field.convert_to_cache(expected, target)
        known, actual = loader._read_back(target, line.target)
        problem = problems.get(line.source_path) if line.source_path else None
        comodel = self._comodel(line, target)
        # The loader has a reason of its own, as for the closing day of an open deal.
        dropped = expected is None and line.target in outcome.vals
        kept = record.state == "matched" and line.policy != "overwrite"
        if not known:
            verdict = "unchecked"
        elif kept:
            verdict = "kept"
        else:
            verdict = self._verdict(source, expected, actual, problem, dropped)
        return {
            "field_id": line.id,
            "target": line.target,
            "source_value": source[:_SHOWN],
            "expected": self._text(comodel, expected)[:_SHOWN],
            "actual": self._text(comodel, actual)[:_SHOWN] if known else False,
            "verdict": verdict,
            "message": problem
            and problem.text(self.env["migration.project"]._translate_term),
        }

    @staticmethod
    def _comodel(line, target):
        field = target._fields.get(line.target)
        return field.comodel_name if field is not None else None

    def _verdict(self, source, expected, actual, problem, dropped):
        if expected is None:
            return "left_out" if problem else "mapped" if dropped else "same"
        wanted, there = _plain(expected), _plain(actual)
        if wanted == there:
            return "same" if _alike(source, there) or not source else "mapped"
        if there in (None, "", False, []):
            return "missing"
        if isinstance(wanted, str) and isinstance(there, str):
            if wanted.startswith(there):
                return "truncated"
        return "differs"

    def _text(self, comodel, value):
        """A value as people read it."""
        if value is None or value is False:
            return ""
        if isinstance(value, models.BaseModel):
            return ", ".join(value.sudo().mapped("display_name"))
        ids = value if isinstance(value, list) else [value]
        if comodel and ids and all(type(one) is int for one in ids):
            return self._text(None, self.env[comodel].sudo().browse(ids).exists())
        if isinstance(value, tuple) and len(value) == 2 and value[0] in self.env:
            return self._text(None, self.env[value[0]].sudo().browse(value[1]).exists())
        return str(jsonable(value))


def source_text(line, payload):
    """What the source says for ``line``, as one text; empty where it says nothing."""
    if not line.source_path:
        return ""
    paths = [
        part for path in line.source_path.split(" | ") for part in path.split(" + ")
    ]
    found = (reader(path.strip())(payload) for path in paths)
    return " ".join(str(one) for one in found if not is_empty(one))


def _plain(value):
    """``value`` in the one form in which the expected and the actual are compared."""
    if isinstance(value, models.BaseModel):
        value = value.ids if len(value) != 1 else value.id
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, date):
        return fields.Date.to_string(value)
    if isinstance(value, list) and value and isinstance(value[0], Command | tuple):
        value = value[0][2] if value[0][0] == Command.SET else []
    if isinstance(value, list):
        return sorted(map(str, value)) if len(value) != 1 else _plain(value[0])
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return round(float(value), 6)
    if isinstance(value, str):
        return " ".join(value.split())
    return value


def _alike(source, there):
    """Whether a reader sees no difference between the source's text and the value."""
    if isinstance(there, bool):
        return source.strip().lower() in ("true", "false") and (
            (source.strip().lower() == "true") == there
        )
    if isinstance(there, float):
        try:
            return float(source) == there
        except ValueError:
            return False
    return " ".join(source.split()) == str(there)
