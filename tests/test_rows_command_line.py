"""Row G21 of the specification: the same migration from the command line."""

import contextlib
import importlib.util
import io
import json
from pathlib import Path
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import UserError

from .common import MigrationCase

CLI = Path(__file__).parents[1] / "cli" / "migrate.py"
FILES = {
    "companies.csv": "company_id,name,employee_count,owner_email\n"
    "C1,Acme,5,anna@example.com\nC2,Other,6,anna@example.com\n",
}


class CommandCase(MigrationCase):
    """Commands as they are typed, in the test's own transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo loads the file under this name, and the class insists on it.
        spec = importlib.util.spec_from_file_location("odoo.cli.migrate", CLI)
        cls.cli = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.cli)

    def command(self, *words):
        """``(exit status, output)`` of one command."""
        arguments = self.cli._parser("migrate").parse_args([str(one) for one in words])
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = arguments.run(self.env, arguments)
        return status, output.getvalue()


class TestCommandLineRows(CommandCase):
    """Each command as it is typed; its output, its status, and what it did."""

    def new(self, *words, files=None):
        """Create a migration by the command; gives it."""
        status, output = self.command(
            "new",
            *("--source", "allegory", "--name", "From the shell"),
            *("--files", self.write_files(files or FILES)),
            *("--option", "fallback_user=admin", *words),
        )
        self.assertEqual(status, 0)
        return self.env["migration.project"].search([("key", "=", output.strip())])

    def test_g21_a_whole_migration_and_its_rollback(self):
        project = self.new("--option", "file_limit=3")
        self.assertEqual((project.key, project.file_limit), ("from-the-shell", 3))
        self.assertEqual(project.fallback_user_id, self.admin)
        report = Path(self.folder) / "report.json"
        status, output = self.command("audit", project.key, "--json", report)
        self.assertEqual(status, 0)
        self.assertIn("company: 2 read, 2 created", output)
        self.assertIn("owner anna@example.com: 2 records, anna", output)
        audit = json.loads(report.read_text())
        self.assertEqual(audit["objects"]["company"]["read"], 2)
        self.assertEqual(audit["owners"][0]["user"], "anna")
        self.assertEqual(self.command("map", project.key)[0], 1, "not confirmed yet")
        self.assertEqual(self.command("map", project.key, "--confirm-all")[0], 0)
        self.assertEqual(self.command("prepare", project.key)[0], 0)
        status, output = self.command("load", project.key, "--dry-run")
        self.assertIn("2 created", output)
        self.assertEqual(project.loaded_count, 0)
        status, output = self.command("approve", project.key, "--by", "admin")
        self.assertIn("approved by admin", output)
        status, output = self.command("load", project.key, "--json", report)
        self.assertEqual(status, 0)
        self.assertEqual(
            json.loads(report.read_text())["records"], {"company": {"loaded": 2}}
        )
        partner = self.target(project, "company", "C1")
        self.assertEqual((partner.name, partner.user_id), ("Acme", self.anna))
        status, output = self.command("rollback", project.key, "--preview")
        self.assertIn("remove: 2 Contact", output)
        self.assertTrue(partner.exists())
        self.assertEqual(self.command("rollback", project.key)[0], 0)
        self.assertFalse(partner.exists())

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

    def test_g21_status_tells_that_records_failed(self):
        rows = FILES["companies.csv"] + "C3,Bad,many,\n"
        project = self.new(files={"companies.csv": rows})
        for words in (
            ("audit",),
            ("map", "--confirm-all"),
            ("prepare",),
            ("approve", "--by", "admin"),
        ):
            self.assertEqual(self.command(words[0], project.key, *words[1:])[0], 0)
        status, output = self.command("load", project.key)
        self.assertEqual(status, 1)
        self.assertIn("2 created", output)
        self.assertIn("1 records are not in Odoo", output)
        status, output = self.command("status", project.key)
        self.assertEqual(status, 1)
        self.assertIn("1 failed", output)
        self.assertRegex(output, "! company C3: .*“many” is not a number.")

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

    def test_g21_what_cannot_be_done_says_why(self):
        project = self.new()
        runs = self.env.registry["migration.run"]
        for words, message in (
            (("status", "nosuch"), "no migration “nosuch”; there are: .*shell"),
            (("new", "--source", "x", "--name", "X"), "no source “x”.*allegory"),
            (
                ("new", "--source", "allegory", "--name", "X", "--option", "nosuch=1"),
                "is no option",
            ),
            (("load", project.key), "Read the files first"),
            (("audit", project.key, "--files", "/nowhere"), "no file or folder"),
            (("rollback", project.key, "--run", "0999999"), "no load or prepare"),
            (("map", project.key, "--load", "/nowhere"), "/nowhere"),
        ):
            with (
                self.subTest(words=words),
                self.assertRaisesRegex((self.cli.NotDone, UserError), message),
                # A test's transaction goes on after a run has stopped.
                patch.object(runs, "_roll_back", lambda run: run.env.clear()),
            ):
                self.command(*words)

    def test_g21_exit_status_of_what_cannot_be_done_is_2(self):
        @contextlib.contextmanager
        def environment(_arguments):
            yield self.env

        errors = io.StringIO()
        with (
            patch.object(self.cli, "_environment", environment),
            contextlib.redirect_stderr(errors),
            self.assertRaises(SystemExit) as stopped,
        ):
            self.cli.Migrate().run(["status", "nosuch"])
        self.assertEqual(stopped.exception.code, 2)
        self.assertRegex(errors.getvalue(), "^migrate: there is no migration “nosuch”")

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
