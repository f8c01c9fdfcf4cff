"""A dry run says what the load would do, and leaves nothing."""

import csv
import io
import re
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..models.engine.engine import MigrationEngine
from ..models.engine.rehearsal import is_rehearsal
from .common import MigrationCase, csv_text


class Killed(BaseException):
    """The process ends: nothing catches it."""


class RehearsalCase(MigrationCase):
    def prepared(self, **values):
        """A migration with a good, a bad, a broken and a matched company, and deals."""
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "employee_count", "website"),
                    ("C1", "Ahlgren", "12", "https://ahlgren.example.com"),
                    ("C2", "Brandt", "about 40", ""),
                    ("C3", "Cole", "many", ""),
                    ("", "Nobody", "1", ""),
                    ("C4", "=Dahl", "5", ""),
                ),
                "deals.csv": csv_text(
                    ("deal_id", "name", "company_id", "probability", "owner_id"),
                    ("D1", "Good", "C1", "10", ""),
                    ("D2", "Waits for a bad one", "C2", "10", ""),
                    ("D3", "Bad", "C1", "150", ""),
                ),
            },
            **values,
        )
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        return project

    def lines(self, run, kind):
        return run.rehearsal_line_ids.filtered(lambda line: line.kind[2:] == kind)

    def own_rows(self, project):
        """What the addon has staged and journalled of the project, as rows."""
        self.env.flush_all()
        rows = []
        for table in ("migration_record", "migration_log"):
            self.cr.execute(
                f"SELECT t::text FROM {table} t WHERE project_id = %s ORDER BY 1",
                [project.id],
            )
            rows += self.cr.fetchall()
        return rows

    def files(self):
        """Names in the filestore."""
        store = self.env["ir.attachment"]._filestore()
        return {
            str(path)
            for path in Path(store).rglob("*")
            if path.is_file() and path.parent.name != "checklist"
        }


class TestRehearsal(RehearsalCase):
    def test_G07_a_dry_run_leaves_every_table_and_record_as_it_was(self):
        project = self.prepared()
        before, own = self.snapshot(), self.own_rows(project)
        self.run_step(project, "dry_run")
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(own, self.own_rows(project))
        self.assertEqual(project.state, "prepared")
        real = self.run_step(project, "load")
        self.assertEqual(real._counts()["company"]["created"], 2, "nothing was done")

    def test_G07_the_report_counts_what_the_load_then_does(self):
        project = self.prepared()
        dry = self.run_step(project, "dry_run")
        real = self.run_step(project, "load")
        self.assertEqual(dry._counts(), real._counts())
        failed = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "failed")]
        )
        self.assertEqual(
            {(line.record_id, line.message) for line in self.lines(dry, "failed")},
            {(record, record.error) for record in failed},
        )

    def test_G07_a_failure_names_file_row_id_field_value_and_reason(self):
        project = self.prepared()
        dry = self.run_step(project, "dry_run")
        line = self.lines(dry, "failed").filtered(lambda one: one.source_id == "C2")
        self.assertEqual(
            (line.file, line.row, line.source_path, line.value),
            ("companies.csv", 3, "employee_count", "about 40"),
        )
        self.assertIn("about 40", line.message)
        self.assertFalse(line.earlier)
        broken = self.lines(dry, "failed").filtered(
            lambda one: one.code == "id_missing"
        )
        self.assertTrue(broken.earlier, "it failed when it was read")

    def test_G07_failures_are_grouped_by_reason_the_commonest_first(self):
        project = self.prepared()
        dry = self.run_step(project, "dry_run")
        [first, *others] = self.env["migration.rehearsal.line"]._reasons(dry)
        self.assertEqual(first[1].name, "company")
        self.assertEqual(first[3:5], ("employee_count", 2))
        self.assertTrue(all(reason[4] == 1 for reason in others))
        self.assertEqual(dry.rehearsal_count, 5)

    def test_G07_what_would_be_written_to_records_that_are_there_is_listed(self):
        there = self.env["res.partner"].create(
            {"name": "Ahlgren", "is_company": True, "website": False}
        )
        project = self.prepared()
        mapping = project.mapping_ids.filtered(lambda one: one.name == "company")
        mapping.match_by = "name"
        self.line(project, "company", "website").policy = "fill"
        project.action_confirm()
        dry = self.run_step(project, "dry_run")
        line = self.lines(dry, "write")
        self.assertEqual((line.res_model, line.res_id), ("res.partner", there.id))
        self.assertEqual((line.target, line.before), ("website", ""))
        self.assertEqual(line.value, "https://ahlgren.example.com")
        self.assertFalse(there.website)

    def test_G07_what_would_be_written_is_said_as_odoo_shows_it(self):
        self.env["res.partner"].create(
            {
                "name": "Ahlgren",
                "is_company": True,
                "country_id": self.env.ref("base.se").id,
            }
        )
        rows = (("company_id", "name", "country"), ("C1", "Ahlgren", "Germany"))
        project = self.new_project({"companies.csv": csv_text(*rows)})
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "company")
        mapping.match_by = "name"
        self.line(project, "company", "country_id").policy = "overwrite"
        project.action_confirm()
        self.run_step(project, "prepare")
        line = self.lines(self.run_step(project, "dry_run"), "write")
        self.assertEqual(
            (line.target, line.before, line.value), ("country_id", "Sweden", "Germany")
        )

    def test_G07_what_would_be_made_is_counted_and_structure_named(self):
        project = self.prepared()
        dry = self.run_step(project, "dry_run")
        made = {line.res_model: line.count for line in self.lines(dry, "make")}
        self.assertEqual((made["res.partner"], made["crm.lead"]), (2, 1))

    def test_G07_the_report_comes_as_csv_and_workbook_without_formulas(self):
        project = self.prepared()
        dry = self.run_step(project, "dry_run")
        action = dry.action_download_rehearsal_csv()
        number = re.search(r"content/(\d+)", action["url"])[1]
        content = self.env["ir.attachment"].browse(int(number)).raw
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        self.assertEqual(len(rows), len(dry.rehearsal_line_ids))
        [row] = [row for row in rows if row["source_id"] == "C2"]
        self.assertEqual((row["kind"], row["value"]), ("failed", "about 40"))
        for row in rows:
            for cell in row.values():
                self.assertFalse(cell.startswith(("=", "+", "-", "@")), cell)
        book = load_workbook(
            io.BytesIO(self.env["migration.rehearsal.report"]._xlsx(dry))
        )
        self.assertEqual(
            book.sheetnames,
            [
                *("Objects", "By Reason", "Not Loaded"),
                *("Warnings", "Existing Records", "Made"),
            ],
        )
        cells = [cell.value for row in book["Not Loaded"] for cell in row]
        self.assertIn("about 40", cells)

    def test_G07_the_filestore_gets_no_file(self):
        folder = self.write_files(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Ahlgren")),
                "files.csv": csv_text(
                    ("file_id", "file_name", "path", "related_type", "related_id"),
                    ("F1", "a.txt", "documents/a.txt", "company", "C1"),
                ),
                "documents/a.txt": "never seen before: a dry run",
            }
        )
        project = self.new_project(path=folder)
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        before = self.files()
        dry = self.run_step(project, "dry_run")
        made = {line.res_model: line.count for line in self.lines(dry, "make")}
        self.assertEqual(made.get("ir.attachment"), 1, dry._counts())
        self.assertEqual(self.files(), before)
        self.run_step(project, "load")
        self.assertTrue(self.files() - before, "the load itself writes it")

    def test_G07_a_dry_run_that_is_killed_leaves_nothing_and_can_be_started_anew(self):
        project = self.prepared(chunk_size=1)
        before, own = self.snapshot(), self.own_rows(project)
        load_chunk = MigrationEngine._load_chunk
        seen = []

        def dying(engine, *args):
            self.assertTrue(is_rehearsal(engine.env.cr))
            seen.append(1)
            if len(seen) > 2:
                raise Killed()
            return load_chunk(engine, *args)

        with patch.object(MigrationEngine, "_load_chunk", dying):
            # assertRaises would roll back, too.
            with suppress(Killed):
                project._run_now("dry_run")
        self.assertFalse(is_rehearsal(self.env.cr))
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(own, self.own_rows(project))
        run = project.run_ids[:1]
        self.assertEqual(run.state, "running")
        again = project._run_now("dry_run")
        self.assertEqual((again, again.state), (run, "done"))

    def test_G07_one_that_the_server_ends_again_and_again_says_what_to_do(self):
        project = self.prepared()
        run = self.env["migration.run"]._start(project, "dry_run", attempts=2)
        with patch.object(type(run), "_roll_back", lambda one: one.env.clear()):
            self.env["migration.worker"]._work(run)
        self.assertEqual(run.state, "failed")
        self.assertIn("limit_time_real_cron", run.message)

    def test_G07_progress_is_told_while_the_transaction_is_open(self):
        project = self.prepared(chunk_size=1)
        told = []
        run_class = type(self.env["migration.run"])
        with patch.object(
            run_class, "_note_progress", lambda run: told.append(run._interim())
        ):
            run = self.run_step(project, "dry_run")
        self.assertGreater(len(told), 5)
        handled = [one["handled"] for one in told]
        self.assertEqual(handled, sorted(handled))
        self.assertEqual(handled[-1], run.handled)
        run.line_ids.unlink()
        run.write({"state": "running", "interim": told[3]})
        self.assertEqual(run.handled, told[3]["handled"])
        self.assertEqual(project.progress, 100 * run.handled / told[3]["total"])

    def test_G07_the_report_is_for_managers(self):
        project = self.prepared()
        dry = self.run_step(project, "dry_run")
        user = new_test_user(self.env, "plain", "crm_migration.group_user")
        with self.assertRaises(AccessError):
            dry.rehearsal_line_ids.with_user(user).read(["value"])
        with self.assertRaises(AccessError):
            dry.with_user(user).action_download_rehearsal()
        with self.assertRaises(AccessError):
            project.with_user(user).action_dry_run()
