"""Who has changed a record last, and when, where Odoo works something out by itself."""

from unittest.mock import patch

from odoo.tests import new_test_user

from ...models.migration_target import MigrationTarget
from ..common import MigrationCase

FILES = {
    "companies.csv": "company_id,name\nC1,Acme\n",
    "contacts.csv": "contact_id,first_name,last_name,company_id\nP1,Ada,Wolf,C1\n",
    "deals.csv": "deal_id,name,company_id\nD1,Roof,C1\n",
    "activities.csv": "activity_id,type,subject,status,due_date,owner_email,"
    "related_type,related_id\n"
    "A1,call,Call,open,2099-01-01,anna@example.com,deal,D1\n",
}


class TestStamps(MigrationCase):
    def worked_out(self, company, user):
        """Have Odoo work out something of contacts, leads and activities."""
        company.name = f"{company.name} & Sons"
        user.tz = "Asia/Tokyo"
        self.env.flush_all()

    def own(self):
        """Records of users: a company with a contact, a deal and an activity."""
        bo = new_test_user(self.env, "bo", "sales_team.group_sale_salesman")
        company = self.env["res.partner"].create({"name": "Ours", "is_company": True})
        contact = company.create({"name": "Cy", "parent_id": company.id})
        lead = self.env["crm.lead"].create({"name": "Own", "partner_id": contact.id})
        activity = lead.activity_schedule("mail.mail_activity_data_call", user_id=bo.id)
        return company, contact, activity, bo

    def stamps(self, *records):
        return [(one.write_date, one.write_uid) for one in records]

    def test_what_odoo_works_out_of_others_costs_no_query_more(self):
        company, contact, activity, bo = self.own()
        for read in (True, False):
            with self.subTest(read=read):
                queries = []
                # The first time fills the caches of the registry.
                for keeps in (False, False, True):
                    with (
                        self.cr.savepoint() as savepoint,
                        patch.object(
                            MigrationTarget, "_keeps_stamps", lambda _, k=keeps: k
                        ),
                    ):
                        self.later()
                        self.env.invalidate_all()
                        if read:
                            company.read(["name"])
                            contact.read()
                            activity.read()
                        before = self.env.cr.sql_log_count
                        self.worked_out(company, bo)
                        queries.append(self.env.cr.sql_log_count - before)
                        self.env.invalidate_all()
                        self.assertEqual(activity.user_tz, "Asia/Tokyo")
                        self.assertEqual(contact.write_date, self.cr.now())
                        self.assertEqual(contact.write_uid, self.env.user)
                        self.assertEqual(activity.write_date, self.cr.now())
                        savepoint.rollback()
                    self.env.invalidate_all(flush=False)
                self.assertEqual(queries[1], queries[2])

    def test_migrated_records_keep_their_stamps_whether_they_were_read_or_not(self):
        project = self.migrate(FILES)
        names = ("company", "C1"), ("contact", "P1"), ("activity", "A1")
        company, contact, activity = (self.target(project, *one) for one in names)
        for read in (True, False):
            with self.subTest(read=read), self.cr.savepoint() as savepoint:
                stamps = self.stamps(contact, activity)
                self.later()
                self.env.invalidate_all()
                if read:
                    (contact.read(), activity.read())
                self.worked_out(company, self.anna)
                self.env.invalidate_all()
                self.assertIn("& Sons", contact.complete_name)
                self.assertEqual(activity.user_tz, "Asia/Tokyo")
                self.assertEqual(self.stamps(contact, activity), stamps)
                self.assertEqual(company.write_date, self.cr.now())
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_g13_a_contact_whose_company_a_user_renames_is_not_changed_by_that(self):
        """Odoo writes nothing at all to the contacts of a company that is renamed."""
        project = self.migrate(FILES)
        company = self.target(project, "company", "C1")
        contact = self.target(project, "contact", "P1")
        self.later()
        before = self.stamps(contact)
        company.with_user(self.anna).name = "Acme & Sons"
        self.env.flush_all()
        self.assertEqual(self.stamps(contact), before)
        own = self.env["res.partner"].create({"name": "Own", "parent_id": company.id})
        self.later()
        company.name = "Acme & Co"
        self.env.flush_all()
        self.assertEqual(own.write_date, self.cr.now(), "as ever")
        contact.with_user(self.anna).write({"function": "Buyer"})
        self.assertEqual(self.stamps(contact), [(self.cr.now(), self.anna)])
