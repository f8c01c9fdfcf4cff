"""The command “audit”."""

import json
import os
from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook

from odoo.exceptions import UserError

from .common import FILES, CommandCase


class TestAuditCommand(CommandCase):
    """What was found, as lines and as files."""

    def test_G01_the_audit_is_written_as_a_workbook_and_as_data(self):
        project = self.new()
        book, data = Path(self.folder) / "audit.xlsx", Path(self.folder) / "audit.json"
        command = ("audit", project.key, "--xlsx", book, "--json", data)
        self.assertEqual(self.command(*command)[0], 0)
        names = load_workbook(book, read_only=True).sheetnames
        self.assertEqual(names[:2], ["Summary", "Objects"])
        status = json.loads(data.read_text())
        columns = {one["column"]: one for one in status["columns"]["company"]}
        self.assertEqual(
            columns["employee_count"],
            {
                "column": "employee_count",
                "targets": ["x_employee_count"],
                "fill_rate": 1,
                "distinct": 2,
                "type": "integer",
                "longest": 1,
                "samples": "5 · 6",
                "date_order": None,
                "decimal_sign": None,
            },
        )
        self.assertTrue(status["odoo"]["version"].startswith("19"))
        with self.assertRaises(self.cli.NotDone):
            self.command("audit", project.key, "--xlsx", self.folder / "no" / "x.xlsx")

    def test_G01_a_file_that_cannot_be_read_is_an_exit_status(self):
        for name, content, told in (
            ("empty.csv", b"", "empty.csv is empty. .*Export it again"),
            ("book.xlsx", b"PK\3\4x", "book.xlsx is damaged .*save it as XLSX"),
            ("cut.zip", b"PK\3\4x", "cut.zip is damaged .*export it again"),
            ("empty.zip", b"PK\5\6" + bytes(18), "empty.zip holds nothing.*Pack"),
            ("notes.txt", b"Hello", "notes.txt holds no table of records.*Upload"),
        ):
            project = self.new()
            if name == "notes.txt":
                project.file_ids.unlink()
            path = self.write_files({name: content}) / name
            with self.subTest(name=name):
                status, output = self.command("audit", project.key, "--files", path)
                self.assertEqual(status, 1, output)
                self.assertRegex(output, f"(?m)^! {told}")
                self.assertIn("not everything was read", output)
                status, output = self.command("status", project.key)
                self.assertEqual(status, 1)
                self.assertRegex(output, f"(?m)^! {told}")

    def test_G01_a_file_that_was_a_mistake_is_taken_out(self):
        project = self.new()
        path = self.write_files({"empty.csv": b""}) / "empty.csv"
        self.assertEqual(self.command("audit", project.key, "--files", path)[0], 1)
        with self.assertRaisesRegex(UserError, "No file named x.*; there are: .*empty"):
            self.command("audit", project.key, "--without", "x")
        status, output = self.command("audit", project.key, "--without", "empty.csv")
        self.assertEqual(status, 0, output)
        self.assertEqual(len(project.file_ids), 1)

    def test_G01_a_file_that_was_mended_is_read_when_the_audit_is_repeated(self):
        project = self.new()
        self.command("audit", project.key)
        folder = Path(project.sudo().file_ids.path)
        (folder / "companies.csv").write_bytes(b"")
        self.assertEqual(self.command("audit", project.key, "--files", folder)[0], 1)
        self.assertEqual(len(project.file_ids), 1, "it is read again, not added")
        (folder / "companies.csv").write_text(FILES["companies.csv"])
        status, output = self.command("audit", project.key, "--files", folder)
        self.assertEqual(status, 0, output)
        self.assertEqual(project.unread_count, 0)

    def test_G01_a_file_that_left_its_folder_is_noticed(self):
        broken = {**FILES, "deals.json": "{"}
        project = self.new(files=broken)
        self.assertEqual(self.command("audit", project.key)[0], 1)
        folder = Path(project.sudo().file_ids.path)
        project.file_ids.read_date -= timedelta(hours=1)
        for path in folder.iterdir():
            os.utime(path, (0, 0))
        (folder / "deals.json").unlink()
        self.assertEqual(self.command("audit", project.key)[0], 0)
