"""What is decided on records that several records in Odoo may be, and its trial."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .test_match_rules import RulesCase


class ReviewCase(RulesCase):
    def setUp(self):
        super().setUp()
        self.twins = self.partner("Nordwind", city="Kiel")
        self.twins |= self.partner("NORDWIND", city="Bonn")
        self.project = self.companies({"name": "Nordwind"}, {"name": "Südwind"})

    def record(self, source_id="C1"):
        return self.staged(self.project, "company", source_id)

    def again(self):
        return self.run_step(self.project, "load")

    def decisions(self, source_id="C1"):
        """Messages of the decisions on a record, newest first."""
        return self.env["migration.log"].search(
            [
                ("project_id", "=", self.project.id),
                ("operation", "=", "decision"),
                ("source_id", "=", source_id),
            ]
        )


class TestReview(ReviewCase):
    def test_g14_several_hits_wait_with_what_they_have_in_common(self):
        run = self.load(self.project)
        record = self.record()
        self.assertUnderReview(self.project, "C1", self.twins)
        for twin in self.twins:
            self.assertIn(f"{twin.name} ({twin.id})", record.error)
        self.assertEqual(set(record.candidate_ids.mapped("reason")), {"Name: Nordwind"})
        self.assertEqual(
            set(record.candidate_ids.mapped("name")), {"Nordwind", "NORDWIND"}
        )
        self.assertEqual(self.project.review_count, 1)
        counts = run._counts()["company"]
        self.assertEqual((counts["held"], counts["created"]), (1, 1))
        self.assertCreated(self.project, "C2")

    def test_g14_the_one_chosen_is_linked_by_the_next_load(self):
        self.load(self.project)
        candidate = self.record().candidate_ids.filtered(
            lambda one: one.res_id == self.twins[1].id
        )
        candidate.action_choose()
        self.assertEqual(self.record().state, "pending")
        self.assertFalse(self.project.review_count)
        self.again()
        self.assertMatched(self.project, "C1", self.twins[1])
        self.assertFalse(self.record().candidate_ids)
        entry = self.decisions()
        self.assertEqual(len(entry), 1)
        self.assertEqual(
            (entry.res_model, entry.res_id), ("res.partner", self.twins[1].id)
        )
        self.assertEqual(entry.user_id, self.env.user)
        self.assertEqual(entry.date, self.cr.now())

    def test_g14_a_new_record_is_created_where_that_is_decided(self):
        self.load(self.project)
        self.record().action_create_new()
        self.again()
        self.assertCreated(self.project, "C1")

    def test_g14_a_record_left_out_is_not_loaded_and_says_why(self):
        self.load(self.project)
        self.record().action_leave_out()
        self.again()
        record = self.record()
        self.assertEqual(
            (record.state, record.error_code), ("skipped", "match_left_out")
        )
        self.assertFalse(record.res_id)
        # Even where the file is read again and the record is pending once more.
        record.state = "pending"
        self.again()
        self.assertEqual(self.record().state, "skipped")

    def test_a_decision_can_be_withdrawn(self):
        self.load(self.project)
        self.record().action_leave_out()
        self.record().action_withdraw_decision()
        self.again()
        self.assertUnderReview(self.project, "C1", self.twins)
        self.assertEqual(len(self.decisions()), 2)

    def test_a_decision_outlives_a_rollback(self):
        self.load(self.project)
        self.record()._decide("link", self.twins[0].id)
        self.again()
        self.rollback(self.project)
        self.assertEqual(self.record().state, "pending")
        self.load(self.project)
        self.assertMatched(self.project, "C1", self.twins[0])

    def test_who_refers_to_a_record_under_review_follows_it(self):
        contacts = "contact_id,first_name,last_name,company_id\nP1,Ina,Muster,C1\n"
        folder = self.write_files({"contacts.csv": contacts})
        self.project._add_path(str(folder / "contacts.csv"))
        self.read_files(self.project)
        self.load(self.project)
        self.assertNotEqual(self.staged(self.project, "contact", "P1").state, "loaded")
        self.record()._decide("link", self.twins[0].id)
        self.again()
        contact = self.target(self.project, "contact", "P1")
        self.assertEqual(contact.parent_id, self.twins[0])

    def test_one_record_of_odoo_can_be_chosen_for_two_of_the_source(self):
        project = self.companies({"name": "Westwind"}, {"name": "Westwind"})
        known = self.partner("Westwind")
        self.load(project)
        second = self.staged(project, "company", "C2")
        self.assertEqual(second.error_code, "match_taken")
        second.candidate_ids.action_choose()
        self.run_step(project, "load")
        self.assertMatched(project, "C1", known)
        self.assertMatched(project, "C2", known)

    def test_a_chosen_record_that_is_gone_is_reviewed_again(self):
        self.load(self.project)
        self.record()._decide("link", self.twins[1].id)
        self.twins[1].unlink()
        self.again()
        record = self.record()
        self.assertEqual((record.state, record.error_code), ("held", "match_gone"))
        self.assertEqual(self.project.review_count, 1)

    def test_what_cannot_be_linked_cannot_be_chosen(self):
        self.load(self.project)
        other = self.env["res.company"].create({"name": "Another"})
        foreign = self.partner("Nordwind", company_id=other.id)
        own = self.target(self.project, "company", "C2")
        for res_id in (foreign.id, own.id, 0, 2**31 - 1):
            with self.subTest(id=res_id), self.assertRaisesRegex(UserError, "C1"):
                self.record()._decide("link", res_id)
        self.assertEqual(self.record().state, "held")
        self.assertFalse(self.decisions())

    def test_what_is_in_odoo_is_decided(self):
        self.load(self.project)
        with self.assertRaisesRegex(UserError, "C2 is in Odoo already"):
            self.record("C2").action_create_new()

    def test_many_hits_are_counted_and_the_first_of_them_kept(self):
        for _number in range(28):
            self.partner("Nordwind")
        self.load(self.project)
        record = self.record()
        self.assertEqual(len(record.candidate_ids), 20)
        self.assertIn("30 records", record.error)
        self.assertIn("…", record.error)

    def test_a_migration_user_decides_and_others_do_not(self):
        self.load(self.project)
        user = new_test_user(
            self.env, "mia", "crm_migration.group_user", email="mia@example.com"
        )
        seller = new_test_user(
            self.env, "sam", "sales_team.group_sale_salesman", email="sam@example.com"
        )
        with self.assertRaises(AccessError):
            self.record().with_user(seller).action_create_new()
        self.record().with_user(user).action_create_new()
        self.assertEqual(self.decisions().user_id, user)
        candidates = self.record().candidate_ids.with_user(user)
        with self.assertRaises(AccessError):
            candidates.unlink()

    def test_the_review_opens_from_the_project(self):
        self.load(self.project)
        action = self.project.action_open_review()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.record())


class TestTrial(ReviewCase):
    def numbers(self, project):
        mapping = self.mapping(project)
        mapping.action_try_rules()
        return {
            name: mapping[f"match_{name}_count"]
            for name in ("tried", "link", "review", "create", "open")
        }

    def test_g14_the_rules_are_tried_before_anything_is_loaded(self):
        self.partner("Ostwind")
        project = self.companies(
            {"name": "Ostwind"},
            {"name": "ostwind"},
            {"name": "Nordwind"},
            {"name": "Westwind"},
            {"name": ""},
        )
        before = self.snapshot()
        expected = {"tried": 5, "link": 1, "review": 2, "create": 1, "open": 1}
        self.assertEqual(self.numbers(project), expected)
        self.assertSameDatabase(before, self.snapshot())
        self.assertTrue(self.mapping(project).match_tried)
        self.assertFalse(project.review_count)

    def test_a_trial_says_what_the_load_then_does(self):
        tried = self.numbers(self.project)
        counts = self.load(self.project)._counts()["company"]
        self.assertEqual(
            (tried["link"], tried["review"], tried["create"]),
            (counts["matched"], counts["held"], counts["created"]),
        )
        self.assertEqual(self.numbers(self.project)["tried"], 1, "only the rest")

    def test_what_refers_to_a_record_not_loaded_yet_cannot_be_told(self):
        contacts = "contact_id,first_name,email,company_id\nP1,Ina,i@example.com,C1\n"
        contacts += "P2,Ole,o@example.com,C1\n"
        folder = self.write_files({"contacts.csv": contacts})
        self.project._add_path(str(folder / "contacts.csv"))
        self.read_files(self.project)
        self.env["res.partner"].create({"name": "X", "email": "i@example.com"})
        mapping = self.mapping(self.project, "contact")
        mapping.match_by = "email; name, parent_id"
        self.assertEqual(
            mapping._try_rules(), {"link": 1, "review": 0, "create": 0, "open": 1}
        )

    def test_without_a_rule_there_is_nothing_to_try(self):
        self.mapping(self.project).match_by = ""
        with self.assertRaisesRegex(UserError, "no rule"):
            self.mapping(self.project).action_try_rules()
