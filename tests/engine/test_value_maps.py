"""What the values of a column are proposed to become."""

from odoo.exceptions import UserError

from ..common import csv_text
from .test_engine import EngineCase


class TestValueMaps(EngineCase):
    def column(self, values, target="priority", name="priority", **options):
        """The line of a deal's column with these values, read from a file."""
        rows = [(f"D{n}", f"Deal {n}", value) for n, value in enumerate(values)]
        header = ("deal_id", "name", name)
        project = self.new_project({"deals.csv": csv_text(header, *rows)}, **options)
        self.read_files(project)
        return self.line(project, "deal", target)

    def proposed(self, line):
        """``{source value: (target, mapped)}`` of the values that occur."""
        return {
            value.name: (value.target or False, value.mapped)
            for value in line.value_ids
            if value.count
        }

    def test_g02_each_value_gets_a_proposal_with_its_reason_and_count(self):
        line = self.column(["Hoch", "Hoch", "Medium", "gigantic"])
        values = {value.name: value for value in line.value_ids if value.count}
        self.assertEqual(values["Hoch"].target, "2")
        self.assertEqual(values["Hoch"].count, 2)
        self.assertEqual(values["Hoch"].reason, "Usual word for it")
        self.assertGreater(values["Hoch"].confidence, 0.9)
        self.assertFalse(values["gigantic"].mapped)
        self.assertEqual(values["gigantic"].confidence, 0)
        self.assertEqual(line.confidence, 0.5)
        self.assertEqual(line.value_ids[0].name, "gigantic")

    def test_outcomes_are_understood_in_the_words_of_other_systems(self):
        line = self.column(
            ["Gewonnen", "perdu", "Closed – Lost to competitor", "En cours", "Closed"],
            "outcome",
            "status",
        )
        self.assertEqual(
            self.proposed(line),
            {
                "Gewonnen": ("won", True),
                "perdu": ("lost", True),
                "Closed – Lost to competitor": ("lost", True),
                "En cours": ("open", True),
                "Closed": (False, False),
            },
        )

    def test_a_translation_by_a_part_of_the_value_lowers_the_confidence(self):
        line = self.column(["Lost to competitor", "won"], "outcome", "status")
        self.assertEqual(line.confidence, 0.8)
        self.assertIn("meaning", line.reason)

    def test_a_scale_of_another_length_is_listed_and_not_guessed(self):
        line = self.column(["1", "2", "3", "4", "5"])
        self.assertEqual(
            self.proposed(line), {str(n): (False, False) for n in range(1, 6)}
        )
        self.assertLessEqual(line.confidence, 0.5)
        same = self.column(["0", "1", "2", "3"])
        self.assertEqual(
            self.proposed(same), {str(n): (str(n), True) for n in range(4)}
        )

    def test_labels_of_a_selection_count_in_every_installed_language(self):
        line = self.column(["Medium", "medium"])
        by_label = self.env["migration.value.maps"]._by_label(
            self.env["crm.lead"]._fields["type"]
        )
        self.assertEqual(by_label("opportunity")["target"], "opportunity")
        self.assertIsNone(by_label("something"))
        self.assertEqual(self.proposed(line)["medium"], ("1", True))

    def test_activity_types_are_found_by_name_and_by_what_they_mean(self):
        own = self.env["mail.activity.type"].create({"name": "Site inspection"})
        maps = self.env["migration.value.maps"]
        propose = maps._by_name("mail.activity.type")
        self.assertEqual(propose("site  INSPECTION")["target"], own.name)
        self.assertIsNone(propose("Whatever"))
        self.assertEqual(
            maps._activity_type("Anruf")["target"], "mail.mail_activity_data_call"
        )
        self.assertIsNone(maps._activity_type("Whatever"))

    def test_more_values_than_can_be_listed_are_said(self):
        line = self.column([f"value {n}" for n in range(203)])
        self.assertEqual(len(line.value_ids.filtered("count")), 200)
        self.assertIn("3 are not", line.reason)
        self.assertEqual(line.confidence, 0.5)

    def test_values_that_become_the_same_are_shown_with_each_other(self):
        line = self.column(["high", "Hoch", "low"])
        values = {value.name: value for value in line.value_ids}
        self.assertEqual(values["Hoch"].merged_with, "high")
        self.assertEqual(values["high"].merged_with, "Hoch")
        self.assertFalse(values["low"].merged_with)

    def test_a_column_of_shares_becomes_percents(self):
        line = self.column(["0.25", "0.5", "1"], "probability", "probability")
        self.assertEqual((line.kind, line.transform), ("transformed", "percent_share"))
        self.load(line.project_id)
        deal = self.target(line.project_id, "deal", "D0")
        self.assertEqual(deal.probability, 25)

    def test_one_percentage_in_the_column_makes_none_of_them_a_share(self):
        line = self.column(["0.25", "1", "40"], "probability", "probability")
        self.assertFalse(line.transform)

    def test_a_whole_column_says_that_last_names_come_first(self):
        self.assertEqual(self.name_line("Berg, Anna", "Ek, Ida"), "name_last_first")
        self.assertFalse(self.name_line("Berg, Anna", "Ida Ek"))
        self.assertFalse(self.name_line("Berg, Anna", "Ek, Ida", is_company="1"))

    def name_line(self, *names, is_company="0"):
        """The conversion proposed for a column of names that becomes the name."""
        rows = [(f"C{n}", name) for n, name in enumerate(names)]
        project = self.new_project(
            {"contacts.csv": csv_text(("contact_id", "last_name"), *rows)}
        )
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "contact")
        mapping.field_ids.unlink()
        line, _constant = mapping.field_ids.create(
            [
                {"mapping_id": mapping.id, "target": target, **values}
                for target, values in (
                    ("name", {"source_path": "last_name", "kind": "direct"}),
                    ("is_company", {"constant": is_company, "kind": "constant"}),
                )
            ]
        )
        self.env["migration.value.maps"]._propose_conversion(line)
        return line.transform

    def test_a_value_map_creates_what_is_missing_and_the_rollback_removes_it(self):
        project, line = self.tag_map()
        tags = self.env["crm.tag"]
        self.assertFalse(tags.search([("name", "in", ("Rare", "Renamed"))]))
        self.load(project)
        made = tags.search([("name", "in", ("Rare", "Renamed"))])
        self.assertEqual(len(made), 2)
        deal = self.target(project, "deal", "D1")
        self.assertEqual(set(deal.tag_ids.mapped("name")), {"Rare", "Known"})
        self.assertEqual(
            self.target(project, "deal", "D2").tag_ids.mapped("name"), ["Renamed"]
        )
        self.rollback(project)
        self.assertFalse(made.exists())
        self.assertTrue(tags.search([("name", "=", "Known")]))
        self.assertTrue(line.value_ids.filtered("create_missing"))

    def test_what_a_value_map_asks_for_is_planned_before_it_is_made(self):
        project, _line = self.tag_map()
        project.action_confirm()
        plan = self.env["migration.schema.plan"]._plan(project)
        planned = {
            one["name"]: one["exists"] for one in plan if one["model"] == "crm.tag"
        }
        self.assertEqual(planned, {"Rare": False, "Renamed": False})

    def test_a_value_map_uses_what_was_made_meanwhile_under_the_name(self):
        project, line = self.tag_map()
        made = self.env["crm.tag"].create({"name": "rare"})
        self.load(project)
        self.assertIn(made, self.target(project, "deal", "D1").tag_ids)
        values = line.value_ids.filtered("create_missing")
        self.assertEqual({one.target for one in values}, {"Rare", "Renamed"})
        self.rollback(project)
        self.assertTrue(made.exists())

    def test_the_project_counts_and_opens_the_values_that_nobody_mapped(self):
        project = self.column(["high", "gigantic"]).project_id
        self.assertEqual((project.value_count, project.unmapped_count), (2, 1))
        action = project.action_open_values()
        values = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(values[0].name, "gigantic")
        self.assertEqual({one.name for one in values}, {"high", "gigantic"})

    def tag_map(self):
        """A deal export whose tags go through a value map."""
        self.env["crm.tag"].create({"name": "Known"})
        project = self.new_project(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "segment"),
                    ("D1", "One", "Rare; Known"),
                    ("D2", "Two", "Odd"),
                )
            }
        )
        self.read_files(project)
        mapping = project.mapping_ids.filtered(lambda one: one.name == "deal")
        line = mapping.field_ids.filtered(lambda one: one.source_path == "segment")
        line.write({"kind": "value_mapping", "target": "tag_ids"})
        line.value_ids = [
            (0, 0, {"name": "Rare", "create_missing": True}),
            (0, 0, {"name": "Known", "target": "Known"}),
            (0, 0, {"name": "Odd", "target": "Renamed", "create_missing": True}),
        ]
        return project, line


class TestEmptyWords(EngineCase):
    FILES = {
        "companies.csv": csv_text(
            ("company_id", "name", "city", "website"),
            ("C1", "Acme", "N/A", "-"),
            ("C2", "Bolt", "n/a", "acme.example.com"),
            ("C3", "NULL", "Oslo", ""),
        )
    }

    def audited(self, files=None, **options):
        project = self.new_project(files or self.FILES, **options)
        self.read_files(project)
        return project

    def decisions(self, project):
        return self.env["migration.log"].search(
            [("project_id", "=", project.id), ("source_id", "=", "empty_words")]
        )

    def test_words_for_nothing_are_proposed_and_nobody_has_decided(self):
        project = self.audited()
        self.assertEqual(project.empty_words, "null; n/a; -")
        self.assertTrue(project.empty_words_open)
        finding = project.finding_ids.filtered(lambda one: one.code == "empty_words")
        self.assertEqual(finding.count, 4)
        self.assertIn("n/a (2)", finding.samples)
        self.assertIn("Words for Nothing", finding.remedy)

    def test_g02_nothing_is_loaded_before_somebody_has_decided(self):
        project = self.audited()
        project.mapping_ids.action_confirm()
        with self.assertRaisesRegex(UserError, "Words for Nothing"):
            project.action_prepare()
        self.assertFalse(self.decisions(project))
        project.action_confirm()
        self.assertFalse(project.empty_words_open)
        self.assertEqual(len(self.decisions(project)), 1)
        self.assertIn("null; n/a; -", self.decisions(project).message)
        project.action_confirm()
        self.assertEqual(len(self.decisions(project)), 1)
        project.action_prepare()

    def test_such_a_word_leaves_the_field_empty(self):
        project = self.audited()
        self.load(project)
        first = self.target(project, "company", "C1")
        self.assertFalse(first.city)
        self.assertFalse(first.website)
        record = self.staged(project, "company", "C3")
        self.assertEqual(record.error_code, "required_missing")

    def test_a_word_that_the_admin_removes_is_taken_as_it_stands(self):
        project = self.audited()
        project.empty_words = "-"
        self.assertFalse(project.empty_words_open)
        self.assertIn(": -", self.decisions(project).message)
        self.load(project)
        self.assertEqual(self.target(project, "company", "C1").city, "N/A")
        self.assertFalse(self.target(project, "company", "C1").website)
        self.assertEqual(self.target(project, "company", "C3").name, "NULL")

    def test_who_has_decided_is_not_asked_again(self):
        project = self.audited()
        project.empty_words = False
        project._add_path(str(self.write_files(self.FILES)))
        self.read_files(project)
        self.assertFalse(project.empty_words)
        self.assertFalse(project.empty_words_open)
        given = self.audited(empty_words="void")
        self.assertEqual((given.empty_words, given.empty_words_open), ("void", False))

    def test_such_a_word_identifies_no_record(self):
        files = {
            "companies.csv": csv_text(
                ("company_id", "name"), ("n/a", "Acme"), ("N/A", "Bolt"), ("C3", "Cog")
            )
        }
        project = self.audited(files)
        project.action_confirm()
        records = self.env["migration.record"].search([("project_id", "=", project.id)])
        records.invalidate_recordset()
        failed = records.filtered(lambda one: one.state == "failed")
        self.assertEqual(set(failed.mapped("error_code")), {"id_missing"})
        self.assertEqual(len(failed), 2)
        self.assertEqual(self.staged(project, "company", "C3").state, "pending")

    def test_records_read_before_the_decision_lose_such_an_identifier(self):
        files = {
            "companies.csv": csv_text(
                ("company_id", "name"), ("void", "Acme"), ("C3", "Cog")
            )
        }
        project = self.audited(files)
        self.assertEqual(self.staged(project, "company", "void").state, "pending")
        project.empty_words = "VOID"
        record = self.staged(project, "company", "void")
        record.invalidate_recordset()
        self.assertEqual(
            (record.state, record.error_code, record.error_field),
            ("failed", "id_missing", "company_id"),
        )

    def test_an_export_without_such_words_asks_nothing(self):
        project = self.audited({"companies.csv": "company_id,name\nC1,Acme\n"})
        self.assertFalse(project.empty_words)
        self.assertFalse(project.empty_words_open)
