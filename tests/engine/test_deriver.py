"""Objects that are only columns of another one are made from these."""

from ..common import MigrationCase, csv_text

HEADER = (
    *("deal_id", "name", "pipeline", "stage", "amount", "company_name"),
    *("contact_name", "contact_email", "tags"),
)
ROWS = (
    ("1", "Roof", "Sales", "New", "10", "Acme", "Ida Ek", "ida@example.com", "VIP"),
    ("2", "Wall", "Sales", "Offer", "20", "ACME ", "Ida Ek", "ida@example.com", ""),
    ("3", "Door", "Rent", "New", "30", "Bold", "Ole Li", "ole@example.com", "VIP;New"),
    ("4", "Gate", "", "", "40", "", "", "", ""),
)


class TestDeriver(MigrationCase):
    def read_deals(self, *rows, header=HEADER, **values):
        content = csv_text(header, *(rows or ROWS))
        project = self.new_project({"deals.csv": content}, source="generic", **values)
        self.read_files(project)
        return project

    def mapping(self, project, name):
        return project.mapping_ids.filtered(lambda one: one.name == name)

    def keys(self, project, name):
        records = self.env["migration.record"].search(
            [("mapping_id", "=", self.mapping(project, name).id)]
        )
        return sorted(records.mapped("source_id"))

    def test_every_distinct_value_is_one_record(self):
        project = self.read_deals()
        self.assertEqual(self.keys(project, "company"), ["acme", "bold"])
        self.assertEqual(self.keys(project, "pipeline"), ["rent", "sales"])
        self.assertEqual(
            self.keys(project, "contact"), ["ida@example.com", "ole@example.com"]
        )

    def test_a_stage_is_one_of_its_pipeline(self):
        project = self.read_deals()
        self.assertEqual(
            self.keys(project, "stage"), ["new:rent", "new:sales", "offer:sales"]
        )

    def test_each_item_of_a_list_is_one_record(self):
        self.assertEqual(self.keys(self.read_deals(), "deal_tag"), ["new", "vip"])

    def test_a_record_says_in_which_row_it_was_found_first(self):
        record = self.staged(self.read_deals(), "company", "bold")
        self.assertEqual((record.table_id.name, record.row), ("deals.csv", 4))
        self.assertEqual(record.payload, {"name": "Bold"})

    def test_one_row_becomes_company_contact_and_deal_that_know_each_other(self):
        project = self.read_deals()
        self.load(project)
        deals = {key: self.target(project, "deal", key) for key in ("1", "2", "3", "4")}
        ida = deals["1"].partner_id
        self.assertEqual((ida.name, ida.email), ("Ida Ek", "ida@example.com"))
        self.assertEqual(deals["2"].partner_id, ida)
        self.assertEqual(ida.parent_id.name, "Acme")
        self.assertTrue(ida.parent_id.is_company)
        self.assertEqual(deals["3"].partner_id.parent_id.name, "Bold")
        self.assertFalse(deals["4"].partner_id)
        self.assertEqual(deals["1"].team_id.name, "Sales")
        self.assertEqual(deals["1"].stage_id.name, "New")
        self.assertEqual(deals["3"].stage_id.name, "New")
        self.assertNotEqual(deals["1"].stage_id, deals["3"].stage_id)
        self.assertEqual(deals["3"].stage_id.team_ids, deals["3"].team_id)
        self.assertEqual(sorted(deals["3"].tag_ids.mapped("name")), ["New", "VIP"])

    def test_what_was_made_from_rows_is_taken_back_as_well(self):
        before = self.snapshot()
        project = self.read_deals()
        self.load(project)
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_rows_that_fill_each_other_are_one_record(self):
        project = self.read_deals(
            ("1", "A", "Acme", "ida@example.com", ""),
            ("2", "B", "Acme", "ida@example.com", "030 123456"),
            header=("deal_id", "name", "company_name", "contact_email")
            + ("contact_phone",),
        )
        record = self.staged(project, "contact", "ida@example.com")
        self.assertEqual(record.payload["email"], "ida@example.com")

    def test_rows_that_disagree_are_told(self):
        project = self.read_deals(
            ("1", "A", "Ida Ek", "ida@example.com"),
            ("2", "B", "Ida Berg", "ida@example.com"),
            header=("deal_id", "name", "contact_name", "contact_email"),
        )
        record = self.staged(project, "contact", "ida@example.com")
        self.assertEqual(record.payload["full_name"], "Ida Ek")
        self.assertEqual(record.contradicts, "full_name")

    def test_a_second_reading_meets_the_same_records(self):
        project = self.read_deals()
        self.load(project)
        project.file_ids.write({"read_date": False})
        project.table_ids.write({"read_date": False})
        before = self.env["res.partner"].search_count([])
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_what_no_row_names_any_more_is_forgotten_unless_it_is_in_odoo(self):
        project = self.read_deals()
        content = csv_text(HEADER, ROWS[0])
        project._add_path(str(self.write_files({"deals.csv": content})))
        project.file_ids[0].table_ids.unlink()
        project.file_ids[0].unlink()
        self.env["migration.record"].search(
            [("mapping_id.name", "=", "deal"), ("source_id", "!=", "1")]
        ).sudo().unlink()
        self.read_files(project)
        self.assertEqual(self.keys(project, "company"), ["acme"])

    def test_a_company_that_only_contacts_name_is_added_to_those_of_the_table(self):
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "city"), ("C1", "Acme", "Kiel")
                ),
                "contacts.csv": csv_text(
                    ("contact_id", "full_name", "company_name"),
                    ("1", "Ida Ek", "acme"),
                    ("2", "Ole Li", "Bold"),
                ),
            },
            source="generic",
        )
        self.read_files(project)
        self.assertEqual(self.keys(project, "company"), ["C1", "name:bold"])
        self.load(project)
        ida, ole = (self.target(project, "contact", key) for key in ("1", "2"))
        self.assertEqual((ida.parent_id.name, ida.parent_id.city), ("Acme", "Kiel"))
        self.assertEqual(ole.parent_id.name, "Bold")

    def test_ids_of_a_table_are_no_further_records(self):
        """Whether ids of the object are told apart by their case or not."""
        files = {
            "pipelines.csv": csv_text(("pipeline_id", "name"), ("L1", "Mortgages")),
            "stages.csv": csv_text(
                ("stage_id", "name", "pipeline_id"), ("S1", "Submitted", "L1")
            ),
            "deals.csv": csv_text(
                ("deal_id", "name", "pipeline_id", "stage_id"), ("1", "A", "L1", "S1")
            ),
        }
        for source in ("leaf360", "generic"):
            with self.subTest(source=source):
                project = self.new_project(files, source=source)
                self.read_files(project)
                for name in ("pipeline", "stage"):
                    self.assertEqual(len(self.keys(project, name)), 1)

    def test_stages_of_no_pipeline_are_those_that_all_teams_share(self):
        shared = self.env["crm.stage"].create({"name": "Shared", "sequence": 5})
        project = self.read_deals(
            ("1", "A", "Shared"),
            ("2", "B", "Fresh"),
            header=("deal_id", "name", "stage"),
        )
        self.load(project)
        self.assertEqual(self.target(project, "deal", "1").stage_id, shared)
        fresh = self.target(project, "deal", "2").stage_id
        self.assertEqual((fresh.name, fresh.team_ids.ids), ("Fresh", []))

    def test_won_and_lost_are_told_by_the_names_of_stages(self):
        project = self.read_deals(
            ("1", "A", "Sales", "Closed Won"),
            ("2", "B", "Sales", "Closed Lost"),
            ("3", "C", "Sales", "Offer"),
            header=("deal_id", "name", "pipeline", "stage"),
        )
        self.load(project)
        won, lost, offer = (self.target(project, "deal", key) for key in "123")
        self.assertEqual(
            [one.won_status for one in (won, lost, offer)], ["won", "lost", "pending"]
        )
        self.assertTrue(won.stage_id.is_won)
        self.assertFalse(lost.active)

    def test_a_flag_of_the_outcome_is_understood_with_the_stage(self):
        project = self.read_deals(
            ("1", "A", "Sales", "Done", "true"),
            ("2", "B", "Sales", "Closed Lost", "false"),
            ("3", "C", "Sales", "Offer", "false"),
            header=("deal_id", "name", "pipeline", "stage", "Is Won"),
        )
        line = self.line(project, "deal", "outcome")
        self.assertEqual(line.source_path, "Is Won")
        values = {one.name: (one.target, one["mapped"]) for one in line.value_ids}
        self.assertEqual(values["true"], ("won", True))
        self.assertEqual(values["false"], (False, True))

    def test_g04_stages_made_from_a_column_are_planned_in_their_pipeline(self):
        project = self.read_deals()
        project.action_confirm()
        plan = self.env["migration.schema.plan"]._plan(project)
        stages = {
            (one["name"], one["details"]) for one in plan if one["model"] == "crm.stage"
        }
        self.assertEqual(
            stages, {("New", "Sales"), ("Offer", "Sales"), ("New", "Rent")}
        )

    def test_a_column_whose_values_the_field_does_not_know_is_kept_as_it_is(self):
        project = self.read_deals(
            ("1", "A", "Acquired"),
            ("2", "B", "Shutdown"),
            header=("deal_id", "name", "priority"),
        )
        self.assertFalse(self.line(project, "deal", "priority"))
        line = self.line(project, "deal", "x_priority")
        self.assertEqual((line.kind, line.ttype), ("custom_field_required", "char"))
        self.load(project)
        self.assertEqual(self.target(project, "deal", "1").x_priority, "Acquired")

    def test_a_map_that_knows_most_of_the_values_stays(self):
        project = self.read_deals(
            ("1", "A", "high"),
            ("2", "B", "low"),
            ("3", "C", "Shutdown"),
            header=("deal_id", "name", "priority"),
        )
        line = self.line(project, "deal", "priority")
        self.assertEqual(line.kind, "value_mapping")
        self.assertLess(line.confidence, 0.9)
