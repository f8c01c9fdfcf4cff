"""What Odoo 19 does with records by itself, as they come or later at night."""

import hashlib
import io

from PIL import Image

from odoo import Command, fields

from ..models.engine.undo_plan import UndoPlan
from .common import csv_text
from .test_traps import COMPANIES, DEALS, TrapCase


class TestRecordTraps(TrapCase):
    """Files, teams, scoring, old activities, addresses, and what users add."""

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
