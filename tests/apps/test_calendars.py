"""Meetings of users whose calendar is synchronised with Google and Outlook."""

from datetime import timedelta

from odoo import fields

from ...models.engine.silence import silenced
from .common import AppsCase

CONTACTS = (
    ("contact_id", "first_name", "last_name", "email"),
    ("P1", "Ada", "Wolf", "ada@example.com"),
)


class TestCalendars(AppsCase):
    def setUp(self):
        super().setUp()
        self.synchronise(self.anna)
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=9)
        self.project = self.start(
            contacts=CONTACTS,
            meetings=(
                ("meeting_id", "title", "start", "end", "owner_email", "attendees"),
                ("M1", "Visit", str(start), str(start + timedelta(hours=1)))
                + ("anna@example.com",)
                + ("Anna Berg <anna@example.com>; Ada Wolf <ada@example.com>",),
            ),
        )
        self.meeting = self.target(self.project, "meeting", "M1")

    def to_send(self):
        """Whether the next synchronisation would take it: to Google, to Outlook."""
        events = self.env["calendar.event"].with_user(self.anna)
        found = (
            events._get_records_to_sync(),
            events._get_microsoft_records_to_sync(),
        )
        return tuple(self.meeting in one for one in found)

    def test_g15_a_migrated_meeting_is_sent_to_no_other_calendar(self):
        self.assertIn(self.anna.partner_id, self.meeting.partner_ids)
        self.assertEqual(self.to_send(), (False, False))
        self.assertFalse(self.calls)

    def test_g15_a_meeting_made_by_a_user_is_sent_as_ever(self):
        self.meeting = (
            self.env["calendar.event"]
            .with_context(dont_notify=True)
            .create(
                {
                    "name": "By hand",
                    "start": self.meeting.start,
                    "stop": self.meeting.stop,
                    "user_id": self.anna.id,
                    "partner_ids": [(6, 0, self.anna.partner_id.ids)],
                }
            )
        )
        self.assertEqual(self.to_send(), (True, True))

    def test_g15_a_migrated_meeting_that_a_user_changes_is_sent(self):
        self.meeting.with_user(self.anna).with_context(dont_notify=True).write(
            {"name": "Visit at noon"}
        )
        self.assertEqual(self.to_send(), (True, True))

    def test_g15_what_a_delta_changes_is_not_sent(self):
        self.change("meetings", "M1", title="Visit and lunch")
        self.delta(self.project)
        self.assertEqual(self.meeting.name, "Visit and lunch")
        self.assertEqual(self.to_send(), (False, False))
        self.assertFalse(self.calls)

    def test_g15_what_a_user_had_changed_before_a_delta_is_still_sent(self):
        self.meeting.with_user(self.anna).with_context(dont_notify=True).write(
            {"location": "Canteen"}
        )
        with silenced(self.cr):
            self.meeting.write({"name": "Visit and lunch"})
        self.assertEqual(self.to_send(), (True, True))
