"""The command “handover”."""

import json
import zipfile
from pathlib import Path

from odoo.exceptions import UserError

from ..test_rows_handover import COMPANIES
from .common import CommandCase


class TestHandoverCommand(CommandCase):
    """The hand-over from the command line."""

    def test_G18_the_command_writes_a_folder_or_a_zip(self):
        project = self.migrate({"companies.csv": COMPANIES}, name="Old CRM")
        out, report = Path(self.folder) / "out", Path(self.folder) / "data.json"
        words = ("handover", project.key, "--out", out, "--json", report)
        status, output = self.command(*words)
        self.assertEqual(status, 0)
        names = {one.name.partition("_")[0] for one in out.iterdir()}
        self.assertLessEqual({"summary", "unmapped", "mapping", "owners"}, names)
        self.assertIn("unmapped_", output)
        self.assertEqual(json.loads(report.read_text())["totals"]["failed"], 1)
        archive = Path(self.folder) / "handover.zip"
        self.assertEqual(self.command("handover", project.key, "--out", archive)[0], 0)
        with zipfile.ZipFile(archive) as found:
            self.assertEqual(set(found.namelist()), {one.name for one in out.iterdir()})

    def test_G18_a_command_that_cannot_be_carried_out_says_why(self):
        project = self.new_project({"companies.csv": COMPANIES}, name="Old CRM")
        with self.assertRaises(UserError):
            self.command("handover", project.key, "--out", self.folder / "x")
        self.assertFalse((self.folder / "x").exists(), "nothing was begun")
        self.read_files(project)
        with self.assertRaises(self.cli.NotDone):
            self.command("handover", project.key, "--out", self.folder / "no" / "x.zip")
        with self.assertRaises(self.cli.NotDone):
            self.command("handover", "nosuch", "--out", self.folder / "x")
