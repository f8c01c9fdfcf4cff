"""G14: records that Odoo had before are recognised, and changed as decided."""

from unittest.mock import patch

from ...models.loader.base import MigrationLoader
from ..common import csv_text
from .test_engine import EngineCase


class TestMatching(EngineCase):
    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create(
            {
                "name": "Nordwind AG",
                "is_company": True,
                "city": "Rostock",
                "website": "http://nordwind.example",
                "phone": "+49 1",
            }
        )
        self.project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "city", "street", "phone", "website"),
                    ("C1", "Nordwind AG", "Kiel", "Hafenweg 1", "", "other.example"),
                    ("C2", "New GmbH", "Bonn", "", "", ""),
                )
            }
        )
        self.read_files(self.project)
        self.mapping = self.project.mapping_ids.filtered(
            lambda one: one.name == "company"
        )
        self.mapping.match_by = "name"

    def set_policies(self, **policies):
        for target, policy in policies.items():
            self.line(self.project, "company", target).policy = policy

    def test_exactly_one_hit_links_and_none_creates(self):
        self.load(self.project)
        record = self.staged(self.project, "company", "C1")
        self.assertEqual((record.state, record.res_id), ("matched", self.partner.id))
        self.assertEqual(self.staged(self.project, "company", "C2").state, "loaded")
        line = self.line_of(self.project, "company")
        self.assertEqual((line.matched, line.created, line.updated), (1, 1, 0))
        self.assertFalse(self.partner.x_source_id)

    def test_keep_leaves_what_is_there_and_what_is_empty(self):
        before = self.partner.write_date
        self.load(self.project)
        self.assertEqual((self.partner.city, self.partner.street), ("Rostock", False))
        self.assertEqual(self.partner.write_date, before)

    def test_fill_writes_only_what_is_empty(self):
        self.set_policies(city="fill", street="fill")
        self.load(self.project)
        self.assertEqual(
            (self.partner.city, self.partner.street), ("Rostock", "Hafenweg 1")
        )
        self.assertEqual(self.line_of(self.project, "company").updated, 1)

    def test_overwrite_replaces_but_an_empty_value_never_erases(self):
        self.set_policies(city="overwrite", phone="overwrite", street="overwrite")
        self.load(self.project)
        self.assertEqual(self.partner.city, "Kiel")
        self.assertEqual(self.partner.street, "Hafenweg 1")
        self.assertEqual(self.partner.phone, "+49 1")
        self.assertEqual(self.partner.website, "http://nordwind.example")
        entry = self.env["migration.log"].search(
            [("project_id", "=", self.project.id), ("operation", "=", "update")]
        )
        self.assertEqual(entry.changes["before"]["city"], "Rostock")
        self.assertEqual(
            entry.changes["after"], {"city": "Kiel", "street": "Hafenweg 1"}
        )

    def test_several_hits_wait_for_a_decision(self):
        twin = self.partner.copy({"name": "Nordwind AG"})
        self.load(self.project)
        record = self.staged(self.project, "company", "C1")
        self.assertEqual((record.state, record.error_code), ("held", "match_ambiguous"))
        self.assertEqual(
            (record.error_field, record.error_value), ("Name", "Nordwind AG")
        )
        self.assertIn("2", record.error)
        twin.unlink()
        self.project._retry()
        self.run_step(self.project, "load")
        self.assertEqual(
            self.staged(self.project, "company", "C1").res_id, self.partner.id
        )

    def test_several_fields_have_to_agree(self):
        self.mapping.match_by = "name, city"
        self.load(self.project)
        self.assertEqual(self.staged(self.project, "company", "C1").state, "loaded")
        self.assertNotEqual(self.target(self.project, "company", "C1"), self.partner)

    def test_two_source_records_do_not_share_what_one_bad_update_lost(self):
        """A refused update is isolated and its half-written values are gone."""
        self.set_policies(city="overwrite")
        write = MigrationLoader._write

        def refuse(loader, record, vals, item):
            write(loader, record, vals, item)
            raise ValueError("No such city")

        with patch.object(MigrationLoader, "_write", refuse):
            self.load(self.project)
        record = self.staged(self.project, "company", "C1")
        self.assertEqual((record.state, record.res_id), ("failed", 0))
        self.assertIn("No such city", record.error)
        self.assertEqual(self.partner.city, "Rostock")
        self.assertFalse(
            self.env["migration.log"].search_count(
                [("project_id", "=", self.project.id), ("operation", "=", "update")]
            )
        )
