"""What became of each value: the source's, what was to be expected, Odoo's."""

from dataclasses import dataclass
from datetime import date, datetime

from odoo import fields, models
from odoo.fields import Command

from ...lib.nothing import is_empty
from ...lib.payload import reader
from ..loader.base import Item
from .resolver import Resolver
from .staging import GONE

_BATCH = 500
_SHOWN = 300
# What a loader says of a value that it takes in another way than the source means, and
# what that is: a loss, or a value in Odoo that is as good.
_SAID = {
    "currency_differs": "left_out",
    "file_linked": "left_out",
    "role_not_kept": "kept",
}


@dataclass
class Expected:
    """What a staged record should be in Odoo.

    :param record: ``migration.record``
    :param target: the Odoo record it became; None where there is none, or no more
    :param outcome: what the compiled mapping makes of its payload
    :param item: the same with what the loader adds
    """

    record: object
    target: object
    outcome: object
    item: Item

    @property
    def is_whole(self):
        """Whether all values could be worked out."""
        return not (self.outcome.problems or self.outcome.waiting or self.item.error)

    def value(self, name):
        """The value of a field, or of a name of the loader; None for none."""
        known = self.item.vals if name in self.target._fields else self.outcome.vals
        return known.get(name)

    def problem(self, line):
        """What is said of the value of ``line``, a problem or None."""
        problems = (
            *self.item.warnings,
            *self.outcome.warnings,
            *self.outcome.problems,
        )
        by_field = {one.field: one for one in problems}
        path = by_field.get(line.source_path) if line.source_path else None
        return path or by_field.get(line.target)


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
        lines = self._lines(mapping)
        found = []
        # A value that was taken out again, as in the source, is nothing to compare.
        records = records.filtered(lambda one: one.payload_hash != GONE)
        with mapping._loader()._reading_back(mapping) as loader:
            for start in range(0, len(records), _BATCH):
                batch = records[start : start + _BATCH]
                for one in self._expect(mapping, compiled, resolver, batch):
                    found += self._record(mapping, lines, one, loader)
        return found

    @staticmethod
    def _lines(mapping):
        """The lines whose values can be held against Odoo's."""
        return mapping.field_ids.filtered(
            lambda one: one.target and one.kind not in ("identifier", "ignored")
        )

    def _expect(self, mapping, compiled, resolver, records):
        """What ``records``, one batch of staged ones, should be in Odoo.

        The queries are those of a batch, however many records are in it.

        :param compiled: what ``mapping._compile()`` gives
        :return: a list of :class:`Expected`
        """
        resolver.prefetch(
            request
            for record in records
            for request in compiled.requests(record.payload)
        )
        outcomes = [compiled.transform(one.payload, resolver.find) for one in records]
        items = self._prepared(mapping, records, outcomes)
        targets = self._targets(records)
        return [
            Expected(record, targets.get((record.res_model, record.res_id)), *both)
            for record, *both in zip(records, outcomes, items, strict=True)
        ]

    def _targets(self, records):
        """``{(model, id): record}`` of the Odoo records there are."""
        found = {}
        for model, linked in records.filtered("res_id").grouped("res_model").items():
            if model in self.env:
                targets = self.env[model].sudo().browse(set(linked.mapped("res_id")))
                found.update({(model, one.id): one for one in targets.exists()})
        return found

    def _prepared(self, mapping, records, outcomes):
        """Items with the values as the loader gives them to Odoo, one a record."""
        items = [
            Item(
                record.id,
                record.source_id,
                mapping._external_id(record.source_id),
                record.payload,
                dict(outcome.vals),
                target=(record.res_model, record.res_id) if record.res_id else None,
            )
            for record, outcome in zip(records, outcomes, strict=True)
        ]
        whole = [
            item
            for item, record, outcome in zip(items, records, outcomes, strict=True)
            if record.res_id and not outcome.problems and not outcome.waiting
        ]
        mapping._loader()._foresee(mapping, whole)
        return items

    def _record(self, mapping, lines, one, loader):
        record = one.record
        common = {"record_id": record.id, "mapping_id": mapping.id}
        common["source_id"] = record.source_id
        if not record.res_id:
            verdict = "left_out" if record.state == "skipped" else "missing"
            return [{**common, "verdict": verdict, "message": record.error}]
        if not one.target:
            text = self.env._("The record in Odoo is gone.")
            return [{**common, "verdict": "missing", "message": text}]
        return [
            {**common, **self._value(line, one, loader)}
            for line in lines
            if self._speaks(line, lines, record.payload)
            and loader._has(one.target, line.target)
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

    def _value(self, line, one, loader):
        record, target = one.record, one.target
        source = source_text(line, record.payload)
        expected = one.value(line.target)
        field = target._fields.get(line.target)
        if expected and field is not None and field.type == "html":
            # Odoo writes its tags in its own way.
            expected = field.convert_to_cache(expected, target)
        known, actual = loader._read_back(target, line.target, one.outcome.vals)
        problem = one.problem(line)
        # The loader has a reason of its own, as for the closing day of an open deal.
        dropped = expected is None and line.target in one.outcome.vals
        kept = record.state == "matched" and line.policy != "overwrite"
        if not known:
            verdict = "unchecked"
        elif kept:
            verdict = "kept"
        else:
            verdict = self._verdict(source, expected, actual, problem, dropped)
        message = None if known else actual
        if problem:
            message = problem.text(self.env["migration.project"]._translate_term)
        if verdict in ("differs", "missing"):
            meant = loader._as_mapped(one.item, line.target, one.outcome.vals, actual)
            verdict, message = meant or (verdict, message)
        both = (expected, actual if known else None)
        shown = self.env["migration.display"]._texts(target, line.target, both, _SHOWN)
        return {
            "field_id": line.id,
            "target": line.target,
            "source_value": source[:_SHOWN],
            "expected": shown[0],
            "actual": shown[1],
            "verdict": verdict,
            "message": message,
        }

    def _verdict(self, source, expected, actual, problem, dropped):
        if expected is None:
            return "left_out" if problem else "mapped" if dropped else "same"
        wanted, there = plain(expected), plain(actual)
        if wanted == there:
            return "same" if _alike(source, there) or not source else "mapped"
        if problem and problem.code in _SAID:
            return _SAID[problem.code]
        if there in (None, "", False, []):
            return "missing"
        if isinstance(wanted, str) and isinstance(there, str):
            if wanted.startswith(there):
                return "truncated"
        return "differs"


def source_text(line, payload):
    """What the source says for ``line``, as one text; empty where it says nothing."""
    if not line.source_path:
        return ""
    paths = [
        part for path in line.source_path.split(" | ") for part in path.split(" + ")
    ]
    found = (reader(path.strip())(payload) for path in paths)
    return " ".join(str(one) for one in found if not is_empty(one))


def plain(value):
    """``value`` in the one form in which the expected and the actual are compared."""
    if isinstance(value, models.BaseModel):
        value = value.ids if len(value) != 1 else value.id
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, date):
        return fields.Date.to_string(value)
    value = set_to(value)
    if isinstance(value, list):
        return sorted(map(str, value)) if len(value) != 1 else plain(value[0])
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return round(float(value), 6)
    if isinstance(value, str):
        return " ".join(value.split())
    return value


def set_to(value):
    """The ids that a command for a field of several records sets."""
    first = value[0] if isinstance(value, list) and value else None
    if isinstance(first, (tuple, list)) and first[0] == Command.SET:
        return first[2]
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
