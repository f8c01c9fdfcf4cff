"""Row G21 of the specification: the same migration from the command line."""

import contextlib
import io
import json
import re
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError

from .cli.common import CommandCase


class TestCommandLineRows(CommandCase):
    """Each command as it is typed; its output, its status, and what it did."""

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
            (
                ("rollback", project.key, "--run", "0999999"),
                "has no run 999999",
            ),
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

    def test_g21_what_the_database_refuses_is_told_in_a_sentence(self):
        @contextlib.contextmanager
        def environment(_arguments):
            yield self.env

        new = ("new", "--source", "allegory", "--name", "X", "--option")
        for option, told in (
            ("file_limit=-3", "The file limit cannot be negative."),
            ("chunk_size=99999999999", "integer out of range"),
        ):
            errors = io.StringIO()
            with (
                self.subTest(option=option),
                patch.object(self.cli, "_environment", environment),
                contextlib.redirect_stderr(errors),
                self.assertRaises(SystemExit) as stopped,
                contextlib.closing(self.cr.savepoint(flush=False)) as savepoint,
                patch.object(self.cr, "rollback", savepoint.rollback),
            ):
                self.cli.Migrate().run([*new, option])
            self.assertEqual(stopped.exception.code, 2)
            self.assertEqual(errors.getvalue(), f"migrate: {told}\n")

    def test_g21_an_option_is_a_setting_of_the_migration_and_its_value_makes_sense(
        self,
    ):
        new = ("new", "--source", "allegory", "--name", "X", "--option")
        for option, told in (
            ("state=loaded", "is no option"),
            ("approved_version=x", "is no option"),
            ("file_limit=much", "not a number"),
            ("sample_keep=perhaps", "neither yes nor no"),
            ("delta_until=soon", "no time; write it as 2030-01-31T18:00"),
            ("timezone=Mars", r"none of: Africa/Abidjan.* and \d+ more$"),
            ("overdue_policy=x", "none of: hold, "),
        ):
            with (
                self.subTest(option=option),
                self.assertRaisesRegex(self.cli.NotDone, told),
            ):
                self.command(*new, option)
        project = self.new(
            *("--option", "sample_keep=yes", "--option", "delta_until=2030-01-31T18:00")
        )
        self.assertTrue(project.sample_keep)
        self.assertEqual(project.delta_until.isoformat(), "2030-01-31T18:00:00")

    def test_g21_each_module_of_verbs_is_a_command_in_the_order_of_a_migration(self):
        help_text = self.cli._parser("migrate").format_help()
        listed = re.search(r"{(.*?)}", help_text)[1].split(",")
        folder = Path(self.cli.verbs.__file__).parent
        modules = {path.stem for path in folder.glob("*.py")} - {
            "__init__",
            "base",
            "connection",
        }
        self.assertEqual(set(listed), modules)
        self.assertEqual(listed[:5], ["new", "connect", "check", "audit", "map"])
        self.assertEqual(listed[-3:], ["handover", "rollback", "purge"])
