"""One large German table, of which the addon knows nothing."""

from datetime import date

from .exports import pipedrive, world
from .unknown_exports import UnknownExportCase


class TestUnknownPipedrive(UnknownExportCase):
    def loaded(self):
        project = self.read_export(pipedrive.files())
        self.load(project)
        return project

    def test_G02_telling_columns_are_understood(self):
        self.assertProposed(
            self.read_export(pipedrive.files()),
            "deal",
            {
                "Deal - Titel": "name",
                "Deal - Besitzer": "user_id",
                "Deal - Pipeline": "team_id",
                "Deal - Phase": "stage_id",
                "Deal - Wert": "expected_revenue",
                "Deal - Verlustgrund": "lost_reason_id",
                "Deal - Status": "outcome",
                "Deal - Label": "tag_ids",
            },
        )

    def test_G01_what_tells_records_apart_is_not_told_as_an_empty_column(self):
        project = self.read_export(pipedrive.files())
        self.assertNotIn("column_empty", project.finding_ids.mapped("code"))

    def test_each_row_becomes_company_person_and_deal(self):
        project = self.loaded()
        counts = self.counts(project)
        self.assertEqual(counts["company"], {"loaded": 12})
        self.assertEqual(counts["contact"], {"loaded": 13})
        self.assertEqual(counts["deal"], {"loaded": 14})
        self.assertAddsUp(project.run_ids[:1])
        for number, (name, person, amount, state) in enumerate(world.DEALS):
            deal = self.deal(project, name)
            self.assertEqual(deal.expected_revenue, amount)
            self.assertEqual(deal.partner_id.name, world.full_name(person))
            company = world.COMPANIES[world.PEOPLE[person][2]]
            self.assertEqual(deal.partner_id.parent_id.name, company[0])
            self.assertEqual(deal.team_id.name, ("Vertrieb", "Partner")[number % 2])
            self.assertEqual(deal.won_status, {"open": "pending"}.get(state, state))
            self.assertEqual(deal.date_deadline, date(2024, 12, number + 14))
            self.assertIn("VIP", deal.tag_ids.mapped("name"))
        self.assertFalse(self.deal(project, "Fremd").partner_id)
        self.assertFalse(self.deal(project, "Ohne Firma").partner_id.parent_id)

    def test_nothing_is_doubled_by_a_second_reading(self):
        self.assertNothingDoubled(self.loaded())

    def test_rollback_leaves_the_database_as_it_was(self):
        before = self.snapshot()
        project = self.loaded()
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
