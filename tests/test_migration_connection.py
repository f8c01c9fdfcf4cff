from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import MigrationCase


class TestConnection(MigrationCase):
    """The address of a connection, in the form and when it is used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.env["migration.project"].create(
            {
                "name": "By API",
                "source_id": cls.env.ref("crm_migration.source_arkcase").id,
            }
        )

    def test_the_form_begins_without_an_address_and_wants_one(self):
        action = self.project.action_connect()
        connection = self.env["migration.connection"].browse(action["res_id"])
        self.assertFalse(connection.base_url)
        self.assertEqual(connection.display_name, "ArkCase")
        form = Form(connection)
        with self.assertRaises(AssertionError):
            form.save()
        form.base_url = "https://crm.example.com/arkcase"
        form.save()
        self.assertEqual(connection.display_name, "https://crm.example.com/arkcase")
        self.assertEqual(connection.file_id.name, connection.base_url)

    def test_the_form_refuses_what_is_no_address(self):
        connection = self.project._connect()
        form = Form(connection)
        form.base_url = "crm.example.com"
        with self.assertRaisesRegex(
            ValidationError, "Base Address: crm.example.com .*https://crm.example.com"
        ):
            form.save()

    def test_the_address_of_tokens_is_looked_at_as_well(self):
        connection = self.project._connect(base_url="https://crm.example.com")
        with self.assertRaisesRegex(ValidationError, "Token Address: nowhere"):
            connection.token_url = "nowhere"

    def test_a_password_in_an_address_is_refused_and_not_repeated(self):
        with self.assertRaises(ValidationError) as refused:
            self.project._connect(base_url="https://me:s3cr3t@crm.example.com")
        self.assertNotIn("s3cr3t", str(refused.exception))

    def test_without_an_address_nothing_is_asked_and_the_migration_is_named(self):
        connection = self.project._connect()
        with self.assertRaisesRegex(UserError, "By API: .* no base address yet"):
            connection.action_check()
