from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class MigrationRecordGone(models.AbstractModel):
    """What becomes in Odoo of records that the source no longer has."""

    _name = "migration.record.gone"
    _description = "Migration Record Gone from Source"

    gone_state = fields.Selection(
        selection=[
            ("there", "In use"),
            ("archived", "Archived"),
            ("deleted", "Deleted"),
        ],
        string="State in Odoo",
        compute="_compute_gone_state",
        search="_search_gone_state",
        help="Of what is gone from the source, and was in Odoo; otherwise empty.",
    )

    @api.depends("source_gone", "res_model", "res_id")
    def _compute_gone_state(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state FROM (%s) AS gone WHERE id = ANY(%s)",
                self._gone_states(),
                self.ids,
            )
        )
        states = dict(rows)
        for record in self:
            record.gone_state = states.get(record.id)

    def _search_gone_state(self, operator, value):
        if operator != "in" or not all(value):
            return NotImplemented
        found = SQL(
            "(SELECT id FROM (%s) AS gone WHERE state = ANY(%s))",
            self._gone_states(),
            list(value),
        )
        return Domain("id", "in", found)

    def _gone_states(self):
        """SQL that selects id and state of all records that are gone."""
        self.env["migration.record"].flush_model(["source_gone", "res_model", "res_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT res_model FROM migration_record
                    WHERE source_gone AND res_id IS NOT NULL"""
            )
        )
        parts = [SQL("SELECT id, NULL AS state FROM migration_record WHERE FALSE")]
        parts += [self._gone_states_of(name) for (name,) in rows]
        return SQL(" UNION ALL ").join(parts)

    def _gone_states_of(self, name):
        """As :meth:`_gone_states`, of those that became records of one model."""
        table, active = SQL("(SELECT NULL::int AS id)"), SQL("TRUE")
        if name in self.env:
            model = self.env[name]
            table = SQL.identifier(model._table)
            archive = model._active_name
            if archive and model._fields[archive].store:
                model.flush_model([archive])
                active = SQL("COALESCE(%s, FALSE)", SQL.identifier("t", archive))
        return SQL(
            """SELECT r.id, CASE WHEN t.id IS NULL THEN 'deleted'
                                 WHEN %(active)s THEN 'there' ELSE 'archived' END
                 FROM migration_record r LEFT JOIN %(table)s t ON t.id = r.res_id
                WHERE r.source_gone AND r.res_model = %(name)s
                  AND r.res_id IS NOT NULL""",
            active=active,
            table=table,
            name=name,
        )

    def action_archive_gone(self):
        """Archive what the source no longer has in Odoo; it is in the journal.

        :raises UserError: a record is still in the source
        """
        projects = self.project_id
        projects._check_manager()
        if not self or len(projects) != 1 or self.filtered(lambda r: not r.source_gone):
            raise UserError(
                self.env._(
                    "Choose records of one migration that are gone from its source."
                )
            )
        return projects._queue("delta", only="archive", record_ids=sorted(self.ids))

    def _target_names(self):
        """``{(model, id): name}`` of the Odoo records that are there."""
        names = {}
        for model, records in self.filtered("res_id").grouped("res_model").items():
            if model in self.env:
                targets = self.env[model].sudo().browse(set(records.mapped("res_id")))
                names.update(
                    {(model, one.id): one.display_name for one in targets.exists()}
                )
        return names
