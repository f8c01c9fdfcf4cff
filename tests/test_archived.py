"""What is archived in Odoo, before a load or after it: teams, contacts, users."""

from odoo.tests import new_test_user

from .common import csv_text
from .engine.test_delta import COMPANIES, DeltaCase

DEALS = (
    ("deal_id", "name", "company_id", "pipeline_id", "stage_id", "amount")
    + ("owner_email",),
    ("D1", "Roof", "C1", "P1", "S1", "100", "anna@example.com"),
    ("D2", "Wall", "C2", "P1", "S2", "200", "anna@example.com"),
)
MORE = ("D3", "Door", "C1", "P1", "S1", "300", "anna@example.com")
SETUP = {
    "pipelines": (("pipeline_id", "name"), ("P1", "Retired")),
    "stages": (
        ("stage_id", "name", "pipeline_id"),
        ("S1", "New one", "P1"),
        ("S2", "New two", "P1"),
    ),
}


class TestArchived(DeltaCase):
    def team(self, **values):
        return self.env["crm.team"].create({"name": "Retired", **values})

    def teams(self):
        teams = self.env["crm.team"].with_context(active_test=False)
        return teams.search([("name", "=", "Retired")])

    def test_G19_stage_of_an_archived_team_is_not_one_that_all_teams_share(self):
        team = self.team(active=False)
        stage = self.env["crm.stage"].create(
            {"name": "New one", "team_ids": [(6, 0, team.ids)]}
        )
        before = self.snapshot()
        project = self.start(deals=DEALS, **SETUP)
        deal = self.target(project, "deal", "D1")
        self.assertEqual(deal.stage_id.name, "New one")
        stage_of_all = deal.stage_id.with_context(active_test=False)
        self.assertIn(deal.team_id, stage_of_all.team_ids)
        if deal.team_id != team:
            self.assertNotEqual(deal.stage_id, stage)
        self.assertFalse(team.active)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_G10_deals_of_a_team_that_was_archived_since_go_on(self):
        project = self.start(deals=DEALS, **SETUP)
        team = self.teams()
        self.assertEqual(len(team), 1)
        first = self.target(project, "deal", "D1")
        team.active = False
        self.later()
        self.change("deals", "D1", amount="150", stage_id="S2")
        self.export["deals"] = (*self.export["deals"], MORE)
        self.delta(project)
        self.assertEqual(first.expected_revenue, 150)
        self.assertEqual(first.stage_id.name, "New two")
        self.assertEqual(self.target(project, "deal", "D3").team_id, team)
        self.assertEqual(self.teams(), team, "none was made anew")
        self.assertFalse(team.active)
        run = self.run_step(project, "verify", **project._verify_options("seed"))
        failed = run.check_ids.filtered(lambda one: one.verdict == "1_failed")
        self.assertFalse([one._as_dict() for one in failed])

    def test_G13_a_team_that_was_archived_since_goes_only_if_forced(self):
        before = self.snapshot()
        project = self.start(deals=DEALS, **SETUP)
        team = self.teams()
        team.active = False
        self.later()
        self.rollback(project)
        self.assertTrue(team.exists(), "somebody has changed it")
        self.rollback(project, changed="force")
        self.assertFalse(team.exists())
        self.assertSameDatabase(before, self.snapshot())

    def test_G10_an_archived_contact_is_changed_and_stays_archived(self):
        project = self.start(deals=DEALS, **SETUP)
        company = self.target(project, "company", "C1")
        company.active = False
        self.later()
        self.change("companies", "C1", city="Köln")
        self.export["deals"] = (*self.export["deals"], MORE)
        self.delta(project)
        self.assertEqual(company.city, "Köln")
        self.assertFalse(company.active)
        self.assertEqual(self.target(project, "deal", "D3").partner_id, company)
        named = self.env["res.partner"].with_context(active_test=False)
        self.assertEqual(named.search_count([("name", "=", company.name)]), 1)

    def test_G13_a_contact_that_was_archived_since_goes_only_if_forced(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        company.active = False
        self.later()
        self.rollback(project)
        self.assertTrue(company.exists())
        self.rollback(project, changed="force")
        self.assertFalse(company.exists())

    def test_G10_records_of_a_user_who_has_left_since_stay_and_come(self):
        gone = new_test_user(
            self.env,
            "leaver",
            "sales_team.group_sale_salesman",
            email="leaver@example.com",
        )
        rows = tuple(
            tuple("leaver@example.com" if "@" in cell else cell for cell in row)
            for row in DEALS
        )
        project = self.start(deals=rows, **SETUP)
        first = self.target(project, "deal", "D1")
        self.assertEqual(first.user_id, gone)
        gone.active = False
        self.later()
        self.change("deals", "D1", amount="150")
        self.export["deals"] = (
            *self.export["deals"],
            (*MORE[:-1], "leaver@example.com"),
        )
        self.delta(project)
        self.assertEqual((first.user_id, first.expected_revenue), (gone, 150))
        self.assertEqual(self.target(project, "deal", "D3").user_id, gone)
        self.assertFalse(gone.active)
        self.assertFalse(self.conflicts(project))

    def test_G16_an_archived_contact_is_only_linked_by_a_choice(self):
        archived = self.env["res.partner"].create(
            {
                "name": "Acme",
                "is_company": True,
                "email": "acme@example.com",
                "active": False,
            }
        )
        before = self.snapshot()
        project = self.start()
        company = self.target(project, "company", "C1")
        self.assertEqual(archived.name, "Acme")
        self.assertFalse(archived.active)
        self.assertEqual(company.city, "Bonn")
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())


class TestSubsidiary(DeltaCase):
    """A migration into company B by somebody who works in A and B."""

    def setUp(self):
        super().setUp()
        self.company = self.env["res.company"].create({"name": "Subsidiary"})
        self.admin.company_ids += self.company

    def both(self, files):
        """A migration of ``files``, by an admin who has both companies open."""
        project = self.new_project(files, company_id=self.company.id)
        return project.with_user(self.admin).with_context(
            allowed_company_ids=[self.env.company.id, self.company.id]
        )

    def test_G19_all_that_belongs_to_a_company_belongs_to_that_of_the_migration(self):
        self.anna.company_ids += self.company
        files = {
            "companies.csv": csv_text(*COMPANIES),
            "deals.csv": csv_text(*DEALS),
            "notes.csv": csv_text(
                ("note_id", "body", "related_type", "related_id", "created_at"),
                ("N1", "Hello", "deal", "D1", "2024-01-02 03:04:05"),
            ),
            **{f"{name}.csv": csv_text(*rows) for name, rows in SETUP.items()},
        }
        before = self.snapshot()
        project = self.both(files)
        self.read_files(project)
        self.load(project)
        found = 0
        for record in self.env["migration.record"].search(
            [("project_id", "=", project.id), ("res_id", "!=", False)]
        ):
            target = self.env[record.res_model].browse(record.res_id)
            if "company_id" in target._fields:
                with self.subTest(record=record.display_name):
                    self.assertIn(
                        target.company_id, (self.company, self.company.browse())
                    )
                    found += target.company_id == self.company
        self.assertEqual(found, 3, "two deals and their team")
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_G19_lead_of_somebody_without_the_company_waits_for_access(self):
        deals = (
            ("deal_id", "name", "company_id", "owner_email"),
            ("D1", "Roof", "C1", "anna@example.com"),
            ("D2", "Wall", "C2", ""),
        )
        files = {"companies.csv": csv_text(*COMPANIES), "deals.csv": csv_text(*deals)}
        project = self.both(files)
        self.read_files(project)
        self.load(project)
        record = self.staged(project, "deal", "D1")
        self.assertEqual(record.error_code, "owner_of_other_company")
        self.assertIn("Anna Berg”, who has the record, has no access", record.error)
        self.assertIn("Subsidiary", record.error)
        self.assertTrue(self.target(project, "deal", "D2"))
        self.anna.company_ids += self.company
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "deal", "D1").company_id, self.company)
