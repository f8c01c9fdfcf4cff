"""Row G13 of the specification: the preview says what cannot be taken back, and why."""

import itertools
from unittest.mock import patch

from ..models.engine.undo_choice import Choices
from ..models.engine.undo_plan import ForcedPlan, UndoPlan
from .test_rows_undo_choices import UndoCase

FILES = {
    "companies.csv": "company_id,name,email,city\n"
    "C1,Acme,acme@example.com,Bonn\nC2,Other,other@example.com,Oslo\n",
}


class TestPurged(UndoCase):
    """Values whose former state is known no more, as the journal was purged."""

    def matched(self, name, city):
        """A migration that has given a company of ours another city."""
        project = self.new_project(
            {
                "companies.csv": "company_id,name,email,city\n"
                f"C1,Acme,acme@example.com,{city}\nC2,Other,{name}@example.com,Oslo\n"
            },
            name=name,
        )
        self.read_files(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "email"
        self.line(project, "company", "city").policy = "overwrite"
        self.load(project)
        self.assertEqual(self.acme.city, city)
        self.later()
        return project

    def setUp(self):
        super().setUp()
        self.acme = self.env["res.partner"].create(
            {
                "name": "Acme",
                "is_company": True,
                "email": "acme@example.com",
                "city": "Ulm",
            }
        )
        self.env.flush_all()

    def purged_line(self, wizard):
        return wizard.line_ids.filtered(lambda line: line.kind == "purged")

    def test_G13_the_preview_says_which_values_cannot_be_restored(self):
        project = self.matched("first", "Bonn")
        self.assertFalse(self.purged_line(self.preview(project)))
        self.env["migration.purger"]._purge(project)
        wizard = self.preview(project)
        line = self.purged_line(wizard)
        self.assertEqual((line.action, line.count, line.samples), ("keep", 1, "C1"))
        self.assertEqual(line.res_model, "res.partner")
        self.assertIn("purged", line.reason)
        self.assertIn("City", line.reason)
        self.assertEqual(line.action_open()["domain"], [("id", "in", self.acme.ids)])
        self.assertEqual(wizard.restore_count, 0)
        self.assertEqual(self.fates(wizard, "res.partner")["remove", False], 1)

    def test_G13_the_log_says_which_values_could_not_be_restored(self):
        project = self.matched("first", "Bonn")
        self.env["migration.purger"]._purge(project)
        run = self.rollback(project)
        entry = self.logged(run, "keep")
        self.assertEqual((entry.res_id, entry.source_id), (self.acme.id, "C1"))
        self.assertIn("purged", entry.message)
        self.assertIn("City", entry.message)
        self.assertEqual(self.acme.city, "Bonn")
        self.assertEqual(self.run_of(project, "load").undone, "partly")
        again = self.rollback(project)
        self.assertIn("nothing left", again.message)

    def test_G13_a_record_deleted_since_has_nothing_to_restore(self):
        project = self.matched("first", "Bonn")
        self.env["migration.purger"]._purge(project)
        self.acme.unlink()
        self.assertFalse(self.purged_line(self.preview(project)))

    def test_G13_what_another_migration_wrote_is_restored_whatever_was_purged(self):
        for purged_first in (True, False):
            with (
                self.subTest(purged_first=purged_first),
                self.cr.savepoint() as savepoint,
            ):
                first, second = self.matched("one", "Bonn"), self.matched("two", "Kiel")
                purged, kept = (first, second) if purged_first else (second, first)
                self.env["migration.purger"]._purge(purged)
                self.rollback(kept)
                # Below a write that is not known any more, nothing can be changed.
                self.assertEqual(self.acme.city, "Bonn" if purged_first else "Kiel")
                savepoint.rollback()
                self.env.invalidate_all(flush=False)


class TestRefused(UndoCase):
    """What the database holds on to is known before anything is tried."""

    def setUp(self):
        super().setUp()
        self.project = self.migrate(
            {
                "pipelines.csv": "pipeline_id,name\nP,Field force\n",
                "stages.csv": "stage_id,pipeline_id,name,position,is_won\n"
                "S,P,First talk,1,false\nS2,P,Second talk,2,false\n",
                **FILES,
            }
        )
        self.later()
        self.stage = self.target(self.project, "stage", "S")
        self.partner = self.target(self.project, "company", "C1")

    def refused(self, **choices):
        """``{model: (count, why)}`` of the preview's lines that Odoo will refuse."""
        wizard = self.preview(self.project, **choices)
        lines = wizard.line_ids.filtered(lambda one: one.kind == "refused")
        return {one.res_model: (one.count, one.reason) for one in lines}

    def test_G13_nothing_is_foretold_of_what_can_go(self):
        self.assertFalse(self.refused())
        kinds = self.preview(self.project).line_ids.mapped("action")
        self.assertEqual(set(kinds), {"remove"})

    def test_G13_a_stage_of_a_deal_and_a_contact_of_a_user_cannot_be_forced(self):
        self.env["crm.lead"].create({"name": "By hand", "stage_id": self.stage.id})
        self.env["res.users"].create(
            {"name": "C1", "login": "c1@example.com", "partner_id": self.partner.id}
        )
        self.env.flush_all()
        forced = dict.fromkeys(("changed", "added", "needed"), "force")
        lead = self.env["ir.model"]._get("crm.lead").name
        for choices in ({}, forced):
            count, reason = self.refused(**choices)["crm.stage"]
            self.assertEqual(count, 1)
            self.assertIn(f"does not let it be deleted: {lead}", reason)
        # The user's name was copied to the contact, too.
        self.assertNotIn("res.partner", self.refused())
        self.assertEqual(self.refused(**forced)["res.partner"][0], 1)
        run = self.rollback(self.project, **forced)
        kept = {
            (one.res_model, one.source_id): one.message
            for one in self.logged(run, "keep")
        }
        self.assertEqual(
            [key for key in kept if key[0] in ("crm.stage", "res.partner")],
            [("crm.stage", "S"), ("res.partner", "C1")],
        )
        self.assertIn("does not let it", kept["res.partner", "C1"])
        self.assertTrue(self.stage.exists() and self.partner.exists())
        self.assertFalse(
            sum(run.line_ids.mapped("failed")), "nothing was tried in vain"
        )

    def test_G13_a_table_that_no_model_has_holds_on_to_records_as_well(self):
        self.cr.execute(
            """CREATE TABLE foreign_contact (
                   partner_id integer REFERENCES res_partner ON DELETE RESTRICT)"""
        )
        self.cr.execute("INSERT INTO foreign_contact VALUES (%s)", (self.partner.id,))
        count, reason = self.refused(needed="force")["res.partner"]
        self.assertEqual(count, 1)
        self.assertIn("foreign_contact", reason)


class TestForced(UndoCase):
    """What is forced is worked out once, whatever users have done."""

    def setUp(self):
        super().setUp()
        self.project = self.migrate(
            {
                "pipelines.csv": "pipeline_id,name\nP,Field force\n",
                "stages.csv": "stage_id,pipeline_id,name,position,is_won\n"
                "S,P,First talk,1,false\nS2,P,Second talk,2,false\n",
                **FILES,
                "deals.csv": "deal_id,name,company_id,pipeline_id,stage_id\n"
                "D1,Roof,C1,P,S\nD2,Wall,C2,P,S2\nD3,Door,C2,P,S\n",
                "notes.csv": "note_id,body,related_type,related_id,created_at\n"
                "N1,Hello,deal,D1,2020-01-01\nN2,Hello,deal,D3,2020-01-01\n",
            }
        )
        self.later()
        names = (("deal", "D1"), ("deal", "D2"), ("company", "C1"), ("stage", "S"))
        roof, wall, acme, stage = (self.target(self.project, *one) for one in names)
        quiet = {"tracking_disable": True}
        acme.with_context(**quiet).with_user(self.anna).sudo().city = "Hamburg"
        wall.message_post(body="They called")
        self.env["crm.lead"].create(
            {"name": "By hand", "partner_id": acme.id, "stage_id": stage.id}
        )
        note = self.target(self.project, "note", "N1")
        roof.message_post(body="An answer", parent_id=note.id)
        self.env.flush_all()

    def rows(self, plan):
        """All of a plan, as it stands in its table."""
        return plan.kept(), plan.going()

    def test_G13_what_is_forced_is_what_a_plan_of_its_own_says(self):
        names = ("changed", "added", "needed")
        run = self.run_of(self.project, "load")
        for forced in itertools.product(("leave", "force"), repeat=len(names)):
            choices = Choices(**dict(zip(names, forced, strict=True)))
            for one in (None, run):
                with self.subTest(forced=forced, run=one):
                    expected = self.rows(UndoPlan(self.project, one, choices))
                    plan = ForcedPlan(self.project, one, choices)
                    self.assertEqual(self.rows(plan), expected)

    def test_G13_a_preview_makes_one_plan_and_looks_again_at_what_would_stay(self):
        stays = len(UndoPlan(self.project).kept())
        going = len(UndoPlan(self.project).going())
        made, looked_at = [], []
        build, keep = UndoPlan._build, UndoPlan._keep

        def counted(plan):
            made.append(plan)
            build(plan)

        def seen(plan):
            self.cr.execute("SELECT count(*) FROM migration_undo WHERE NOT free")
            looked_at.extend(self.cr.fetchone())
            keep(plan)

        with (
            patch.object(UndoPlan, "_build", counted),
            patch.object(UndoPlan, "_keep", seen),
        ):
            wizard = self.preview(self.project, added="force", needed="force")
            self.assertTrue(wizard.line_ids)
        self.assertEqual(len(made), 1)
        self.assertEqual(looked_at, [stays])
        self.assertGreater(going, 0)
