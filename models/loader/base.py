from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.errors import Held, Skipped
from ..engine.raw_rows import RawRows, told_along
from ..engine.silence import QUIET
from .policy import changed_value, is_writable, plain

HISTORY = ("create_date", "write_date", "create_uid", "write_uid")


@dataclass
class Item:
    """One record on its way into Odoo.

    :param int record_id: the ``migration.record`` it comes from
    :param str external_id: what ``x_source_id`` will be
    :param dict vals: values by target field, ready for ``create``
    :param dict history: columns that are written after the ORM, e.g. create_date
    :param tuple target: ``(model, id)`` of the Odoo record, once there is one
    :param list created: ``(model, id)`` of everything made for this record
    :param list changed: ``(model, id, before, after)`` of what was written
    :param dict kept: what the log keeps of the records made, by their model
    :param bool along: it was made along with another record, which takes it with it
    :param list warnings: problems that did not keep it out
    :param done_at: when an activity was done, None for an open one
    :param content: what else the loader carries from preparation to creation
    :param error: Problem or exception that kept it out
    """

    record_id: int
    source_id: str
    external_id: str
    payload: dict
    vals: dict
    history: dict = field(default_factory=dict)
    target: tuple = None
    matched: bool = False
    created: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)
    along: bool = False
    said: frozenset = frozenset()
    candidates: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    done_at: object = None
    content: object = None
    error: Exception = None

    def fate(self):
        """What became of the record: a counter's name of the run line."""
        if isinstance(self.error, Held):
            return "held"
        if isinstance(self.error, Skipped):
            return "skipped"
        if self.error:
            return "failed"
        if (self.created or self.along) and not self.matched:
            return "created"
        return "updated" if self.changed else "matched"


class MigrationLoader(models.AbstractModel):
    """Writes compiled values into one Odoo model; the default for any model.

    Loaders know Odoo and nothing of the source: they receive :class:`Item` with
    values by field name and fill in what became of them.
    """

    _name = "migration.loader"
    _description = "Migration Loader"

    @api.model
    def _targets(self):
        """Names a mapping may use besides the model's fields: ``{name: ttype}``."""
        return {}

    @api.model
    def _person_targets(self):
        """Names of users that the record is about: no fallback user stands in."""
        return set()

    @api.model
    def _required_targets(self):
        """Names that need a value besides the model's required fields."""
        return set()

    def _models(self, mapping):
        """Models this loader creates records of; each needs ``x_source_id``."""
        return [mapping.res_model]

    @api.model
    def _is_journalled(self):
        """Whether the log has a row for each of its records, not for a whole only."""
        return True

    @api.model
    def _keeps_files(self):
        """Whether its records are files, whose content can be compared."""
        return False

    @api.model
    def _is_value(self):
        """Whether its records are values of other records, not some of their own."""
        return False

    @api.model
    def _chunk_size(self, size):
        """How many records are loaded at once, of the ``size`` that is asked for."""
        return size

    def _model(self, mapping):
        """The model to write to, silent, in the project's company."""
        return (
            self.env[mapping.res_model]
            .sudo()
            .with_company(mapping.project_id.company_id)
            .with_context(**QUIET, migration_values_given=True)
        )

    def _prepare(self, mapping, items):
        """Complete the values of ``items`` in place, for the whole chunk at once.

        :return: nothing; an item that cannot work gets its ``error``
        """

    def _create_records(self, mapping, items):
        """Create one Odoo record for each item, and set its target."""
        model = self._model(mapping)
        records = model.create(
            [
                {**vals, **self._stamps(item), "x_source_id": item.external_id}
                for item, vals in zip(items, self._values(model, items), strict=True)
            ]
        )
        for item, record in zip(items, records, strict=True):
            item.target = (mapping.res_model, record.id)
            item.created.append(item.target)
        self._after_create(mapping, items, records)
        records.env.flush_all()
        self._write_history(records, items)

    @staticmethod
    def _stamps(item):
        """When and by whom the record was made: most rows then need no update."""
        return {name: item.history[name] for name in HISTORY if name in item.history}

    def _values(self, model, items):
        """What to create the records with, one dict an item.

        Loaders add what Odoo would compute; an existing record keeps its own.
        """
        return [item.vals for item in items]

    def _after_create(self, mapping, items, records):
        """Make what belongs to the records just created, e.g. a chatter message."""

    def _history_columns(self):
        """Columns written after the ORM, which would set them itself."""
        return HISTORY

    def _take_history(self, items):
        """Move the values that only SQL can write from ``vals`` to ``history``."""
        columns = self._history_columns()
        for item in items:
            for name in columns:
                if name in item.vals:
                    item.history[name] = item.vals.pop(name)

    def _write_history(self, records, items):
        """Set dates and authors as they were in the source, in one statement.

        Odoo has kept them unless something was computed after the insert.
        """
        names = sorted({name for item in items for name in item.history})
        if not names:
            return
        model = records.browse()
        columns = [
            SQL(
                "%s::%s[]",
                [item.history.get(name) for item in items],
                SQL.identifier(model._fields[name].column_type[0]),
            )
            for name in names
        ]
        assignments = [
            SQL(
                "%(column)s = COALESCE(v.%(column)s, t.%(column)s)",
                column=SQL.identifier(name),
            )
            for name in names
        ]
        differs = [
            SQL(
                "t.%(column)s IS DISTINCT FROM COALESCE(v.%(column)s, t.%(column)s)",
                column=SQL.identifier(name),
            )
            for name in names
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS t SET %s FROM unnest(%s::int[], %s) AS v(id, %s)"
                " WHERE t.id = v.id AND (%s)",
                SQL.identifier(model._table),
                SQL(", ").join(assignments),
                [item.target[1] for item in items],
                SQL(", ").join(columns),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(" OR ").join(differs),
            )
        )
        records.invalidate_recordset(names, flush=False)

    def _foresee(self, mapping, items):
        """Complete the values as :meth:`_prepare` does; nothing is made."""
        self._prepare(mapping, items)

    # Names a mapping may use besides the model's fields, and the fields they decide.
    _means = {}
    # Pairs of field names: what the first ones become, the second ones follow.
    _together = ()

    def _foresee_change(self, mapping, items):
        """Complete the values of ``items`` as they are, or were, in the source."""
        self._foresee(mapping, items)

    def _is_closed(self, record):
        """Whether nothing of ``record`` may be written any more."""
        return False

    def _align_changes(self, mapping, changes):
        """Complete what records were and are, where only one of them says it."""
        for change in filter(lambda one: one.base, changes):
            self._align(change)

    def _align(self, change):
        """As :meth:`_align_changes`, of one change that has a base."""

    def _merge_further(self, mapping, change, record):
        """Merge what is no field: to be written, or found and left to somebody.

        What it puts into ``change.further`` is for :meth:`_before_change`.
        """

    def _parts(self, records):
        """A list of :class:`~..engine.gone_rows.Part`: what may go with a change."""
        return []

    def _journal_names(self, values):
        """Names of the fields that tell, in the journal, what was written."""
        return list(values)

    def _let_go(self, change):
        """Forget what was written, and is too large to keep for a whole batch."""

    def _before_change(self, mapping, change, record):
        """Make what a changed record needs before its values are written."""

    def _write_along(self, change, record, vals):
        """Write to a record that belongs to the one that has changed, journalled."""
        with self._written_along(change, record, vals):
            record.write(vals)

    @contextmanager
    def _written_along(self, change, record, names, parts=None):
        """Journal what the block changes of the fields ``names`` of a record.

        :param parts: :class:`Parts` that may go by it
        """
        rows, stamps = RawRows(record), ("write_date", "write_uid")
        before = {name: plain(record[name]) for name in (*names, *stamps)}
        yield
        after = {name: plain(record[name]) for name in names}
        gone = parts.gone_from(record) if parts else ()
        along = told_along(rows.changes().get(record.id), gone)
        change.changed.append((record._name, record.id, before, after, along))

    def _after_changes(self, mapping, changes, records):
        """Do what belongs to the changes just written."""

    @contextmanager
    def _reading_back(self, mapping):
        """Give this loader for reading back many records, with what that needs."""
        yield self

    def _has(self, record, target):
        """Whether ``record`` is of a kind that can have what is given to ``target``."""
        return True

    def _read_back(self, record, target, given):
        """What ``record`` has of what a line gave to ``target``.

        :param dict given: the values of all lines, as before the loader completed
            them; what is kept as a part of a text is looked for there by them
        :return: ``(whether that can be told, the value, or else why not)``
        """
        if target in record._fields:
            return True, record[target]
        if target == "record" and {"res_model", "res_id"} <= record._fields.keys():
            return True, (record.res_model, record.res_id)
        return False, self.env._("Odoo keeps no value of its own for it.")

    def _as_mapped(self, item, target, given, actual):
        """Why ``actual``, which is not what a line gave, may be right all the same.

        :param item: :class:`Item` as the loader has completed it
        :param dict given: as of :meth:`_read_back`, which gave ``actual``
        :return: ``(verdict of the comparison, why)``; None where it is not right
        """
        return None

    def _match(self, mapping, items):
        """Recognise ``items`` that no rule has, by what only this model knows."""

    def _match_domain(self, mapping):
        """Which of the model's records this object's may be recognised as at all."""
        return Domain.TRUE

    def _update_matched(self, mapping, items):
        """Write to records that were there before, as each line's policy says.

        Only what the source says is written: neither what is empty there, nor what
        the loader has added for a new record. Tags and the like are added to those
        that are there. What a value replaces is kept for the rollback.
        """
        model = self._model(mapping)
        policies = {
            line.target: line.policy
            for line in mapping.field_ids
            if line.policy != "keep" and is_writable(model, line.target)
        }
        if not policies:
            return
        records = model.browse({item.target[1] for item in items})
        groups = {}
        for item in items:
            record = model.browse(item.target[1]).with_prefetch(records._prefetch_ids)
            vals = {
                name: after
                for name, policy in policies.items()
                if name in item.said
                and name in item.vals
                and (after := changed_value(record, name, policy, item.vals[name]))
                is not None
            }
            if vals:
                same = groups.setdefault(repr(sorted(vals.items())), (vals, []))
                same[1].append((record, item))
        for vals, changes in groups.values():
            together = model.union(*(record for record, _item in changes))
            together = together.with_prefetch(records._prefetch_ids)
            if len(together) == len(changes):
                self._write(together, vals, *(item for _record, item in changes))
                continue
            for record, item in changes:
                self._write(record, vals, item)

    def _write(self, records, vals, *items):
        """Write ``vals`` to the records, one for each item, for the rollback's sake.

        Each item remembers what is replaced on its record.
        """
        if not vals:
            return
        names = [*vals, "write_date", "write_uid"]
        before = [{name: plain(record[name]) for name in names} for record in records]
        records.write(vals)
        for record, item, replaced in zip(records, items, before, strict=True):
            item.changed.append((record._name, record.id, replaced, vals))

    def _keep_stamps(self, model, items):
        """Leave unchanged when, and by whom, migrated records were last changed.

        For loaders that add to records which the same migration has made.
        """
        stamps = {}
        for item in items:
            for name, res_id, before, _after in item.changed:
                if name == model._name:
                    stamps.setdefault(res_id, before)
        records = model.browse(stamps).filtered("x_source_id")
        if not records:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s t SET write_date = v.at, write_uid = v.by"
                " FROM unnest(%s::int[], %s::timestamp[], %s::int[]) AS v(id, at, by)"
                " WHERE t.id = v.id",
                SQL.identifier(model._table),
                records.ids,
                [stamps[record.id]["write_date"] for record in records],
                [stamps[record.id]["write_uid"] or None for record in records],
            )
        )
        records.invalidate_recordset(["write_date", "write_uid"], flush=False)
