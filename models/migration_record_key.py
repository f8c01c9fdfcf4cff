from odoo import fields, models
from odoo.tools import SQL

from ..lib.payload import joined_reader
from ..lib.values.keys import natural_key
from ..lib.values.text import split_list

_BATCH = 10_000


class MigrationRecordKey(models.Model):
    """What staged records are called by those who refer to them without an id.

    Made from the staged payloads for the columns that references go by, and thrown
    away and made anew when the files are read.
    """

    _name = "migration.record.key"
    _description = "Staged Source Record Key"
    _rec_name = "key"
    _log_access = False

    mapping_id = fields.Many2one(
        "migration.mapping", required=True, ondelete="cascade", readonly=True
    )
    by = fields.Char(required=True, readonly=True, help="Name, e-mail, domain, phone.")
    source_path = fields.Char(string="Column", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    record_id = fields.Many2one(
        "migration.record", required=True, ondelete="cascade", readonly=True
    )

    _key_idx = models.Index("(mapping_id, by, source_path, key)")
    _record_idx = models.Index("(record_id)")

    def _ensure(self, project):
        """Have the keys of every natural reference of ``project``; made where missing.

        :return: nothing; memory holds one batch
        """
        for mapping, natural in self._wanted(project):
            if not self.search_count(
                [
                    ("mapping_id", "=", mapping.id),
                    ("by", "=", natural.by),
                    ("source_path", "=", natural.column),
                ],
                limit=1,
            ):
                self._make(mapping, natural.by, natural.column)

    def _wanted(self, project):
        """Pairs of mapping and :class:`NaturalKey` that the project's lines go by."""
        mappings = project.with_context(active_test=False).mapping_ids
        by_name = {mapping.name: mapping for mapping in mappings}
        wanted = {}
        for line in mappings.field_ids:
            natural = line._natural_key()
            if natural and natural.object in by_name:
                wanted[natural] = by_name[natural.object]
        return [(mapping, natural) for natural, mapping in wanted.items()]

    def _forget(self, mapping):
        """Drop the keys of ``mapping``, whose records have changed."""
        self.env.execute_query(
            SQL(
                "DELETE FROM migration_record_key WHERE mapping_id = %s RETURNING id",
                mapping.id,
            )
        )

    def _make(self, mapping, by, column):
        """Make the keys ``by`` of one column, in batches."""
        self.env.flush_all()
        read = joined_reader(column)
        last = 0
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT id, COALESCE(next_payload, payload) FROM migration_record
                        WHERE mapping_id = %s AND id > %s ORDER BY id LIMIT %s""",
                    mapping.id,
                    last,
                    _BATCH,
                )
            )
            if not rows:
                return
            last = rows[-1][0]
            pairs = [
                (id_, key)
                for id_, payload in rows
                for key in _keys(payload or {}, read, by)
            ]
            self._insert(mapping, by, column, pairs)

    def _insert(self, mapping, by, column, pairs):
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                """INSERT INTO migration_record_key
                          (mapping_id, by, source_path, record_id, key)
                   SELECT %s, %s, %s, * FROM unnest(%s::int[], %s::text[])
                   RETURNING id""",
                mapping.id,
                by,
                column,
                [id_ for id_, _key in pairs],
                [key for _id, key in pairs],
            )
        )

    def _find(self, mapping, by, column, keys):
        """``{key: [(record id, state, model, id in Odoo)]}`` of staged records."""
        rows = self.env.execute_query(
            SQL(
                """SELECT k.key, r.id, r.state, r.res_model, r.res_id
                     FROM migration_record_key k
                     JOIN migration_record r ON r.id = k.record_id
                    WHERE k.mapping_id = %s AND k.by = %s AND k.source_path = %s
                      AND k.key = ANY(%s)""",
                mapping.id,
                by,
                column,
                list(keys),
            )
        )
        found = {}
        for key, *record in rows:
            found.setdefault(key, []).append(tuple(record))
        return found


def _keys(payload, read, by):
    """The keys of one payload: several addresses or numbers make several."""
    value = read(payload)
    values = split_list(value) if by in ("email", "phone") and value else [value]
    return {key for one in values if one and (key := natural_key(by, one))}
