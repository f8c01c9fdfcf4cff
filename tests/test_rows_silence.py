"""Row G15 of the specification: a whole migration tells nobody, from end to end."""

import socket
from unittest.mock import patch

import requests

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.sql_db import db_connect
from odoo.tests import new_test_user

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..models.engine.engine import MigrationEngine
from ..models.engine.silence import is_silent
from .common import MigrationCase
from .test_rows_chakra import EXPORT, archive
from .test_silence import OUTGOING

LATER = {
    "accounts.csv": EXPORT["accounts.csv"] + "A3,Acme South,,A1,anna@example.com\r\n",
    "notes.csv": EXPORT["notes.csv"]
    + "N4,deal,D1,Third,2024-03-05T11:00:00Z,anna@example.com\r\n",
}


class TestSilenceRows(MigrationCase):
    """Audit, structure, sample, two loads and undo, where everything reacts."""

    def setUp(self):
        super().setUp()
        self.follower = new_test_user(
            self.env,
            "follower",
            "sales_team.group_sale_salesman",
            email="follower@example.com",
            notification_type="email",
        )
        self.env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "auto")
        self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "smtp.example.com"}
        )
        self.env["mail.push.device"].create(
            {
                "partner_id": self.follower.partner_id.id,
                "endpoint": "https://push.example.com/1",
                "keys": '{"p256dh": "key", "auth": "auth"}',
            }
        )
        self.env["mail.activity.plan"].create(
            {
                "name": "Welcome",
                "res_model": "crm.lead",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": "Welcome call",
                        }
                    )
                ],
            }
        )
        alarm = self.env["calendar.alarm"].search([("alarm_type", "=", "email")])[:1]
        self.env["ir.default"].set("calendar.event", "alarm_ids", alarm.ids)
        # The export matches them; they are followed.
        self.team = self.env["crm.team"].create({"name": "Inside Sales"})
        self.company = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "email": "old@example.com"}
        )
        subtypes = self.env["mail.message.subtype"].search([])
        for record in (self.team, self.company):
            record.message_subscribe(self.follower.partner_id.ids, subtypes.ids)
        self.addClassCleanup(self.env["base.automation"]._unregister_hook)
        for model in ("res.partner", "crm.lead", "calendar.event"):
            self.add_rule(model, "on_create_or_write")
        self.timed = self.add_rule(
            "crm.lead", "on_time", "crm.field_crm_lead__date_deadline"
        )
        self.born = self.add_rule(
            "crm.lead", "on_time_created", "crm.field_crm_lead__create_date"
        )
        self.add_webhook("crm.lead")
        self.settle()
        self.env["ir.config_parameter"].search(
            [("key", "=like", "test.ran.%")]
        ).unlink()
        self.connections = []

        def connect(*args, **kwargs):
            self.connections.append(args)
            raise requests.exceptions.ConnectionError("Nothing may leave.")

        for name in ("create_connection", "getaddrinfo"):
            self.startPatcher(patch.object(socket, name, connect))
        self.startPatcher(patch("requests.sessions.Session.request", connect))
        self.startPatcher(patch.object(IrMail_Server, "send_email", connect))

    def add_rule(self, model, trigger, date_field=None):
        """A rule that writes an e-mail and an SMS, and counts."""
        rule = self.env["base.automation"].create(
            {
                "name": f"{trigger} on {model}",
                "model_id": self.env["ir.model"]._get_id(model),
                "trigger": trigger,
                "trg_date_id": date_field and self.env.ref(date_field).id,
                "trg_date_range": 0,
                "trg_date_range_type": "minutes",
            }
        )
        self.env["ir.actions.server"].create(
            {
                "name": "Tell everybody",
                "model_id": rule.model_id.id,
                "base_automation_id": rule.id,
                "usage": "base_automation",
                "state": "code",
                "code": (
                    "env['mail.mail'].create({'email_to': 'x@example.com'})\n"
                    "env['sms.sms'].create({'number': '+491', 'body': 'x'})\n"
                    f"key = 'test.ran.{trigger}.{model}.%s' % record.id\n"
                    "env['ir.config_parameter'].sudo().set_param(key, '1')"
                ),
            }
        )
        return rule

    def add_webhook(self, model):
        rule = self.env["base.automation"].create(
            {
                "name": "Call out",
                "model_id": self.env["ir.model"]._get_id(model),
                "trigger": "on_create_or_write",
            }
        )
        self.env["ir.actions.server"].create(
            {
                "name": "Call",
                "model_id": rule.model_id.id,
                "base_automation_id": rule.id,
                "usage": "base_automation",
                "state": "webhook",
                "webhook_url": "https://hook.example.com/1",
            }
        )

    def settle(self):
        """Let what Odoo puts off until the commit happen."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.cr.postcommit.run()

    def outgoing(self):
        """How much there is of all that leaves Odoo or tells somebody."""
        return {
            name: self.env[name].sudo().with_context(active_test=False).search_count([])
            for name in OUTGOING
            if not name.startswith("calendar.")
        }

    def ran(self):
        """Which rules ran on which records: ``trigger.model.id``."""
        parameters = self.env["ir.config_parameter"].search(
            [("key", "=like", "test.ran.%")]
        )
        return {key.removeprefix("test.ran.") for key in parameters.mapped("key")}

    def whole(self):
        """A migration that was sampled, and then loaded twice."""
        project = self.new_project(
            path=self.write_files({"all.zip": archive(EXPORT)}) / "all.zip",
            source="chakra",
            fallback_user_id=self.follower.id,
            overdue_policy="open",
        )
        self.read_files(project)
        companies = project.mapping_ids.filtered(lambda one: one.name == "company")
        companies.match_by = "name"
        companies.field_ids.policy = "overwrite"
        project.action_confirm()
        self.run_step(project, "prepare")
        self.settle()
        self.run_step(project, "sample", size=20, keep=False, seed="1")
        self.settle()
        self.run_step(project, "rollback")
        self.run_step(project, "load")
        self.settle()
        folder = self.write_files({"later.zip": archive(LATER)})
        project._add_path(str(folder / "later.zip"))
        self.read_files(project)
        project.action_confirm()
        project._approve(self.env.user)
        self.run_step(project, "load")
        self.settle()
        return project

    def timed_rules(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            self.env["base.automation"]._cron_process_time_based_actions()
        self.settle()

    def test_g15_a_whole_migration_makes_no_outgoing_anything(self):
        before = self.outgoing()
        project = self.whole()
        self.assertEqual(self.target(project, "company", "A1"), self.company)
        self.assertTrue(self.target(project, "company", "A3"))
        meeting = self.target(project, "meeting", "M1")
        self.assertTrue(meeting.attendee_ids)
        self.assertFalse(meeting.alarm_ids, "nobody is reminded")
        self.assertEqual(self.outgoing(), before)
        self.assertEqual((self.ran(), self.connections), (set(), []))
        self.assertFalse(
            self.env["mail.activity"].search([("summary", "=", "Welcome call")])
        )
        self.rollback(project)
        self.settle()
        self.assertFalse(project.loaded_count)
        self.assertEqual(self.outgoing(), before)
        self.assertEqual((self.ran(), self.connections), (set(), []))

    def test_g15_time_based_rules_do_not_fire_for_what_was_due_before_the_load(self):
        project = self.whole()
        signed = self.target(project, "deal", "D2")
        self.assertLess(signed.date_deadline, fields.Date.today())
        own = self.env["crm.lead"].create(
            {"name": "By a user", "date_deadline": signed.date_deadline}
        )
        self.settle()
        self.later()
        before = self.outgoing()
        self.timed_rules()
        timed = {one for one in self.ran() if one.startswith("on_time")}
        self.assertEqual(
            timed,
            {f"on_time.crm.lead.{own.id}", f"on_time_created.crm.lead.{own.id}"},
        )
        self.assertGreater(self.outgoing()["mail.mail"], before["mail.mail"])
        # From the load on, a migrated record is a record like any other.
        tomorrow = fields.Datetime.add(self.cr.now(), days=1)
        signed.date_deadline = tomorrow.date()
        self.later()
        self.cr._now = fields.Datetime.add(self.cr.now(), days=1)
        self.timed_rules()
        self.assertIn(f"on_time.crm.lead.{signed.id}", self.ran())
        self.assertNotIn(f"on_time_created.crm.lead.{signed.id}", self.ran())

    def test_g15_afterwards_a_user_is_heard_as_ever(self):
        project = self.whole()
        self.assertFalse(is_silent(self.cr))
        deal = self.target(project, "deal", "D1")
        deal.message_subscribe(self.follower.partner_id.ids)
        before = self.outgoing()
        deal.with_user(self.anna).sudo().message_post(
            body="Hello", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.env["crm.lead"].create({"name": "By a user"})
        self.settle()
        after = self.outgoing()
        for name in ("mail.mail", "mail.notification", "sms.sms", "ir.cron.trigger"):
            self.assertGreater(after[name], before[name], name)
        self.assertTrue([one for one in self.ran() if "write.crm.lead" in one])
        self.assertTrue(self.connections, "the webhook is called")

    def test_g15_who_works_meanwhile_still_gets_mails(self):
        project = self.new_project({"companies.csv": "company_id,name\nC1,Beta\n"})
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        sent = []
        load_chunk = MigrationEngine._load_chunk

        def meanwhile(engine, *args):
            self.assertTrue(is_silent(engine.env.cr))
            sent.append(self.message_of_another())
            return load_chunk(engine, *args)

        with patch.object(MigrationEngine, "_load_chunk", meanwhile):
            self.run_step(project, "load")
        self.assertTrue(sent)
        self.assertEqual(set(sent), {(1, 1)})

    def message_of_another(self):
        """E-mails and notifications of a message somebody posts; all is taken back."""
        cr = db_connect(self.cr.dbname).cursor()
        try:
            cr.execute("SET LOCAL lock_timeout = '10s'")
            env = api.Environment(cr, SUPERUSER_ID, {})
            reader = env["res.partner"].create(
                {"name": "Reader", "email": "reader@example.com"}
            )
            message = reader.message_post(
                body="Hello",
                partner_ids=reader.ids,
                subtype_xmlid="mail.mt_comment",
                message_type="comment",
                force_send=False,
            )
            env.flush_all()
            mails = env["mail.mail"].search_count(
                [("mail_message_id", "=", message.id)]
            )
            return mails, len(message.notification_ids)
        finally:
            cr.rollback()
            cr.close()
