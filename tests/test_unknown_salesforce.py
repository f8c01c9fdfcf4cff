"""An export in the layout of Salesforce, of which the addon knows nothing."""

from datetime import date, datetime

from .exports import salesforce, world
from .unknown_exports import UnknownExportCase


class TestUnknownSalesforce(UnknownExportCase):
    def loaded(self):
        project = self.read_export(salesforce.files())
        self.load(project)
        return project

    def test_G02_telling_columns_are_understood(self):
        project = self.read_export(salesforce.files())
        self.assertProposed(
            project,
            "company",
            {
                "Id": "identifier",
                "ParentId": "parent_id",
                "BillingCity": "city",
                "OwnerId": "user_id",
                "CreatedById": "create_uid",
            },
        )
        self.assertProposed(
            project,
            "contact",
            {
                "AccountId": "parent_id",
                "FirstName + LastName": "name",
                "MobilePhone": "x_mobile",
                "Title": "function",
            },
        )
        self.assertProposed(
            project,
            "deal",
            {
                "AccountId": "partner_id",
                "ContactId": "partner_id",
                "StageName": "stage_id",
                "CloseDate": "date_deadline",
                "Contract_Length__c": "x_contract_length_c",
            },
        )
        self.assertProposed(
            project,
            "lead",
            {"Company": "partner_name", "Email": "email_from", "Status": "x_status"},
        )
        self.assertProposed(
            project, "task", {"WhoId": "record", "WhatId": "record", "Status": "done"}
        )

    def test_G05_owners_are_told_by_the_table_of_users(self):
        project = self.read_export(salesforce.files())
        users = {one.key: one.user_id for one in project.owner_ids}
        self.assertEqual(users[salesforce.user(0)], self.anna)
        self.assertEqual(users[salesforce.user(1)], self.tim)
        self.assertFalse(users[salesforce.key("005", 77)])

    def test_G16_only_what_is_wrong_stays_behind_and_says_why(self):
        project = self.loaded()
        counts = self.counts(project)
        lost = self.staged(project, "company", salesforce.key("001", 2))
        self.assertEqual(lost.error_code, "reference_missing")
        self.assertEqual(lost.error_field, "ParentId")
        self.assertEqual(counts["company"], {"loaded": 12, "failed": 1})
        nowhere = self.staged(project, "task", salesforce.key("00T", 90))
        self.assertEqual(nowhere.state, "failed")
        self.assertAddsUp(project.run_ids[:1])

    def test_what_follows_a_missing_parent_loads_once_it_may_be_empty(self):
        project = self.loaded()
        self.line(project, "company", "parent_id").on_missing = "empty"
        project._retry()
        self.load(project)
        counts = self.counts(project)
        self.assertEqual(counts["company"], {"loaded": 13})
        self.assertEqual(counts["contact"], {"loaded": 20})
        self.assertEqual(counts["deal"], {"loaded": 13})
        self.assertEqual(counts["task"], {"loaded": 12, "failed": 1})

    def test_a_task_is_about_a_record_of_either_column_and_kind(self):
        project = self.loaded()
        names = {}
        for number in (0, 1, 3):
            task = self.target(project, "task", salesforce.key("00T", number))
            record = self.env[task.res_model].browse(task.res_id)
            names[number] = (task.res_model, record.x_source_id.rpartition("/")[2])
        self.assertEqual(names[1], ("crm.lead", salesforce.key("006", 1)))
        self.assertEqual(names[3], ("crm.lead", salesforce.key("00Q", 0)))
        self.assertEqual(names[0][0], "res.partner")

    def test_deals_and_leads_are_what_they_were(self):
        project = self.loaded()
        for number, (name, person, amount, state) in enumerate(world.DEALS):
            if world.PEOPLE[person][2] == 2:
                continue  # its company has failed
            deal = self.deal(project, name)
            self.assertEqual(deal.type, "opportunity")
            self.assertEqual(deal.expected_revenue, amount)
            self.assertEqual(deal.partner_id.name, world.full_name(person))
            self.assertEqual(deal.won_status, {"open": "pending"}.get(state, state))
            self.assertEqual(deal.x_contract_length_c, 12 + number)
            self.assertEqual(deal.user_id.name, world.owner(number))
            self.assertEqual(deal.date_deadline, date(2024, 7, number + 1))
            self.assertEqual(deal.create_date, datetime(2023, 11, number + 1, 9, 12, 5))
        lead = self.target(project, "lead", salesforce.key("00Q", 1))
        self.assertEqual((lead.type, lead.partner_name), ("lead", "Fresh 1"))
        self.assertEqual(lead.source_id.name, "Fair")

    def test_created_by_is_the_user_and_parents_are_companies(self):
        project = self.loaded()
        birch = self.target(project, "company", salesforce.key("001", 1))
        self.assertEqual(birch.parent_id.name, "Amber Bakery")
        self.assertEqual((birch.user_id, birch.create_uid), (self.tim, self.tim))

    def test_nothing_is_doubled_by_a_second_reading(self):
        self.assertNothingDoubled(self.loaded())

    def test_rollback_leaves_the_database_as_it_was(self):
        before = self.snapshot()
        project = self.loaded()
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
