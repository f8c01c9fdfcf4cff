"""Row G10 of the specification: what changed in the source since is loaded as well."""

import base64
import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..lib.corrections import ERROR, FILE, ROW
from ..models.engine import silence
from .cli.common import CommandCase
from .common import csv_text
from .engine.test_delta import COMPANIES, DEALS, DeltaCase


class TestDeltaRows(DeltaCase):
    """Files: two deltas, users at work in between, and the way back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "uploader", "crm_migration.group_manager")

    def edit(self, record, **values):
        """A user changes a record, in a transaction of its own."""
        self.later()
        record = record.with_context(tracking_disable=True)
        record.with_user(self.anna).sudo().write(values)
        self.env.flush_all()
        self.later()

    def test_g10_two_deltas_with_users_at_work_in_between(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        roof, wall = (self.target(project, "deal", key) for key in ("D1", "D2"))
        self.edit(roof, expected_revenue=150)
        self.change("deals", "D1", amount="120", name="Roof and gutter")
        self.change("deals", "D2", amount="250")
        self.export["deals"] += (("D3", "Door", "C1", "30", "Hot"),)
        run = self.delta(project)
        self.assertEqual((roof.name, roof.expected_revenue), ("Roof and gutter", 150))
        self.assertEqual(wall.expected_revenue, 250)
        door = self.target(project, "deal", "D3")
        self.assertEqual(door.partner_id, acme, "a new child of an old parent links")
        counts = run._counts()["deal"]
        self.assertEqual(
            {name: count for name, count in counts.items() if count},
            {"read": 3, "created": 1, "updated": 2, "conflicts": 1},
        )
        self.edit(wall, name="Wall, painted")
        self.change("deals", "D2", amount="260", company_id="C1")
        self.delta(project)
        self.assertEqual(
            (wall.name, wall.expected_revenue, wall.partner_id),
            ("Wall, painted", 260, acme),
        )
        self.assertEqual(self.conflicts(project).field_name, "expected_revenue")
        self.assertEqual(self.conflicts(project).source_value, "120.0")

    def test_g10_a_delta_is_taken_back_exactly_and_proposed_again(self):
        project = self.start()
        self.edit(self.target(project, "deal", "D1"), expected_revenue=150)
        before = self.snapshot()
        self.change("companies", "C1", name="Acme Holding", email="new@example.com")
        self.change("deals", "D1", amount="120", name="Roof and gutter", tags="Hot|Big")
        self.change("deals", "D2", company_id="C1")
        self.export["deals"] += (("D3", "Door", "C1", "30", "Hot"),)
        run = self.delta(project)
        self.assertFalse(self.staged(project, "deal", "D1").error)
        self.assertEqual(self.target(project, "deal", "D1").name, "Roof and gutter")
        self.assertTrue(self.conflicts(project))
        door = self.target(project, "deal", "D3")
        result = self.rollback(project, run_id=run.id)
        self.assertFalse(door.exists())
        self.assertFalse(
            self.env["migration.log"].search(
                [("run_id", "=", result.id), ("operation", "=", "keep")]
            )
        )
        self.assertSameDatabase(before, self.snapshot())
        record = self.staged(project, "company", "C1")
        self.assertEqual((record.state, record.payload["name"]), ("loaded", "Acme"))
        self.assertEqual(record.next_payload["name"], "Acme Holding")
        self.assertFalse(project._open_conflicts())
        self.later()
        self.run_step(project, "delta")
        self.assertEqual(self.target(project, "company", "C1").name, "Acme Holding")
        self.assertEqual(len(self.conflicts(project)), 1)

    def test_g10_everything_is_taken_back_after_two_deltas(self):
        self.export = {}
        base = self.snapshot()
        project = self.start()
        self.change("companies", "C1", name="Acme Holding", phone="+49 30 9")
        self.change("deals", "D2", company_id="C1", name="Wall 2")
        self.delta(project)
        self.change("companies", "C1", name="Acme Group")
        self.change("deals", "D1", amount="1")
        self.delta(project)
        run = self.rollback(project)
        kept = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        self.assertFalse(kept.mapped("message"))
        self.assertSameDatabase(base, self.snapshot())
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.state, "pending")
        self.assertEqual(record.payload["name"], "Acme Group")
        self.assertFalse(self.env["migration.change"].search([]))

    def test_g10_what_a_user_changed_before_a_delta_still_keeps_its_record(self):
        project = self.start()
        acme, other = (self.target(project, "company", key) for key in ("C1", "C2"))
        self.edit(acme, city="Hamburg")
        self.change("companies", "C1", phone="+49 30 9")
        self.change("companies", "C2", phone="+49 30 8")
        self.delta(project)
        self.rollback(project)
        self.assertTrue(acme.exists())
        self.assertFalse(other.exists())

    def test_g10_a_value_changed_after_a_delta_stays_when_it_is_taken_back(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        self.change("companies", "C1", city="Köln", phone="+49 30 9")
        run = self.delta(project)
        self.edit(acme, city="Hamburg")
        result = self.rollback(project, run_id=run.id)
        self.assertEqual((acme.city, acme.phone), ("Hamburg", "+49 30 111"))
        kept = self.env["migration.log"].search(
            [("run_id", "=", result.id), ("operation", "=", "keep")]
        )
        self.assertEqual(kept.message, "city")

    def test_g10_unchanged_records_cost_no_write(self):
        project = self.start()
        self.read_again(project)
        tables = ("res_partner", "crm_lead", "crm_tag", "mail_message")
        before = {table: self.versions(table) for table in tables}
        run = self.run_step(project, "delta")
        self.assertEqual(before, {table: self.versions(table) for table in tables})
        read = [counts["read"] for counts in run._counts().values()]
        self.assertEqual(sum(read), 0)

    def versions(self, table):
        """``[(id, ctid)]``: a row that is written gets another place in its table."""
        self.env.flush_all()
        self.env.cr.execute(f"SELECT id, ctid::text FROM {table} ORDER BY id")
        return self.env.cr.fetchall()

    def test_g10_only_the_changed_record_is_written(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        before = dict(self.versions("res_partner"))
        self.change("companies", "C1", phone="+49 30 9")
        self.delta(project)
        after = dict(self.versions("res_partner"))
        self.assertEqual([one for one in after if after[one] != before[one]], [acme.id])

    def test_g10_what_failed_is_tried_again_and_nothing_is_lost(self):
        deals = (*DEALS, ("D9", "Lost child", "C9", "5", ""))
        project = self.start(deals=deals)
        self.assertEqual(self.staged(project, "deal", "D9").state, "failed")
        self.change("deals", "D1", company_id="C9")
        run = self.delta(project)
        counts = run._counts()["deal"]
        self.assertEqual((counts["failed"], counts["updated"]), (2, 0))
        moved = self.staged(project, "deal", "D1")
        self.assertEqual(moved.state, "loaded")
        self.assertEqual(moved.error_code, "reference_missing")
        self.assertTrue(moved.next_hash)
        self.export["companies"] += (("C9", "Late", "late@example.com", "", ""),)
        self.delta(project)
        late = self.target(project, "company", "C9")
        for key in ("D1", "D9"):
            self.assertEqual(self.target(project, "deal", key).partner_id, late)
        self.assertFalse(moved.error)

    def test_g10_deletions_are_listed_counted_and_never_carried_out_unasked(self):
        project = self.start()
        other = self.target(project, "company", "C2")
        self.export["companies"] = self.export["companies"][:2]
        self.export["deals"] = self.export["deals"][:2]
        self.delta(project)
        self.assertTrue(other.active)
        self.assertEqual(project.gone_count, 2)
        listed = project._gone_csv().decode("utf-8-sig")
        self.assertIn("company", listed)
        self.assertIn(str(other.id), listed)
        before = self.snapshot()
        gone = self.staged(project, "company", "C2")
        run = self.run_step(project, "delta", only="archive", record_ids=gone.ids)
        self.assertFalse(other.active)
        self.later()
        self.rollback(project, run_id=run.id)
        self.assertTrue(other.active)
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(gone.state, "loaded")

    def upload(self, project, name, rows):
        """A manager adds a file to the migration, as in the form."""
        content = base64.b64encode(csv_text(*rows).encode())
        line = {"name": name, "content": content}
        project.with_user(self.manager).file_ids = [(0, 0, line)]
        return project.file_ids.filtered(lambda one: one.name == name)

    def uploaded(self):
        """A loaded migration whose deals were uploaded."""
        project = self.new_project({"companies.csv": csv_text(*COMPANIES)})
        self.upload(project, "deals.csv", DEALS)
        self.read_files(project)
        self.load(project)
        return project

    def test_g10_a_newer_upload_of_the_same_name_takes_the_place_of_the_older(self):
        project = self.uploaded()
        older, newer = self.upload(project, "deals.csv", DEALS[:2])
        self.assertEqual(newer.replaces_id, older)
        self.assertFalse(newer.read_date)
        self.read_files(project)
        self.assertEqual(project._gone(), self.staged(project, "deal", "D2"))
        self.rollback(project)
        self.assertFalse(project._gone(), "what was taken back is not in Odoo")
        self.assertFalse(project.gone_count)

    def test_g10_a_newer_upload_of_another_name_replaces_what_was_deleted(self):
        project = self.uploaded()
        project.file_ids.filtered(lambda one: one.name == "deals.csv").unlink()
        self.upload(project, "deals_may.csv", DEALS[:2])
        self.read_files(project)
        self.assertEqual(project._gone(), self.staged(project, "deal", "D2"))

    def test_g10_an_upload_into_the_line_of_a_file_of_the_server_counts(self):
        project = self.uploaded()
        files = project.file_ids.with_user(self.manager)
        files = files.filtered(lambda one: one.name != "deals.csv")
        rows = csv_text(*COMPANIES).replace("Other", "Other One")
        files.write({"name": "c.csv", "content": base64.b64encode(rows.encode())})
        self.assertFalse(files.sudo().path)
        self.read_files(project)
        self.assertEqual(project.change_count, 1)

    def test_g10_a_second_file_of_corrected_rows_is_a_further_one(self):
        project = self.uploaded()
        rows = [(*DEALS[0], "_error", "_file", "_row"), (*DEALS[1], "", "", "")]
        for _time in range(2):
            files = self.upload(project, "failed_deals.csv", rows)
            self.read_files(project)
        self.assertEqual(len(files), 2)
        self.assertFalse(project.gone_count)

    def test_g10_decisions_are_applied_from_the_list_with_nothing_selected(self):
        project = self.start()
        self.edit(self.target(project, "deal", "D1"), expected_revenue=150)
        self.change("deals", "D1", amount="120")
        self.delta(project)
        action = project.action_open_conflicts()
        shown = self.env["migration.conflict"].with_context(**action["context"])
        self.assertTrue(action["context"]["search_default_decided"])
        self.conflicts(project).action_take_source()
        self.assertEqual(project.decided_count, 1)
        shown.browse().action_apply()
        run = project.run_ids[:1]
        self.assertEqual((run.state, run.kind), ("queued", "delta"))
        self.env["migration.worker"]._work(run)
        self.assertEqual(self.target(project, "deal", "D1").expected_revenue, 120)

    def test_g10_records_that_have_changed_are_opened_and_counted_alike(self):
        project = self.start()
        self.change("deals", "D1", amount="120")
        self.read_again(project)
        domain = project.action_open_changed()["domain"]
        self.assertEqual(
            self.env["migration.record"].search(domain),
            self.staged(project, "deal", "D1"),
        )
        self.assertEqual(project.change_count, 1)

    def test_g10_only_what_is_gone_is_archived(self):
        project = self.start()
        with self.assertRaisesRegex(UserError, "gone from its source"):
            self.staged(project, "company", "C1").action_archive_gone()

    def test_g10_a_mapping_changed_since_its_approval_loads_nothing(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        self.line(project, "company", "city").write(
            {"kind": "ignored", "confirmed": True}
        )
        self.change("companies", "C1", city="Köln")
        self.read_again(project)
        with self.assertRaisesRegex(UserError, "changed since"):
            project.action_load_changes()
        self.assertEqual(company.city, "Bonn")

    def test_g10_changes_follow_a_load(self):
        project = self.new_project({"companies.csv": csv_text(*COMPANIES[:2])})
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        for action in (project.action_read_changes, project.action_load_changes):
            with self.assertRaisesRegex(UserError, "Load the migration first"):
                action()

    def test_g10_decisions_are_for_managers(self):
        project = self.start()
        self.edit(self.target(project, "company", "C1"), city="Hamburg")
        self.change("companies", "C1", city="Köln")
        self.delta(project)
        user = new_test_user(self.env, "mapper", "crm_migration.group_user")
        conflict = self.conflicts(project).with_user(user)
        self.assertEqual(conflict.odoo_value, "Hamburg")
        for action in ("action_keep_odoo", "action_take_source", "action_apply"):
            with self.assertRaises(AccessError):
                getattr(conflict, action)()
        with self.assertRaises(AccessError):
            project.with_user(user).delta_interval = 1

    def test_g10_a_decision_for_odoo_is_kept_and_one_for_the_source_written_alone(self):
        project = self.start()
        acme, other = (self.target(project, "company", key) for key in ("C1", "C2"))
        self.edit(acme, city="Hamburg")
        self.edit(other, city="Bergen")
        self.change("companies", "C1", city="Köln")
        self.change("companies", "C2", city="Tromsø")
        self.delta(project)
        before = self.snapshot()
        kept, taken = self.conflicts(project)
        self.assertEqual((kept.source_id, taken.source_id), ("C1", "C2"))
        kept.action_keep_odoo()
        taken.action_take_source()
        run = self.run_step(project, "delta", only="decisions")
        self.assertEqual((acme.city, other.city), ("Hamburg", "Tromsø"))
        self.assertEqual(run._counts()["company"]["updated"], 1)
        self.assertEqual(set((kept | taken).mapped("state")), {"settled"})
        self.later()
        self.rollback(project, run_id=run.id)
        self.assertEqual(taken.state, "decided")
        self.assertSameDatabase(before, self.snapshot())

    def test_g10_a_killed_delta_goes_on_where_it_was(self):
        companies = (
            COMPANIES[0],
            *((f"C{n}", f"Company {n}", "", "", "Bonn") for n in range(1, 7)),
        )
        project = self.start(companies=companies)
        project.chunk_size = 2
        for number in range(1, 7):
            self.change("companies", f"C{number}", city="Köln")
        self.read_again(project)
        run = self.env["migration.run"]._start(project, "delta")
        worker = self.env["migration.worker"]
        turns = 0
        while not worker._execute(run, deadline=-1 if turns == 0 else None):
            turns += 1
        self.assertEqual(turns, 1)
        merger = type(self.env["migration.merger"])
        self.assertEqual(
            [self.target(project, "company", f"C{n}").city for n in range(1, 7)],
            ["Köln"] * 6,
        )
        counts = run._counts()["company"]
        self.assertEqual((counts["read"], counts["updated"]), (6, 6))
        with patch.object(merger, "_apply", side_effect=AssertionError("again")):
            self.assertTrue(worker._execute(run, deadline=None))

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

    def test_g10_nothing_leaves_while_changes_are_loaded(self):
        project = self.start()
        self.change("companies", "C1", city="Köln")
        seen = []
        merger = type(self.env["migration.merger"])
        apply = merger._apply

        def watched(records, *arguments):
            seen.append(silence.is_silent(records.env.cr))
            return apply(records, *arguments)

        with patch.object(merger, "_apply", watched):
            self.delta(project)
        self.assertEqual(seen, [True])


class TestNewerExports(DeltaCase):
    """Uploads whose names are not those of the earlier ones."""

    def upload(self, project, name, *rows, **values):
        """Add a file to the list, as the screen does."""
        content = base64.b64encode(csv_text(COMPANIES[0], *rows).encode())
        return self.env["migration.file"].create(
            {"project_id": project.id, "name": name, "content": content, **values}
        )

    def begin(self):
        self.export = {}
        project = self.new_project(
            {"deals.csv": csv_text(*DEALS)},
        )
        self.upload(project, "companies.csv", *COMPANIES[1:])
        self.read_files(project)
        self.load(project)
        self.later()
        return project

    def read_and_load(self, project):
        self.read_files(project)
        self.later()
        run = self.run_step(project, "delta")
        self.later()
        return run

    def additions(self, project):
        return project.finding_ids.filtered(lambda one: one.code == "file_adds")

    def test_g10_a_part_of_the_export_under_another_name_adds_and_nothing_is_gone(self):
        project = self.begin()
        acme = self.target(project, "company", "C1")
        self.upload(project, "changed.csv", ("C1", "Acme", "", "", "Köln"))
        self.read_and_load(project)
        self.assertEqual(acme.city, "Köln")
        self.assertEqual(project.gone_count, 0)
        finding = self.additions(project)
        self.assertEqual(finding.samples, "companies.csv")
        self.assertIn("replaces", finding.remedy)

    def test_g10_a_file_that_replaces_another_one_says_what_is_gone(self):
        project = self.begin()
        former = project.file_ids.filtered(lambda one: one.name == "companies.csv")
        row = ("C1", "Acme", "acme@example.com", "+49 30 111", "Köln")
        newer = self.upload(project, "firms_2.csv", row, replaces_id=former.id)
        self.read_and_load(project)
        self.assertEqual(self.target(project, "company", "C1").city, "Köln")
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])
        self.assertFalse(self.additions(project))
        self.assertFalse(former.table_ids)
        self.assertEqual(self.staged(project, "deal", "D1").source_gone, False)
        self.assertEqual(newer.table_ids.mapped("name"), ["firms_2.csv"])

    def test_g10_the_choice_can_be_made_after_the_file_was_read(self):
        project = self.begin()
        former = project.file_ids.filtered(lambda one: one.name == "companies.csv")
        newer = self.upload(project, "firms_2.csv", COMPANIES[1])
        self.read_and_load(project)
        self.assertEqual(project.gone_count, 0)
        newer.replaces_id = former
        self.read_and_load(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])

    def test_g10_a_file_of_the_same_name_replaces_the_earlier_one(self):
        project = self.begin()
        newer = self.upload(project, "companies.csv", COMPANIES[1])
        self.assertEqual(newer.replaces_id.name, "companies.csv")
        self.read_and_load(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])
        last = self.upload(project, "companies.csv", *COMPANIES[1:])
        self.assertEqual(last.replaces_id, newer)
        self.read_and_load(project)
        self.assertEqual(project.gone_count, 0)

    def test_g10_other_content_in_its_line_replaces_a_file_whatever_its_name(self):
        project = self.begin()
        former = project.file_ids.filtered(lambda one: one.name == "companies.csv")
        text = csv_text(COMPANIES[0], COMPANIES[1]).encode()
        former.write({"name": "firms_2.csv", "content": base64.b64encode(text)})
        self.read_and_load(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])

    def test_g10_a_table_that_a_newer_export_does_not_have_at_all_is_not_gone(self):
        project = self.start()
        newer = self.write_files({"companies.csv": csv_text(*COMPANIES)})
        project._add_path(str(newer)).replaces_id = project.file_ids[0]
        self.read_and_load(project)
        self.assertEqual(project.gone_count, 0)

    def test_g10_corrected_rows_are_never_the_whole_whatever_their_file_is_called(self):
        project = self.begin()
        head = (*COMPANIES[0], ERROR, FILE, ROW)

        def correct(*row):
            content = csv_text(head, (*row, "", "companies.csv", "9")).encode()
            file = self.upload(project, "failed_companies.csv")
            file.content = base64.b64encode(content)
            self.read(project)

        correct("C7", "Seventh", "", "", "Bonn")
        self.assertTrue(self.target(project, "company", "C7"))
        correct("C8", "Eighth", "", "", "Bonn")
        self.assertTrue(self.target(project, "company", "C8"))
        self.assertEqual(project.gone_count, 0)
        self.assertFalse(self.additions(project))

    def test_g10_a_file_replaces_only_an_earlier_one_of_its_migration(self):
        project = self.begin()
        first, last = project.file_ids.sorted("id")
        with self.assertRaisesRegex(ValidationError, "replaces an earlier one"):
            first.replaces_id = last


class TestDeltaCommand(CommandCase, DeltaCase):
    """The command “delta”, as it is typed."""

    def test_g10_delta_on_the_command_line(self):
        project = self.start()
        acme = self.target(project, "company", "C1")
        acme.with_context(tracking_disable=True).city = "Hamburg"
        self.later()
        self.change("companies", "C1", city="Köln", phone="+49 30 9")
        self.export["deals"] = self.export["deals"][:2]
        for name, text in self.written().items():
            (self.folder_of_export / name).write_text(text)
        report, gone = self.folder / "delta.json", self.folder / "gone.csv"
        status, output = self.command(
            *("delta", project.key, "--files", self.folder_of_export),
            *("--json", report, "--gone", gone),
        )
        self.assertEqual(status, 1)
        self.assertIn("1 conflicts to decide", output)
        self.assertIn("1 records are gone", output)
        told = json.loads(report.read_text())
        self.assertEqual(told["conflicts"][0]["source"], "Köln")
        self.assertEqual(told["gone"], [{"object": "deal", "source_id": "D2"}])
        self.assertIn("D2", gone.read_text(encoding="utf-8-sig"))
        self.assertEqual((acme.city, acme.phone), ("Hamburg", "+49 30 9"))
        self.later()
        status, output = self.command(
            "delta", project.key, "--no-read", "--take-source"
        )
        self.assertEqual(status, 0)
        self.assertIn("no conflict is open", output)
        self.assertEqual(acme.city, "Köln")

    def test_g10_a_newer_export_of_another_name_on_the_command_line(self):
        project = self.start()
        self.export["deals"] = self.export["deals"][:2]
        newer = self.write_files(self.written())
        status, output = self.command("delta", project.key, "--files", newer)
        self.assertEqual(status, 1, "the same ids a second time: they are told")
        self.assertIn("company: nothing to do (2 failed in all)", output)
        self.assertNotIn("gone", output)
        project.file_ids[1:].unlink()
        newer = self.write_files(self.written())
        name = self.folder_of_export.name
        self.later()
        _status, output = self.command(
            "delta", project.key, "--files", newer, "--replaces", name
        )
        self.assertIn("1 records are gone", output)

    def test_g10_wrong_use_of_the_command_says_so(self):
        project = self.start()
        with self.assertRaisesRegex(self.cli.NotDone, "one path of --files"):
            self.command("delta", project.key, "--replaces", "x")
        with self.assertRaisesRegex(UserError, "No file named x"):
            self.command(
                "delta", project.key, "--files", self.folder, "--replaces", "x"
            )
        with self.assertRaisesRegex(self.cli.NotDone, "leave out --no-read"):
            self.command("delta", project.key, "--no-read", "--files", self.folder)
        with self.assertRaisesRegex(UserError, "no file or folder"):
            self.command("delta", project.key, "--files", "/nowhere/at/all")
        with self.assertRaisesRegex(self.cli.NotDone, "no migration"):
            self.command("delta", "unknown")
