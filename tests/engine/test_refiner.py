"""What the staged values add to the proposed lines."""

from ..common import MigrationCase, csv_text


class TestRefiner(MigrationCase):
    @classmethod
    def read_export(cls, files):
        project = cls.new_project(files)
        cls.read_files(project)
        return project

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        definitions = csv_text(
            ("object", "key", "label", "type", "options"),
            ("Deal", "Tier Level", "Level", "Picklist", "Gold|Silver"),
            ("deal", "budget", "Budget", "currency", ""),
            ("deal", "signed", "Signed On", "date", ""),
            ("deal", "vague", "Vague", "hologram", ""),
            ("company", "weight", "Company Weight", "number", ""),
        )
        header = (
            "deal_id",
            "name",
            "tier level",
            "budget",
            "signed",
            "vague",
            "weight",
            "checked",
            "priority",
            "amount",
            "close_date",
        )
        deals = csv_text(
            header,
            *(
                ("1", "A", "Gold", "1.200,50", "31/01/2024", "", "3", "yes")
                + ("high", "1.000,50", "01/02/2024"),
                ("2", "B", "", "", "01/02/2024", "", "4", "no")
                + ("High", "2", "31/12/2024"),
                ("3", "C", "", "", "", "", "", "") + ("whatever", "", ""),
                ("4", "D", "", "", "", "", "", "") + ("", "", ""),
            ),
        )
        cls.project = cls.read_export(
            {"custom_fields.csv": definitions, "deals.csv": deals}
        )

    def column(self, name, project=None):
        lines = (project or self.project).mapping_ids.field_ids
        return lines.filtered(
            lambda line: line.source_path == name and line.mapping_id.name == "deal"
        )

    def test_a_custom_field_is_made_as_the_export_defines_it(self):
        line = self.column("tier level")
        self.assertEqual(line.kind, "custom_field_required")
        self.assertEqual((line.ttype, line.label), ("selection", "Level"))
        self.assertEqual(line.target, "x_level")
        self.assertEqual(line.options, "Gold\nSilver")
        self.assertGreater(line.confidence, 0.9)
        self.assertEqual(self.column("budget").ttype, "monetary")
        self.assertEqual(self.column("signed").ttype, "date")
        self.assertEqual(self.column("vague").ttype, "char")

    def test_a_definition_of_another_object_does_not_count(self):
        line = self.column("weight")
        self.assertEqual((line.ttype, line.label), ("integer", "weight"))

    def test_a_type_is_told_by_the_values_where_nothing_defines_it(self):
        self.assertEqual(self.column("checked").ttype, "boolean")
        self.assertIn("type from its values", self.column("checked").reason)

    def test_fill_rate_and_samples_are_those_of_the_staged_records(self):
        line = self.column("weight")
        self.assertEqual(line.fill_rate, 0.5)
        self.assertEqual(line.samples, "3 · 4")
        self.assertEqual(self.column("name").fill_rate, 1)

    def test_formats_are_decided_by_the_whole_column(self):
        self.assertEqual(self.column("signed").date_order, "dmy")
        self.assertEqual(self.column("budget").decimal_sign, ",")
        line = self.line(self.project, "deal", "expected_revenue")
        self.assertEqual(line.decimal_sign, ",")
        self.assertEqual(set(self.column("close_date").mapped("date_order")), {"dmy"})

    def test_every_value_of_a_value_map_is_listed_with_its_count(self):
        values = {value.name: value for value in self.column("priority").value_ids}
        self.assertEqual((values["high"].target, values["high"].mapped), ("2", True))
        self.assertEqual(values["high"].count, 1)
        self.assertFalse(values["whatever"].mapped)
        self.assertEqual(values["whatever"].count, 1)
        self.assertIn("no translation", self.column("priority").reason)
        self.assertEqual(self.column("priority").confidence, 0.5)

    def test_dates_that_can_be_read_in_two_ways_are_asked_about(self):
        header = ("deal_id", "name", "close_date")
        project = self.read_export(
            {"deals.csv": csv_text(header, ("1", "A", "01/02/2024"))}
        )
        for line in self.column("close_date", project):
            self.assertFalse(line.date_order)
            self.assertEqual(line.confidence, 0.3)
            self.assertIn("two ways", line.reason)
        questions = project.finding_ids.filtered(
            lambda one: one.code == "mapping_question"
        )
        self.assertTrue(questions)
        self.assertIn("close_date", questions[0].name)
        self.assertEqual(questions[0].samples, "01/02/2024")

    def test_columns_with_one_name_get_fields_of_their_own(self):
        header = ("deal_id", "name", "Shade", "shade!")
        project = self.read_export(
            {"deals.csv": csv_text(header, ("1", "A", "a", "b"))}
        )
        self.assertEqual(self.column("Shade", project).target, "x_shade")
        self.assertEqual(self.column("shade!", project).target, "x_shade_2")

    def test_a_column_never_takes_the_field_of_the_source_id(self):
        header = ("deal_id", "name", "Source ID")
        project = self.read_export({"deals.csv": csv_text(header, ("1", "A", "old"))})
        self.assertEqual(self.column("Source ID", project).target, "x_source_id_2")

    def test_a_confirmed_line_stays_as_it_is(self):
        header = ("deal_id", "name", "weight")
        project = self.read_export({"deals.csv": csv_text(header, ("1", "A", "3"))})
        line = self.column("weight", project)
        line.write({"ttype": "char", "confirmed": True})
        more = csv_text(header, ("2", "B", "4"))
        project._add_path(str(self.write_files({"deals.csv": more})))
        self.read_files(project)
        self.assertEqual((line.ttype, line.samples), ("char", "3"))
