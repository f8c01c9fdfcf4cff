from odoo.exceptions import UserError
from odoo.tools import SQL

# Models that get a field x_source_id from this addon.
TARGETS = (
    "calendar.event",
    "crm.lead",
    "crm.lost.reason",
    "crm.stage",
    "crm.tag",
    "crm.team",
    "crm.team.member",
    "ir.attachment",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.ui.view",
    "mail.activity",
    "mail.message",
    "res.partner",
    "res.partner.category",
    "res.partner.industry",
    "res.users",
)
FIELDS = (
    "x_source_id",
    "x_other_companies",
    "x_parties",
    "x_referral_partner_id",
    "x_folder",
    "x_source_file_url",
    "x_source_stage",
    "x_scored",
)


def pre_init_hook(env):
    """Refuse to take over somebody's own field.

    Odoo would silently make a manual field of the same name ours, and drop its
    column with the data when the addon is uninstalled.
    """
    rows = env.execute_query(
        SQL(
            """SELECT model, name FROM ir_model_fields
                WHERE state = 'manual' AND name = ANY(%s) AND model = ANY(%s)
                ORDER BY model, name""",
            list(FIELDS),
            list(TARGETS),
        )
    )
    if rows:
        raise UserError(
            env._(
                "CRM Migration cannot be installed: these custom fields have names "
                "that it needs: %(fields)s. Installing would take them over, and "
                "uninstalling would delete their data. Rename them first, under "
                "Settings > Technical > Fields.",
                fields=", ".join(f"{model}.{name}" for model, name in rows),
            )
        )
