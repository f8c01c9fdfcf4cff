import time

from odoo import models
from odoo.tools import SQL

from ..loader.base import Item
from .change import DELETED, Change
from .engine import OPERATIONS
from .silence import QUIET, silenced

_BATCH = 500
# Tells entries of a record that was in Odoo before the run from those that loaded it.
_CHANGE = {"change": True}


class MigrationDelta(models.AbstractModel):
    """Loads what has changed: new records as any load does, and those in Odoo.

    A changed record is merged value by value. What only the source has changed is
    written; what somebody has to decide is kept as a conflict; either way the record
    counts as read, and the next delta compares with what the source says now.
    """

    _name = "migration.delta"
    _inherit = "migration.engine"
    _description = "Migration Delta"

    def _delta(self, run, deadline=None):
        """Go on with ``run`` until it is finished or ``deadline`` has passed.

        What was decided comes first; with the option ``only``, nothing else does but
        the records that are made anew by that.

        :return: whether it is finished
        """
        self = self.with_context(**QUIET)  # noqa: PLW0642
        run = run.with_env(self.env)
        only = (run.options or {}).get("only")
        if only == "archive":
            return self._archive_gone(run, deadline)
        return self._carry_out(run, deadline) and self._load(run, deadline)

    # Chunks

    def _load_chunk(self, run, line, mapping, compiled, resolver, matcher):
        if not line.merging:
            super()._load_chunk(run, line, mapping, compiled, resolver, matcher)
            return
        started = time.monotonic()
        size = mapping._loader()._chunk_size(run.chunk_size)
        rows = self._claim_changed(run, line, mapping, size)
        if not rows:
            line.finished = True
            return
        changes = self.env["migration.merger"]._merge(mapping, rows, compiled, resolver)
        self._write_changes(mapping, changes)
        self._keep_changes(run, mapping, changes)
        line.cursor = rows[-1][0]
        self._count_changes(line, changes, time.monotonic() - started)

    def _finish_pass(self, run, line, mapping):
        """After the new records come the changed ones, which may refer to them."""
        res = super()._finish_pass(run, line, mapping)
        if line.finished:
            line.write({"finished": False, "merging": True, "cursor": 0})
        return res

    def _claim_changed(self, run, line, mapping, size):
        """The next changed records, locked, so that no other worker takes them."""
        return self.env.execute_query(
            SQL(
                """SELECT id, source_id, state, res_model, res_id, payload,
                          COALESCE(next_payload, payload)
                     FROM migration_record
                    WHERE mapping_id = %s AND id > %s AND next_hash IS NOT NULL
                      AND res_id IS NOT NULL AND %s
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                mapping.id,
                line.cursor,
                run._chosen(),
                size,
            )
        )

    def _write_changes(self, mapping, changes):
        """Write what is to be written; a record that Odoo refuses stands alone."""
        merger = self.env["migration.merger"]
        self._bisect(
            mapping.res_model,
            lambda part: merger._apply(mapping, part),
            [one for one in changes if not one.error and one.has_work()],
        )

    def _keep_changes(self, run, mapping, changes):
        """Journal what was written, and note how far each record has been read."""
        done = [change for change in changes if not change.error]
        prefer = (run.options or {}).get("prefer")
        found = self.env["migration.conflict"]._keep(run, mapping, done, prefer)
        self._journal_changes(run, mapping, changes)
        self.env["migration.change"]._take_over(run, [one.record_id for one in done])
        self._set_errors([change for change in changes if change.error])
        if prefer == "source":
            taken = found.filtered(lambda one: one.state == "decided")
            written = {
                one.record_id: one.changed
                for one in self._apply_decisions(run, mapping, taken)
            }
            for change in done:
                change.changed += written.get(change.record_id, [])

    def _set_errors(self, failed):
        """Say why a change is not in Odoo; the record itself stays where it is."""
        if not failed:
            return
        self._set_states(
            [
                (change.record_id, change.state, *self._error_columns(change.error))
                for change in failed
            ]
        )

    def _journal_changes(self, run, mapping, changes):
        rows = []
        for change in changes:
            common = {
                "project_id": run.project_id.id,
                "run_id": run.id,
                "mapping_id": mapping.id,
                "source_id": change.source_id,
            }
            if change.error:
                operation = OPERATIONS[change.fate()]
                message = self._say(change.error)
                rows.append({**common, "operation": operation, "message": message})
                continue
            for model, res_id in change.created:
                made = {"res_model": model, "res_id": res_id, "changes": _CHANGE}
                rows.append({**common, "operation": "create", **made})
            for model, res_id, before, after, along in change.changed:
                values = {"before": before, "after": after, **along, **_CHANGE}
                rows.append(
                    {
                        **common,
                        "operation": "update",
                        "res_model": model,
                        "res_id": res_id,
                        "changes": values,
                    }
                )
            rows += [
                {**common, "operation": "warning", "message": self._say(warning)}
                for warning in change.source.warnings
            ]
        self.env["migration.log"]._append(rows)

    @staticmethod
    def _count_changes(line, changes, seconds=0.0):
        counts = {"updated": 0, "skipped": 0, "held": 0, "failed": 0}
        for change in changes:
            counts[change.fate()] += 1
        line.write(
            {
                **{name: line[name] + count for name, count in counts.items()},
                "conflicts": line.conflicts
                + sum(len(one.found) for one in changes if not one.error),
                "handled": line.handled + len(changes),
                "total": max(line.total, line.handled + len(changes)),
                "seconds": line.seconds + seconds,
            }
        )

    # Decisions

    def _carry_out(self, run, deadline):
        """Write what was decided since; each batch is committed."""
        while conflicts := self._decided(run):
            if deadline and time.monotonic() > deadline:
                return False
            with silenced(self.env.cr):
                for mapping, group in conflicts.grouped("mapping_id").items():
                    changes = self._apply_decisions(run, mapping, group)
                    self._count_changes(run._line(mapping), changes)
                run.options = {**(run.options or {}), "decided": conflicts.ids[-1]}
                run._commit()
        return True

    def _decided(self, run):
        return self.env["migration.conflict"].search(
            [
                ("project_id", "=", run.project_id.id),
                ("state", "in", ["decided"]),
                ("id", ">", (run.options or {}).get("decided", 0)),
            ],
            order="id",
            limit=_BATCH,
        )

    def _apply_decisions(self, run, mapping, conflicts):
        """Write the source's values of ``conflicts``, one change a record."""
        loader = mapping._loader()
        fields, columns = loader._model(mapping)._fields, loader._history_columns()
        changes, settled = [], {}
        for record, group in conflicts.grouped("record_id").items():
            if DELETED in group.mapped("kind"):
                self._load_anew(record, group, run)
                continue
            change = self._decided_change(mapping, record)
            for conflict in group:
                for name, value in (conflict.values or {}).items():
                    if name not in fields:
                        change.further[name] = value
                    elif name in columns:
                        change.history[name] = value
                    else:
                        change.values[name] = value
            changes.append(change)
            settled[record.id] = group
        self._write_changes(mapping, changes)
        self._journal_changes(run, mapping, changes)
        for change in changes:
            if not change.error:
                settled[change.record_id].sudo().settled_run_id = run
        return changes

    def _decided_change(self, mapping, record):
        item = Item(
            record.id,
            record.source_id,
            mapping._external_id(record.source_id),
            record.payload,
            {},
        )
        target = (record.res_model, record.res_id)
        return Change(record.id, record.source_id, target, record.state, item)

    @staticmethod
    def _load_anew(record, conflicts, run):
        """A record that was deleted in Odoo is made once more, as a new one."""
        conflicts.sudo().settled_run_id = run
        record.sudo().write(
            {
                "state": "pending",
                "res_model": False,
                "res_id": False,
                "retry_run_id": run.id,
            }
        )

    # Deletions

    def _archive_gone(self, run, deadline):
        """Archive the Odoo records of ``record_ids``, which the source has no more."""
        options = run.options or {}
        ids = [one for one in options["record_ids"] if one > options.get("archived", 0)]
        while ids:
            if deadline and time.monotonic() > deadline:
                return False
            batch, ids = ids[:_BATCH], ids[_BATCH:]
            records = self.env["migration.record"].search(
                [("id", "in", batch), ("source_gone", "=", True)]
            )
            with silenced(self.env.cr):
                for mapping, group in records.grouped("mapping_id").items():
                    self._archive(run, mapping, group)
                run.options = {**(run.options or {}), "archived": batch[-1]}
                run._commit()
        return True

    def _archive(self, run, mapping, records):
        model = mapping._loader()._model(mapping)
        name = model._active_name
        changes = []
        for record in records:
            change = self._decided_change(mapping, record)
            target = model.browse(record.res_id).exists()
            if name and target and target[name]:
                change.values[name] = False
            changes.append(change)
        self._write_changes(mapping, changes)
        self._journal_changes(run, mapping, changes)
        self._count_changes(run._line(mapping), changes)
