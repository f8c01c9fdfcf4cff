"""The audit report: its data, its page, its workbook."""

import base64
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import MigrationCase, csv_text

NASTY = "=HYPERLINK(A1)"


class TestMigrationReport(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "owner_email", "shade", "created_at"),
                    ("1", NASTY, "anna@example.com", "+red", "2024-01-31"),
                    ("2", "Bolt", "gone@example.com", "@blue", "2024-02-01"),
                    ("3", "Bolt", "", "", "2024-02-01"),
                )
            },
            name="Old CRM",
        )
        cls.read_files(cls.project)

    def sheets(self):
        action = self.project.action_download_audit()
        number = int(action["url"].split("/")[-1].partition("?")[0])
        attachment = self.env["ir.attachment"].browse(number)
        self.assertEqual(attachment.name, "audit_old-crm.xlsx")
        content = base64.b64decode(attachment.datas)
        return load_workbook(io.BytesIO(content))

    def table(self, sheet):
        """Rows of a sheet as dicts by the names in its head."""
        head, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    def page(self):
        report = self.env.ref("crm_migration.audit_report_action")
        html, _kind = report._render_qweb_html(report.report_name, self.project.ids)
        return html.decode()

    def test_G01_the_report_counts_objects_and_columns(self):
        data = self.env["migration.report"]._data(self.project)
        self.assertEqual(data["summary"]["records"], 3)
        company = next(one for one in data["objects"] if one["object"] == "company")
        self.assertEqual((company["records"], company["model"]), (3, "res.partner"))
        self.assertEqual(company["tables"], ["companies.csv"])
        columns = {one["column"]: one for one in data["columns"]["company"]}
        self.assertEqual(columns["shade"]["fill_rate"], 0.6667)
        self.assertEqual(columns["name"]["distinct"], 2)
        self.assertEqual(columns["name"]["longest"], len(NASTY))
        self.assertEqual(columns["created_at"]["type"], "date")
        self.assertEqual(columns["created_at"]["targets"], ["create_date"])
        owners = {one["key"]: one["user"] for one in data["owners"]}
        self.assertEqual(owners["anna@example.com"], "anna")
        codes = {one["code"] for one in data["findings"]}
        self.assertLessEqual({"duplicate_name", "owner_unmatched"}, codes)

    def test_G01_the_report_tells_of_this_odoo(self):
        team = self.env["crm.team"].create({"name": "Night shift"})
        stage = self.env["crm.stage"].create({"name": "Baked", "is_won": True})
        self.env["ir.model.fields"].create(
            {
                "name": "x_shoe_size",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "field_description": "Shoe Size",
                "ttype": "integer",
            }
        )
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        new_test_user(self.env, "former", "base.group_user").active = False
        facts = self.env["migration.odoo.facts"]._facts(self.project.company_id)
        self.assertTrue(facts["version"].startswith("19"))
        self.assertIn(facts["edition"], ("community", "enterprise"))
        self.assertIn("crm", [one["name"] for one in facts["modules"]])
        self.assertIn(team.name, [one["name"] for one in facts["teams"]])
        self.assertIn(
            (stage.name, True), [(s["name"], s["won"]) for s in facts["stages"]]
        )
        self.assertIn(
            {
                "model": "res.partner",
                "name": "x_shoe_size",
                "label": "Shoe Size",
                "type": "integer",
            },
            facts["custom_fields"],
        )
        self.assertTrue(facts["multi_team"])
        users = self.env["res.users"].with_context(active_test=False)
        self.assertEqual(
            sum(facts["users"].values()), users.search_count([("share", "=", False)])
        )
        self.assertGreater(facts["users"]["archived"], 0)
        self.assertEqual(
            facts["company_currency"], self.project.company_id.currency_id.name
        )
        self.assertIn("en_US", facts["languages"])

    def test_G01_the_workbook_has_every_part(self):
        book = self.sheets()
        self.assertEqual(
            book.sheetnames,
            ["Summary", "Objects", "Columns", "Findings", "Owners", "Odoo"],
        )
        objects = {one["Object"]: one for one in self.table(book["Objects"])}
        self.assertEqual(objects["Companies"]["Records"], 3)
        columns = {
            one["Column"]: one
            for one in self.table(book["Columns"])
            if one["Object"] == "Companies"
        }
        self.assertEqual(columns["shade"]["Filled %"], 66.7)
        self.assertEqual(columns["created_at"]["Looks like"], "Date")
        self.assertIn(
            "The same name in name",
            [one["Finding"] for one in self.table(book["Findings"])],
        )
        self.assertIn(
            "gone@example.com", [one["Owner"] for one in self.table(book["Owners"])]
        )
        self.assertIn("Version", [one["Fact"] for one in self.table(book["Odoo"])])

    def test_G01_no_cell_of_the_workbook_is_a_formula(self):
        book = self.sheets()
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        signs = tuple("=+-@")
        risky = [cell for cell in cells if str(cell.value).startswith(signs)]
        self.assertTrue(risky)
        self.assertTrue(all(cell.quotePrefix for cell in risky))

    def test_G01_the_page_can_be_read(self):
        page = self.page()
        for text in ("Old CRM", "Companies", "The same name in name"):
            self.assertIn(text, page)
        self.assertIn("companies.csv, row 3, 2", page)
        self.assertIn("gone@example.com", page)
        self.assertIn("This Odoo", page)
        action = self.project.action_audit_report()
        self.assertEqual(action["report_name"], "crm_migration.audit_report")

    def test_a_value_of_the_export_is_no_markup_of_the_page(self):
        header = ("company_id", "name")
        project = self.new_project(
            {"companies.csv": csv_text(header, ("1", "<script>alert(1)</script>"))}
        )
        self.read_files(project)
        report = self.env.ref("crm_migration.audit_report_action")
        html, _kind = report._render_qweb_html(report.report_name, project.ids)
        self.assertNotIn("<script>alert(1)", html.decode())
        self.assertIn("&lt;script&gt;alert(1)", html.decode())

    def test_users_of_the_migration_see_the_report_and_others_do_not(self):
        mapper = new_test_user(self.env, "mapper", "crm_migration.group_user")
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        project = self.project.with_user(mapper)
        self.assertIn("url", project.action_download_audit())
        page = self.env["report.crm_migration.audit_report"]
        values = page.with_user(mapper)._get_report_values(project.ids)
        self.assertEqual(values["reports"][project.id]["summary"]["records"], 3)
        with self.assertRaises(AccessError):
            self.project.with_user(stranger).action_download_audit()
        with self.assertRaises(AccessError):
            page.with_user(stranger)._get_report_values(project.ids)
