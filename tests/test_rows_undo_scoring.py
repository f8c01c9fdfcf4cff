"""Row G13 of the specification: Odoo's scoring forgets deals that are taken back."""

from .common import csv_text
from .engine.test_delta import DeltaCase
from .test_rows_undo_choices import UndoCase

FILES = {
    "pipelines.csv": csv_text(("pipeline_id", "name"), ("P", "Field force")),
    "stages.csv": csv_text(
        ("stage_id", "pipeline_id", "name", "position", "is_won"),
        ("S1", "P", "First talk", "1", "false"),
        ("S2", "P", "Signed", "2", "true"),
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "pipeline_id", "stage_id", "status", "tags"),
        ("D1", "Open", "P", "S1", "open", "Hot"),
        ("D2", "Won", "P", "S2", "won", "Hot"),
        ("D3", "Lost", "P", "S1", "lost", ""),
        ("D4", "Open, too", "P", "S1", "open", ""),
    ),
}
FORCED = dict.fromkeys(("changed", "added", "needed"), "force")


class ScoringCase(UndoCase):
    """A database whose scoring learns from the time of the tests on."""

    def setUp(self):
        super().setUp()
        config = self.env["ir.config_parameter"]
        config.set_param("crm.pls_start_date", "2000-01-01")
        config.set_param("crm.pls_fields", "tag_ids,phone_state,country_id")

    def counters(self):
        """The rows of the table, but for who changed them when."""
        self.env.flush_all()
        self.cr.execute(
            """SELECT team_id, variable, value, won_count, lost_count
                 FROM crm_lead_scoring_frequency ORDER BY 1, 2, 3, 4, 5"""
        )
        return self.cr.fetchall()


class TestScoring(ScoringCase):
    """The counters as if the migration had never been there, whatever users decided."""

    def setUp(self):
        super().setUp()
        self.ours = self.env["crm.lead"].create(
            [{"name": f"Ours {n}", "type": "opportunity"} for n in range(3)]
        )
        self.ours[0].action_set_won()
        self.ours[1].action_set_lost()
        self.later()
        self.before = self.counters()
        self.assertTrue(self.before)

    def migrated(self):
        project = self.migrate(FILES)
        self.later()
        self.deals = [self.target(project, "deal", f"D{n}") for n in range(1, 5)]
        self.assertEqual(self.counters(), self.before)
        return project

    def test_G13_a_deal_that_users_won_or_lost_leaves_no_trace(self):
        project = self.migrated()
        self.deals[0].action_set_won()
        self.deals[3].action_set_lost()
        self.assertNotEqual(self.counters(), self.before)
        self.assertEqual([one.x_scored for one in self.deals][::3], ["won", "lost"])
        self.later()
        self.rollback(project, **FORCED)
        self.assertFalse(self.deals[0].exists() or self.deals[3].exists())
        self.assertEqual(self.counters(), self.before)

    def test_G13_a_deal_that_stays_keeps_its_counters(self):
        project = self.migrated()
        self.deals[0].action_set_won()
        self.rollback(project)
        self.assertTrue(self.deals[0].exists(), "it was changed")
        self.assertNotEqual(self.counters(), self.before)

    def test_G13_odoo_keeps_what_it_learnt_of_a_deal_that_a_user_deletes(self):
        """What users do by hand is Odoo's affair: the control."""
        self.ours[0].unlink()
        self.assertEqual(self.counters(), self.before)
        self.migrated()
        self.deals[0].action_set_won()
        won = self.counters()
        self.deals[0].unlink()
        self.assertEqual(self.counters(), won)

    def test_a_migrated_deal_that_is_opened_again_was_never_counted(self):
        self.migrated()
        self.assertEqual([one.x_scored for one in self.deals], ["nothing"] * 4)
        won, lost = self.deals[1:3]
        won.write({"stage_id": self.deals[0].stage_id.id})
        lost.action_unarchive()
        self.assertEqual(self.counters(), self.before)
        won.action_set_won()
        once = self.counters()
        self.assertNotEqual(once, self.before)
        won.action_set_won()
        self.assertEqual(self.counters(), once)

    def test_G13_won_opened_and_won_again_counts_once(self):
        project = self.migrated()
        deal = self.deals[0]
        stage = deal.stage_id
        deal.action_set_won()
        once = self.counters()
        deal.stage_id = stage
        self.assertEqual(deal.x_scored, "nothing")
        deal.action_set_won()
        self.assertEqual(self.counters(), once)
        self.rollback(project, **FORCED)
        self.assertEqual(self.counters(), self.before)

    def test_G13_what_users_win_of_their_own_counts_as_without_a_migration(self):
        with self.cr.savepoint() as savepoint:
            self.ours[2].action_set_won()
            expected = self.counters()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        project = self.migrated()
        # All stages are counted, those of the migration, too.
        self.ours[2].action_set_won()
        self.assertNotEqual(self.counters(), expected)
        self.later()
        self.rollback(project)
        self.assertEqual(self.counters(), expected)

    def test_G13_counters_that_were_rebuilt_forget_the_migrated_deals(self):
        leads = self.env["crm.lead"]
        with self.cr.savepoint() as savepoint:
            leads._rebuild_pls_frequency_table()
            expected = self.counters()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        project = self.migrated()
        self.deals[3].action_set_lost()
        self.later()
        leads._rebuild_pls_frequency_table()
        self.assertEqual(
            [one.x_scored for one in self.deals], ["nothing", "won", "lost", "lost"]
        )
        self.later()
        self.rollback(project, **FORCED)
        self.assertEqual(self.counters(), expected)

    def test_deals_of_users_are_counted_by_odoo_alone(self):
        self.migrated()
        self.ours[2].action_set_won()
        self.assertNotEqual(self.counters(), self.before)
        copies = self.ours[2].copy() + self.deals[0].copy()
        self.assertFalse(any((self.ours + copies).mapped("x_scored")))


class TestScoringOfOverwritten(ScoringCase):
    """Deals that were in Odoo before count as if nobody had overwritten them."""

    def setUp(self):
        super().setUp()
        own, self.hot = self.env["crm.tag"].create([{"name": "Own"}, {"name": "Hot"}])
        deals = self.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "tag_ids": own.ids}
                for name in ("Open", "Won", "Open, too")
            ]
        )
        self.deals = dict(zip(("open", "won", "too"), deals, strict=True))
        self.first = deals[0].stage_id
        self.last = self.env["crm.stage"].create({"name": "Done", "is_won": True})
        # The tag of the migration is known to the scoring.
        hot = deals[0].copy({"name": "Hot", "tag_ids": self.hot.ids})
        for won in (self.deals["won"], hot):
            won.stage_id = self.last
        self.later()
        self.files = {
            **FILES,
            "deals.csv": csv_text(
                ("deal_id", "name", "pipeline_id", "stage_id", "status", "tags"),
                ("D1", "Open", "P", "S2", "won", "Hot"),
                ("D2", "Won", "P", "S1", "open", "Hot"),
                ("D3", "Open, too", "P", "S1", "open", "Hot"),
            ),
        }

    def migrated(self):
        """A migration that gives all of them another team, stage and tag."""
        project = self.new_project(self.files)
        self.read_files(project)
        deal = project.mapping_ids.filtered(lambda one: one.name == "deal")
        deal.match_by = "name"
        deal.field_ids.policy = "overwrite"
        before = self.counters()
        self.load(project)
        self.later()
        matched = self.env["migration.record"].search(
            [("mapping_id", "=", deal.id), ("state", "=", "matched")]
        )
        self.assertEqual(len(matched), 3)
        team = self.deals["open"].team_id
        self.assertEqual(team.name, "Field force")
        self.assertIn(self.hot, self.deals["open"].tag_ids)
        self.assertEqual(self.deals["open"].won_status, "won")
        self.assertEqual(self.counters(), before)
        return project

    def win(self, key):
        self.deals[key].write({"active": True, "stage_id": self.last.id})

    def lose(self, key):
        self.reopen(key)
        self.deals[key].action_set_lost()

    def reopen(self, key):
        self.deals[key].action_unarchive()
        self.deals[key].stage_id = self.first

    def without_migration(self, decide):
        """The counters after the same decisions where nothing was migrated."""
        with self.cr.savepoint() as savepoint:
            decide()
            expected = self.counters()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return expected

    def assertCountsAsWithout(self, *decisions, **options):
        """``decisions``: pairs of a method's name and a deal's."""

        def decide():
            for name, key in decisions:
                getattr(self, name)(key)
                self.later()

        with self.subTest(decisions), self.cr.savepoint() as savepoint:
            expected = self.without_migration(decide)
            project = self.migrated()
            decide()
            self.rollback(project, **options)
            self.assertEqual(self.counters(), expected)
            deals = self.env["crm.lead"].union(*self.deals.values())
            self.assertFalse(any(deals.mapped("x_scored")))
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self._forget_custom_fields()

    def test_G13_what_was_overwritten_and_then_won_or_lost(self):
        self.assertCountsAsWithout()
        for key in ("too", "open"):
            for decision in ("win", "lose", "reopen"):
                self.assertCountsAsWithout((decision, key))

    def test_G13_what_was_won_before_and_overwritten(self):
        for decision in ("win", "lose", "reopen"):
            self.assertCountsAsWithout((decision, "won"))

    def test_G13_what_was_decided_more_than_once(self):
        self.assertCountsAsWithout(("win", "too"), ("reopen", "too"), ("lose", "too"))
        self.assertCountsAsWithout(("win", "too"), ("lose", "open"), ("win", "too"))


class TestScoringOfChanged(DeltaCase, ScoringCase):
    """Deals that users have won before a delta gave them other tags."""

    def test_G13_a_deal_counts_by_its_values_and_leaves_no_trace(self):
        tags = self.env["crm.tag"].create(
            [{"name": name} for name in ("Hot", "New", "Big")]
        )
        ours = self.env["crm.lead"].create({"name": "Ours", "tag_ids": tags.ids})
        ours.action_set_won()
        self.later()
        before = self.counters()
        project = self.start()
        deal = self.target(project, "deal", "D1")
        deal.action_set_won()
        self.later()
        won = self.counters()
        self.change("deals", "D1", tags="Big")
        run = self.delta(project)
        self.assertEqual(deal.tag_ids, tags[2])
        self.assertNotEqual(self.counters(), won)
        self.rollback(project, run_id=run.id)
        self.assertEqual(self.counters(), won)
        self.later()
        self.delta(project)
        self.rollback(project, **FORCED)
        self.assertEqual(self.counters(), before)
