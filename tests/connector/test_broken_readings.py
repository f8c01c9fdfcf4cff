"""Readings that the server breaks off, and how they go on."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..common import csv_text
from .test_rest import RestCase


class TestBrokenReadings(RestCase):
    """The third page of the deals does not come."""

    def more_deals(self):
        """Seven in all: three pages, a short one, and an empty one."""
        self.deals += [
            {"deal_id": f"D{n}", "name": f"Deal {n}", "company_id": "C1"}
            for n in range(2, 8)
        ]

    def stop(self, project):
        """A reading that the server stops on the third page of the deals."""
        self.more_deals()
        # What they look like is told by five pages; then the whole list is read.
        self.server.expired("/v1/deals", times=9, after=5 + 2)
        with patch.object(type(self.env["migration.run"]), "_roll_back"):
            run = project._run_now("audit")
        self.assertEqual(run.state, "failed")
        self.server.faults.clear()
        self.server.requests.clear()
        return run

    def gone(self, project):
        return self.env["migration.record"].search_count(
            [("project_id", "=", project.id), ("source_gone", "=", True)]
        )

    def asked(self, name):
        return [
            one.params["offset"]
            for one in self.server.requests
            if one.path == f"/v1/{name}"
        ]

    def test_a_reading_that_the_server_stopped_goes_on_at_its_page(self):
        project = self.connect()
        run = self.stop(project)
        mappings = {one.name: one for one in project.mapping_ids}
        self.assertEqual(mappings["deal"].staged_count, 4, "what was read stays")
        again = self.read_files(project)
        self.assertEqual(again, run)
        self.assertFalse(again.message)
        self.assertEqual(self.asked("deals"), ["2", "4", "6", "7"])
        self.assertFalse(self.asked("contacts"), "the lists before it were complete")
        for name, count in (("company", 5), ("contact", 7), ("deal", 7)):
            self.assertEqual(mappings[name].staged_count, count)
        self.assertFalse(self.gone(project))
        endpoints = project.connection_ids.endpoint_ids
        marks = {one.name: one.watermark for one in endpoints}
        self.assertEqual(marks["contacts"], "2024-01-01T00:06:00Z")

    def test_a_reading_begins_anew_where_something_was_uploaded_meanwhile(self):
        project = self.connect()
        run = self.stop(project)
        files = {"more.csv": csv_text(("company_id", "name"), ("C9", "New"))}
        project._add_path(str(self.write_files(files)))
        self.later()
        project.file_ids.filtered(lambda one: not one.connection_id).name = "more"
        self.assertNotEqual(self.read_files(project), run)
        self.assertTrue(self.asked("contacts"))
        self.assertTrue(self.staged(project, "company", "C9"))

    def test_a_list_whose_path_was_changed_is_read_from_its_begin(self):
        project = self.connect()
        run = self.stop(project)
        self.serve("opportunities", self.deals)
        deals = project.connection_ids.endpoint_ids.filtered(
            lambda one: one.name == "deals"
        )
        deals.path = "/v1/opportunities"
        self.assertEqual(self.read_files(project), run)
        self.assertIn("0", self.asked("opportunities"))
        self.assertEqual(project.staged_count, 19)

    def test_a_list_that_breaks_on_the_way_keeps_what_it_gave(self):
        self.more_deals()
        project = self.connect()
        self.read_files(project)
        self.load(project)
        self.server.status(404, "no", "/v1/deals", times=9, after=5 + 2)
        self.companies.append({"company_id": "C9", "name": "Company 9"})
        self.read_files(project)
        self.assertTrue(self.staged(project, "company", "C9"), "the others go on")
        finding = project.finding_ids.filtered(lambda one: one.code == "http_not_found")
        self.assertEqual(finding.samples, "deals: 4 rows were read")
        deals = project.mapping_ids.filtered(lambda one: one.name == "deal")
        self.assertEqual(deals.staged_count, 7)
        self.assertFalse(self.gone(project))

    def test_the_row_of_a_connection_is_removed_with_it_by_a_manager(self):
        project = self.connect()
        self.read_files(project)
        row = project.connection_ids.file_id
        plain = new_test_user(self.env, "plain", "crm_migration.group_user")
        with self.assertRaisesRegex(UserError, "only a Migration Manager"):
            row.with_user(plain).unlink()
        row.unlink()
        self.assertFalse(project.connection_ids.exists())
        self.assertFalse(project.table_ids.exists())
        files = {"companies.csv": csv_text(("company_id", "name"), ("C1", "Company 1"))}
        project._add_path(str(self.write_files(files)))
        self.read_files(project)
