"""The command “conflicts”."""

import csv
import io
import json

from openpyxl import Workbook

from odoo.exceptions import UserError

from ..common import csv_text
from ..engine.test_delta import DeltaCase
from .common import CommandCase


class TestConflictsCommand(CommandCase, DeltaCase):
    """What source and Odoo both changed is listed, decided and written."""

    def setUp(self):
        super().setUp()
        self.project = self.start()
        self.acme, self.other = (
            self.target(self.project, "company", key) for key in ("C1", "C2")
        )
        for company, city in ((self.acme, "Hamburg"), (self.other, "Bergen")):
            company.with_context(tracking_disable=True).city = city
        self.later()
        self.change("companies", "C1", city="Köln")
        self.change("companies", "C2", city="Tromsø")
        self.delta(self.project)
        self.first, self.second = self.conflicts(self.project)

    def decide(self, *words):
        return self.command("conflicts", self.project.key, *words)

    def listed(self):
        """The exported list, as dicts."""
        path = self.folder / "conflicts.csv"
        self.decide("--csv", path)
        text = path.read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def write_list(self, *rows, **kinds):
        """A decided list of ``rows``, dicts; gives its path."""
        text = csv_text(list(rows[0]), *(list(row.values()) for row in rows), **kinds)
        return self.write_files({"decided.csv": text}) / "decided.csv"

    def assertRefused(self, path, *texts):
        with self.assertRaises(UserError) as caught:
            self.decide("--decide", path)
        for text in ("Nothing has been decided", *texts):
            self.assertIn(text, str(caught.exception))
        self.assertEqual({self.first.decision, self.second.decision}, {"open"})

    def test_g10_conflicts_are_listed_and_written_to_files(self):
        report = self.folder / "conflicts.json"
        status, output = self.decide("--json", report)
        self.assertEqual(status, 1)
        self.assertIn(
            f"! {self.first.id}: company C1 (Acme) city: conflict, "
            "was “Bonn”, Odoo “Hamburg”, source “Köln”\n",
            output,
        )
        self.assertIn("2 conflicts to decide", output)
        expected = {
            "id": self.first.id,
            "object": "company",
            "source_id": "C1",
            "record": "Acme",
            "kind": "conflict",
            "field": "city",
            "base": "Bonn",
            "odoo": "Hamburg",
            "source": "Köln",
            "decision": "open",
        }
        self.assertEqual(json.loads(report.read_text())["conflicts"][0], expected)
        row = {name: str(value) for name, value in expected.items()}
        self.assertEqual(self.listed()[0], row)

    def test_g10_each_is_decided_by_its_id_and_written_when_it_is_applied(self):
        status, output = self.decide(
            "--take-source", self.first.id, "--keep-odoo", self.second.id
        )
        self.assertEqual(status, 0)
        self.assertIn("2 decisions are new", output)
        self.assertIn("source “Köln”, decided: source", output)
        self.assertIn("1 decisions to apply", output)
        self.assertEqual(self.acme.city, "Hamburg", "not applied yet")
        status, output = self.decide("--apply")
        self.assertEqual(status, 0, output)
        self.assertIn("company: 1 read, 1 updated", output)
        self.assertIn("no conflict is open", output)
        self.assertEqual((self.acme.city, self.other.city), ("Köln", "Bergen"))
        runs = len(self.project.run_ids)
        status, output = self.decide("--apply")
        self.assertEqual(status, 0)
        self.assertIn("there is no decision to apply", output)
        self.assertEqual(len(self.project.run_ids), runs)

    def test_g10_what_was_deleted_in_odoo_is_made_anew_if_it_is_decided(self):
        self.decide("--keep-odoo", self.first.id, self.second.id)
        self.other.unlink()
        self.change("companies", "C2", phone="+47 2")
        self.delta(self.project)
        deleted = self.conflicts(self.project)
        output = self.decide()[1]
        self.assertIn(f"! {deleted.id}: company C2: deleted, was “”", output)
        output = self.decide("--take-source", deleted.id, "--apply")[1]
        self.assertIn("1 records are made anew by the next load or delta", output)
        self.command("load", self.project.key)
        self.assertTrue(self.target(self.project, "company", "C2").exists())

    def test_g10_a_decision_that_was_not_carried_out_is_taken_back(self):
        self.decide("--keep-odoo", self.first.id, self.second.id)
        status, output = self.decide("--reopen", self.second.id)
        self.assertEqual(status, 1)
        self.assertIn("1 decisions are new", output)
        self.assertEqual((self.first.decision, self.second.decision), ("odoo", "open"))

    def test_g10_the_exported_list_is_decided_and_read_again(self):
        first, second = self.listed()
        path = self.write_list(
            {**first, "decision": "Source"}, {**second, "decision": ""}, delimiter=";"
        )
        status, output = self.decide("--decide", path, "--apply")
        self.assertEqual(status, 1, "one is open still")
        self.assertIn("1 decisions are new", output)
        self.assertEqual((self.acme.city, self.other.city), ("Köln", "Bergen"))
        book = Workbook()
        book.active.append(["id", "decision"])
        book.active.append([self.second.id, "odoo"])
        book.save(path.with_suffix(".xlsx"))
        self.assertEqual(self.decide("--decide", path.with_suffix(".xlsx"))[0], 0)
        self.assertEqual(self.second.decision, "odoo")

    def test_g10_a_list_that_says_what_is_decided_already_decides_nothing(self):
        self.decide("--take-source", self.first.id, "--keep-odoo", self.second.id)
        log = [("operation", "=", "decision")]
        before = self.env["migration.log"].search_count(log)
        path = self.write_list(
            {"id": self.first.id, "decision": "source"},
            {"id": self.second.id, "decision": "odoo"},
        )
        self.assertIn("0 decisions are new", self.decide("--decide", path)[1])
        self.assertEqual(self.env["migration.log"].search_count(log), before)

    def test_g10_a_list_with_a_mistake_decides_nothing_and_says_where(self):
        right, wrong = self.listed()
        right["decision"] = "source"
        for values, text in (
            ({"decision": "mine"}, "row 3: “mine” is no decision; write one of: open"),
            ({"id": "0", "decision": "odoo"}, "row 3: test-migration has no conflict"),
            ({"id": "x", "decision": "odoo"}, "no conflict “x”; list them"),
            ({"id": "9" * 30, "decision": "odoo"}, "has no conflict “999"),
            ({"id": right["id"], "decision": "odoo"}, "is decided twice, differently"),
        ):
            with self.subTest(values=values):
                self.assertRefused(self.write_list(right, {**wrong, **values}), text)

    def test_g10_all_mistakes_of_a_list_are_told_but_not_without_end(self):
        rows = [{"id": str(10**8 + number), "decision": "odoo"} for number in range(30)]
        self.assertRefused(self.write_list(*rows), "row 2:", "row 21:", "… and 10 more")

    def test_g10_a_conflict_of_another_migration_is_none_of_this_one(self):
        other = self.new()
        with self.assertRaisesRegex(UserError, f"has no conflict “{self.first.id}”"):
            self.command("conflicts", other.key, "--keep-odoo", self.first.id)

    def test_g10_what_is_settled_is_not_decided_again(self):
        self.decide("--take-source", self.first.id, "--apply")
        path = self.write_list(
            {"id": self.first.id, "decision": "odoo"},
            {"id": self.second.id, "decision": "odoo"},
        )
        with self.assertRaisesRegex(UserError, "row 2: .* is settled already, by Load"):
            self.decide("--decide", path)
        with self.assertRaisesRegex(UserError, "--reopen: .* is settled already"):
            self.decide("--reopen", self.first.id)
        self.assertEqual(self.second.decision, "open")

    def test_g10_a_file_that_is_no_such_list_is_refused(self):
        folder = self.write_files(
            {"a.csv": "id,name\n1,x\n", "b.csv": "", "c.xlsx": b"PK\3\4x"}
        )
        self.assertRefusedFile(
            folder / "a.csv", "no list of conflicts with the columns"
        )
        self.assertRefusedFile(folder / "b.csv", "b.csv is empty")
        self.assertRefusedFile(folder / "c.xlsx", "c.xlsx is damaged")
        self.assertRefusedFile(folder / "none.csv", "none.csv")

    def assertRefusedFile(self, path, text):
        with self.subTest(path=path), self.assertRaisesRegex(UserError, text):
            self.decide("--decide", path)
