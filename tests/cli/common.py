"""What the tests of the commands share: a command as it is typed."""

import contextlib
import functools
import importlib.util
import io
from pathlib import Path

from ..common import MigrationCase

CLI = Path(__file__).parents[2] / "cli" / "migrate.py"
FILES = {
    "companies.csv": "company_id,name,employee_count,owner_email\n"
    "C1,Acme,5,anna@example.com\nC2,Other,6,anna@example.com\n",
}


@functools.cache
def load_cli():
    """The module of the command."""
    # Odoo loads the file under this name, and the class insists on it.
    spec = importlib.util.spec_from_file_location("odoo.cli.migrate", CLI)
    cli = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cli)
    return cli


class CommandCase(MigrationCase):
    """Commands as they are typed, in the test's own transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cli = load_cli()

    def command(self, *words):
        """``(exit status, output)`` of one command."""
        arguments = self.cli._parser("migrate").parse_args([str(one) for one in words])
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = arguments.run(self.env, arguments)
        return status, output.getvalue()

    def new(self, *words, files=None):
        """Create a migration by the command; gives it."""
        status, output = self.command(
            "new",
            *("--source", "allegory", "--name", "From the shell"),
            *("--files", self.write_files(files or FILES)),
            *("--option", "fallback_user=admin", *words),
        )
        self.assertEqual(status, 0)
        return self.env["migration.project"].search([("key", "=", output.strip())])
