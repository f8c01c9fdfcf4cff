from odoo import models
from odoo.tools import SQL

from ...lib.field_spec import FIRST_OF_LIST
from ...lib.payload import source_key
from ...lib.values.keys import natural_key
from ...lib.values.names import match_key
from ...lib.values.text import split_list

_LOOKED_AT = 5000
_VALUES = 300
# Share of a column's values that have to occur in the other's.
_LINKED = 0.5
_SURELY = 0.95
# Shorter ids occur in any table by chance.
_TELLING = 5


class MigrationLinker(models.AbstractModel):
    """Finds by which column records refer to each other: by the values they share."""

    _name = "migration.linker"
    _description = "Migration Linker"

    def _link(self, mapping):
        """Correct the proposed references of ``mapping`` by what is staged."""
        project = mapping.project_id
        mappings = {one.name: one for one in project.mapping_ids}
        for line in mapping.field_ids.filtered(lambda line: not line.confirmed):
            if not line.source_path or " + " in line.source_path:
                continue
            if line.kind == "reference" and line.reference in mappings:
                if line.reference_by != "row":
                    self._check(line, mappings[line.reference], mappings)
            elif line.kind == "custom_field_required":
                self._discover(line, mappings)
        self._link_by_domain(mapping, mappings)

    def _check(self, line, other, mappings):
        """Let ``line`` go by the id or column of ``other`` that has its values."""
        values = self._values(line)
        if not values or not other.staged_count:
            return
        present = self._share(
            line, other, values, line.reference_by, line.reference_key
        )
        if present < _LINKED:
            best = max(
                (
                    (self._share(line, other, values, by, column), by, column)
                    for by, column in self._candidates(other)
                ),
                key=lambda one: one[0],
                default=(0, None, None),
            )
            if best[0] >= _LINKED and best[0] > present:
                share, by, column = best
                line.write(
                    {
                        "reference_by": by,
                        "reference_key": column,
                        "reason": self.env._(
                            "%(share)d%% of its values are the %(column)s of "
                            "%(object)s",
                            share=100 * share,
                            column=column or self.env._("identifier"),
                            object=other.label,
                        ),
                    }
                )
        self._take_first(line, other, values)
        if line.reference_by == "id":
            self._link_other_kinds(line, other, mappings, values)

    def _link_other_kinds(self, line, other, mappings, values):
        """Add a line for each other object that some ids of the column belong to.

        A column may refer to records of several kinds, told apart by their ids alone.
        """
        known = self._ids_among(other, values)
        rest = [value for value in values if source_key(value) not in known]
        siblings = line.mapping_id.field_ids.filtered(
            lambda one: (one.source_path, one.target) == (line.source_path, line.target)
        )
        for template in line.mapping_id.object_id.field_ids:
            another = mappings.get(template.reference or "")
            alike = template.kind == "reference" and template.target == line.target
            if not alike or not another or template.reference_key:
                continue
            if another.id_by_name or another.name in siblings.mapped("reference"):
                continue
            found = self._ids_among(
                another, [one for one in rest if len(source_key(one)) >= _TELLING]
            )
            if not found:
                continue
            vals = {
                "reference": another.name,
                "confirmed": False,
                "confidence": 0.9,
                "reason": self.env._(
                    "Some of its values are identifiers of %(object)s",
                    object=another.label,
                ),
            }
            if known:
                siblings |= line.copy(vals)
            else:
                line.write(vals)
                known = found

    def _ids_among(self, mapping, values):
        """Those of ``values`` that identify a record of ``mapping``, as a set."""
        records = self.env["migration.record"].search_fetch(
            [
                ("mapping_id", "=", mapping.id),
                ("source_id", "in", [source_key(value) for value in values]),
            ],
            ["source_id"],
        )
        return set(records.mapped("source_id"))

    def _take_first(self, line, other, values):
        """Link the first of several ids in a cell, where one record is wanted."""
        targets = self.env["migration.compiler"]._targets(line.mapping_id)
        if targets.get(line.target) == "many2many" or line.transform:
            return
        lists = [value for value in values if len(split_list(value)) > 1]
        if not lists:
            return
        args = (line.reference_by, line.reference_key)
        whole = self._share(line, other, lists, *args)
        firsts = [split_list(value)[0] for value in lists]
        if self._share(line, other, firsts, *args) > whole:
            line.transform = FIRST_OF_LIST

    def _discover(self, line, mappings):
        """Recognise ids of other objects in a column that nobody knows."""
        values = [source_key(value) for value in self._values(line)]
        if len(values) < _TELLING or max(map(len, values)) < _TELLING:
            return
        for template in line.mapping_id.object_id.field_ids:
            other = mappings.get(template.reference or "")
            taken = line.mapping_id.field_ids.filtered(
                lambda one, template=template: (
                    one.kind == "reference" and one.reference == template.reference
                )
            )
            if template.kind != "reference" or not other or taken:
                continue
            share = self._share(line, other, values, "id", None)
            if share >= _SURELY:
                line.write(
                    {
                        "kind": "reference",
                        "target": template.target,
                        "reference": other.name,
                        "reference_by": "id",
                        "label": False,
                        "ttype": False,
                        "confidence": share * 0.95,
                        "reason": self.env._(
                            "%(share)d%% of its values are identifiers of %(object)s",
                            share=100 * share,
                            object=other.label,
                        ),
                    }
                )
                return

    def _link_by_domain(self, mapping, mappings):
        """Link by the domain of the e-mail address where nothing else names the other.

        People of a company that is not in the export, or of none, stay without.
        """
        fields_ = mapping.object_id.field_ids
        addresses = mapping.field_ids.filtered(lambda line: line.target == "email")
        for template in fields_.filtered(lambda one: one.reference_by == "name"):
            other = mappings.get(template.reference)
            linked = mapping.field_ids.filtered(
                lambda line, name=template.reference: line.reference == name
            )
            sites = other and other.field_ids.filtered(
                lambda line: line.target == "website" and line.source_path
            )
            if linked or not sites or not addresses:
                continue
            line, site = addresses[0], sites[0].source_path
            share = self._share(line, other, self._values(line), "domain", site)
            if share >= _LINKED:
                line.copy(
                    {
                        "target": template.target,
                        "kind": "reference",
                        "reference": other.name,
                        "reference_by": "domain",
                        "reference_key": site,
                        "on_missing": "empty",
                        "confirmed": False,
                        "confidence": 0.7,
                        "reason": self.env._(
                            "%(share)d%% of the addresses have the domain of one of "
                            "%(object)s",
                            share=100 * share,
                            object=other.label,
                        ),
                    }
                )

    def _candidates(self, other):
        """Pairs (by, column) of what ``other`` may be named by."""
        yield "id", None
        seen = set()
        for line in other.field_ids.filtered("source_path"):
            by = {"name": "name", "email": "email", "email_from": "email"}.get(
                line.target
            )
            if by and (by, line.source_path) not in seen:
                seen.add((by, line.source_path))
                yield by, line.source_path

    def _share(self, line, other, values, by, column):
        """Which share of ``values`` is found among the records of ``other``, 0 to 1."""
        if by == "id":
            normalise = match_key if other.id_by_name else source_key
            keys = {normalise(value) for value in values}
            found = self.env.execute_query(
                SQL(
                    """SELECT count(*) FROM migration_record
                        WHERE mapping_id = %s AND source_id = ANY(%s)""",
                    other.id,
                    list(keys),
                )
            )[0][0]
            return found / len(keys)
        keys = {key for value in values if (key := natural_key(by, value))}
        if not keys or not column:
            return 0
        index = self.env["migration.record.key"]
        domain = [
            ("mapping_id", "=", other.id),
            ("by", "=", by),
            ("source_path", "=", column),
        ]
        if not index.search_count(domain, limit=1):
            index._make(other, by, column)
        return len(index._find(other, by, column, keys)) / len(keys)

    def _values(self, line):
        """Some of the distinct values of a line's column, as text."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT value FROM (
                       SELECT payload->>%s AS value FROM migration_record
                        WHERE mapping_id = %s LIMIT %s) AS one
                    WHERE trim(value) <> '' LIMIT %s""",
                line.source_path,
                line.mapping_id.id,
                _LOOKED_AT,
                _VALUES,
            )
        )
        return [value for (value,) in rows]
