"""The screens of a mapping: its file, one record as a test, the choice of a field."""

import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "country", "employee_count"),
        ("1", "Ahlgren", "Norway", "5"),
        ("2", "Bakke", "Nowhere", "many"),
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "status"), ("1", "Roof", "1", "open")
    ),
}


class TestMappingWizards(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project(FILES)
        cls.read_files(cls.project)
        cls.mapper = new_test_user(cls.env, "mapper", "crm_migration.group_user")

    def mapping(self, name):
        return self.project.mapping_ids.filtered(lambda one: one.name == name)

    def wizard(self, **values):
        wizards = self.env["migration.mapping.wizard"].with_user(self.mapper)
        return wizards.create({"project_id": self.project.id, **values})

    def test_g03_the_specification_is_downloaded_from_the_project(self):
        action = self.project.with_user(self.mapper).action_download_specification()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn(f"{self.project.key}-mapping.xlsx", action["url"])
        wizard = self.env["migration.mapping.wizard"].search(
            [], limit=1, order="id desc"
        )
        self.assertEqual(base64.b64decode(wizard.download)[:2], b"PK")

    def test_g03_a_mapping_is_downloaded_changed_and_uploaded(self):
        wizard = self.wizard()
        wizard.action_json()
        data = json.loads(base64.b64decode(wizard.download))
        company = next(one for one in data["objects"] if one["name"] == "company")
        company["lines"].append(
            {"source_path": "gone", "kind": "ignored", "target": False}
        )
        wizard.write(
            {
                "file": base64.b64encode(json.dumps(data).encode()),
                "file_name": "mapping.json",
            }
        )
        action = wizard.action_load()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("the export has no column “gone”", wizard.result)
        self.assertFalse(wizard.file)

    def test_g03_an_upload_that_cannot_be_used_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.wizard().action_load()
        wizard = self.wizard(file=base64.b64encode(b"\xff\xfe"), file_name="a.json")
        with self.assertRaisesRegex(UserError, "a.json is not a saved mapping"):
            wizard.action_load()

    def test_g03_only_who_maps_gets_the_file(self):
        with self.assertRaises(AccessError):
            self.project.with_user(self.anna).action_download_specification()
        wizard = self.wizard()
        with self.assertRaises(AccessError):
            wizard.with_user(self.anna).action_json()

    def shown(self, name, source_id=False):
        tests = self.env["migration.mapping.test.wizard"].with_user(self.mapper)
        wizard = tests.create(
            {"mapping_id": self.mapping(name).id, "source_id": source_id}
        )
        wizard.action_test()
        return wizard, {line.target: line for line in wizard.line_ids}

    def test_g02_one_record_shows_what_it_would_become(self):
        before = self.snapshot()
        wizard, lines = self.shown("company", "1")
        self.assertFalse(wizard.message)
        self.assertEqual(
            (lines["name"].before, lines["name"].after), ("Ahlgren", "Ahlgren")
        )
        self.assertEqual(lines["x_employee_count"].after, "5", "before “Prepare”, too")
        self.assertEqual(lines["country_id"].before, "Norway")
        self.assertEqual(lines["country_id"].after, self.env.ref("base.no").name)
        self.assertSameDatabase(before, self.snapshot())

    def test_g02_a_value_that_cannot_be_used_says_why(self):
        wizard, lines = self.shown("company", " 2 ")
        line = lines["country_id"]
        self.assertFalse(line.after)
        self.assertIn("“Nowhere”", line.problem)

    def test_g02_the_button_takes_the_first_record(self):
        action = self.mapping("deal").with_user(self.mapper).action_test()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.source_id, "1")
        waiting = wizard.line_ids.filtered(lambda line: line.column == "company_id")
        self.assertIn("not in Odoo yet", waiting.problem)

    def test_g02_a_record_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(UserError, "“99” is not staged"):
            self.shown("company", "99")

    def test_g02_the_choice_of_fields_has_what_can_be_written(self):
        line = self.line(self.project, "deal", "name").with_user(self.mapper)
        names = [name for name, _label in line.target_choices]
        self.assertIn("outcome", names, "what the loader makes of it")
        self.assertIn("expected_revenue", names)
        for name in ("create_date", "message_ids", "id"):
            self.assertNotIn(name, names)

    def test_g02_a_line_is_edited_in_its_form(self):
        line = self.line(self.project, "deal", "partner_id")
        self.assertEqual(line.source_path, "company_id")
        with Form(line.with_user(self.mapper)) as form:
            form.reference_by = "name"
            form.reference_key = "name"
        self.assertEqual((line.reference_by, line.reference_key), ("name", "name"))
        self.assertTrue(line.changed)


@tagged("post_install", "-at_install")
class TestMappingTours(HttpCase, MigrationCase):
    """The same in the browser."""

    def setUp(self):
        super().setUp()
        content = csv_text(("company_id", "name", "city"), ("1", "Ahlgren", "Oslo"))
        self.project = self.new_project({"companies.csv": content})
        self.read_files(self.project)
        self.city = self.line(self.project, "company", "city")

    def test_g02_a_line_gets_another_field_and_is_confirmed(self):
        action = "crm_migration.migration_mapping_field_action"
        url = f"/odoo/action-{action}/{self.city.id}"
        self.start_tour(url, "crm_migration_mapping_line", login="admin")
        self.assertEqual(
            (self.city.target, self.city.confirmed, self.city.changed),
            ("street2", True, True),
        )

    def test_g03_a_mapping_is_uploaded(self):
        action = "crm_migration.migration_project_action"
        url = f"/odoo/action-{action}/{self.project.id}"
        self.start_tour(url, "crm_migration_mapping_file", login="admin")
        self.assertEqual(self.city.target, "street2")
