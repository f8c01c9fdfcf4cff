"""What Odoo 19 does by itself when records are written, and a migration must not do."""

import hashlib
import io
from contextlib import contextmanager
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from PIL import Image

from odoo import Command, fields
from odoo.exceptions import UserError

from ..hooks import pre_init_hook
from ..models.engine.silence import GUARDS, THREAD_GUARDS, is_silent, silenced
from ..models.engine.undo_plan import UndoPlan
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


class TestTraps(MigrationCase):
    """Each trap by itself, on an export just large enough to fall into it."""

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

    def mapping(self, project, name):
        return project.mapping_ids.filtered(lambda one: one.name == name)

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

    # Files

    def test_a_large_picture_is_not_shrunk(self):
        stream = io.BytesIO()
        Image.effect_noise((3000, 2000), 20).convert("RGB").save(stream, "JPEG")
        picture = stream.getvalue()
        project = self.migrate(
            {
                "companies.csv": COMPANIES,
                "files.csv": csv_text(
                    (
                        "file_id",
                        "file_name",
                        "path",
                        "mime_type",
                        "related_type",
                        "related_id",
                    ),
                    ("F1", "photo.jpg", "documents/photo.jpg", "image/jpeg")
                    + ("company", "C1"),
                ),
                "documents/photo.jpg": picture,
            }
        )
        attachment = self.target(project, "file", "F1")
        self.assertEqual(attachment.checksum, hashlib.sha1(picture).hexdigest())
        self.assertEqual(attachment.raw, picture)
        self.assertEqual(attachment.mimetype, "image/jpeg")

    # Teams

    def test_a_second_team_leaves_the_first_membership_as_it_was(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", False)
        teams = self.env["crm.team"].create([{"name": "First"}, {"name": "Second"}])
        membership = self.env["crm.team.member"].create(
            {"user_id": self.anna.id, "crm_team_id": teams[0].id}
        )
        project = self.new_project({"companies.csv": COMPANIES})
        self.read_files(project)
        mapping = self.env["migration.mapping"].create(
            {
                "project_id": project.id,
                "name": "member",
                "label": "Members",
                "res_model": "crm.team.member",
                "field_ids": [
                    Command.create({"confirmed": True, **line})
                    for line in (
                        {"source_path": "id", "kind": "identifier"},
                        {
                            "source_path": "user",
                            "target": "user_id",
                            "kind": "value_mapping",
                            "value_ids": [
                                Command.create(
                                    {"name": "anna", "target": str(self.anna.id)}
                                )
                            ],
                        },
                        {
                            "constant": str(teams[1].id),
                            "target": "crm_team_id",
                            "kind": "constant",
                        },
                    )
                ],
            }
        )
        staged = self.env["migration.record"].create(
            {
                "project_id": project.id,
                "mapping_id": mapping.id,
                "source_id": "M1",
                "payload": {"id": "M1", "user": "anna"},
            }
        )
        self.load(project)
        self.assertTrue(membership.active)
        self.assertEqual(membership.crm_team_id, teams[0])
        self.assertEqual(staged.state, "failed")
        self.assertEqual(staged.error_code, "member_of_other_team")
        self.assertIn("First", staged.error)
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        project._retry()
        self.run_step(project, "load")
        self.assertEqual(staged.state, "loaded")
        self.assertTrue(membership.active)
        self.assertEqual(self.anna.crm_team_ids, teams)

    # Scoring

    def test_won_and_lost_leads_do_not_move_the_scoring_table(self):
        query = (
            "SELECT team_id, variable, value, won_count, lost_count"
            " FROM crm_lead_scoring_frequency ORDER BY 1, 2, 3"
        )

        def table():
            self.env.flush_all()
            self.env.cr.execute(query)
            return self.env.cr.fetchall()

        before = table()
        project = self.migrate({"companies.csv": COMPANIES, "deals.csv": DEALS})
        won = self.target(project, "deal", "D2")
        lost = self.target(project, "deal", "D3")
        self.assertEqual((won.won_status, lost.won_status), ("won", "lost"))
        self.assertEqual(table(), before)
        self.target(project, "deal", "D1").action_set_won()
        self.assertNotEqual(table(), before, "What users decide does count")

    def test_probabilities_stay_when_the_nightly_scoring_job_has_run(self):
        project = self.migrate(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "probability", "status"),
                    ("D1", "A quarter", "25", "open"),
                    ("D2", "None", "0", "open"),
                    ("D3", "Won", "", "won"),
                    ("D4", "Lost", "70", "lost"),
                )
            }
        )
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.env.invalidate_all()
        found = [
            self.target(project, "deal", key).probability
            for key in ("D1", "D2", "D3", "D4")
        ]
        self.assertEqual(found, [25, 0, 100, 0])

    # Old activities

    def old_activities(self, policy):
        project = self.migrate(
            {
                "companies.csv": COMPANIES,
                "activities.csv": csv_text(
                    ("activity_id", "type", "subject", "status", "due_date")
                    + ("related_type", "related_id"),
                    ("A1", "call", "Old", "open", "2015-03-14", "company", "C1"),
                    ("A2", "call", "Older", "done", "2014-03-14", "company", "C1"),
                    ("A3", "call", "New", "open", str(fields.Date.today()))
                    + ("company", "C1"),
                ),
            },
            overdue_policy=policy,
        )
        self.assertTrue(self.target(project, "activity", "A3").active)
        self.assertFalse(self.target(project, "activity", "A2").active)
        return project

    def test_old_open_activities_are_held_until_somebody_decides_and_listed(self):
        project = self.old_activities("hold")
        staged = self.staged(project, "activity", "A1")
        self.assertEqual((staged.state, staged.res_id), ("held", 0))
        self.assertEqual(staged.error_code, "activity_overdue")
        self.assertEqual(staged.error_value, "2015-03-14")
        errors = {one["source_id"]: one for one in project._status()["errors"]}
        self.assertEqual(errors["A1"]["state"], "held")
        project.overdue_policy = "done"
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "activity", "A1").state, "done")

    def test_old_open_activities_become_done_at_their_day(self):
        project = self.old_activities("done")
        activity = self.target(project, "activity", "A1")
        self.assertEqual(activity.state, "done")
        self.assertEqual(str(activity.date_done), "2015-03-14")
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertTrue(activity.exists())

    def test_old_open_activities_stay_open_where_that_is_the_decision(self):
        activity = self.target(self.old_activities("open"), "activity", "A1")
        self.assertTrue(activity.active)
        self.assertEqual(activity.state, "overdue")
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertFalse(activity.exists(), "Odoo deletes it, as the choice says")

    def test_no_activity_is_too_old_where_odoo_deletes_none(self):
        self.env["ir.config_parameter"].set_param(
            "mail.activity.gc.delete_overdue_years", "0"
        )
        activity = self.target(self.old_activities("hold"), "activity", "A1")
        self.assertEqual(activity.state, "overdue")

    # Addresses

    def test_a_contact_keeps_its_own_address_under_a_company(self):
        project = self.migrate(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "company_id")
                    + ("street", "city"),
                    ("P1", "Ina", "Own", "C1", "Gartenstr. 5", "Bonn"),
                    ("P2", "Ole", "None", "C1", "", ""),
                    ("P3", "Ada", "Alps", "C2", "Bergweg 7", "Chur"),
                ),
            }
        )
        own, none, alps = (
            self.target(project, "contact", key) for key in ("P1", "P2", "P3")
        )
        self.assertEqual((own.street, own.city), ("Gartenstr. 5", "Bonn"))
        self.assertEqual(own.parent_id.street, "Hafenweg 1")
        self.assertEqual((none.street, none.city), ("Hafenweg 1", "Kiel"))
        self.assertEqual((alps.street, alps.city), ("Bergweg 7", "Chur"))
        self.assertFalse(alps.parent_id.street, "nothing moves up to the company")

    def test_a_primary_link_does_not_overwrite_the_address_of_the_contact(self):
        project = self.migrate(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "street", "city"),
                    ("P1", "Ina", "Own", "Gartenstr. 5", "Bonn"),
                    ("P2", "Ole", "None", "", ""),
                ),
                "contact_companies.csv": csv_text(
                    ("contact_id", "company_id", "is_primary"),
                    ("P1", "C1", "true"),
                    ("P2", "C1", "true"),
                ),
            }
        )
        own, none = (self.target(project, "contact", key) for key in ("P1", "P2"))
        self.assertEqual(own.parent_id, self.target(project, "company", "C1"))
        self.assertEqual((own.street, own.city), ("Gartenstr. 5", "Bonn"))
        self.assertEqual((none.street, none.city), ("Hafenweg 1", "Kiel"))
        self.assertEqual(own.parent_id.street, "Hafenweg 1")

    def test_an_overwritten_company_does_not_pass_its_address_on(self):
        company = self.env["res.partner"].create(
            {"name": "Nordwind AG", "is_company": True, "city": "Rostock"}
        )
        contact = self.env["res.partner"].create(
            {"name": "There before", "parent_id": company.id}
        )
        self.assertEqual(contact.city, "Rostock")
        project = self.new_project({"companies.csv": COMPANIES})
        self.read_files(project)
        self.mapping(project, "company").match_by = "name"
        self.line(project, "company", "city").policy = "overwrite"
        self.load(project)
        self.assertEqual((company.city, contact.city), ("Kiel", "Rostock"))

    def test_a_contact_takes_over_what_is_the_whole_companys(self):
        industry = self.env["res.partner.industry"].create({"name": "Shipping"})
        company = self.env["res.partner"].create(
            {
                "name": "Nordwind AG",
                "is_company": True,
                "vat": "DE136695976",
                "industry_id": industry.id,
            }
        )
        project = self.new_project(
            {
                "companies.csv": COMPANIES,
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "company_id"),
                    ("P1", "Ina", "Direct", "C1"),
                    ("P2", "Ole", "Linked", ""),
                ),
                "contact_companies.csv": csv_text(
                    ("contact_id", "company_id", "is_primary"), ("P2", "C1", "true")
                ),
            }
        )
        self.read_files(project)
        self.mapping(project, "company").match_by = "name"
        self.load(project)
        for key in ("P1", "P2"):
            contact = self.target(project, "contact", key)
            self.assertEqual(contact.commercial_partner_id, company)
            self.assertEqual(contact.vat, "DE136695976")

    # What users add to migrated records

    def test_rollback_keeps_what_users_have_added_and_says_so_first(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name"),
                    *((f"C{number}", f"Company {number}") for number in range(1, 6)),
                )
            }
        )
        noted, planned, followed, filed, alone = (
            self.target(project, "company", f"C{number}") for number in range(1, 6)
        )
        self.later()
        anna = self.anna
        message = noted.message_post(body="Called today")
        activity = planned.activity_schedule(
            "mail.mail_activity_data_call", user_id=anna.id
        )
        followed.message_subscribe(partner_ids=anna.partner_id.ids)
        attachment = self.env["ir.attachment"].create(
            {"name": "offer.txt", "raw": b"offer", "res_model": "res.partner"}
            | {"res_id": filed.id}
        )
        wizard = self.env["migration.rollback.wizard"].create(
            {"project_id": project.id}
        )
        kept = {
            line.reason: line.count for line in wizard.line_ids if line.action == "keep"
        }
        removed = wizard.line_ids.filtered(lambda line: line.action == "remove")
        self.assertEqual(sum(kept.values()), 4, kept)
        self.assertEqual(removed.mapped("count"), [1])
        for model in ("Message", "Activity", "Followers", "Attachment"):
            self.assertTrue(any(model in reason for reason in kept), (model, kept))
        self.rollback(project)
        self.assertFalse(alone.exists())
        self.assertEqual(
            (noted | planned | followed | filed).exists(),
            noted | planned | followed | filed,
        )
        self.assertTrue(message.exists() and activity.exists() and attachment.exists())
        self.assertIn(anna.partner_id, followed.message_partner_ids)
        self.assertEqual(self.staged(project, "company", "C5").state, "pending")
        self.assertEqual(self.staged(project, "company", "C1").state, "loaded")

    def test_the_plan_has_nothing_to_keep_where_users_added_nothing(self):
        project = self.migrate({"companies.csv": COMPANIES, "deals.csv": DEALS})
        self.later()
        self.assertEqual(UndoPlan(project).kept(), [])

    # Fields of the same name

    def test_a_manual_field_of_our_name_refuses_the_installation(self):
        self.env.cr.execute(
            "UPDATE ir_model_fields SET state = 'manual'"
            " WHERE model = 'res.partner' AND name = 'x_source_id'"
        )
        with self.assertRaisesRegex(UserError, r"res\.partner\.x_source_id"):
            pre_init_hook(self.env)
        self.assertTrue(
            self.env["ir.model.fields"].search_count(
                [("model", "=", "res.partner"), ("name", "=", "x_source_id")]
            )
        )
