import hashlib
import json
import time
from collections import Counter

from odoo import models
from odoo.tools import SQL

from ...lib.compile import reader, source_key
from ...lib.corrections import split_row
from ...lib.errors import Problem, _
from ...lib.nothing import says_nothing
from ...lib.readers.clean import UNCLEAN
from ...lib.values.names import match_key
from ...lib.values.text import split_list

BATCH = 2000


class MigrationStager(models.AbstractModel):
    """Reads tables into staged records; a record that is unchanged stays as it is."""

    _name = "migration.stager"
    _description = "Migration Stager"

    def _stage(self, run, mapping, deadline=None):
        """Stage all tables of ``mapping`` that have not been read yet.

        :return: False when it was paused at the deadline; it goes on at that row
        """
        seen = Counter()
        tables = mapping.table_ids.filtered(lambda table: not table.read_date)
        line = run._line(mapping) if tables else None
        passed = 0
        for table in tables.sorted("id"):
            batch, count = [], 0
            for row in self._rows(run, table):
                count += 1
                passed += 1
                if not self._belongs(mapping, row):
                    continue
                # Also for rows staged before a pause: it counts those without an id.
                record = self._record(mapping, table, row, seen)
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

    def _rows(self, run, table):
        source = run.project_id.source_id
        return self.env[f"migration.connector.{source.connector}"]._iter_rows(table)

    @staticmethod
    def _belongs(mapping, row):
        if not mapping.row_filter or row.problem:
            return True
        column, _equals, wanted = mapping.row_filter.partition("=")
        found = {match_key(name): value for name, value in row.values.items()}
        value = found.get(match_key(column))
        return match_key("" if value is None else value) == match_key(wanted)

    def _record(self, mapping, table, row, seen):
        """A dict of the columns of ``migration_record`` for one row."""
        payload, origin = split_row(row.values)
        payload.pop("", None)
        problem = row.problem
        content = json.dumps(payload, sort_keys=True, ensure_ascii=False)
        digest = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
        source_id = self._source_id(mapping, payload)
        if source_id is None:
            seen[digest] += 1
            source_id = f"{digest[:16]}-{seen[digest]}"
        elif not source_id:
            source_id = f"{table.name}:{row.number}"
            problem = problem or self._no_id(mapping, payload)
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

    @staticmethod
    def _source_id(mapping, payload):
        """The record's id; empty where its cells are, None where there is no column."""
        columns = mapping._id_columns()
        if not columns:
            return None
        nothing = mapping.project_id._empty_words()
        values = [reader(column)(payload) for column in columns]
        values = [None if says_nothing(one, nothing) else one for one in values]
        if not any(value is not None for value in values):
            return ""
        normalise = match_key if mapping.id_by_name else source_key
        return ":".join("" if value is None else normalise(value) for value in values)

    def _no_id(self, mapping, payload):
        return Problem(
            "id_missing",
            _("The row has no value in its identifier column %(field)s."),
            _("Fill in the identifier, so that the record can be recognised again."),
            field=" + ".join(mapping._id_columns()),
        )

    def _write(self, run, mapping, batch):
        """Insert or update one batch of staged records, in one statement."""
        if not batch:
            return
        self._supersede(mapping, batch)
        self._mark_duplicates(run, mapping, batch)
        self._mark_seen(run, mapping, batch)
        counts = self._upsert(run, mapping, batch)
        line = run._line(mapping)
        failed = sum(bool(record["problem"]) for record in batch)
        line.write(
            {
                "handled": line.handled + len(batch),
                "total": line.total + len(batch),
                "created": line.created + counts["created"] - failed,
                "updated": line.updated + counts["updated"],
                "skipped": line.skipped + len(batch) - sum(counts.values()),
                "failed": line.failed + failed,
            }
        )

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
                      SET read_run_id = %s, table_id = v.table_id, row = v.row
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

    def _drop_gone(self, run, mapping, table):
        """Forget rows that a new version of their file no longer has.

        Such rows were deleted or repaired, or have another identifier now. What is
        in Odoo stays, and so does its record.
        """
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

    def _upsert(self, run, mapping, batch):
        problems = [record["problem"] for record in batch]
        # Owners and field definitions are read, but nothing is loaded from them.
        waiting = "pending" if mapping.role == "records" else "skipped"
        translate = self.env["migration.project"]._translate_term
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO migration_record AS r (
                       project_id, mapping_id, read_run_id, source_id, payload,
                       payload_hash, table_id, row, state, unusable, error,
                       error_code, error_field, error_value)
                   SELECT %s, %s, %s, * FROM unnest(
                       %s::text[], %s::jsonb[], %s::text[], %s::int[], %s::int[],
                       %s::text[], %s::bool[], %s::text[], %s::text[], %s::text[],
                       %s::text[])
                   ON CONFLICT (mapping_id, source_id) DO UPDATE
                      SET payload = EXCLUDED.payload,
                          payload_hash = EXCLUDED.payload_hash,
                          table_id = EXCLUDED.table_id, row = EXCLUDED.row,
                          read_run_id = EXCLUDED.read_run_id,
                          state = EXCLUDED.state, unusable = EXCLUDED.unusable,
                          error = EXCLUDED.error,
                          error_code = EXCLUDED.error_code,
                          error_field = EXCLUDED.error_field,
                          error_value = EXCLUDED.error_value
                    WHERE r.payload_hash <> EXCLUDED.payload_hash
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
                ["failed" if problem else waiting for problem in problems],
                [bool(p and p.code not in UNCLEAN) for p in problems],
                [problem and problem.text(translate) for problem in problems],
                [problem and problem.code for problem in problems],
                [problem and problem.field for problem in problems],
                [
                    None if not problem or problem.value is None else str(problem.value)
                    for problem in problems
                ],
            )
        )
        created = sum(inserted for (inserted,) in rows)
        return {"created": created, "updated": len(rows) - created}

    def _derive(self, run, mapping):
        """Stage the distinct values of other objects' columns as records."""
        id_column = (mapping._id_columns() or ["name"])[0]
        nothing = run.project_id._empty_words()
        names = {}
        for origin in (mapping.derived_from or "").split(","):
            object_name, _dot, column = origin.strip().partition(".")
            other = run.project_id.mapping_ids.filtered(
                lambda one, name=object_name: one.name == name
            )
            for value in self._distinct(other, column):
                for name in split_list(value):
                    if not says_nothing(name, nothing):
                        names.setdefault(match_key(name), name)
        names.pop("", None)
        known = self.env["migration.record"].search_fetch(
            [("mapping_id", "=", mapping.id), ("source_id", "in", list(names))],
            ["source_id"],
        )
        new = names.keys() - set(known.mapped("source_id"))
        batch = [
            {
                "source_id": key,
                "payload": json.dumps({id_column: names[key]}, ensure_ascii=False),
                "payload_hash": key[:32],
                "table_id": None,
                "row": None,
                "problem": None,
            }
            for key in sorted(new)
        ]
        for start in range(0, len(batch), BATCH):
            self._upsert(run, mapping, batch[start : start + BATCH])

    def _distinct(self, mapping, column):
        """Distinct values of a column of staged records, as text."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT payload->>%s FROM migration_record
                    WHERE mapping_id = ANY(%s)""",
                column,
                mapping.ids,
            )
        )
        return [value for (value,) in rows if value]
