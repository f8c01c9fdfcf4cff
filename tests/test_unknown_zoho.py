"""An export in the layout of Zoho, of which the addon knows nothing."""

from .exports import world, zoho
from .unknown_exports import UnknownExportCase


class TestUnknownZoho(UnknownExportCase):
    def loaded(self):
        project = self.read_export(zoho.files())
        self.line(project, "company", "parent_id").on_missing = "empty"
        self.load(project)
        return project

    def test_G02_telling_columns_are_understood(self):
        project = self.read_export(zoho.files())
        self.assertProposed(
            project,
            "company",
            {
                "Record Id": "identifier",
                "Account Owner": "user_id",
                "Account Name": "name",
                "Parent Account": "parent_id",
                "Billing Code": "zip",
                "Tag": "category_id",
                "Created By": "create_uid",
            },
        )
        self.assertProposed(
            project,
            "contact",
            {
                "Account Name.id": "parent_id",
                "Mobile": "x_mobile",
                "Home Phone": "x_phone2",
            },
        )
        self.assertProposed(
            project,
            "deal",
            {
                "Contact Name": "partner_id",
                "Stage": "stage_id",
                "Reason For Loss": "lost_reason_id",
                "Probability (%)": "probability",
                "Next Step": "x_next_step",
            },
        )

    def test_G01_a_contact_that_is_named_in_full_is_no_orphan(self):
        project = self.read_export(zoho.files())
        orphans = project.finding_ids.filtered(lambda one: one.code == "orphan")
        self.assertEqual(orphans.mapped("count"), [1], orphans.mapped("name"))
        self.assertIn("Gone Holding", orphans.samples)

    def test_G01_a_post_code_that_begins_with_0_is_no_wrong_number(self):
        project = self.read_export(zoho.files())
        self.assertNotIn("column_mixed", project.finding_ids.mapped("code"))

    def test_a_missing_parent_takes_its_children_along_and_says_so(self):
        project = self.read_export(zoho.files())
        self.load(project)
        finding = project.finding_ids.filtered(lambda one: one.code == "orphan")
        self.assertIn("Leave empty", finding.remedy)
        self.assertEqual(self.counts(project)["company"], {"loaded": 11, "failed": 1})
        edda = self.staged(project, "contact", zoho.key(32, 4))
        self.assertEqual(edda.error_code, "reference_failed")

    def test_all_land_with_their_owners_companies_and_tags(self):
        project = self.loaded()
        counts = self.counts(project)
        self.assertEqual(counts["company"], {"loaded": 12})
        self.assertEqual(counts["contact"], {"loaded": 21})
        self.assertEqual(counts["deal"], {"loaded": 13})
        amber = self.target(project, "company", zoho.key(31, 0))
        self.assertEqual(sorted(amber.category_id.mapped("name")), ["Fair", "VIP"])
        self.assertEqual(amber.create_uid, self.tim)
        birch = self.target(project, "company", zoho.key(31, 1))
        self.assertEqual(birch.parent_id, amber)
        self.assertEqual((birch.zip, birch.x_employee_count), ("07743", 240))
        ada = self.target(project, "contact", zoho.key(32, 0))
        self.assertEqual((ada.parent_id, ada.create_uid), (amber, self.anna))
        self.assertFalse(self.target(project, "contact", zoho.key(32, 90)).parent_id)
        phones = (ada.phone, ada.x_mobile, ada.x_phone2)
        self.assertEqual(
            phones, ("+49 431 6660100", "+49 170 7770100", "+49 431 8880100")
        )

    def test_deals_are_won_lost_and_open(self):
        project = self.loaded()
        for name, person, amount, state in world.DEALS:
            deal = self.deal(project, name)
            self.assertEqual(deal.won_status, {"open": "pending"}.get(state, state))
            self.assertEqual(deal.partner_id.name, world.full_name(person))
            self.assertEqual(deal.expected_revenue, amount)
            self.assertEqual(deal.x_next_step, "Send quote")
            self.assertEqual(
                deal.lost_reason_id.name or "", "Price" if state == "lost" else ""
            )

    def test_nothing_is_doubled_by_a_second_reading(self):
        self.assertNothingDoubled(self.loaded())

    def test_G14_a_second_export_of_the_same_people_is_matched(self):
        self.loaded()
        partners = self.env["res.partner"].search_count([])
        again = self.loaded()
        self.assertEqual(self.counts(again)["company"], {"matched": 12})
        self.assertEqual(self.counts(again)["contact"], {"matched": 21})
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.rollback(again)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_rollback_leaves_the_database_as_it_was(self):
        before = self.snapshot()
        project = self.loaded()
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
