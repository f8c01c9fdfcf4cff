"""The command “status”."""

from .common import FILES, CommandCase


class TestStatusCommand(CommandCase):
    """How far a migration is, and what is left."""

    def test_g21_status_tells_that_records_failed(self):
        rows = FILES["companies.csv"] + "C3,Bad,many,\n"
        project = self.new(files={"companies.csv": rows})
        for words in (
            ("audit",),
            ("map", "--confirm-all"),
            ("prepare",),
            ("approve", "--by", "admin"),
        ):
            self.assertEqual(self.command(words[0], project.key, *words[1:])[0], 0)
        status, output = self.command("load", project.key)
        self.assertEqual(status, 1)
        self.assertIn("2 created", output)
        self.assertIn("1 records are not in Odoo", output)
        status, output = self.command("status", project.key)
        self.assertEqual(status, 1)
        self.assertIn("1 failed", output)
        self.assertRegex(output, "! company C3: .*“many” is not a number.")
