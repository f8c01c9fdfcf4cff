"""Deals: stage, outcome and amount as Odoo 19 means them."""

from ..common import MigrationCase, csv_text

STRUCTURE = {
    "pipelines.csv": csv_text(
        ("pipeline_id", "name"), ("P1", "Sales"), ("P2", "Renewals")
    ),
    "stages.csv": csv_text(
        ("stage_id", "pipeline_id", "name", "position", "is_won"),
        ("S1", "P1", "Early", "1", "false"),
        ("S2", "P1", "Signed", "2", "true"),
        ("S3", "P2", "Renewal", "1", "false"),
    ),
}


class TestLeads(MigrationCase):
    def migrate_deals(self, columns, *rows, **values):
        deals = csv_text(("deal_id", "name", *columns), *rows)
        return self.migrate({**STRUCTURE, "deals.csv": deals}, **values)

    def test_a_won_deal_outside_a_won_stage_moves_to_the_one_of_its_pipeline(self):
        project = self.migrate_deals(
            ("pipeline_id", "stage_id", "status"),
            ("D1", "Won", "P1", "S1", "won"),
            ("D2", "Won", "P2", "S3", "won"),
        )
        lead = self.target(project, "deal", "D1")
        self.assertEqual(lead.stage_id, self.target(project, "stage", "S2"))
        self.assertEqual((lead.probability, lead.won_status), (100, "won"))
        self.assertTrue(lead.date_closed)

    def test_an_open_or_lost_deal_in_a_won_stage_is_refused(self):
        project = self.migrate_deals(
            ("pipeline_id", "stage_id", "status"),
            ("D1", "Lost", "P1", "S2", "lost"),
            ("D2", "Open", "P1", "S2", "open"),
            ("D3", "By its stage", "P1", "S2", ""),
        )
        for key in ("D1", "D2"):
            record = self.staged(project, "deal", key)
            self.assertEqual(record.error_code, "outcome_contradicts_stage")
            self.assertIn("Signed", record.error)
        self.assertEqual(self.target(project, "deal", "D3").won_status, "won")

    def test_a_deal_without_stage_begins_in_the_first_of_its_pipeline(self):
        project = self.migrate_deals(
            ("pipeline_id", "stage_id"), ("D1", "No stage", "P2", "")
        )
        lead = self.target(project, "deal", "D1")
        self.assertEqual(lead.team_id, self.target(project, "pipeline", "P2"))
        allowed = self.target(project, "pipeline", "P2")
        self.assertIn(lead.stage_id.team_ids, (allowed, allowed.browse()))
        self.assertFalse(lead.stage_id.is_won)

    def test_a_probability_in_the_source_counts_as_set_by_hand(self):
        project = self.migrate_deals(
            ("probability",), ("D1", "Some", "40"), ("D2", "None", "0")
        )
        for key, wanted in (("D1", 40), ("D2", 0)):
            lead = self.target(project, "deal", key)
            self.assertEqual(lead.probability, wanted)
            self.assertFalse(lead.is_automated_probability)

    def test_an_amount_in_another_currency_is_taken_with_a_warning(self):
        own = self.env.company.currency_id
        other = "CHF" if own.name != "CHF" else "GBP"
        project = self.migrate_deals(
            ("amount", "currency"),
            ("D1", "Own", "100", own.name),
            ("D2", "Other", "200", other),
        )
        self.assertEqual(self.target(project, "deal", "D2").expected_revenue, 200)
        self.assertEqual(self.target(project, "deal", "D2").x_currency, other)
        warnings = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "warning")]
        )
        self.assertEqual(warnings.mapped("source_id"), ["D2"])
        self.assertIn(other, warnings.message)

    def test_an_amount_is_converted_by_the_rate_of_its_day_where_asked(self):
        own = self.env.company.currency_id
        other = self.env.ref("base.CHF" if own.name != "CHF" else "base.GBP")
        other.active = True
        other.rate_ids.unlink()
        for day, rate in (("2020-01-01", 2.0), ("2022-01-01", 4.0)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": other.id,
                    "name": day,
                    "rate": rate,
                    "company_id": self.env.company.id,
                }
            )
        none = self.env["res.currency"].create({"name": "ZZZ", "symbol": "z"})
        project = self.migrate_deals(
            ("amount", "currency", "close_date"),
            ("D1", "Old", "100", other.name, "2021-05-01"),
            ("D2", "New", "100", other.name, "2023-05-01"),
            ("D3", "No rate", "100", none.name, "2023-05-01"),
            currency_policy="convert",
        )
        self.assertEqual(self.target(project, "deal", "D1").expected_revenue, 50)
        self.assertEqual(self.target(project, "deal", "D2").expected_revenue, 25)
        record = self.staged(project, "deal", "D3")
        self.assertEqual(record.error_code, "currency_without_rate")
