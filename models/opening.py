"""Opening records of Odoo from the screens of a migration."""

from odoo.exceptions import UserError


def opened(env, model, res_id=None, **values):
    """The action that opens one record, or a list where ``res_id`` is not given.

    Who works on a migration may lack the rights of the app that its records are of.

    :raises UserError: this user may not see them, or the record is gone
    """
    records = env[model].browse(res_id or [])
    name = env["ir.model"]._get(model).name
    if res_id and not records.exists():
        raise UserError(env._("%s: the record was deleted in Odoo.", name))
    if not records.has_access("read"):
        raise UserError(
            env._(
                "%s: you may not see this in Odoo. Ask an administrator for access to "
                "the app and the company it is of.",
                name,
            )
        )
    action = {"type": "ir.actions.act_window", "res_model": model, **values}
    if res_id:
        return {**action, "res_id": res_id, "view_mode": "form"}
    return {**action, "view_mode": "list,form"}
