"""Parties of a case: the customer, and everybody else with their role."""

from .common import CASE, COMPANY, LoaderCase

PARTY = {
    "res_model": "crm.lead",
    "loader": "lead.party",
    "fields": [
        ("party_id", "", "identifier"),
        ("case_id", "lead_id", "reference", {"reference": "case"}),
        ("person_id", "partner_id", "reference", {"reference": "company"}),
        ("role", "role", "direct"),
        ("is_primary", "is_primary", "direct"),
    ],
}
FILES = {
    "company.csv": "company_id,name,email\n1,Acme,acme@example.com\n"
    "2,Borel,\n3,Cole,\n",
    "case.csv": "case_id,name,client_id\nK1,First,\nK2,Second,3\n",
    "party.csv": "party_id,case_id,person_id,role,is_primary\n"
    "P1,K1,1,Client,true\nP2,K1,2,Opposing counsel,false\nP3,K2,1,Heir,true\n"
    "P4,K2,3,,true\n",
}


class TestLeadParties(LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, case=CASE, party=PARTY)

    def test_the_primary_party_becomes_the_customer_of_a_case_without_one(self):
        project = self.staged_project(FILES)
        self.load(project)
        case = self.target(project, "case", "K1")
        self.assertEqual(case.partner_id, self.target(project, "company", "1"))
        self.assertEqual(case.email_from, "acme@example.com")

    def test_a_customer_that_is_there_stays_and_the_party_is_listed(self):
        project = self.staged_project(FILES)
        self.load(project)
        case = self.target(project, "case", "K2")
        self.assertEqual(case.partner_id, self.target(project, "company", "3"))
        self.assertIn("Acme", case.x_parties)
        self.assertIn("(Heir)", case.x_parties)
        self.assertNotIn("Cole", case.x_parties)

    def test_all_roles_are_listed_with_links_and_noted(self):
        project = self.staged_project(FILES)
        self.load(project)
        case = self.target(project, "case", "K1")
        other = self.target(project, "company", "2")
        self.assertIn("Acme</a> (Client)", case.x_parties)
        self.assertIn("Borel</a> (Opposing counsel)", case.x_parties)
        self.assertIn(f'data-oe-id="{other.id}"', case.x_parties)
        notes = case.message_ids.filtered("x_source_id").mapped("body")
        self.assertEqual(len(notes), 2)
        self.assertTrue(any("Opposing counsel" in body for body in notes))

    def test_rollback_leaves_the_database_as_it_was(self):
        project = self.staged_project(FILES)
        before = self.snapshot()
        self.load(project)
        self.assertNotEqual(before["crm_lead"], self.snapshot()["crm_lead"])
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_case_that_was_there_gets_back_what_its_customer_has_filled(self):
        self.env["crm.lead"].create({"name": "First", "type": "opportunity"})
        project = self.staged_project(FILES)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "case")
        mapping.match_by = "name"
        before = self.snapshot()
        self.load(project)
        case = self.target(project, "case", "K1")
        self.assertFalse(case.x_source_id)
        self.assertEqual(case.email_from, "acme@example.com")
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def rows(self, project, source_id):
        """``{target: (verdict, what Odoo has)}`` of a party, as a sample tells it."""
        record = self.staged(project, "party", source_id)
        rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
        return {row["target"]: (row["verdict"], row["actual"]) for row in rows}

    def test_G06_each_party_is_read_back_from_the_list_of_its_case(self):
        project = self.staged_project(FILES)
        self.load(project)
        for source_id in ("P1", "P2", "P3", "P4"):
            for target, (verdict, _actual) in self.rows(project, source_id).items():
                self.assertIn(verdict, ("same", "mapped"), (source_id, target))
        rows = self.rows(project, "P2")
        self.assertEqual(rows["role"], ("same", "Opposing counsel"))
        self.assertEqual(rows["partner_id"][1], "Borel")
        case = self.target(project, "case", "K1")
        case.x_parties = case.x_parties.replace("Opposing counsel", "Friend")
        self.assertEqual(self.rows(project, "P2")["role"], ("differs", "Friend"))
        case.x_parties = False
        self.assertEqual(self.rows(project, "P2")["partner_id"][0], "missing")
