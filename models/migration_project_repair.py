from odoo import models

# What is meant by an option, on records and on reasons alike.
_MEANT = {"code": "error_code", "field": "error_field", "object": "mapping_id.name"}


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

    # What the command line shows

    def _meant(self, options):
        """A domain of what ``options`` mean: ``code``, ``field``, ``object``."""
        self.ensure_one()
        meant = [(_MEANT[name], "=", value) for name, value in options.items()]
        return [("project_id", "=", self.id), ("mapping_id.active", "=", True), *meant]

    def _reasons(self, **options):
        """Why records are not in Odoo, the commonest reason first."""
        return self.env["migration.failure.reason"].search(self._meant(options))

    def _not_loaded(self, **options):
        """The records that failed or are held, of the reasons meant."""
        return self.env["migration.record"].search(
            [*self._meant(options), ("state", "in", ("failed", "held"))]
        )

    def _left_out(self):
        """The records that somebody decided to leave out."""
        self.ensure_one()
        return self.env["migration.record"].search(
            [
                ("project_id", "=", self.id),
                ("state", "=", "skipped"),
                ("match_decision", "=", "skip"),
            ]
        )
