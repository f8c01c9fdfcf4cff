"""G17: dates and authors as they were, in Odoo's own columns."""

from datetime import date, datetime

from ..common import MigrationCase, csv_text

USERS = csv_text(
    ("user_id", "email", "full_name"), ("U1", "anna@example.com", "Anna Berg")
)


class TestHistory(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        deal = (
            ("deal_id", "name", "pipeline_id", "stage_id", "status", "lost_reason")
            + ("created_at", "updated_at", "created_by", "stage_entered_at")
            + ("closed_at", "close_date", "owner_email", "probability")
        )
        cls.project = cls.migrate(
            {
                "users.csv": USERS,
                "pipelines.csv": csv_text(("pipeline_id", "name"), ("P1", "Sales")),
                "stages.csv": csv_text(
                    ("stage_id", "pipeline_id", "name", "position", "is_won"),
                    ("S1", "P1", "Early", "1", "false"),
                    ("S2", "P1", "Signed", "2", "true"),
                ),
                "companies.csv": csv_text(
                    ("company_id", "name", "created_at", "updated_at", "created_by"),
                    ("C1", "Dated", "2019-03-04 05:06:07", "2020-01-02 03:04:05")
                    + ("anna@example.com",),
                    ("C2", "Undated", "", "", ""),
                ),
                "deals.csv": csv_text(
                    deal,
                    ("D1", "Won", "P1", "S2", "won", "", "2020-01-01 08:00:00")
                    + ("2020-03-01 09:00:00", "anna@example.com")
                    + ("2020-02-20 10:00:00", "2020-01-31 12:00:00", "2020-02-01")
                    + ("anna@example.com", ""),
                    ("D2", "Lost", "P1", "S1", "lost", "Price", "2020-01-01 08:00:00")
                    + ("2020-03-01 09:00:00", "", "2020-02-10 10:00:00")
                    + ("2020-02-15 12:00:00", "", "", "30"),
                    ("D3", "Open", "P1", "S1", "open", "", "2020-01-01 08:00:00")
                    + ("2020-03-01 09:00:00", "", "2020-02-10 10:00:00", "")
                    + ("2027-05-06", "", "35"),
                ),
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id", "created_at")
                    + ("author_email",),
                    ("N1", "Hello", "deal", "D1", "2020-01-15 10:11:12")
                    + ("anna@example.com",),
                ),
                "activities.csv": csv_text(
                    ("activity_id", "type", "subject", "status", "due_date", "done_at")
                    + ("owner_email", "related_type", "related_id", "created_at"),
                    ("A1", "call", "Called", "done", "2020-01-10")
                    + ("2020-01-11 12:13:14", "anna@example.com", "deal", "D1")
                    + ("2020-01-09 01:02:03",),
                ),
            }
        )
        cls.env.invalidate_all()

    def record(self, name, key):
        return self.target(self.project, name, key)

    def test_creation_and_change_keep_time_and_author(self):
        company = self.record("company", "C1")
        self.assertEqual(company.create_date, datetime(2019, 3, 4, 5, 6, 7))
        self.assertEqual(company.write_date, datetime(2020, 1, 2, 3, 4, 5))
        self.assertEqual(company.create_uid, self.anna)
        lead = self.record("deal", "D1")
        self.assertEqual(lead.create_date, datetime(2020, 1, 1, 8))
        self.assertEqual(lead.write_date, datetime(2020, 3, 1, 9))
        self.assertEqual(lead.create_uid, self.anna)

    def test_what_the_source_does_not_know_is_the_time_of_the_load(self):
        company = self.record("company", "C2")
        self.assertEqual(company.create_date, self.cr.now())
        self.assertEqual(company.create_uid, self.env.user)

    def test_a_won_deal_keeps_its_dates_and_durations(self):
        lead = self.record("deal", "D1")
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.date_closed, datetime(2020, 1, 31, 12))
        self.assertEqual(lead.date_last_stage_update, datetime(2020, 2, 20, 10))
        self.assertEqual(lead.x_stage_entered_date, datetime(2020, 2, 20, 10))
        self.assertEqual(lead.date_deadline, date(2020, 2, 1))
        self.assertEqual(lead.date_open, datetime(2020, 1, 1, 8))
        self.assertEqual((lead.day_open, lead.day_close), (0, 30))

    def test_a_lost_deal_is_archived_with_reason_and_closing_time(self):
        lead = self.record("deal", "D2")
        self.assertEqual((lead.active, lead.won_status), (False, "lost"))
        self.assertEqual((lead.probability, lead.automated_probability), (0, 0))
        self.assertEqual(lead.lost_reason_id.name, "Price")
        self.assertEqual(lead.date_closed, datetime(2020, 2, 15, 12))
        self.assertEqual(lead.day_close, 45)
        self.assertEqual(lead.stage_id, self.record("stage", "S1"))

    def test_an_open_deal_has_no_closing_time(self):
        lead = self.record("deal", "D3")
        self.assertEqual((lead.active, lead.won_status), (True, "pending"))
        self.assertFalse(lead.date_closed)
        self.assertEqual(lead.day_close, 0)
        self.assertEqual(lead.date_deadline, date(2027, 5, 6))
        self.assertEqual(lead.probability, 35)
        self.assertFalse(lead.is_automated_probability)

    def test_the_stored_columns_are_what_the_orm_would_compute(self):
        """Nothing waits to be recomputed: a recomputation changes nothing."""
        leads = self.env["crm.lead"].browse(
            [self.record("deal", key).id for key in ("D1", "D2", "D3")]
        )
        names = ("day_open", "day_close", "won_status", "date_closed", "probability")
        before = [tuple(lead[name] for name in names) for lead in leads]
        for name in ("day_open", "day_close", "won_status"):
            self.env.add_to_compute(leads._fields[name], leads)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(before, [tuple(lead[n] for n in names) for lead in leads])

    def test_a_note_stands_in_the_chatter_at_its_time_by_its_author(self):
        note = self.record("note", "N1")
        self.assertEqual(note.date, datetime(2020, 1, 15, 10, 11, 12))
        self.assertEqual(note.author_id, self.anna.partner_id)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn(note, self.record("deal", "D1").message_ids)

    def test_a_done_activity_is_archived_and_shown_at_its_time(self):
        activity = self.record("activity", "A1")
        self.assertEqual((activity.active, activity.state), (False, "done"))
        self.assertEqual(activity.date_done, date(2020, 1, 11))
        self.assertEqual(activity.date_deadline, date(2020, 1, 10))
        self.assertEqual(activity.create_date, datetime(2020, 1, 9, 1, 2, 3))
        shown = self.record("deal", "D1").message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(shown), 1)
        self.assertEqual(shown.date, datetime(2020, 1, 11, 12, 13, 14))
        self.assertEqual(shown.author_id, self.anna.partner_id)
        self.assertEqual(shown.subtype_id, self.env.ref("mail.mt_activities"))
        self.assertIn("Called", shown.body)
