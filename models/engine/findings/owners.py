from odoo import models
from odoo.tools import SQL

from .examiner import SAMPLES


class MigrationFindingsOwners(models.AbstractModel):
    """Owners without an Odoo user, and records without an owner."""

    _name = "migration.findings.owners"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Owners"

    def _find_unmatched(self, run):
        owners = run.project_id.owner_ids.filtered(
            lambda owner: not owner.user_id and owner.record_count
        )
        if owners:
            self._report(
                run,
                "2_warning",
                "owner_unmatched",
                self.env._("Owners without an Odoo user"),
                count=len(owners),
                samples=", ".join(
                    f"{owner.key} ({owner.record_count})" for owner in owners[:20]
                ),
                remedy=self.env._(
                    "Choose a user for each under “Owners”, or a fallback user."
                ),
            )

    def _find_without_owner(self, run, mapping):
        """Records whose owner column is empty."""
        for line in mapping.field_ids.filtered(
            lambda line: (
                line.kind == "owner" and line.source_path and line.on_missing == "fail"
            )
        ):
            rows = self.env.execute_query(
                SQL(
                    """SELECT count(*), (array_agg(r.id ORDER BY r.id))[1:%s]
                         FROM migration_record r WHERE %s AND %s = ''""",
                    SAMPLES,
                    self._usable(mapping),
                    self._value(line.source_path),
                )
            )
            count, ids = rows[0]
            if count:
                fallback = run.project_id.fallback_user_id
                self._report(
                    run,
                    "3_info" if fallback else "2_warning",
                    "owner_missing",
                    self.env._("Records without an owner in %s", line.source_path),
                    mapping,
                    count,
                    self._places([(id_, None) for id_ in ids]),
                    self.env._("They go to the fallback user, %s.", fallback.name)
                    if fallback
                    else self.env._("Choose a fallback user: without one they wait."),
                )
