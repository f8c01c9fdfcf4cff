"""The rows CH09, CF08 and CF09: owners who have left, and teams with their members."""

from odoo.tests import new_test_user

from .common import MigrationCase, csv_text


class TestInactiveOwners(MigrationCase):
    FILES = {
        "users.csv": csv_text(
            ("id", "username", "displayName", "primaryEmail", "isActive"),
            ("U1", "anna", "Anna Berg", "anna@example.com", "true"),
            ("U2", "gone", "Gone Person", "gone@example.com", "false"),
        ),
        "leads.csv": csv_text(
            ("lead_id", "name", "owner_id"),
            ("1", "Of Anna", "U1"),
            ("2", "Of one who left", "U2"),
            ("3", "Of nobody known", "U9"),
        ),
    }

    def setUp(self):
        super().setUp()
        self.mails = self.env["mail.mail"].search_count([])

    def read_leads(self):
        project = self.new_project(self.FILES, source="chakra", fallback_user_id=False)
        self.read_files(project)
        return project, {owner.key: owner for owner in project.owner_ids}

    def user_of(self, project, lead):
        return self.target(project, "lead", lead).user_id

    def test_CH09_an_inactive_owner_is_an_archived_user_that_is_there(self):
        gone = new_test_user(
            self.env,
            "gone",
            "sales_team.group_sale_salesman",
            email="gone@example.com",
            name="Gone Person",
        )
        gone.active = False
        project, owners = self.read_leads()
        self.assertEqual((owners["U2"].user_id, owners["U2"].state), (gone, "archived"))
        self.load(project)
        self.assertEqual(self.user_of(project, "2"), gone)
        self.assertFalse(gone.active, "nobody who has left comes back")
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)

    def test_CH09_an_inactive_owner_can_be_created_archived_and_goes_again(self):
        before = self.snapshot()
        project, owners = self.read_leads()
        self.assertEqual(owners["U2"].state, "unmatched")
        owners["U2"].action_create_user()
        user = owners["U2"].user_id
        self.assertEqual((user.login, user.active), ("gone@example.com", False))
        self.assertEqual(owners["U2"].state, "archived")
        self.load(project)
        self.assertEqual(self.user_of(project, "2"), user)
        self.assertEqual(self.user_of(project, "1"), self.anna)
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_CH09_an_admin_may_choose_an_archived_user_of_another_name(self):
        archive = new_test_user(
            self.env, "archive", "sales_team.group_sale_salesman", name="Archive"
        )
        archive.active = False
        project, owners = self.read_leads()
        owners["U2"].user_id = archive
        self.assertEqual(owners["U2"].matched_by, "chosen")
        self.load(project)
        self.assertEqual(self.user_of(project, "2"), archive)

    def test_CH09_records_of_an_unresolved_owner_wait_and_the_others_land(self):
        project, owners = self.read_leads()
        self.load(project)
        states = {
            key: self.staged(project, "lead", key).state for key in ("1", "2", "3")
        }
        self.assertEqual(states, {"1": "loaded", "2": "held", "3": "held"})
        self.assertEqual(owners["U2"].held_count, 1)
        owners["U2"].user_id = self.anna
        self.assertEqual(self.staged(project, "lead", "2").state, "pending")
        self.run_step(project, "load")
        self.assertEqual(self.user_of(project, "2"), self.anna)
        self.assertEqual(self.staged(project, "lead", "3").state, "held")
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)


class TestTeamsAndOwnersOfCases(MigrationCase):
    def setUp(self):
        super().setUp()
        self.bo = new_test_user(
            self.env,
            "bo",
            "sales_team.group_sale_salesman",
            email="bo@example.com",
            name="Bo Ek",
        )
        self.parameters = self.env["ir.config_parameter"].sudo()

    def departments(self, **values):
        return self.new_project(
            {
                # Members come first in the export, and are loaded after their team.
                "team_members.csv": csv_text(
                    ("team_id", "user_email"),
                    ("T1", "anna@example.com"),
                    ("T1", "bo@example.com"),
                    ("T2", "anna@example.com"),
                ),
                "teams.csv": csv_text(
                    ("team_id", "name"), ("T1", "Litigation"), ("T2", "Advisory")
                ),
                "cases.csv": csv_text(
                    ("case_id", "title", "department", "owner_email", "owner_name"),
                    ("K1", "Crane", "T1", "anna@example.com", "Anna Berg"),
                    ("K2", "Berth", "T1", "", "Lars Left"),
                ),
            },
            source="case_file",
            **values,
        )

    def migrate_departments(self):
        project = self.departments()
        self.read_files(project)
        self.later()
        self.load(project)
        self.later()
        return project

    def members(self, project, name):
        return self.target(project, "team", name).crm_team_member_ids.user_id

    def test_CF09_a_team_is_made_before_its_members_who_join_it(self):
        self.parameters.set_param("sales_team.membership_multi", "True")
        before = self.snapshot()
        project = self.migrate_departments()
        self.assertEqual(self.members(project, "t1"), self.anna | self.bo)
        self.assertEqual(self.members(project, "t2"), self.anna)
        log = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "create")]
        )
        made = {
            model: log.filtered(lambda one, model=model: one.res_model == model)
            for model in ("crm.team", "crm.team.member")
        }
        self.assertEqual(len(made["crm.team.member"]), 3)
        self.assertLess(max(made["crm.team"].ids), min(made["crm.team.member"].ids))
        setting = self.parameters.get_param("sales_team.membership_multi")
        self.assertEqual(setting, "True")
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_CF09_a_member_without_a_user_is_held_until_it_has_one(self):
        # The fallback user has a team, and Odoo is set to one team per user.
        self.env["crm.team"].create(
            {"name": "Ours", "member_ids": [(6, 0, self.admin.ids)]}
        )
        self.bo.write({"login": "elsewhere", "email": "elsewhere@example.com"})
        project = self.migrate_departments()
        held = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "held")]
        )
        self.assertEqual(held.error_code, "person_without_user")
        self.assertIn("“bo@example.com” in user_email has no Odoo user", held.error)
        self.assertIn("under “Owners”", held.error)
        self.assertNotIn(self.admin, self.members(project, "t1"))
        owner = project._owner("bo@example.com")
        self.assertEqual((owner.state, owner.held_count), ("fallback", 1))
        self.assertEqual(
            self.env["migration.record"].search(owner.action_open_held()["domain"]),
            held,
        )
        self.run_step(project, "load")
        self.assertEqual(held.state, "held", "a load alone decides nothing")
        owner.user_id = self.bo
        self.assertEqual(held.state, "pending")
        self.run_step(project, "load")
        self.assertIn(self.bo, self.members(project, "t1"))

    def test_CF09_a_member_of_one_team_is_not_moved_and_the_setting_stays(self):
        self.parameters.set_param("sales_team.membership_multi", False)
        team = self.env["crm.team"].create(
            {"name": "Ours", "member_ids": [(6, 0, self.bo.ids)]}
        )
        before = self.snapshot()
        project = self.migrate_departments()
        self.assertEqual(team.crm_team_member_ids.user_id, self.bo)
        self.assertEqual(self.members(project, "t1"), self.anna)
        self.assertFalse(self.members(project, "t2"))
        failed = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "failed")]
        )
        self.assertEqual(failed.mapped("error_code"), ["member_of_other_team"] * 2)
        self.assertIn("Ours", " ".join(failed.mapped("error")))
        self.assertFalse(self.parameters.get_param("sales_team.membership_multi"))
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_CF08_the_name_of_the_owner_is_kept_whoever_gets_the_case(self):
        project = self.migrate_departments()
        first, second = (self.target(project, "deal", key) for key in ("K1", "K2"))
        self.assertEqual((first.user_id, second.user_id), (self.anna, self.admin))
        names = [case.x_source_owner for case in (first, second)]
        self.assertEqual(names, ["Anna Berg", "Lars Left"])
        field = self.env["ir.model.fields"]._get("crm.lead", "x_source_owner")
        self.assertEqual((field.ttype, field.state), ("char", "manual"))
        self.rollback(project)
        self.assertNotIn("x_source_owner", self.env["crm.lead"]._fields)
