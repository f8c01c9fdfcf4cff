from odoo import api, fields, models

from .engine.silence import is_silent


class MigrationTarget(models.AbstractModel):
    """What every model has whose records a migration can create."""

    _name = "migration.target"
    _description = "Migration Target"

    x_source_id = fields.Char(
        string="Source ID",
        copy=False,
        readonly=True,
        help="Where a migrated record comes from: project, object and id in the "
        "source. Rollback removes records by it.",
    )

    _x_source_id_uniq = models.UniqueIndex(
        "(x_source_id) WHERE x_source_id IS NOT NULL"
    )

    @api.model
    def _create(self, data_list):
        """Keep given values of computed fields: the source knows them.

        Without it, Odoo computes each of them again right after the insert, which
        costs an UPDATE per batch and can replace what was given. Fields that one
        method computes together are kept only if all of them are given.
        """
        if is_silent(self.env.cr) and self.env.context.get("migration_values_given"):
            for data in data_list:
                stored = data["stored"]
                for name in stored:
                    data["protected"].update(self._migration_given(name, stored))
        return super()._create(data_list)

    def _migration_given(self, name, stored):
        """Fields to protect because ``name`` is among the ``stored`` values."""
        field = self._fields[name]
        if not field.compute:
            return ()
        together = self.pool.field_computed.get(field, [field])
        given = all(one.name in stored for one in together if one.store)
        return together if given else ()
