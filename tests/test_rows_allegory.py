"""The rows AL01 to AL06 of the specification: people, companies, deals, pipelines."""

from datetime import date, datetime

from odoo.tests import new_test_user

from .common import DEMO, MigrationCase


class AllegoryCase(MigrationCase):
    """The demo export, loaded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jonas, cls.erik = (
            new_test_user(
                cls.env,
                login,
                "sales_team.group_sale_salesman",
                email=f"{login}@allegory-demo.example",
                name=name,
            )
            for login, name in (("jonas.weiss", "Jonas W."), ("erik.lund", "Erik L."))
        )
        cls.project = cls.migrate(path=DEMO)

    def get(self, name, source_id):
        return self.target(self.project, name, source_id)


class TestAllegoryDemo(AllegoryCase):
    """The records themselves, as they are read back from Odoo."""

    def test_al01_contact_is_a_person_with_its_values(self):
        contact = self.get("contact", "CN-00003")
        self.assertEqual(contact._name, "res.partner")
        self.assertFalse(contact.is_company)
        self.assertEqual(contact.type, "contact")
        self.assertEqual(contact.name, "Vera Gauthier")
        if "firstname" in contact._fields:
            parts = (contact.firstname, contact.lastname)
            self.assertEqual(parts, ("Vera", "Gauthier"))
        self.assertEqual(contact.email, "vera.gauthier@crestline-rail.example")
        self.assertEqual(contact.function, "Head of Operations")
        self.assertEqual(contact.city, "Köln")
        self.assertEqual(contact.country_id.code, "DE")
        self.assertEqual(contact.x_source_id, "test-migration/contact/CN-00003")

    def test_al01_every_contact_is_a_person_of_type_contact(self):
        contacts = self.env["res.partner"].search(
            [("x_source_id", "like", "/contact/")]
        )
        self.assertEqual(len(contacts), 179)
        self.assertEqual(set(contacts.mapped("is_company")), {False})
        self.assertEqual(set(contacts.mapped("type")), {"contact"})

    def test_al01_contact_without_primary_company_has_no_parent(self):
        self.assertFalse(self.get("contact", "CN-00028").parent_id)
        self.assertFalse(self.get("contact", "CN-00031").parent_id)

    def test_al01_contact_belongs_to_the_user_with_its_owners_email(self):
        self.assertEqual(self.get("contact", "CN-00003").user_id, self.jonas)
        self.assertEqual(self.get("contact", "CN-00010").user_id, self.admin)

    def test_al02_company_has_its_address_as_records(self):
        company = self.get("company", "CO-00003")
        self.assertTrue(company.is_company)
        self.assertEqual(company.name, "Bridgeway Properties LLC")
        self.assertEqual(company.street, "79 Main Street")
        self.assertEqual(company.city, "Denver")
        self.assertEqual(company.zip, "80202")
        self.assertEqual(company.state_id, self.env.ref("base.state_us_6"))
        self.assertEqual(company.country_id, self.env.ref("base.us"))
        self.assertEqual(company.website, "https://www.bridgeway-properties.example")
        self.assertEqual(self.get("company", "CO-00002").street2, "2nd floor")

    def test_al02_industry_is_linked_and_created_when_missing(self):
        industry = self.get("company", "CO-00003").industry_id
        self.assertEqual(industry.name, "Manufacturing")
        self.assertFalse(industry.x_source_id, "it was in Odoo before")
        missing = self.get("company", "CO-00007").industry_id
        self.assertEqual(missing.name, "Construction")
        created = self.env["res.partner.industry"].search(
            [("x_source_id", "!=", False)]
        )
        self.assertEqual(len(created), 7)
        self.assertEqual(len(set(created.mapped("name"))), 7)

    def test_al02_employee_count_is_a_number_of_its_own(self):
        self.assertEqual(self.get("company", "CO-00002").x_employee_count, 380)
        field = self.env["ir.model.fields"]._get("res.partner", "x_employee_count")
        self.assertEqual((field.ttype, field.state), ("integer", "manual"))

    def test_al02_unknown_country_is_left_empty_and_in_the_log(self):
        self.assertFalse(self.get("company", "CO-00017").country_id)
        entry = self.env["migration.log"].search(
            [
                ("project_id", "=", self.project.id),
                ("operation", "=", "warning"),
                ("source_id", "=", "CO-00017"),
            ]
        )
        self.assertIn("Atlantis", entry.message)
        self.assertIn("country", entry.message)

    def test_al03_primary_company_is_the_parent(self):
        contact = self.get("contact", "CN-00020")
        self.assertEqual(contact.parent_id, self.get("company", "CO-00035"))
        self.assertEqual(contact.city, "Göteborg", "its own address stays")

    def test_al03_other_companies_are_relations_or_kept_on_the_contact(self):
        contact = self.get("contact", "CN-00020")
        others = {
            self.get("company", "CO-00055"): "Board member",
            self.get("company", "CO-00052"): "Advisor",
        }
        if "res.partner.relation" in self.env:
            relations = self.env["res.partner.relation"].search(
                [("left_partner_id", "=", contact.id)]
            )
            self.assertEqual(
                {one.right_partner_id: one.type_id.name for one in relations}, others
            )
            self.assertNotIn(False, relations.mapped("x_source_id"))
            return
        lines = contact.x_other_companies.split("\n")
        notes = contact.message_ids.filtered(lambda note: "Also linked" in note.body)
        self.assertEqual((len(lines), len(notes)), (2, 2))
        for company, role in others.items():
            expected = f"{company.name} ({role}) [{company.x_source_id}]"
            self.assertIn(expected, lines)
            note = notes.filtered(lambda note, name=company.name: name in note.body)
            self.assertIn(role, note.body)
            self.assertIn(f'data-oe-id="{company.id}"', note.body)
            self.assertTrue(note.subtype_id.internal)

    def test_al03_relation_type_of_a_role_is_made_once(self):
        if "res.partner.relation" not in self.env:
            models = self.env["migration.log"].search(
                [
                    ("project_id", "=", self.project.id),
                    ("mapping_id.name", "=", "contact_company"),
                    ("operation", "=", "create"),
                ]
            )
            self.assertEqual(set(models.mapped("res_model")), {"mail.message"})
            return
        types = self.env["res.partner.relation.type"].search(
            [("x_source_id", "!=", False)]
        )
        names = types.mapped("name")
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(set(types.mapped("left_partner_type")), {"p"})
        self.assertEqual(set(types.mapped("right_partner_type")), {"c"})

    def test_al04_deal_is_an_opportunity_with_its_values(self):
        deal = self.get("deal", "DL-00003")
        self.assertEqual((deal._name, deal.type), ("crm.lead", "opportunity"))
        self.assertIn("replacement of the old line", deal.name)
        self.assertEqual(deal.expected_revenue, 151827.0)
        self.assertEqual(deal.date_deadline, date(2027, 2, 18))
        self.assertFalse(deal.date_closed)
        self.assertEqual(deal.stage_id, self.get("stage", "ST-201"))
        self.assertEqual(deal.team_id, self.get("pipeline", "PL-2"))
        self.assertEqual(deal.partner_id, self.get("contact", "CN-00175"))
        self.assertIn("Wants a reference from the same trade.", deal.description)
        self.assertEqual(self.get("deal", "DL-00004").user_id, self.jonas)

    def test_al04_closed_deals_have_their_closing_date(self):
        won, lost = self.get("deal", "DL-00004"), self.get("deal", "DL-00016")
        self.assertEqual(won.date_closed, datetime(2020, 6, 17, 9, 15))
        self.assertEqual(lost.date_closed, datetime(2019, 8, 23, 14, 30))

    def test_al04_probability_is_as_given_even_after_the_nightly_job(self):
        deal = self.get("deal", "DL-00003")
        self.assertEqual(deal.probability, 60.0)
        self.env["crm.lead"]._cron_update_automated_probabilities()
        deal.invalidate_recordset()
        self.assertEqual(deal.probability, 60.0)
        self.assertFalse(deal.is_automated_probability)

    def test_al05_pipelines_are_teams_made_before_the_deals(self):
        teams = [self.get("pipeline", f"PL-{number}") for number in (1, 2, 3)]
        self.assertEqual({team._name for team in teams}, {"crm.team"})
        self.assertEqual(
            [team.name for team in teams], ["New Business", "Renewals", "Partner Sales"]
        )
        self.assertEqual([team.sequence for team in teams], [1, 2, 3])
        made = {
            name: self.env["migration.log"]
            .search(
                [
                    ("project_id", "=", self.project.id),
                    ("mapping_id.name", "=", name),
                    ("operation", "=", "create"),
                ]
            )
            .ids
            for name in ("pipeline", "deal")
        }
        self.assertEqual(len(made["pipeline"]), 3)
        self.assertLess(max(made["pipeline"]), min(made["deal"]))

    def test_al06_stages_belong_to_their_pipeline(self):
        stage = self.get("stage", "ST-103")
        self.assertEqual((stage._name, stage.name), ("crm.stage", "Proposal"))
        self.assertEqual(stage.sequence, 3)
        self.assertEqual(stage.team_ids, self.get("pipeline", "PL-1"))
        self.assertFalse(stage.is_won)
        same_name = self.get("stage", "ST-202")
        self.assertEqual(same_name.name, "Proposal")
        self.assertNotEqual(stage, same_name)
        self.assertEqual(same_name.team_ids, self.get("pipeline", "PL-2"))

    def test_al06_won_stage_and_colours(self):
        won = self.get("stage", "ST-105")
        self.assertTrue(won.is_won)
        self.assertEqual(won.color, 10, "green #27AE60 in Odoo's palette")
        self.assertEqual(self.get("stage", "ST-203").color, 3, "yellow #F4D03F")

    def test_al06_stage_probability_goes_to_deals_without_one(self):
        deal = self.get("deal", "DL-00001")
        self.assertEqual(deal.stage_id, self.get("stage", "ST-303"))
        self.assertEqual(deal.probability, 55.0)
        stages = self.env["crm.stage"]
        if "probability" in stages._fields:
            self.assertEqual(deal.stage_id.probability, 55.0)
        else:
            line = self.line(self.project, "stage", "probability")
            self.assertEqual(line.kind, "ignored")

    def test_al06_time_of_entering_the_stage_is_kept(self):
        deal = self.get("deal", "DL-00001")
        entered = datetime(2024, 7, 21, 12, 52)
        self.assertEqual(deal.x_stage_entered_date, entered)
        self.assertEqual(deal.date_last_stage_update, entered)


class TestAllegoryRows(MigrationCase):
    """Small exports for what the demo does not have."""

    PIPELINE = {
        "pipelines.csv": "pipeline_id,name\nP,Sales\n",
        "stages.csv": "stage_id,pipeline_id,name,position,probability,is_won\n"
        "S,P,Proposal,1,40,false\nW,P,Won,2,100,true\n",
    }

    def test_al04_probability_of_the_deal_wins_over_that_of_its_stage(self):
        project = self.migrate(
            {
                **self.PIPELINE,
                "deals.csv": "deal_id,name,pipeline_id,stage_id,probability,status\n"
                "1,Given,P,S,15,open\n2,Zero,P,S,0,open\n3,None,P,S,,open\n",
            }
        )
        deals = [self.target(project, "deal", key) for key in "123"]
        self.assertEqual([one.probability for one in deals], [15.0, 0.0, 40.0])
        self.env["crm.lead"]._cron_update_automated_probabilities()
        deals[0].invalidate_model()
        self.assertEqual([one.probability for one in deals], [15.0, 0.0, 40.0])

    def test_al04_close_date_of_a_closed_deal_without_a_time_closes_it(self):
        project = self.migrate(
            {
                **self.PIPELINE,
                "deals.csv": "deal_id,name,pipeline_id,stage_id,status,close_date,"
                "created_at\n1,Won,P,W,won,2021-05-06,2021-01-02 03:04:05\n",
            }
        )
        deal = self.target(project, "deal", "1")
        self.assertEqual(deal.date_closed.date(), date(2021, 5, 6))
        self.assertEqual(deal.won_status, "won")

    def test_al06_existing_stage_of_the_same_team_is_used(self):
        team = self.env["crm.team"].create({"name": "Field force"})
        known = self.env["crm.stage"].create(
            {"name": "Proposal", "team_ids": [(6, 0, team.ids)], "sequence": 77}
        )
        project = self.migrate(
            {**self.PIPELINE, "pipelines.csv": "pipeline_id,name\nP,Field force\n"}
        )
        self.assertEqual(self.target(project, "pipeline", "P"), team)
        self.assertEqual(self.target(project, "stage", "S"), known)
        self.assertEqual(known.sequence, 77)
