"""Owners of the source and users of Odoo."""

from odoo.tests import new_test_user

from .common import MigrationCase, csv_text


class TestMigrationOwner(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project({}, fallback_user_id=False)

    def owner(self, key, **values):
        owner = self.env["migration.owner"].create(
            {"project_id": self.project.id, "key": key, **values}
        )
        owner._propose_users()
        return owner

    def test_an_owner_is_matched_by_address_whatever_its_case(self):
        for values in (
            {"key": "U1", "email": "ANNA@Example.com"},
            {"key": "Anna@example.com"},
        ):
            self.assertEqual(self.owner(**values).user_id, self.anna)

    def test_an_owner_is_matched_by_login(self):
        user = new_test_user(
            self.env, "bob@login.example", "base.group_user", email="bob@mail.example"
        )
        self.assertEqual(self.owner("U1", email="bob@login.example").user_id, user)

    def test_an_owner_is_matched_by_a_name_that_only_one_user_has(self):
        self.assertEqual(self.owner("U1", name="anna  BERG").user_id, self.anna)
        new_test_user(self.env, "anna2", "base.group_user", name="Anna Berg")
        owner = self.owner("U2", name="Anna Berg")
        self.assertFalse(owner.user_id)
        self.assertEqual(owner.state, "unmatched")

    def test_an_archived_user_keeps_the_records_of_a_former_colleague(self):
        self.anna.active = False
        owner = self.owner("U1", email="anna@example.com")
        self.assertEqual((owner.user_id, owner.state), (self.anna, "archived"))

    def test_an_active_user_is_preferred_to_an_archived_one(self):
        old = new_test_user(
            self.env, "anna-old", "base.group_user", email="anna@example.com"
        )
        old.active = False
        self.assertEqual(self.owner("U1", email="anna@example.com").user_id, self.anna)

    def test_portal_users_own_nothing(self):
        new_test_user(self.env, "guest", "base.group_portal", email="guest@example.com")
        self.assertFalse(self.owner("U1", email="guest@example.com").user_id)

    def test_the_state_follows_user_and_fallback(self):
        owner = self.owner("U1", email="stranger@example.com")
        self.assertEqual(owner.state, "unmatched")
        self.project.fallback_user_id = self.admin
        self.assertEqual(owner.state, "fallback")
        owner.user_id = self.anna
        self.assertEqual(owner.state, "matched")
        self.anna.active = False
        self.assertEqual(owner.state, "archived")

    def test_a_choice_is_not_replaced_by_a_proposal(self):
        owner = self.owner("U1", email="anna@example.com")
        owner.user_id = self.admin
        owner._propose_users()
        self.assertEqual(owner.user_id, self.admin)

    def test_users_are_created_without_an_invitation(self):
        mails = self.env["mail.mail"].search_count([])
        owners = self.owner("U1", email="new@example.com", name="Nora New")
        owners |= self.owner("U2", name="No Address")
        owners.action_create_user()
        self.assertFalse(owners[1].user_id)
        user = owners[0].user_id
        self.assertEqual((user.login, user.name), ("new@example.com", "Nora New"))
        self.assertTrue(user.has_group("sales_team.group_sale_salesman"))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(user.partner_id.signup_type)
        owners.action_create_user()
        self.assertEqual(owners[0].user_id, user)

    def test_records_of_an_undecided_owner_wait_and_land_when_there_is_a_user(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "owner_email"),
                    ("1", "A", "stranger@example.com"),
                    ("2", "B", "anna@example.com"),
                    ("3", "C", ""),
                )
            },
            fallback_user_id=False,
        )
        self.assertEqual(self.target(project, "company", "2").user_id, self.anna)
        for source_id in ("1", "3"):
            record = self.staged(project, "company", source_id)
            self.assertEqual(
                (record.state, record.error_code), ("held", "owner_unresolved")
            )
            self.assertIn("fallback user", record.error)
        project.owner_ids.filtered(lambda one: not one.user_id).user_id = self.admin
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "1").user_id, self.admin)
        self.assertEqual(self.staged(project, "company", "3").state, "held")
        project.fallback_user_id = self.anna
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "3").user_id, self.anna)
