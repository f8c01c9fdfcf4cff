"""The addon never takes over a field that somebody made."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..hooks import FIELDS, TARGETS, pre_init_hook


@tagged("post_install", "-at_install")
class TestPreInitHook(TransactionCase):
    def make_manual(self, model, name):
        """As if the field had been made by hand before the installation."""
        self.env.cr.execute(
            "UPDATE ir_model_fields SET state = 'manual'"
            " WHERE model = %s AND name = %s RETURNING id",
            (model, name),
        )
        return self.env.cr.fetchone()[0]

    def test_a_manual_field_of_our_name_refuses_the_installation(self):
        field = self.make_manual("res.partner", "x_source_id")
        with self.assertRaises(UserError) as caught:
            pre_init_hook(self.env)
        message = str(caught.exception)
        self.assertIn("res.partner.x_source_id", message)
        self.assertIn("Rename", message)
        found = self.env["ir.model.fields"].browse(field)
        self.assertEqual((found.state, found.name), ("manual", "x_source_id"))

    def test_all_of_them_are_named_at_once(self):
        self.make_manual("crm.lead", "x_source_id")
        self.make_manual("res.partner", "x_other_companies")
        with self.assertRaisesRegex(
            UserError, r"crm\.lead\.x_source_id, res\.partner\.x_other_companies"
        ):
            pre_init_hook(self.env)

    def test_manual_fields_of_other_names_or_models_do_not_matter(self):
        for model, name in (("crm.lead", "x_other"), ("res.bank", "x_source_id")):
            self.env["ir.model.fields"].create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "ttype": "char",
                }
            )
        self.assertIsNone(pre_init_hook(self.env))

    def test_it_guards_every_field_that_the_addon_adds_to_others(self):
        added = self.env["ir.model.fields"].search(
            [("name", "=like", "x\\_%"), ("state", "=", "base")]
        )
        added = added.filtered(
            lambda field: (
                field.store
                and "crm_migration" in field.modules.split(", ")
                and self.env[field.model]._auto
            )
        )
        models = set(added.mapped("model"))
        self.assertTrue(models)
        self.assertLessEqual(models, set(TARGETS))
        self.assertLessEqual(set(added.mapped("name")), set(FIELDS))
