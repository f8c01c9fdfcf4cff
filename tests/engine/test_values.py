"""Values that are translated, looked up, or taken from another record."""

from ..common import csv_text
from .test_engine import EngineCase


class TestValues(EngineCase):
    def test_values_are_translated_and_unknown_ones_are_reported(self):
        project = self.new_project(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "priority", "status"),
                    ("D1", "High", " HIGH ", "Closed Won"),
                    ("D2", "None", "", "in progress"),
                    ("D3", "Odd", "gigantic", "open"),
                )
            }
        )
        self.read_files(project)
        values = self.line(project, "deal", "priority").value_ids
        odd = values.filtered(lambda value: value.name == "gigantic")
        odd.mapped = False
        self.load(project)
        first = self.target(project, "deal", "D1")
        self.assertEqual((first.priority, first.won_status), ("2", "won"))
        self.assertEqual(self.target(project, "deal", "D2").priority, "0")
        record = self.staged(project, "deal", "D3")
        self.assertEqual(
            (record.state, record.error_code), ("failed", "value_unmapped")
        )
        self.assertEqual(record.error_value, "gigantic")
        odd.write({"mapped": True, "target": "3"})
        project._retry()
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "deal", "D3").priority, "3")

    def test_a_deal_without_probability_takes_the_one_of_its_stage(self):
        project = self.migrate(
            {
                "pipelines.csv": csv_text(("pipeline_id", "name"), ("P1", "Sales")),
                "stages.csv": csv_text(
                    ("stage_id", "pipeline_id", "name", "probability"),
                    ("S1", "P1", "Early", "15"),
                    ("S2", "P1", "Late", ""),
                ),
                "deals.csv": csv_text(
                    ("deal_id", "name", "pipeline_id", "stage_id", "probability"),
                    ("D1", "Own", "P1", "S1", "40"),
                    ("D2", "Of its stage", "P1", "S1", ""),
                    ("D3", "Zero", "P1", "S1", "0"),
                ),
            }
        )
        found = [
            self.target(project, "deal", key).probability for key in ("D1", "D2", "D3")
        ]
        self.assertEqual(found, [40, 15, 0])
        stage = self.target(project, "stage", "S1")
        self.assertEqual(self.target(project, "deal", "D2").stage_id, stage)
        self.assertEqual(stage.team_ids, self.target(project, "pipeline", "P1"))

    def test_look_ups_take_names_codes_and_synonyms_and_report_the_rest(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "country", "state"),
                    ("C1", "Name", "germany", ""),
                    ("C2", "Code", "DE", ""),
                    ("C3", "Synonym", "USA", "CA"),
                    ("C4", "Unknown", "Atlantis", ""),
                    ("C5", "Ambiguous", "", "CA"),
                )
            }
        )
        partner = {
            key: self.target(project, "company", key)
            for key in ("C1", "C2", "C3", "C4", "C5")
        }
        self.assertEqual(partner["C1"].country_id.code, "DE")
        self.assertEqual(partner["C2"].country_id.code, "DE")
        self.assertEqual(partner["C3"].state_id, self.env.ref("base.state_us_5"))
        self.assertFalse(partner["C4"].country_id)
        self.assertFalse(partner["C5"].state_id)
        warnings = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "warning")]
        )
        texts = {one.source_id: one.message for one in warnings}
        self.assertEqual(set(texts), {"C4", "C5"})
        self.assertIn("Atlantis", texts["C4"])
        self.assertIn("records in Odoo", texts["C5"])

    def test_look_ups_fail_the_record_where_the_line_says_so(self):
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "country", "state"),
                    ("C1", "Unknown", "Atlantis", ""),
                    ("C2", "Ambiguous", "", "CA"),
                )
            }
        )
        self.read_files(project)
        for target in ("country_id", "state_id"):
            self.line(project, "company", target).on_missing = "fail"
        self.load(project)
        codes = {
            key: self.staged(project, "company", key).error_code for key in ("C1", "C2")
        }
        self.assertEqual(codes, {"C1": "lookup_missing", "C2": "lookup_ambiguous"})

    def test_a_record_without_its_required_value_fails(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name"), ("C1", ""), ("C2", "Nordwind")
                )
            }
        )
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.error_code, "required_missing")
        self.assertEqual(record.error_field, "name")
        self.assertEqual(self.states(project, "company")["C2"], "loaded")
