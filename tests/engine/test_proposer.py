"""What is proposed for the columns of an export."""

from ..common import MigrationCase, csv_text


class TestProposer(MigrationCase):
    def read_export(self, files):
        project = self.new_project(files)
        self.read_files(project)
        return project

    def mapping(self, project, name):
        return project.mapping_ids.filtered(lambda one: one.name == name)

    def of_column(self, project, name, column):
        lines = self.mapping(project, name).field_ids
        return lines.filtered(lambda line: line.source_path == column)

    def test_columns_of_the_template_go_where_it_says(self):
        project = self.read_export(
            {"companies.csv": csv_text(("company_id", "name", "zip"), ("1", "A", "2"))}
        )
        line = self.of_column(project, "company", "zip")
        self.assertEqual((line.kind, line.target), ("direct", "zip"))
        self.assertIn("Allegory", line.reason)
        self.assertFalse(line.confirmed)
        self.assertLess(line.confidence, 1)
        identifier = self.of_column(project, "company", "company_id")
        self.assertEqual(identifier.kind, "identifier")
        self.assertEqual(self.line(project, "company", "is_company").kind, "constant")

    def test_synonyms_are_understood_whatever_their_spelling(self):
        content = csv_text(("ID", "Company Name", "Postal Code"), ("1", "A", "2"))
        project = self.read_export({"accounts.csv": content})
        self.assertEqual(
            self.line(project, "company", "name").source_path, "Company Name"
        )
        self.assertEqual(
            self.line(project, "company", "zip").source_path, "Postal Code"
        )

    def test_columns_are_joined_where_all_parts_are_there(self):
        header = ("contact_id", "First Name", "email")
        project = self.read_export(
            {"contacts.csv": csv_text(header, ("1", "Ida", "x"))}
        )
        self.assertFalse(self.line(project, "contact", "name"))
        header = ("contact_id", "First Name", "surname")
        project = self.read_export(
            {"contacts.csv": csv_text(header, ("1", "Ida", "Ek"))}
        )
        line = self.line(project, "contact", "name")
        self.assertEqual(line.source_path, "First Name + surname")

    def test_an_unknown_column_is_kept_in_a_custom_field(self):
        header = ("company_id", "name", "Favourite Colour")
        project = self.read_export(
            {"companies.csv": csv_text(header, ("1", "A", "blue"))}
        )
        line = self.of_column(project, "company", "Favourite Colour")
        self.assertEqual(line.kind, "custom_field_required")
        self.assertEqual(line.target, "x_favourite_colour")
        self.assertEqual(line.label, "Favourite Colour")
        self.assertLess(line.confidence, 0.9)

    def test_columns_internal_to_the_source_are_ignored(self):
        header = ("company_id", "name", "_etag")
        project = self.read_export(
            {"companies.csv": csv_text(header, ("1", "A", "9f"))}
        )
        line = self.of_column(project, "company", "_etag")
        self.assertEqual(line.kind, "ignored")
        self.assertFalse(line.target)

    def test_links_get_no_custom_fields(self):
        project = self.read_export(
            {
                "contacts.csv": csv_text(("contact_id", "full_name"), ("1", "Ida")),
                "companies.csv": csv_text(("company_id", "name"), ("1", "A")),
                "links.csv": csv_text(
                    ("contact_id", "company_id", "is_primary", "since"),
                    ("1", "1", "true", "2020"),
                ),
            }
        )
        line = self.of_column(project, "contact_company", "since")
        self.assertEqual(line.kind, "ignored")

    def test_a_reference_to_what_the_export_does_not_have_is_ignored(self):
        header = ("contact_id", "full_name", "company_id")
        project = self.read_export(
            {"contacts.csv": csv_text(header, ("1", "Ida", "7"))}
        )
        line = self.of_column(project, "contact", "company_id")
        self.assertEqual(line.kind, "ignored")
        self.assertIn("not in the export", line.reason)

    def test_a_reference_by_kind_keeps_the_kinds_that_are_there(self):
        header = ("note_id", "related_type", "related_id", "body")
        project = self.read_export(
            {
                "notes.csv": csv_text(header, ("1", "deal", "1", "text")),
                "deals.csv": csv_text(("deal_id", "name"), ("1", "Roof")),
            }
        )
        line = self.line(project, "note", "record")
        self.assertEqual(line.reference, "related_type: deal=deal, opportunity=deal")
        self.assertEqual(self.mapping(project, "note")._referenced_names(), {"deal"})

    def test_objects_are_derived_from_columns_under_any_name(self):
        header = ("deal_id", "name", "Labels")
        project = self.read_export(
            {"deals.csv": csv_text(header, ("1", "Roof", "VIP"))}
        )
        mapping = self.mapping(project, "deal_tag")
        origin = mapping.origin_ids
        self.assertEqual(
            (origin.origin_id.name, origin.origin_column, origin.is_list),
            ("deal", "Labels", True),
        )
        self.assertEqual(mapping._id_columns(), ["name"])
        self.assertFalse(self.mapping(project, "lost_reason"))

    def test_what_is_confirmed_stays_and_new_columns_are_added(self):
        header = ("company_id", "name", "zip")
        project = self.read_export({"companies.csv": csv_text(header, ("1", "A", "2"))})
        line = self.of_column(project, "company", "zip")
        line.write({"target": "ref", "confirmed": True})
        before = self.mapping(project, "company").field_ids
        more = csv_text((*header, "city"), ("2", "B", "3", "Oslo"))
        project._add_path(str(self.write_files({"companies.csv": more})))
        self.read_files(project)
        after = self.mapping(project, "company").field_ids
        self.assertEqual((after - before).source_path, "city")
        self.assertEqual(after & before, before)
        self.assertEqual((line.target, line.confirmed), ("ref", True))

    def test_a_table_that_was_not_recognised_is_read_when_it_is_assigned(self):
        project = self.read_export(
            {"stuff.csv": csv_text(("key", "title"), ("1", "A"))}
        )
        self.assertFalse(project.mapping_ids)
        self.assertEqual(project.unrecognised_count, 1)
        project.table_ids.object_ids = project.source_id.object_ids.filtered(
            lambda one: one.name == "deal"
        )
        self.read_files(project)
        self.assertEqual(self.line(project, "deal", "name").source_path, "title")
        self.assertEqual(project.unrecognised_count, 0)
        self.assertEqual(project.mapping_ids.staged_count, 1)
