from odoo import models, release

# Apps that change what a migrated record can be, or what happens to it.
_MODULES = (
    *("crm", "sale_crm", "calendar", "contacts", "account", "sale_management"),
    *("project", "helpdesk", "base_automation", "mass_mailing", "sms", "website_crm"),
    *("crm_iap_enrich", "crm_iap_mine", "partner_autocomplete", "phone_validation"),
    *("hr", "documents", "google_calendar", "microsoft_calendar", "base_vat"),
)
_TARGETS = ("res.partner", "crm.lead", "mail.activity", "calendar.event")
_OCA = "Odoo Community Association"


class MigrationOdooFacts(models.AbstractModel):
    """What a migration finds in the Odoo it goes to."""

    _name = "migration.odoo.facts"
    _description = "Migration Odoo Facts"

    def _facts(self, company):
        """Version, apps, teams, stages, users, fields … as data with stable keys."""
        active = [("active", "=", True)]
        return {
            "version": release.version,
            "edition": "enterprise" if self._is_enterprise() else "community",
            "modules": self._modules(),
            "teams": self._teams(company),
            "stages": self._stages(),
            "multi_team": self._has_parameter("sales_team.membership_multi"),
            "users": self._users(),
            "custom_fields": self._custom_fields(),
            "companies": self.env["res.company"].search(active).mapped("name"),
            "currencies": self.env["res.currency"].search(active).mapped("name"),
            "company_currency": company.currency_id.name,
            "languages": [code for code, _name in self.env["res.lang"].get_installed()],
            "mail_servers": self.env["ir.mail_server"].sudo().search_count([]),
            "automation_rules": self._automation_rules(),
        }

    def _is_enterprise(self):
        return bool(self._installed([("name", "=", "web_enterprise")]))

    def _installed(self, domain):
        modules = self.env["ir.module.module"].sudo()
        return modules.search([*domain, ("state", "=", "installed")], order="name")

    def _modules(self):
        found = self._installed(
            ["|", ("name", "in", _MODULES), ("author", "ilike", _OCA)]
        )
        return [
            {
                "name": module.name,
                "title": module.shortdesc,
                "version": module.installed_version,
                "oca": _OCA in (module.author or ""),
            }
            for module in found
        ]

    def _teams(self, company):
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        return [
            {
                "name": team.name,
                "active": team.active,
                "members": len(team.member_ids),
                "leads": team.use_leads,
            }
            for team in teams.search([("company_id", "in", (False, company.id))])
        ]

    def _stages(self):
        return [
            {
                "name": stage.name,
                "won": stage.is_won,
                "teams": stage.team_ids.mapped("name"),
            }
            for stage in self.env["crm.stage"].sudo().search([])
        ]

    def _has_parameter(self, key):
        value = self.env["ir.config_parameter"].sudo().get_param(key)
        return str(value).lower() in ("1", "true")

    def _users(self):
        groups = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("share", "=", False)], ["active"], ["__count"])
        )
        counts = dict(groups)
        return {"active": counts.get(True, 0), "archived": counts.get(False, 0)}

    def _custom_fields(self):
        fields_ = self.env["ir.model.fields"].sudo()
        found = fields_.search(
            [("state", "=", "manual"), ("model", "in", _TARGETS)], order="model, name"
        )
        return [
            {
                "model": field.model,
                "name": field.name,
                "label": field.field_description,
                "type": field.ttype,
            }
            for field in found
        ]

    def _automation_rules(self):
        if "base.automation" not in self.env:
            return 0
        return self.env["base.automation"].sudo().search_count([])
