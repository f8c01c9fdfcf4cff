"""What failed or is held is tried again, corrected, or left out, by itself."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..models.migration_run import MigrationRun
from .cli.common import CommandCase
from .common import csv_text

COMPANIES = csv_text(
    ("company_id", "name", "employee_count"),
    ("C1", "Ahlgren", "12"),
    ("C2", "Brandt", "about 40"),
    ("C3", "Cole", "many"),
    ("", "Nobody", "3"),
)
CONTACTS = csv_text(
    ("contact_id", "first_name", "last_name", "company_id"),
    ("P1", "Ida", "Ek", "C1"),
    ("P2", "Ole", "Bo", "C2"),
    ("P3", "Una", "Li", "C3"),
)


class RepairCase(CommandCase):
    def failing(self):
        """A loaded migration in which two companies and their contacts failed."""
        return self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})

    def states(self, project):
        records = self.env["migration.record"].search([("project_id", "=", project.id)])
        return {
            f"{one.mapping_id.name} {one.source_id}": one.state
            for one in records
            if one.mapping_id.name in ("company", "contact")
        }

    def work(self, project):
        """Do what a button has put in the queue."""
        run = project.run_ids[:1]
        self.assertEqual(run.state, "queued")
        self.env["migration.worker"]._work(run)
        self.assertEqual(run.state, "done", run.message)
        return run

    def source(self, project, companies):
        """The export comes again, with other companies."""
        file = project.file_ids
        path = self.write_files({"companies.csv": companies, "contacts.csv": CONTACTS})
        file.write({"path": str(path), "read_date": False})
        self.read_files(project)
        self.run_step(project, "prepare")


class TestTryAgain(RepairCase):
    def test_G16_reasons_are_counted_and_their_records_open(self):
        project = self.failing()
        reasons = self.env["migration.failure.reason"].search(
            [("project_id", "=", project.id)]
        )
        counts = {
            (one.mapping_id.name, one.error_field): (one.count, one.usable_count)
            for one in reasons
        }
        self.assertEqual(counts["company", "employee_count"], (2, 2))
        self.assertEqual(counts["contact", "company_id"], (2, 2))
        self.assertEqual(counts["company", "company_id"], (1, 0))
        first = reasons.filtered(lambda one: one.error_field == "employee_count")
        self.assertIn("about 40", first.example)
        found = self.env["migration.record"].search(first.action_open()["domain"])
        self.assertEqual(sorted(found.mapped("source_id")), ["C2", "C3"])

    def test_G16_one_record_is_tried_again_with_what_waits_for_it_alone(self):
        project = self.failing()
        before = self.states(project)
        record = self.staged(project, "company", "C2")
        record._correct({"employee_count": "40"})
        self.staged(project, "contact", "P3").action_retry()
        record.project_id._try_again(ids=record.ids)
        run = self.work(project)
        self.assertEqual(
            self.states(project),
            {
                **before,
                "company C2": "loaded",
                "contact P2": "loaded",
                "contact P3": "pending",
            },
        )
        self.assertEqual(run.options["chosen"], 2)
        self.assertEqual(run._counts()["contact"]["read"], 1)
        self.assertEqual(self.target(project, "company", "C2").x_employee_count, 40)

    def test_G16_reasons_are_told_in_words(self):
        project = self.failing()
        reasons = self.env["migration.failure.reason"].search(
            [("project_id", "=", project.id)]
        )
        words = {one.error_code: one.reason for one in reasons}
        self.assertEqual(words["number_invalid"], "Not a number")
        self.assertEqual(words["reference_failed"], "Refers to a record that failed")

    def test_G16_a_record_says_that_a_run_is_at_work_and_nothing_afterwards(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        record._correct({"employee_count": "40"})
        self.assertFalse(record.run_state)
        self.assertEqual(project.pending_count, 1)
        project.action_load()
        record.invalidate_recordset()
        self.assertEqual(record.run_state, "queued")
        self.work(project)
        record.invalidate_recordset()
        self.assertFalse(record.run_state)
        self.assertFalse(project.pending_count)

    def test_G16_a_selection_of_records_is_tried_again(self):
        project = self.failing()
        self.line(project, "company", "x_employee_count").kind = "ignored"
        project.action_confirm()
        project._approve(self.env.user)
        self.staged(project, "company", "C3").action_try_again()
        self.work(project)
        states = self.states(project)
        self.assertEqual(
            [states[key] for key in ("company C2", "company C3")], ["failed", "loaded"]
        )
        self.assertEqual(states["contact P3"], "loaded")

    def test_G16_a_reason_is_tried_again_and_all_of_them(self):
        project = self.failing()
        self.line(project, "company", "x_employee_count").kind = "ignored"
        project.action_confirm()
        project._approve(self.env.user)
        reason = self.env["migration.failure.reason"].search(
            [("project_id", "=", project.id), ("error_field", "=", "employee_count")]
        )
        opened = reason.action_try_again()["params"]["next"]
        self.assertEqual(opened["res_id"], project.id)
        self.work(project)
        states = self.states(project)
        failed = [key for key, state in states.items() if state == "failed"]
        self.assertEqual(len(failed), 1, "the broken row alone")
        with self.assertRaisesRegex(UserError, "could not be read"):
            self.env["migration.retry"]._choose(
                self.env["migration.run"]._start(project, "load", retry={})
            )

    def test_G16_a_retry_needs_the_right_and_the_approval(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        user = new_test_user(self.env, "plain", "crm_migration.group_user")
        for call in (
            record.with_user(user).action_try_again,
            record.with_user(user).action_correct,
            project.with_user(user).action_try_all_again,
        ):
            with self.assertRaises(AccessError):
                call()
        self.line(project, "company", "x_employee_count").kind = "ignored"
        project.action_confirm()
        with self.assertRaisesRegex(UserError, "changed since"):
            record.action_try_again()

    def test_G16_on_the_command_line(self):
        project = self.failing()
        status, output = self.command("retry", project.key, "--object", "contact")
        self.assertEqual(status, 1)
        self.assertIn("contact: 2 read, 2 failed", output)
        self.assertNotIn("company:", output.replace("company: nothing to do", ""))
        self.staged(project, "company", "C2")._correct({"employee_count": "40"})
        status, _output = self.command("retry", project.key, "--source-id", "C2")
        self.assertEqual(status, 0)
        self.assertEqual(self.states(project)["contact P2"], "loaded")
        with (
            patch.object(MigrationRun, "_roll_back", lambda run: run.env.clear()),
            self.assertRaisesRegex(self.cli.NotDone, "No failed or held record"),
        ):
            self.command("retry", project.key, "--reason", "no_such_reason")

    def test_G16_with_nothing_to_try_again_the_command_line_is_done(self):
        project = self.migrate({"companies.csv": "company_id,name\nC1,Acme\n"})
        status, output = self.command("retry", project.key)
        self.assertEqual((status, output), (0, "nothing failed or is held\n"))


class TestCorrect(RepairCase):
    def test_G16_a_value_is_corrected_in_the_form_and_journalled(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        digest = record.payload_hash
        action = record.action_correct()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids[0].column, "employee_count")
        wizard.line_ids[0].value = "40"
        wizard.action_apply_and_try()
        self.work(project)
        self.assertEqual(record.state, "loaded")
        self.assertEqual(record.payload_hash, digest)
        entry = self.env["migration.log"].search(
            [
                ("project_id", "=", project.id),
                ("source_id", "=", "C2"),
                ("operation", "=", "decision"),
            ]
        )
        self.assertEqual(
            entry.changes,
            {
                "before": {"employee_count": "about 40"},
                "after": {"employee_count": "40"},
                "hash": digest,
            },
        )
        self.assertEqual(entry.user_id, self.env.user)

    def test_G16_reading_the_unchanged_source_keeps_the_correction(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        record._correct({"employee_count": "40"})
        self.source(project, COMPANIES)
        self.assertEqual(record.payload["employee_count"], "40")
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "C2").x_employee_count, 40)
        self.source(project, COMPANIES)
        self.assertFalse(record.next_hash, "nor is it a change of the source")

    def test_G16_another_column_that_changed_comes_in_beside_the_correction(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        record._correct({"employee_count": "40"})
        self.source(project, COMPANIES.replace("Brandt", "Brandt AB"))
        self.assertEqual(record.payload["employee_count"], "40")
        self.assertEqual(record.payload["name"], "Brandt AB")
        self.assertEqual(list(record.correction), ["employee_count"])

    def test_G16_a_source_that_changed_the_corrected_value_counts_and_is_reported(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        record._correct({"employee_count": "40"})
        self.source(project, COMPANIES.replace("about 40", "44"))
        self.assertEqual(record.payload["employee_count"], "44")
        self.assertFalse(record.correction)
        finding = project.finding_ids.filtered(
            lambda one: one.code == "correction_outdated"
        )
        self.assertIn("C2: employee_count", finding.samples)

    def test_G16_a_record_in_odoo_or_a_broken_row_is_not_corrected_here(self):
        project = self.failing()
        with self.assertRaisesRegex(UserError, "in Odoo already"):
            self.staged(project, "company", "C1").action_correct()
        broken = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("error_code", "=", "id_missing")]
        )
        with self.assertRaisesRegex(UserError, "Correct the file"):
            broken.action_correct()

    def test_G16_a_corrected_file_of_an_api_record_is_a_correction_of_it(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        connection = project._connect(base_url="https://crm.example.com")
        connection.endpoint_ids = [
            (0, 0, {"name": "companies", "label": "Companies", "path": "/c"})
        ]
        record.table_id.endpoint_id = connection.endpoint_ids[:1]
        digest = record.payload_hash
        cells = {"company_id": "C2", "name": "Brandt", "employee_count": "40"}
        row = {
            "source_id": "C2",
            "payload": json.dumps(cells),
            "origin": ("companies.csv", 3),
        }
        other = {**row, "source_id": "C9"}
        corrections = self.env["migration.corrections"]
        left, count = corrections._take(record.mapping_id, [row, other])
        self.assertEqual(left, [other], "the API's next reading is no duplicate")
        self.assertEqual(count, 1)
        self.assertEqual(
            record.correction, {"employee_count": {"from": "about 40", "to": "40"}}
        )
        self.assertEqual((record.payload_hash, record.state), (digest, "pending"))

    def test_G16_nested_values_of_a_json_export_are_corrected_in_their_place(self):
        project = self.migrate(
            {
                "companies.json": json.dumps(
                    [{"company_id": "C1", "name": "A", "employee_count": "x"}]
                )
            }
        )
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.state, "failed")
        record._correct({"employee_count": "4"})
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "C1").x_employee_count, 4)


class TestLeaveOut(RepairCase):
    def test_G16_records_are_left_out_with_a_reason_and_taken_in_again(self):
        project = self.failing()
        record = self.staged(project, "company", "C2")
        action = record.action_leave_out_because()
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"reason": "Test data"})
        )
        wizard.action_apply()
        self.assertEqual(
            (record.state, record.left_out_reason), ("skipped", "Test data")
        )
        self.run_step(project, "load")
        self.assertEqual(record.state, "skipped")
        messages = self.env["migration.log"].search(
            [("source_id", "=", "C2"), ("operation", "=", "decision")]
        )
        self.assertIn("Left out: Test data", messages.mapped("message"))
        record.action_take_in()
        self.assertEqual((record.state, record.left_out_reason), ("pending", False))
        with self.assertRaisesRegex(UserError, "Nobody"):
            record.action_take_in()

    def test_G16_who_refers_to_a_record_left_out_is_told_so(self):
        project = self.failing()
        self.staged(project, "company", "C2")._leave_out("Test data")
        self.assertIn("Test data", self.staged(project, "company", "C2").error)
        self.staged(project, "contact", "P2").action_try_again()
        self.work(project)
        contact = self.staged(project, "contact", "P2")
        self.assertIn("was left out", contact.error)
        self.staged(project, "company", "C2").action_take_in()
        self.staged(project, "company", "C2")._correct({"employee_count": "40"})
        self.run_step(project, "load")
        self.assertEqual(contact.state, "loaded")

    def test_G16_a_broken_row_is_left_out_and_still_broken_when_taken_in(self):
        project = self.failing()
        broken = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("error_code", "=", "id_missing")]
        )
        error = broken.error
        broken._leave_out("Not a company")
        self.assertEqual(project.failed_count, 4)
        broken.action_take_in()
        self.assertEqual((broken.state, broken.error), ("failed", error))

    def test_G16_what_is_in_odoo_is_not_left_out(self):
        project = self.failing()
        with self.assertRaisesRegex(UserError, "Roll the load back"):
            self.staged(project, "company", "C1")._leave_out("Too late")
