"""What a rollback would do: worked out in SQL, on a temporary table.

Each record the journal says was created is a row of it. A row gets a reason to be
kept when its record was changed since, when users have added something to it, or
when a record that stays needs it; the last one spreads until nothing more is added.
"""

from odoo.tools import SQL

from .undo_choice import Choices
from .undo_references import References
from .undo_watch import Watch

# Archived, an activity is done to Odoo.
_NOT_ARCHIVED = ("mail.activity",)
# What users have done with a record, for which it stays unless that is forced.
WORKED_ON = ("changed", "added", "needed")


class UndoPlan:
    """The plan for one project, or for one run of it.

    :param project: ``migration.project`` record
    :param run: ``migration.run`` whose work is undone; all runs without it
    :param choices: :class:`Choices` for what cannot just be removed

    ``archived`` are the ``(model, id)`` of what was archived instead of removed.

    A row that is ``free`` goes in any case: it is not looked at.
    """

    def __init__(self, project, run=None, choices=None):
        self.env = project.env
        self._project, self._run = project, run
        self._choices = choices or Choices()
        self._refused = {}
        self.archived = set()
        self._build()

    def rebuild(self):
        """Work the plan out anew; what Odoo has refused to delete stays refused."""
        self._build()
        for (model, res_id), by_what in self._refused.items():
            self._settle_refused(model, [res_id], by_what)
        self.spread()

    def _build(self):
        self.env.flush_all()
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.migration_undo")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE migration_undo AS
                   SELECT l.res_model AS model, l.res_id, max(l.source_id) AS source_id,
                          max(l.mapping_id) AS mapping_id, min(l.id) AS log_id,
                          min(l.date) AS made,
                          (SELECT max(o.date) FROM migration_log o
                            WHERE o.res_model = l.res_model AND o.res_id = l.res_id
                              AND o.operation IN ('create', 'update')) AS since,
                          max(l.run_id) IS NULL AS aside,
                          NULL::text AS reason, NULL::text AS by_what, FALSE AS free
                     FROM migration_log l
                    WHERE l.project_id = %s AND l.operation = 'create' AND %s
                      AND NOT EXISTS (
                          SELECT FROM migration_log u
                           WHERE u.res_model = l.res_model AND u.res_id = l.res_id
                             AND u.operation = 'unlink' AND u.id > l.id)
                    GROUP BY l.res_model, l.res_id""",
                self._project.id,
                self._scope(),
            )
        )
        self.env.cr.execute(
            "CREATE UNIQUE INDEX ON pg_temp.migration_undo (model, res_id)"
        )
        self.env.cr.execute("ANALYZE pg_temp.migration_undo")
        self._drop_gone()
        self._keep()

    def _keep(self):
        """Give all that stays the reason for it."""
        self._keep_changed()
        self.spread()

    def _scope(self):
        """Which entries ``l`` of the journal are taken back.

        Users that were made for owners are no run's work: they go with a load, if
        nothing needs them then.
        """
        if not self._run:
            return SQL("TRUE")
        if self._run.kind not in ("load", "delta"):
            return SQL("l.run_id = %s", self._run.id)
        return SQL("(l.run_id = %s OR l.run_id IS NULL)", self._run.id)

    def models(self):
        """Names of the models that have records in the plan."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT model FROM pg_temp.migration_undo ORDER BY 1")
        )
        return [model for (model,) in rows if model in self.env]

    def _drop_gone(self):
        """Forget records that somebody deleted, or that lost their source id."""
        for model in self.models():
            self.env.cr.execute(
                SQL(
                    """DELETE FROM pg_temp.migration_undo u WHERE u.model = %s
                        AND NOT EXISTS (SELECT FROM %s t WHERE t.id = u.res_id
                                        AND t.x_source_id IS NOT NULL)""",
                    model,
                    SQL.identifier(self.env[model]._table),
                )
            )

    def _keep_changed(self):
        """Keep records that users have changed since."""
        for model in self.models():
            for condition in self._changed(model):
                self._mark(model, "changed", condition, SQL("NULL"))
        deltas = self._project.run_ids.filtered(lambda run: run.kind == "delta")
        if deltas and not self._choices.forces("changed"):
            self._keep_changed_before_delta()

    def _changed(self, model):
        """The conditions by which users have changed a record since."""
        if self._choices.forces("changed") or not self.env[model]._log_access:
            return []
        return [
            SQL(
                "EXISTS (SELECT FROM %s t WHERE t.id = u.res_id"
                " AND t.write_date > u.since AND NOT %s)",
                SQL.identifier(self.env[model]._table),
                self._by_migration(SQL("t.write_date")),
            )
        ]

    def _by_migration(self, moment):
        """Whether ``moment`` is that of one of the migration's own transactions.

        A delta that renames a company changes the full names of its contacts.
        """
        return SQL(
            """EXISTS (SELECT FROM migration_log d
                        WHERE d.project_id = %s AND d.date = %s)""",
            self._project.id,
            moment,
        )

    def _keep_changed_before_delta(self):
        """Keep what users had changed before a delta wrote to it as well.

        The delta's entry says when the record had been changed last.
        """
        changed = SQL("(o.changes->'before'->>'write_date')::timestamp")
        condition = SQL(
            """EXISTS (
                SELECT FROM migration_log o
                 WHERE o.res_model = u.model AND o.res_id = u.res_id
                   AND o.project_id = %(project)s AND o.operation = 'update'
                   AND o.changes ? 'change' AND NOT %(own)s
                   AND %(changed)s > (
                       SELECT max(p.date) FROM migration_log p
                        WHERE p.res_model = o.res_model AND p.res_id = o.res_id
                          AND p.id < o.id AND p.operation IN ('create', 'update')))""",
            project=self._project.id,
            own=self._by_migration(changed),
            changed=changed,
        )
        for model in self.models():
            self._mark(model, "changed", condition, SQL("NULL"))

    def is_overtaken(self, model, ids):
        """Whether users have worked on any of these records since the plan was made.

        From then on, nobody else changes the records: they are locked.
        """
        self._lock(model, ids)
        found = SQL(" OR ").join(
            SQL("(%s)", condition)
            for condition in [
                *self._changed(model),
                *(one for _reason, _other, one in self._references[model]),
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT 1 FROM pg_temp.migration_undo u
                    WHERE u.model = %s AND u.res_id = ANY(%s) AND (%s) LIMIT 1""",
                model,
                ids,
                found,
            )
        )
        return bool(rows)

    def _lock(self, model, ids):
        self.env.cr.execute(
            SQL(
                "SELECT FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                SQL.identifier(self.env[model]._table),
                ids,
            )
        )

    def watch(self, model, ids):
        """A :class:`Watch` over what users add to these records from now on."""
        return Watch(self.env, self._attached, model, ids)

    def spread(self):
        """Keep what a record that stays refers to, and so on."""
        self._spread()
        if self._run:
            self.env.cr.execute(
                "DELETE FROM pg_temp.migration_undo WHERE aside AND reason IS NOT NULL"
            )

    def _spread(self):
        references = References(self._project, self._choices, self.models())
        self._attached = list(references.attached())
        self._references = dict(references.all())
        changed = True
        while changed:
            changed = False
            for model, found in self._references.items():
                for reason, other, condition in found:
                    changed |= bool(
                        self._mark(model, reason, condition, SQL("%s", other))
                    )

    def action(self, model, reason):
        """What happens to the planned records of ``model`` with this ``reason``."""
        if not reason:
            return "remove"
        active = self.env[model]._fields.get("active")
        possible = active and active.store and model not in _NOT_ARCHIVED
        return "archive" if possible and self._choices.archives(reason) else "keep"

    def ids(self, model, reason, by_what):
        """Ids of the planned records of ``model`` that have this reason."""
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id FROM pg_temp.migration_undo
                    WHERE model = %s AND reason IS NOT DISTINCT FROM %s
                      AND by_what IS NOT DISTINCT FROM %s ORDER BY log_id""",
                model,
                reason or None,
                by_what or None,
            )
        )
        return [res_id for (res_id,) in rows]

    def _mark(self, model, reason, condition, by_what):
        """Give rows of ``model`` that fulfil ``condition`` a reason; their number."""
        self.env.cr.execute(
            SQL(
                """UPDATE pg_temp.migration_undo u SET reason = %s, by_what = %s
                    WHERE u.model = %s AND u.reason IS NULL AND NOT u.free AND %s""",
                reason,
                by_what,
                model,
                condition,
            )
        )
        return self.env.cr.rowcount

    def summary(self):
        """``[(model, reason or None, by what or None, count, samples)]``."""
        return self.env.execute_query(
            SQL(
                """SELECT model, reason, by_what, count(*),
                          (array_agg(source_id ORDER BY log_id))[1:5]
                     FROM pg_temp.migration_undo
                    GROUP BY model, reason, by_what ORDER BY min(log_id) DESC"""
            )
        )

    def kept(self):
        """``[(model, id, source id, mapping id, reason, by what)]`` of what stays."""
        return self.env.execute_query(
            SQL(
                """SELECT model, res_id, source_id, mapping_id, reason, by_what
                     FROM pg_temp.migration_undo WHERE reason IS NOT NULL
                    ORDER BY log_id"""
            )
        )

    def going(self):
        """``[(model, id)]`` of all that is to be removed, the newest first."""
        return self.env.execute_query(
            SQL(
                """SELECT model, res_id FROM pg_temp.migration_undo
                    WHERE reason IS NULL ORDER BY log_id DESC"""
            )
        )

    def removable(self, model, mapping_id, size):
        """``[(id, source id)]`` of the next records to remove, newest first."""
        return self.env.execute_query(
            SQL(
                """SELECT res_id, source_id FROM pg_temp.migration_undo
                    WHERE model = %s AND reason IS NULL
                      AND mapping_id IS NOT DISTINCT FROM %s
                    ORDER BY log_id DESC LIMIT %s""",
                model,
                mapping_id,
                size,
            )
        )

    def groups(self):
        """``[(model, mapping id, count)]`` of what there is to remove, in order.

        The newest first, but fields last: views and values of all models use them.
        """
        return self.env.execute_query(
            SQL(
                """SELECT model, mapping_id, count(*) FROM pg_temp.migration_undo
                    WHERE reason IS NULL GROUP BY 1, 2
                    ORDER BY model = 'ir.model.fields', max(log_id) DESC"""
            )
        )

    def settle(self, model, ids):
        """Take removed records out of the plan."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM pg_temp.migration_undo"
                " WHERE model = %s AND res_id = ANY(%s)",
                model,
                ids,
            )
        )

    def refuse(self, model, refused):
        """Keep what Odoo refuses to delete, ``{id: why}``, and what that needs."""
        for res_id, reason in refused.items():
            self._refused[model, res_id] = reason
            self._settle_refused(model, [res_id], reason)
        self.spread()

    def _settle_refused(self, model, ids, by_what):
        self.env.cr.execute(
            SQL(
                """UPDATE pg_temp.migration_undo SET reason = 'refused', by_what = %s
                    WHERE model = %s AND res_id = ANY(%s)""",
                by_what,
                model,
                ids,
            )
        )


class ForcedPlan(UndoPlan):
    """A plan that forces something, and knows what would stay if nothing was forced.

    Less stays of the same records, never more: only those that would stay are looked
    at a second time.

    ``worked_on`` are the ``(model, id)`` of what users have worked on.
    """

    def _keep(self):
        chosen, self._choices = self._choices, Choices()
        self._keep_changed()
        self._spread()
        self.worked_on = {row[:2] for row in self.kept() if row[4] in WORKED_ON}
        self._choices = chosen
        self.env.cr.execute(
            "UPDATE pg_temp.migration_undo"
            " SET free = reason IS NULL, reason = NULL, by_what = NULL"
        )
        self.env.cr.execute("ANALYZE pg_temp.migration_undo")
        kept = super()._keep()
        # What Odoo refuses may hold on to any of them.
        self.env.cr.execute("UPDATE pg_temp.migration_undo SET free = FALSE")
        return kept
