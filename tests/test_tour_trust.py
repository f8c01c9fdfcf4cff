from odoo.tests import HttpCase, tagged

from .common import MigrationCase, csv_text
from .engine.test_delta import COMPANIES, DEALS, DeltaCase

FAILING = csv_text(
    ("company_id", "name", "employee_count"),
    ("C1", "Ahlgren", "12"),
    ("C2", "Brandt", "about 40"),
)


class TourCase(HttpCase):
    """A loaded migration, seen in the browser; runs are carried out in between."""

    def tour(self, project, name):
        action = "/odoo/action-crm_migration.migration_project_action"
        self.start_tour(f"{action}/{project.id}", name, login="admin")

    def work(self, project, kind):
        """Carry out the run that a tour has queued."""
        run = project.run_ids[:1]
        self.assertEqual((run.kind, run.state), (kind, "queued"))
        self.env["migration.worker"]._work(run)
        self.assertEqual(run.state, "done", run.message)


@tagged("post_install", "-at_install")
class TestDeltaTour(TourCase, DeltaCase):
    """What happens between the load and the cut-over, and the way back."""

    def setUp(self):
        super().setUp()
        self.project = self.start()
        deal = self.target(self.project, "deal", "D1")
        deal.with_context(tracking_disable=True).expected_revenue = 150
        self.env.flush_all()
        self.later()
        self.change("deals", "D1", amount="120")
        self.delta(self.project)
        self.deal = deal

    def test_a_conflict_is_decided_in_the_list(self):
        self.assertEqual(self.project.conflict_count, 1)
        self.tour(self.project, "crm_migration_conflict")
        self.work(self.project, "delta")
        self.assertEqual(self.deal.expected_revenue, 120)

    def test_the_preview_of_a_rollback_follows_the_choices_and_opens_records(self):
        self.tour(self.project, "crm_migration_preview")
        self.assertTrue(self.deal.exists())


@tagged("post_install", "-at_install")
class TestTrustTours(TourCase, MigrationCase):
    """What failed is repaired, the rest is proved, handed over and purged."""

    def test_a_failed_record_is_corrected_and_tried_again(self):
        project = self.migrate({"companies.csv": FAILING})
        self.tour(project, "crm_migration_repair")
        self.work(project, "load")
        self.assertEqual(self.target(project, "company", "C2").x_employee_count, 40)

    def test_a_migration_is_verified_handed_over_and_purged(self):
        files = {"companies.csv": csv_text(*COMPANIES), "deals.csv": csv_text(*DEALS)}
        project = self.migrate(files)
        self.tour(project, "crm_migration_verify")
        self.work(project, "verify")
        self.tour(project, "crm_migration_verified")
        self.tour(project, "crm_migration_handover")
        self.tour(project, "crm_migration_purge")
        self.assertTrue(project.purged_date)
