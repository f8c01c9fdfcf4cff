"""A confirmed mapping is kept as a file and used again."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import DEMO, MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "city", "shade"), ("1", "Ahlgren", "Oslo", "red")
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "status"), ("1", "Roof", "1", "Frozen")
    ),
}


class TestMappingFile(MigrationCase):
    def read_export(self, files, **values):
        project = self.new_project(files, **values)
        self.read_files(project)
        return project

    def test_a_saved_mapping_is_the_same_in_another_project(self):
        project = self.new_project(path=DEMO)
        self.read_files(project)
        project.action_confirm()
        project.mapping_ids[0].active = False
        saved = json.loads(json.dumps(project._export_mapping()))
        other = self.new_project(path=DEMO)
        other._import_mapping(saved)
        self.assertEqual(other._export_mapping(), saved)
        self.assertFalse(other.unconfirmed_count)

    def test_decisions_of_a_saved_mapping_load_another_export(self):
        project = self.read_export(FILES)
        self.line(project, "company", "city").target = "street2"
        line = self.line(project, "deal", "outcome")
        frozen = line.value_ids.filtered(lambda value: value.name == "Frozen")
        frozen.write({"mapped": True, "target": "lost"})
        project.action_confirm()
        saved = project._export_mapping()

        other = self.read_export(FILES, name="Second export")
        self.assertTrue(other.unconfirmed_count)
        other._import_mapping(saved)
        self.run_step(other, "prepare")
        self.run_step(other, "load")
        company = self.target(other, "company", "1")
        self.assertEqual((company.city, company.street2), (False, "Oslo"))
        self.assertEqual(company.x_shade, "red")
        deal = self.target(other, "deal", "1")
        self.assertEqual((deal.active, deal.probability), (False, 0))

    def test_G02_the_model_that_a_custom_field_links_to_is_kept(self):
        project = self.read_export(FILES)
        link = {"ttype": "many2one", "relation": "res.partner.category"}
        self.line(project, "company", "x_shade").write(link)
        other = self.read_export(FILES, name="Second export")
        other._import_mapping(project._export_mapping())
        line = self.line(other, "company", "x_shade")
        self.assertEqual((line.ttype, line.relation), tuple(link.values()))
        saved = project._export_mapping()
        company = next(one for one in saved["objects"] if one["name"] == "company")
        shade = next(one for one in company["lines"] if one["target"] == "x_shade")
        shade["relation"] = "res.nothing"
        with self.assertRaisesRegex(UserError, "res.nothing"):
            other._import_mapping(saved)

    def test_lines_are_replaced_and_not_added(self):
        project = self.read_export(FILES)
        count = len(project.mapping_ids.field_ids)
        project._import_mapping(project._export_mapping())
        self.assertEqual(len(project.mapping_ids.field_ids), count)

    def test_an_object_the_file_does_not_have_stays(self):
        project = self.read_export(FILES)
        saved = project._export_mapping()
        saved["objects"] = [one for one in saved["objects"] if one["name"] == "deal"]
        lines = project.mapping_ids.filtered(
            lambda one: one.name == "company"
        ).field_ids
        project._import_mapping(saved)
        self.assertTrue(lines.exists())

    def test_an_object_the_project_does_not_have_is_made(self):
        saved = self.read_export(FILES)._export_mapping()
        other = self.read_export({"companies.csv": FILES["companies.csv"]})
        other._import_mapping(saved)
        deal = other.mapping_ids.filtered(lambda one: one.name == "deal")
        self.assertEqual(deal.res_model, "crm.lead")

    def test_what_is_no_saved_mapping_is_refused_and_changes_nothing(self):
        project = self.read_export(FILES)
        before = project._export_mapping()
        for data in ({}, [], {"objects": [{"name": "deal"}]}, {"objects": [7]}, None):
            with self.assertRaisesRegex(UserError, "not a saved mapping"):
                project._import_mapping(data)
        self.assertEqual(project._export_mapping(), before)

    def of_column(self, project, name, column):
        mapping = project.mapping_ids.filtered(lambda one: one.name == name)
        return mapping.field_ids.filtered(lambda line: line.source_path == column)

    def test_g03_a_saved_mapping_loaded_at_home_changes_nothing(self):
        project = self.read_export(FILES)
        self.of_column(project, "company", "city")._confirm()
        lines = project.mapping_ids.field_ids
        before = lines.read()
        self.assertEqual(project._import_mapping(project._export_mapping()), [])
        self.assertEqual(lines.exists(), lines)
        self.assertEqual(lines.read(), before)

    def test_g03_columns_the_saved_mapping_does_not_know_stay_proposed(self):
        saved = self.read_export(FILES)
        saved.action_confirm()
        more = csv_text(
            ("company_id", "name", "phone", "rating"), ("1", "Ahlgren", "1", "5")
        )
        other = self.read_export({**FILES, "companies.csv": more})
        absent = other._import_mapping(saved._export_mapping())
        self.assertTrue(self.of_column(other, "company", "name").confirmed)
        for column in ("phone", "rating"):
            line = self.of_column(other, "company", column)
            self.assertEqual((len(line), line.confirmed), (1, False))
        self.assertEqual(
            [(one["object"], one["column"]) for one in absent],
            [("company", "city"), ("company", "shade")],
        )
        self.assertFalse(self.of_column(other, "company", "shade"))

    def test_g03_columns_are_the_same_in_another_spelling(self):
        saved = self.read_export(FILES)
        self.of_column(saved, "company", "shade").write(
            {"kind": "direct", "target": "ref"}
        )
        content = FILES["companies.csv"].replace("shade", "SHADE")
        other = self.read_export({"companies.csv": content})
        other._import_mapping(saved._export_mapping())
        line = self.of_column(other, "company", "SHADE")
        self.assertEqual(line.target, "ref")
        self.assertEqual(line.samples, "red", "what was found stays")
        self.assertFalse(self.of_column(other, "company", "shade"))

    def test_g03_an_object_the_export_does_not_have_is_reported(self):
        saved = self.read_export(FILES)._export_mapping()
        other = self.read_export({"companies.csv": FILES["companies.csv"]})
        absent = other._import_mapping(saved)
        self.assertEqual(
            [(one["object"], one["column"]) for one in absent], [("deal", None)]
        )

    def test_g03_confirmations_come_along_only_if_asked_for(self):
        saved = self.read_export(FILES)
        self.of_column(saved, "company", "shade").kind = "ignored"
        saved.action_confirm()
        other = self.read_export(FILES)
        other._import_mapping(saved._export_mapping(), confirmed=False)
        self.assertEqual(self.of_column(other, "company", "shade").kind, "ignored")
        self.assertEqual(other.unconfirmed_count, len(other.mapping_ids.field_ids))
        other._import_mapping(saved._export_mapping())
        self.assertFalse(other.unconfirmed_count)
        entries = self.env["migration.log"].search(
            [("project_id", "=", other.id), ("operation", "=", "decision")]
        )
        self.assertEqual(len(entries), len(other.mapping_ids.field_ids))

    def test_g03_a_value_nobody_translated_keeps_its_line_open(self):
        saved = self.read_export(FILES)
        line = self.of_column(saved, "deal", "status")
        line.value_ids.write({"mapped": True})
        saved.action_confirm()
        more = FILES["deals.csv"] + "2,Wall,1,Thawed\n"
        other = self.read_export({**FILES, "deals.csv": more})
        other._import_mapping(saved._export_mapping())
        line = self.of_column(other, "deal", "status")
        self.assertFalse(line.confirmed)
        opened = [value.name for value in line.value_ids if not value.mapped]
        self.assertEqual(opened, ["Thawed"])
        self.assertTrue(self.of_column(other, "deal", "name").confirmed)

    def test_g03_a_file_from_before_a_setting_was_there_leaves_it(self):
        project = self.read_export(FILES)
        saved = project._export_mapping()
        del saved["format"], saved["version"]
        for one in saved["objects"]:
            del one["on_repeat"]
            for line in one["lines"]:
                del line["reference_by"], line["reference_key"]
        project.mapping_ids.on_repeat = "merge"
        line = self.of_column(project, "deal", "company_id")
        line.write({"reference_by": "name", "reference_key": "name"})
        project._import_mapping(saved)
        self.assertEqual(set(project.mapping_ids.mapped("on_repeat")), {"merge"})
        self.assertEqual((line.reference_by, line.reference_key), ("name", "name"))
        other = self.read_export(FILES)
        other.mapping_ids.field_ids.unlink()
        other._import_mapping(saved)
        line = self.of_column(other, "deal", "company_id")
        self.assertEqual((line.reference_by, line.reference_key), ("id", False))

    def test_g03_a_file_of_a_newer_version_is_refused(self):
        project = self.read_export(FILES)
        saved = {**project._export_mapping(), "version": 99}
        with self.assertRaisesRegex(UserError, "newer version"):
            project._import_mapping(saved)
        with self.assertRaisesRegex(UserError, "not a saved mapping"):
            project._import_mapping({**saved, "format": "something else"})

    def test_g03_each_mistake_is_named_and_nothing_is_changed(self):
        project = self.read_export(FILES)
        before = project._export_mapping()
        for change, message in (
            ({"kind": "guess"}, "kind “guess” is none of: identifier, direct"),
            ({"kind": None}, "kind is empty"),
            (
                {"transform": "magic"},
                "transform “magic” is none of: attendees, boolean, color",
            ),
            ({"target": "nmae"}, "no field “nmae” here; did you mean: name"),
            ({"target": "qqq"}, "no field “qqq” here; there are: .*vat"),
            ({"target": ["name"]}, "target “.*” is not of type char"),
            ({"target": False}, "says no Odoo field"),
            ({"source_path": ""}, "names no source column"),
            ({"confirmed": "yes"}, "confirmed “yes” is not of type boolean"),
            ({"sequence": "1"}, "sequence “1” is not of type integer"),
            ({"policy": "erase"}, "policy “erase” is none of: keep, fill, overwrite"),
            ({"colour": "red"}, "no “colour” here; there are: sequence, source_path"),
            (
                {"kind": "custom_field_required", "target": "My Field"},
                "“My Field” is no name for a custom field",
            ),
            ({"kind": "reference", "reference": "acount"}, "“acount”.*company, deal"),
            ({"values": "all"}, "“values” is not a list"),
            ({"values": [{"name": ""}]}, "name is empty"),
            ({"values": [{"name": "a"}, {"name": "a"}]}, "“a” is translated twice"),
        ):
            saved = project._export_mapping()
            one = next(one for one in saved["objects"] if one["name"] == "company")
            number = [line["target"] for line in one["lines"]].index("city")
            one["lines"][0]["label"] = "Would be taken over"
            one["lines"][number].update(change)
            with (
                self.subTest(change=change),
                self.assertRaisesRegex(UserError, f"(?s)nothing has been.*{message}"),
            ):
                project._import_mapping(saved)
            self.assertEqual(project._export_mapping(), before)

    def test_g03_a_file_may_say_no_more_than_what_it_changes(self):
        project = self.read_export(FILES)
        count = len(project.mapping_ids.field_ids)
        line = {"source_path": "city", "target": "street2", "kind": "direct"}
        project._import_mapping(
            {"objects": [{"name": "company", "label": "Firms", "lines": [line]}]}
        )
        self.assertEqual(self.of_column(project, "company", "city").target, "street2")
        self.assertEqual(self.of_column(project, "company", "name").target, "name")
        self.assertEqual(len(project.mapping_ids.field_ids), count)

    def test_g03_an_object_that_cannot_be_is_named(self):
        project = self.read_export(FILES)
        for change, message in (
            ({"res_model": "x.y"}, "company: there is no model “x.y”"),
            ({"res_model": False}, "company: it has no Odoo model"),
            ({"role": "boss"}, "role “boss” is none of: records, owners, fields"),
            ({"name": "deal"}, "deal is there twice"),
        ):
            saved = project._export_mapping()
            one = next(one for one in saved["objects"] if one["name"] == "company")
            one.update(change)
            with self.assertRaisesRegex(UserError, message):
                project._import_mapping(saved)

    def test_g03_all_mistakes_are_listed_up_to_a_number(self):
        project = self.read_export(FILES)
        saved = project._export_mapping()
        lines = [line for one in saved["objects"] for line in one["lines"]]
        for number in range(30):
            lines.append({**lines[0], "kind": f"wrong {number}"})
        saved["objects"][0]["lines"] = lines
        with self.assertRaises(UserError) as caught:
            project._import_mapping(saved)
        told = str(caught.exception).splitlines()
        self.assertEqual(len(told), 22)
        self.assertIn("10 more", told[-1])

    def test_g03_what_the_database_refuses_leaves_nothing_behind(self):
        project = self.read_export(FILES)
        before = project._export_mapping()
        saved = project._export_mapping()
        saved["objects"][0]["lines"][0]["label"] = "Would be taken over"
        saved["objects"][-1]["lines"][0]["label"] = "Not any more"
        lines = self.env.registry["migration.mapping.field"]
        create = lines.write

        def refuse(line, vals):
            if vals.get("label") == "Not any more":
                raise UserError(self.env._("refused"))
            return create(line, vals)

        self.patch(lines, "write", refuse)
        with self.assertRaisesRegex(UserError, "refused"):
            project._import_mapping(saved)
        self.assertEqual(project._export_mapping(), before)

    def test_g03_who_maps_may_take_a_mapping_over_and_nobody_else(self):
        project = self.read_export(FILES)
        saved = project._export_mapping()
        mapper = new_test_user(
            self.env, "mapper", "crm_migration.group_user,sales_team.group_sale_manager"
        )
        other = self.read_export(FILES)
        other.with_user(mapper)._import_mapping(saved)
        with self.assertRaises(AccessError):
            other.with_user(self.anna)._import_mapping(saved)
