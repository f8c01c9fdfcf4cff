from collections import Counter

from odoo import models
from odoo.tools import SQL

from ..lib.corrections import flatten
from ..lib.errors import shorten

BATCH = 2000
_SAMPLES = 3


class MigrationLeftoverColumns(models.AbstractModel):
    """Which columns of an object nobody mapped, and what is in them."""

    _name = "migration.leftover.columns"
    _description = "Migration Columns Left Out"

    def _listed(self, project):
        """``{object: [facts]}`` of the columns left out, as the audit saw them.

        The fill rate is None for a column that no line of the mapping is about.
        """
        found = {}
        for mapping in project.with_context(active_test=False).mapping_ids:
            if not mapping.active or not mapping.staged_count or mapping.origin_ids:
                continue
            used = self._used(mapping)
            lines = {line.source_path: line for line in mapping.field_ids}
            columns = [
                {
                    "column": name,
                    "fill_rate": round(lines[name].fill_rate, 4)
                    if name in lines
                    else None,
                    "samples": (lines[name].samples or "") if name in lines else "",
                    "ignored": name in lines,
                }
                for name in self._names(mapping)
                if not _covered(name, used)
            ]
            if columns:
                found[mapping.name] = columns
        return found

    def _names(self, mapping):
        """All columns known of the object, in the order of its tables."""
        names = [
            name
            for table in mapping.table_ids
            for name in (table.columns or "").split("\n")
        ]
        paths = mapping.field_ids.mapped("source_path")
        nested = {path.partition(".")[0] for path in paths if path and "." in path}
        names = [name for name in names if name and name not in nested]
        names += [path for path in paths if path and " + " not in path]
        return list(dict.fromkeys(names))

    def _used(self, mapping):
        """Columns of the object whose values went somewhere, as a set.

        Where the object is switched off, none did.
        """
        if not mapping.active:
            return set()
        used = set()
        for line in mapping.field_ids:
            if line.kind == "ignored" or not (line.target or line.kind == "identifier"):
                continue
            path = line.source_path or ""
            used |= {path, *(part.strip() for part in path.split(" + "))}
            # “related_type: contact=contact”: the column that says which object.
            column, colon, _kinds = (line.reference or "").rpartition(":")
            used |= {column.strip()} if colon else set()
        column, equals, _value = (mapping.row_filter or "").partition("=")
        used |= {column} if equals else set()
        for other in mapping.project_id.mapping_ids:
            used |= set(
                other.origin_ids.filtered(lambda one: one.origin_id == mapping).mapped(
                    "origin_column"
                )
            )
        return used - {""}

    def _rows(self, mapping, used):
        """Yield ``(values of the record, {column: text})`` of what is left over.

        The values are those of :meth:`_records`; a record without any text is left
        out.
        """
        whole = [name for name in used if name]
        for record in self._records(mapping, SQL("payload - %s::text[]", whole)):
            cells = {
                name: text
                for name, text in flatten(record["payload"] or {}).items()
                if text not in ("", "[]", "{}") and not _covered(name, used)
            }
            if cells:
                yield record, cells

    def _records(self, mapping, payload, condition=SQL("TRUE")):  # noqa: B008
        """Yield the staged records of ``mapping`` as dicts, a batch at a time."""
        last = ""
        columns = ("id", "source_id", "state", "res_model", "res_id", "row", "payload")
        columns += ("file", "error", "error_code", "error_field", "error_value")
        self.env.flush_all()
        while rows := self.env.execute_query(
            SQL(
                """SELECT r.id, r.source_id, r.state, r.res_model, r.res_id, r.row,
                          %s, t.name, r.error, r.error_code, r.error_field,
                          r.error_value
                     FROM migration_record r
                     LEFT JOIN migration_file_table t ON t.id = r.table_id
                    WHERE r.mapping_id = %s AND r.source_id > %s AND %s
                    ORDER BY r.source_id LIMIT %s""",
                payload,
                mapping.id,
                last,
                condition,
                BATCH,
            )
        ):
            yield from (dict(zip(columns, row, strict=True)) for row in rows)
            last = rows[-1][1]

    def _facts(self, mapping):
        """``{column: (filled, samples)}`` of the columns left over, from all rows."""
        used = self._used(mapping)
        filled, samples = Counter(), {}
        for _record, cells in self._rows(mapping, used):
            for name, text in cells.items():
                filled[name] += 1
                known = samples.setdefault(name, [])
                if len(known) < _SAMPLES and (short := shorten(text)) not in known:
                    known.append(short)
        order = {name: place for place, name in enumerate(self._names(mapping))}
        names = sorted(filled, key=lambda name: (order.get(name, len(order)), name))
        return {name: (filled[name], samples[name]) for name in names}


def _covered(name, used):
    """Whether a column, or what it is a part of, is used."""
    if name in used:
        return True
    parts = name.split(".")
    return any(".".join(parts[:end]) in used for end in range(1, len(parts)))
