"""Row G18 of the specification: what the company keeps of a migration."""

import base64
import io
import json
import zipfile
from unittest.mock import patch

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .common import MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name", "employee_count", "owner_email", "shade", "nothing"),
    ("C1", "Acme", "5", "anna@example.com", "=red", ""),
    ("C2", "Bolt", "many", "anna@example.com", "blue", ""),
    ("C3", "Cord", "7", "gone@example.com", "", ""),
)
ODD = csv_text(("planet", "moons"), ("Mars", "2"), ("Saturn", "146"))


def sheets(content):
    """``{title: [rows as dicts by head]}`` of a workbook."""
    found = {}
    for sheet in load_workbook(io.BytesIO(content)):
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def sheets_of(content):
    """Titles of the sheets of a workbook."""
    return load_workbook(io.BytesIO(content)).sheetnames


class HandoverCase(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project(
            {"companies.csv": COMPANIES, "planets.csv": ODD}, name="Old CRM"
        )
        cls.read_files(cls.project)
        cls.ignore("company", "shade")
        cls.load(cls.project)

    @classmethod
    def ignore(cls, name, column):
        mapping = cls.project.mapping_ids.filtered(lambda one: one.name == name)
        mapping.field_ids.filtered(lambda one: one.source_path == column).write(
            {"kind": "ignored", "target": False}
        )

    def files(self):
        """``{name without key and date: content}`` of the package."""
        _name, whole = self.project._handover_zip()
        with whole, zipfile.ZipFile(whole) as archive:
            self.assertIsNone(archive.testzip())
            return {
                name.replace(f"_old-crm_{self.today()}", ""): archive.read(name)
                for name in archive.namelist()
            }

    def today(self):
        return fields.Date.context_today(self.project)

    def data(self):
        return self.env["migration.handover.summary"]._data(self.project)

    def leftovers(self):
        return sheets(self.env["migration.leftover"]._workbook(self.project).read())


class TestHandoverRows(HandoverCase):
    """The hand-over, read from its files."""

    def test_G18_the_package_has_every_part_with_key_and_date(self):
        name, whole = self.project._handover_zip()
        self.assertEqual(name, f"handover_old-crm_{self.today()}.zip")
        with whole, zipfile.ZipFile(whole) as archive:
            names = set(archive.namelist())
        self.assertEqual(
            names,
            {
                f"{stem}_old-crm_{self.today()}.{ending}"
                for stem, ending in (
                    ("summary", "html"),
                    ("unmapped", "xlsx"),
                    ("mapping", "xlsx"),
                    ("owners", "xlsx"),
                    ("failed_companies", "csv"),
                )
            },
        )

    def test_G18_one_file_is_there_at_a_time(self):
        files = self.project._handover_files()
        opened = [next(files)[1], next(files)[1]]
        self.assertEqual([one.closed for one in opened], [True, False])
        files.close()
        self.assertTrue(opened[1].closed)

    def test_G18_a_workbook_is_no_text_in_memory_but_a_file(self):
        # Of a large migration, it would be the most that the hand-over holds.
        with self.env["migration.leftover"]._workbook(self.project) as book:
            self.assertTrue(book.fileno())
            self.assertEqual(book.read(2), b"PK")

    def test_G18_the_numbers_of_the_summary_add_up(self):
        data = self.data()
        company = next(one for one in data["objects"] if one["object"] == "company")
        counts = [company[name] for name in data["totals"] if name != "read"]
        self.assertEqual(sum(counts), company["read"])
        self.assertEqual(
            (company["read"], company["created"], company["failed"]), (3, 2, 1)
        )
        self.assertEqual(data["totals"]["read"], 3)

    def test_G18_what_odoo_had_is_matched_or_updated(self):
        partners = self.env["res.partner"]
        for name, website in (("Dorn", False), ("Erle", "https://erle.example.com")):
            partners.create({"name": name, "is_company": True, "website": website})
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "website"),
                    ("C1", "Dorn", "https://dorn.example.com"),
                    ("C2", "Falk", ""),
                    ("C3", "Erle", ""),
                )
            },
            name="Matched CRM",
        )
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "company")
        mapping.match_by = "name"
        self.line(project, "company", "website").policy = "fill"
        self.load(project)
        [company] = [
            one
            for one in self.env["migration.handover.summary"]._data(project)["objects"]
            if one["object"] == "company"
        ]
        self.assertEqual(
            {name: company[name] for name in ("created", "updated", "matched")},
            {"created": 1, "updated": 1, "matched": 1},
        )
        self.rollback(project)
        [company] = [
            one
            for one in self.env["migration.handover.summary"]._data(project)["objects"]
            if one["object"] == "company"
        ]
        self.assertEqual((company["read"], company["waiting"]), (3, 3))

    def test_G18_the_summary_says_who_approved_and_who_got_what(self):
        data = self.data()
        self.assertEqual(data["approval"]["state"], "approved")
        self.assertEqual(data["approval"]["by"], self.env.user.name)
        self.assertEqual(data["approval"]["version"], self.project.approved_version)
        owners = {one["key"]: one["user"] for one in data["owners"]}
        self.assertEqual(owners["anna@example.com"], "Anna Berg")
        self.assertEqual(owners["gone@example.com"], self.admin.name)
        self.assertEqual(data["summary"]["fallback"], self.admin.name)
        self.assertEqual(
            [one["kind"] for one in data["runs"]], ["audit", "prepare", "load"]
        )
        [confirmed] = data["decisions"]["confirmed"]
        self.assertEqual(
            confirmed["count"],
            self.env["migration.log"].search_count(
                [
                    ("project_id", "=", self.project.id),
                    ("operation", "=", "decision"),
                    ("mapping_id", "!=", False),
                ]
            ),
        )
        messages = [one["message"] for one in data["decisions"]["list"]]
        self.assertTrue([one for one in messages if "approved mapping" in one])

    def test_G18_the_summary_names_the_structure_until_it_is_taken_back(self):
        created = {one["model"]: one["names"] for one in self.data()["structure"]}
        names = " ".join(created["ir.model.fields"])
        self.assertIn("res.partner.x_nothing", names)
        self.rollback(self.project)
        data = self.data()
        self.assertNotIn("ir.model.fields", [one["model"] for one in data["structure"]])
        [undone] = data["rollbacks"]
        self.assertGreaterEqual(undone["unlink"], 2)
        self.assertEqual(undone["keep"], 0)

    def test_G18_the_summary_names_what_is_not_in_odoo_with_a_link(self):
        missing = self.data()["missing"]
        self.assertEqual(missing["count"], 1)
        [one] = missing["list"]
        record = self.staged(self.project, "company", "C2")
        self.assertEqual((one["source_id"], one["reason"]), ("C2", record.error))
        self.assertTrue(one["url"].endswith(f"/odoo/migration.record/{record.id}"))

    def test_G18_the_summary_names_what_did_not_come_along(self):
        data = self.data()
        columns = {one["column"]: one for one in data["columns"]["company"]}
        self.assertEqual(list(columns), ["shade"])
        self.assertEqual(columns["shade"]["fill_rate"], 0.6667)
        self.assertIn("blue", columns["shade"]["samples"])
        left_out = {one["label"] for one in data["left_out"]}
        self.assertIn("planets.csv", left_out)

    def test_G18_a_file_over_the_limit_is_listed(self):
        self.project = self.new_project(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Acme")),
                "files.csv": csv_text(
                    ("file_id", "related_type", "related_id", "path", "size_bytes"),
                    ("F1", "company", "C1", "documents/big.bin", str(2 * 1024**2)),
                ),
                "documents/big.bin": b"0" * 2 * 1024**2,
            },
            name="Old CRM",
            file_limit=1,
        )
        self.read_files(self.project)
        self.load(self.project)
        files = self.data()["files"]
        self.assertEqual((files["count"], files["linked"]), (1, 0))
        self.assertEqual(files["list"][0]["file"], "documents/big.bin")
        self.assertIn("limit", files["list"][0]["reason"])

    def test_G18_the_page_is_a_file_that_can_be_read_alone(self):
        page = self.files()["summary.html"].decode()
        for text in ("Old CRM", "What was migrated", "shade", "planets.csv", "many"):
            self.assertIn(text, page)
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertNotIn("<script", page)
        self.assertNotIn("<link", page)
        report = self.env.ref("crm_migration.handover_report_action")
        html, _kind = report._render_qweb_html(report.report_name, self.project.ids)
        self.assertIn("What did not come along", html.decode())

    def test_G18_every_value_left_out_is_in_the_workbook_with_its_record(self):
        book = self.leftovers()
        acme = self.target(self.project, "company", "C1")
        rows = {one["Source ID"]: one for one in book["Companies"]}
        self.assertEqual(set(rows), {"C1", "C2"}, "C3 has nothing in the column")
        self.assertEqual(rows["C1"]["shade"], "=red")
        self.assertEqual(
            (rows["C1"]["Odoo Model"], rows["C1"]["Odoo ID"], rows["C1"]["In Odoo"]),
            ("res.partner", acme.id, "Acme"),
        )
        self.assertTrue(rows["C1"]["Link"].endswith(f"/odoo/res.partner/{acme.id}"))
        self.assertEqual(rows["C2"]["Odoo ID"], None)
        [shade] = [one for one in book["What Was Left Out"] if one["Column"] == "shade"]
        self.assertEqual(
            (shade["Rows"], shade["Filled"], shade["Samples"]), (3, 2, "=red · blue")
        )
        self.assertNotIn("name", rows["C1"])

    def test_G18_tables_nobody_mapped_are_in_the_workbook_whole(self):
        rows = self.leftovers()["planets.csv"]
        self.assertEqual(
            [(one["planet"], one["moons"]) for one in rows],
            [("Mars", "2"), ("Saturn", "146")],
        )

    def test_G18_an_object_switched_off_is_in_the_workbook_whole(self):
        project = self.new_project({"companies.csv": COMPANIES}, name="Off CRM")
        self.read_files(project)
        project.mapping_ids.filtered(lambda one: one.name == "company").active = False
        book = sheets(self.env["migration.leftover"]._workbook(project).read())
        rows = {one["Source ID"]: one for one in book["Companies"]}
        self.assertEqual(
            (rows["C3"]["name"], rows["C3"]["employee_count"]), ("Cord", "7")
        )
        self.assertIn(
            "The object was switched off",
            [one["Why"] for one in book["What Was Left Out"]],
        )

    def test_G18_records_that_failed_are_in_the_workbook_with_reason_and_data(self):
        [row] = self.leftovers()["Not in Odoo"]
        record = self.staged(self.project, "company", "C2")
        self.assertEqual(
            (row["Source ID"], row["State"], row["Reason"], row["Row"]),
            ("C2", "Failed", record.error, 3),
        )
        self.assertIn("name: Bolt", row["Data"])

    def test_G18_nested_columns_are_left_out_one_by_one(self):
        rows = [
            {"company_id": "C1", "name": "Acme", "extra": {"a": 1, "b": ["x", "y"]}}
        ]
        self.project = self.new_project(
            {"companies.json": json.dumps(rows)}, name="Old CRM"
        )
        self.read_files(self.project)
        for line in self.project.mapping_ids.field_ids:
            if (line.source_path or "").startswith("extra"):
                line.write({"kind": "ignored", "target": False})
        self.load(self.project)
        [row] = self.leftovers()["Companies"]
        self.assertEqual((row["extra.a"], row["extra.b"]), ("1", "x|y"))

    def test_G18_no_cell_is_a_formula(self):
        content = self.env["migration.leftover"]._workbook(self.project).read()
        cells = [
            cell
            for sheet in load_workbook(io.BytesIO(content))
            for row in sheet.iter_rows()
            for cell in row
        ]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        risky = [cell for cell in cells if str(cell.value).startswith("=")]
        self.assertTrue(risky)
        self.assertTrue(all(cell.quotePrefix for cell in risky))

    def test_G18_more_records_than_a_batch_are_all_there(self):
        with patch(
            "odoo.addons.crm_migration.models.migration_leftover_columns.BATCH", 1
        ):
            rows = self.leftovers()["Companies"]
        self.assertEqual([one["Source ID"] for one in rows], ["C1", "C2"])

    def test_G18_automations_are_a_page_and_a_blueprint(self):
        self.env["migration.automation"].create(
            {
                "project_id": self.project.id,
                "source_id": "W1",
                "name": "Remind <b>me</b>",
                "trigger": "Deal won",
                "suggestion": "Trigger: on save",
                "blueprint": {"source": {"name": "Remind"}},
            }
        )
        files = self.files()
        page = files["automations.html"].decode()
        self.assertIn("Remind &lt;b&gt;me", page)
        self.assertIn("Trigger: on save", page)
        self.assertEqual(
            json.loads(files["automations.json"])["automations"][0]["id"], "W1"
        )

    def test_G18_another_part_plugs_in_and_an_empty_one_stays_out(self):
        model = type(self.env["migration.handover"])
        known = model._handover_parts

        def extended(project):
            return [
                *known(project),
                ("billing_old-crm.csv", lambda: b"1"),
                ("trust.csv", lambda: False),
            ]

        with patch.object(type(self.project), "_handover_parts", extended):
            files = self.files()
        self.assertEqual(files["billing.csv"], b"1")
        self.assertNotIn("trust.csv", files)

    def test_G18_a_verification_and_the_billing_are_part_of_it(self):
        self.run_step(self.project, "verify", **self.project._verify_options())
        mapping = self.project.mapping_ids[:1]
        self.env["migration.checklist"].sudo().create(
            {
                "project_id": self.project.id,
                "mapping_id": mapping.id,
                "source_id": "T1",
                "item": "Trust account",
            }
        )
        parts = {one.name.partition("_")[0]: one for one in self.project._handover()}
        for name in ("verification", "checklist"):
            self.assertTrue(parts[name].about)
            self.assertTrue(sheets_of(parts[name].content()))

    def test_G18_the_window_lists_the_parts_and_gives_each(self):
        action = self.project.action_handover()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        Form(wizard)
        self.assertFalse(wizard.not_loaded)
        lines = {one.name.partition("_")[0]: one for one in wizard.line_ids}
        self.assertTrue(all(one.about for one in wizard.line_ids))
        action = lines["unmapped"].action_download()
        self.assertIn(f"unmapped_old-crm_{self.today()}.xlsx", action["url"])
        self.assertIn("Companies", sheets(base64.b64decode(wizard.file)))
        wizard.action_download_all()
        self.assertTrue(zipfile.is_zipfile(io.BytesIO(base64.b64decode(wizard.file))))
        page = wizard.action_page()
        self.assertEqual(page["report_name"], "crm_migration.handover_report")
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "migration.project"), ("res_id", "=", self.project.id)]
        )
        self.assertFalse(attachments, "nothing stays behind")

    def test_G18_before_the_files_are_read_there_is_nothing_to_hand_over(self):
        project = self.new_project({"companies.csv": COMPANIES}, name="New CRM")
        with self.assertRaises(UserError):
            project.action_handover()

    def test_G18_only_users_of_the_company_get_it(self):
        mapper = new_test_user(self.env, "mapper", "crm_migration.group_user")
        action = self.project.with_user(mapper).action_handover()
        wizard = (
            self.env[action["res_model"]].with_user(mapper).browse(action["res_id"])
        )
        wizard.action_download_all()
        self.assertTrue(wizard.file)
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "crm_migration.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            self.project.with_user(stranger).action_handover()
        with self.assertRaises(AccessError):
            wizard.with_user(stranger).action_download_all()
        page = self.env["report.crm_migration.handover_report"]
        with self.assertRaises(AccessError):
            page.with_user(stranger)._get_report_values(self.project.ids)

    def test_G18_no_secret_is_in_any_file(self):
        self.project._connect(
            base_url="https://crm.example.com", auth="bearer", token="s3cr3t-t0ken"
        )
        for name, content in self.files().items():
            texts = [content]
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    texts = [book.read(member) for member in book.namelist()]
            for text in texts:
                self.assertNotIn(b"s3cr3t-t0ken", text, name)
