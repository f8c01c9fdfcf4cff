"""The command “audit”."""

import json
from pathlib import Path

from openpyxl import load_workbook

from .common import CommandCase


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
