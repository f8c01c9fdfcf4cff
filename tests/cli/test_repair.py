"""The command “repair”, and “retry” with corrected files."""

import csv
import io
import json
import zipfile

from odoo.exceptions import UserError

from ..common import csv_text
from ..test_rows_repair import RepairCase


class TestRepairCommand(RepairCase):
    """What is not in Odoo is told by reason, corrected, left out, taken in."""

    def setUp(self):
        super().setUp()
        self.project = self.failing()

    def repair(self, *words):
        return self.command("repair", self.project.key, *words)

    def saved(self, *words):
        """The failed companies as they are saved, as dicts."""
        path = self.folder / "failed.csv"
        self.repair("--object", "company", "--save", path, *words)
        return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))

    def corrected(self, rows):
        """A file of ``rows``; gives its path."""
        text = csv_text(list(rows[0]), *(list(row.values()) for row in rows))
        return self.write_files({"failed_companies.csv": text}) / "failed_companies.csv"

    def test_G16_reasons_are_listed_with_their_records(self):
        report = self.folder / "repair.json"
        status, output = self.repair("--json", report)
        self.assertEqual(status, 1)
        self.assertIn(
            "! company: 2 failed, number_invalid, employee_count: Not a number – ",
            output,
        )
        self.assertIn(
            "! company: 1 failed (1 are broken rows), id_missing, company_id: ", output
        )
        self.assertIn("5 records failed or are held", output)
        told = json.loads(report.read_text())
        self.assertEqual(told["left_out"], [])
        self.assertEqual({one["count"] for one in told["reasons"]}, {1, 2})
        output = self.repair("--reason", "number_invalid", "--column", "nosuch")[1]
        self.assertNotIn("!", output)
        self.assertNotIn("contact", self.repair("--object", "company")[1])
        for command in ("repair", "retry"):
            with self.assertRaisesRegex(
                self.cli.NotDone, "has no object “nosuch”; there are: .*company"
            ):
                self.command(command, self.project.key, "--object", "nosuch")

    def test_G16_with_nothing_to_repair_the_command_says_so(self):
        project = self.migrate({"companies.csv": "company_id,name\nC1,Acme\n"})
        status, output = self.command("repair", project.key)
        self.assertEqual(status, 0)
        self.assertEqual(output, "nothing failed, is held or was left out\n")

    def test_G16_a_value_is_corrected_and_loaded_with_what_waited_for_it(self):
        status, output = self.repair(
            *("--set", "company/C2", "employee_count=40", "name=Brandt = Söhne"),
            *("--set", "C3", "employee_count=7"),
        )
        self.assertEqual(status, 1, "a broken row is left")
        self.assertIn("C3: employee_count corrected; “retry” loads it", output)
        status, output = self.command("retry", self.project.key)
        self.assertEqual(status, 0, output)
        self.assertIn("company: 2 read, 2 created", output)
        brandt = self.target(self.project, "company", "C2")
        self.assertEqual(brandt.name, "Brandt = Söhne")
        self.assertEqual(self.states(self.project)["contact P2"], "loaded")

    def test_G16_what_cannot_be_corrected_is_said_and_stays(self):
        for words, text in (
            (
                ("C2", "headcount=4"),
                "C2.* has no column “headcount”; there are: .*name",
            ),
            (("C2", "employee_count"), "“employee_count” is no correction; write COL"),
            (("C2",), "say what to correct of C2"),
            (("C9", "name=x"), "source id of 0 records"),
            (("C1", "name=x"), "C1.* is in Odoo already"),
        ):
            with (
                self.subTest(words=words),
                self.assertRaisesRegex((self.cli.NotDone, UserError), text),
            ):
                self.repair("--set", *words)
        self.assertFalse(self.staged(self.project, "company", "C2").correction)

    def test_G16_records_are_left_out_with_a_reason_and_taken_in(self):
        with self.assertRaisesRegex(self.cli.NotDone, "--because TEXT"):
            self.repair("--leave-out", "C2")
        status, output = self.repair("--leave-out", "C2", "--because", "Test data")
        self.assertEqual(status, 1)
        self.assertIn("company C2: left out. Test data", output)
        output = self.repair(
            *("--object", "contact", "--leave-out", "all", "--because", "Old")
        )[1]
        self.assertIn("2 records are left out", output)
        self.assertEqual(self.states(self.project)["contact P3"], "skipped")
        output = self.repair("--take-in", "all")[1]
        self.assertIn("3 records are taken in again", output)
        self.assertNotIn("left out", output)
        self.assertEqual(self.states(self.project)["company C2"], "pending")
        broken = self.env["migration.record"].search(
            [("project_id", "=", self.project.id), ("error_code", "=", "id_missing")]
        )
        self.repair("--leave-out", broken.source_id, "--because", "Old")
        output = self.repair("--take-in", broken.source_id)[1]
        self.assertIn("! company: 1 failed (1 are broken rows), id_missing", output)
        with self.assertRaisesRegex(UserError, "Nobody has decided"):
            self.repair("--take-in", "C2")

    def test_G16_failed_records_are_saved_corrected_and_read_again(self):
        rows = self.saved()
        self.assertEqual([row["company_id"] for row in rows], ["C2", "C3", ""])
        rows[0]["employee_count"] = "40"
        rows[2]["company_id"] = "C4"
        path = self.corrected([rows[0], rows[2]])
        status, output = self.command("retry", self.project.key, "--corrected", path)
        self.assertEqual(status, 1, "what was not corrected has failed again")
        self.assertIn("company: 1 corrected, 1 new\n", output)
        self.assertIn("company: 3 read, 2 created, 1 failed", output)
        states = self.states(self.project)
        self.assertEqual(
            [states[f"company {key}"] for key in ("C2", "C3", "C4")],
            ["loaded", "failed", "loaded"],
        )
        self.assertEqual((states["contact P2"], states["contact P3"])[0], "loaded")
        rows[1]["employee_count"] = "7"
        status, output = self.command(
            *("retry", self.project.key, "--corrected", self.corrected([rows[1]]))
        )
        self.assertEqual(status, 0, output)
        self.assertFalse(self.project.failed_count)

    def test_G16_what_was_corrected_elsewhere_is_tried_when_nothing_failed(self):
        self.repair("--leave-out", "all", "--because", "Old")
        self.repair("--take-in", "C2", "--set", "C2", "employee_count=40")
        self.assertFalse(self.project.failed_count)
        status, output = self.command("retry", self.project.key)
        self.assertEqual(status, 0, output)
        self.assertEqual(self.states(self.project)["company C2"], "loaded")

    def test_G16_records_of_several_objects_are_saved_as_an_archive(self):
        path = self.folder / "failed.zip"
        self.repair("--save", path)
        with zipfile.ZipFile(path) as archive:
            self.assertEqual(
                archive.namelist(), ["failed_companies.csv", "failed_contacts.csv"]
            )
        with self.assertRaisesRegex(UserError, "ends in .zip, .*: company, contact"):
            self.repair("--save", self.folder / "failed.csv")
        with self.assertRaisesRegex(UserError, "No record has failed"):
            self.command("repair", self.new().key, "--save", path)

    def test_G16_a_file_that_is_no_file_of_failed_records_is_not_read(self):
        folder = self.write_files(
            {
                "companies.csv": "company_id,name\nC8,New\n",
                "cut.zip": b"PK\3\4x",
                "notes.txt": "Hello",
            }
        )
        files = len(self.project.file_ids)
        for name, text in (
            ("companies.csv", "companies.csv is no file of failed records.*_row"),
            ("cut.zip", "cut.zip is damaged"),
            ("notes.txt", "notes.txt is no file of failed records"),
            ("none.csv", "none.csv"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, text):
                self.command("retry", self.project.key, "--corrected", folder / name)
        self.assertEqual(len(self.project.file_ids), files)
        with self.assertRaisesRegex(self.cli.NotDone, "leave out --reason"):
            self.command(
                *("retry", self.project.key, "--reason", "number_invalid"),
                *("--corrected", folder / "companies.csv"),
            )
