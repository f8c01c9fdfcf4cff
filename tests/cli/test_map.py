"""The command “map”."""

from pathlib import Path

from odoo.exceptions import UserError

from .common import CommandCase


class TestMapCommand(CommandCase):
    """A mapping goes to a file and comes from one."""

    def test_g21_a_mapping_is_saved_and_loaded(self):
        project = self.new()
        self.command("audit", project.key)
        self.line(project, "company", "x_employee_count").label = "Headcount"
        saved = Path(self.folder) / "mapping.json"
        self.command("map", project.key, "--save", saved, "--confirm-all")
        other = self.new()
        self.command("audit", other.key)
        self.assertEqual(self.command("map", other.key, "--load", saved)[0], 0)
        self.assertEqual(
            self.line(other, "company", "x_employee_count").label, "Headcount"
        )

    def test_g03_the_specification_is_saved_and_loaded_by_its_ending(self):
        project = self.new()
        self.command("audit", project.key)
        saved = Path(self.folder) / "mapping.XLSX"
        self.command("map", project.key, "--save", saved, "--confirm-all")
        self.assertEqual(saved.read_bytes()[:2], b"PK")
        files = {"companies.csv": "company_id,name,owner_email\nC1,Acme,\n"}
        other = self.new(files=files)
        self.command("audit", other.key)
        status, output = self.command(
            "map", other.key, "--load", saved, "--unconfirmed"
        )
        self.assertEqual(status, 1)
        self.assertIn("! Companies: the export has no column “employee_count”", output)
        status, output = self.command("map", other.key, "--load", saved)
        self.assertEqual(status, 0, output)
        self.assertIn("every line is confirmed", output)

    def test_g03_a_file_that_is_no_mapping_is_refused(self):
        project = self.new()
        self.command("audit", project.key)
        folder = self.write_files(
            {"a.json": "{", "b.xlsx": "name,kind", "c.json": "[]"}
        )
        for name, message in (
            ("a.json", "a.json is not a saved mapping"),
            ("b.xlsx", "not an Excel workbook"),
            ("c.json", "not a saved mapping"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self.command("map", project.key, "--load", folder / name)
