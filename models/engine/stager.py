import time
from collections import Counter

from odoo import models
from odoo.tools import SQL

from ...lib.corrections import split_row
from ...lib.errors import Problem, _
from ...lib.http.problems import OF_ONE
from ...lib.merge import merge_rows, packed
from ...lib.values.names import match_key

BATCH = 2000


class MigrationStager(models.AbstractModel):
    """Reads tables into staged records; a record that is unchanged stays as it is."""

    _name = "migration.stager"
    _description = "Migration Stager"

    def _stage(self, run, mapping, deadline=None):
        """Stage all tables of ``mapping`` that have not been read yet.

        :return: False when it was paused at the deadline; it goes on at that row
        """
        seen, identify = Counter(), mapping._identity()
        tables = self._tables(mapping)
        if not tables:
            return True
        self.env["migration.record.key"]._forget(mapping)
        line = run._line(mapping)
        for table in tables.sorted("id"):
            if table.file_id._connector()._resumes:
                if not self._stage_from(run, mapping, identify, table, deadline):
                    return False
                tables -= table
        passed = 0
        for table in tables.sorted("id"):
            batch, count = [], 0
            for row in table.file_id._connector()._iter_rows(table):
                count += 1
                passed += 1
                if not self._belongs(mapping, row):
                    continue
                # Also for rows staged before a pause: it counts those without an id.
                record = self._record(mapping, identify, table, row, seen)
                if passed > line.cursor:
                    batch.append(record)
                if len(batch) >= BATCH:
                    self._write(run, mapping, batch)
                    line.cursor = passed
                    run._commit()
                    batch = []
                    if deadline and time.monotonic() > deadline:
                        return False
            self._write(run, mapping, batch)
            if not table._is_part():
                self.env["migration.staging"]._drop_gone(run, mapping, table)
            line.cursor = max(line.cursor, passed)
            table.sudo().row_count = count
            run._commit()
        self.env["migration.staging"]._settle(run, mapping)
        return True

    @staticmethod
    def _tables(mapping):
        """Tables to read; all of them where one record is in rows of several."""
        tables = mapping.table_ids.filtered(lambda table: not table.read_date)
        if tables and mapping.on_repeat == "merge":
            return mapping.table_ids
        return tables

    def _stage_from(self, run, mapping, identify, table, deadline):
        """Stage a table whose rows say where reading goes on; False when paused.

        A row that comes again, after a pause or on another page, is the same record.
        """
        reading = {"run": run.id, "mapping": mapping.id}
        position = table.position or {}
        begun = reading.items() <= position.items()
        if begun and position.get("done"):
            return True
        after = position["after"] if begun else None
        count = table.row_count if begun else 0
        seen, batch, place = Counter(), {}, None
        for row, broken in self._until_broken(table, after):
            if broken:
                self._write(run, mapping, list(batch.values()), again=True)
                reached = row.position if row else after
                self._keep_place(run, table, count, {**reading, "after": reached})
                self._tell_broken(run, table, broken)
                return True
            place = place or row.position
            count += 1
            if self._belongs(mapping, row):
                record = self._record(mapping, identify, table, row, seen)
                batch[record["source_id"]] = record
            late = deadline and time.monotonic() > deadline
            # Reading goes on with the rows of a place anew: only a new one is a step.
            moved = row.position != place
            if len(batch) >= BATCH or (late and moved):
                self._write(run, mapping, list(batch.values()), again=True)
                batch = {}
            if moved and not batch:
                place = row.position
                self._keep_place(run, table, count, {**reading, "after": place})
                if late:
                    return False
        self._write(run, mapping, list(batch.values()), again=True)
        if not table.partial:
            self.env["migration.staging"]._drop_gone(run, mapping, table)
        self._keep_place(run, table, count, {**reading, "done": True})
        return True

    @staticmethod
    def _until_broken(table, after):
        """Pairs of row and None; at last, of the row before it, what went wrong."""
        row = None
        try:
            for row in table.file_id._connector()._iter_rows(table, after):
                yield row, None
        except Problem as problem:
            yield row, problem

    @staticmethod
    def _keep_place(run, table, count, position):
        table.sudo().write({"position": position, "row_count": count})
        run._commit()

    def _tell_broken(self, run, table, problem):
        """What is wrong with one list is a finding, and the others go on.

        What it gave before is kept, and nothing counts as gone from it.

        :raises Problem: the others would meet it as well
        """
        if problem.code not in OF_ONE:
            raise problem
        read = self.env._(
            "%(list)s: %(count)s rows were read", list=table.name, count=table.row_count
        )
        self.env["migration.auditor"]._report_file(run, table.file_id, problem, read)
        run._commit()

    @staticmethod
    def _belongs(mapping, row):
        if not mapping.row_filter or row.problem:
            return True
        column, _equals, wanted = mapping.row_filter.partition("=")
        found = {match_key(name): value for name, value in row.values.items()}
        value = found.get(match_key(column))
        return match_key("" if value is None else value) == match_key(wanted)

    def _record(self, mapping, identify, table, row, seen):
        """A dict of the columns of ``migration_record`` for one row."""
        payload, origin = split_row(row.values)
        payload.pop("", None)
        problem = row.problem
        content, digest = packed(payload)
        source_id = identify(payload) if identify else None
        if source_id is None:
            seen[digest] += 1
            source_id = f"{digest[:16]}-{seen[digest]}"
        elif not source_id:
            source_id = f"{table.name}:{row.number}"
            problem = problem or self._no_id(mapping)
        elif mapping.on_repeat == "number":
            seen[source_id] += 1
            if seen[source_id] > 1:
                source_id = f"{source_id} #{seen[source_id]}"
        if problem:
            problem.params.setdefault("file", table.name)
        return {
            "source_id": source_id,
            "payload": content,
            "payload_hash": digest,
            "table_id": table.id,
            "row": row.number,
            "problem": problem,
            "origin": origin,
        }

    def _no_id(self, mapping):
        return Problem(
            "id_missing",
            _("The row has no value in its identifier column %(field)s."),
            _("Fill in the identifier, so that the record can be recognised again."),
            field=" + ".join(mapping._id_columns()),
        )

    def _write(self, run, mapping, batch, again=False):
        """Insert or update one batch of staged records, in one statement.

        :param bool again: a row whose id was read before is the same record
        """
        if not batch:
            return
        read = len(batch)
        batch, corrected = self.env["migration.corrections"]._take(mapping, batch)
        self._supersede(mapping, batch)
        staging, merge = self.env["migration.staging"], mapping.on_repeat == "merge"
        if merge:
            batch = merge_rows(batch, staging._list_columns(mapping))
        elif not again:
            self._mark_duplicates(run, mapping, batch)
        staging._keep(run, mapping, batch, read, merge, corrected)

    def _mark_duplicates(self, run, mapping, batch):
        """A second row with the same id is kept aside with a problem of its own."""
        rows = self.env.execute_query(
            SQL(
                """SELECT source_id, table_id, row, read_run_id = %s
                     FROM migration_record
                    WHERE mapping_id = %s AND source_id = ANY(%s)""",
                run.id,
                mapping.id,
                [record["source_id"] for record in batch],
            )
        )
        self._note_repeats(run, batch, {key: table for key, table, *_rest in rows})
        first = {key: (table, row) for key, table, row, current in rows if current}
        for record in batch:
            place = (record["table_id"], record["row"])
            known = first.setdefault(record["source_id"], place)
            if known == place:
                continue
            self._set_duplicate(mapping, record, known[1])
            table = "" if known[0] == place[0] else f"{place[0]}:"
            record["source_id"] = f"{record['source_id']} #{table}{record['row']}"

    def _note_repeats(self, run, batch, known):
        """Count the rows that another table has given before: an older export?

        :param dict known: ``{source id: table}`` of what is staged
        """
        pairs = Counter(
            (record["table_id"], known.get(record["source_id"])) for record in batch
        )
        for (table, other), count in pairs.items():
            if other and other != table:
                tables = self.env["migration.file.table"]
                tables.browse(table)._note_repeats(run, other, count)

    @staticmethod
    def _set_duplicate(mapping, record, first):
        record["problem"] = record["problem"] or Problem(
            "duplicate_id",
            _("The identifier %(value)s is used in row %(first)s already."),
            _("Give one of the two rows another identifier, or delete it."),
            field=" + ".join(mapping._id_columns()),
            value=record["source_id"],
            first=first,
        )

    def _supersede(self, mapping, batch):
        """Rows of a file of failed rows replace the records they were made from.

        Most have their record's id and are recognised by that; here are those that
        had no id, or one that another row had.
        """
        corrected = [record for record in batch if record["origin"]]
        if not corrected:
            return
        failed = self._failed_at({record["origin"] for record in corrected}, mapping)
        ids = [record["source_id"] for record in corrected]
        others = self.env["migration.record"].search_fetch(
            [("mapping_id", "=", mapping.id), ("source_id", "in", ids)],
            ["source_id", "row"],
        )
        rows = {other.source_id: other.row for other in others}
        replaced = []
        for record in corrected:
            record_id, source_id = failed.get(record["origin"], (None, None))
            if not record_id or source_id == record["source_id"]:
                continue
            if record["source_id"] in rows:
                self._set_duplicate(mapping, record, rows[record["source_id"]])
                record["source_id"] = source_id
            else:
                replaced.append(record_id)
        self.env["migration.record"].sudo().browse(replaced).unlink()

    def _failed_at(self, origins, mapping):
        """``{(file, row): (id, source id)}`` of failed records, where there is one."""
        rows = self.env.execute_query(
            SQL(
                """SELECT t.name, r.row, min(r.id), min(r.source_id)
                     FROM migration_record r
                     JOIN migration_file_table t ON t.id = r.table_id
                     JOIN unnest(%s::text[], %s::int[]) AS o(file, row)
                       ON o.file = t.name AND o.row = r.row
                    WHERE r.mapping_id = %s AND r.state = 'failed'
                    GROUP BY 1, 2 HAVING count(*) = 1""",
                [file for file, _row in origins],
                [row for _file, row in origins],
                mapping.id,
            )
        )
        return {(file, row): (id_, key) for file, row, id_, key in rows}
