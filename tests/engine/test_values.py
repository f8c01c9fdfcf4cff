"""Values that are translated, looked up, or taken from another record."""

from unittest.mock import patch

from odoo.addons.phone_validation.tools import phone_validation

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
        project._approve(self.env.user)
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

    def test_countries_are_known_in_other_languages_and_states_by_their_country(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "country", "state"),
                    ("C1", "A", "Deutschland", ""),
                    ("C2", "B", "U.S.A.", "CA - California"),
                    ("C3", "C", "GBR", ""),
                    ("C4", "D", "República Checa", ""),
                    ("C5", "E", "États-Unis", "Calif."),
                    ("C6", "F", "", "New South Wales"),
                    ("C7", "G", "Germany (DE)", ""),
                    ("C8", "H", "Munich, Germany", ""),
                    ("C9", "I", "Germany", "California"),
                )
            }
        )
        partner = {
            f"C{n}": self.target(project, "company", f"C{n}") for n in range(1, 10)
        }
        codes = {key: one.country_id.code for key, one in partner.items()}
        self.assertEqual(
            codes,
            {
                "C1": "DE",
                "C2": "US",
                "C3": "GB",
                "C4": "CZ",
                "C5": "US",
                "C6": "AU",
                "C7": "DE",
                "C8": False,
                "C9": "DE",
            },
        )
        california = self.env.ref("base.state_us_5")
        self.assertEqual(partner["C2"].state_id, california)
        self.assertEqual(partner["C5"].state_id, california)
        self.assertEqual(partner["C6"].state_id.country_id.code, "AU")
        self.assertFalse(partner["C9"].state_id)
        warned = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "warning")]
        )
        self.assertEqual(set(warned.mapped("source_id")), {"C8", "C9"})

    def test_phones_are_national_numbers_of_the_record_or_else_of_the_company(self):
        self.env.company.country_id = self.env.ref("base.de")
        # phonenumbers is optional: what matters here is the country Odoo asks it with.
        self.startPatcher(
            patch.object(
                phone_validation, "phone_format", lambda number, code, *a, **kw: code
            )
        )
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "country", "phone"),
                    ("C1", "A", "France", "01 23 45 67 89"),
                    ("C2", "B", "", "030 123456"),
                    ("C3", "C", "", "030 123456 Durchwahl 12"),
                    ("C4", "D", "", "030 123456; 040 654321"),
                    ("C5", "E", "", "4.93012E+11"),
                )
            }
        )
        partner = {key: self.target(project, "company", f"C{key}") for key in "1234"}
        self.assertEqual(partner["1"].phone_sanitized, "FR")
        self.assertEqual(partner["2"].phone_sanitized, "DE")
        self.assertEqual(partner["3"].phone, "030 123456 ext. 12")
        self.assertEqual(partner["4"].phone, "030 123456")
        warning = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "warning")]
        )
        self.assertEqual(warning.source_id, "C4")
        self.assertIn("040 654321", warning.message)
        record = self.staged(project, "company", "C5")
        self.assertEqual((record.state, record.error_code), ("failed", "phone_rounded"))
