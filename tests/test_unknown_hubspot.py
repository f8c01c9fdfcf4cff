"""An export in the layout of HubSpot, of which the addon knows nothing."""

from datetime import date, datetime

from .exports import hubspot, world
from .unknown_exports import UnknownExportCase


class TestUnknownHubspot(UnknownExportCase):
    def loaded(self):
        project = self.read_export(hubspot.files())
        self.load(project)
        return project

    def test_G02_telling_columns_are_understood(self):
        project = self.read_export(hubspot.files())
        self.assertProposed(
            project,
            "company",
            {
                "Record ID": "identifier",
                "Company name": "name",
                "Company Domain Name": "website",
                "Company owner": "user_id",
                "Create Date": "create_date",
                "Industry": "industry_id",
                "Parent Company": "parent_id",
            },
        )
        self.assertProposed(
            project,
            "contact",
            {
                "First Name + Last Name": "name",
                "Mobile Phone Number": "x_mobile",
                "Job Title": "function",
                "Associated Company IDs": "parent_id",
                "Date of birth": "x_birthday",
            },
        )
        self.assertProposed(
            project,
            "deal",
            {
                "Deal Stage": "stage_id",
                "Pipeline": "team_id",
                "Amount": "expected_revenue",
                "Close Date": "date_deadline",
                "Closed Lost Reason": "lost_reason_id",
                "Deal probability": "probability",
                "Associated Contact IDs": "partner_id",
            },
        )
        self.assertProposed(
            project,
            "note",
            {
                "Note body": "body",
                "Activity date": "date",
                "Activity assigned to": "author_user_id",
                "Associated Deal IDs": "record",
            },
        )
        self.assertProposed(
            project,
            "task",
            {
                "Task Title": "summary",
                "Due Date": "date_deadline",
                "Task Status": "done",
                "Completed at": "done_at",
            },
        )

    def test_G01_what_is_wrong_is_found_and_no_more(self):
        project = self.read_export(hubspot.files())
        warned = project.finding_ids.filtered(lambda one: one.severity != "3_info")
        self.assertEqual(
            set(warned.mapped("code")),
            {"duplicate_name", "email_invalid", "orphan", "owner_unmatched"}
            | {"reference_ambiguous"},
            warned.mapped(lambda one: (one.code, one.name, one.samples)),
        )
        emails = warned.filtered(lambda one: one.code == "email_invalid")
        self.assertIn("not-an-address", emails.samples)
        self.assertEqual(emails.count, 1)

    def test_G05_the_owner_nobody_knows_is_listed(self):
        project = self.read_export(hubspot.files())
        owners = {one.name: one.user_id for one in project.owner_ids}
        none = self.env["res.users"]
        self.assertEqual(
            owners, {"Anna Berg": self.anna, "Tim Roth": self.tim, "Ghost Writer": none}
        )

    def test_G16_only_what_is_wrong_stays_behind_and_says_why(self):
        project = self.loaded()
        counts = self.counts(project)
        self.assertEqual(counts["company"], {"loaded": 12, "held": 1})
        self.assertEqual(counts["contact"], {"loaded": 21, "failed": 1})
        self.assertEqual(counts["deal"], {"loaded": 13})
        self.assertEqual(counts["note"], {"loaded": 12, "failed": 1})
        self.assertEqual(counts["task"], {"loaded": 12})
        self.assertAddsUp(project.run_ids[:1])
        note = self.staged(project, "note", "109630429490")
        self.assertIn("999, named in Associated Deal IDs", note.error)

    def test_contacts_have_their_company_by_id_where_a_name_is_used_twice(self):
        project = self.loaded()
        ada = self.target(project, "contact", hubspot.contact_id(0))
        amber = self.target(project, "company", hubspot.company_id(0))
        self.assertEqual((ada.name, ada.parent_id), ("Ada Quist", amber))
        self.assertEqual((amber.city, amber.country_id.code), ("Kiel", "DE"))
        self.assertEqual((amber.zip, amber.industry_id.name), ("24103", "RETAIL"))
        self.assertFalse(
            self.target(project, "contact", hubspot.contact_id(90)).parent_id
        )
        self.assertEqual(ada.function, "Owner")
        self.assertEqual((ada.user_id, ada.x_birthday), (self.anna, date(1984, 3, 1)))
        self.assertEqual(ada.create_date, datetime(2024, 1, 1, 8, 30))

    def test_deals_are_won_lost_and_open_with_stage_team_and_amount(self):
        project = self.loaded()
        for number, (name, person, amount, state) in enumerate(world.DEALS):
            deal = self.deal(project, name)
            contact = self.target(project, "contact", hubspot.contact_id(person))
            self.assertEqual(deal.partner_id, contact)
            self.assertEqual(deal.expected_revenue, amount)
            self.assertEqual(deal.team_id.name, ("Sales", "Partners")[number % 2])
            self.assertEqual(deal.stage_id.name, hubspot.STAGES[state])
            self.assertEqual(deal.stage_id.team_ids, deal.team_id)
            self.assertEqual(
                deal.won_status, {"open": "pending"}.get(state, state), name
            )
            self.assertEqual(deal.user_id.name, world.owner(number))
            self.assertEqual(deal.date_deadline, date(2024, 7, number + 1))
            if state == "lost":
                self.assertEqual(deal.lost_reason_id.name, "Too dear")
        self.assertEqual(self.deal(project, "Stray").user_id, self.admin)

    def test_tasks_and_notes_have_their_dates_and_their_record(self):
        project = self.loaded()
        todo = self.target(project, "task", "64600843601")
        self.assertEqual(todo.summary, "Call about Lenses")
        self.assertEqual((todo.res_model, todo.date_deadline.year), ("crm.lead", 2030))
        self.assertEqual(self.env["crm.lead"].browse(todo.res_id).name, "Lenses")
        self.assertTrue(todo.active)
        done = self.target(project, "task", "64600843600")
        self.assertFalse(done.active)
        self.assertEqual(done.date_done, date(2024, 5, 5))
        note = self.target(project, "note", "109630429401")
        self.assertEqual(
            (note.model, note.date), ("crm.lead", datetime(2024, 4, 2, 9, 15))
        )
        self.assertEqual(note.author_id, self.tim.partner_id)
        other = self.target(project, "note", "109630429400")
        self.assertEqual(other.model, "res.partner")

    def test_custom_fields_have_the_type_of_their_values(self):
        project = self.loaded()
        amber = self.target(project, "company", hubspot.company_id(0))
        fields = {
            line.source_path: amber._fields[line.target]
            for line in project.mapping_ids.field_ids
            if line.kind == "custom_field_required" and line.target in amber._fields
        }
        self.assertEqual(fields["Number of Employees"].type, "integer")
        self.assertEqual(fields["Year Founded"].type, "integer")
        self.assertEqual(amber[fields["Year Founded"].name], 1990)

    def test_nothing_is_doubled_by_a_second_reading(self):
        self.assertNothingDoubled(self.loaded())

    def test_rollback_leaves_the_database_as_it_was(self):
        before = self.snapshot()
        project = self.loaded()
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
