from odoo import models
from odoo.tools import SQL

from .examiner import SAMPLES

_DIGITS = "0123456789"
_DOMAIN = r"^(?:https?://)?(?:www\.)?([^/:?#\s]+\.[^/:?#\s]+)"
# Fewer digits are an extension, which many people share.
_PHONE_DIGITS = 7


class MigrationFindingsDuplicates(models.AbstractModel):
    """Companies and people that are in the export more than once."""

    _name = "migration.findings.duplicates"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Duplicates"

    def _find_duplicates(self, run, mapping):
        if mapping.res_model != "res.partner":
            return
        for code, text, key, column in self._duplicate_keys(mapping):
            count, samples = self._duplicates(mapping, key, column)
            if count:
                self._report(
                    run,
                    "2_warning",
                    code,
                    text,
                    mapping,
                    count,
                    samples,
                    self.env._(
                        "Merge them in the source, or load them and merge them in "
                        "Odoo: nothing is merged by itself."
                    ),
                )

    def _duplicate_keys(self, mapping):
        """``(code, text, SQL of the key, column)`` of all by which records agree.

        The key is '' where a record says nothing.
        """
        by_target = {}
        for line in mapping.field_ids:
            if line.source_path and line.target and line.kind != "ignored":
                by_target.setdefault(line.target, line.source_path)
        env = self.env
        if column := by_target.get("email"):
            yield (
                "duplicate_email",
                env._("The same e-mail address in %s", column),
                SQL("lower(%s)", self._value(column)),
                column,
            )
        for target in ("phone", "x_mobile"):
            if column := by_target.get(target):
                yield (
                    "duplicate_phone",
                    env._("The same phone number in %s", column),
                    self._digits(column),
                    column,
                )
        if not (column := by_target.get("name")):
            return
        name = self._name_key(column)
        if self._is_company(mapping):
            yield "duplicate_name", env._("The same name in %s", column), name, column
            if site := by_target.get("website"):
                yield (
                    "duplicate_domain",
                    env._("The same internet domain in %s", site),
                    self._domain(site),
                    site,
                )
        else:
            # Two people of one name are not one person, unless they work together.
            company = by_target.get("parent_id")
            if company:
                yield (
                    "duplicate_name",
                    env._("The same name and company in %s", column),
                    SQL(
                        "CASE WHEN %(name)s = '' OR %(company)s = '' THEN '' "
                        "ELSE %(name)s || ' | ' || lower(%(company)s) END",
                        name=name,
                        company=self._value(company),
                    ),
                    column,
                )

    @staticmethod
    def _is_company(mapping):
        lines = mapping.field_ids.filtered(lambda one: one.target == "is_company")
        line = lines[:1]
        return line.kind == "constant" and line.constant == "1"

    def _name_key(self, columns):
        parts = [self._value(part.strip()) for part in columns.split(" + ")]
        joined = (
            parts[0] if len(parts) == 1 else SQL("concat_ws(' ', %s)", _list(parts))
        )
        return SQL("regexp_replace(lower(btrim(%s)), '\\s+', ' ', 'g')", joined)

    def _digits(self, column):
        value = self._value(column)
        digits = SQL("translate(%s, translate(%s, %s, ''), '')", value, value, _DIGITS)
        digits = SQL("ltrim(%s, '0')", digits)
        return SQL(
            "CASE WHEN length(%s) < %s THEN '' ELSE %s END",
            digits,
            _PHONE_DIGITS,
            digits,
        )

    def _domain(self, column):
        return SQL(
            "COALESCE(lower(substring(%s FROM %s)), '')", self._value(column), _DOMAIN
        )

    def _duplicates(self, mapping, key, column):
        """How many records are one too many, and some of the groups."""
        rows = self.env.execute_query(
            SQL(
                """SELECT sum(g.records - 1)::bigint, (array_agg(
                              g.ids ORDER BY g.first) FILTER (WHERE g.rank <= %(few)s))
                     FROM (SELECT count(*) AS records, min(k.id) AS first,
                                  ARRAY[min(k.id), max(k.id)] AS ids,
                                  row_number() OVER (ORDER BY min(k.id)) AS rank
                             FROM (SELECT r.id, %(key)s AS key
                                     FROM migration_record r WHERE %(usable)s) AS k
                            WHERE k.key <> '' GROUP BY k.key
                           HAVING count(*) > 1) AS g""",
                few=SAMPLES,
                key=key,
                usable=self._usable(mapping),
            )
        )
        count, pairs = rows[0]
        records = self.env["migration.record"]
        samples = [
            " = ".join(
                records.browse(id_)._whereabouts(
                    column, records.browse(id_).payload.get(column)
                )
                for id_ in pair
            )
            for pair in pairs or []
        ]
        return count or 0, "\n".join(samples)


def _list(parts):
    return SQL(", ").join(parts)
