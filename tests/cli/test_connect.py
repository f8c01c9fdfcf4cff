"""The commands “connect” and “check”."""

import json
from pathlib import Path
from unittest.mock import patch

from ..arkcase_world import fill
from ..servers.arkcase import LOGIN, PASSWORD, ArkCaseServer
from .common import CommandCase


class TestConnectCommand(CommandCase):
    """How the API is reached: said, tried, corrected and tried again."""

    def test_g21_the_connection_is_made_tried_and_changed(self):
        server = self.enterContext(ArkCaseServer())
        fill(server)
        with patch.dict("os.environ", {"MIGRATE_PASSWORD": "wr0ng"}):
            status, key = self.command(
                *("new", "--source", "arkcase", "--name", "By API", "--user", LOGIN),
                *("--url", server.base, "--auth", "basic"),
            )
        key = key.strip()
        for words, password, told in (
            (("--option", "file_limit=3"), "", "In the Own Network"),
            (("--option", "allow_private_hosts=1"), "", "credentials"),
        ):
            with patch.dict("os.environ", {"MIGRATE_PASSWORD": password}):
                self.assertEqual(self.command("connect", key, *words)[0], 0)
            with self.assertRaisesRegex(self.cli.NotDone, told):
                self.command("check", key)
        project = self.env["migration.project"].search([("key", "=", key)])
        self.assertEqual(project.file_limit, 3)
        self.assertEqual(project.connection_ids.password, "wr0ng", "none was given")
        report = Path(self.folder) / "check.json"
        server.status(403, "no", pattern="*calendars/CASE_FILE", times=99)
        with patch.dict("os.environ", {"MIGRATE_PASSWORD": PASSWORD}):
            self.command("connect", key, "--json", report)
        self.assertNotIn(PASSWORD, report.read_text())
        status, output = self.command("check", key, "--json", report)
        self.assertEqual(status, 1, "one list may not be read")
        self.assertIn("12 of 13 work.", output)
        told = json.loads(report.read_text())["lists"]
        self.assertEqual(told["meeting"]["state"], "wrong")
        self.assertEqual(told["case"]["state"], "works")

    def test_g21_a_migration_of_files_has_no_connection_until_it_is_given_one(self):
        project = self.new()
        for command, told in (("check", "reads files only"), ("connect", "say --url")):
            with self.assertRaisesRegex(self.cli.NotDone, told):
                self.command(command, project.key)
        self.command("connect", project.key, "--url", "https://crm.example.com")
        self.assertEqual(project.connection_ids.auth, "bearer")
