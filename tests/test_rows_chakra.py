"""Rows of Chakra of the specification, on records read back from Odoo."""

from .common import MigrationCase


class TestChakraRows(MigrationCase):
    """Small exports for what one good export does not have."""

    def test_CH01_leads_become_opportunities_where_the_admin_says_so(self):
        project = self.new_project(
            {"leads.csv": "lead_id,name\n1,Interested\n"}, source="chakra"
        )
        self.read_files(project)
        self.line(project, "lead", "type").constant = "opportunity"
        self.load(project)
        self.assertEqual(self.target(project, "lead", "1").type, "opportunity")

    def test_CH03_a_circle_of_accounts_is_told_and_the_others_land(self):
        project = self.migrate(
            {
                "accounts.csv": "account_id,name,parent_account_id\n"
                "A,Acme,B\nB,Bolt,A\nC,Core,\n"
            },
            source="chakra",
        )
        self.assertTrue(self.target(project, "company", "C").is_company)
        for key in "AB":
            record = self.staged(project, "company", key)
            self.assertFalse(record.res_id)
            self.assertTrue(record.error)

    def test_CH09_records_of_an_unknown_owner_wait_until_the_user_exists(self):
        project = self.new_project(
            {"leads.csv": "lead_id,name,owner_email\n1,Held,new.rep@example.com\n"},
            source="chakra",
            fallback_user_id=False,
        )
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.staged(project, "lead", "1").state, "held")
        project.owner_ids.action_create_user()
        self.run_step(project, "load")
        self.assertEqual(
            self.target(project, "lead", "1").user_id.login, "new.rep@example.com"
        )
