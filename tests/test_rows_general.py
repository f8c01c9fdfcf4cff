"""Rows G11, G15, G16 and G17 of the specification: log, silence, errors and dates."""

import csv
import io
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import MigrationCase
from .test_rows_loading import STRUCTURE


class TestGeneralRows(MigrationCase):
    """What every migration has, on small exports."""

    def test_g11_every_operation_is_one_row_of_the_log(self):
        manager = new_test_user(
            self.env, "mia", "crm_migration.group_manager", email="mia@example.com"
        )
        known = self.env["res.partner"].create(
            {"name": "Old name", "email": "acme@example.com", "is_company": True}
        )
        project = self.new_project(
            {
                "companies.csv": "company_id,name,email\n"
                "1,Acme,acme@example.com\n2,Other,other@example.com\n"
            }
        )
        self.read_files(project)
        project.mapping_ids.filtered(
            lambda one: one.name == "company"
        ).match_by = "email"
        self.line(project, "company", "name").policy = "overwrite"
        project.action_confirm()
        self.run_step(project, "prepare")
        project.with_user(manager).action_load()
        self.run_step(project, "load")
        entries = self.env["migration.log"].search(
            [
                ("project_id", "=", project.id),
                ("mapping_id.name", "=", "company"),
                ("source_id", "!=", False),
            ]
        )
        self.assertEqual(
            sorted((entry.source_id, entry.operation) for entry in entries),
            [("1", "match"), ("1", "update"), ("2", "create")],
        )
        rows = {
            entry.source_id: entry for entry in entries if entry.operation != "match"
        }
        created = rows["2"]
        self.assertEqual(created.operation, "create")
        self.assertEqual(
            (created.res_model, created.res_id),
            ("res.partner", self.target(project, "company", "2").id),
        )
        self.assertEqual(set(entries.mapped("user_id")), {manager})
        self.assertEqual(created.date, self.cr.now())
        changed = rows["1"]
        self.assertEqual((changed.operation, changed.res_id), ("update", known.id))
        self.assertEqual(changed.changes["before"]["name"], "Old name")
        self.assertEqual(changed.changes["after"], {"name": "Acme"})
        self.assertIn("name: Old name → Acme", changed.changes_text)

    def test_g11_nobody_can_write_change_or_delete_the_log(self):
        project = self.migrate({"companies.csv": "company_id,name\n1,Acme\n"})
        entry = self.env["migration.log"].search([("project_id", "=", project.id)])[:1]
        self.assertTrue(entry)
        manager = new_test_user(self.env, "mia", "crm_migration.group_manager")
        for one in (entry, entry.sudo(), entry.with_user(manager)):
            with self.assertRaises(AccessError):
                one.write({"message": "nothing happened"})
            with self.assertRaises(AccessError):
                one.message = "nothing happened"
            with self.assertRaises(AccessError):
                one.unlink()
            with self.assertRaises(AccessError):
                one.create({"project_id": project.id, "operation": "create"})
        with self.assertRaises(AccessError):
            self.env["migration.log"].search([]).unlink()
        self.assertTrue(entry.with_user(manager).read(["source_id", "operation"]))

    def test_g15_a_migration_says_and_starts_nothing(self):
        lead = self.env["ir.model"]._get("crm.lead")
        automation = self.env["base.automation"].create(
            {"name": "Test", "model_id": lead.id, "trigger": "on_create_or_write"}
        )
        automation.action_server_ids = self.env["ir.actions.server"].create(
            {
                "name": "Test",
                "model_id": lead.id,
                "state": "code",
                "usage": "base_automation",
                "base_automation_id": automation.id,
                "code": "env['res.partner.category'].create({'name': 'It ran'})",
            }
        )
        models = ("mail.mail", "mail.notification", "sms.sms", "ir.cron.trigger")
        before = [self.env[model].search([]) for model in models]
        project = self.migrate(
            {
                **STRUCTURE,
                "activities.csv": "activity_id,type,subject,status,due_date,"
                "owner_email,related_type,related_id\n"
                "A,call,Ring,open,2031-01-01,anna@example.com,deal,D1\n",
                "notes.csv": "note_id,body,related_type,related_id,created_at\n"
                "N,Hello,deal,D1,2020-01-01\n",
            }
        )
        self.assertTrue(self.target(project, "activity", "A"))
        self.assertTrue(self.target(project, "note", "N"))
        for model, records in zip(models, before, strict=True):
            self.assertEqual(self.env[model].search([]), records)
        ran = [("name", "=", "It ran")]
        self.assertFalse(self.env["res.partner.category"].search(ran))
        deal = self.target(project, "deal", "D1")
        self.assertFalse(deal.message_follower_ids)
        deal.write({"name": "Changed by a user"})
        self.assertTrue(
            self.env["res.partner.category"].search(ran),
            "and it is on again afterwards",
        )

    def test_g16_an_error_names_everything_and_corrected_records_load_alone(self):
        project = self.migrate(
            {
                "companies.csv": "company_id,name,employee_count,city\n"
                "1,Good,5,Bonn\n2,Bad,about 40,Köln\n"
            }
        )
        [error] = project._status()["errors"]
        self.assertEqual(
            {
                name: error[name]
                for name in ("object", "file", "row", "source_id", "field", "value")
            },
            {
                "object": "company",
                "file": "companies.csv",
                "row": 3,
                "source_id": "2",
                "field": "employee_count",
                "value": "about 40",
            },
        )
        self.assertIn("“about 40” is not a number.", error["error"], "the cause")
        self.assertIn("Correct it", error["error"], "the remedy")

        url = project.action_download_failed()["url"]
        attachment = int(url.removeprefix("/web/content/").split("?")[0])
        content = self.env["ir.attachment"].browse(attachment).raw.decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(content))
        self.assertEqual((row["company_id"], row["city"]), ("2", "Köln"))
        self.assertIn("not a number", row["_error"])
        self.assertEqual((row["_file"], row["_row"]), ("companies.csv", "3"))

        good = self.target(project, "company", "1")
        folder = self.write_files(
            {"failed_companies.csv": content.replace(",about 40,", ",40,")}
        )
        project._add_path(str(folder / "failed_companies.csv"))
        self.read_files(project)
        run = self.load(project)
        self.assertEqual(run._counts()["company"]["read"], 1)
        self.assertEqual(self.target(project, "company", "2").x_employee_count, 40)
        self.assertEqual(self.target(project, "company", "1"), good)
        self.assertFalse(project._status()["errors"])

    def test_g17_records_keep_their_dates_and_authors(self):
        stamps = "2019-03-04 05:06:07,2020-04-05 06:07:08,anna@example.com\n"
        project = self.migrate(
            {
                "companies.csv": "company_id,name,created_at,updated_at,created_by\n"
                f"C1,Acme,{stamps}",
                "contacts.csv": "contact_id,first_name,last_name,created_at,updated_at,"
                f"created_by\nK,Ann,Lee,{stamps}",
                "contact_companies.csv": "contact_id,company_id,is_primary\n"
                "K,C1,true\n",
                "deals.csv": "deal_id,name,company_id,created_at,updated_at,"
                f"created_by\nD1,Deal,C1,{stamps}",
                "activities.csv": "activity_id,type,subject,status,due_date,done_at,"
                "related_type,related_id,created_at,created_by\n"
                "A,call,Ring,done,2019-06-01,2019-06-02 10:00:00,deal,D1,"
                "2019-05-05 05:05:05,anna@example.com\n",
                "notes.csv": "note_id,body,related_type,related_id,created_at,"
                "author_email\nN,Hello,deal,D1,2018-02-03 04:05:06,anna@example.com\n",
            }
        )
        created = datetime(2019, 3, 4, 5, 6, 7)
        changed = datetime(2020, 4, 5, 6, 7, 8)
        for name, key in (("company", "C1"), ("contact", "K"), ("deal", "D1")):
            record = self.target(project, name, key)
            self.assertEqual((name, record.create_date), (name, created))
            self.assertEqual((name, record.write_date), (name, changed))
            self.assertEqual((name, record.create_uid), (name, self.anna))
        activity = self.target(project, "activity", "A")
        self.assertEqual(activity.create_date, datetime(2019, 5, 5, 5, 5, 5))
        self.assertEqual(activity.create_uid, self.anna)
        note = self.target(project, "note", "N")
        self.assertEqual(note.date, datetime(2018, 2, 3, 4, 5, 6))
        self.assertEqual(note.create_date, note.date)
        self.assertEqual(note.author_id, self.anna.partner_id)

    def test_g17_deals_keep_their_stage_dates_and_outcome(self):
        project = self.migrate(
            {
                **STRUCTURE,
                "deals.csv": "deal_id,name,pipeline_id,stage_id,status,lost_reason,"
                "closed_at,stage_entered_at,created_at,company_id\n"
                "1,Open,P,S,open,,,2020-02-02 10:00:00,2020-01-01 10:00:00,C1\n"
                "2,Won,P,W,won,,2020-03-01 10:00:00,2020-03-01 09:00:00,"
                "2020-01-01 10:00:00,C1\n"
                "3,Lost,P,S,lost,Too slow,2020-01-11 10:00:00,2020-01-05 10:00:00,"
                "2020-01-01 10:00:00,C1\n",
            }
        )
        open_, won, lost = (self.target(project, "deal", key) for key in "123")
        entered = datetime(2020, 2, 2, 10)
        self.assertEqual(open_.date_last_stage_update, entered)
        self.assertEqual((open_.won_status, open_.date_closed), ("pending", False))
        self.assertEqual((won.won_status, won.probability), ("won", 100.0))
        self.assertTrue(won.active)
        self.assertEqual(won.date_closed, datetime(2020, 3, 1, 10))
        self.assertEqual(won.date_last_stage_update, datetime(2020, 3, 1, 9))
        self.assertEqual((won.day_close, lost.day_close), (60.0, 10.0))
        self.assertEqual((lost.won_status, lost.probability), ("lost", 0.0))
        self.assertFalse(lost.active)
        self.assertEqual(lost.lost_reason_id.name, "Too slow")
        self.assertEqual(lost.date_closed, datetime(2020, 1, 11, 10))
        self.assertEqual(lost.stage_id, self.target(project, "stage", "S"))
