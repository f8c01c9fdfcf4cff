import json

from odoo import models
from odoo.tools import SQL

from ...lib.field_spec import PLURAL_TYPES
from ...lib.merge import LIST_MARK, digest
from ...lib.payload import reader
from ...lib.readers.clean import UNCLEAN

#: Digest of a record that the source does not have any more.
GONE = "gone"


class MigrationStaging(models.AbstractModel):
    """Keeps in the database what was read: new rows, changed ones, those gone.

    What is not in Odoo yet is replaced by what the source says now. A record that is
    in Odoo stays as it was loaded, and what the source says now is kept beside it.
    """

    _name = "migration.staging"
    _description = "Migration Staging"

    def _keep(self, run, mapping, batch, read, merge=False, corrected=0):
        """Keep one batch, made from ``read`` rows; each record comes once in it.

        :param bool merge: a record may come again in a later batch of this reading,
            which adds to it; :meth:`_settle` has to follow
        :param int corrected: records that rows left out of the batch have corrected
        """
        self.env["migration.corrections"]._carry_over(run, mapping, batch, merge)
        self._mark_contents(mapping, batch)
        if merge:
            self._gather_changes(run, mapping, batch)
        else:
            self._note_changes(mapping, batch)
        self._mark_seen(run, mapping, batch)
        counts = self._upsert(run, mapping, batch, merge)
        counts["updated"] += corrected
        self._count(run, mapping, batch, read, counts)

    @staticmethod
    def _mark_contents(mapping, batch):
        """Let the digest of a file's row tell whether its content has changed."""
        lines = mapping.field_ids.filtered(lambda line: line.target == "path")
        if not (lines[:1].source_path and mapping._loader()._keeps_files()):
            return
        read = reader(lines[0].source_path)
        with mapping.project_id._documents() as documents:
            for record in batch:
                path = read(json.loads(record["payload"]))
                mark = path and documents.mark(str(path))
                if mark:
                    record["payload_hash"] = digest(record["payload_hash"] + mark)

    # Records that are in Odoo

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
                *self._columns(batch, "source_id", "payload_hash", "payload"),
                mapping.id,
            )
        )

    def _gather_changes(self, run, mapping, batch):
        """As :meth:`_note_changes`, of records of which only a part was read so far.

        They have no digest of a change until all is read: nothing loads half of one.
        """
        self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET next_hash = NULL,
                          next_payload = CASE WHEN r.read_run_id = %s
                               THEN %s ELSE v.payload END
                     FROM unnest(%s::text[], %s::jsonb[]) AS v(source_id, payload)
                    WHERE r.mapping_id = %s AND r.source_id = v.source_id
                      AND r.res_id IS NOT NULL RETURNING r.id""",
                run.id,
                self._joined(
                    mapping, SQL("COALESCE(r.next_payload, '{}')"), SQL("v.payload")
                ),
                *self._columns(batch, "source_id", "payload"),
                mapping.id,
            )
        )

    def _settle(self, run, mapping):
        """Tell the changes of records that were read part by part."""
        self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET next_payload = v.payload, next_hash = md5(v.payload::text)
                     FROM (SELECT id, CASE WHEN read_run_id = %s
                                  THEN NULLIF(next_payload, payload) END AS payload
                             FROM migration_record
                            WHERE mapping_id = %s AND next_payload IS NOT NULL
                              AND next_hash IS NULL) AS v
                    WHERE r.id = v.id RETURNING r.id""",
                run.id,
                mapping.id,
            )
        )

    def _mark_seen(self, run, mapping, batch):
        """Note where records that stay as they are have been read this time."""
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
                *self._columns(batch, "source_id", "payload_hash", "table_id", "row"),
                mapping.id,
                run.id,
            )
        )

    # What is gone

    def _drop_gone(self, run, mapping, table):
        """Forget rows that a new version of their file no longer has.

        Such rows were deleted or repaired, or have another identifier now. So are
        records in Odoo whose file was deleted here, unless another one has them.
        """
        scope = "table_id = %s OR (table_id IS NULL AND res_id IS NOT NULL)"
        self._drop(run, mapping, SQL(scope, table.id))

    def _drop(self, run, mapping, scope):
        """Forget what ``run`` has not met of the records that ``scope`` is about.

        What is in Odoo stays, and so does its record, which says that it is gone.
        What is a value of another record says nothing any more: that is a change.

        :param scope: SQL condition of staged records of ``mapping``
        """
        gone = SQL("source_gone = TRUE")
        if mapping._loader()._is_value():
            gone = SQL(
                """next_hash = NULLIF(%(gone)s, payload_hash),
                   next_payload = CASE WHEN payload_hash <> %(gone)s
                                       THEN '{}'::jsonb END""",
                gone=GONE,
            )
        missing = SQL(
            "mapping_id = %s AND read_run_id IS DISTINCT FROM %s AND (%s)",
            mapping.id,
            run.id,
            scope,
        )
        self.env.execute_query(
            SQL(
                """UPDATE migration_record SET %s
                    WHERE %s AND res_id IS NOT NULL RETURNING id""",
                gone,
                missing,
            )
        )
        self.env.execute_query(
            SQL(
                "DELETE FROM migration_record WHERE %s AND res_id IS NULL RETURNING id",
                missing,
            )
        )

    # What is not in Odoo yet

    @staticmethod
    def _list_columns(mapping):
        """Columns whose values of several rows belong together, as tags do."""
        targets = mapping.env["migration.compiler"]._targets(mapping)
        return {
            line.source_path
            for line in mapping.field_ids
            if targets.get(line.target) in PLURAL_TYPES
        }

    def _joined(self, mapping, known, further):
        """SQL of what two parts of one record say together.

        The first value of each column counts; lists are put together.
        """
        lists = [
            SQL(
                "%(name)s, NULLIF(CONCAT_WS(%(mark)s, %(known)s->>%(name)s,"
                " %(further)s->>%(name)s), '')",
                name=name,
                mark=LIST_MARK,
                known=known,
                further=further,
            )
            for name in sorted(self._list_columns(mapping))
        ]
        return SQL(
            "%s || %s || jsonb_strip_nulls(jsonb_build_object(%s))",
            further,
            known,
            SQL(", ").join(lists),
        )

    def _merged(self, mapping, merge):
        """SQL of payload, digest and contradictions where a row comes again.

        Within one reading a row adds to those before it; what an earlier reading has
        left is replaced.
        """
        if not merge:
            return SQL("EXCLUDED.payload"), SQL("EXCLUDED.payload_hash"), SQL("NULL")
        return (
            SQL(
                """CASE WHEN r.read_run_id = EXCLUDED.read_run_id
                        THEN %s ELSE EXCLUDED.payload END""",
                self._joined(mapping, SQL("r.payload"), SQL("EXCLUDED.payload")),
            ),
            SQL(
                """CASE WHEN r.read_run_id = EXCLUDED.read_run_id
                        THEN md5(r.payload_hash || EXCLUDED.payload_hash)
                        ELSE EXCLUDED.payload_hash END"""
            ),
            SQL(
                """CASE WHEN r.read_run_id = EXCLUDED.read_run_id
                        THEN NULLIF(CONCAT_WS(', ', r.contradicts, (
                             SELECT string_agg(e.key, ', ' ORDER BY e.key)
                               FROM jsonb_each_text(EXCLUDED.payload) AS e
                              WHERE r.payload->>e.key <> e.value
                                AND NOT e.key = ANY(%s))), '')
                        ELSE EXCLUDED.contradicts END""",
                sorted(self._list_columns(mapping)),
            ),
        )

    def _upsert(self, run, mapping, batch, merge):
        problems = [record["problem"] for record in batch]
        # Owners and field definitions are read, but nothing is loaded from them.
        waiting = "pending" if mapping.role == "records" else "skipped"
        translate = self.env["migration.project"]._translate_term
        payload, digest, contradicts = self._merged(mapping, merge)
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
                      SET payload = %s, payload_hash = %s, contradicts = %s,
                          table_id = EXCLUDED.table_id, row = EXCLUDED.row,
                          read_run_id = EXCLUDED.read_run_id,
                          state = EXCLUDED.state, unusable = EXCLUDED.unusable,
                          error = EXCLUDED.error,
                          error_code = EXCLUDED.error_code,
                          error_field = EXCLUDED.error_field,
                          error_value = EXCLUDED.error_value
                    WHERE (r.payload_hash <> EXCLUDED.payload_hash
                           OR r.payload IS NULL
                           OR (r.unusable AND NOT EXCLUDED.unusable))
                      AND r.res_id IS NULL
                   RETURNING (xmax = 0)""",
                mapping.project_id.id,
                mapping.id,
                run.id,
                *self._columns(
                    batch, "source_id", "payload", "payload_hash", "table_id", "row"
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
                digest,
                contradicts,
            )
        )
        created = sum(inserted for (inserted,) in rows)
        return {"created": created, "updated": len(rows) - created}

    @staticmethod
    def _columns(batch, *names):
        return [[record[name] for record in batch] for name in names]

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
