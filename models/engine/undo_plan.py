"""What a rollback would do: worked out in SQL, on a temporary table.

Each record the journal says was created is a row of it. A row gets a reason to be
kept when its record was changed since, when users have added something to it, or
when a record that stays needs it; the last one spreads until nothing more is added.
"""

from odoo.tools import SQL

# External ids go with their record in any case, and are nobody's work.
_NOT_ADDED = ("ir.model.data",)
# What the ORM writes into a column of a record that has no value there.
_NO_VALUES = ("", "0", "0.0", "0.00", "false")


class UndoPlan:
    """The plan for one project, or for one run of it.

    :param project: ``migration.project`` record
    :param run: ``migration.run`` whose work is undone; all runs without it
    :param bool force: remove what users have changed or added, too
    """

    def __init__(self, project, run=None, force=False):
        self.env = project.env
        self._project, self._run, self._force = project, run, force
        self._build()

    def _build(self):
        self.env.flush_all()
        scope = SQL("l.run_id = %s", self._run.id) if self._run else SQL("TRUE")
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
                          NULL::text AS reason, NULL::text AS by_what
                     FROM migration_log l
                    WHERE l.project_id = %s AND l.operation = 'create' AND %s
                      AND NOT EXISTS (
                          SELECT FROM migration_log u
                           WHERE u.res_model = l.res_model AND u.res_id = l.res_id
                             AND u.operation = 'unlink' AND u.id > l.id)
                    GROUP BY l.res_model, l.res_id""",
                self._project.id,
                scope,
            )
        )
        self.env.cr.execute(
            "CREATE UNIQUE INDEX ON pg_temp.migration_undo (model, res_id)"
        )
        self.env.cr.execute("ANALYZE pg_temp.migration_undo")
        self._drop_gone()
        if not self._force:
            self._keep_changed()
        self._keep_needed()

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
            if self.env[model]._log_access:
                self._mark(
                    model,
                    "changed",
                    SQL(
                        "EXISTS (SELECT FROM %s t WHERE t.id = u.res_id"
                        " AND t.write_date > u.since AND NOT %s)",
                        SQL.identifier(self.env[model]._table),
                        self._by_migration(SQL("t.write_date")),
                    ),
                    SQL("NULL"),
                )
        if self._project.run_ids.filtered(lambda run: run.kind == "delta"):
            self._keep_changed_before_delta()

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

    def _attached(self):
        """``(model, id column, model column)`` of all that hangs on any record."""
        for name, model in self.env.items():
            if not model._auto or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.type == "many2one_reference" and field.store:
                    other = model._fields.get(field.model_field)
                    if other is not None and other.store and other.type == "char":
                        if not name.startswith("migration.") and name not in _NOT_ADDED:
                            yield name, field.name, field.model_field

    def _attached_condition(self, name, column, model_column):
        """A row of ``name`` that stays hangs on the record."""
        other = self.env[name]
        later = SQL("t.create_date > u.since") if other._log_access else SQL("TRUE")
        return SQL(
            """EXISTS (SELECT FROM %(table)s t
                        WHERE t.%(model)s = u.model AND t.%(column)s = u.res_id
                          AND %(stays)s)""",
            table=SQL.identifier(other._table),
            model=SQL.identifier(model_column),
            column=SQL.identifier(column),
            stays=self._stays(name, later),
        )

    def _stays(self, model, foreign):
        """Row ``t`` is kept, or is nobody's of the migration and ``foreign`` holds."""
        kept = SQL(
            """EXISTS (SELECT FROM pg_temp.migration_undo o
                        WHERE o.model = %s AND o.res_id = t.id
                          AND o.reason IS NOT NULL)""",
            model,
        )
        if self._force:
            return kept
        return SQL("(%s OR (%s AND %s))", kept, self._foreign(model), foreign)

    def _foreign(self, model):
        """Whether row ``t`` of a model's table is none of those to be removed."""
        return SQL(
            """NOT EXISTS (SELECT FROM pg_temp.migration_undo o
                            WHERE o.model = %s AND o.res_id = t.id
                              AND o.reason IS NULL)""",
            model,
        )

    def _keep_needed(self):
        """Keep what a record that stays refers to, and so on."""
        self._planned = set(self.models())
        references = [
            (model, [*self._references(model), *self._owners(model)])
            for model in self.models()
        ]
        changed = True
        while changed:
            changed = False
            for model, found in references:
                for reason, other, condition in found:
                    changed |= bool(
                        self._mark(model, reason, condition, SQL("%s", other))
                    )

    def _references(self, model):
        """Yield ``(reason, other model, condition)`` of all that refers to a model."""
        for other, column, model_column in self._attached():
            condition = self._attached_condition(other, column, model_column)
            yield "added", other, condition
        table = self.env[model]._table
        by_table = {
            other._table: name
            for name, other in self.env.items()
            if other._auto and not other._abstract
        }
        rows = self.env.execute_query(
            SQL(
                """SELECT c.conrelid::regclass::text, a.attname
                     FROM pg_constraint c
                     JOIN pg_attribute a
                       ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'f' AND c.confrelid = %s::regclass
                      AND c.conrelid::regclass::text NOT LIKE 'migration\\_%%'""",
                table,
            )
        )
        for other_table, column in rows:
            other = by_table.get(other_table.strip('"'))
            if other:
                yield "needed", other, self._row_condition(other, column)
        for relation, own, theirs, other in self._owners_of(model):
            yield (
                "needed",
                other,
                SQL(
                    """EXISTS (SELECT FROM %s r JOIN %s t ON t.id = r.%s
                            WHERE r.%s = u.res_id AND %s)""",
                    SQL.identifier(relation),
                    SQL.identifier(self.env[other]._table),
                    SQL.identifier(theirs),
                    SQL.identifier(own),
                    self._foreign(other),
                ),
            )

    def _owners(self, model):
        """Yield the condition by which a record that stays keeps its history.

        Its notes, activities and files stay with it.
        """
        for name, column, model_column in self._attached():
            if name != model:
                continue
            yield (
                "part",
                model,
                SQL(
                    """EXISTS (SELECT FROM %(table)s t
                             JOIN pg_temp.migration_undo o
                               ON o.model = t.%(model)s AND o.res_id = t.%(column)s
                            WHERE t.id = u.res_id AND o.reason IS NOT NULL)""",
                    table=SQL.identifier(self.env[model]._table),
                    model=SQL.identifier(model_column),
                    column=SQL.identifier(column),
                ),
            )
        for field in self._wholes(model):
            yield (
                "part",
                field.comodel_name,
                SQL(
                    """EXISTS (SELECT FROM %s t
                             JOIN pg_temp.migration_undo o
                               ON o.model = %s AND o.res_id = t.%s
                            WHERE t.id = u.res_id AND o.reason IS NOT NULL
                              AND o.mapping_id = u.mapping_id
                              AND o.source_id = u.source_id)""",
                    SQL.identifier(self.env[model]._table),
                    field.comodel_name,
                    SQL.identifier(field.name),
                ),
            )
        if model == "ir.model.fields":
            for condition in self._used_fields():
                yield "used", model, condition
        if model == "ir.model.fields.selection":
            for condition in self._used_options():
                yield "used", model, condition

    def _used_options(self):
        """Yield the condition by which an option that records have stays."""
        rows = self.env.execute_query(
            SQL(
                """SELECT o.id, f.model, f.name, o.value
                     FROM pg_temp.migration_undo u
                     JOIN ir_model_fields_selection o
                       ON o.id = u.res_id AND u.model = 'ir.model.fields.selection'
                     JOIN ir_model_fields f ON f.id = o.field_id"""
            )
        )
        for option_id, model, name, value in rows:
            if model in self.env and name in self.env[model]._fields:
                yield SQL(
                    """u.res_id = %s AND EXISTS (
                        SELECT FROM %s t WHERE %s AND t.%s = %s)""",
                    option_id,
                    SQL.identifier(self.env[model]._table),
                    self._foreign(model),
                    SQL.identifier(name),
                    value,
                )

    def _used_fields(self):
        """Yield the condition by which a custom field that holds values stays."""
        rows = self.env.execute_query(
            SQL(
                """SELECT f.id, f.model, f.name
                     FROM pg_temp.migration_undo u JOIN ir_model_fields f
                       ON f.id = u.res_id AND u.model = 'ir.model.fields'"""
            )
        )
        for field_id, model, name in rows:
            if model not in self.env or name not in self.env[model]._fields:
                continue
            field = self.env[model]._fields[name]
            if field.type == "many2many":
                yield SQL(
                    """u.res_id = %s AND EXISTS (
                        SELECT FROM %s r JOIN %s t ON t.id = r.%s WHERE %s)""",
                    field_id,
                    SQL.identifier(field.relation),
                    SQL.identifier(self.env[model]._table),
                    SQL.identifier(field.column1),
                    self._foreign(model),
                )
            elif field.store:
                yield SQL(
                    """u.res_id = %s AND EXISTS (
                        SELECT FROM %s t WHERE %s
                           AND COALESCE(t.%s::text, '') NOT IN (%s))""",
                    field_id,
                    SQL.identifier(self.env[model]._table),
                    self._foreign(model),
                    SQL.identifier(name),
                    SQL(", ").join(SQL("%s", one) for one in _NO_VALUES),
                )

    def _row_condition(self, other, column):
        """A row of ``other`` that stays refers to the record.

        What Odoo made along with the record itself goes with it; what was there
        before it, or has been added since, does not.
        """
        model = self.env[other]
        before = SQL("TRUE")
        if model._log_access:
            before = SQL(
                "(t.create_date IS DISTINCT FROM u.made AND NOT %s)",
                self._goes_along(model),
            )
        return SQL(
            "EXISTS (SELECT FROM %s t WHERE t.%s = u.res_id AND %s)",
            SQL.identifier(model._table),
            SQL.identifier(column),
            self._stays(other, before),
        )

    def _goes_along(self, model):
        """Row ``t`` was made along with a record that goes, and is deleted with it.

        The attendee of a meeting is one: it is no work of its own.
        """
        conditions = [
            SQL(
                """EXISTS (SELECT FROM pg_temp.migration_undo o
                            WHERE o.model = %s AND o.res_id = t.%s
                              AND o.reason IS NULL AND o.made = t.create_date)""",
                field.comodel_name,
                SQL.identifier(field.name),
            )
            for field in self._wholes(model._name)
        ]
        return SQL("(%s)", SQL(" OR ").join(conditions)) if conditions else SQL("FALSE")

    def _wholes(self, model):
        """Fields of ``model`` that name a planned record which it is deleted with."""
        return [
            field
            for field in self.env[model]._fields.values()
            if field.type == "many2one"
            and field.store
            and field.ondelete == "cascade"
            and field.comodel_name in self._planned
        ]

    def _owners_of(self, model):
        """``(relation table, own column, owner column, owner model)`` of tags etc.

        A tag is needed by the records that carry it, not the other way round: only
        structure is looked at.
        """
        mappings = self._project.with_context(active_test=False).mapping_ids
        if model not in mappings.filtered("schema").mapped("res_model"):
            return
        for name, other in self.env.items():
            if not other._auto or other._abstract or other._transient:
                continue
            for field in other._fields.values():
                if (
                    field.type == "many2many"
                    and field.store
                    and field.comodel_name == model
                    and field.relation
                ):
                    yield field.relation, field.column2, field.column1, name

    def _mark(self, model, reason, condition, by_what):
        """Give rows of ``model`` that fulfil ``condition`` a reason; their number."""
        self.env.cr.execute(
            SQL(
                """UPDATE pg_temp.migration_undo u SET reason = %s, by_what = %s
                    WHERE u.model = %s AND u.reason IS NULL AND %s""",
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

    def settle(self, model, ids, reason=None, by_what=None):
        """Take removed records out of the plan, or keep them for ``reason``."""
        if reason:
            self.env.cr.execute(
                SQL(
                    """UPDATE pg_temp.migration_undo SET reason = %s, by_what = %s
                        WHERE model = %s AND res_id = ANY(%s)""",
                    reason,
                    by_what,
                    model,
                    ids,
                )
            )
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM pg_temp.migration_undo"
                " WHERE model = %s AND res_id = ANY(%s)",
                model,
                ids,
            )
        )
