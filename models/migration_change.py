from odoo import fields, models
from odoo.tools import SQL


class MigrationChange(models.Model):
    """What a staged record was before a delta took its change over.

    Taking the delta back makes it the base again, with which the next one compares.
    """

    _name = "migration.change"
    _description = "Change Taken Over by a Delta"
    _order = "id"
    _log_access = False

    record_id = fields.Many2one(
        "migration.record", required=True, ondelete="cascade", index=True, readonly=True
    )
    run_id = fields.Many2one(
        "migration.run", required=True, ondelete="cascade", index=True, readonly=True
    )
    project_id = fields.Many2one(
        related="record_id.project_id", string="Migration", store=True, index=True
    )
    payload = fields.Json(readonly=True, help="The record as it was loaded before.")
    payload_hash = fields.Char(readonly=True)

    def _take_over(self, run, record_ids):
        """Make what the source says now what the records were loaded from."""
        self.env.execute_query(
            SQL(
                """INSERT INTO migration_change
                          (record_id, run_id, project_id, payload, payload_hash)
                   SELECT id, %s, project_id, payload, payload_hash
                     FROM migration_record WHERE id = ANY(%s) RETURNING id""",
                run.id,
                record_ids,
            )
        )
        self.env.execute_query(
            SQL(
                """UPDATE migration_record
                      SET payload = COALESCE(next_payload, payload),
                          payload_hash = next_hash,
                          next_payload = NULL, next_hash = NULL, error = NULL,
                          error_code = NULL, error_field = NULL, error_value = NULL
                    WHERE id = ANY(%s) RETURNING id""",
                record_ids,
            )
        )

    def _give_back(self, run):
        """Undo :meth:`_take_over` of ``run``: its changes are to be loaded again.

        Of a record that a later delta has changed as well, the later base stays.
        """
        self.env.flush_all()
        later = SQL(
            """EXISTS (SELECT FROM migration_change l
                        WHERE l.record_id = c.record_id AND l.id > c.id)"""
        )
        self.env.execute_query(
            SQL(
                """UPDATE migration_record r
                      SET next_payload = COALESCE(r.next_payload, r.payload),
                          next_hash = COALESCE(r.next_hash, r.payload_hash),
                          payload = c.payload, payload_hash = c.payload_hash
                     FROM migration_change c
                    WHERE c.record_id = r.id AND c.run_id = %s AND NOT %s
                      AND r.res_id IS NOT NULL RETURNING r.id""",
                run.id,
                later,
            )
        )
        # The source may say again what was loaded at first.
        self.env.execute_query(
            SQL(
                """UPDATE migration_record SET next_payload = NULL, next_hash = NULL
                    WHERE project_id = %s AND next_hash = payload_hash RETURNING id""",
                run.project_id.id,
            )
        )
        self.search([("run_id", "=", run.id)]).sudo().unlink()
        self.env["migration.record"].invalidate_model(flush=False)
