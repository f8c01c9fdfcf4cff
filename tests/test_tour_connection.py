from odoo.tests import HttpCase, tagged

from . import arkcase_world
from .common import MigrationCase
from .servers.arkcase import ArkCaseServer


@tagged("post_install", "-at_install")
class TestConnectionTour(HttpCase, MigrationCase):
    """A migration by API in the browser, from the address to what was read."""

    def test_connection_in_the_browser(self):
        """Connect, test, switch a list off, read."""
        server = self.enterContext(ArkCaseServer())
        arkcase_world.fill(server)
        action = "/odoo/action-crm_migration.migration_project_action"
        self.start_tour(action, "crm_migration_connect", login="admin")
        project = self.env["migration.project"].search([("name", "=", "Tour by API")])
        connection = project.connection_ids
        connection.write({"base_url": server.base})
        url = f"{action}/{project.id}"
        self.start_tour(url, "crm_migration_test_connection", login="admin")
        self.assertTrue(connection.is_reachable, connection.check_message)
        self.assertTrue(connection.endpoint_ids.filtered("check_state"))
        run = project.run_ids[:1]
        self.assertEqual((run.kind, run.state), ("audit", "queued"))
        self.env["migration.worker"]._work(run)
        self.assertEqual(run.state, "done", run.message)
        self.assertGreater(project.staged_count, 0)
