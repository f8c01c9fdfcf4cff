import time
from collections import Counter

from odoo import models
from odoo.tools import SQL

from ...lib.corrections import split_row
from ...lib.errors import Problem, _
from ...lib.field_spec import PLURAL_TYPES
from ...lib.merge import LIST_MARK, merge_rows, packed
from ...lib.readers.clean import UNCLEAN
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
        tables = mapping.table_ids.filtered(lambda table: not table.read_date)
        if tables:
            self.env["migration.record.key"]._forget(mapping)
        line = run._line(mapping) if tables else None
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
            self._drop_gone(run, mapping, table)
            line.cursor = max(line.cursor, passed)
            table.sudo().row_count = count
            run._commit()
        return True

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
        for row in table.file_id._connector()._iter_rows(table, after):
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
                table.sudo().position = {**reading, "after": place}
                table.sudo().row_count = count
                run._commit()
                if late:
                    return False
        self._write(run, mapping, list(batch.values()), again=True)
        table.sudo().row_count = count
        table.sudo().position = {**reading, "done": True}
        if not table.partial:
            self._drop_gone(run, mapping, table)
        run._commit()
        return True

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
        if mapping.on_repeat == "merge":
            batch = merge_rows(batch, self._list_columns(mapping))
        elif not again:
            self._mark_duplicates(run, mapping, batch)
        self.env["migration.corrections"]._carry_over(run, mapping, batch)
        self._mark_seen(run, mapping, batch)
        self._note_changes(mapping, batch)
        counts = self._upsert(run, mapping, batch, mapping.on_repeat == "merge")
        counts["updated"] += corrected
        self._count(run, mapping, batch, read, counts)

    def _mark_duplicates(self, run, mapping, batch):
        """A second row with the same id is kept aside with a problem of its own."""
        rows = self.env.execute_query(
            SQL(
                """SELECT source_id, table_id, row FROM migration_record
                    WHERE mapping_id = %s AND read_run_id = %s
                      AND source_id = ANY(%s)""",
                mapping.id,
                run.id,
                [record["source_id"] for record in batch],
            )
        )
        first = {source_id: (table, row) for source_id, table, row in rows}
        for record in batch:
            place = (record["table_id"], record["row"])
            known = first.setdefault(record["source_id"], place)
            if known == place:
                continue
            self._set_duplicate(mapping, record, known[1])
            table = "" if known[0] == place[0] else f"{place[0]}:"
            record["source_id"] = f"{record['source_id']} #{table}{record['row']}"

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

    def _mark_seen(self, run, mapping, batch):
        """Note where records that stay as they are have been read this time."""
        names = ("source_id", "payload_hash", "table_id", "row")
        self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET read_run_id = %s, table_id = v.table_id, row = v.row,
                          source_gone = NULL
                     FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[])
                       AS v(source_id, payload_hash, table_id, row)
                    WHERE r.mapping_id = %s AND r.source_id = v.source_id
                      AND r.read_run_id IS DISTINCT FROM %s
                      AND (r.payload_hash = v.payload_hash OR r.res_id IS NOT NULL)
                RETURNING r.id""",
                run.id,
                *([record[name] for record in batch] for name in names),
                mapping.id,
                run.id,
            )
        )

    def _note_changes(self, mapping, batch):
        """Keep what the source says now of records that are in Odoo already."""
        self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET next_payload = NULLIF(v.payload, r.payload),
                          next_hash = NULLIF(v.payload_hash, r.payload_hash)
                     FROM unnest(%s::text[], %s::text[], %s::jsonb[])
                       AS v(source_id, payload_hash, payload)
                    WHERE r.mapping_id = %s AND r.source_id = v.source_id
                      AND r.res_id IS NOT NULL
                      AND COALESCE(r.next_hash, r.payload_hash) <> v.payload_hash
                RETURNING r.id""",
                *(
                    [record[name] for record in batch]
                    for name in ("source_id", "payload_hash", "payload")
                ),
                mapping.id,
            )
        )

    def _drop_gone(self, run, mapping, table):
        """Forget rows that a new version of their file no longer has.

        Such rows were deleted or repaired, or have another identifier now. What is
        in Odoo stays, and so does its record, which says that it is gone. So are
        rows whose file was deleted here, unless another one has them.
        """
        self.env.execute_query(
            SQL(
                """UPDATE migration_record SET source_gone = TRUE
                    WHERE mapping_id = %s AND res_id IS NOT NULL
                      AND (table_id = %s OR table_id IS NULL)
                      AND read_run_id IS DISTINCT FROM %s RETURNING id""",
                mapping.id,
                table.id,
                run.id,
            )
        )
        self.env.execute_query(
            SQL(
                """DELETE FROM migration_record
                    WHERE mapping_id = %s AND table_id = %s AND res_id IS NULL
                      AND read_run_id IS DISTINCT FROM %s RETURNING id""",
                mapping.id,
                table.id,
                run.id,
            )
        )

    @staticmethod
    def _list_columns(mapping):
        """Columns whose values of several rows belong together, as tags do."""
        targets = mapping.env["migration.compiler"]._targets(mapping)
        return {
            line.source_path
            for line in mapping.field_ids
            if targets.get(line.target) in PLURAL_TYPES
        }

    def _stage_derived(self, run, mapping, batch):
        """Stage a batch of records that were made from those of another object."""
        self.env["migration.corrections"]._carry_over(run, mapping, batch)
        self._mark_seen(run, mapping, batch)
        counts = self._upsert(run, mapping, batch, merge=True)
        self._count(run, mapping, batch, len(batch), counts)

    def _count(self, run, mapping, batch, read, counts):
        """Add a batch made from ``read`` rows to the progress of the run."""
        line = run._line(mapping)
        failed = sum(bool(record["problem"]) for record in batch)
        line.write(
            {
                "handled": line.handled + read,
                "total": line.total + read,
                "created": line.created + counts["created"] - failed,
                "updated": line.updated + counts["updated"],
                "skipped": line.skipped + read - sum(counts.values()),
                "failed": line.failed + failed,
            }
        )

    def _merged(self, mapping, merge):
        """SQL of the payload and of the contradictions where a row comes again.

        Within one reading, the first value of each column counts; what an earlier
        reading has left is replaced.
        """
        if not merge:
            return SQL("EXCLUDED.payload"), SQL("NULL")
        lists = sorted(self._list_columns(mapping))
        joined = [
            SQL(
                "%(name)s, NULLIF(CONCAT_WS(%(mark)s, r.payload->>%(name)s,"
                " EXCLUDED.payload->>%(name)s), '')",
                name=name,
                mark=LIST_MARK,
            )
            for name in lists
        ]
        return (
            SQL(
                """CASE WHEN r.read_run_id = EXCLUDED.read_run_id
                        THEN EXCLUDED.payload || r.payload
                             || jsonb_strip_nulls(jsonb_build_object(%s))
                        ELSE EXCLUDED.payload END""",
                SQL(", ").join(joined),
            ),
            SQL(
                """CASE WHEN r.read_run_id = EXCLUDED.read_run_id
                        THEN NULLIF(CONCAT_WS(', ', r.contradicts, (
                             SELECT string_agg(e.key, ', ' ORDER BY e.key)
                               FROM jsonb_each_text(EXCLUDED.payload) AS e
                              WHERE r.payload->>e.key <> e.value
                                AND NOT e.key = ANY(%s))), '')
                        ELSE EXCLUDED.contradicts END""",
                lists,
            ),
        )

    def _upsert(self, run, mapping, batch, merge=False):
        problems = [record["problem"] for record in batch]
        # Owners and field definitions are read, but nothing is loaded from them.
        waiting = "pending" if mapping.role == "records" else "skipped"
        translate = self.env["migration.project"]._translate_term
        payload, contradicts = self._merged(mapping, merge)
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO migration_record AS r (
                       project_id, mapping_id, read_run_id, source_id, payload,
                       payload_hash, table_id, row, contradicts, state, unusable,
                       error, error_code, error_field, error_value)
                   SELECT %s, %s, %s, * FROM unnest(
                       %s::text[], %s::jsonb[], %s::text[], %s::int[], %s::int[],
                       %s::text[], %s::text[], %s::bool[], %s::text[], %s::text[],
                       %s::text[], %s::text[])
                   ON CONFLICT (mapping_id, source_id) DO UPDATE
                      SET payload = %s, contradicts = %s,
                          payload_hash = EXCLUDED.payload_hash,
                          table_id = EXCLUDED.table_id, row = EXCLUDED.row,
                          read_run_id = EXCLUDED.read_run_id,
                          state = EXCLUDED.state, unusable = EXCLUDED.unusable,
                          error = EXCLUDED.error,
                          error_code = EXCLUDED.error_code,
                          error_field = EXCLUDED.error_field,
                          error_value = EXCLUDED.error_value
                    WHERE (r.payload_hash <> EXCLUDED.payload_hash
                           OR r.payload IS NULL)
                      AND r.res_id IS NULL
                   RETURNING (xmax = 0)""",
                mapping.project_id.id,
                mapping.id,
                run.id,
                *(
                    [record[name] for record in batch]
                    for name in (
                        "source_id",
                        "payload",
                        "payload_hash",
                        "table_id",
                        "row",
                    )
                ),
                [record.get("contradicts") for record in batch],
                ["failed" if problem else waiting for problem in problems],
                [bool(p and p.code not in UNCLEAN) for p in problems],
                [problem and problem.text(translate) for problem in problems],
                [problem and problem.code for problem in problems],
                [problem and problem.field for problem in problems],
                [
                    None if not problem or problem.value is None else str(problem.value)
                    for problem in problems
                ],
                payload,
                contradicts,
            )
        )
        created = sum(inserted for (inserted,) in rows)
        return {"created": created, "updated": len(rows) - created}
