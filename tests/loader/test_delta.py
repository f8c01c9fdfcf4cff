"""What a change in the source means for each kind of record."""

from ..engine.test_delta import DeltaCase

PIPELINES = (("pipeline_id", "name"), ("P", "Field force"))
STAGES = (
    ("stage_id", "pipeline_id", "name", "position", "is_won"),
    ("S1", "P", "First talk", "1", "false"),
    ("S2", "P", "Signed", "2", "true"),
)
DEALS = (
    ("deal_id", "name", "pipeline_id", "stage_id", "status", "closed_at")
    + ("created_at", "updated_at"),
    ("D1", "Roof", "P", "S1", "open", "", "2023-01-05 08:00:00", "2023-02-01 08:00:00"),
    ("D2", "Wall", "P", "S1", "open", "", "2023-01-05 08:00:00", "2023-02-01 08:00:00"),
)
ACTIVITIES = (
    ("activity_id", "type", "subject", "status", "due_date", "done_at")
    + ("owner_email", "related_type", "related_id"),
    ("A1", "call", "Call them", "open", "2027-01-01", "")
    + ("anna@example.com", "deal", "D1"),
)
NOTES = (
    ("note_id", "body", "related_type", "related_id", "created_at"),
    ("N1", "Hello", "deal", "D1", "2023-01-06"),
)


class TestDeltaLoaders(DeltaCase):
    def begin(self):
        return self.start(
            companies=(("company_id", "name"), ("C1", "Acme")),
            deals=DEALS,
            pipelines=PIPELINES,
            stages=STAGES,
            activities=ACTIVITIES,
            notes=NOTES,
        )

    def test_a_deal_that_was_won_since_is_won_on_that_day(self):
        project = self.begin()
        before = self.snapshot()
        deal = self.target(project, "deal", "D1")
        self.change(
            "deals",
            "D1",
            stage_id="S2",
            status="won",
            closed_at="2024-03-01 09:00:00",
            updated_at="2024-03-02 09:00:00",
        )
        run = self.delta(project)
        self.assertFalse(self.staged(project, "deal", "D1").error)
        self.assertEqual((deal.won_status, deal.probability), ("won", 100))
        self.assertEqual(str(deal.date_closed), "2024-03-01 09:00:00")
        self.assertEqual(str(deal.write_date), "2024-03-02 09:00:00")
        self.assertEqual(str(deal.create_date), "2023-01-05 08:00:00")
        self.rollback(project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_deal_that_was_lost_and_found_again(self):
        project = self.begin()
        deal = self.target(project, "deal", "D1")
        self.change("deals", "D1", status="lost")
        self.delta(project)
        self.assertEqual((deal.active, deal.won_status), (False, "lost"))
        self.change("deals", "D1", status="open")
        self.delta(project)
        self.assertEqual((deal.active, deal.won_status), (True, "pending"))

    def test_a_stage_that_both_have_changed_is_one_decision(self):
        project = self.begin()
        deal = self.target(project, "deal", "D1")
        other = self.env["crm.stage"].create({"name": "Elsewhere"})
        deal.with_context(tracking_disable=True).stage_id = other
        self.later()
        self.change("deals", "D1", stage_id="S2", status="won")
        self.delta(project)
        self.assertEqual(deal.stage_id, other)
        self.assertLess(deal.probability, 100)
        conflict = self.conflicts(project)
        self.assertEqual(conflict.mapped("field_name"), ["stage_id"])
        conflict.action_take_source()
        self.delta(project)
        self.assertEqual((deal.stage_id.name, deal.won_status), ("Signed", "won"))

    def test_an_activity_that_was_done_since_is_in_the_chatter(self):
        project = self.begin()
        before = self.snapshot()
        activity = self.target(project, "activity", "A1")
        self.change("activities", "A1", status="done", done_at="2024-03-01 09:00:00")
        run = self.delta(project)
        self.assertFalse(activity.active)
        message = self.env["mail.message"].search(
            [("x_source_id", "=", activity.x_source_id)]
        )
        self.assertEqual(str(message.date), "2024-03-01 09:00:00")
        self.rollback(project, run_id=run.id)
        self.assertFalse(message.exists())
        self.assertTrue(activity.active)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_note_is_corrected_and_moved(self):
        project = self.begin()
        note = self.target(project, "note", "N1")
        self.change("notes", "N1", body="Hello again", related_id="D2")
        self.delta(project)
        self.assertIn("Hello again", note.body)
        self.assertEqual(note.res_id, self.target(project, "deal", "D2").id)
