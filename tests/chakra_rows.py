"""What the rows CH01 to CH14 ask for, whichever way the records came."""

from datetime import date, datetime


class ChakraRows:
    """Tests of the records in Odoo; the project is loaded by who inherits this."""

    def source_id(self, key):
        """The id that the source has for what is called ``key`` here."""
        return key

    def get(self, name, key):
        return self.target(self.project, name, self.source_id(key))

    def test_CH01_lead_has_source_medium_country_and_score(self):
        lead = self.get("lead", "LEAD-1")
        self.assertEqual((lead._name, lead.type), ("crm.lead", "lead"))
        self.assertEqual((lead.name, lead.contact_name), ("Asha Sample",) * 2)
        self.assertEqual(lead.email_from, "asha@example.com")
        self.assertEqual(lead.source_id.name, "Web form")
        self.assertEqual(lead.medium_id.name, "Chat")
        self.assertEqual(lead.country_id.code, "IN")
        self.assertEqual(lead.x_score, 72.5)
        self.assertEqual(lead.x_status, "OPEN")

    def test_CH02_deal_is_an_opportunity_with_amount_close_owner_and_stage(self):
        deal = self.get("deal", "D1")
        self.assertEqual((deal._name, deal.type), ("crm.lead", "opportunity"))
        self.assertEqual(deal.expected_revenue, 125000.5)
        self.assertEqual(deal.date_deadline, date(2030, 3, 1))
        self.assertEqual(deal.user_id, self.anna)
        self.assertEqual(deal.stage_id, self.get("stage", "S1"))
        self.assertEqual(deal.partner_id, self.get("contact", "C1"))

    def test_CH02_status_open_leaves_a_deal_open_and_won_wins_it(self):
        self.assertEqual(self.get("deal", "D1").won_status, "pending")
        self.assertEqual(self.get("deal", "D2").won_status, "won")

    def test_CH03_account_is_a_company_under_its_parent(self):
        child, parent = self.get("company", "A2"), self.get("company", "A1")
        self.assertTrue(child.is_company and parent.is_company)
        self.assertEqual(child.parent_id, parent)
        self.assertIn("acme.example.com", parent.website)

    def test_CH04_contact_is_a_person_under_its_account(self):
        contact = self.get("contact", "C1")
        self.assertFalse(contact.is_company)
        self.assertEqual(contact.name, "Ida Field")
        self.assertEqual(contact.parent_id, self.get("company", "A1"))

    def test_CH05_stages_are_those_of_their_team(self):
        team, stage = self.get("pipeline", "P1"), self.get("stage", "S2")
        self.assertEqual((team._name, team.name), ("crm.team", "Inside Sales"))
        self.assertEqual(stage.team_ids, team)
        self.assertTrue(stage.is_won)

    def test_CH06_open_task_is_planned_with_type_due_date_and_assignee(self):
        task = self.get("task", "T1")
        self.assertTrue(task.active)
        self.assertEqual(
            task.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.assertEqual(task.date_deadline, date(2030, 5, 6))
        self.assertEqual(task.user_id, self.anna)
        self.assertEqual(task.x_priority, "High")
        lead = self.get("lead", "LEAD-1")
        self.assertEqual((task.res_model, task.res_id), ("crm.lead", lead.id))

    def test_CH06_completed_task_is_done_and_keeps_its_parent(self):
        task = self.get("task", "T2")
        self.assertFalse(task.active)
        self.assertEqual(task.date_done, date(2024, 2, 3))
        self.assertEqual(task.x_status, "COMPLETED")
        contact = self.get("contact", "C1")
        self.assertEqual((task.res_model, task.res_id), ("res.partner", contact.id))
        self.assertIn("Part of", task.note)
        self.assertIn("Call back", task.note)

    def test_CH07_note_is_clean_html_of_its_author_in_order(self):
        first, second = self.get("note", "N1"), self.get("note", "N2")
        self.assertEqual(first.message_type, "comment")
        self.assertIn("<b>two</b>", first.body)
        self.assertNotIn("script", first.body)
        self.assertEqual(first.author_id, self.anna.partner_id)
        self.assertEqual(first.date, datetime(2024, 1, 6, 8))
        self.assertLess(first.date, second.date)

    def test_CH08_attributes_become_custom_fields(self):
        self.assertEqual(self.get("lead", "LEAD-1").x_budget, 1200.5)
        self.assertEqual(self.get("contact", "C1").x_tier, "Gold")
        field = self.env["ir.model.fields"]._get("res.partner", "x_tier")
        self.assertEqual(field.ttype, "selection")

    def test_CH10_files_are_on_their_records(self):
        file, deal = self.get("file", "F1"), self.get("deal", "D1")
        self.assertEqual((file.res_model, file.res_id), ("crm.lead", deal.id))
        self.assertEqual(file.raw, b"the plan")

    def test_CH10_a_listed_file_that_is_missing_is_told(self):
        record = self.staged(self.project, "file", self.source_id("F3"))
        self.assertFalse(record.res_id)
        self.assertIn("files/lost.txt", record.error)

    def test_CH12_call_is_done_at_its_time_with_its_details(self):
        call = self.get("call", "CA1")
        self.assertFalse(call.active)
        self.assertEqual(
            call.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.assertEqual(call.x_duration, 95)
        self.assertEqual(call.x_disposition, "RNR")
        self.assertEqual(call.x_recording_url, "https://media.example.com/1.mp3")
        message = self.env["mail.message"].search(
            [("x_source_id", "=", call.x_source_id)]
        )
        self.assertEqual(message.date, datetime(2024, 1, 3, 5, 33, 20))

    def test_CH13_email_keeps_subject_body_addresses_and_attachment(self):
        email = self.get("email", "E1")
        self.assertEqual((email.message_type, email.subject), ("email", "Offer"))
        self.assertIn("<b>attached</b>", email.body)
        self.assertEqual(email.author_id, self.get("contact", "C1"))
        self.assertEqual(email.incoming_email_to, "us@example.com")
        self.assertEqual(email.date, datetime(2024, 1, 5, 10))
        self.assertEqual(email.attachment_ids, self.get("file", "F2"))
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)

    def test_CH14_meeting_has_time_place_and_attendees_and_no_invitation(self):
        meeting = self.get("meeting", "M1")
        self.assertEqual(meeting._name, "calendar.event")
        self.assertEqual(meeting.start, datetime(2024, 3, 4, 9))
        self.assertEqual(meeting.stop, datetime(2024, 3, 4, 10, 30))
        self.assertFalse(meeting.allday)
        self.assertEqual(meeting.location, "Room 2")
        attendee = meeting.attendee_ids.filtered(
            lambda one: one.partner_id == self.get("contact", "C1")
        )
        self.assertEqual(attendee.state, "accepted")
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)

    def test_CH14_notes_of_a_meeting_are_in_its_chatter(self):
        note, meeting = self.get("note", "N3"), self.get("meeting", "M1")
        self.assertEqual((note.model, note.res_id), ("calendar.event", meeting.id))
