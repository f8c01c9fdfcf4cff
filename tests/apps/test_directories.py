"""Services that know companies: nobody asks them because of a migration."""

from unittest.mock import patch

from .common import AppsCase


class TestDirectories(AppsCase):
    def test_g15_no_enrichment_is_bought_for_migrated_deals(self):
        self.env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "auto")
        project = self.start(
            "allegory",
            companies=(("company_id", "name"), ("C1", "Acme")),
            deals=(
                ("deal_id", "name", "company_id", "contact_email"),
                ("D1", "Roof", "C1", "ada@acme.example"),
            ),
        )
        deal = self.target(project, "deal", "D1")
        deal.email_from = "ada@acme.example"
        asked = []
        api = type(self.env["iap.enrich.api"])

        def request(_self, mails):
            asked.extend(mails)

        with patch.object(api, "_request_enrich", request):
            self.env["crm.lead"]._iap_enrich_leads_cron()
        self.assertNotIn(deal.id, asked)

    def test_g15_no_tax_id_is_checked_in_the_register_of_the_union(self):
        self.env.company.vat_check_vies = True
        known = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "email": "acme@example.com"}
        )
        known.vies_valid = True
        asked = []

        def check(number, **_options):
            asked.append(number)
            return {"valid": True}

        with patch("odoo.addons.base_vat.models.res_partner.check_vies", check):
            project = self.start(
                "generic",
                companies=(
                    ("id", "company name", "email", "vat", "country"),
                    ("C1", "Acme", "acme@example.com", "BE0477472701", "Belgium"),
                    ("C2", "Other", "other@example.com", "BE0477472701", "Belgium"),
                ),
            )
            company = self.target(project, "company", "C2")
            self.assertEqual(company.vat, "BE0477472701")
            self.assertFalse(company.vies_valid)
            self.assertFalse(asked)
            company.vat = "BE0428750985"
            self.env.flush_all()
            self.assertEqual(asked, ["BE0428750985"])
            self.assertTrue(company.vies_valid)
