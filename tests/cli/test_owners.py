"""The command “owners”."""

import json

from openpyxl import load_workbook

from odoo.exceptions import UserError

from ..test_migration_owner import OwnerCase
from .common import CommandCase


class TestOwnerCommand(CommandCase, OwnerCase):
    """The same from the command line."""

    def test_G05_owners_are_decided_and_reported(self):
        project = self.export("Dora Lund", "nora@new.example", "Carl Moor")
        report, book = self.folder / "owners.json", self.folder / "owners.xlsx"
        status, output = self.command("owners", project.key)
        self.assertEqual(status, 1)
        self.assertIn("3 owners have no user", output)
        status, output = self.command(
            *("owners", project.key, "--set", "Dora Lund=anna", "--create", "all"),
            *("--json", report, "--xlsx", book),
        )
        self.assertEqual(status, 1)
        self.assertIn("Dora Lund: 1 records, matched, anna – Chosen", output)
        self.assertIn("! Carl Moor: it has no e-mail", output)
        found = {one["key"]: one for one in json.loads(report.read_text())}
        self.assertEqual(found["nora@new.example"]["matched_by"], "created")
        self.assertEqual(found["Dora Lund"]["objects"], {"company": 1})
        self.assertEqual(load_workbook(book).active["A3"].value, "Carl Moor")
        status, output = self.command("owners", project.key, "--fallback", "admin")
        self.assertEqual(status, 0)
        self.assertEqual(project.fallback_user_id, self.admin)
        with self.assertRaises(UserError):
            self.command("owners", project.key, "--set", "Nobody=anna")
        for text in ("x", "Dora Lund=nobody"):
            with self.assertRaises(self.cli.NotDone):
                self.command("owners", project.key, "--set", text)

    def test_G05_an_owner_is_told_by_its_name_where_its_key_is_an_id(self):
        project = self.new(
            files={
                "companies.csv": "company_id,name,owner_id\nC1,Acme,7\n",
                "users.csv": "user_id,name,email\n7,Nora New,nora@new.example\n",
            }
        )
        output = self.command("audit", project.key)[1]
        told = r"owner 7 \(Nora New, nora@new.example\): 1 records, no user"
        self.assertRegex(output, told)
        output = self.command("owners", project.key)[1]
        self.assertRegex(output, r"7 \(Nora New, nora@new.example\): 1 records")

    def test_G05_held_records_are_an_exit_status(self):
        project = self.export("Dora Lund")
        project.action_confirm()
        self.command("prepare", project.key)
        self.command("approve", project.key, "--by", "admin")
        self.assertEqual(self.command("load", project.key)[0], 1)
        self.command("owners", project.key, "--set", "Dora Lund=anna")
        self.assertEqual(self.command("load", project.key)[0], 0)
