"""What the rows AR01 to AR11 ask for, whichever way the records came."""

from datetime import date, datetime

from .arkcase_export import LETTER


class ArkcaseRows:
    """Tests of the records in Odoo; the project is loaded by who inherits this."""

    @classmethod
    def take_over(cls, project):
        """Read, say which stage the queue of the FOIA request becomes, and load."""
        cls.read_files(project)
        stage = cls.env.ref("crm.stage_lead3")
        queue = cls.line(project, "foia_request", "stage_id").value_ids
        queue.write({"target": stage.name, "mapped": True})
        cls.load(project)
        return project

    def get(self, name, source_id):
        return self.target(self.project, name, source_id)

    def error(self, name, source_id):
        record = self.staged(self.project, name, source_id)
        self.assertFalse(record.res_id)
        return record

    def test_AR01_person_is_a_contact_with_its_default_ways_to_be_reached(self):
        ana = self.get("contact", "101")
        self.assertEqual((ana._name, ana.is_company), ("res.partner", False))
        self.assertEqual(ana.name, "Ana Ruiz")
        self.assertEqual(ana.email, "ana@example.net")
        address = (ana.street, ana.city, ana.zip)
        self.assertEqual(address, ("1 Elm St", "Reston", "20190"))
        self.assertEqual(ana.state_id, self.env.ref("base.state_us_47"))
        self.assertEqual(ana.create_date, datetime(2021, 3, 5, 14, 7, 31, 482000))
        if "firstname" in ana._fields:
            self.assertEqual((ana.firstname, ana.lastname), ("Ana", "Ruiz"))

    def test_AR01_other_addresses_of_mail_are_kept(self):
        ana = self.get("contact", "101")
        self.assertIn("ana.ruiz@work.example", ana.x_other_emails)

    def test_AR01_province_with_a_special_key_is_the_province(self):
        bo = self.get("contact", "102")
        self.assertEqual(bo.state_id, self.env.ref("base.state_ca_on"))

    def test_AR01_property_of_an_extended_class_is_a_custom_field(self):
        self.assertEqual(self.get("contact", "101").x_badge_number, "B-7")
        field = self.env["ir.model.fields"]._get("res.partner", "x_badge_number")
        self.assertEqual(field.state, "manual")

    def test_AR02_organization_is_a_company_below_its_parent(self):
        acme, beta = self.get("company", "77"), self.get("company", "78")
        self.assertTrue(acme.is_company)
        self.assertEqual(beta.parent_id, acme)
        self.assertEqual(beta.country_id, self.env.ref("base.no"))
        self.assertEqual(acme.website, "http://acme.example")
        self.assertEqual(acme.x_organization_type, "Government")

    def test_AR02_industry_and_employees_are_kept(self):
        acme = self.get("company", "77")
        self.assertEqual(acme.industry_id.name, "Water")
        self.assertEqual(acme.x_employee_count, 120)

    def test_AR03_default_organization_is_the_parent(self):
        acme = self.get("company", "77")
        self.assertEqual(self.get("contact", "101").parent_id, acme)
        self.assertFalse(self.get("contact", "102").parent_id)

    def test_AR03_other_organizations_are_relations_or_kept_on_the_person(self):
        ana, beta = self.get("contact", "101"), self.get("company", "78")
        if "res.partner.relation" in self.env:
            relation = self.env["res.partner.relation"].search(
                [("left_partner_id", "=", ana.id)]
            )
            self.assertEqual(relation.right_partner_id, beta)
            self.assertEqual(relation.type_id.name, "partner")
            return
        self.assertIn("Beta Works (partner)", ana.x_other_companies)
        self.assertNotIn("Acme", ana.x_other_companies)

    def test_AR04_case_is_a_lead_with_stage_priority_and_type(self):
        case = self.get("case", "364")
        self.assertEqual((case._name, case.name), ("crm.lead", "Water main"))
        self.assertEqual(case.stage_id, self.env.ref("crm.stage_lead2"))
        self.assertEqual(case.priority, "2")
        self.assertEqual(case.x_case_type, "Pollution")
        self.assertEqual(case.x_case_number, "20210305_364")
        self.assertIn("<b>main</b>", case.description)

    def test_AR04_case_keeps_when_and_by_whom_it_was_made(self):
        case = self.get("case", "364")
        created = datetime(2021, 3, 5, 14, 7, 31)
        self.assertEqual(case.create_date.replace(microsecond=0), created)
        self.assertEqual(case.x_source_created.replace(microsecond=0), created)
        self.assertEqual(case.create_uid, self.anna)

    def test_AR04_assignee_is_the_user_of_the_participants_email(self):
        case = self.get("case", "364")
        self.assertEqual(case.user_id, self.anna)
        self.assertEqual(case.x_owning_group, "LEGAL")

    def test_AR04_closed_case_comes_with_its_day_and_its_inactive_assignee(self):
        case = self.get("case", "365")
        self.assertTrue(case.stage_id.is_won)
        self.assertEqual(case.date_closed, datetime(2020, 6, 30, 16))
        self.assertEqual(case.user_id, self.admin, "the fallback user")
        self.assertEqual(case.x_source_owner, "gone-acm")
        owner = self.project.owner_ids.filtered(lambda one: one.key == "gone-acm")
        self.assertEqual(owner.email, "gone@example.com")
        self.assertNotEqual(owner.state, "matched")

    def test_AR05_complaint_has_its_number_category_and_complainant(self):
        complaint = self.get("complaint", "12")
        self.assertEqual(complaint._name, "crm.lead")
        self.assertEqual(complaint.x_complaint_number, "20210401_12")
        self.assertEqual(complaint.x_category, "Local")
        self.assertEqual(complaint.x_subcategory, "Noise")
        self.assertEqual(complaint.tag_ids.mapped("name"), ["Urgent"])
        self.assertEqual(complaint.partner_id, self.get("contact", "102"))
        self.assertEqual(complaint.priority, "3")
        self.assertEqual(complaint.stage_id, self.env.ref("crm.stage_lead1"))

    def test_AR06_task_is_an_activity_on_its_parent(self):
        task = self.get("task", "9")
        self.assertEqual((task._name, task.active), ("mail.activity", True))
        self.assertEqual(task.res_model, "crm.lead")
        self.assertEqual(task.res_id, self.get("case", "364").id)
        self.assertEqual(task.summary, "Call the city")
        self.assertEqual(task.date_deadline, date(2099, 4, 1))
        self.assertEqual(task.user_id, self.anna)

    def test_AR06_unassigned_task_goes_to_the_fallback_user_and_is_listed(self):
        task = self.get("task", "10")
        self.assertEqual(task.user_id, self.admin)
        self.assertEqual((task.active, task.date_done), (False, date(2021, 4, 4)))
        entry = self.env["migration.log"].search(
            [
                ("project_id", "=", self.project.id),
                ("operation", "=", "warning"),
                ("mapping_id.name", "=", "task"),
                ("source_id", "=", "10"),
            ]
        )
        self.assertTrue(entry)

    def test_AR06_task_of_a_deleted_case_or_of_a_task_is_reported(self):
        deleted, of_task = self.error("task", "11"), self.error("task", "13")
        self.assertIn("999", deleted.error)
        self.assertIn("TASK", of_task.error)

    def test_AR07_file_is_on_its_case_unchanged(self):
        file = self.get("file", "31")
        case = self.get("case", "364")
        self.assertEqual((file.res_model, file.res_id), ("crm.lead", case.id))
        self.assertEqual(file.name, "Letter 1.pdf")
        self.assertEqual(file.mimetype, "application/pdf")
        self.assertEqual(file.raw, LETTER)
        self.assertEqual(file.create_date, datetime(2021, 3, 7, 12))
        self.assertEqual(file.create_uid, self.anna)

    def test_AR08_foia_request_has_fields_of_its_own(self):
        request = self.get("foia_request", "500")
        self.assertEqual((request._name, request.name), ("crm.lead", "Contracts 2020"))
        self.assertEqual(request.x_request_number, "20210501_500")
        self.assertEqual(request.x_request_type, "New Request")
        self.assertEqual(request.x_request_date, datetime(2021, 5, 1, 10))
        self.assertEqual(request.x_due_date, date(2021, 6, 1))
        self.assertEqual(request.date_deadline, date(2021, 6, 1))
        self.assertEqual(request.x_exemption_codes, "b(5); b(6)")
        self.assertEqual(request.x_response_status, "Partial Grant")
        self.assertEqual(request.partner_id, self.get("contact", "101"))

    def test_AR08_queue_becomes_the_stage_that_was_said(self):
        request = self.get("foia_request", "500")
        self.assertEqual(request.stage_id, self.env.ref("crm.stage_lead3"))
        self.assertEqual(request.x_queue, "Fulfill")

    def test_AR08_files_of_a_request_are_on_it(self):
        file = self.get("file", "32")
        request = self.get("foia_request", "500")
        self.assertEqual((file.res_model, file.res_id), ("crm.lead", request.id))

    def test_AR09_first_party_is_the_customer_the_others_are_listed(self):
        case = self.get("case", "364")
        self.assertEqual(case.partner_id, self.get("contact", "101"))
        self.assertIn("Bo Lind", case.x_parties)
        self.assertIn("Witness", case.x_parties)
        self.assertIn("Beta Works", case.x_parties)

    def test_AR09_party_of_a_foia_request_is_found_as_a_case(self):
        request = self.get("foia_request", "500")
        self.assertIn("Bo Lind", request.x_parties)
        self.assertEqual(request.partner_id, self.get("contact", "101"))

    def test_AR10_event_is_a_meeting_of_its_case_and_invites_nobody(self):
        event = self.get("meeting", "e1")
        self.assertEqual((event._name, event.name), ("calendar.event", "Hearing"))
        self.assertEqual(event.start, datetime(2021, 3, 10, 13))
        self.assertEqual(event.stop, datetime(2021, 3, 10, 14, 30))
        self.assertEqual(event.location, "Room 3B")
        self.assertEqual(event.opportunity_id, self.get("case", "364"))
        self.assertFalse(self.env["mail.mail"].search([("model", "=", event._name)]))

    def test_AR10_attendees_keep_their_answers(self):
        event = self.get("meeting", "e1")
        states = {one.email: one.state for one in event.attendee_ids}
        self.assertEqual(states["ana@example.net"], "accepted")
        self.assertEqual(states["eve@example.net"], "declined")
        self.assertIn(self.get("contact", "101"), event.partner_ids)

    def test_AR11_note_is_in_the_chatter_with_author_date_and_file(self):
        note = self.get("note", "21")
        case = self.get("case", "364")
        self.assertEqual((note._name, note.model), ("mail.message", "crm.lead"))
        self.assertEqual(note.res_id, case.id)
        self.assertEqual(note.date, datetime(2021, 3, 7, 11))
        self.assertEqual(note.author_id, self.anna.partner_id)
        self.assertIn("<i>Ana</i>", note.body)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))

    def test_AR11_note_on_a_person_is_in_its_chatter(self):
        note = self.get("note", "22")
        self.assertIn(note, self.get("contact", "102").message_ids)
