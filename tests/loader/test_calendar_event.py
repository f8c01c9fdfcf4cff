"""Meetings in the calendar: who took part, and nobody is invited."""

from datetime import date

from ..engine.test_delta import DeltaCase
from .common import CASE, COMPANY, LoaderCase

MEETING = {
    "res_model": "calendar.event",
    "fields": [
        ("id", "", "identifier"),
        ("case", "record", "reference", {"reference": "case", "on_missing": "empty"}),
        ("title", "name", "direct"),
        ("start", "start", "direct"),
        ("stop", "stop", "direct"),
        ("allday", "allday", "direct"),
        ("place", "location", "direct"),
        ("owner", "user_id", "owner"),
        ("attendees", "attendees", "direct"),
    ],
}
NOTE = {
    "res_model": "mail.message",
    "fields": [
        ("id", "", "identifier"),
        ("meeting", "record", "reference", {"reference": "meeting"}),
        ("date", "date", "direct"),
        ("text", "body", "transformed", {"transform": "html"}),
    ],
}
FILES = {
    "company.csv": "company_id,name,email\n1,Acme,acme@example.com\n",
    "case.csv": "case_id,name,client_id\nK1,First,\n",
    "meeting.csv": "id,case,title,start,stop,allday,place,owner,attendees\n"
    "1,K1,Hearing,2031-02-03 10:00:00,2031-02-03 11:30:00,false,Room 1,"
    "anna@example.com,Anna <anna@example.com> (accepted); Acme <acme@example.com>"
    " (declined); Neu <neu@example.com> (tentative)\n"
    "2,K1,Holiday,2031-03-01 00:00:00,2031-03-03 00:00:00,true,,anna@example.com,\n"
    "3,,Later,2031-04-01 10:00:00,2031-04-01 11:00:00,false,,anna@example.com,"
    "neu@example.com\n",
    "note.csv": "id,meeting,date,text\nN1,1,2024-01-02,Bring the file\n",
}


class TestMeetings(LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, case=CASE, meeting=MEETING, note=NOTE)
        self.project = self.staged_project(FILES)

    def meeting(self, key):
        return self.target(self.project, "meeting", key)

    def test_attendees_keep_their_answers(self):
        self.load(self.project)
        found = {
            one.partner_id.email: one.state for one in self.meeting("1").attendee_ids
        }
        self.assertEqual(
            found,
            {
                "anna@example.com": "accepted",
                "acme@example.com": "declined",
                "neu@example.com": "tentative",
            },
        )
        company = self.target(self.project, "company", "1")
        self.assertIn(company, self.meeting("1").partner_ids)

    def test_who_is_unknown_becomes_one_contact(self):
        self.load(self.project)
        contact = self.env["res.partner"].search([("email", "=", "neu@example.com")])
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.name, "Neu")
        self.assertEqual(self.meeting("3").partner_ids, contact)

    def test_a_meeting_has_its_time_place_and_case(self):
        self.load(self.project)
        meeting = self.meeting("1")
        self.assertEqual(str(meeting.start), "2031-02-03 10:00:00")
        self.assertEqual(meeting.duration, 1.5)
        self.assertEqual(meeting.location, "Room 1")
        case = self.target(self.project, "case", "K1")
        self.assertEqual(meeting.opportunity_id, case)

    def test_a_meeting_of_whole_days_has_no_time_and_no_attendees(self):
        self.load(self.project)
        meeting = self.meeting("2")
        self.assertTrue(meeting.allday)
        self.assertEqual(meeting.start_date, date(2031, 3, 1))
        self.assertEqual(meeting.stop_date, date(2031, 3, 3))
        self.assertFalse(meeting.attendee_ids)

    def test_notes_are_in_the_chatter_of_the_meeting(self):
        self.load(self.project)
        bodies = self.meeting("1").message_ids.mapped("body")
        self.assertTrue(any("Bring the file" in body for body in bodies))

    def test_nobody_is_invited_and_rollback_is_exact(self):
        before = self.snapshot()
        self.load(self.project)
        self.assertEqual(before["mail_mail"], self.snapshot()["mail_mail"])
        self.assertFalse(self.meeting("1").message_follower_ids)
        self.rollback(self.project)
        self.assertSameDatabase(before, self.snapshot())

    def test_G06_attendees_are_read_back_with_their_answers(self):
        self.load(self.project)

        def row(key):
            record = self.staged(self.project, "meeting", key)
            rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
            return next(one for one in rows if one["target"] == "attendees")

        for key in ("1", "3"):
            self.assertIn(row(key)["verdict"], ("same", "mapped"), key)
        invited = self.meeting("1").attendee_ids
        acme = invited.partner_id.filtered(lambda one: one.email == "acme@example.com")
        acme.email = "acme@example.org"
        self.assertEqual(row("1")["verdict"], "mapped", "an address that has changed")
        acme.email = "acme@example.com"
        invited.filtered(lambda one: one.email == "acme@example.com").state = "accepted"
        self.assertEqual(row("1")["verdict"], "differs")
        self.assertIn("Acme <acme@example.com> (declined)", row("1")["expected"])
        self.assertIn("Acme <acme@example.com> (accepted)", row("1")["actual"])


MEETINGS = (
    ("id", "case", "title", "start", "stop", "attendees"),
    ("1", "K1", "Hearing", "2031-02-03 10:00:00", "2031-02-03 11:00:00")
    + ("Anna <anna@example.com> (accepted); Acme <acme@example.com> (declined)",),
)


class TestChangedMeetings(DeltaCase, LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, case=CASE, meeting=MEETING)
        self.export = {
            "company": (
                ("company_id", "name", "email"),
                ("1", "Acme", "acme@example.com"),
            ),
            "case": (("case_id", "name"), ("K1", "First")),
            "meeting": MEETINGS,
        }
        self.folder_of_export = self.write_files(self.written())
        self.project = self.new_project(
            path=self.folder_of_export, source="loader_test"
        )
        self.read_files(self.project)
        self.load(self.project)
        self.later()
        self.meeting = self.target(self.project, "meeting", "1")
        self.before = self.snapshot()

    def answers(self):
        attendees = self.meeting.attendee_ids
        return {one.partner_id.email: one.state for one in attendees}

    def invite(self, text):
        self.change("meeting", "1", attendees=text)
        return self.delta(self.project)

    def test_an_answer_that_changed_is_taken_and_taken_back(self):
        run = self.invite(
            "Anna <anna@example.com> (declined); acme@example.com (declined)"
        )
        self.assertEqual(
            self.answers(),
            {"anna@example.com": "declined", "acme@example.com": "declined"},
        )
        self.assertFalse(self.conflicts(self.project))
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(self.before, self.snapshot())

    def test_who_was_added_is_invited_with_the_answer_and_taken_out_again(self):
        run = self.invite(f"{MEETINGS[1][-1]}; New One <new@example.com> (tentative)")
        self.assertEqual(self.answers()["new@example.com"], "tentative")
        self.assertEqual(len(self.answers()), 3)
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(self.before, self.snapshot())

    def test_who_was_removed_is_taken_out(self):
        run = self.invite("Anna <anna@example.com> (accepted)")
        self.assertEqual(self.answers(), {"anna@example.com": "accepted"})
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(self.before, self.snapshot())

    def test_who_was_removed_comes_back_with_the_answer_and_follows_again(self):
        """Whatever the answer, and whatever else has changed."""
        company = self.target(self.project, "company", "1")
        self.meeting.message_subscribe(company.ids)
        attendee = self.meeting.attendee_ids.filtered(
            lambda one: one.partner_id == company
        )
        for state in ("accepted", "declined", "tentative", "needsAction"):
            with self.subTest(state=state), self.cr.savepoint() as savepoint:
                attendee.state = state
                self.later()
                before = self.snapshot()
                self.change("meeting", "1", title="Another hearing")
                run = self.invite("Anna <anna@example.com> (declined)")
                self.assertFalse(attendee.exists())
                self.assertNotIn(company, self.meeting.message_partner_ids)
                self.rollback(self.project, run_id=run.id)
                self.assertEqual(attendee.state, state)
                self.assertSameDatabase(before, self.snapshot())
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self.change("meeting", "1", title="Hearing")

    def test_who_was_invited_anew_by_a_user_keeps_the_answer_to_that(self):
        company = self.target(self.project, "company", "1")
        run = self.invite("Anna <anna@example.com> (accepted)")
        self.meeting.with_context(no_mail_to_attendees=True).partner_ids += company
        again = self.meeting.attendee_ids.filtered(
            lambda one: one.partner_id == company
        )
        again.state = "accepted"
        self.later()
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(again.exists().state, "accepted")
        self.assertEqual(len(self.answers()), 2)

    def test_who_was_removed_and_has_been_deleted_since_does_not_come_back(self):
        run = self.invite("Anna <anna@example.com> (accepted)")
        self.target(self.project, "company", "1").unlink()
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.answers(), {"anna@example.com": "accepted"})

    def test_a_purged_log_knows_nothing_of_who_was_removed(self):
        run = self.invite("Anna <anna@example.com> (accepted)")
        entries = self.env["migration.log"].search([("run_id", "=", run.id)])
        told = [one.changes for one in entries if "gone" in (one.changes or {})]
        self.assertEqual(len(told), 1)
        self.env["migration.purger"]._purge(self.project)
        entries.invalidate_recordset()
        self.assertFalse([one for one in entries if "gone" in (one.changes or {})])

    def test_two_deltas_that_remove_are_taken_back_in_any_order(self):
        runs = [
            self.invite("anna@example.com (accepted); new@example.com (tentative)"),
            self.invite("New One <new@example.com> (tentative)"),
        ]
        self.assertEqual(self.answers(), {"new@example.com": "tentative"})
        for order in (runs, runs[::-1]):
            with self.subTest(order=order), self.cr.savepoint() as savepoint:
                for run in order:
                    self.rollback(self.project, run_id=run.id)
                    self.later()
                self.assertSameDatabase(self.before, self.snapshot())
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_who_was_invited_in_odoo_stays(self):
        self.meeting.with_context(
            no_mail_to_attendees=True
        ).partner_ids += self.admin.partner_id
        self.later()
        self.invite("Anna <anna@example.com> (accepted)")
        self.assertIn(self.admin.partner_id, self.meeting.partner_ids)
        self.assertEqual(len(self.answers()), 2)

    def test_an_answer_given_in_odoo_is_a_conflict(self):
        anna = self.meeting.attendee_ids.filtered(
            lambda one: one.partner_id.email == "anna@example.com"
        )
        anna.state = "tentative"
        self.later()
        self.invite("Anna <anna@example.com> (declined); acme@example.com (declined)")
        self.assertEqual(anna.state, "tentative")
        conflict = self.conflicts(self.project)
        self.assertEqual(
            (conflict.field_name, conflict.base_value),
            ("attendee_ids", "anna@example.com: Yes"),
        )
        self.assertEqual((conflict.odoo_value, conflict.source_value), ("Maybe", "No"))
        conflict.action_take_source()
        self.run_step(self.project, "delta", only="decisions")
        self.assertEqual(anna.state, "declined")

    def test_nobody_is_invited_by_mail(self):
        mails = self.env["mail.mail"].search_count([])
        self.invite(f"{MEETINGS[1][-1]}; New One <new@example.com> (tentative)")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
