"""Which records a sample takes: some of everything, with all they need."""

from odoo import models
from odoo.tools import SQL

from ...lib.field_spec import NaturalKey
from ...lib.nothing import is_empty
from .resolver import OWNER, PERSON

# Kinds of lines whose values are few and make a difference: each is seen once.
_TELLING = ("value_mapping", "owner", "reference", "lookup")
# Distinct values of a column that are taken one record each.
_VALUES = 25
# Records of an object that hang on one of the sample, such as the notes of a deal.
_CHILDREN = 10
_UNUSUAL = 10


class MigrationSampler(models.AbstractModel):
    """Chooses a slice of the pending records that is like the whole.

    Each object gives one record of every file, value, stage, owner and type, the
    longest and the emptiest, those that findings name, and a share drawn at random
    from a seed that is kept. Then come the records these refer to, and some of those
    that refer to them, so that the slice loads by itself.
    """

    _name = "migration.sampler"
    _description = "Migration Sampler"

    def _choose(self, run):
        """Mark the staged records of the sample ``run``; gives their number."""
        size = run.options["size"]
        mappings = run._mappings()
        share = max(size // max(len(mappings), 1), 1)
        chosen = set()
        for mapping in mappings:
            chosen |= self._telling(mapping)
            chosen |= self._random(mapping, run.options["seed"], share // 2 or 1)
        compiled = {mapping: mapping._compile() for mapping in mappings}
        needed = self._closed(mappings, compiled, chosen)
        children = self._children(mappings, compiled, chosen)
        chosen = needed | self._closed(mappings, compiled, children)
        self._mark(run, chosen)
        return len(chosen)

    def _mark(self, run, chosen):
        self.env.execute_query(
            SQL(
                "UPDATE migration_record SET sample_run_id = %s WHERE id = ANY(%s)"
                " RETURNING id",
                run.id,
                list(chosen),
            )
        )
        self.env["migration.record"].invalidate_model(["sample_run_id"])

    # What one object gives

    def _telling(self, mapping):
        """Ids of records that differ in what matters."""
        rows = self._extremes(mapping) + self._unusual(mapping)
        for trait in self._traits(mapping):
            rows += self._one_of_each(mapping, trait)
        return {id_ for (id_,) in rows}

    def _traits(self, mapping):
        """SQL of what tells the records of ``mapping`` apart."""
        columns = {
            line.source_path
            for line in mapping.field_ids
            if line.source_path
            and (line.kind in _TELLING or line.ttype in ("boolean", "selection"))
        }
        traits = [SQL("r.table_id::text")]
        traits += [SQL("r.payload->>%s", column) for column in sorted(columns)]
        return traits

    def _one_of_each(self, mapping, trait):
        """Rows of an id, one for each of the most frequent values."""
        return self.env.execute_query(
            SQL(
                """SELECT min(r.id) FROM migration_record r
                    WHERE r.mapping_id = %s AND r.state = 'pending'
                      AND %s IS NOT NULL
                    GROUP BY %s ORDER BY count(*) DESC LIMIT %s""",
                mapping.id,
                trait,
                trait,
                _VALUES,
            )
        )

    def _extremes(self, mapping):
        """The longest record and the emptiest one."""
        found = []
        for order in (SQL("DESC"), SQL("ASC")):
            found += self.env.execute_query(
                SQL(
                    """SELECT r.id FROM migration_record r
                        WHERE r.mapping_id = %s AND r.state = 'pending'
                        ORDER BY length(r.payload::text) %s, r.id LIMIT 1""",
                    mapping.id,
                    order,
                )
            )
        return found

    def _unusual(self, mapping):
        """Records in which something was found: contradictions, or by a finding."""
        findings = mapping.project_id.finding_ids.filtered(
            lambda one: one.mapping_id == mapping and one.samples
        )
        named = {
            part.strip()
            for finding in findings
            for part in finding.samples.replace(";", ",").split(",")
        }
        return self.env.execute_query(
            SQL(
                """SELECT r.id FROM migration_record r
                    WHERE r.mapping_id = %s AND r.state = 'pending'
                      AND (r.contradicts IS NOT NULL OR r.source_id = ANY(%s))
                    ORDER BY r.id LIMIT %s""",
                mapping.id,
                sorted(named),
                _UNUSUAL,
            )
        )

    def _random(self, mapping, seed, count):
        """``count`` records by chance, the same ones for the same ``seed``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM migration_record
                    WHERE mapping_id = %s AND state = 'pending'
                    ORDER BY md5(%s || source_id), id LIMIT %s""",
                mapping.id,
                f"{seed}/",
                count,
            )
        )
        return {id_ for (id_,) in rows}

    # What belongs to it

    def _closed(self, mappings, compiled, chosen):
        """``chosen`` with every pending record that one of them refers to."""
        found, new = set(chosen), set(chosen)
        while new:
            new = self._referenced(mappings, compiled, new) - found
            found |= new
        return found

    def _referenced(self, mappings, compiled, ids):
        wanted = {}
        for mapping in mappings:
            for _id, _key, payload in self._payloads(mapping, ids):
                for resolver, key in compiled[mapping].requests(payload):
                    if resolver not in (OWNER, PERSON):
                        wanted.setdefault(resolver, set()).add(key)
        by_name = {mapping.name: mapping for mapping in mappings}
        found = set()
        for resolver, keys in wanted.items():
            if isinstance(resolver, NaturalKey):
                found |= self._by_natural_key(
                    by_name.get(resolver.object), resolver, keys
                )
            else:
                found |= self._by_id(by_name.get(resolver.partition(">")[0]), keys)
        return found

    def _by_natural_key(self, mapping, natural, keys):
        if not mapping:
            return set()
        found = self.env["migration.record.key"]._find(
            mapping, natural.by, natural.column, keys
        )
        return {
            record[0]
            for records in found.values()
            for record in records
            if record[1] == "pending"
        }

    def _by_id(self, mapping, keys):
        keys = [key for key in keys if isinstance(key, str)]
        if not mapping or not keys:
            return set()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM migration_record WHERE mapping_id = %s
                      AND state = 'pending' AND source_id = ANY(%s)""",
                mapping.id,
                keys,
            )
        )
        return {id_ for (id_,) in rows}

    def _children(self, mappings, compiled, chosen):
        """Some records of every object that refer to one of ``chosen``."""
        keys = self._keys_of(mappings, chosen)
        found = set()
        for mapping in mappings:
            columns = {
                line.source_path for line in mapping.field_ids if line._refers()
            } - {False}
            for column in columns:
                found |= self._referring(mapping, compiled[mapping], column, keys)
        return found - chosen

    def _keys_of(self, mappings, ids):
        """``{object: {source id}}`` of the staged records ``ids``."""
        return {
            mapping.name: {key for _id, key, _payload in self._payloads(mapping, ids)}
            for mapping in mappings
        }

    def _referring(self, mapping, compiled, column, keys):
        """Ids of records whose ``column`` names one of ``keys``, some of each."""
        values = sorted(set().union(*keys.values()))
        rows = self.env.execute_query(
            SQL(
                """SELECT id, payload FROM (
                       SELECT id, payload, row_number() OVER (
                              PARTITION BY payload->>%(column)s ORDER BY id) AS number
                         FROM migration_record
                        WHERE mapping_id = %(mapping)s AND state = 'pending'
                          AND payload->>%(column)s = ANY(%(values)s)) AS child
                    WHERE number <= %(limit)s""",
                column=column,
                mapping=mapping.id,
                values=values,
                limit=_CHILDREN,
            )
        )
        return {
            id_
            for id_, payload in rows
            if any(
                isinstance(resolver, str) and key in keys.get(resolver, ())
                for resolver, key in compiled.requests(payload)
                if not is_empty(key)
            )
        }

    def _payloads(self, mapping, ids):
        return self.env.execute_query(
            SQL(
                """SELECT id, source_id, payload FROM migration_record
                    WHERE mapping_id = %s AND id = ANY(%s) ORDER BY id""",
                mapping.id,
                list(ids),
            )
        )
