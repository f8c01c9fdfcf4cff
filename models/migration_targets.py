"""Models whose records a migration creates, besides those with a file of their own."""

from odoo import fields, models


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["crm.team", "migration.target"]


class CrmTeamMember(models.Model):
    _name = "crm.team.member"
    _inherit = ["crm.team.member", "migration.target"]


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage", "migration.target"]


class CrmTag(models.Model):
    _name = "crm.tag"
    _inherit = ["crm.tag", "migration.target"]


class CrmLostReason(models.Model):
    _name = "crm.lost.reason"
    _inherit = ["crm.lost.reason", "migration.target"]


class ResPartnerCategory(models.Model):
    _name = "res.partner.category"
    _inherit = ["res.partner.category", "migration.target"]


class ResPartnerIndustry(models.Model):
    _name = "res.partner.industry"
    _inherit = ["res.partner.industry", "migration.target"]


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "migration.target"]


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "migration.target"]


class IrAttachment(models.Model):
    _name = "ir.attachment"
    _inherit = ["ir.attachment", "migration.target"]

    x_folder = fields.Char(
        string="Folder",
        copy=False,
        help="Folder a migrated file was in, from the outermost to the innermost.",
    )
    x_source_file_url = fields.Char(
        string="Source Address",
        copy=False,
        help="Where a migrated file is in the system it comes from.",
    )


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", "migration.target"]


class IrModelFields(models.Model):
    _name = "ir.model.fields"
    _inherit = ["ir.model.fields", "migration.target"]


class IrModelFieldsSelection(models.Model):
    _name = "ir.model.fields.selection"
    _inherit = ["ir.model.fields.selection", "migration.target"]


class IrUiView(models.Model):
    _name = "ir.ui.view"
    _inherit = ["ir.ui.view", "migration.target"]
