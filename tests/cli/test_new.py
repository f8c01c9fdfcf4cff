"""The command “new”."""

from odoo.exceptions import ValidationError

from .common import CommandCase


class TestNewCommand(CommandCase):
    """What a migration is created with, and what is refused."""

    def make(self, *words):
        words = ("new", "--source", "arkcase", "--name", "By API", *words)
        status, output = self.command(*words)
        return status, self.env["migration.project"].search(
            [("key", "=", output.strip())]
        )

    def test_g21_a_migration_by_api_has_its_connection(self):
        status, project = self.make("--url", "https://crm.example.com/arkcase")
        self.assertEqual(status, 0)
        connection = project.connection_ids
        self.assertEqual(connection.base_url, "https://crm.example.com/arkcase")

    def test_g21_an_address_that_is_none_is_refused_by_name(self):
        for value in ("notaurl", "ftp://crm.example.com", "https://", "https://a b/"):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(
                    ValidationError, f"{value} is not asked: .*https://crm.example.com"
                ),
                self.cr.savepoint(),
            ):
                self.make("--url", value)
