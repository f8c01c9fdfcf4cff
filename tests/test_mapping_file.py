"""A confirmed mapping is kept as a file and used again."""

import json

from odoo.exceptions import UserError

from .common import DEMO, MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "city", "shade"), ("1", "Ahlgren", "Oslo", "red")
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "status"), ("1", "Roof", "1", "Frozen")
    ),
}


class TestMappingFile(MigrationCase):
    def read_export(self, files, **values):
        project = self.new_project(files, **values)
        self.read_files(project)
        return project

    def test_a_saved_mapping_is_the_same_in_another_project(self):
        project = self.new_project(path=DEMO)
        self.read_files(project)
        project.action_confirm()
        project.mapping_ids[0].active = False
        saved = json.loads(json.dumps(project._export_mapping()))
        other = self.new_project(path=DEMO)
        other._import_mapping(saved)
        self.assertEqual(other._export_mapping(), saved)
        self.assertFalse(other.unconfirmed_count)

    def test_decisions_of_a_saved_mapping_load_another_export(self):
        project = self.read_export(FILES)
        self.line(project, "company", "city").target = "street2"
        line = self.line(project, "deal", "outcome")
        frozen = line.value_ids.filtered(lambda value: value.name == "Frozen")
        frozen.write({"mapped": True, "target": "lost"})
        project.action_confirm()
        saved = project._export_mapping()

        other = self.read_export(FILES, name="Second export")
        self.assertTrue(other.unconfirmed_count)
        other._import_mapping(saved)
        self.run_step(other, "prepare")
        self.run_step(other, "load")
        company = self.target(other, "company", "1")
        self.assertEqual((company.city, company.street2), (False, "Oslo"))
        self.assertEqual(company.x_shade, "red")
        deal = self.target(other, "deal", "1")
        self.assertEqual((deal.active, deal.probability), (False, 0))

    def test_lines_are_replaced_and_not_added(self):
        project = self.read_export(FILES)
        count = len(project.mapping_ids.field_ids)
        project._import_mapping(project._export_mapping())
        self.assertEqual(len(project.mapping_ids.field_ids), count)

    def test_an_object_the_file_does_not_have_stays(self):
        project = self.read_export(FILES)
        saved = project._export_mapping()
        saved["objects"] = [one for one in saved["objects"] if one["name"] == "deal"]
        lines = project.mapping_ids.filtered(
            lambda one: one.name == "company"
        ).field_ids
        project._import_mapping(saved)
        self.assertTrue(lines.exists())

    def test_an_object_the_project_does_not_have_is_made(self):
        saved = self.read_export(FILES)._export_mapping()
        other = self.read_export({"companies.csv": FILES["companies.csv"]})
        other._import_mapping(saved)
        deal = other.mapping_ids.filtered(lambda one: one.name == "deal")
        self.assertEqual(deal.res_model, "crm.lead")

    def test_what_is_no_saved_mapping_is_refused_and_changes_nothing(self):
        project = self.read_export(FILES)
        before = project._export_mapping()
        for data in ({}, [], {"objects": [{"name": "deal"}]}, {"objects": [7]}, None):
            with self.assertRaisesRegex(UserError, "not a saved mapping"):
                project._import_mapping(data)
        self.assertEqual(project._export_mapping(), before)
