"""Rows G04 and G08 of the specification: structure and load, and who may do them."""

import base64
import csv
import io
import itertools
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
