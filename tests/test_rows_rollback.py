"""Row G13 of the specification: what a migration did is taken back, exactly."""

from .common import DEMO, MigrationCase, csv_text

FILES = {
    "pipelines.csv": "pipeline_id,name\nP,Field force\n",
    "stages.csv": "stage_id,pipeline_id,name,position,is_won\nS,P,First talk,1,false\n",
    "companies.csv": "company_id,name,email,employee_count\n"
    "C1,Acme,acme@example.com,5\nC2,Other,other@example.com,6\n",
    "deals.csv": "deal_id,name,pipeline_id,stage_id,company_id\n"
    "D1,First,P,S,C1\nD2,Second,P,S,C2\n",
    "notes.csv": "note_id,body,related_type,related_id,created_at\n"
    "N1,Hello,deal,D1,2020-01-01\n",
}


class TestRollbackRows(MigrationCase):
    """Rollback of a run and of everything, with its preview."""

    def preview(self, project, run=None, force=False, **choices):
        """The wizard as an admin sees it."""
        if force:
            choices = dict.fromkeys(("changed", "added", "needed"), "force")
        return self.env["migration.rollback.wizard"].create(
            {"project_id": project.id, "run_id": run and run.id, **choices}
        )

    def lines(self, wizard, action):
        """``{kind of record: count}`` of the preview's lines with this action."""
        counts = {}
        for line in wizard.line_ids.filtered(lambda one: one.action == action):
            counts[line.name] = counts.get(line.name, 0) + line.count
        return counts

    def label(self, model):
        return self.env["ir.model"]._get(model).name

    def matched(self):
        """A company that is in Odoo already, and a migration that overwrites it."""
        known = self.env["res.partner"].create(
            {
                "name": "Acme as it was",
                "email": "acme@example.com",
                "is_company": True,
                "city": "Bonn",
            }
        )
        project = self.new_project(FILES)
        self.read_files(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "email"
        company.field_ids.policy = "overwrite"
        return known, project

    def test_g13_demo_leaves_the_database_as_it_was(self):
        project = self.new_project(path=DEMO)
        self.read_files(project)
        before = self.snapshot()
        self.load(project)
        self.assertGreater(len(self.snapshot()["res_partner"]), 200)
        wizard = self.preview(project)
        self.assertFalse(self.lines(wizard, "keep"))
        partners = self.lines(wizard, "remove")[self.label("res.partner")]
        self.assertEqual(partners, 56 + 179)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
        self.assertNotIn("x_region", self.env["crm.lead"]._fields)
        self.assertEqual(project.state, "staged")
        self.assertEqual(project.loaded_count, 0)

    def test_g13_a_record_that_was_there_before_is_restored(self):
        known, project = self.matched()
        before = self.snapshot()
        self.later()
        self.load(project)
        self.assertEqual(self.target(project, "company", "C1"), known)
        self.assertEqual((known.name, known.city), ("Acme", "Bonn"))
        self.assertEqual(known.x_employee_count, 5)
        self.later()
        wizard = self.preview(project)
        partner = self.label("res.partner")
        self.assertEqual(self.lines(wizard, "restore"), {partner: 1})
        self.assertEqual(self.lines(wizard, "remove")[partner], 1)
        self.assertEqual(wizard.restore_count, 1)
        self.rollback(project)
        self.assertTrue(known.exists())
        self.assertEqual(known.name, "Acme as it was")
        self.assertFalse(known.x_source_id)
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_a_value_changed_since_stays_unless_forced(self):
        for force in (False, True):
            with self.subTest(force=force), self.cr.savepoint() as savepoint:
                known, project = self.matched()
                self.load(project)
                self.later()
                known.name = "Renamed by Anna"
                self.env.flush_all()
                run = self.rollback(project, force=force)
                expected = "Acme as it was" if force else "Renamed by Anna"
                self.assertEqual(known.name, expected)
                kept = self.env["migration.log"].search(
                    [("run_id", "=", run.id), ("operation", "=", "keep")]
                )
                self.assertEqual(known.id in kept.mapped("res_id"), not force)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_g13_a_run_taken_back_before_leaves_a_later_load_alone(self):
        project = self.migrate(FILES)
        first = project.run_ids.filtered(lambda run: run.kind == "load")
        self.rollback(project, run_id=first.id)
        self.run_step(project, "load")
        company = self.target(project, "company", "C1")
        before = self.snapshot()
        self.rollback(project, run_id=first.id)
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(self.target(project, "company", "C1"), company)
        self.assertEqual(self.staged(project, "company", "C1").state, "loaded")

    def test_g13_one_run_is_taken_back_alone(self):
        project = self.migrate(FILES)
        company = self.target(project, "company", "C1")
        after_first = self.snapshot()
        folder = self.write_files(
            {
                "companies.csv": FILES["companies.csv"] + "C3,Third,t@example.com,7\n",
                "deals.csv": FILES["deals.csv"] + "D3,Third,P,S,C3\n",
            }
        )
        for name in ("companies.csv", "deals.csv"):
            project._add_path(str(folder / name))
        self.read_files(project)
        project.action_confirm()
        second = self.run_step(project, "load")
        third = self.target(project, "company", "C3")
        wizard = self.preview(project, run=second)
        self.assertEqual(
            self.lines(wizard, "remove"),
            {self.label("res.partner"): 1, self.label("crm.lead"): 1},
        )
        self.rollback(project, run_id=second.id)
        self.assertFalse(third.exists())
        self.assertTrue(company.exists())
        self.assertSameDatabase(after_first, self.snapshot())
        self.assertEqual(self.staged(project, "company", "C3").state, "pending")
        self.assertEqual(self.staged(project, "company", "C1").state, "loaded")
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "C3").x_employee_count, 7)

    def test_g13_what_users_added_stays_and_the_preview_says_so(self):
        project = self.migrate(FILES)
        deals = [self.target(project, "deal", key) for key in ("D1", "D2")]
        companies = [self.target(project, "company", key) for key in ("C1", "C2")]
        note = self.target(project, "note", "N1")
        self.later()
        added = deals[0].with_user(self.anna).sudo().message_post(body="They called")
        wizard = self.preview(project)
        kept = wizard.line_ids.filtered(lambda line: line.action == "keep")
        reasons = {line.name: line.reason for line in kept}
        self.assertIn("Users have added", reasons[self.label("crm.lead")])
        self.assertIn(self.label("mail.message"), reasons[self.label("crm.lead")])
        self.assertIn("Used by", reasons[self.label("res.partner")])
        self.assertRegex(reasons[self.label("mail.message")], "Belongs to|Used by")
        self.assertIn(
            "D1",
            kept.filtered(lambda line: line.name == self.label("crm.lead")).samples,
        )
        self.assertEqual(wizard.keep_count, sum(kept.mapped("count")))
        self.rollback(project)
        self.assertTrue(added.exists())
        self.assertTrue(deals[0].exists() and companies[0].exists() and note.exists())
        self.assertTrue(deals[0].stage_id and deals[0].team_id)
        self.assertFalse(deals[1].exists() or companies[1].exists())
        self.assertEqual(self.staged(project, "deal", "D1").state, "loaded")
        self.assertEqual(self.staged(project, "deal", "D2").state, "pending")

    def test_g13_a_record_changed_since_stays_and_the_preview_says_so(self):
        project = self.migrate(FILES)
        company = self.target(project, "company", "C2")
        self.later()
        company.with_user(self.anna).sudo().city = "Hamburg"
        kept = self.preview(project).line_ids.filtered(lambda one: one.action == "keep")
        partner = kept.filtered(lambda one: one.name == self.label("res.partner"))
        self.assertEqual((partner.count, partner.samples), (1, "C2"))
        self.assertIn("Changed since", partner.reason)
        run = self.rollback(project)
        self.assertEqual(company.exists().city, "Hamburg")
        entry = self.env["migration.log"].search(
            [
                ("run_id", "=", run.id),
                ("operation", "=", "keep"),
                ("res_model", "=", "res.partner"),
            ]
        )
        self.assertEqual((entry.res_id, entry.source_id), (company.id, "C2"))
        self.assertIn("Changed since", entry.message)

    def test_g13_a_record_of_a_user_blocks_what_it_refers_to(self):
        project = self.migrate(FILES)
        company = self.target(project, "company", "C2")
        self.later()
        child = self.env["res.partner"].create(
            {"name": "By hand", "parent_id": company.id}
        )
        self.env.flush_all()
        kept = self.preview(project).line_ids.filtered(lambda one: one.action == "keep")
        reasons = kept.mapped("reason")
        self.assertTrue(
            [one for one in reasons if "Used by" in one or "Changed" in one], reasons
        )
        self.rollback(project)
        self.assertEqual(child.exists().parent_id, company)

    def test_g13_a_forced_rollback_takes_all(self):
        project = self.new_project(FILES)
        self.read_files(project)
        before = self.snapshot()
        self.load(project)
        deal = self.target(project, "deal", "D1")
        self.later()
        deal.with_user(self.anna).sudo().message_post(body="They called")
        deal.activity_schedule("mail.mail_activity_data_todo", user_id=self.anna.id)
        self.target(project, "company", "C2").city = "Hamburg"
        self.assertTrue(self.lines(self.preview(project), "keep"))
        self.assertFalse(self.lines(self.preview(project, force=True), "keep"))
        self.rollback(project, force=True)
        self.assertFalse(deal.exists())
        after = self.snapshot()
        for table in ("crm_lead", "res_partner", "mail_message", "mail_activity"):
            self.assertEqual(after[table], before[table], table)
        for table in ("crm_stage", "crm_team", "ir_model_fields", "mail_followers"):
            self.assertEqual(after[table], before[table], table)

    def test_g13_a_load_after_a_rollback_starts_anew(self):
        project = self.migrate(FILES)
        first = self.target(project, "company", "C1")
        self.rollback(project)
        self.assertFalse(first.exists())
        self.load(project)
        again = self.target(project, "company", "C1")
        self.assertNotEqual(first, again)
        self.assertEqual(again.x_employee_count, 5)

    def test_g13_every_removal_and_restoration_is_logged(self):
        known, project = self.matched()
        self.load(project)
        lead = self.target(project, "deal", "D1")
        run = self.rollback(project)
        entries = self.env["migration.log"].search([("run_id", "=", run.id)])
        removed = entries.filtered(lambda one: one.operation == "unlink")
        self.assertIn(
            ("crm.lead", lead.id, "D1"),
            [(one.res_model, one.res_id, one.source_id) for one in removed],
        )
        restored = entries.filtered(lambda one: one.operation == "restore")
        self.assertEqual(
            (restored.res_id, restored.changes["after"]["name"]),
            (known.id, "Acme as it was"),
        )

    def test_g13_attendees_of_a_meeting_go_with_it_and_hold_nobody_back(self):
        before = self.snapshot()
        project = self.new_project(
            {
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "email"),
                    ("P1", "Ada", "Wolf", "ada.wolf@example.com"),
                ),
                "meetings.csv": csv_text(
                    ("meeting_id", "title", "start", "end", "attendees"),
                    ("M1", "Kick-off", "2024-03-01 10:00:00", "2024-03-01 11:00:00")
                    + ("Ada Wolf <ada.wolf@example.com> (accepted)",),
                ),
            },
            source="chakra",
        )
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        meetings = project.mapping_ids.filtered(lambda one: one.name == "meeting")
        meetings.active = False
        project._approve(self.env.user)
        self.run_step(project, "load")
        # Each chunk of a real load is a transaction of its own.
        self.later()
        meetings.active = True
        project._approve(self.env.user)
        self.run_step(project, "load")
        contact = self.target(project, "contact", "P1")
        meeting = self.target(project, "meeting", "M1")
        self.assertIn(contact, meeting.attendee_ids.partner_id)
        run = self.rollback(project)
        kept = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "keep")]
        )
        self.assertFalse(kept.mapped("message"))
        self.assertSameDatabase(before, self.snapshot())

    def test_g13_a_record_that_changed_nothing_is_taken_back_as_well(self):
        """The contact names its company itself; the link between them finds it so."""
        project = self.migrate(
            {
                "companies.csv": "company_id,name\nC1,Acme\n",
                "contacts.csv": "contact_id,first_name,last_name,company_id\n"
                "P1,Ada,Test,C1\n",
                "contact_companies.csv": "contact_id,company_id,is_primary,role\n"
                "P1,C1,true,\n",
            }
        )
        link = self.staged(project, "contact_company", "P1:C1")
        self.assertEqual(link.state, "loaded")
        said = self.env["migration.log"].search(
            [("mapping_id", "=", link.mapping_id.id), ("source_id", "=", "P1:C1")]
        )
        self.assertEqual(said.mapped("operation"), ["match"])
        self.rollback(project)
        self.assertEqual((link.state, link.res_id), ("pending", 0))
        self.assertEqual(project.state, "staged")
