"""Rows G04, G08, G11, G15, G16 and G17 of the specification, and who may do what."""

import base64
import csv
import io
import itertools
from datetime import datetime
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import MigrationCase

ENGINE = "odoo.addons.crm_migration.models.engine.engine"

STRUCTURE = {
    "pipelines.csv": "pipeline_id,name\nP,Field force\n",
    "stages.csv": "stage_id,pipeline_id,name,position,is_won\n"
    "S,P,First talk,1,false\nW,P,Signed,2,true\n",
    "tags.csv": "name,applies_to,color\nVIP guests,contact,#D6145F\n",
    "custom_fields.csv": "object,key,label,type,options\n"
    "company,cf_size,Size,picklist,S|M|L\n",
    "companies.csv": "company_id,name,industry,tags,cf_size\n"
    "C1,Acme,Basket weaving,VIP guests,M\n",
    "deals.csv": "deal_id,name,pipeline_id,stage_id,status,company_id\n"
    "D1,Baskets,P,S,open,C1\n",
}


class TestGeneralRows(MigrationCase):
    """What every migration has, on small exports."""

    def prepared(self, files, **values):
        """A migration that is ready to load."""
        project = self.new_project(files, **values)
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        return project

    def structure(self):
        """What Odoo has of the structure in ``STRUCTURE``."""
        field = self.env["ir.model.fields"]._get("res.partner", "x_size")
        records = [
            self.env[model].search([("name", "=", name)])
            for model, name in (
                ("crm.team", "Field force"),
                ("crm.stage", "First talk"),
                ("crm.stage", "Signed"),
                ("res.partner.category", "VIP guests"),
                ("res.partner.industry", "Basket weaving"),
            )
        ]
        return [field, *records]

    def wizard(self, files):
        project = self.new_project(files)
        self.read_files(project)
        project.action_confirm()
        wizard = self.env["migration.schema.wizard"].create({"project_id": project.id})
        return project, wizard

    def downloaded(self, wizard):
        return base64.b64decode(wizard.with_context(bin_size=False).file).decode()

    def test_g04_structure_is_planned_before_anything_is_made(self):
        _project, wizard = self.wizard(STRUCTURE)
        planned = {(line.model, line.name): line for line in wizard.line_ids}
        for key, details in (
            (("res.partner", "x_size"), "S, M, L"),
            (("crm.team", "Field force"), False),
            (("crm.stage", "First talk"), "Field force"),
            (("crm.stage", "Signed"), "Field force"),
            (("res.partner.category", "VIP guests"), False),
            (("res.partner.industry", "Basket weaving"), False),
        ):
            self.assertIn(key, planned)
            self.assertFalse(planned[key].exists)
            self.assertEqual(planned[key].details or False, details)
        self.assertGreaterEqual(wizard.new_count, 6)
        self.assertFalse([one for one in self.structure() if one])

    def test_g04_one_click_creates_the_structure_and_rollback_removes_it(self):
        project, wizard = self.wizard(STRUCTURE)
        wizard.action_create()
        run = project.run_ids[:1]
        self.assertEqual((run.kind, run.state), ("prepare", "queued"))
        self.run_step(project, "prepare")
        self.assertEqual(project.state, "prepared")
        self.assertNotIn(False, [len(one) == 1 for one in self.structure()])
        self.assertNotIn(False, [bool(one.x_source_id) for one in self.structure()])
        stage = self.target(project, "stage", "W")
        self.assertTrue(stage.is_won)
        self.assertEqual(stage.team_ids, self.target(project, "pipeline", "P"))
        self.assertIn("x_size", self.env["res.partner"]._fields)
        wizard = self.env["migration.schema.wizard"].create({"project_id": project.id})
        self.assertEqual(wizard.new_count, 0)
        self.rollback(project)
        self.assertFalse([one for one in self.structure() if one])
        self.assertNotIn("x_size", self.env["res.partner"]._fields)

    def test_g04_checklist_lists_what_is_to_be_made(self):
        project, wizard = self.wizard(STRUCTURE)
        action = wizard.action_checklist()
        self.assertIn(f"{project.key}-structure.csv", action["url"])
        rows = list(csv.reader(io.StringIO(self.downloaded(wizard).lstrip("\ufeff"))))
        listed = {(row[1], row[2]) for row in rows[1:]}
        self.assertIn(("crm.stage", "First talk"), listed)
        self.assertIn(("res.partner", "x_size"), listed)
        self.assertEqual(len(rows) - 1, len(wizard.line_ids))

    def test_g04_script_makes_the_structure_that_prepare_then_finds(self):
        project, wizard = self.wizard(STRUCTURE)
        wizard.action_script()
        script = compile(self.downloaded(wizard), wizard.file_name, "exec")
        with patch.object(self.cr, "commit"):
            exec(script, {"env": self.env})  # pylint: disable=exec-used
        made = self.structure()
        self.assertEqual([len(one) for one in made], [1] * 6)
        self.assertEqual(made[0].selection_ids.mapped("value"), ["S", "M", "L"])
        self.assertEqual(made[2].team_ids, made[1])
        self.load(project)
        self.assertEqual(self.structure(), made, "nothing is made a second time")
        self.assertEqual(self.target(project, "company", "C1").x_size, "M")
        self.assertEqual(self.target(project, "deal", "D1").stage_id, made[2])
        self.rollback(project)
        self.assertEqual(self.structure(), made, "it was there before")

    def test_g04_nothing_is_loaded_before_the_structure_is_there(self):
        project, _wizard = self.wizard(STRUCTURE)
        with self.assertRaisesRegex(UserError, "Prepare"):
            project.action_load()

    def test_g08_objects_are_loaded_in_the_order_of_their_references(self):
        project = self.migrate(
            {
                "notes.csv": "note_id,body,related_type,related_id,created_at\n"
                "N,Hello,deal,D1,2020-01-01\n",
                "contacts.csv": "contact_id,first_name,last_name\nK,Ann,Lee\n",
                "contact_companies.csv": "contact_id,company_id,is_primary\n"
                "K,C1,true\n",
                **STRUCTURE,
            }
        )
        run = project.run_ids[:1]
        order = run.line_ids.mapped("mapping_id.name")
        for first, second in (
            ("company", "contact_company"),
            ("contact", "contact_company"),
            ("company", "deal"),
            ("contact", "deal"),
            ("deal", "note"),
        ):
            self.assertLess(order.index(first), order.index(second))
        self.assertEqual(self.target(project, "note", "N").model, "crm.lead")

    def test_g08_parents_come_first_whatever_the_order_of_rows(self):
        project = self.migrate(
            {
                "companies.csv": "company_id,name,parent_company_id\n"
                "1,Grandchild,2\n2,Child,3\n3,Parent,\n"
            },
            chunk_size=1,
        )
        one, two, three = (self.target(project, "company", key) for key in "123")
        self.assertEqual((one.parent_id, two.parent_id), (two, three))

    def work_until_some_are_loaded(self, run):
        """Work on ``run`` in short turns until its first companies are in Odoo."""
        # A clock that goes on by a second each time it is looked at.
        ticks = itertools.count(1)
        with patch(f"{ENGINE}.time", SimpleNamespace(monotonic=ticks.__next__)):
            for _turn in range(50):
                self.env["migration.worker"]._work(run, next(ticks) + 4)
                line = run.line_ids.filtered(
                    lambda one: one.mapping_id.name == "company"
                )
                if line.handled:
                    return line
        raise AssertionError("nothing is loaded")

    def test_g08_load_runs_in_the_background_with_its_progress(self):
        rows = "".join(f"{number},Company {number}\n" for number in range(10))
        project = self.prepared({"companies.csv": "company_id,name\n" + rows})
        project.chunk_size = 2
        cron = self.env.ref("crm_migration.ir_cron_run")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        action = project.action_load()
        self.assertIn("started", action["params"]["message"])
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + 1)
        run = project.run_ids[:1]
        self.assertEqual(
            (run.kind, run.state, run.background), ("load", "queued", True)
        )
        with self.assertRaisesRegex(UserError, "still working"):
            project.action_load()
        line = self.work_until_some_are_loaded(run)
        run.invalidate_recordset()
        project.invalidate_recordset()
        self.assertEqual((project.run_state, line.total), ("running", 10))
        self.assertTrue(0 < line.handled < 10)
        self.assertTrue(0 < project.progress < 100)
        self.assertGreater(project.rate, 0)
        self.assertRegex(project.remaining, r"^\d+:\d\d$")
        self.env["migration.worker"]._work(run)
        project.invalidate_recordset()
        self.assertEqual((run.state, line.created, line.failed), ("done", 10, 0))
        self.assertEqual((project.progress, project.remaining), (100, False))
        self.assertEqual(project.loaded_count, 10)

    def test_g08_one_bad_record_never_stops_the_others(self):
        rows = "".join(f"{number},Company {number},{number}\n" for number in range(9))
        project = self.migrate(
            {
                "companies.csv": "company_id,name,employee_count\n"
                + rows
                + "bad,Bad,many\n"
            }
        )
        counts = project.run_ids[:1]._counts()["company"]
        self.assertEqual((counts["read"], counts["created"]), (10, 9))
        self.assertEqual(counts["failed"], 1)
        self.assertEqual(self.staged(project, "company", "bad").state, "failed")

    def test_g08_records_whose_parent_failed_are_tried_again(self):
        files = {
            "companies.csv": "company_id,name,parent_company_id,employee_count\n"
            "1,Parent,,many\n2,Child,1,3\n",
            "deals.csv": "deal_id,name,company_id\nD,Deal,2\n",
        }
        project = self.migrate(files)
        self.assertEqual(self.staged(project, "company", "2").state, "failed")
        self.assertEqual(
            self.staged(project, "deal", "D").error_code, "reference_failed"
        )
        corrected = files["companies.csv"].replace("many", "7")
        folder = self.write_files({"companies.csv": corrected})
        project._add_path(str(folder / "companies.csv"))
        self.read_files(project)
        self.load(project)
        parent = self.target(project, "company", "1")
        child = self.target(project, "company", "2")
        self.assertEqual((parent.x_employee_count, child.parent_id), (7, parent))
        self.assertEqual(self.target(project, "deal", "D").partner_id, child)

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

    def test_a_migration_user_prepares_but_cannot_load_or_roll_back(self):
        user = new_test_user(self.env, "uwe", "crm_migration.group_user")
        project = self.prepared({"companies.csv": "company_id,name\n1,Acme\n"})
        own = project.with_user(user)
        self.assertEqual(own.read(["name"])[0]["name"], "Test migration")
        own.name = "Renamed by the user"
        for step in (own.action_load, own.action_dry_run):
            with self.assertRaisesRegex(AccessError, "Manager"):
                step()
        wizards = self.env["migration.rollback.wizard"]
        with self.assertRaises(AccessError):
            wizards.with_user(user).create({"project_id": project.id})
        wizard = wizards.create({"project_id": project.id})
        with self.assertRaises(AccessError):
            wizard.with_user(user).action_rollback()
        self.assertEqual(set(project.run_ids.mapped("kind")), {"audit", "prepare"})
        self.assertEqual(own.action_prepare()["type"], "ir.actions.client")
        project.invalidate_recordset(["run_ids"])
        self.assertEqual(project.run_ids[:1].user_id, user)

    def test_a_migration_manager_loads_and_rolls_back(self):
        manager = new_test_user(self.env, "mia", "crm_migration.group_manager")
        project = self.prepared({"companies.csv": "company_id,name\n1,Acme\n"})
        project.with_user(manager).action_load()
        self.run_step(project, "load")
        partner = self.target(project, "company", "1")
        wizards = self.env["migration.rollback.wizard"].with_user(manager)
        wizards.create({"project_id": project.id}).action_rollback()
        project.invalidate_recordset(["run_ids"])
        run = project.run_ids[:1]
        self.assertEqual((run.kind, run.user_id), ("rollback", manager))
        self.run_step(project, "rollback")
        self.assertFalse(partner.exists())

    def test_a_project_of_another_company_is_invisible(self):
        other = self.env["res.company"].create({"name": "Other company"})
        project = self.migrate(
            {"companies.csv": "company_id,name\n1,Acme\n"}, company_id=other.id
        )
        manager = new_test_user(self.env, "mia", "crm_migration.group_manager")
        self.assertNotIn(other, manager.company_ids)
        own = [("project_id", "=", project.id)]
        for model, domain in (
            ("migration.project", [("id", "=", project.id)]),
            ("migration.mapping", own),
            ("migration.mapping.field", own),
            ("migration.file", own),
            ("migration.file.table", own),
            ("migration.record", own),
            ("migration.run", own),
            ("migration.run.line", [("run_id.project_id", "=", project.id)]),
            ("migration.log", own),
        ):
            self.assertTrue(self.env[model].search(domain), model)
            self.assertFalse(self.env[model].with_user(manager).search(domain), model)
        with self.assertRaises(AccessError):
            project.with_user(manager).read(["name"])
        manager.company_ids += other
        allowed = project.with_user(manager).with_context(allowed_company_ids=other.ids)
        self.assertEqual(allowed.name, "Test migration")
