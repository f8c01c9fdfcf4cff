"""What becomes of a field that has a value already."""

from odoo import models


def is_writable(model, name):
    """Whether a field of a record that is there can be given a value."""
    field = model._fields.get(name or "")
    if not field or not (field.store or field.inverse):
        return False
    return not (field.compute and field.readonly and not field.inverse)


def changed_value(record, name, policy, value):
    """The value a field gets by its policy; None where it stays as it is."""
    current = record[name]
    if record._fields[name].type in ("many2many", "one2many"):
        added = [one for one in _as_list(value) if one not in current.ids]
        return [*current.ids, *added] if added else None
    if policy == "fill" and current:
        return None
    return value if plain(current) != value else None


def plain(value):
    """A field value as ``write`` takes it."""
    if isinstance(value, models.BaseModel):
        return value.ids if len(value) != 1 else value.id
    return value


def _as_list(value):
    return value if isinstance(value, list) else [value]
