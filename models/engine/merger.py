"""Works out what a change in the source means for a record that is in Odoo.

Three values of each field: of the record as it was read when it was loaded, as it is
read now, and of Odoo. The first two go through the mapping as it is now, so that they
differ by nothing but the source.
"""

from datetime import datetime

from odoo import models
from odoo.fields import Command

from ...lib.compile import Outcome
from ...lib.errors import Problem, _
from ...lib.three_way import (
    CONFLICT,
    EMPTIED,
    KEEP,
    WRITE,
    Merged,
    fill_value,
    merge_value,
)
from ..loader.base import Item
from ..loader.policy import is_writable, plain
from .change import BY_HAND, DELETED, Change, Found
from .gone_rows import Parts
from .raw_rows import Bystanders, RawRows, told_along
from .scored_leads import ScoredLeads

PLURAL = ("many2many", "one2many")


class MigrationMerger(models.AbstractModel):
    """Merges changed records of one object with what Odoo has now."""

    _name = "migration.merger"
    _description = "Migration Merger"

    def _merge(self, mapping, rows, compiled, resolver):
        """A list of :class:`Change`, worked out and not written.

        :param rows: ``(record id, source id, state, model, id, payload, next payload)``
        """
        resolver.prefetch(
            request
            for *_rest, payload, payload_now in rows
            for one in (payload, payload_now)
            for request in compiled.requests(one)
        )
        loader = mapping._loader()
        transform = self._transformer(loader, compiled, resolver)
        changes = [self._change(mapping, row, transform) for row in rows]
        self._foresee(mapping, loader, changes)
        model = loader._model(mapping)
        ids = {change.target[1] for change in changes if change.target[0] in self.env}
        there = model.browse(ids).exists() if changes else model
        policies = {line.target: line.policy for line in mapping.field_ids[::-1]}
        for change in changes:
            if change.error:
                continue
            record = model.browse(change.target[1]).with_prefetch(there._prefetch_ids)
            if record not in there and change.source.payload:
                name = change.source.vals.get("name") or change.source_id
                change.found.append(Found(DELETED, "", None, None, name))
            elif record not in there:
                # Neither side has it any more.
                continue
            elif change.state == "matched":
                self._merge_matched(change, record, policies)
            else:
                self._merge_values(mapping, change, record)
            if record in there and loader._is_closed(record):
                self._leave_closed(change, record)
        return changes

    @staticmethod
    def _transformer(loader, compiled, resolver):
        """Function that gives the outcome of a payload, or of what says nothing."""
        nothing = Outcome({}, [], [], [], []) if loader._is_value() else None

        def transform(payload):
            if nothing and not payload:
                return nothing
            return compiled.transform(payload, resolver.find)

        return transform

    def _change(self, mapping, row, transform):
        record_id, source_id, state, model, res_id, payload, payload_now = row
        external_id = mapping._external_id(source_id)

        def item(values, outcome):
            vals = dict(outcome.vals)
            made = Item(record_id, source_id, external_id, values, vals)
            made.said = frozenset(vals)
            return made

        outcome = transform(payload_now)
        change = Change(
            record_id, source_id, (model, res_id), state, item(payload_now, outcome)
        )
        change.source.warnings += outcome.warnings
        stopped = (*outcome.problems, *outcome.held, *outcome.waiting)
        if stopped:
            change.error = stopped[0]
            return change
        before = transform(payload)
        if not (before.problems or before.held or before.waiting):
            change.base = item(payload, before)
        return change

    def _foresee(self, mapping, loader, changes):
        """Complete the values of both, as the loader would; nothing is written."""
        going = [change for change in changes if not change.error]
        based = [change.base for change in going if change.base]
        loader._foresee_change(mapping, based)
        loader._foresee_change(mapping, [change.source for change in going])
        for change in going:
            change.error = change.source.error
            if change.base and change.base.error:
                change.base = None
        loader._take_history(based)
        loader._take_history([change.source for change in going])
        loader._align_changes(mapping, [one for one in going if not one.error])

    @staticmethod
    def _leave_closed(change, record):
        """Nothing is written to a record that is closed: somebody has to see to it."""
        base = change.base.vals if change.base else {}
        for name in change.values:
            three = (base.get(name), record[name], change.source.vals.get(name))
            shown = [_comparable(record, name, value) for value in three]
            change.found.append(Found(BY_HAND, name, *shown))
        for one in change.found:
            one.kind, one.values = BY_HAND, {}
        change.values, change.history, change.further = {}, {}, {}

    # Records that were there before the migration

    def _merge_matched(self, change, record, policies):
        """What each line's policy says; the loader's own values are not written."""
        base = change.base.vals if change.base else {}
        for name in sorted(change.source.said):
            policy = policies.get(name, "keep")
            if policy == "keep" or not is_writable(record, name):
                continue
            values = self._three(record, name, base, change.source.vals)
            if policy == "fill":
                merged = fill_value(*values)
            else:
                merged = merge_value(*values)
            self._note(change, record, name, merged, values)

    # Records that the migration has made

    def _merge_values(self, mapping, change, record):
        loader = mapping._loader()
        base = change.base.vals if change.base else {}
        source = change.source.vals
        said = self._said(loader, change)
        done = set()
        for leaders, followers in loader._together:
            done |= self._merge_together(change, record, leaders, followers, said)
        for name in sorted({*base, *source} - done):
            if not is_writable(record, name):
                continue
            values = self._three(record, name, base, source, change.base is None)
            merged = merge_value(*values)
            if merged.outcome in (CONFLICT, EMPTIED) and name not in said:
                # Nobody has said it: the loader has worked it out.
                merged = Merged(KEEP)
            unknown = change.base is None and merged.outcome == EMPTIED
            if unknown or name in self._left_out(change):
                merged = Merged(KEEP)
            self._note(change, record, name, merged, values)
        self._merge_history(change, record, done)
        loader._merge_further(mapping, change, record)

    @staticmethod
    def _said(loader, change):
        """Fields that the source itself has a value for, now or before."""
        targets = change.source.said | (change.base.said if change.base else set())
        means = [one for name in targets for one in loader._means.get(name, ())]
        return targets | set(means)

    @staticmethod
    def _left_out(change):
        """Fields whose value in the source cannot be used: nothing is erased by it."""
        return {one.params.get("target") for one in change.source.warnings}

    def _merge_together(self, change, record, leaders, followers, said):
        """Merge fields that only make sense together; gives those that are settled.

        What the leaders become, the others follow.
        """
        base = change.base.vals if change.base else {}
        source = {**change.source.history, **change.source.vals}
        values = {
            name: self._three(
                record, name, base, change.source.vals, change.base is None
            )
            for name in leaders
        }
        merged = {name: merge_value(*three) for name, three in values.items()}
        moved = [name for name in leaders if merged[name].outcome != KEEP]
        if not moved:
            return set()
        written = {
            name: source[name] for name in (*moved, *followers) if name in source
        }
        open_ = [name for name in moved if merged[name].outcome != WRITE]
        if not open_:
            self._take(change, record, written)
        elif set(open_) & said:
            name = open_[0]
            change.found.append(Found(CONFLICT, name, *_shown(values[name]), written))
        change.merged.update(moved)
        return {*leaders, *followers}

    def _take(self, change, record, values):
        for name, value in values.items():
            if name in change.source.history:
                change.history[name] = value
            elif is_writable(record, name):
                change.values[name] = _writable(record, name, value)

    def _merge_history(self, change, record, done):
        """Dates and authors that only the source knows; nobody is asked about them.

        When, and by whom, a record was changed last is the source's word, unless
        somebody has worked on it in Odoo later than that.
        """
        base = change.base.history if change.base else {}
        source = change.source.history
        for name in source.keys() - done - {"write_uid"}:
            if name not in record._fields:
                continue
            values = self._three(record, name, base, source)
            later = name == "write_date" and values[2] < values[1]
            if merge_value(*values).outcome == WRITE or later:
                change.history[name] = source[name]
                if name == "write_date" and "write_uid" in source:
                    change.history["write_uid"] = source["write_uid"]

    def _three(self, record, name, base, source, unknown=False):
        """The three values of a field, in the form in which they are compared."""
        is_unknown = unknown and record._fields[name].type not in PLURAL
        return (
            object() if is_unknown else _comparable(record, name, base.get(name)),
            _comparable(record, name, source.get(name)),
            _comparable(record, name, record[name]),
        )

    def _note(self, change, record, name, merged, values):
        """Remember what a field becomes, or that somebody has to decide."""
        if merged.outcome == KEEP:
            if not _agree(values[0], values[1]):
                change.merged.add(name)
            return
        change.merged.add(name)
        value = merged.value
        if merged.outcome == WRITE:
            if not isinstance(value, frozenset):
                value = change.source.vals[name]
            change.values[name] = _writable(record, name, value)
            return
        source = change.source.vals.get(name)
        source = False if source is None else source
        taken = {name: _writable(record, name, source)}
        change.found.append(Found(merged.outcome, name, *_shown(values), taken))

    # Writing

    def _apply(self, mapping, changes):
        """Write ``changes``; each remembers what it has replaced.

        One row of the database is told by what it was before and after, with all that
        Odoo works out along with what it is told to write.
        """
        loader = mapping._loader()
        model = loader._model(mapping)
        records = model.browse([change.target[1] for change in changes])
        rows, bystanders = RawRows(records), Bystanders(records)
        parts, scored = Parts(loader._parts(records)), ScoredLeads(records)
        dated = "write_date" in mapping.field_ids.mapped("target")
        before = []
        for change, record in zip(changes, records, strict=True):
            if loader._is_closed(record):
                raise Problem(
                    "record_closed",
                    _("It is closed in Odoo by now: nothing of it is changed."),
                    _("Make the change in Odoo, and keep Odoo's value here."),
                )
            loader._before_change(mapping, change, record)
            names = [*loader._journal_names(change.values), "write_date", "write_uid"]
            before.append({name: plain(record[name]) for name in names})
            if dated and "write_date" not in change.history:
                change.keep_stamps(record)
            if change.values:
                record.write(dict(change.values))
                loader._let_go(change)
        loader._after_changes(mapping, changes, records)
        model.env.flush_all()
        loader._write_history(records, changes)
        bystanders.settle()
        scored.settle()
        moved = rows.changes()
        for change, record, replaced in zip(changes, records, before, strict=True):
            if change.values or record.id in moved:
                names = loader._journal_names(change.values)
                after = {name: plain(record[name]) for name in names}
                along = told_along(moved.get(record.id), parts.gone_from(record))
                change.changed.append((record._name, record.id, replaced, after, along))


def _agree(base, source):
    return merge_value(base, source, object()).outcome == KEEP


def _shown(values):
    """Base, Odoo's and the source's value, in the order in which people read them."""
    base, source, odoo = values
    return None if type(base) is object else base, odoo, source


def _comparable(record, name, value):
    """``value`` of a field as all three are compared; None says nothing."""
    known = record._fields[name]
    if isinstance(value, models.BaseModel):
        value = value.ids if known.type in PLURAL else value.id
    if known.type in PLURAL:
        return frozenset(_ids(value)) if value else None
    if value is None or (value is False and known.type != "boolean"):
        return None
    if known.type in ("html", "char", "text", "float", "monetary"):
        # As Odoo keeps it: cleaned, shortened, rounded.
        value = known.convert_to_cache(value, record)
    if known.type == "html":
        value = str(value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, float):
        return round(value, 6)
    return None if value == "" else value


def _ids(value):
    """Ids of a list field's value, which may be a list of commands."""
    if isinstance(value, int):
        return [value]
    found = []
    for one in value:
        if isinstance(one, int):
            found.append(one)
        elif one[0] == Command.SET:
            found += one[2]
    return found


def _writable(record, name, value):
    """``value`` as ``write`` takes it, and JSON keeps it."""
    if record._fields[name].type in PLURAL:
        return [Command.set(sorted(_ids(value or [])))]
    return value
