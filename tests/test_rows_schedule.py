"""Row G10: changes are loaded by themselves until the cut-over, or somebody is told."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .engine.test_delta import DeltaCase


class TestSchedule(DeltaCase):
    def test_g10_a_schedule_reads_and_loads_until_the_cut_over(self):
        project = self.start()
        project.delta_interval = 2
        self.assertEqual(project.delta_user_id, self.env.user)
        self.change("companies", "C1", city="Köln")
        (self.folder_of_export / "companies.csv").write_text(
            self.written()["companies.csv"]
        )
        project.file_ids.sudo().read_date = "2000-01-01 00:00:00"
        model = self.env["migration.project"]
        model._cron_delta()
        self.assertNotIn(project.run_state, ("queued", "running"), "not due yet")
        project.sudo().delta_next = fields.Datetime.now() - timedelta(hours=1)
        model._cron_delta()
        self.env.invalidate_all()
        self.assertEqual(project.current_run_id.kind, "audit")
        for _turn in range(2):
            self.later()
            self.env.invalidate_all()
            run = project.run_ids[:1]
            self.env["migration.worker"]._work(run)
            self.assertEqual((run.state, run.message), ("done", False))
        self.assertEqual(run.kind, "delta")
        self.assertEqual(self.target(project, "company", "C1").city, "Köln")
        project.delta_until = fields.Datetime.now() - timedelta(minutes=1)
        project.sudo().delta_next = fields.Datetime.now() - timedelta(hours=1)
        before = len(project.run_ids)
        model._cron_delta()
        self.assertEqual(len(project.run_ids), before)

    def start_scheduled(self):
        """Let the schedule of a loaded migration be due; gives the migration."""
        project = self.start()
        project.with_user(self.admin).delta_interval = 2
        project.sudo().delta_next = fields.Datetime.now() - timedelta(minutes=5)
        return project

    def work(self, project):
        """Carry out the scheduled runs that are waiting."""
        with patch.object(type(self.env["migration.run"]), "_roll_back"):
            while project.run_ids[:1].state == "queued":
                self.later()
                self.env["migration.worker"]._work(project.run_ids[:1])
                self.env.invalidate_all()

    def warnings(self, project):
        return self.env["mail.activity"].search(
            [("res_model", "=", project._name), ("res_id", "=", project.id)]
        )

    def test_g10_a_scheduled_reading_that_stops_is_told_inside_odoo_and_goes_on(self):
        project = self.start_scheduled()
        mails = self.env["mail.mail"].search_count([])
        model = self.env["migration.project"]
        auditor = type(self.env["migration.auditor"])
        with patch.object(auditor, "_step_examine", side_effect=UserError("No disk.")):
            model._cron_delta()
            with mute_logger("odoo.addons.crm_migration.models.migration_worker"):
                self.work(project)
        self.assertEqual(project.run_ids[:1].state, "failed")
        self.assertIn("No disk.", project.delta_problem)
        activity = self.warnings(project)
        self.assertEqual(activity.user_id, self.admin)
        self.assertIn("No disk.", activity.note)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertGreater(project.delta_next, fields.Datetime.now())
        project.sudo().delta_next = fields.Datetime.now()
        model._cron_delta()
        self.work(project)
        self.assertEqual(project.run_ids[:1].kind, "delta")
        self.assertFalse(project.delta_problem)
        self.assertFalse(self.warnings(project))

    def test_g10_a_folder_that_is_not_there_any_more_is_told(self):
        project = self.start_scheduled()
        project.file_ids.sudo().path = f"{self.folder_of_export}-unmounted"
        self.env["migration.project"]._cron_delta()
        self.work(project)
        self.assertIn(self.folder_of_export.name, project.delta_problem)
        self.assertEqual(len(self.warnings(project)), 1)
        self.assertEqual(project.gone_count, 0)
        project.sudo().delta_next = fields.Datetime.now()
        self.env["migration.project"]._cron_delta()
        self.work(project)
        self.assertEqual(len(self.warnings(project)), 1, "said once")

    def test_g10_a_delta_that_may_not_load_is_told(self):
        project = self.start_scheduled()
        self.line(project, "company", "city").write(
            {"kind": "ignored", "confirmed": True}
        )
        self.env["migration.project"]._cron_delta()
        self.work(project)
        self.assertIn("changed since", project.delta_problem)

    def test_g10_one_schedule_that_cannot_start_keeps_no_other_one_waiting(self):
        first = self.start_scheduled()
        second = self.start_scheduled()
        model = type(self.env["migration.project"])
        renew = model._renew_paths

        def refuse(project):
            if project == first:
                raise OSError("Input/output error")
            return renew(project)

        logger = "odoo.addons.crm_migration.models.migration_schedule"
        with patch.object(model, "_renew_paths", refuse), mute_logger(logger):
            model._cron_delta(self.env["migration.project"])
        self.assertIn("Input/output", first.delta_problem)
        self.assertEqual(second.run_ids[:1].state, "queued")
        self.assertGreater(first.delta_next, fields.Datetime.now())

    def test_g10_a_run_that_never_ends_is_told(self):
        project = self.start_scheduled()
        self.env["migration.run"]._start(project, "audit")
        self.env["migration.project"]._cron_delta()
        self.assertFalse(project.delta_problem)
        project.sudo().delta_next = fields.Datetime.now() - timedelta(hours=3)
        self.env["migration.project"]._cron_delta()
        self.assertIn("still working", project.delta_problem)

    def test_g10_a_schedule_is_ended_in_the_form(self):
        project = self.start()
        shown = {"delta_interval": {}, "delta_user_id": {"fields": {"name": {}}}}
        project.web_save({"delta_interval": 6}, shown)
        self.assertEqual(project.delta_user_id, self.env.user)
        [told] = project.web_save({"delta_interval": 0}, shown)
        self.assertFalse(told["delta_user_id"])
        self.assertFalse(project.delta_next)
