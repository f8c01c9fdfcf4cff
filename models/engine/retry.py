from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.corrections import ROW

_CODES = (
    "reference_failed",
    "reference_missing",
    "reference_waiting",
    "reference_ambiguous",
    "reference_cycle",
)

# Corrected, and not tried since: here, or as a row of a file of failed records.
_CORRECTED = SQL(
    """r.state = 'pending'
       AND (r.correction IS NOT NULL
            OR r.table_id IN (SELECT id FROM migration_file_table
                               WHERE %s = ANY(string_to_array(columns, E'\\n'))))""",
    ROW,
)


class MigrationRetry(models.AbstractModel):
    """Chooses what a retry loads, and what waits for it.

    That are failed and held records, and those that were corrected since, be it that
    a row without an identifier has got one.
    """

    _name = "migration.retry"
    _description = "Migration Retry"

    def _choose(self, run):
        """Mark the records that ``run`` tries again, as its option ``retry`` says.

        That is a dict of any of ``ids`` (of staged records), ``code`` and ``field``
        (why they failed), ``object`` (a mapping's name) and ``source_id``; an empty
        one means all of them.

        :return: how many there are
        :raises UserError: none is
        """
        count = len(self._mark(run, self._wanted(run.options["retry"])))
        if not count:
            raise UserError(
                self.env._(
                    "No failed or held record is meant. What could not be read is "
                    "corrected in the source and read again, or left out."
                )
            )
        while found := self._mark_waiting(run):
            count += found
        self.env["migration.record"].invalidate_model()
        return count

    def _has_work(self, project):
        """Whether anything failed, is held, or was corrected since."""
        self.env.flush_all()
        query = SQL(
            """SELECT 1 FROM migration_record r
                WHERE r.project_id = %s AND (r.state IN ('failed', 'held') OR %s)
                LIMIT 1""",
            project.id,
            _CORRECTED,
        )
        return bool(self.env.execute_query(query))

    @staticmethod
    def _wanted(options):
        conditions = {
            "ids": "r.id = ANY(%s)",
            "code": "r.error_code = %s",
            "field": "r.error_field IS NOT DISTINCT FROM %s",
            "object": "m.name = %s",
            "source_id": "r.source_id = %s",
        }
        return SQL(" AND ").join(
            [SQL("TRUE")]
            + [
                SQL(conditions[name], value or None)
                for name, value in options.items()
                if name in conditions
            ]
        )

    def _mark(self, run, condition):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """UPDATE migration_record AS r
                      SET retry_run_id = %s, state = 'pending', error = NULL,
                          error_code = NULL, error_field = NULL, error_value = NULL
                     FROM migration_mapping m
                    WHERE m.id = r.mapping_id AND m.active AND r.project_id = %s
                      AND (r.state IN ('failed', 'held')
                           OR %s AND r.retry_run_id IS DISTINCT FROM %s)
                      AND NOT COALESCE(r.unusable, FALSE) AND %s
                RETURNING r.id""",
                run.id,
                run.project_id.id,
                _CORRECTED,
                run.id,
                condition,
            )
        )

    def _mark_waiting(self, run):
        """Mark what failed because it refers to records marked before.

        A reference that goes by a name or an address may be to any of its object.
        """
        found = 0
        mappings = {one.name: one for one in run._mappings()}
        for mapping in mappings.values():
            for line in mapping.field_ids.filtered(lambda one: one._refers()):
                objects = [mappings[name].id for name in _names(line) & set(mappings)]
                natural = bool(line._natural_key())
                condition = SQL(
                    """r.mapping_id = %s AND r.error_field = %s
                       AND r.error_code = ANY(%s)
                       AND EXISTS (SELECT FROM migration_record o
                                    WHERE o.retry_run_id = %s
                                      AND o.mapping_id = ANY(%s)
                                      AND (%s OR o.source_id = r.error_value))""",
                    mapping.id,
                    line.source_path,
                    list(_CODES),
                    run.id,
                    objects,
                    natural,
                )
                found += len(self._mark(run, condition))
        return found


def _names(line):
    """Names of the objects that ``line`` may refer to."""
    kinds = line.reference.rpartition(":")[2].split(",")
    return {one.split("=")[-1].split(">")[0].strip() for one in kinds}
