"""Row G13 of the specification: users work while a migration is taken back.

Every transaction is a real one, and committed.
"""

import time
from unittest.mock import patch

import psycopg2

from odoo.exceptions import MissingError, UserError
from odoo.tools import mute_logger

from ..models.engine import rollback as rollback_module
from ..models.engine.rollback import MigrationRollback
from ..models.engine.undo_plan import UndoPlan
from .committed import CommittedCase
from .common import csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "city"),
        ("C1", "Ahlgren", "Bonn"),
        ("C2", "Brandt", "Oslo"),
        ("C3", "Corti", "Graz"),
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id"), ("D1", "Roof", "C1"), ("D2", "Wall", "C2")
    ),
    "notes.csv": csv_text(
        ("note_id", "body", "related_type", "related_id", "created_at"),
        ("N1", "Hello", "deal", "D1", "2020-01-01"),
    ),
}


class BesideCase(CommittedCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(time, "sleep"))
        self.project = self.steps.migrate(FILES)
        self.c3 = self.steps.target(self.project, "company", "C3")
        self.d1 = self.steps.target(self.project, "deal", "D1")
        self.ours.cr.commit()

    def undo(self, **options):
        """Take all back; gives the run."""
        with mute_logger("odoo.sql_db"):
            run = self.steps.rollback(self.project, **options)
        self.ours.cr.commit()
        self.ours.clear()
        return run

    def kept(self, run):
        """``{(model, source id): why}`` of what the log says has stayed."""
        entries = self.ours["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        return {(one.res_model, one.source_id): one.message for one in entries}

    def theirs_of(self, record):
        return self.theirs[record._name].browse(record.id)

    # What they do

    def edit(self, env):
        env["res.partner"].browse(self.c3.id).city = "Hamburg"

    def post(self, env):
        env["crm.lead"].browse(self.d1.id).message_post(body="They called")

    def plan_call(self, env):
        env["crm.lead"].browse(self.d1.id).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.admin.id
        )

    def link(self, env):
        env["crm.lead"].create({"name": "By hand", "partner_id": self.c3.id})

    def delete(self, env):
        env["res.partner"].browse(self.c3.id).unlink()

    # When they do it

    def planned(self, work):
        """After the plan was made, before the first batch."""
        return self.meanwhile(MigrationRollback, "_lines", work, after=True)

    def begun(self, model, work):
        """After a batch has begun, before it is locked."""
        return self.meanwhile(UndoPlan, "_lock", work, lambda _p, m, *_a: m == model)

    def removing(self, model, work):
        """While a batch is being removed."""
        return self.meanwhile(
            MigrationRollback, "_unlink", work, lambda _r, m, *_a: m == model
        )

    def removed(self, model, work):
        """After a batch was removed, before that is committed."""
        return self.meanwhile(
            *(MigrationRollback, "_unlink", work),
            lambda _r, m, *_a: m == model,
            after=True,
        )


class TestBeside(BesideCase):
    """Before, in and after a batch: what users do is not lost."""

    def assertAllCanGo(self):
        """What has stayed goes when that is chosen, and leaves nothing behind."""
        self.undo(changed="force", added="force", needed="force")
        self.assertFalse(self.left())

    def test_G13_nobody_else_is_there(self):
        self.undo()
        self.assertFalse(self.left())

    # Edited

    def edited(self, moment):
        with moment:
            run = self.undo()
        self.assertEqual(self.c3.city, "Hamburg")
        self.assertIn("Changed", self.kept(run)["res.partner", "C3"])
        self.assertFalse(self.d1.exists())
        self.assertEqual(self.left()["res_partner"], 1)
        self.assertAllCanGo()

    def test_G13_a_record_edited_before_its_batch_stays(self):
        self.edited(self.planned(self.edit))

    def test_G13_a_record_edited_in_its_batch_stays(self):
        self.edited(self.begun("res.partner", self.edit))

    def test_G13_a_record_being_removed_cannot_be_edited(self):
        error = self.blocked(self.edit, after=True)
        self.assertIsInstance(error, psycopg2.errors.SerializationFailure)
        # Odoo tries again, and then it says so.
        with self.assertRaises(MissingError):
            self.as_user(self.edit)
        self.assertFalse(self.left())

    def blocked(self, work, after):
        """The error of a user who works while the batch of contacts is removed."""
        endings = []
        unlink = MigrationRollback._unlink

        def removing(rollback, model, *args):
            if after:
                unlink(rollback, model, *args)
            if model == "res.partner":
                endings.append(self.waiting(work))
            if not after:
                unlink(rollback, model, *args)

        with patch.object(MigrationRollback, "_unlink", removing):
            self.undo()
            return endings[0]()

    # Messages and activities

    def posted(self, moment):
        with moment:
            run = self.undo()
        self.assertIn("They called", self.d1.message_ids[:1].body)
        self.assertEqual(self.d1.partner_id.name, "Ahlgren")
        self.assertIn("Users have added", self.kept(run)["crm.lead", "D1"])
        self.assertEqual(self.left()["crm_lead"], 1)
        self.assertAllCanGo()

    def test_G13_a_message_before_the_batch_stays_with_its_record(self):
        self.posted(self.planned(self.post))

    def test_G13_a_message_in_the_batch_stays_with_its_record(self):
        self.posted(self.begun("crm.lead", self.post))

    def test_G13_a_message_while_its_record_is_removed_stays_with_it(self):
        self.posted(self.removing("crm.lead", self.post))

    def test_G13_a_message_after_its_record_was_removed_brings_it_back(self):
        self.posted(self.removed("crm.lead", self.post))

    def planned_call(self, moment):
        with moment:
            run = self.undo()
        self.assertEqual(len(self.d1.activity_ids), 1)
        self.assertIn("Users have added", self.kept(run)["crm.lead", "D1"])
        self.assertAllCanGo()

    def test_G13_an_activity_in_the_batch_stays_with_its_record(self):
        self.planned_call(self.begun("crm.lead", self.plan_call))

    def test_G13_an_activity_after_its_record_was_removed_brings_it_back(self):
        self.planned_call(self.removed("crm.lead", self.plan_call))

    def test_G13_what_is_chosen_to_go_goes_whatever_is_added_meanwhile(self):
        with self.removed("crm.lead", self.post):
            self.undo(added="force")
        self.assertFalse(self.d1.exists())
        self.assertFalse(self.left())

    def test_G13_an_answer_to_a_migrated_note_goes_with_its_record(self):
        self.as_user(self.post)
        answer = self.d1.message_ids[:1]
        self.assertEqual(answer.parent_id.x_source_id, f"{self.project.key}/note/N1")
        self.undo(added="force")
        self.assertFalse(self.left())

    # Linked

    def linked(self, moment):
        with moment:
            run = self.undo()
        lead = self.ours["crm.lead"].search([("name", "=", "By hand")])
        self.assertEqual(lead.partner_id, self.c3)
        self.assertIn("Used by", self.kept(run)["res.partner", "C3"])
        lead.unlink()
        self.ours.cr.commit()
        self.assertAllCanGo()

    def test_G13_a_record_linked_before_its_batch_stays(self):
        self.linked(self.planned(self.link))

    def test_G13_a_record_linked_in_its_batch_stays(self):
        self.linked(self.begun("res.partner", self.link))

    def test_G13_a_record_being_removed_cannot_be_linked(self):
        error = self.blocked(self.link, after=False)
        self.assertIsInstance(error, psycopg2.Error)
        self.assertFalse(self.left())

    # Deleted

    def deleted(self, moment):
        with moment:
            run = self.undo()
        self.assertFalse(self.kept(run))
        self.assertFalse(self.left())

    def test_G13_a_record_deleted_before_its_batch_is_gone_and_nothing_else(self):
        self.deleted(self.planned(self.delete))

    def test_G13_a_record_deleted_in_its_batch_is_gone_and_nothing_else(self):
        self.deleted(self.begun("res.partner", self.delete))


class TestTried(BesideCase):
    """What users have worked on is tried before it is forced."""

    def lines(self, **choices):
        wizard = self.ours["migration.rollback.wizard"].create(
            {"project_id": self.project.id, **choices}
        )
        return wizard.line_ids

    def refusing(self, tried):
        """Odoo refuses to delete the deal D1, and says why; ``tried`` gets the ids."""
        lead = type(self.ours["crm.lead"])
        unlink = lead.unlink

        def refuse(records):
            tried.extend(records.ids)
            if self.d1.id in records.ids:
                raise UserError(records.env._("It was signed."))
            return unlink(records)

        return patch.object(lead, "unlink", refuse)

    def test_G13_the_preview_names_what_odoo_refuses_of_what_users_worked_on(self):
        self.as_user(self.post)
        tried = []
        with self.refusing(tried):
            self.assertFalse(self.lines().filtered(lambda one: one.kind == "refused"))
            self.assertFalse(tried, "what stays is not tried")
            lines = self.lines(added="force")
            refused = lines.filtered(lambda one: one.kind == "refused")
            self.assertEqual(set(tried), {self.d1.id}, "nobody worked on the other one")
            self.assertEqual((refused.res_model, refused.count), ("crm.lead", 1))
            self.assertEqual(refused.samples, "D1")
            self.assertIn("It was signed.", refused.reason)
            domain = refused.action_open()["domain"]
            self.assertEqual(domain, [("id", "in", [self.d1.id])])
            self.ours.cr.commit()
            run = self.undo(added="force")
        self.assertIn("It was signed.", self.kept(run)["crm.lead", "D1"])
        self.assertTrue(self.d1.exists().partner_id, "with what it needs")

    def test_G13_trying_leaves_nothing_and_waits_for_nobody(self):
        self.as_user(self.post)
        before = self.left()
        self.theirs_of(self.d1).name = "Being edited"
        self.theirs.flush_all()
        lines = self.lines(added="force")
        self.assertFalse(lines.filtered(lambda one: one.kind == "refused"))
        self.theirs.cr.rollback()
        self.lines(added="force")
        self.ours.cr.commit()
        self.assertEqual(self.left(), before)
        self.assertTrue(self.d1.exists())


class TestOneAtATime(BesideCase):
    """Whoever comes second is told who is there."""

    def second(self, kind, **options):
        """Start a run in another transaction; gives what it is told."""
        project = self.theirs["migration.project"].browse(self.project.id)
        with self.assertRaises(UserError) as caught:
            project._run_now(kind, **options)
        self.theirs.cr.rollback()
        self.theirs.clear()
        return str(caught.exception)

    def test_G13_a_second_undo_and_a_load_wait_for_the_first(self):
        told = []
        remove = MigrationRollback._remove

        def removing(rollback, *args):
            if not told:
                told.extend(self.second(kind) for kind in ("rollback", "load"))
                project = self.theirs["migration.project"].browse(self.project.id)
                wizard = self.theirs["migration.rollback.wizard"].create(
                    {"project_id": project.id}
                )
                with self.assertRaisesRegex(UserError, "still working"):
                    wizard.action_rollback()
                self.theirs.cr.rollback()
                self.theirs.clear()
            return remove(rollback, *args)

        self.startPatcher(patch.object(rollback_module, "BATCH", 1))
        with patch.object(MigrationRollback, "_remove", removing):
            run = self.undo()
        for message in told:
            self.assertIn(run.display_name, message)
            self.assertIn("still working", message)
        self.assertFalse(self.left())
        self.assertEqual(len(self.project.run_ids.filtered(lambda r: r == run)), 1)
