"""Row G13 of the specification: runs are taken back in any order, one by one."""

import itertools

from .common import csv_text
from .test_rows_undo_choices import UndoCase

COMPANIES = (("company_id", "name", "email", "city"),)
FIRST = {
    "companies.csv": csv_text(
        *COMPANIES,
        ("C1", "Acme", "acme@example.com", "Bonn"),
        ("C2", "Other", "other@example.com", "Kiel"),
    ),
    "deals.csv": "deal_id,name,company_id\nD1,First,C1\n",
}
SECOND = {
    "companies.csv": csv_text(
        *COMPANIES,
        ("C1", "Acme", "acme@example.com", "Bonn"),
        ("C2", "Other", "other@example.com", "Kiel"),
        ("C3", "Third", "third@example.com", "Trier"),
    ),
    "deals.csv": "deal_id,name,company_id\nD1,First,C1\nD2,Second,C2\nD3,Third,C3\n",
}


class TestOrder(UndoCase):
    """Two loads, a sample, a structure; the last one is not always the first to go."""

    def add(self, project, files):
        """Read further files of the same objects."""
        folder = self.write_files(files)
        for name in files:
            project._add_path(str(folder / name))
        self.read_files(project)
        project.action_confirm()
        project._approve(self.env.user)

    def two_loads(self):
        """A migration loaded twice; ``(project, before, first, second load)``."""
        project = self.new_project(FIRST)
        self.read_files(project)
        before = self.snapshot()
        first = self.load(project)
        self.later()
        self.add(project, SECOND)
        second = self.run_step(project, "load")
        self.later()
        return project, before, first, second

    def test_g13_the_first_load_goes_before_the_second(self):
        project, before, first, second = self.two_loads()
        wizard = self.preview(project, run=first)
        self.assertEqual(
            self.fates(wizard, "res.partner"),
            {("remove", False): 1, ("keep", "needed"): 1},
        )
        self.rollback(project, run_id=first.id)
        self.assertEqual((first.undone, second.undone), ("partly", False))
        deal = self.target(project, "deal", "D2")
        self.assertEqual(deal.partner_id, self.target(project, "company", "C2"))
        self.assertEqual(self.staged(project, "company", "C1").state, "pending")
        self.assertEqual(self.staged(project, "company", "C2").state, "loaded")
        self.rollback(project, run_id=second.id)
        self.assertEqual(second.undone, "wholly")
        self.rollback(project, run_id=first.id)
        self.assertEqual(first.undone, "wholly")
        self.assertEqual(project.loaded_count, 0)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_a_kept_sample_goes_after_the_load_that_builds_on_it(self):
        project = self.new_project(SECOND)
        self.read_files(project)
        before = self.snapshot()
        project.action_confirm()
        self.run_step(project, "prepare")
        sample = self.run_step(project, "sample", size=2, keep=True, seed="1")
        self.assertTrue(project.loaded_count)
        self.later()
        self.run_step(project, "load")
        self.later()
        self.rollback(project, run_id=sample.id)
        for record in self.env["migration.record"].search(
            [("project_id", "=", project.id), ("state", "=", "loaded")]
        ):
            self.assertTrue(self.env[record.res_model].browse(record.res_id).exists())
        self.run_step(project, "load")
        self.assertEqual(project.loaded_count, project.staged_count)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_structure_in_use_stays_and_what_uses_it_is_said(self):
        project = self.new_project(
            {
                "pipelines.csv": "pipeline_id,name\nP,Field force\n",
                "stages.csv": "stage_id,pipeline_id,name,position\nS,P,First talk,1\n",
                "companies.csv": "company_id,name,employee_count\nC1,Acme,5\n",
                "deals.csv": "deal_id,name,pipeline_id,stage_id,company_id\n"
                "D1,First,P,S,C1\n",
            }
        )
        self.read_files(project)
        project.action_confirm()
        prepare = self.run_step(project, "prepare")
        self.later()
        self.run_step(project, "load")
        self.later()
        wizard = self.preview(project, run=prepare)
        fates = self.fates(wizard, "crm.team")
        # Stages of a team that stay hold on to it, and deals to their stage.
        self.assertEqual(set(fates), {("keep", "refused")})
        said = wizard.line_ids.filtered(lambda line: line.kind == "refused")
        whats = ("crm.lead", "crm.stage")
        self.assertEqual(set(said.mapped("by_what")), set(whats))
        for line in said:
            self.assertIn(self.env["ir.model"]._get(line.by_what).name, line.reason)
        self.assertEqual(self.fates(wizard, "ir.model.fields").get(("keep", "used")), 1)
        deal, stage = (
            self.target(project, *one) for one in (("deal", "D1"), ("stage", "S"))
        )
        self.rollback(project, run_id=prepare.id)
        self.assertEqual(deal.stage_id, stage)
        self.assertEqual(prepare.undone, "partly")
        self.assertEqual(project.state, "staged", "it is to be prepared again")

    def test_g13_what_went_with_a_record_of_another_run_is_loaded_again(self):
        project = self.new_project(FIRST)
        self.read_files(project)
        self.load(project)
        first = self.run_of(project, "load")
        self.later()
        self.add(
            project,
            {
                "notes.csv": "note_id,body,related_type,related_id,created_at\n"
                "N1,Hello,deal,D1,2020-01-01\n"
            },
        )
        self.run_step(project, "prepare")
        self.run_step(project, "load")
        note = self.target(project, "note", "N1")
        self.rollback(project, run_id=first.id, added="force", needed="force")
        self.assertFalse(note.exists())
        self.assertEqual(self.staged(project, "note", "N1").state, "pending")
        self.run_step(project, "load")
        again = self.target(project, "note", "N1")
        self.assertEqual(again.res_id, self.target(project, "deal", "D1").id)

    def test_g13_what_a_user_deleted_is_not_loaded_again(self):
        project, _before, _first, second = self.two_loads()
        self.target(project, "deal", "D1").unlink()
        self.rollback(project, run_id=second.id)
        self.assertEqual(self.staged(project, "deal", "D1").state, "loaded")
        self.assertEqual(self.staged(project, "deal", "D2").state, "pending")

    def test_g13_users_made_for_a_load_go_with_it_unless_others_need_them(self):
        header = "company_id,name,owner\n"
        project = self.new_project(
            {"companies.csv": header + "C1,Acme,nora@new.example\n"},
            fallback_user_id=False,
        )
        self.read_files(project)
        project.owner_ids.action_create_user()
        nora = project.owner_ids.user_id
        first = self.load(project)
        self.later()
        self.add(project, {"companies.csv": header + "C2,Beta,nora@new.example\n"})
        second = self.run_step(project, "load")
        self.later()
        wizard = self.preview(project, run=first)
        self.assertFalse(self.fates(wizard, "res.users"), "the second load needs it")
        run = self.rollback(project, run_id=first.id)
        self.assertFalse(self.logged(run, "keep"))
        self.assertTrue(nora.exists())
        self.rollback(project, run_id=second.id)
        self.assertFalse(nora.exists())


class TestOverwritten(UndoCase):
    """Values that several migrations wrote to one contact, one over the other."""

    def setUp(self):
        super().setUp()
        self.known = self.env["res.partner"].create(
            {"name": "A", "email": "acme@example.com", "is_company": True}
        )
        self.tags = self.env["res.partner.category"].create(
            [{"name": "own"}, {"name": "VIP"}]
        )
        self.known.category_id = self.tags[0]
        self.before = self.snapshot()
        self.projects = []

    def overwrite(self, city, name):
        """A migration that writes to the contact that is there."""
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "email", "city"),
                    ("C1", name, "acme@example.com", city),
                )
            }
        )
        self.read_files(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "email"
        company.field_ids.policy = "overwrite"
        self.later()
        self.load(project)
        self.assertEqual(self.known.city, city)
        self.projects.append(project)
        return project

    def test_g13_three_writes_are_taken_back_in_any_order(self):
        for number, city in enumerate(("Bonn", "Kiel", "Trier")):
            self.overwrite(city, f"Name {number}")
        self.later()
        for order in itertools.permutations(self.projects):
            with self.subTest(order=order), self.cr.savepoint() as savepoint:
                for project in order:
                    self.rollback(project)
                    self.later()
                self.assertEqual((self.known.name, self.known.city), ("A", False))
                self.assertSameDatabase(self.before, self.snapshot())
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_g13_a_write_below_another_one_changes_nothing_when_it_goes(self):
        first, second = self.overwrite("Bonn", "B"), self.overwrite("Kiel", "C")
        self.rollback(first)
        self.assertEqual((self.known.name, self.known.city), ("C", "Kiel"))
        self.rollback(second)
        self.assertEqual((self.known.name, self.known.city), ("A", False))

    def test_g13_what_a_user_wrote_in_between_comes_back_and_stays(self):
        first = self.overwrite("Bonn", "B")
        self.later()
        self.known.with_user(self.anna).sudo().city = "Hamburg"
        second = self.overwrite("Kiel", "B")
        self.later()
        for order in ((first, second), (second, first)):
            with self.subTest(order=order), self.cr.savepoint() as savepoint:
                for project in order:
                    self.rollback(project)
                    self.later()
                self.assertEqual((self.known.name, self.known.city), ("A", "Hamburg"))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_g13_what_was_left_can_be_restored_later(self):
        project = self.overwrite("Bonn", "B")
        self.later()
        self.known.with_user(self.anna).sudo().city = "Hamburg"
        self.env.flush_all()
        wizard = self.preview(project)
        kept = wizard.line_ids.filtered(lambda line: line.action == "keep")
        self.assertEqual((kept.res_model, kept.count), ("res.partner", 1))
        self.assertEqual(kept.action_open()["domain"], [("id", "in", self.known.ids)])
        run = self.rollback(project)
        self.assertEqual((self.known.name, self.known.city), ("A", "Hamburg"))
        self.assertEqual(self.logged(run, "keep").changes["kept"], ["city"])
        self.assertFalse(self.preview(project).line_ids)
        self.rollback(project, changed="force")
        self.assertEqual((self.known.name, self.known.city), ("A", False))

    def test_g13_a_value_odoo_refuses_to_take_back_is_said(self):
        project = self.overwrite("Bonn", "B")
        self.later()
        constraint = type(self.env["res.partner"])
        write = constraint.write

        def refusing(records, vals):
            if vals.get("name") == "A":
                raise ValueError("No more A.")
            return write(records, vals)

        self.patch(constraint, "write", refusing)
        run = self.rollback(project)
        entry = self.logged(run, "keep")
        self.assertEqual(entry.res_id, self.known.id)
        self.assertIn("No more A.", entry.message)
        self.assertEqual(self.known.city, "Bonn")
