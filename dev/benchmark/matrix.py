"""Staged records as the matrix of texts that Odoo's ``load()`` takes."""

from datetime import date, datetime

from odoo.tools import SQL

from odoo.addons.crm_migration.models.engine.resolver import Resolver

# What the loaders know and the mapping does not: where a note hangs, its kind, and
# that a lost deal is archived. All else they add is the engine's own recipe.
_STRUCTURE = {
    "mail.message": ("model", "res_id", "author_id", "message_type", "subtype_id"),
    "crm.lead": ("active",),
}
# ``load()`` cannot set them, so only the engine has that work to do.
_UNWRITABLE = {"create_date", "create_uid", "write_date", "write_uid"}
_MODULE = "__import__"


def matrix(mapping):
    """``(columns, rows)`` of all pending records of ``mapping``.

    The values are those that the engine works out of the same records; relations are
    external ids, which ``load()`` keeps in mind, unlike database ids.
    """
    env = mapping.env
    compiled, loader = mapping._compile(), mapping._loader()
    engine = env["migration.engine"]
    staged = env.execute_query(
        SQL(
            """SELECT id, source_id, payload FROM migration_record
                WHERE mapping_id = %s AND state = 'pending' ORDER BY id""",
            mapping.id,
        )
    )
    resolver = Resolver(mapping.project_id)
    resolver.prefetch(
        request for row in staged for request in compiled.requests(row[2])
    )
    items, _waiting = engine._transform(staged, mapping, compiled, resolver)
    loader._prepare(mapping, [item for item in items if not item.error])
    loader._take_history(items)
    model = env[mapping.res_model]
    names = {line.target for line in mapping.field_ids} & model._fields.keys()
    names |= set(_STRUCTURE.get(model._name, ()))
    values = [
        {
            "active": True,
            **item.vals,
            **item.history,
            "x_source_id": item.external_id,
        }
        for item in items
        if not item.error
    ]
    names = sorted((names - _UNWRITABLE) | {"x_source_id"})
    _name_records(env, model, names, values)
    columns = [
        f"{name}/id" if model._fields[name].relational else name for name in names
    ]
    rows = [
        [_text(model._fields[name], one.get(name)) for name in names] for one in values
    ]
    return columns, rows


def _name_records(env, model, names, values):
    """Give every record that is referred to an external id."""
    wanted = {}
    for name in names:
        field = model._fields[name]
        if field.relational:
            ids = wanted.setdefault(field.comodel_name, set())
            for one in values:
                ids.update(_ids(one.get(name)))
    for comodel, ids in wanted.items():
        env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{_MODULE}.{_name(comodel, record.id)}",
                    "record": record,
                    "noupdate": True,
                }
                for record in env[comodel].browse(sorted(ids))
            ]
        )


def _ids(value):
    if isinstance(value, (list, tuple)):
        return value
    return [value] if value else []


def _name(model, res_id):
    return f"{model.replace('.', '_')}_{res_id}"


def _text(field, value):
    if field.relational:
        return ",".join(_name(field.comodel_name, one) for one in _ids(value))
    if isinstance(value, bool):
        return "1" if value else "0" if field.type == "boolean" else ""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
