"""The command “sample”."""

import json
from pathlib import Path

from .common import CommandCase


class TestSampleCommand(CommandCase):
    """What a slice shows is said, and told by the status."""

    def test_g21_a_sample_says_why_a_whole_record_is_missing(self):
        project = self.new_project(
            {"companies.csv": "company_id,name,employee_count\nC1,Acme,about 40\n"}
        )
        self.read_files(project)
        self.line(project, "company", "x_employee_count").ttype = "integer"
        for words in (("map", "--confirm-all"), ("prepare",)):
            self.command(words[0], project.key, *words[1:])
        status, output = self.command("sample", project.key)
        self.assertEqual(status, 1)
        self.assertIn("! company C1: missing. employee_count: “about 40”", output)

    def test_g21_a_sample_says_what_differs_and_is_taken_back(self):
        project = self.new()
        for words in (("audit",), ("map", "--confirm-all"), ("prepare",)):
            self.command(words[0], project.key, *words[1:])
        table = Path(self.folder) / "sample.csv"
        report = Path(self.folder) / "sample.json"
        status, output = self.command(
            "sample", project.key, "--size", "5", "--csv", table, "--json", report
        )
        self.assertEqual(status, 0, output)
        self.assertIn("Same:", output)
        self.assertIn("seed", output)
        self.assertEqual(project.loaded_count, 0)
        self.assertIn("source_value", table.read_text(encoding="utf-8-sig"))
        diff = json.loads(report.read_text())["diff"]
        self.assertEqual({one["verdict"] for one in diff} - {"same", "mapped"}, set())
        with self.assertRaises(self.cli.NotDone):
            self.command("sample", project.key, "--size", "0")
