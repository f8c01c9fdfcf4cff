"""Row G12 of the specification: the verification of all systems, and its report."""

import base64
import io
import json
from pathlib import Path

from openpyxl import load_workbook

from odoo.exceptions import UserError

from .cli.common import CommandCase
from .common import DEMO
from .engine.test_delta import DeltaCase

FILES = {
    "companies.csv": "company_id,name,employee_count\nC1,=Acme,5\nC2,Other,6\n",
}


class TestVerifyRows(CommandCase):
    def verified(self, name, **values):
        """The checks of the demo export of a system, loaded without a hitch."""
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        path = DEMO.with_name(f"{name}.zip")
        project = self.migrate(path=path, source=name, **values)
        run = self.run_step(project, "verify", **project._verify_options("demo"))
        return project, run.check_ids

    def assertFine(self, checks):
        """Nothing failed but what the export itself has wrong on purpose."""
        failed = checks.filtered(
            lambda one: one.verdict == "1_failed" and one.kind != "failed"
        )
        self.assertFalse([one._as_dict() for one in failed])
        for check in checks.filtered(lambda one: one.kind == "count"):
            self.assertEqual(check.expected, check.found, check.message)

    def test_G12_allegory_is_verified(self):
        project, checks = self.verified("allegory")
        self.assertFine(checks)
        files = checks.filtered(lambda one: one.kind == "file")
        self.assertEqual(files.expected, files.found)
        self.assertGreater(files.found, 10)
        deals = checks.filtered(lambda one: one.mapping_id.name == "deal")
        kinds = set(deals.mapped("kind"))
        self.assertLessEqual({"count", "gone", "required", "sum", "link"}, kinds)
        total = deals.filtered(lambda one: one.subject == "Expected Revenue in all")
        leads = self.env["crm.lead"].with_context(active_test=False)
        migrated = leads.search([("x_source_id", "=like", f"{project.key}/deal/%")])
        self.assertAlmostEqual(total.found, sum(migrated.mapped("expected_revenue")), 2)

    def test_G12_chakra_is_verified(self):
        _project, checks = self.verified("chakra")
        self.assertFine(checks)
        self.assertIn("sum", checks.mapped("kind"))

    def test_G12_case_file_is_verified(self):
        _project, checks = self.verified("case_file")
        self.assertFine(checks)
        self.assertIn("link", checks.mapped("kind"))

    def test_G12_leaf360_is_verified(self):
        _project, checks = self.verified("leaf360")
        self.assertFine(checks)
        self.assertIn("value", checks.mapped("kind"))

    def test_G12_arkcase_is_verified(self):
        _project, checks = self.verified("arkcase")
        self.assertFine(checks)
        self.assertIn("required", checks.mapped("kind"))

    def test_G12_a_date_that_the_source_does_not_know_is_no_failure(self):
        project = self.migrate(
            {
                "companies.csv": "company_id,name,created_at\n"
                "C1,Acme,2020-01-02 03:04:05\nC2,Other,\n",
            }
        )
        run = self.run_step(project, "verify", **project._verify_options("seed"))
        self.assertFine(run.check_ids)
        months = run.check_ids.filtered(lambda one: "by month" in one.subject)
        self.assertTrue(months)

    def small(self):
        project = self.migrate(FILES)
        self.run_step(project, "verify", **project._verify_options("seed"))
        return project

    def test_G12_the_report_is_a_workbook_with_a_sheet_for_each_kind(self):
        project = self.small()
        action = project.action_download_verification()
        number = int(action["url"].split("/")[-1].partition("?")[0])
        attachment = self.env["ir.attachment"].browse(number)
        self.assertEqual(attachment.name, f"verification_{project.key}.xlsx")
        book = load_workbook(io.BytesIO(base64.b64decode(attachment.datas)))
        summary = dict(book["Summary"].iter_rows(values_only=True))
        self.assertEqual(summary["Verdict"], "Passed")
        self.assertEqual(summary["Checks"], len(project.verify_run_id.check_ids))
        self.assertEqual(summary["Seed of the spot check"], "seed")
        head, *rows = book["Counts"].iter_rows(values_only=True)
        self.assertEqual(head[:4], ("Object", "Check", "Expected", "Found"))
        rows = {row[0]: row for row in rows}
        self.assertEqual(
            rows["Companies"][1:6], ("Records accounted for", 2, 2, 0, "OK")
        )

    def test_G12_the_report_is_a_page(self):
        project = self.small()
        partner = self.target(project, "company", "C1")
        self.env.cr.execute(
            "UPDATE res_partner SET name = '<b>' WHERE id = %s", [partner.id]
        )
        self.env.invalidate_all()
        self.run_step(project, "verify", **project._verify_options("seed"))
        report = self.env.ref("crm_migration.verify_report_action")
        html, _kind = report._render_qweb_html(report.report_name, project.ids)
        page = html.decode()
        self.assertIn("checks failed", page)
        self.assertIn("C1: “=Acme” is “&lt;b&gt;”", page)
        action = project.action_verify_report()
        self.assertEqual(action["report_name"], report.report_name)

    def test_G12_the_button_opens_the_checks_of_the_last_verification(self):
        project = self.small()
        self.run_step(project, "verify", **project._verify_options("other"))
        action = project.action_open_checks()
        checks = self.env["migration.check"].search(action["domain"])
        self.assertEqual(checks, project.verify_run_id.check_ids)
        self.assertEqual(project.verify_count, len(checks))

    def test_G12_without_a_verification_there_is_no_report(self):
        project = self.migrate(FILES)
        self.assertEqual(project.verify_verdict, "open")
        with self.assertRaisesRegex(UserError, "Verify the migration first"):
            project.action_download_verification()
        report = self.env.ref("crm_migration.verify_report_action")
        html, _kind = report._render_qweb_html(report.report_name, project.ids)
        self.assertIn("has not been verified yet", html.decode())

    def test_G12_the_command_says_that_all_is_well(self):
        project = self.migrate(FILES)
        data, book = self.folder / "verify.json", self.folder / "verify.xlsx"
        status, output = self.command(
            *("verify", project.key, "--json", data, "--xlsx", book, "--seed", "s")
        )
        self.assertEqual(status, 0, output)
        self.assertRegex(output, r"All \d+ checks passed. Seed s.")
        report = json.loads(Path(data).read_text())
        self.assertEqual(report["verification"], "ok")
        count = next(
            one
            for one in report["checks"]
            if one["kind"] == "count" and one["object"] == "company"
        )
        self.assertEqual((count["expected"], count["found"]), (2, 2))
        self.assertEqual(count["verdict"], "ok")
        self.assertIn("Summary", load_workbook(book, read_only=True).sheetnames)

    def test_G12_the_command_names_what_failed(self):
        project = self.migrate(FILES)
        self.target(project, "company", "C1").name = "Wrong"
        status, output = self.command("verify", project.key)
        self.assertEqual(status, 1)
        self.assertIn(
            "! company: failed, Value of Name: 1, expected 2. C1: “=Acme”", output
        )
        self.assertIn("checks failed", output)

    def test_G12_the_command_refuses_what_has_not_been_loaded(self):
        project = self.new_project(FILES)
        self.read_files(project)
        with self.assertRaisesRegex(Exception, "no migration “nosuch”"):
            self.command("verify", "nosuch")
        with (
            self.assertRaisesRegex(Exception, "Nothing has been loaded yet"),
            self.stopping(),
        ):
            self.command("verify", project.key)

    def stopping(self):
        """A test's transaction goes on after a run has stopped."""
        from unittest.mock import patch

        runs = self.env.registry["migration.run"]
        return patch.object(runs, "_roll_back", lambda run: run.env.clear())


class TestVerifyAfterDelta(DeltaCase):
    """What a delta leaves to users is no mistake of the migration."""

    def verdicts(self, project):
        """``{(object, subject): verdict}`` of what is not fine."""
        run = self.run_step(project, "verify", **project._verify_options())
        return {
            (one.mapping_id.name, one.subject): one.verdict[2:]
            for one in run.check_ids
            if one.verdict != "3_ok"
        }

    def test_G12_after_a_delta_all_is_well(self):
        project = self.start()
        self.change("deals", "D2", amount="250", company_id="C1")
        self.export["deals"] += (("D3", "Door", "C1", "30", "Hot"),)
        self.delta(project)
        self.assertEqual(self.verdicts(project), {})
        total = project.verify_run_id.check_ids.filtered(
            lambda one: one.subject == "Expected Revenue in all"
        )
        self.assertEqual((total.expected, total.found), (380, 380))

    def test_G12_what_users_keep_in_a_delta_is_a_warning(self):
        project = self.start()
        roof = self.target(project, "deal", "D1")
        roof.expected_revenue = 150
        self.env.flush_all()
        self.later()
        self.change("deals", "D1", name="Roof and gutter")
        self.delta(project)
        self.assertEqual((roof.name, roof.expected_revenue), ("Roof and gutter", 150))
        found = self.verdicts(project)
        self.assertEqual(found["deal", "Expected Revenue in all"], "warning")
        self.assertEqual(set(found.values()), {"warning"})

    def test_G12_the_verification_is_handed_over(self):
        project = self.start()
        names = [name for name, *_rest in project._handover_parts()]
        self.assertNotIn("verification.xlsx", names)
        self.run_step(project, "verify", **project._verify_options())
        parts = {name: content for name, content, *_ in project._handover_parts()}
        book = load_workbook(io.BytesIO(parts["verification.xlsx"]()))
        self.assertIn("Summary", book.sheetnames)
