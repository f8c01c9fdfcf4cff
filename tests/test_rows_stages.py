"""The rows CH05 and LE04: pipelines that are shorter in Odoo, or there already."""

from .common import MigrationCase, csv_text

STAGES = (
    ("stage_id", "name", "pipeline_id", "position", "is_won"),
    ("S1", "Fresh", "P1", "1", "false"),
    ("S2", "Contacted", "P1", "2", "false"),
    ("S3", "Nurture", "P1", "3", "false"),
    ("S4", "Signed", "P1", "4", "true"),
)
DEALS = (("D1", "S1"), ("D2", "S2"), ("D3", "S3"), ("D4", "S3"), ("D5", "S4"))


class StageCase(MigrationCase):
    def pipeline(self, source="chakra", name="Inside Sales"):
        """A migration of five deals in the four stages of one pipeline, read."""
        project = self.new_project(
            {
                "pipelines.csv": f"pipeline_id,name\nP1,{name}\n",
                "stages.csv": csv_text(*STAGES),
                "deals.csv": csv_text(
                    ("deal_id", "name", "pipeline_id", "stage_id", "owner_email"),
                    *(
                        (deal, f"Deal {deal}", "P1", stage, "anna@example.com")
                        for deal, stage in DEALS
                    ),
                ),
            },
            source=source,
        )
        self.read_files(project)
        return project

    def consolidate(self, project, line, **targets):
        """Translate the values of ``line``; those left out keep their proposal."""
        line.kind = "value_mapping"
        line.action_list_values()
        for value in line.value_ids.filtered(lambda one: one.name in targets):
            value.write({"target": targets[value.name], "mapped": True})
        return {value.name: value.target for value in line.value_ids}

    def stage_of(self, project, deal):
        return self.target(project, "deal", deal).stage_id

    def merged(self, project):
        return project.finding_ids.filtered(lambda one: one.code == "values_merged")


class TestConsolidation(StageCase):
    def shorter(self):
        project = self.pipeline()
        line = self.line(project, "stage", "name")
        said = self.consolidate(project, line, Contacted="Fresh", Nurture="Fresh")
        self.assertEqual(said["Signed"], "Signed", "others keep their names")
        return project, line

    def test_CH05_several_stages_become_one_and_each_deal_keeps_its_own_name(self):
        before = self.snapshot()
        project, _line = self.shorter()
        self.load(project)
        team = self.target(project, "pipeline", "P1")
        stages = self.env["crm.stage"].search([("team_ids", "=", team.id)])
        self.assertEqual(stages.sorted("sequence").mapped("name"), ["Fresh", "Signed"])
        self.assertEqual(
            [self.stage_of(project, deal).name for deal, _stage in DEALS],
            ["Fresh"] * 4 + ["Signed"],
        )
        self.assertEqual(self.target(project, "stage", "S3"), stages[0])
        self.assertEqual(
            [
                self.target(project, "deal", deal).x_source_stage
                for deal, _stage in DEALS
            ],
            ["Fresh", "Contacted", "Nurture", "Nurture", "Signed"],
        )
        self.assertEqual(self.target(project, "deal", "D5").won_status, "won")
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_CH05_a_value_map_is_loaded_only_once_somebody_has_confirmed_it(self):
        project, line = self.shorter()
        project.mapping_ids.field_ids.filtered(lambda one: one != line)._confirm()
        self.assertFalse(line.confirmed)
        with self.assertRaisesRegex(Exception, "confirm"):
            project.action_prepare()

    def test_CH05_lossy_merges_are_listed_with_their_counts(self):
        project, line = self.shorter()
        self.assertFalse(self.merged(project))
        self.load(project)
        finding = self.merged(project)
        self.assertEqual((finding.count, finding.severity), (4, "2_warning"))
        self.assertIn("“Fresh”", finding.name)
        for listed in ("Fresh (1)", "Contacted (1)", "Nurture (2)"):
            self.assertIn(listed, finding.samples)
        self.assertNotIn("Signed", finding.samples)
        entry = self.env["migration.log"].search(
            [
                ("project_id", "=", project.id),
                ("operation", "=", "decision"),
                ("message", "like", "Merged into"),
            ]
        )
        self.assertEqual(entry.mapping_id, line.mapping_id)
        self.assertIn("Nurture (2)", entry.message)
        report = self.env["migration.report"]._data(project)["findings"]
        self.assertIn("values_merged", [one["code"] for one in report])

    def test_CH05_an_open_stage_does_not_become_a_won_one(self):
        project = self.pipeline()
        self.consolidate(project, self.line(project, "stage", "name"), Signed="Nurture")
        self.load(project)
        record = self.staged(project, "stage", "S4")
        self.assertEqual(record.error_code, "stages_contradict")
        self.assertIn("S3", record.error)
        self.assertFalse(self.stage_of(project, "D3").is_won)
        self.assertEqual(self.staged(project, "deal", "D5").state, "failed")


class TestStagesThatAreThere(StageCase):
    def setUp(self):
        super().setUp()
        self.team = self.env["crm.team"].create({"name": "Mortgages"})
        self.review, self.signed = self.env["crm.stage"].create(
            [
                {"name": "In Review", "team_ids": self.team.ids, "sequence": 7},
                {
                    "name": "Signed",
                    "team_ids": self.team.ids,
                    "sequence": 9,
                    "is_won": True,
                },
            ]
        )

    def test_LE04_stages_of_the_team_are_reused_by_name_and_by_the_value_map(self):
        before = self.snapshot()
        project = self.pipeline("leaf360", "Mortgages")
        line = self.line(project, "stage", "name")
        self.consolidate(project, line, Contacted="In Review", Nurture="In Review")
        self.load(project)
        self.assertEqual(self.target(project, "pipeline", "p1"), self.team)
        self.assertEqual(self.stage_of(project, "D3"), self.review)
        self.assertEqual(self.stage_of(project, "D5"), self.signed)
        fresh = self.stage_of(project, "D1")
        self.assertEqual((fresh.name, fresh.team_ids), ("Fresh", self.team))
        self.assertEqual(self.target(project, "deal", "D3").x_source_stage, "Nurture")
        self.assertEqual((self.review.sequence, self.signed.sequence), (7, 9))
        self.rollback(project)
        self.assertFalse(fresh.exists())
        self.assertSameDatabase(before, self.snapshot())

    def test_LE04_the_stage_of_a_deal_goes_to_one_that_is_there_by_a_value_map(self):
        before = self.snapshot()
        project = self.pipeline("leaf360", "Mortgages")
        mappings = {one.name: one for one in project.mapping_ids}
        mappings["stage"].active = False
        lines = self.line(project, "deal", "stage_id").mapping_id.field_ids
        lines.filtered(lambda one: one.kind == "related").write({"kind": "ignored"})
        line = self.line(project, "deal", "stage_id")
        self.consolidate(
            project,
            line,
            S1="In Review",
            S2="In Review",
            S3="In Review",
            S4=str(self.signed.id),
        )
        self.load(project)
        self.assertEqual(self.stage_of(project, "D2"), self.review)
        self.assertEqual(self.stage_of(project, "D5"), self.signed)
        self.assertEqual(self.merged(project).count, 4)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())
