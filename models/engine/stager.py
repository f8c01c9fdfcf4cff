import hashlib
import json
from collections import Counter

from odoo import models
from odoo.tools import SQL

from ...lib.compile import is_empty, reader, source_key
from ...lib.errors import Problem, _
from ...lib.values.names import match_key
from ...lib.values.text import split_list

BATCH = 2000


class MigrationStager(models.AbstractModel):
    """Reads tables into staged records; a record that is unchanged stays as it is."""

    _name = "migration.stager"
    _description = "Migration Stager"

    def _stage(self, run, mapping):
        """Stage all tables of ``mapping`` that have not been read yet."""
        connector = self.env[
            f"migration.connector.{run.project_id.source_id.connector}"
        ]
        seen = Counter()
        for table in mapping.table_ids.filtered(lambda table: not table.read_date):
            batch, count = [], 0
            for row in connector._iter_rows(table):
                if self._belongs(mapping, row):
                    batch.append(self._record(mapping, table, row, seen))
                count += 1
                if len(batch) >= BATCH:
                    self._write(run, mapping, batch)
                    run._commit()
                    batch = []
            self._write(run, mapping, batch)
            table.sudo().row_count = count
            run._commit()

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
        payload = {name: value for name, value in row.values.items() if name}
        problem = row.problem
        content = json.dumps(payload, sort_keys=True, ensure_ascii=False)
        digest = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
        source_id = self._source_id(mapping, payload)
        if source_id is None:
            seen[digest] += 1
            source_id = f"{digest[:16]}-{seen[digest]}"
        elif not source_id:
            source_id = self.env._("row %s", row.number)
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
        }

    @staticmethod
    def _source_id(mapping, payload):
        """The record's id; empty where its cells are, None where there is no column."""
        columns = mapping._id_columns()
        if not columns:
            return None
        values = [reader(column)(payload) for column in columns]
        if all(is_empty(value) for value in values):
            return ""
        normalise = match_key if mapping.id_by_name else source_key
        return ":".join("" if is_empty(v) else normalise(v) for v in values)

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
        self._mark_duplicates(run, mapping, batch)
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
                """SELECT source_id, payload_hash, row FROM migration_record
                    WHERE mapping_id = %s AND read_run_id = %s
                      AND source_id = ANY(%s)""",
                mapping.id,
                run.id,
                [record["source_id"] for record in batch],
            )
        )
        first = {source_id: (digest, row) for source_id, digest, row in rows}
        for record in batch:
            known = first.setdefault(
                record["source_id"], (record["payload_hash"], record["row"])
            )
            if known[1] == record["row"]:
                continue
            record["problem"] = record["problem"] or Problem(
                "duplicate_id",
                _("The identifier %(value)s is used in row %(first)s already."),
                _("Give one of the two rows another identifier, or delete it."),
                field=" + ".join(mapping._id_columns()),
                value=record["source_id"],
                first=known[1],
            )
            record["source_id"] = f"{record['source_id']} #{record['row']}"

    def _upsert(self, run, mapping, batch):
        problems = [record["problem"] for record in batch]
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
                ["failed" if problem else "pending" for problem in problems],
                [bool(problem) for problem in problems],
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
        names = {}
        for origin in (mapping.derived_from or "").split(","):
            object_name, _dot, column = origin.strip().partition(".")
            other = run.project_id.mapping_ids.filtered(
                lambda one, name=object_name: one.name == name
            )
            for value in self._distinct(other, column):
                for name in split_list(value):
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
