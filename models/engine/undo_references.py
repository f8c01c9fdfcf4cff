"""What keeps the records of an undo plan in Odoo: all that refers to them, as SQL.

The conditions are about row ``u`` of the plan's table, ``pg_temp.migration_undo``.
"""

from odoo.tools import SQL

# External ids go with their record in any case, and are nobody's work.
_NOT_ADDED = ("ir.model.data",)
# What Odoo has counted of a record is none of users' work either.
_COUNTERS = ("crm.lead.scoring.frequency",)
# What the ORM writes into a column of a record that has no value there.
_NO_VALUES = ("", "0", "0.0", "0.00", "false")


class References:
    """Finds what refers to planned records, of the user's and of those that stay.

    :param project: ``migration.project`` record
    :param choices: :class:`Choices`; what is forced holds nothing back
    :param planned: names of the models that the plan has records of
    """

    def __init__(self, project, choices, planned):
        self.env = project.env
        self._project, self._choices = project, choices
        self._planned = set(planned)

    def all(self):
        """``[(model, [(reason, other model, condition)])]`` of all planned models."""
        return [
            (model, [*self._references(model), *self._owners(model)])
            for model in sorted(self._planned)
        ]

    def _stays(self, model, reason, foreign):
        """Row ``t`` is kept, or is nobody's of the migration and ``foreign`` holds."""
        kept = SQL(
            """EXISTS (SELECT FROM pg_temp.migration_undo o
                        WHERE o.model = %s AND o.res_id = t.id
                          AND o.reason IS NOT NULL)""",
            model,
        )
        if self._choices.forces(reason):
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

    def attached(self):
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
        if name == "mail.message":
            # What Odoo notes of a change is part of that change.
            later = SQL(
                """(%s AND NOT EXISTS (SELECT FROM mail_tracking_value v
                                        WHERE v.mail_message_id = t.id))""",
                later,
            )
        return SQL(
            """EXISTS (SELECT FROM %(table)s t
                        WHERE t.%(model)s = u.model AND t.%(column)s = u.res_id
                          AND %(stays)s)""",
            table=SQL.identifier(other._table),
            model=SQL.identifier(model_column),
            column=SQL.identifier(column),
            stays=self._stays(name, "added", later),
        )

    def _references(self, model):
        """Yield ``(reason, other model, condition)`` of all that refers to a model."""
        for other, column, model_column in self.attached():
            condition = self._attached_condition(other, column, model_column)
            yield "added", other, condition
        yield from self._columns(model)
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
                    self._stays(other, "needed", SQL("TRUE")),
                ),
            )

    def _columns(self, model):
        """Yield the same of the columns that refer to a model, of whatever table.

        Where the database does not let a record go that is referred to, forcing it
        is in vain.
        """
        by_table = self._by_table()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.relname, a.attname, c.confdeltype IN ('a', 'r')
                     FROM pg_constraint c
                     JOIN pg_class r ON r.oid = c.conrelid
                     JOIN pg_attribute a
                       ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'f' AND c.confrelid = %s::regclass
                      AND r.relname NOT LIKE 'migration\\_%%'""",
                self.env[model]._table,
            )
        )
        for table, column, restricts in rows:
            other = by_table.get(table)
            if other and not restricts and self._is_worked_out(other, column):
                continue
            if restricts and other:
                made = self._made_by_migration(other)
                foreign = SQL("%s AND NOT %s", self._before(other), made)
                yield "refused", other, self._row_refers(table, column, foreign)
            elif restricts:
                name, stays = self._links(table)
                yield "refused", name, self._row_refers(table, column, stays)
            if other:
                stays = self._stays(other, "needed", self._before(other))
                yield "needed", other, self._row_refers(table, column, stays)

    def _is_worked_out(self, model, column):
        """Whether Odoo alone sets a column, from rows that count for themselves.

        A user's team comes from the memberships, and changes when these go.
        """
        if model in _COUNTERS:
            return True
        field = self.env[model]._fields.get(column)
        return bool(field and field.compute and field.readonly and not field.inverse)

    def _by_table(self):
        """``{table: model}`` of those that have one."""
        return {
            other._table: name
            for name, other in self.env.items()
            if other._auto and not other._abstract
        }

    def _owners(self, model):
        """Yield the condition by which a record that stays keeps its history.

        Its notes, activities and files stay with it.
        """
        for name, column, model_column in self.attached():
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
                    self._stays(model, "needed", SQL("TRUE")),
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
                    self._stays(model, "needed", SQL("TRUE")),
                )
            elif field.store:
                yield SQL(
                    """u.res_id = %s AND EXISTS (
                        SELECT FROM %s t WHERE %s
                           AND COALESCE(t.%s::text, '') NOT IN (%s))""",
                    field_id,
                    SQL.identifier(self.env[model]._table),
                    self._stays(model, "needed", SQL("TRUE")),
                    SQL.identifier(name),
                    SQL(", ").join(SQL("%s", one) for one in _NO_VALUES),
                )

    @staticmethod
    def _row_refers(table, column, stays):
        """A row of ``table`` refers to the record, and ``stays`` holds of it."""
        return SQL(
            "EXISTS (SELECT FROM %s t WHERE t.%s = u.res_id AND %s)",
            SQL.identifier(table),
            SQL.identifier(column),
            stays,
        )

    @staticmethod
    def _made_by_migration(model):
        """Row ``t`` of a model's table is in the plan, whether it goes or stays."""
        return SQL(
            """EXISTS (SELECT FROM pg_temp.migration_undo o
                        WHERE o.model = %s AND o.res_id = t.id)""",
            model,
        )

    def _links(self, table):
        """``(name, condition)``: what a table of links links, and when its row stays.

        It goes with whichever of the records it links goes first.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT a.attname, p.relname FROM pg_constraint c
                     JOIN pg_class p ON p.oid = c.confrelid
                     JOIN pg_attribute a
                       ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'f' AND c.confdeltype = 'c'
                      AND c.conrelid = %s::regclass""",
                table,
            )
        )
        by_table = self._by_table()
        linked = [(by_table[to], column) for column, to in rows if to in by_table]
        stays = [
            SQL(
                """NOT EXISTS (SELECT FROM pg_temp.migration_undo o
                                WHERE o.model = %s AND o.res_id = t.%s
                                  AND o.reason IS NULL)""",
                model,
                SQL.identifier(column),
            )
            for model, column in linked
        ]
        name = linked[0][0] if len(linked) == 1 else table
        return name, SQL(" AND ").join(stays) if stays else SQL("TRUE")

    def _before(self, other):
        """Row ``t`` was there before the record, or has been added since.

        What Odoo made along with the record itself goes with it.
        """
        model = self.env[other]
        if not model._log_access:
            return SQL("TRUE")
        return SQL(
            "(t.create_date IS DISTINCT FROM u.made AND NOT %s AND NOT %s)",
            self._goes_along(model),
            self._forced_along(other),
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

    def _forced_along(self, name):
        """Row ``t`` hangs on a record that goes, and is chosen to go with it.

        What a user answers to a migrated note refers to that note.
        """
        if not self._choices.forces("added"):
            return SQL("FALSE")
        conditions = [
            SQL(
                """EXISTS (SELECT FROM pg_temp.migration_undo o
                            WHERE o.model = t.%s AND o.res_id = t.%s
                              AND o.reason IS NULL)""",
                SQL.identifier(model_column),
                SQL.identifier(column),
            )
            for other, column, model_column in self.attached()
            if other == name
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
