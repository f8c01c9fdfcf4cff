from odoo import models
from odoo.tools import SQL

from ....lib.readers.clean import UNCLEAN
from .examiner import SAMPLES

# What an address needs to be one; several may stand in a cell.
_ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+$"
_EMAIL_FIELDS = ("email", "email_from")


class MigrationFindingsRecords(models.AbstractModel):
    """Rows that cannot be used, and addresses that are none."""

    _name = "migration.findings.records"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Records"

    def _find_unusable(self, run, mapping):
        rows = self.env.execute_query(
            SQL(
                """SELECT error_code, count(*), min(error),
                          (array_agg(id ORDER BY id))[1:%s]
                     FROM migration_record
                    WHERE mapping_id = %s AND state = 'failed'
                      AND (unusable OR error_code = ANY(%s)) GROUP BY error_code""",
                SAMPLES,
                mapping.id,
                list(UNCLEAN),
            )
        )
        for code, count, text, ids in rows:
            records = self.env["migration.record"].browse(ids)
            samples = "\n".join(record._whereabouts() for record in records)
            self._report(run, "1_error", code, text, mapping, count, samples)

    def _find_emails(self, run, mapping):
        # An owner or author may be named instead.
        owners = mapping.field_ids.filtered(lambda line: line.kind == "owner")
        named = owners.mapped("source_path")
        lines = mapping.field_ids.filtered(
            lambda line: (
                line.target in _EMAIL_FIELDS
                and line.source_path
                and line.source_path not in named
            )
        )
        for column in dict.fromkeys(lines.mapped("source_path")):
            # A display name or several addresses are read; what is left must be one.
            count, rows = self._count_and_sample(
                mapping,
                column,
                SQL(
                    """v.value !~ %s AND EXISTS (
                        SELECT FROM regexp_split_to_table(v.value, '[,;]') AS part
                         WHERE btrim(part) <> ''
                           AND COALESCE(substring(part FROM '<([^<>]*)>'),
                                        btrim(part)) !~ %s)""",
                    _ADDRESS,
                    _ADDRESS,
                ),
            )
            if count:
                self._report(
                    run,
                    "2_warning",
                    "email_invalid",
                    self.env._("%s has values that are no e-mail address", column),
                    mapping,
                    count,
                    self._places(rows, column),
                    self.env._(
                        "Correct them in the source, or set the line to “Leave empty”."
                    ),
                )
