"""Row G13 of the specification: what becomes of records that cannot just go."""

import time
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.tests import Form

from ..models.engine import rollback as rollback_module
from ..models.engine.rollback import MigrationRollback
from ..models.migration_run import MigrationRun
from .common import MigrationCase

FILES = {
    "companies.csv": "company_id,name,email\n"
    "C1,Acme,acme@example.com\nC2,Other,other@example.com\n"
    "C3,Third,third@example.com\n",
    "deals.csv": "deal_id,name,company_id\nD1,First,C1\nD2,Second,C2\n",
}


class Conflict(psycopg2.errors.SerializationFailure):
    """Another transaction got in the way; PostgreSQL gives the code by itself."""

    pgcode = "40001"


class UndoCase(MigrationCase):
    """Small migrations, their rollbacks and the log of these."""

    def preview(self, project, run=None, **choices):
        return self.env["migration.rollback.wizard"].create(
            {"project_id": project.id, "run_id": run and run.id, **choices}
        )

    def fates(self, wizard, model):
        """``{(action, kind of reason): count}`` of the records of ``model``."""
        lines = wizard.line_ids.filtered(lambda line: line.res_model == model)
        return {(line.action, line.kind): line.count for line in lines}

    def logged(self, run, operation):
        return self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", operation)], order="id"
        )

    def run_of(self, project, kind):
        """The oldest run of this kind."""
        return project.run_ids.filtered(lambda run: run.kind == kind).sorted("id")[:1]


class TestPreviewOnScreen(UndoCase):
    """The preview is kept: its lines open their records, whatever is chosen."""

    def test_lines_of_the_preview_open_their_records(self):
        project = self.migrate(FILES)
        action = project.action_roll_back()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(wizard.line_ids.ids)
        line = wizard.line_ids.filtered(lambda one: one.res_model == "crm.lead")
        deals = self.env["crm.lead"].search(line.action_open()["domain"])
        self.assertEqual(set(deals.mapped("name")), {"First", "Second"})

    def test_a_choice_shows_what_it_comes_to_once_it_is_saved(self):
        project = self.migrate(FILES)
        self.later()
        self.target(project, "company", "C3").with_context(
            tracking_disable=True
        ).with_user(self.anna).sudo().name = "Theirs"
        self.env.flush_all()
        wizard = self.env["migration.rollback.wizard"].browse(
            project.action_roll_back()["res_id"]
        )
        before = wizard.line_ids
        self.assertEqual(wizard.keep_count, 1)
        with Form(wizard) as form:
            form.changed = "force"
        self.assertFalse(wizard.keep_count)
        self.assertFalse(before & wizard.line_ids)

    def test_a_rollback_says_what_it_has_done(self):
        project = self.migrate(FILES)
        run = self.rollback(project, run_id=self.run_of(project, "load").id)
        self.assertEqual(run.message, "Records: 5 removed.")

    def test_one_run_is_previewed_from_the_run(self):
        project = self.migrate(FILES)
        run = self.run_of(project, "load")
        action = run.action_roll_back()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.project_id, wizard.run_id), (project, run))


class TestChoices(UndoCase):
    """Leave, archive, force: for each kind of reason by itself."""

    def setUp(self):
        super().setUp()
        self.project = self.new_project(FILES)
        self.read_files(self.project)
        self.before = self.snapshot()
        self.load(self.project)
        names = (("deal", "D1"), ("deal", "D2"), ("company", "C3"))
        self.d1, self.d2, self.c3 = (self.target(self.project, *one) for one in names)
        self.later()

    def write_as_anna(self, record, **values):
        record.with_user(self.anna).sudo().write(values)
        self.env.flush_all()

    def test_g13_changed_records_are_left_archived_or_removed_as_chosen(self):
        self.write_as_anna(self.c3, city="Hamburg")
        for choice, action in (
            ("leave", ("keep", "changed")),
            ("archive", ("archive", "changed")),
            ("force", None),
        ):
            fates = self.fates(
                self.preview(self.project, changed=choice), "res.partner"
            )
            self.assertEqual(fates.pop(("remove", False), 0), 3 - bool(action))
            self.assertEqual(fates, {action: 1} if action else {})
        wizard = self.preview(self.project, changed="archive")
        self.assertEqual((wizard.archive_count, wizard.keep_count), (1, 0))
        self.assertFalse(wizard.forces)
        self.assertTrue(self.preview(self.project, changed="force").forces)

    def test_g13_an_archived_record_is_logged_and_can_be_removed_later(self):
        self.write_as_anna(self.c3, city="Hamburg")
        stamps = self.c3.write_date, self.c3.write_uid
        self.later()
        run = self.rollback(self.project, changed="archive")
        self.assertFalse(self.c3.active)
        self.assertEqual(self.c3.city, "Hamburg")
        self.assertEqual((self.c3.write_date, self.c3.write_uid), stamps)
        entry = self.logged(run, "archive")
        self.assertEqual(
            (entry.res_model, entry.res_id, entry.source_id),
            ("res.partner", self.c3.id, "C3"),
        )
        self.assertIn("Changed since", entry.message)
        self.assertEqual(entry.changes["before"], {"active": True})
        self.assertFalse(self.d1.exists())
        load = self.run_of(self.project, "load")
        self.assertEqual(load.undone, "partly")
        self.assertEqual(self.staged(self.project, "company", "C3").state, "loaded")
        self.later()
        # Users have worked on it: that it was archived does not hide that.
        wizard = self.preview(self.project)
        self.assertEqual(self.fates(wizard, "res.partner"), {("keep", "changed"): 1})
        self.rollback(self.project, changed="force")
        self.assertFalse(self.c3.exists(), "what Odoo says of the change goes, too")
        self.assertEqual(load.undone, "wholly")
        self.assertSameDatabase(self.before, self.snapshot())

    def test_g13_what_users_added_is_archived_with_what_it_needs(self):
        self.d1.with_user(self.anna).sudo().message_post(body="They called")
        company = self.d1.partner_id
        wizard = self.preview(self.project, added="archive", needed="archive")
        self.assertEqual(
            self.fates(wizard, "crm.lead"),
            {("archive", "added"): 1, ("remove", False): 1},
        )
        self.rollback(self.project, added="archive", needed="archive")
        self.assertFalse(self.d1.active or company.active)
        self.assertEqual(self.d1.partner_id, company)
        self.assertIn("They called", self.d1.message_ids[0].body)
        self.assertFalse(self.d2.exists())

    def test_g13_one_kind_of_reason_is_forced_without_the_other(self):
        self.d1.with_user(self.anna).sudo().message_post(body="They called")
        self.write_as_anna(self.d2, description="Changed")
        self.rollback(self.project, added="force")
        self.assertFalse(self.d1.exists())
        self.assertTrue(self.d2.exists())
        self.assertTrue(self.d2.partner_id, "what stays keeps what it refers to")

    def test_g13_what_a_record_of_a_user_needs_goes_only_if_forced(self):
        lead = self.env["crm.lead"].create(
            {"name": "By hand", "partner_id": self.c3.id}
        )
        self.env.flush_all()
        wizard = self.preview(self.project)
        self.assertEqual(
            self.fates(wizard, "res.partner"),
            {("keep", "needed"): 1, ("remove", False): 2},
        )
        line = wizard.line_ids.filtered(lambda one: one.kind == "needed")
        self.assertIn(self.env["ir.model"]._get("crm.lead").name, line.reason)
        self.rollback(self.project, needed="force")
        self.assertFalse(self.c3.exists())
        self.assertFalse(lead.partner_id)

    def test_g13_what_a_migrated_record_that_stays_needs_is_never_forced(self):
        self.write_as_anna(self.d1, description="Changed")
        self.rollback(self.project, needed="force")
        self.assertTrue(self.d1.exists().partner_id.exists())

    def test_g13_what_odoo_refuses_stays_with_its_reason_or_is_archived(self):
        partner = type(self.env["res.partner"])
        unlink = partner.unlink

        def refusing(records):
            if self.c3 in records:
                raise ValueError("It has an invoice.")
            return unlink(records)

        for choice in ("leave", "archive"):
            with (
                self.subTest(choice=choice),
                patch.object(partner, "unlink", refusing),
                self.cr.savepoint() as savepoint,
            ):
                run = self.rollback(self.project, refused=choice)
                self.assertEqual(self.c3.exists().active, choice == "leave")
                entry = self.logged(run, "keep" if choice == "leave" else "archive")
                self.assertEqual(entry.res_id, self.c3.id)
                self.assertIn("It has an invoice.", entry.message)
                self.assertEqual(sum(run.line_ids.mapped("failed")), 1)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_g13_what_odoo_works_out_by_itself_is_no_change_of_users(self):
        project = self.migrate(
            {
                "companies.csv": "company_id,name\nX1,Fourth\n",
                "deals.csv": "deal_id,name,company_id\nX1,Fourth,X1\n",
                "activities.csv": "activity_id,type,subject,status,due_date,"
                "owner_email,related_type,related_id\n"
                "A1,call,Call,open,2099-01-01,anna@example.com,deal,X1\n",
            },
            name="Other",
        )
        activity = self.target(project, "activity", "A1")
        self.assertEqual(activity.user_id, self.anna)
        self.later()
        stamps = activity.write_date, activity.write_uid
        self.anna.tz = "Asia/Tokyo"
        self.env.flush_all()
        activity.invalidate_recordset()
        self.assertEqual(activity.user_tz, "Asia/Tokyo")
        self.assertEqual((activity.write_date, activity.write_uid), stamps)
        actions = set(self.preview(project).line_ids.mapped("action"))
        self.assertEqual(actions, {"remove"})
        activity.with_user(self.anna).sudo().summary = "Call them"
        self.assertEqual(
            self.fates(self.preview(project), "mail.activity"), {("keep", "changed"): 1}
        )

    def test_g13_the_preview_opens_the_records_of_a_line(self):
        self.write_as_anna(self.c3, city="Hamburg")
        wizard = self.preview(self.project)
        line = wizard.line_ids.filtered(
            lambda one: one.res_model == "res.partner" and one.kind == "changed"
        )
        action = line.action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.c3)

    def test_g13_a_second_rollback_does_nothing_and_says_so(self):
        self.assertFalse(self.run_of(self.project, "load").undone)
        self.rollback(self.project)
        after = self.snapshot()
        self.assertEqual(self.run_of(self.project, "load").undone, "wholly")
        self.assertFalse(self.preview(self.project).line_ids)
        run = self.rollback(self.project)
        self.assertIn("nothing left", run.message)
        self.assertFalse(
            self.env["migration.log"].search_count([("run_id", "=", run.id)])
        )
        self.assertSameDatabase(after, self.snapshot())


class TestInterrupted(UndoCase):
    """Rollbacks that die, pause, or meet users who work at the same time."""

    def loaded(self):
        project = self.new_project(FILES)
        self.read_files(project)
        before = self.snapshot()
        self.load(project)
        self.later()
        self.startPatcher(patch.object(rollback_module, "BATCH", 1))
        return project, before

    def test_g13_a_rollback_that_dies_goes_on_where_it_was(self):
        project, before = self.loaded()
        remove = MigrationRollback._remove
        removed = []

        def dying(rollback, run, plan, model, mapping_id, line):
            if len(removed) == 3:
                raise KeyboardInterrupt
            removed.extend(plan.removable(model, mapping_id, 1))
            return remove(rollback, run, plan, model, mapping_id, line)

        with patch.object(MigrationRollback, "_remove", dying):
            try:
                project._run_now("rollback")
            except KeyboardInterrupt:
                project.invalidate_recordset()
        run = project.run_ids[:1]
        self.assertEqual((run.kind, run.state), ("rollback", "running"))
        self.assertEqual(len(self.logged(run, "unlink")), 3)
        again = project._run_now("rollback")
        self.assertEqual((again, run.state), (run, "done"))
        gone = self.logged(run, "unlink").mapped("source_id")
        self.assertEqual(len([one for one in gone if one]), len(set(gone) - {False}))
        self.assertEqual(run.handled, run.total)
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_a_rollback_pauses_at_its_deadline(self):
        project, before = self.loaded()
        run = self.env["migration.run"]._start(project, "rollback")
        worker = self.env["migration.worker"]
        for _call in range(60):
            worker._work(run, time.monotonic())
            if run.state == "done":
                break
            self.assertEqual(run.state, "running")
        self.assertEqual(run.state, "done")
        self.assertGreater(_call, 3)
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_who_gets_in_its_way_only_delays_it(self):
        project, before = self.loaded()
        unlink = MigrationRollback._unlink
        conflicts = []

        def disturbed(rollback, model, ids, removed, refused):
            if not conflicts:
                conflicts.append(model)
                raise Conflict
            return unlink(rollback, model, ids, removed, refused)

        with (
            patch.object(MigrationRollback, "_unlink", disturbed),
            patch.object(MigrationRun, "_roll_back", lambda run: run.env.clear()),
            patch.object(time, "sleep"),
        ):
            run = self.rollback(project)
        self.assertTrue(conflicts)
        self.assertFalse(self.logged(run, "keep"))
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_what_a_user_changes_meanwhile_stays(self):
        project, _before = self.loaded()
        company = self.target(project, "company", "C2")
        remove = MigrationRollback._remove
        changed = []

        def meanwhile(rollback, run, plan, model, *args):
            if model == "res.partner" and not changed and company.exists():
                changed.append(model)
                self.cr.execute(
                    "UPDATE res_partner SET city = 'Hamburg', write_date = %s"
                    " WHERE id = %s",
                    (self.cr.now() + timedelta(seconds=1), company.id),
                )
                company.invalidate_recordset(flush=False)
            return remove(rollback, run, plan, model, *args)

        with patch.object(MigrationRollback, "_remove", meanwhile):
            run = self.rollback(project)
        self.assertTrue(changed)
        self.assertEqual(company.exists().city, "Hamburg")
        self.assertEqual(self.logged(run, "keep").res_id, company.id)
