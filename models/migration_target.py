from psycopg2.extensions import AsIs

from odoo import api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import SQL

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

    def unlink(self):
        """What is taken back leaves nothing in the scoring of deals either."""
        if is_silent(self.env.cr):
            self.env["crm.lead"]._forget_scored_values(self)
        return super().unlink()

    @api.model
    def _is_given(self):
        """Whether records are being made whose values come from a migration."""
        return is_silent(self.env.cr) and self.env.context.get("migration_values_given")

    @api.model
    def _create(self, data_list):
        """Keep given values of computed fields: the source knows them.

        Without it, Odoo computes each of them again right after the insert, which
        costs an UPDATE per batch and can replace what was given. Fields that one
        method computes together are kept only if all of them are given.
        """
        if self._is_given():
            # Records of one export mostly have the same fields.
            known = {}
            for data in data_list:
                names = frozenset(data["stored"])
                if names not in known:
                    known[names] = self._migration_protected(names)
                data["protected"].update(known[names])
        return super()._create(data_list)

    def write(self, vals):
        """Nothing is written: that is no work of users on a migrated record.

        Odoo does so to all contacts of a company that is renamed.
        """
        if vals or is_silent(self.env.cr):
            return super().write(vals)
        own = self.sudo().filtered(lambda record: not record.x_source_id)
        return super(MigrationTarget, own.with_env(self.env)).write(vals)

    def _write_multi(self, vals_list):
        """What Odoo works out by itself is no work of users on a migrated record.

        The time zone of a user is copied to all activities of that user, say. Who has
        changed these last, and when, stays: a rollback tells users' work by it.
        """
        if self._log_access and self._keeps_stamps():
            vals_list = [
                {**record._migration_stamps(), **vals}
                # ``write`` gives new stamps itself.
                if "write_date" not in vals and record._may_be_migrated()
                else vals
                for record, vals in zip(self, vals_list, strict=True)
            ]
        return super()._write_multi(vals_list)

    def _keeps_stamps(self):
        """Whether what is worked out now leaves the stamps of the records alone."""
        return not is_silent(self.env.cr)

    def _may_be_migrated(self):
        """Whether nobody has read yet that the record is not migrated."""
        source_ids = self._fields["x_source_id"]._get_cache(self.env)
        return is_silent(self.env.cr) or bool(source_ids.get(self.id, True))

    def _migration_stamps(self):
        """The stamps of one record, for the statement that writes what is computed.

        The statement itself reads them: Odoo works out something all the time, also
        where nothing was ever migrated, and no further query is to be made for it.
        """
        stamps = {"write_date": self.env.cr.now(), "write_uid": self.env.uid}
        return {
            name: AsIs(
                self.env.cr.mogrify(
                    SQL(
                        """(SELECT CASE WHEN %s OR x_source_id IS NOT NULL THEN %s
                                        ELSE %s::%s END
                              FROM %s WHERE id = %s)""",
                        is_silent(self.env.cr),
                        SQL.identifier(name),
                        now,
                        SQL(self._fields[name].column_type[1]),
                        SQL.identifier(self._table),
                        self.id,
                    )
                ).decode()
            )
            for name, now in stamps.items()
        }

    def _migration_protected(self, stored):
        """Computed fields that stay as they are where ``stored`` ones are given."""
        protected = {
            one for name in stored for one in self._migration_given(name, stored)
        }
        for source, fields_ in self._migration_copies().items():
            if source not in stored:
                protected.update(fields_)
        return protected

    def _migration_given(self, name, stored):
        """Fields to protect because ``name`` is among the ``stored`` values."""
        field = self._fields[name]
        if not field.compute:
            return ()
        together = self.pool.field_computed.get(field, [field])
        given = all(one.name in stored for one in together if one.store)
        return together if given else ()

    def _migration_copies(self):
        """``{name: fields}`` of stored copies of the record's own field ``name``.

        Pictures in other sizes, for instance: without the one there are no others.
        """
        copies = {}
        for field in self._fields.values():
            source = self._fields.get(field.related or "")
            if source and field.store and source.store and not source.compute:
                copies.setdefault(source.name, []).append(field)
        return copies

    @api.model
    def _prepare_create_values(self, vals_list):
        """Ask for default values once, not once a record, and keep given dates.

        Odoo drops who made a record and when; the source knows both.
        """
        if not self._is_given():
            return super()._prepare_create_values(vals_list)
        stamps = [
            {name: vals[name] for name in LOG_ACCESS_COLUMNS if name in vals}
            for vals in vals_list
        ]
        self = self.with_context(migration_defaults=_Defaults(self))  # noqa: PLW0642
        prepared = super()._prepare_create_values(vals_list)
        for vals, stamp in zip(prepared, stamps, strict=True):
            vals.update(stamp)
        return prepared

    @api.model
    def _add_missing_default_values(self, values):
        defaults = self.env.context.get("migration_defaults")
        if defaults is None or defaults.model_name != self._name:
            return super()._add_missing_default_values(values)
        found = defaults.of(values, super()._add_missing_default_values)
        if found is None:
            return super()._add_missing_default_values(values)
        values = {**found, **values}
        for field in self._fields.values():
            if field.type == "properties":
                values[field.name] = field._add_default_values(self.env, values)
        return values

    def _check_company(self, fnames=None):
        """Check all values of a field at once, as far as nothing is wrong."""
        if self._is_given() and self._is_company_plain(fnames):
            return None
        return super()._check_company(fnames)

    def _is_company_plain(self, fnames):
        """Whether every record is linked to records its company may use only.

        False where that takes a closer look, too.
        """
        if fnames is None or {"company_id", "company_ids"} & set(fnames):
            fnames = self._fields
        checked = [self._fields[name] for name in fnames]
        checked = [one for one in checked if one.relational and one.check_company]
        if not checked:
            return True
        if any(field.company_dependent for field in checked):
            return False
        if "company_id" not in self._fields:
            return False
        for company, records in self.grouped("company_id").items():
            for field in checked:
                linked = records.sudo()[field.name].with_context(active_test=False)
                domain = linked._check_company_domain(company)
                if domain and linked != linked.filtered_domain(domain):
                    return False
        return True


class _Defaults:
    """Default values of the records of one ``create``, found out once.

    They depend on nothing but which fields are given. Those that are different each
    time, such as access tokens, are asked for record by record.
    """

    def __init__(self, model):
        self.model_name = model._name
        self._with_default = set(model.default_get(list(model._fields)))
        fields_ = model._fields.values()
        # Their defaults come from another record, which the values name.
        self._properties = {one.name for one in fields_ if one.type == "properties"}
        self._found = {}

    def of(self, values, ask):
        """Defaults for ``values``; None when each record has its own.

        :param ask: Odoo's method that completes a dict of values
        """
        given = frozenset(self._with_default & values.keys())
        if given not in self._found:
            first, second = ask(dict(values)), ask(dict(values))
            own = values.keys() | self._properties
            defaults = {name: first[name] for name in first if name not in own}
            alike = all(second[name] == value for name, value in defaults.items())
            self._found[given] = defaults if alike else None
        return self._found[given]
