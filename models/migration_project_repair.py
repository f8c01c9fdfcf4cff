from odoo import models


class MigrationProjectRepair(models.AbstractModel):
    """Trying again what has failed, all of it or a part."""

    _name = "migration.project.repair"
    _description = "Migration Repair"

    def _try_again(self, **options):
        """Start loading failed and held records; see :meth:`migration.retry._choose`.

        :param options: ``ids``, ``code``, ``field``, ``object``, ``source_id``
        """
        self.ensure_one()
        self._check_manager()
        self._check_prepared()
        self._check_approved()
        return self._queue("load", retry=options)

    def action_try_all_again(self):
        """Load all that failed or is held now, and nothing else."""
        return self._try_again()

    def action_open_reasons(self):
        """Open why records are not in Odoo, with counts."""
        return self._open("migration_failure_reason_action")

    def action_roll_back(self):
        """Show what a rollback of everything would do."""
        self.ensure_one()
        self._check_manager()
        return self.env["migration.rollback.wizard"]._show(self)
