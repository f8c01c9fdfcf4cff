from odoo import models
from odoo.tools import SQL, groupby

from ...lib.merge import merge_rows, packed
from ...lib.nothing import says_nothing
from ...lib.payload import source_key
from ...lib.values.names import match_key
from ...lib.values.text import split_list
from .stager import BATCH

_PAGE = 5000


class MigrationDeriver(models.AbstractModel):
    """Makes records of one object from columns of another, and stages them.

    Companies from the columns of contacts, stages from a column of deals, tags from
    lists. What was staged is looked through by the database; the files are not read
    again.
    """

    _name = "migration.deriver"
    _description = "Migration Deriver"

    def _derive(self, run, mapping):
        """Stage what ``mapping`` gets from its origins."""
        keys = self.env["migration.record.key"]
        name = self._name_column(mapping)
        if mapping.table_ids and name:
            keys._forget(mapping)
            keys._make(mapping, "name", name)
        origins = mapping.origin_ids.sorted("id")
        for _origin, group in groupby(origins, lambda one: one.origin_id):
            lines = self.env["migration.mapping.origin"].concat(*group)
            for line in lines.filtered("is_list"):
                self._derive_from(run, mapping, line, name)
            whole = lines.filtered(lambda line: not line.is_list)
            if whole:
                self._derive_from(run, mapping, whole, name)
        keys._forget(mapping)
        staging = self.env["migration.staging"]
        staging._settle(run, mapping)
        # Rows of a table of the object's own were looked at when that was read.
        derived = SQL("source_id LIKE 'name:%%'") if mapping.table_ids else SQL("TRUE")
        if mapping.schema:
            # A stage is there, whether or not there is a deal in it.
            derived = SQL("%s AND res_id IS NULL", derived)
        staging._drop(run, mapping, derived)

    @staticmethod
    def _name_column(mapping):
        """The column that has the name of the mapping's records."""
        lines = mapping.field_ids.filtered(lambda line: line.target == "name")
        return lines[:1].source_path

    def _derive_from(self, run, mapping, lines, name):
        staging = self.env["migration.staging"]
        for page in self._pages(lines):
            batch = self._records(mapping, lines, page, name)
            batch = self._unknown(mapping, batch, name)
            batch = merge_rows(batch)
            for start in range(0, len(batch), BATCH):
                part = batch[start : start + BATCH]
                staging._keep(run, mapping, part, len(part), merge=True)
            run._commit()

    def _pages(self, lines):
        """The distinct values of the origin's columns, first rows first, by pages.

        Each is a tuple: table, row, then the values.
        """
        # What a record that is in Odoo says now is what counts here.
        columns = [
            SQL("COALESCE(r.next_payload, r.payload)->>%s", line.origin_column)
            for line in lines
        ]
        names = [SQL.identifier(f"c{number}") for number in range(len(columns))]
        selected = SQL(", ").join(
            SQL("%s AS %s", column, name)
            for column, name in zip(columns, names, strict=True)
        )
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS migration_derived"))
        cr.execute(
            SQL(
                """CREATE TEMP TABLE migration_derived AS
                   SELECT row_number() OVER (ORDER BY first) AS n, found.*
                     FROM (SELECT min(r.id) AS first, %s FROM migration_record r
                            WHERE r.mapping_id = %s
                              AND NOT COALESCE(r.unusable, FALSE)
                            GROUP BY %s) AS found""",
                selected,
                lines.origin_id.id,
                SQL(", ").join(names),
            )
        )
        last = 0
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT d.n, r.table_id, r.row, %s FROM migration_derived d
                         JOIN migration_record r ON r.id = d.first
                        WHERE d.n > %s AND d.n <= %s ORDER BY d.n""",
                    SQL(", ").join(SQL("d.%s", name) for name in names),
                    last,
                    last + _PAGE,
                )
            )
            if not rows:
                break
            last = rows[-1][0]
            yield [row[1:] for row in rows]
        cr.execute(SQL("DROP TABLE migration_derived"))

    def _records(self, mapping, lines, page, name):
        """Rows to stage, of a page of values; those that name nothing are left out."""
        identify = mapping._identity()
        columns = [line.source_path for line in lines]
        records = []
        for table, row, *values in page:
            for payload in self._payloads(lines, columns, values):
                source_id = identify(payload) if identify else ""
                if not source_id and payload.get(name):
                    source_id = f"name:{match_key(payload[name])}"
                if source_id:
                    content, digest = packed(payload)
                    records.append(
                        {
                            "source_id": source_id,
                            "payload": content,
                            "payload_hash": digest,
                            "name": payload.get(name),
                            "table_id": table,
                            "row": row,
                            "problem": None,
                        }
                    )
        return records

    @staticmethod
    def _payloads(lines, columns, values):
        nothing = lines.mapping_id.project_id._empty_words()
        if lines[:1].is_list:
            items = split_list(values[0] or "")
            return [{columns[0]: one} for one in items if one.casefold() not in nothing]
        found = {
            column: value
            for column, value in zip(columns, values, strict=True)
            if not says_nothing(value, nothing)
        }
        return [found] if found else []

    def _unknown(self, mapping, batch, name):
        """Those of ``batch`` that no table of the object has by their name or id."""
        if not mapping.table_ids:
            return batch
        named = [one for one in batch if name and one["name"]]
        keys = {match_key(one["name"]) for one in named}
        known = set(self.env["migration.record.key"]._find(mapping, "name", name, keys))
        # A column that is called by a name may hold ids.
        normal = match_key if mapping.id_by_name else source_key
        ids = [normal(one["name"]) for one in named]
        staged = self.env["migration.record"].search_fetch(
            [("mapping_id", "=", mapping.id), ("source_id", "in", ids)], ["source_id"]
        )
        known.update(match_key(one) for one in staged.mapped("source_id"))
        return [one for one in named if match_key(one["name"]) not in known]
