"""Finds out before a rollback what Odoo will refuse to delete.

What the database holds on to, the plan knows by itself. What Odoo's own code refuses
depends on what users have made of a record: an invoice was posted, say. So the records
that users have worked on are tried, in a transaction that nothing is left of.
"""

import time

import psycopg2

from odoo import models
from odoo.exceptions import UserError

from .silence import QUIET, silenced
from .undo_plan import WORKED_ON, ForcedPlan, UndoPlan

# So long, as somebody waits for the preview; what is not tried by then stays unknown.
_SECONDS = 3
# Deleting these changes the registry for everybody.
_STRUCTURE = "ir."


class MigrationUndoTrial(models.AbstractModel):
    """Makes the plan of a rollback, with what Odoo refuses."""

    _name = "migration.undo.trial"
    _description = "Migration Undo Trial"

    def _plan(self, project, run, choices):
        """The :class:`UndoPlan`; what is forced on users' work has been tried."""
        if not any(map(choices.forces, WORKED_ON)):
            return UndoPlan(project, run, choices)
        plan = ForcedPlan(project, run, choices)
        going = [key for key in plan.going() if key in plan.worked_on]
        end = time.monotonic() + _SECONDS
        for model, ids in self._by_model(going).items():
            if refused := self._refused(model, ids, end):
                plan.refuse(model, refused)
        return plan

    @staticmethod
    def _by_model(keys):
        found = {}
        for model, res_id in keys:
            if not model.startswith(_STRUCTURE):
                found.setdefault(model, []).append(res_id)
        return found

    def _refused(self, model, ids, end):
        """``{id: why}`` of the records that Odoo does not delete.

        Each is tried by itself, while all the others are there: what only the
        database says of that is no answer.
        """
        refused = {}
        with self.env.registry.cursor() as cr, silenced(cr):
            cr.execute("SET LOCAL lock_timeout = '1s'")
            env = self.env(cr=cr, context={**self.env.context, **QUIET})
            try:
                records = env[model].sudo().browse(ids).exists()
            except psycopg2.errors.LockNotAvailable:
                # Somebody changes the structure of the table: nothing can be tried.
                return {}
            for record in records:
                if time.monotonic() > end:
                    break
                try:
                    with cr.savepoint() as savepoint:
                        record.unlink()
                        env.flush_all()
                        savepoint.rollback()
                except UserError as error:
                    refused[record.id] = self.env["migration.engine"]._say(error)
                except psycopg2.Error:
                    # Others work on it, or need it, at the moment.
                    continue
                finally:
                    env.clear()
            cr.rollback()
        return refused
