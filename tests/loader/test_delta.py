"""What a change in the source means for each kind of record."""

from odoo.tests import new_test_user

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
OWNED = (
    ("deal_id", "name", "pipeline_id", "stage_id", "status", "company_id")
    + ("owner_email", "tags"),
    ("D1", "Roof", "P", "S2", "won", "C2", "anna@example.com", "Hot|New"),
    ("D2", "Wall", "P", "S1", "lost", "C1", "anna@example.com", ""),
)
ACTIVITIES = (
    ("activity_id", "type", "subject", "status", "due_date", "done_at")
    + ("owner_email", "related_type", "related_id"),
    ("A1", "call", "Call them", "open", "2027-01-01", "")
    + ("anna@example.com", "deal", "D1"),
    ("A2", "call", "Called", "done", "2024-01-01", "2024-01-02 09:00:00")
    + ("anna@example.com", "deal", "D1"),
)
NOTES = (
    ("note_id", "body", "related_type", "related_id", "created_at"),
    ("N1", "Hello", "deal", "D1", "2023-01-06"),
)

ANSWER = "Who was there?"


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

    def test_an_activity_that_is_open_again_is_planned_again(self):
        project = self.begin()
        before = self.snapshot()
        activity = self.target(project, "activity", "A2")
        self.assertFalse(activity.active)
        self.change("activities", "A2", status="open", done_at="")
        run = self.delta(project)
        self.assertEqual((activity.active, activity.date_done), (True, False))
        self.assertFalse(self.conflicts(project))
        self.assertFalse(self.said_of(activity), "nothing says that it was done")
        self.rollback(project, run_id=run.id)
        self.assertFalse(activity.active)
        self.assertSameDatabase(before, self.snapshot())

    def said_of(self, activity):
        """What the chatter says of it, by the migration."""
        source_id = activity.x_source_id
        return self.env["mail.message"].search([("x_source_id", "=", source_id)])

    def test_an_activity_that_was_done_twice_is_taken_back_step_by_step(self):
        project = self.begin()
        activity = self.target(project, "activity", "A2")
        states, runs = [self.snapshot()], []
        for status, done_at in (("open", ""), ("done", "2024-05-01 09:00:00")):
            self.change("activities", "A2", status=status, done_at=done_at)
            runs.append(self.delta(project))
            states.append(self.snapshot())
        self.assertEqual(str(self.said_of(activity).date), "2024-05-01 09:00:00")
        for run, before in zip(runs[::-1], states[-2::-1], strict=True):
            self.rollback(project, run_id=run.id)
            self.assertSameDatabase(before, self.snapshot())
            self.later()
        message = self.said_of(activity)
        self.rollback(project)
        self.assertFalse(activity.exists() or message.exists())

    def test_what_users_did_with_a_done_message_keeps_it_when_it_is_open_again(self):
        project = self.begin()
        activity = self.target(project, "activity", "A2")
        message = self.said_of(activity)
        deal = self.target(project, "deal", "D1")
        self.change("activities", "A2", status="open", done_at="")
        for work in (
            lambda: deal.message_post(body=ANSWER, parent_id=message.id),
            lambda: message.write({"body": "Called, twice"}),
            lambda: message.write({"starred_partner_ids": self.admin.partner_id.ids}),
        ):
            with self.subTest(work=work), self.cr.savepoint() as savepoint:
                work()
                self.later()
                self.delta(project)
                self.assertTrue(activity.active)
                self.assertEqual(self.said_of(activity), message)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_an_answer_to_a_done_message_keeps_it_when_the_delta_is_undone(self):
        project = self.begin()
        activity = self.target(project, "activity", "A1")
        self.change("activities", "A1", status="done", done_at="2024-03-01 09:00:00")
        run = self.delta(project)
        message = self.said_of(activity)
        deal = self.target(project, "deal", "D1")
        deal.message_post(body=ANSWER, parent_id=message.id)
        self.later()
        undo = self.rollback(project, run_id=run.id)
        self.assertTrue(activity.active)
        self.assertEqual(self.said_of(activity), message)
        kept = self.env["migration.log"].search(
            [("run_id", "=", undo.id), ("operation", "=", "keep")]
        )
        self.assertEqual((kept.res_model, kept.res_id), (message._name, message.id))
        self.rollback(project, run_id=run.id, needed="force")
        self.assertFalse(message.exists())

    def test_a_note_is_corrected_and_moved(self):
        project = self.begin()
        before = self.snapshot()
        note = self.target(project, "note", "N1")
        self.change("notes", "N1", body="Hello again", related_id="D2")
        run = self.delta(project)
        self.assertIn("Hello again", note.body)
        self.assertEqual(note.res_id, self.target(project, "deal", "D2").id)
        self.rollback(project, run_id=run.id)
        self.assertSameDatabase(before, self.snapshot())

    def test_a_note_that_users_have_edited_is_a_conflict(self):
        project = self.begin()
        note = self.target(project, "note", "N1")
        note.body = "<p>Hello, all</p>"
        self.later()
        self.change("notes", "N1", body="Hello again")
        self.delta(project)
        self.assertIn("Hello, all", note.body)
        self.assertEqual(self.conflicts(project).field_name, "body")


class TestDeltaDeals(DeltaCase):
    """A won deal and a lost one, their owner, tags and company."""

    def setUp(self):
        super().setUp()
        self.bo = new_test_user(
            self.env, "bo", "sales_team.group_sale_salesman", email="bo@example.com"
        )
        self.project = self.start(
            companies=(("company_id", "name"), ("C1", "Acme"), ("C2", "Acme AG")),
            deals=OWNED,
            pipelines=PIPELINES,
            stages=STAGES,
            users=(
                ("user_id", "name", "email"),
                ("1", "Anna Berg", "anna@example.com"),
                ("2", "Bo", "bo@example.com"),
            ),
        )
        self.won = self.target(self.project, "deal", "D1")
        self.lost = self.target(self.project, "deal", "D2")
        self.before = self.snapshot()

    def load_and_take_back(self, check):
        """Load the change, see that ``check`` holds, and that nothing of it stays."""
        run = self.delta(self.project)
        self.assertFalse(self.conflicts(self.project).mapped("field_name"))
        check()
        self.rollback(self.project, run_id=run.id)
        self.assertSameDatabase(self.before, self.snapshot())

    def test_a_stage_that_was_moved_back(self):
        self.assertEqual(self.won.won_status, "won")
        self.change("deals", "D1", stage_id="S1", status="open")

        def check():
            self.assertEqual(self.won.stage_id.name, "First talk")
            self.assertEqual(self.won.won_status, "pending")
            self.assertLess(self.won.probability, 100)
            self.assertFalse(self.won.date_closed)

        self.load_and_take_back(check)

    def test_another_owner(self):
        self.change("deals", "D1", owner_email="bo@example.com")
        self.load_and_take_back(lambda: self.assertEqual(self.won.user_id, self.bo))

    def test_a_lost_deal_that_is_open_again(self):
        self.assertFalse(self.lost.active)
        self.change("deals", "D2", status="open")

        def check():
            self.assertEqual(
                (self.lost.active, self.lost.won_status), (True, "pending")
            )
            self.assertFalse(self.lost.lost_reason_id)

        self.load_and_take_back(check)

    def test_a_tag_that_was_removed(self):
        self.assertEqual(len(self.won.tag_ids), 2)
        self.change("deals", "D1", tags="Hot")
        self.load_and_take_back(
            lambda: self.assertEqual(
                [name.lower() for name in self.won.tag_ids.mapped("name")], ["hot"]
            )
        )

    def test_two_records_that_became_one(self):
        first, second = (
            self.target(self.project, "company", key) for key in ("C1", "C2")
        )
        self.export["companies"] = self.export["companies"][:2]
        self.change("deals", "D1", company_id="C1")

        def check():
            self.assertEqual(self.won.partner_id, first)
            self.assertEqual(self.project._gone().mapped("source_id"), ["C2"])
            self.assertTrue(second.active)

        self.load_and_take_back(check)
