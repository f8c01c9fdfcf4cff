"""Activities: planned ones and done ones."""

from datetime import date

from ..common import MigrationCase, csv_text

COMPANY = csv_text(("company_id", "name"), ("C1", "Nordwind"))


class TestActivities(MigrationCase):
    def migrate_activities(self, *rows):
        return self.migrate(
            {
                "companies.csv": COMPANY,
                "activities.csv": csv_text(
                    ("activity_id", "type", "subject", "status", "due_date")
                    + ("duration_minutes", "related_type", "related_id")
                    + ("owner_email",),
                    *(row + ("company", "C1", "") for row in rows),
                ),
            }
        )

    def test_an_open_activity_is_planned_with_type_day_and_user(self):
        project = self.migrate_activities(
            ("A1", "Phone call", "Ring", "planned", "2031-02-03", "")
        )
        activity = self.target(project, "activity", "A1")
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.assertEqual(activity.date_deadline, date(2031, 2, 3))
        self.assertEqual((activity.state, activity.user_id), ("planned", self.admin))
        self.assertEqual(activity.res_name, "Nordwind")
        company = self.target(project, "company", "C1")
        self.assertEqual(company.activity_ids, activity)
        self.assertFalse(company.message_ids.filtered("mail_activity_type_id"))

    def test_a_done_activity_without_time_was_done_at_noon_of_its_day(self):
        project = self.migrate_activities(
            ("A1", "meeting", "Visit", "completed", "2024-02-03", "45")
        )
        activity = self.target(project, "activity", "A1")
        self.assertEqual((activity.active, activity.state), (False, "done"))
        self.assertEqual(activity.date_done, date(2024, 2, 3))
        self.assertIn("45", activity.note)
        message = self.target(project, "company", "C1").message_ids.filtered(
            "mail_activity_type_id"
        )
        self.assertEqual(str(message.date), "2024-02-03 12:00:00")
        self.assertIn("Visit", message.body)

    def test_rollback_takes_the_chatter_message_of_an_activity_along(self):
        project = self.migrate_activities(
            ("A1", "call", "Ring", "done", "2024-02-03", "")
        )
        activity = self.target(project, "activity", "A1")
        message = self.target(project, "company", "C1").message_ids.filtered(
            "mail_activity_type_id"
        )
        self.rollback(project)
        self.assertFalse(activity.exists() or message.exists())
