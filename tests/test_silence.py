"""G15: a migration causes no e-mail, SMS, invitation, notice, automation or call."""

from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import DEMO, MigrationCase

# Whatever leaves Odoo, or tells somebody something, leaves a row in one of these.
OUTGOING = (
    "mail.mail",
    "mail.notification",
    "mail.message.schedule",
    "mail.scheduled.message",
    "mail.push",
    "mail.followers",
    "sms.sms",
    "calendar.event",
    "calendar.attendee",
    "ir.cron.trigger",
    "bus.bus",
)


class TestSilence(MigrationCase):
    """The demo export into a database in which everything reacts to everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "auto")
        cls.follower = new_test_user(
            cls.env,
            "follower",
            "sales_team.group_sale_salesman",
            email="follower@example.com",
            notification_type="email",
        )
        cls.env["mail.push.device"].create(
            {
                "partner_id": cls.follower.partner_id.id,
                "endpoint": "https://push.example/1",
                "keys": '{"p256dh": "key", "auth": "auth"}',
            }
        )
        # Records that the export matches: somebody follows them, and meets them.
        cls.team = cls.env["crm.team"].create({"name": "New Business"})
        cls.company = cls.env["res.partner"].create(
            {
                "name": "Nordlicht Events AB",
                "is_company": True,
                "email": "old@nordlicht.example",
                "phone": "+46 8 000",
            }
        )
        subtypes = cls.env["mail.message.subtype"].search([])
        for record in (cls.team, cls.company):
            record.message_subscribe(cls.follower.partner_id.ids, subtypes.ids)
        start = fields.Datetime.now() + relativedelta(days=20)
        cls.event = cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + relativedelta(hours=1),
                "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "res_id": cls.company.id,
                "partner_ids": [
                    Command.set((cls.company | cls.follower.partner_id).ids)
                ],
            }
        )
        cls.models = (
            "res.partner",
            "crm.lead",
            "crm.team",
            "crm.stage",
            "mail.activity",
            "ir.attachment",
        )
        for model in cls.models:
            cls.add_rule(model)
        cls.settle()
        cls.env["ir.config_parameter"].search(
            [("key", "=like", "test.runs.%")]
        ).unlink()
        cls.invitations = cls.event.message_ids
        cls.before = cls.counts()
        cls.calls = []

        def call(*args, **kwargs):
            cls.calls.append(args)

        with (
            patch.object(IrMail_Server, "send_email", call),
            patch("requests.sessions.Session.request", call),
        ):
            cls.project = cls.new_project(
                path=DEMO, fallback_user_id=cls.follower.id, overdue_policy="open"
            )
            cls.read_files(cls.project)
            companies = cls.project.mapping_ids.filtered(lambda m: m.name == "company")
            companies.match_by = "name"
            companies.field_ids.policy = "overwrite"
            cls.load(cls.project)
            cls.settle()
            cls.env.cr.postcommit.run()
        cls.after = cls.counts()

    @classmethod
    def add_rule(cls, model):
        """A rule that e-mails, texts and counts whenever ``model`` is written."""
        rule = cls.env["base.automation"].create(
            {
                "name": f"Rule on {model}",
                "model_id": cls.env["ir.model"]._get_id(model),
                "trigger": "on_create_or_write",
            }
        )
        cls.env["ir.actions.server"].create(
            {
                "name": "Tell everybody",
                "model_id": rule.model_id.id,
                "base_automation_id": rule.id,
                "usage": "base_automation",
                "state": "code",
                "code": (
                    "env['mail.mail'].create({'email_to': 'x@example.com'})\n"
                    "env['sms.sms'].create({'number': '+491', 'body': 'x'})\n"
                    f"p = env['ir.config_parameter'].sudo()\n"
                    f"p.set_param('test.runs.{model}', '1')"
                ),
            }
        )
        cls.addClassCleanup(cls.env["base.automation"]._unregister_hook)

    @classmethod
    def settle(cls):
        """Let what Odoo puts off until the commit happen."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env.flush_all()

    @classmethod
    def counts(cls):
        return {
            name: cls.env[name].sudo().with_context(active_test=False).search_count([])
            for name in OUTGOING
        }

    @classmethod
    def rules_run(cls):
        return [
            model
            for model in cls.models
            if cls.env["ir.config_parameter"].get_param(f"test.runs.{model}")
        ]

    def test_g15_the_load_took_place(self):
        self.assertGreater(self.project.loaded_count, 700)
        self.assertEqual(self.target(self.project, "company", "CO-00001"), self.company)
        self.assertEqual(self.company.email, "info@nordlicht-events.example")
        self.assertEqual(self.target(self.project, "pipeline", "PL-1"), self.team)
        leads = self.env["crm.lead"].search([("user_id", "=", self.follower.id)])
        self.assertTrue(leads.filtered("x_source_id"), "assigned to somebody else")
        activities = self.env["mail.activity"].search(
            [("user_id", "=", self.follower.id), ("x_source_id", "!=", False)]
        )
        self.assertTrue(activities.filtered("active"))

    def test_g15_nothing_outgoing_was_made(self):
        self.assertEqual(self.before, self.after)

    def test_g15_nothing_was_sent_or_called(self):
        self.assertEqual(self.calls, [])

    def test_g15_no_automation_rule_ran(self):
        self.assertEqual(self.rules_run(), [])

    def test_g15_attendees_were_not_invited_again(self):
        self.assertEqual(
            self.event.attendee_ids.partner_id,
            self.company | self.follower.partner_id,
        )
        self.assertEqual(self.event.message_ids, self.invitations)

    def test_g15_nobody_follows_a_migrated_record(self):
        for name in ("crm.lead", "res.partner"):
            migrated = self.env[name].with_context(active_test=False)
            migrated = migrated.search([("x_source_id", "!=", False)])
            self.assertTrue(migrated)
            self.assertFalse(
                self.env["mail.followers"].search_count(
                    [("res_model", "=", name), ("res_id", "in", migrated.ids)]
                )
            )

    def test_g15_afterwards_users_are_notified_as_ever(self):
        lead = self.env["crm.lead"].search([("x_source_id", "!=", False)], limit=1)
        lead.message_subscribe(self.follower.partner_id.ids)
        before = self.counts()
        lead.message_post(
            body="Hello", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.settle()
        after = self.counts()
        for name in ("mail.notification", "mail.mail"):
            self.assertGreater(after[name], before[name], name)
        self.assertIn(self.follower.partner_id, lead.message_partner_ids)
        lead.name = "Changed by a user"
        self.env.flush_all()
        self.assertEqual(self.rules_run(), ["crm.lead"])
        self.env["crm.lead"].create({"name": "By a user"})
        self.settle()
        self.assertGreater(self.counts()["ir.cron.trigger"], before["ir.cron.trigger"])

    def test_g15_rollback_is_silent_as_well(self):
        self.rollback(self.project)
        self.settle()
        self.assertEqual(self.before, self.counts())
        self.assertEqual(self.rules_run(), [])
        self.assertEqual(self.company.email, "old@nordlicht.example")
