"""The rows LE01 to LE11 of the specification, on records read back from Odoo."""

from datetime import date, datetime

from .common import MigrationCase
from .exports_forms import CsvExport, ExportRows, JsonExport, XlsxExport
from .servers.base import FakeServer, Reply

TABLES = {
    "users": [
        ("user_id", "email", "full_name"),
        ("U1", "anna@example.com", "Anna Berg"),
        ("U2", "left@example.com", "Lars Left"),
    ],
    "custom_properties": [
        ("object", "key", "label", "type", "options"),
        ("deal", "occupancy", "Occupancy", "picklist", "Primary|Rental"),
        ("deal", "appraised_value", "Appraised Value", "currency", ""),
        ("deal", "inspection_on", "Inspection on", "date", ""),
        ("deal", "locked_at", "Locked at", "datetime", ""),
        ("contact", "credit_score", "Credit Score", "number", ""),
        ("contact", "nickname", "Nickname", "text", ""),
    ],
    "pipelines": [("pipeline_id", "name", "position"), ("L1", "Mortgages", "1")],
    "stages": [
        ("stage_id", "name", "pipeline_id", "position", "is_won"),
        ("S1", "Pre-Qualified", "L1", "1", "false"),
        ("S2", "Submitted", "L1", "2", "false"),
        ("S3", "Underwriting", "L1", "3", "false"),
        ("S4", "Rate Locked", "L1", "4", "false"),
        ("S5", "Closed", "L1", "5", "true"),
    ],
    "companies": [
        ("company_id", "name", "domain", "parent_company_id"),
        ("C2", "Maple Homes North", "north.maple.example.com", "C1"),
        ("C1", "Maple Homes", "maple.example.com", ""),
    ],
    "contacts": [
        ("contact_id", "first_name", "last_name", "email", "phone", "street", "city")
        + ("country", "company_id", "credit_score", "nickname"),
        ("P1", "Ida", "Borrow", "ida@example.com", "+1 415 555 0134", "1 Elm Street")
        + ("Denver", "United States", "C2", "720", "Iddy"),
        ("P2", "Otto", "Alone", "otto@example.com", "", "", "", "", "", "655", ""),
    ],
    "referral_partners": [
        ("referral_partner_id", "full_name", "email", "company_id"),
        ("R1", "Rea Broker", "rea@example.com", "C1"),
        ("R2", "Sam Double", "sam1@example.com", ""),
        ("R3", "Sam Double", "sam2@example.com", ""),
    ],
    "deals": [
        ("deal_id", "name", "pipeline_id", "stage_id", "loan_amount", "contact_id")
        + ("loan_officer", "referral_source", "rate_lock_status", "interest_rate")
        + ("lifecycle_changed_at", "close_date", "created_at", "occupancy")
        + ("appraised_value", "inspection_on", "locked_at"),
        ("D1", "Elm Street loan", "L1", "S4", "350000", "P1", "U1", "Rea Broker")
        + ("Locked", "6.25", "2024-03-02 08:00:00", "2031-05-01")
        + ("2024-01-02 08:00:00", "Primary", "410000.50", "2024-02-20")
        + ("2024-03-01 17:30:00",),
        ("D2", "Oak Road loan", "L1", "S5", "200000", "P2", "U2", "Sam Double")
        + ("Floating", "6.5", "2024-04-02 08:00:00", "2024-04-02")
        + ("2024-01-03 08:00:00", "Rental", "250000", "2024-02-21")
        + ("2024-03-02 17:30:00",),
        ("D3", "Ash Lane loan", "L1", "S1", "100000", "P2", "U1", "Radio spot")
        + ("Floating", "7", "2024-05-02 08:00:00", "2031-06-01")
        + ("2024-01-04 08:00:00", "Primary", "150000", "2024-02-22")
        + ("2024-03-03 17:30:00",),
    ],
    "deal_referral_partners": [
        ("deal_id", "referral_partner_id", "role"),
        ("D1", "R1", ""),
        ("D1", "R2", "Builder"),
    ],
    "activities": [
        ("activity_id", "deal_id", "type", "subject", "body", "created_at", "owner_id"),
        ("A1", "D1", "call", "Rate call", "Asked for 30 days.", "2024-02-01 09:15:00")
        + ("U1",),
        ("A2", "D1", "email", "Documents", "Please send W-2s.", "2024-02-02 09:15:00")
        + ("U1",),
        ("A3", "D1", "note", "", "Prefers evenings.", "2024-02-03 09:15:00", "U2"),
    ],
    "tasks": [
        ("task_id", "deal_id", "subject", "status", "due_date", "owner_id"),
        ("T1", "D1", "Order appraisal", "open", "2031-02-01", "U1"),
    ],
    "files": [
        ("file_id", "deal_id", "file_name", "path", "size", "mime_type", "url"),
        ("F1", "D1", "paystub.txt", "files/F1.txt", "7", "text/plain")
        + ("https://files.example.com/F1",),
        ("F2", "D1", "scan.pdf", "files/F2.pdf", "99000000", "application/pdf")
        + ("https://files.example.com/F2",),
    ],
}
DOCUMENTS = {"files/F1.txt": b"Paystub"}


class Leaf360Rows(ExportRows):
    """What every form of the export has to become in Odoo."""

    source, tables, documents = "leaf360", TABLES, DOCUMENTS

    def test_LE01_contact_is_a_person_with_its_address(self):
        contact = self.get("contact", "P1")
        self.assertEqual((contact.name, contact.is_company), ("Ida Borrow", False))
        self.assertEqual(contact.email, "ida@example.com")
        self.assertEqual(contact.phone, "+1 415 555 0134")
        self.assertEqual((contact.street, contact.city), ("1 Elm Street", "Denver"))
        self.assertEqual(contact.country_id, self.env.ref("base.us"))
        self.assertFalse(self.get("contact", "P2").parent_id)

    def test_LE02_companies_are_a_hierarchy_with_their_contacts(self):
        parent, branch = self.get("company", "C1"), self.get("company", "C2")
        self.assertEqual((parent.is_company, branch.is_company), (True, True))
        self.assertEqual(branch.parent_id, parent)
        self.assertEqual(self.get("contact", "P1").parent_id, branch)

    def test_LE03_deal_is_an_opportunity_in_the_team_of_its_pipeline(self):
        deal = self.get("deal", "D1")
        self.assertEqual((deal.type, deal.name), ("opportunity", "Elm Street loan"))
        self.assertEqual(
            (deal.team_id._name, deal.team_id.name[:9]), ("crm.team", "Mortgages")
        )
        self.assertEqual(deal.expected_revenue, 350000)
        self.assertEqual(deal.x_loan_amount, 350000)
        self.assertEqual(deal.partner_id, self.get("contact", "P1"))
        self.assertEqual(deal.date_deadline, date(2031, 5, 1))
        self.assertEqual(deal.create_date, datetime(2024, 1, 2, 8))

    def test_LE04_stages_belong_to_the_team_in_their_order(self):
        team = self.get("deal", "D1").team_id
        stages = self.env["crm.stage"].search([("team_ids", "=", team.id)])
        self.assertEqual(
            stages.sorted("sequence").mapped("name"),
            ["Pre-Qualified", "Submitted", "Underwriting", "Rate Locked", "Closed"],
        )
        self.assertEqual(self.get("deal", "D1").stage_id.name, "Rate Locked")
        self.assertEqual(self.get("deal", "D2").won_status, "won")

    def test_LE05_referral_source_is_kept_and_linked_where_one_matches(self):
        one, many, none = (self.get("deal", key) for key in ("D1", "D2", "D3"))
        self.assertEqual(
            [deal.x_referral_source for deal in (one, many, none)],
            ["Rea Broker", "Sam Double", "Radio spot"],
        )
        self.assertEqual(one.x_referral_partner_id, self.get("referral_partner", "R1"))
        self.assertFalse(many.x_referral_partner_id, "two have this name")
        self.assertFalse(none.x_referral_partner_id)

    def test_LE06_referral_partners_have_their_category(self):
        partner = self.get("referral_partner", "R1")
        category = self.env.ref("crm_migration.category_referral_partner")
        self.assertEqual(partner.category_id, category)
        self.assertEqual(partner.x_partner_type, "referral")
        self.assertEqual(partner.parent_id, self.get("company", "C1"))
        self.assertFalse(self.get("contact", "P1").category_id)

    def test_LE06_referral_partners_are_a_click_from_the_opportunity(self):
        deal = self.get("deal", "D1")
        for key, role in (("R1", "Referral partner"), ("R2", "Builder")):
            partner = self.get("referral_partner", key)
            self.assertIn(f'data-oe-id="{partner.id}"', deal.x_parties)
            self.assertIn(role, deal.x_parties)
        self.assertEqual(deal.partner_id, self.get("contact", "P1"))

    def test_LE07_activities_are_messages_of_their_time_and_author(self):
        deal = self.get("deal", "D1")
        call, mail, note = (self.get("activity", key) for key in ("A1", "A2", "A3"))
        self.assertLessEqual(call | mail | note, deal.message_ids)
        self.assertEqual(call.date, datetime(2024, 2, 1, 9, 15))
        self.assertEqual(call.author_id, self.anna.partner_id)
        self.assertIn("Asked for 30 days.", call.body)
        self.assertEqual(
            [one.subtype_id for one in (call, mail, note)],
            [
                self.env.ref(name)
                for name in (
                    "crm_migration.mt_call",
                    "crm_migration.mt_email",
                    "mail.mt_note",
                )
            ],
        )
        self.assertEqual(mail.subject, "Documents")
        self.assertIn("Prefers evenings.", note.body)
        self.assertEqual(note.author_id, self.admin.partner_id)

    def test_LE08_file_is_on_its_deal(self):
        attachment = self.get("file", "F1")
        deal = self.get("deal", "D1")
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("crm.lead", deal.id)
        )
        self.assertEqual((attachment.name, attachment.raw), ("paystub.txt", b"Paystub"))
        self.assertEqual(attachment.mimetype, "text/plain")

    def test_LE08_file_over_the_limit_is_linked(self):
        link = self.get("file", "F2")
        self.assertEqual((link.type, link.res_id), ("url", self.get("deal", "D1").id))
        self.assertEqual(link.x_source_file_url, "https://files.example.com/F2")

    def test_LE08_the_sample_says_once_of_a_linked_file_that_it_is_linked_only(self):
        record = self.staged(self.project, "file", "F2")
        rows = {
            row["target"]: row
            for row in self.env["migration.comparison"]._compare(
                record.mapping_id, record
            )
        }
        self.assertEqual(rows["path"]["verdict"], "left_out")
        self.assertIn("94.41 Mb", rows["path"]["message"])
        self.assertIn("linked only", rows["path"]["message"])
        self.assertEqual(rows["path"]["actual"], "https://files.example.com/F2")
        self.assertNotIn("size", rows, "a link has none")
        self.assertEqual(rows["source_url"]["verdict"], "same")

    def test_LE09_owner_is_the_user_with_its_email_or_the_fallback(self):
        users = [self.get("deal", key).user_id for key in ("D1", "D2")]
        self.assertEqual(users, [self.anna, self.admin])

    def test_LE10_custom_properties_have_the_type_of_their_definition(self):
        deal, contact = self.get("deal", "D1"), self.get("contact", "P1")
        self.assertEqual(deal.x_appraised_value, 410000.5)
        self.assertEqual(deal.x_inspection_on, date(2024, 2, 20))
        self.assertEqual(deal.x_locked_at, datetime(2024, 3, 1, 17, 30))
        field = self.env["ir.model.fields"]._get("crm.lead", "x_occupancy")
        self.assertEqual(field.ttype, "selection")
        self.assertEqual(field.selection_ids.mapped("name"), ["Primary", "Rental"])
        label = dict(deal._fields["x_occupancy"]._description_selection(self.env))
        self.assertEqual(label[deal.x_occupancy], "Primary")
        self.assertEqual((contact.x_credit_score, contact.x_nickname), (720, "Iddy"))

    def test_LE11_lifecycle_change_is_kept(self):
        deal = self.get("deal", "D1")
        changed = datetime(2024, 3, 2, 8)
        self.assertEqual(deal.x_lifecycle_changed_date, changed)
        self.assertEqual(deal.date_last_stage_update, changed)


class TestLeaf360Csv(Leaf360Rows, CsvExport, MigrationCase):
    """The export as a folder of CSV files."""

    def test_LE01_to_LE11_are_taken_back_without_a_trace(self):
        self.rollback(self.project)
        self.assertSameDatabase(self.before, self.snapshot())


class TestLeaf360Xlsx(Leaf360Rows, XlsxExport, MigrationCase):
    """The export as a workbook, with the files beside it."""


class TestLeaf360Json(Leaf360Rows, JsonExport, MigrationCase):
    """The export as JSON files in a ZIP."""


class TestLeaf360Api(MigrationCase):
    """The same objects over the network, from lists that are assumed to be there."""

    def serve(self, server, name, table):
        header, *rows = table
        records = [dict(zip(header, row, strict=True)) for row in rows]

        def answer(request):
            if request.headers.get("Authorization") != "Bearer leaf":
                return Reply("Unauthorized", 401)
            page, size = (int(request.params[key]) for key in ("page", "per_page"))
            return {"data": records[(page - 1) * size : page * size]}

        path = f"/api/v2/{name}"
        server.route("GET", path, answer, ("page", "per_page"))

    def test_le10_contacts_deals_and_custom_properties_come_over_the_api(self):
        before = self.snapshot()
        server = self.enterContext(FakeServer())
        for name, table in (
            ("users", "users"),
            ("custom-fields", "custom_properties"),
            ("pipelines", "pipelines"),
            ("stages", "stages"),
            ("companies", "companies"),
            ("contacts", "contacts"),
            ("referral-partners", "referral_partners"),
            ("deals", "deals"),
        ):
            self.serve(server, name, TABLES[table])
        source = self.env["migration.source"].search([("code", "=", "leaf360")])
        project = self.env["migration.project"].create(
            {
                "name": "Leaf360 API",
                "source_id": source.id,
                "fallback_user_id": self.admin.id,
            }
        )
        connection = project._connect(
            base_url=server.url, token="leaf", allow_private_hosts=True
        )
        self.assertTrue(all(connection.endpoint_ids.mapped("assumed")))
        self.read_files(project)
        missing = project.finding_ids.filtered(lambda one: one.code == "http_not_found")
        self.assertEqual(len(missing), 5, "lists that the server does not have")
        self.load(project)
        deal = self.target(project, "deal", "D1")
        self.assertEqual(deal.stage_id.name, "Rate Locked")
        self.assertEqual(deal.partner_id, self.target(project, "contact", "P1"))
        self.assertEqual(deal.x_occupancy, "Primary")
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
