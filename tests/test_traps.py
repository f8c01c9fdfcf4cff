"""What Odoo 19 does by itself when records are written, and a migration must not do."""

from contextlib import contextmanager
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.exceptions import UserError

from ..models.engine.silence import GUARDS, THREAD_GUARDS, is_silent, silenced
from ..models.loader.base import Item
from .common import MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name", "street", "city", "email"),
    ("C1", "Nordwind AG", "Hafenweg 1", "Kiel", "info@nordwind.example"),
    ("C2", "Alpen GmbH", "", "", ""),
)
DEALS = csv_text(
    ("deal_id", "name", "status", "company_id", "amount"),
    ("D1", "Open deal", "open", "C1", "100"),
    ("D2", "Won deal", "won", "C1", "200"),
    ("D3", "Lost deal", "lost", "C2", "300"),
)


# Guarded where the apps that bring them are installed, see tests/apps.
OF_OTHER_APPS = {
    "_compute_vies_valid",
    "_update_nemhandel_state_per_company",
    "_update_peppol_state_per_company",
}


class TrapCase(MigrationCase):
    """Rules that react, and counts of what came of it."""

    def add_rule(self, model, code, state="code"):
        """An automation rule on everything that happens to ``model``."""
        rule = self.env["base.automation"].create(
            {
                "name": f"Rule on {model}",
                "model_id": self.env["ir.model"]._get_id(model),
                "trigger": "on_create_or_write",
            }
        )
        action = {
            "name": "Action",
            "model_id": rule.model_id.id,
            "base_automation_id": rule.id,
            "usage": "base_automation",
            "state": state,
        }
        if state == "code":
            action["code"] = code
        else:
            action["webhook_url"] = code
        self.env["ir.actions.server"].create(action)
        self.addCleanup(self.env["base.automation"]._unregister_hook)
        return rule

    def count_runs(self, model):
        """Let a rule on ``model`` count its runs; gives a function that reads them."""
        key = f"test.{model}.runs"
        self.add_rule(
            model,
            f"p = env['ir.config_parameter'].sudo()\n"
            f"p.set_param('{key}', int(p.get_param('{key}', 0)) + 1)",
        )
        return lambda: int(self.env["ir.config_parameter"].get_param(key, 0))

    @contextmanager
    def assertNothingNew(self, *models):
        """The block adds no record to these models."""
        before = {name: self.count(name) for name in models}
        yield
        self.assertEqual(before, {name: self.count(name) for name in models})

    def count(self, model):
        return self.env[model].sudo().with_context(active_test=False).search_count([])

    def mapping(self, project, name):
        return project.mapping_ids.filtered(lambda one: one.name == name)


class TestTraps(TrapCase):
    """Each trap by itself, on an export just large enough to fall into it."""

    # Leads and their partners

    def test_a_lead_with_another_email_or_phone_leaves_partner_and_other_leads(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Nordwind AG",
                "is_company": True,
                "email": "info@nordwind.example",
                "phone": "+49 431 1000",
            }
        )
        other = self.env["crm.lead"].create(
            {"name": "There before", "partner_id": partner.id}
        )
        project = self.new_project(
            {
                "companies.csv": COMPANIES,
                "deals.csv": csv_text(
                    ("deal_id", "name", "company_id", "contact_email", "contact_phone"),
                    ("D1", "First", "C1", "boss@elsewhere.example", "+49 40 2000"),
                    ("D2", "Second", "C1", "info@nordwind.example", "+49 431 1000"),
                ),
            }
        )
        self.read_files(project)
        self.mapping(project, "company").match_by = "name"
        self.load(project)
        first = self.target(project, "deal", "D1")
        self.assertEqual(first.partner_id, partner)
        self.assertEqual(first.email_from, "boss@elsewhere.example")
        self.assertEqual(first.phone, "+49 40 2000")
        for lead in (other, self.target(project, "deal", "D2")):
            self.assertEqual(lead.email_from, "info@nordwind.example")
            self.assertEqual(lead.phone, "+49 431 1000")
        self.assertEqual(partner.email, "info@nordwind.example")
        self.assertEqual(partner.phone, "+49 431 1000")

    def test_a_silent_change_of_a_lead_does_not_reach_its_partner(self):
        partner = self.env["res.partner"].create(
            {"name": "Nordwind", "email": "info@nordwind.example", "phone": "+49 1"}
        )
        lead = self.env["crm.lead"].create({"name": "Lead", "partner_id": partner.id})
        with silenced(self.env.cr):
            lead.write({"email_from": "boss@elsewhere.example", "phone": "+49 2"})
            self.env.flush_all()
        self.assertEqual(partner.email, "info@nordwind.example")
        self.assertEqual(partner.phone, "+49 1")
        self.assertEqual(lead.email_from, "boss@elsewhere.example")
        lead.write({"email_from": "ceo@elsewhere.example", "phone": "+49 3"})
        self.assertEqual(partner.email, "ceo@elsewhere.example", "as Odoo does it")
        self.assertEqual(partner.phone, "+49 3")

    # Automation rules

    def test_automation_rules_on_leads_and_partners_do_not_run(self):
        runs = {name: self.count_runs(name) for name in ("crm.lead", "res.partner")}
        project = self.migrate({"companies.csv": COMPANIES, "deals.csv": DEALS})
        for name, count in runs.items():
            self.assertEqual(count(), 0, name)
        self.target(project, "deal", "D1").name = "Changed by a user"
        self.target(project, "company", "C1").name = "Changed by a user"
        self.env.flush_all()
        for name, count in runs.items():
            self.assertGreater(count(), 0, f"{name}: the rule works for users")

    def test_a_rule_that_raises_does_not_keep_records_out(self):
        self.add_rule("crm.lead", "raise UserError('Not with me')")
        project = self.migrate({"companies.csv": COMPANIES, "deals.csv": DEALS})
        self.assertEqual(self.target(project, "deal", "D1").name, "Open deal")
        with self.assertRaisesRegex(UserError, "Not with me"):
            self.target(project, "deal", "D1").name = "Changed by a user"

    def test_a_webhook_is_not_called(self):
        rule = self.add_rule("crm.lead", "https://hook.example/in", state="webhook")
        with patch("requests.post") as call:
            project = self.migrate({"companies.csv": COMPANIES, "deals.csv": DEALS})
            lead = self.target(project, "deal", "D1")
            with silenced(self.env.cr):
                rule.action_server_ids.with_context(
                    active_model="crm.lead", active_id=lead.id
                ).run()
            self.env.cr.postcommit.run()
            call.assert_not_called()
            lead.name = "Changed by a user"
            self.env.flush_all()
            self.env.cr.postcommit.run()
            call.assert_called()

    def test_rules_stay_silent_after_a_bad_record_was_isolated(self):
        runs = self.count_runs("crm.lead")
        project = self.migrate(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "probability"),
                    ("D1", "Impossible", "150"),
                    *((f"D{number}", "Good", "20") for number in range(2, 9)),
                ),
            }
        )
        self.assertEqual(self.staged(project, "deal", "D1").state, "failed")
        self.assertEqual(self.target(project, "deal", "D8").name, "Good")
        self.assertEqual(runs(), 0)

    # Guards that do not hang on the context

    def test_guards_hold_when_an_environment_without_context_flushes(self):
        runs = self.count_runs("crm.lead")
        partner = self.env["res.partner"].create({"name": "Nordwind AG"})
        quiet = (
            "mail.mail",
            "mail.notification",
            "mail.followers",
            "bus.bus",
            "ir.cron.trigger",
        )
        plain = self.env(context={})
        with self.assertNothingNew(*quiet), silenced(self.env.cr):
            lead = plain["crm.lead"].create(
                {"name": "Lead", "email_from": "a@example.com", "user_id": self.anna.id}
            )
            lead.partner_id = partner
            plain.flush_all()
            plain.cr.precommit.run()
        self.assertEqual(runs(), 0)
        before = self.count("mail.mail") + self.count("mail.notification")
        plain["crm.lead"].create({"name": "By a user", "user_id": self.anna.id})
        plain.flush_all()
        self.assertGreater(runs(), 0)
        self.assertGreater(
            self.count("mail.mail") + self.count("mail.notification"), before
        )

    def test_silence_survives_a_rolled_back_savepoint(self):
        with silenced(self.env.cr):
            savepoint = self.env.cr.savepoint()
            savepoint.close(rollback=True)
            self.env.clear()
            self.assertTrue(is_silent(self.env.cr))
        self.assertFalse(is_silent(self.env.cr))

    def test_silence_nests_and_ends_with_an_error(self):
        with self.assertRaises(ValueError), silenced(self.env.cr):
            with silenced(self.env.cr):
                pass
            self.assertTrue(is_silent(self.env.cr))
            raise ValueError
        self.assertFalse(is_silent(self.env.cr))

    def test_every_guarded_method_exists_and_is_guarded(self):
        self.registry._setup_models__(self.env.cr)
        optional = {"snailmail.letter", "whatsapp.message"}
        for name, guards in GUARDS.items():
            if name not in self.env:
                self.assertIn(name, optional)
                continue
            for method in guards:
                if method.startswith(("_google", "_microsoft")):
                    continue
                if method in OF_OTHER_APPS:
                    continue
                found = getattr(type(self.env[name]), method)
                self.assertTrue(getattr(found, "_migration_guard", False), method)
        for name in ("crm.lead", "res.partner", "calendar.event"):
            for method in THREAD_GUARDS:
                found = getattr(type(self.env[name]), method)
                self.assertTrue(getattr(found, "_migration_guard", False), method)

    # Paid enrichment

    def test_the_enrichment_job_is_not_woken_and_finds_nothing_to_do(self):
        self.env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "auto")
        with self.assertNothingNew("ir.cron.trigger"):
            project = self.migrate(
                {
                    "deals.csv": csv_text(
                        ("deal_id", "name", "contact_email"),
                        ("D1", "Lead", "someone@nordwind.example"),
                    )
                }
            )
        lead = self.target(project, "deal", "D1")
        self.assertTrue(lead.iap_enrich_done)
        before = self.count("ir.cron.trigger")
        self.env["crm.lead"].create({"name": "By a user"})
        self.assertGreater(self.count("ir.cron.trigger"), before)

    # Meetings

    def event_project(self, rows):
        """A migration with one further object, meetings, mapped by the test."""
        project = self.new_project(
            {
                "companies.csv": COMPANIES,
                "deals.csv": DEALS,
            }
        )
        self.read_files(project)
        mapping = self.env["migration.mapping"].create(
            {
                "project_id": project.id,
                "name": "meeting",
                "label": "Meetings",
                "sequence": 200,
                "res_model": "calendar.event",
                "field_ids": [
                    Command.create({"confirmed": True, **line})
                    for line in (
                        {"source_path": "id", "kind": "identifier"},
                        {"source_path": "name", "target": "name"},
                        {"source_path": "start", "target": "start"},
                        {"source_path": "stop", "target": "stop"},
                        {
                            "source_path": "deal",
                            "target": "record",
                            "kind": "reference",
                            "reference": "deal",
                        },
                        {
                            "source_path": "people",
                            "target": "partner_ids",
                            "kind": "reference",
                            "reference": "company",
                        },
                    )
                ],
            }
        )
        self.env["migration.record"].create(
            [
                {
                    "project_id": project.id,
                    "mapping_id": mapping.id,
                    "source_id": row["id"],
                    "payload": row,
                }
                for row in rows
            ]
        )
        return project

    def test_meetings_past_and_future_of_a_deal_post_and_invite_nobody(self):
        now = fields.Datetime.now()
        rows = []
        for key, shift in (("M1", -400), ("M2", 30)):
            start = now + relativedelta(days=shift)
            rows.append(
                {
                    "id": key,
                    "name": f"Meeting {key}",
                    "start": str(start),
                    "stop": str(start + relativedelta(hours=1)),
                    "deal": "D1",
                    "people": "C1|C2",
                }
            )
        project = self.event_project(rows)
        quiet = (
            "mail.activity",
            "mail.message",
            "mail.mail",
            "mail.notification",
            "mail.followers",
            "ir.cron.trigger",
            "bus.bus",
        )
        with self.assertNothingNew(*quiet):
            self.load(project)
            self.env.cr.precommit.run()
        lead = self.target(project, "deal", "D1")
        companies = self.target(project, "company", "C1") | self.target(
            project, "company", "C2"
        )
        for key in ("M1", "M2"):
            event = self.target(project, "meeting", key)
            self.assertEqual(event.opportunity_id, lead)
            self.assertEqual((event.res_model, event.res_id), ("crm.lead", lead.id))
            self.assertEqual(event.attendee_ids.partner_id, companies)
            self.assertFalse(event.alarm_ids)
            self.assertFalse(event.activity_ids)

    def test_attendees_of_a_meeting_keep_their_states(self):
        project = self.event_project([])
        self.load(project)
        lead = self.target(project, "deal", "D1")
        mapping = self.mapping(project, "meeting")
        people = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        start = fields.Datetime.now() + relativedelta(days=10)
        item = Item(
            0,
            "M1",
            "test/meeting/M1",
            {},
            {
                "name": "Meeting",
                "start": start,
                "stop": start + relativedelta(hours=1),
                "record": ("crm.lead", lead.id),
                "partner_ids": people.ids,
                "attendee_ids": [
                    Command.create({"partner_id": people[0].id, "state": "accepted"}),
                    Command.create({"partner_id": people[1].id, "state": "declined"}),
                ],
            },
        )
        loader = mapping._loader()
        with (
            self.assertNothingNew("mail.mail", "mail.message", "mail.notification"),
            silenced(self.env.cr),
        ):
            loader._prepare(mapping, [item])
            loader._take_history([item])
            loader._create_records(mapping, [item])
            self.env.flush_all()
        event = self.env["calendar.event"].browse(item.target[1])
        states = {one.partner_id: one.state for one in event.attendee_ids}
        self.assertEqual(states, {people[0]: "accepted", people[1]: "declined"})
        self.assertEqual(event.opportunity_id, lead)
