"""Custom fields that link to records of the migration, or of Odoo."""

from .common import COMPANY, LoaderCase

REFERRED = {
    "res_model": "crm.lead",
    "fields": [
        ("id", "", "identifier"),
        ("name", "name", "direct"),
        ("type", "type", "constant", {"constant": "opportunity"}),
        (
            "referrers",
            "x_referral_partner_ids",
            "custom_field_required",
            {
                "label": "Referrers",
                "ttype": "many2many",
                "relation": "res.partner",
                "reference": "company",
            },
        ),
        (
            "origin",
            "x_origin_country_id",
            "custom_field_required",
            {"label": "Origin", "ttype": "many2one", "relation": "res.country"},
        ),
    ],
}


class TestCustomLinks(LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, case=REFERRED)
        self.project = self.staged_project(
            {
                "company.csv": "company_id,name,email\n1,Acme,\n2,Borel,\n",
                "case.csv": "id,name,referrers,origin\n"
                "K1,First,1;2,Belgium\nK2,Second,,\nK3,Third,9,\n",
            }
        )

    def test_links_lead_to_the_records_of_the_migration_and_of_odoo(self):
        self.load(self.project)
        case = self.target(self.project, "case", "K1")
        wanted = self.target(self.project, "company", "1")
        wanted += self.target(self.project, "company", "2")
        self.assertEqual(case.x_referral_partner_ids, wanted)
        self.assertEqual(case.x_origin_country_id, self.env.ref("base.be"))
        self.assertFalse(self.target(self.project, "case", "K2").x_referral_partner_ids)

    def test_a_link_that_leads_nowhere_fails_its_record(self):
        self.load(self.project)
        record = self.staged(self.project, "case", "K3")
        self.assertEqual(record.error_code, "reference_missing")

    def test_rollback_removes_the_fields(self):
        self.load(self.project)
        self.rollback(self.project)
        names = ("x_referral_partner_ids", "x_origin_country_id")
        fields_ = self.env["ir.model.fields"].search([("name", "in", names)])
        self.assertFalse(fields_)
