"""Custom fields: made as mapped, shown, journalled."""

from odoo.tests import Form

from ..common import MigrationCase, csv_text

TYPES = {
    "nickname": ("text", "Bee", "char"),
    "story": ("multiline", "long", "text"),
    "floors": ("integer", "3", "integer"),
    "weight": ("number", "1.5", "float"),
    "turnover": ("currency", "1200.50", "monetary"),
    "tier": ("picklist", "Gold", "selection"),
    "since": ("date", "2020-02-03", "date"),
    "seen": ("datetime", "2020-02-03 10:30", "datetime"),
    "vip": ("checkbox", "true", "boolean"),
}


def export(types=None):
    """A company with a custom field of each of ``types``."""
    types = types or TYPES
    return {
        "custom_fields.csv": csv_text(
            ("object", "key", "label", "type", "options"),
            *(
                ("company", key, f"My {key}", kind, "Silver|Gold|Bronze")
                for key, (kind, _value, _ttype) in types.items()
            ),
        ),
        "companies.csv": csv_text(
            ("company_id", "name", "email", "phone", "city", "zip", *types),
            ("1", "A", "", "", "", "")
            + tuple(value for _kind, value, _ttype in types.values()),
        ),
    }


class TestSchema(MigrationCase):
    def prepare(self, project):
        project.action_confirm()
        return self.run_step(project, "prepare")

    def manual(self, model, name):
        return self.env["ir.model.fields"].search(
            [("model", "=", model), ("name", "=", name), ("state", "=", "manual")]
        )

    def test_every_type_of_custom_field_is_made_and_filled(self):
        project = self.migrate(export())
        company = self.target(project, "company", "1")
        currency = self.env["migration.schema"]._currency_field("res.partner")
        for key, (_kind, _value, ttype) in TYPES.items():
            if ttype == "monetary" and not currency:
                ttype = "float"
            field = self.manual("res.partner", f"x_my_{key}")
            self.assertEqual((key, field.ttype), (key, ttype))
            self.assertEqual(field.field_description, f"My {key}")
            self.assertEqual(
                field.x_source_id, f"{project.key}/field/res.partner.x_my_{key}"
            )
        self.assertEqual(company.x_my_nickname, "Bee")
        self.assertEqual(company.x_my_story, "long")
        self.assertEqual(company.x_my_floors, 3)
        self.assertEqual(company.x_my_weight, 1.5)
        self.assertEqual(company.x_my_turnover, 1200.5)
        self.assertEqual(company.x_my_tier, "Gold")
        self.assertEqual(str(company.x_my_since), "2020-02-03")
        self.assertEqual(str(company.x_my_seen), "2020-02-03 10:30:00")
        self.assertIs(company.x_my_vip, True)

    def test_an_amount_has_the_currency_of_its_model(self):
        project = self.migrate(
            {
                "custom_fields.csv": csv_text(
                    ("object", "key", "label", "type"),
                    ("deal", "budget", "Budget", "currency"),
                ),
                "deals.csv": csv_text(("deal_id", "name", "budget"), ("1", "A", "9.5")),
            }
        )
        field = self.manual("crm.lead", "x_budget")
        self.assertEqual(
            (field.ttype, field.currency_field), ("monetary", "company_currency")
        )
        deal = self.target(project, "deal", "1")
        self.assertEqual(deal.x_budget, 9.5)
        with Form(deal) as form:
            form.x_budget = 10

    def test_a_selection_has_its_options_in_their_order(self):
        project = self.new_project(export())
        self.read_files(project)
        self.prepare(project)
        field = self.env["res.partner"]._fields["x_my_tier"]
        self.assertEqual(field.get_values(self.env), ["Silver", "Gold", "Bronze"])

    def test_custom_fields_are_on_the_tab_of_the_form(self):
        project = self.migrate(export())
        company = self.target(project, "company", "1")
        with Form(company) as form:
            self.assertEqual(form.x_my_nickname, "Bee")
            form.x_my_nickname = "Bumble"
        self.assertEqual(company.x_my_nickname, "Bumble")
        arch = self.env["res.partner"].get_view(
            self.env.ref("base.view_partner_form").id, "form"
        )["arch"]
        for key in TYPES:
            self.assertIn(f'name="x_my_{key}"', arch)

    def test_what_is_made_is_in_the_log_and_goes_with_the_rollback(self):
        project = self.new_project(export())
        self.read_files(project)
        run = self.prepare(project)
        created = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "create")]
        )
        fields_ = created.filtered(lambda one: one.res_model == "ir.model.fields")
        self.assertEqual(len(fields_), len(TYPES))
        self.assertEqual(
            len(created.filtered(lambda r: r.res_model == "ir.ui.view")), 1
        )
        self.rollback(project)
        self.assertFalse(self.manual("res.partner", "x_my_tier"))
        self.assertNotIn("x_my_tier", self.env["res.partner"]._fields)

    def test_preparing_again_makes_nothing_twice(self):
        project = self.new_project(export())
        self.read_files(project)
        self.prepare(project)
        run = self.prepare(project)
        self.assertFalse(self.env["migration.log"].search([("run_id", "=", run.id)]))

    def test_a_field_that_was_there_is_used_and_stays(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "name": "x_my_nickname",
                "field_description": "Ours",
                "ttype": "char",
                "state": "manual",
            }
        )
        project = self.migrate(export({"nickname": TYPES["nickname"]}))
        company = self.target(project, "company", "1")
        self.assertEqual(company.x_my_nickname, "Bee")
        self.rollback(project)
        self.assertEqual(
            self.manual("res.partner", "x_my_nickname").field_description, "Ours"
        )

    def test_a_field_of_another_type_stops_before_anything_is_made(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "name": "x_my_floors",
                "field_description": "Ours",
                "ttype": "date",
                "state": "manual",
            }
        )
        project = self.new_project(export())
        self.read_files(project)
        project.action_confirm()
        run = self.env["migration.run"]._start(project, "prepare")
        with self.assertRaisesRegex(Exception, "x_my_floors.*date.*integer"):
            self.env["migration.worker"]._execute(run, None)
        self.assertFalse(self.manual("res.partner", "x_my_nickname"))

    def test_two_objects_of_one_model_share_a_field(self):
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "shade"), ("1", "A", "red")
                ),
                "contacts.csv": csv_text(
                    ("contact_id", "full_name", "shade"), ("1", "Ida", "blue")
                ),
            }
        )
        self.assertEqual(self.target(project, "company", "1").x_shade, "red")
        self.assertEqual(self.target(project, "contact", "1").x_shade, "blue")
        self.assertEqual(len(self.manual("res.partner", "x_shade")), 1)

    def test_two_objects_that_need_one_field_differently_are_told(self):
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "shade"), ("1", "A", "2020-01-31")
                ),
                "contacts.csv": csv_text(
                    ("contact_id", "full_name", "shade"), ("1", "Ida", "blue")
                ),
            }
        )
        self.read_files(project)
        project.action_confirm()
        with self.assertRaisesRegex(Exception, "x_shade"):
            self.env["migration.schema"]._planned(project)

    def test_a_label_odoo_uses_already_is_told_apart(self):
        header = ("company_id", "name", "Color Index")
        project = self.new_project(
            {"companies.csv": csv_text(header, ("1", "A", "violet"))}
        )
        self.read_files(project)
        self.prepare(project)
        field = self.manual("res.partner", "x_color_index")
        self.assertEqual(field.field_description, "Color Index (Allegory)")
