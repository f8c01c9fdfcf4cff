"""Gives records that were there before the values they had.

Several runs may have written to one record, and they are taken back in any order.
So the writes to each field of a record are a chain: what is taken back from its end
brings back the value below; what is taken back from its middle changes nothing, and
is passed over when the writes above it are taken back, too.
"""

from collections import defaultdict
from datetime import datetime

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL

from ...lib.transforms import jsonable
from .gone_rows import Returning
from .raw_rows import Bystanders, RawRows, write_row
from .restoration import CHANGED, LATER, REFUSED, STAMPS, Restoration, Write
from .scored_leads import ScoredLeads

_PLURAL = ("many2many", "one2many")


class MigrationUndoValues(models.AbstractModel):
    """Restores what was overwritten, unless users have changed it since."""

    _name = "migration.undo.values"
    _description = "Migration Undo of Values"

    def _restore(self, run, updates, force):
        """Restore the records in ``updates``, and say so in the journal of ``run``."""
        for record, writes, found in self._restorations(updates, force):
            refusal = self._apply(record, found)
            entries = self._entries(run, record, writes, found, refusal)
            self.env["migration.log"]._append(list(entries))

    def _restorations(self, updates, force):
        """Yield ``(record, writes, restoration)`` of the records in ``updates``.

        :param updates: rows of ``migration.undo.writes._updates``
        :param bool force: whatever users have changed since
        """
        mine = {row[0] for row in updates}
        keys = {(row[3], row[4]) for row in updates if row[3] in self.env}
        writes = self._writes(keys, mine)
        records = defaultdict(list)
        for model, res_id in writes:
            records[model].append(res_id)
        for model, ids in records.items():
            for record in self.env[model].sudo().browse(ids).exists():
                chain = writes[model, record.id]
                yield record, chain, self._plan(record, chain, force)

    def _writes(self, keys, mine):
        """``{(model, id): [Write]}``, oldest first, by whatever migration.

        One whose values were purged is nobody's any more.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT l.res_model, l.res_id, l.operation, l.id, l.source_id,
                          l.mapping_id, l.date, l.changes
                     FROM migration_log l
                     JOIN unnest(%s::text[], %s::int[]) AS v(model, id)
                       ON v.model = l.res_model AND v.id = l.res_id
                    WHERE l.operation IN ('update', 'restore', 'keep')
                      AND l.changes ? 'after' ORDER BY l.id""",
                [model for model, _id in keys],
                [res_id for _model, res_id in keys],
            )
        )
        found, by_id = defaultdict(list), {}
        for model, res_id, operation, log_id, source_id, mapping, date, changes in rows:
            if operation == "update":
                write = Write(
                    log_id,
                    source_id,
                    mapping,
                    date,
                    changes["before"],
                    changes["after"],
                    log_id in mine,
                    changes.get("row"),
                    changes.get("gone", []),
                )
                found[model, res_id].append(write)
                by_id[log_id] = write
            elif write := by_id.get(changes.get("restored")):
                write.undone |= {*changes["after"], *changes.get("passed", ())}
                write.kept |= set(changes.get("kept", ()))
        for write in by_id.values():
            if write.mine:
                write.kept.clear()
        return found

    def _plan(self, record, writes, force):
        """The :class:`Restoration` of a record; nothing is written."""
        values, settled, below = {}, {one.id: {} for one in writes if one.mine}, set()
        names = dict.fromkeys(
            name
            for write in reversed(writes)
            if write.mine
            for name in write.before
            if name not in STAMPS and name not in write.undone
        )
        untouched = record.write_date <= writes[-1].date
        for name in names:
            chain = [write for write in writes if write.has(name)]
            if name not in record._fields:
                self._settle(chain, name, settled, None)
            elif record._fields[name].type in _PLURAL and not force:
                self._take_out(record, name, chain, values, settled)
            else:
                last = untouched and writes[-1].has(name)
                lowest = self._walk(record, name, chain, values, settled, last, force)
                if lowest and not lowest.row:
                    below.add(name)
        stamps = self._stamps(record, writes, untouched or force)
        rows, gone = [], []
        for write in reversed(writes):
            if write.row and (write.mine or (rows and write.undone)):
                rows.append(write.row)
            fates = settled.get(write.id, {})
            gone += [one for one in write.gone if fates.get(one["field"], "") is None]
        return Restoration(values, settled, stamps, rows, force, below, gone)

    @staticmethod
    def _settle(chain, name, settled, fate):
        for write in chain:
            if write.mine and name not in write.undone:
                settled[write.id].setdefault(name, fate)

    def _walk(self, record, name, chain, values, settled, untouched, force):
        """Go down the writes to one field, as far as they are taken back.

        :return: the lowest of them, None where the field stays as it is
        """
        active = [write for write in chain if name not in write.undone]
        untouched = untouched and active[-1] is chain[-1]
        if not active[-1].mine:
            self._settle(chain, name, settled, LATER)
            return None
        if not (force or untouched or self._same(record, name, active[-1].after[name])):
            self._settle(chain, name, settled, CHANGED)
            return None
        above = None
        for write in reversed(chain):
            undone = name in write.undone
            if not (undone or write.mine):
                self._settle(chain, name, settled, LATER)
                break
            if above and not (force or self._adjacent(name, write, above)):
                self._settle(chain, name, settled, CHANGED)
                break
            if not undone:
                settled[write.id][name] = None
            above = write
        values[name] = above.before[name]
        return above

    @staticmethod
    def _adjacent(name, write, above):
        """Whether nobody else gave the field a value between the two writes."""
        if _plain(write.after[name]) == _plain(above.before[name]):
            return True
        stamp = above.before.get("write_date")
        return bool(stamp) and datetime.fromisoformat(stamp) <= write.date

    def _take_out(self, record, name, chain, values, settled):
        """Of tags and the like, only those go that were added."""
        ids = values.get(name, record[name].ids)
        for write in reversed(chain):
            if write.mine and name not in write.undone:
                before, after = _ids(write.before[name]), _ids(write.after[name])
                ids = [one for one in ids if one in before or one not in after]
                ids += [one for one in before if one not in after and one not in ids]
                settled[write.id][name] = None
        values[name] = ids

    @staticmethod
    def _stamps(record, writes, as_before):
        """The stamps of the time before the writes that are taken back from the end."""
        stamps = {
            "write_date": jsonable(record.write_date),
            "write_uid": record.write_uid.id,
        }
        if not as_before:
            return stamps
        for write in reversed(writes):
            done = write.undone | write.kept
            if not (write.mine or done >= write.after.keys()):
                break
            stamps = {name: write.before.get(name) for name in STAMPS}
        return stamps

    @staticmethod
    def _same(record, name, value):
        """Whether a field still has the value the migration wrote."""
        spec = record._fields[name]
        current = spec.convert_to_write(record[name], record)
        if spec.type in ("date", "datetime"):
            current = str(current) if current else current
        if spec.type in _PLURAL:
            return sorted(record[name].ids) == sorted(_ids(value))
        return (current or False) == (value or False)

    def _apply(self, record, restoration):
        """Write what was worked out; text of the reason where Odoo refuses it."""
        if not restoration.values:
            return None
        try:
            with self.env.cr.savepoint():
                rows = RawRows(record if restoration.rows else record.browse())
                bystanders = Bystanders(record if rows.rows else record.browse())
                returning = Returning(self.env, restoration.gone)
                scored = ScoredLeads(record)
                record.write(self._commands(record, restoration.values))
                self.env.flush_all()
                returning.settle()
                self._put_back(record, restoration, rows)
                self._write_below(record, restoration)
                self._restamp(record, restoration.stamps)
                bystanders.settle()
                scored.settle()
        except Exception as error:
            if getattr(error, "pgcode", None) in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
            self.env.clear()
            return self.env["migration.engine"]._say(error)
        return None

    @staticmethod
    def _put_back(record, restoration, rows):
        """Give the row the columns it had, and keep those that nothing has changed."""
        if not restoration.rows:
            return
        ours = set(restoration.values).union(
            *(one["before"] for one in restoration.rows)
        )
        before, _after = rows.changes().get(record.id, ({}, {}))
        along = before.keys() - ours
        write_row(
            record,
            {
                **{name: before[name] for name in along},
                **restoration.columns(rows.rows[record.id]),
            },
        )

    def _write_below(self, record, restoration):
        """The rows end where those of a load begin, which Odoo itself has to write."""
        if restoration.rows and restoration.below:
            values = {name: restoration.values[name] for name in restoration.below}
            record.write(self._commands(record, values))
            self.env.flush_all()

    @staticmethod
    def _commands(record, values):
        """``values`` as ``write`` takes them, without records that are gone."""
        commands = {}
        for name, value in values.items():
            spec = record._fields[name]
            if spec.relational:
                others = record.env[spec.comodel_name].browse(_ids(value)).exists()
                plural = spec.type in _PLURAL
                value = [fields.Command.set(others.ids)] if plural else others.id
            commands[name] = value
        return commands

    def _restamp(self, record, stamps):
        """Put back when and by whom the record was last changed."""
        if not stamps.get("write_date"):
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = %s, write_uid = %s WHERE id = %s",
                SQL.identifier(record._table),
                stamps["write_date"],
                stamps.get("write_uid") or None,
                record.id,
            )
        )
        record.invalidate_recordset(flush=False)

    def _entries(self, run, record, writes, restoration, refusal):
        """What the journal says of it, one row for each write that is taken back."""
        for write in writes:
            if not write.mine:
                continue
            fates = restoration.settled[write.id]
            if refusal:
                fates = {name: fate or REFUSED for name, fate in fates.items()}
            kept = [name for name, fate in fates.items() if fate in (CHANGED, REFUSED)]
            done = [name for name, fate in fates.items() if fate is None]
            told = ", ".join(kept)
            yield {
                "project_id": run.project_id.id,
                "run_id": run.id,
                "mapping_id": write.mapping_id,
                "operation": "keep" if kept else "restore",
                "source_id": write.source_id,
                "res_model": record._name,
                "res_id": record.id,
                "message": f"{told}: {refusal}" if refusal else told or None,
                "changes": {
                    "before": {name: write.after[name] for name in fates},
                    "after": {
                        name: restoration.values.get(name, write.before[name])
                        for name in done
                    },
                    "passed": [name for name, fate in fates.items() if fate == LATER],
                    "kept": kept,
                    "restored": write.id,
                },
            }


def _ids(value):
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def _plain(value):
    """A value of the journal in a form that compares."""
    return sorted(value) if isinstance(value, list) and value else value or False
