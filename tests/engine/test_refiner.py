"""What the staged values add to the proposed lines."""

from ..common import MigrationCase, csv_text


class TestRefiner(MigrationCase):
    @classmethod
    def read_export(cls, files, **values):
        project = cls.new_project(files, **values)
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

    def test_a_field_that_is_defined_without_a_type_is_told_by_its_values(self):
        project = self.read_export(
            {
                "custom_fields.csv": "object,key,label\ndeal,seats,Seats sold\n",
                "deals.csv": "deal_id,name,seats\n1,A,3\n2,B,4\n",
            }
        )
        line = self.column("seats", project)
        self.assertEqual((line.label, line.ttype), ("Seats sold", "integer"))

    def test_a_definition_of_another_object_does_not_count(self):
        line = self.column("weight")
        self.assertEqual((line.ttype, line.label), ("integer", "weight"))

    def test_a_type_is_told_by_the_values_where_nothing_defines_it(self):
        self.assertEqual(self.column("checked").ttype, "boolean")
        self.assertTrue(self.column("checked").reason)

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
        question = self.project.finding_ids.filtered(
            lambda one: one.code == "mapping_question" and "priority" in one.name
        )
        self.assertEqual(question.samples, "whatever (1)")

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

    def test_fields_that_one_label_would_stand_for_are_told_apart(self):
        project = self.read_export(
            {
                "cases.csv": csv_text(
                    ("case_id", "title", "owner_name", "owner_email"),
                    ("1", "A", "Ann Lee", "ann@example.com"),
                )
            },
            source="case_file",
        )
        lines = project.mapping_ids.field_ids.filtered(
            lambda line: (line.target or "").startswith("x_source_owner")
        )
        self.assertEqual(
            lines.mapped("label"),
            ["Owner in Source", "Owner in Source (owner_email)"],
        )

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
        self.assertEqual((line.ttype, line.confirmed), ("char", True))
        self.assertEqual(line.samples, "3 · 4")

    def dated(self, *values, name="close_date"):
        """A project of deals with these dates, and the lines that read them."""
        rows = ((str(n), f"Deal {n}", value) for n, value in enumerate(values))
        header = ("deal_id", "name", name)
        project = self.read_export({"deals.csv": csv_text(header, *rows)})
        return project, self.column(name, project)

    def test_G01_every_line_knows_what_its_column_holds(self):
        line = self.column("weight")
        self.assertEqual(
            (line.distinct_count, line.longest, line.type_seen), (2, 1, "integer")
        )
        self.assertEqual(self.column("checked").type_seen, "boolean")
        self.assertEqual(self.column("signed").type_seen, "date")
        self.assertFalse(self.column("vague").type_seen)
        self.assertEqual(self.column("name").fill_rate, 1)

    def test_G01_day_numbers_of_excel_become_dates(self):
        project, lines = self.dated("45000", "45001")
        self.assertEqual(set(lines.mapped("date_order")), {"excel"})
        self.load(project)
        deal = self.target(project, "deal", "0")
        self.assertEqual(str(deal.date_deadline), "2023-03-15")

    def test_G01_numbers_among_dates_are_asked_about(self):
        _project, lines = self.dated("45000", "2024-02-01")
        for line in lines:
            self.assertFalse(line.date_order)
            self.assertEqual(line.confidence, 0.3)
            self.assertIn("Excel", line.reason)

    def test_G01_a_column_named_like_a_date_may_hold_numbers(self):
        _project, line = self.dated("45000", "45001", name="signed_on")
        self.assertEqual((line.ttype, line.date_order), ("date", "excel"))
        self.assertEqual(line.confidence, 0.5)
        _project, line = self.dated("1700000000", "1710000000", name="seen_at")
        self.assertEqual((line.ttype, line.date_order), ("datetime", False))
        _project, line = self.dated("45000", "45001", name="salary")
        self.assertEqual((line.ttype, line.date_order), ("integer", False))

    def test_G01_two_digit_years_are_decided_by_the_whole_column(self):
        _project, lines = self.dated("04-03-17", "25-03-17")
        self.assertEqual(set(lines.mapped("date_order")), {"dmy"})
        _project, lines = self.dated("04-03-17", "03-04-17")
        self.assertEqual(set(lines.mapped("date_order")), {False})
        self.assertEqual(set(lines.mapped("confidence")), {0.3})

    def test_G01_the_answer_to_a_question_is_kept(self):
        project, lines = self.dated("01/02/2024", "03/04/2024")
        lines.write({"date_order": "mdy"})
        self.assertEqual(set(lines.mapped("confidence")), {1})
        more = csv_text(("deal_id", "name", "close_date"), ("9", "Z", "25/12/2024"))
        project._add_path(str(self.write_files({"deals.csv": more})))
        self.read_files(project)
        lines = self.column("close_date", project)
        self.assertEqual(set(lines.mapped("date_order")), {"mdy"})
        impossible = project.finding_ids.filtered(
            lambda one: one.code == "date_impossible"
        )
        self.assertEqual(impossible.count, 1)
        questions = project.finding_ids.filtered(
            lambda one: one.code == "mapping_question" and "close_date" in one.name
        )
        self.assertFalse(questions)

    def test_what_was_inferred_follows_the_data(self):
        project, lines = self.dated("25/02/2024")
        self.assertEqual(set(lines.mapped("date_order")), {"dmy"})
        self.assertEqual(set(lines.mapped("format_chosen")), {False})
        header = ("deal_id", "name", "close_date")
        project.file_ids.unlink()
        changed = csv_text(header, ("0", "Deal 0", "02/25/2024"))
        project._add_path(str(self.write_files({"deals.csv": changed})))
        self.read_files(project)
        lines = self.column("close_date", project)
        self.assertEqual(set(lines.mapped("date_order")), {"mdy"})

    def test_a_loaded_mapping_answers_the_question_as_well(self):
        project, lines = self.dated("01/02/2024")
        saved = project._export_mapping()
        for mapping in saved["objects"]:
            for line in mapping["lines"]:
                if line["source_path"] == "close_date":
                    line["date_order"] = "dmy"
        project._import_mapping(saved)
        lines = self.column("close_date", project)
        self.assertEqual(set(lines.mapped("format_chosen")), {True})
        self.read_files(project)
        self.assertEqual(set(lines.mapped("date_order")), {"dmy"})
