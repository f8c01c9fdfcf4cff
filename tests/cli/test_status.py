"""The command “status”."""

from .common import FILES, CommandCase


class TestStatusCommand(CommandCase):
    """How far a migration is, and what is left."""

    def test_g21_load_and_status_say_the_same_of_what_failed_at_reading(self):
        # C1 is there twice: the second row fails when it is read.
        rows = FILES["companies.csv"] + "C3,Bad,many,\nC1,Twice,5,\n"
        project = self.new(files={"companies.csv": rows})
        status, output = self.command("audit", project.key)
        self.assertEqual(status, 1)
        self.assertIn("1 records failed or are held", output)
        for words in (("map", "--confirm-all"), ("prepare",)):
            self.command(words[0], project.key, *words[1:])
        status, output = self.command("load", project.key, "--dry-run")
        self.assertEqual(status, 1)
        self.assertIn("3 read, 2 created, 1 failed (1 failed before)", output)
        self.assertIn("2 records failed or are held", output)
        self.command("approve", project.key, "--by", "admin")
        status, output = self.command("load", project.key)
        self.assertIn("3 read, 2 created, 1 failed (2 failed in all)", output)
        self.assertIn("2 records failed or are held", output)
        told = self.command("status", project.key)
        self.assertEqual(told[0], 1)
        self.assertIn("company: 2 failed, 2 loaded", told[1])
        self.assertIn("2 records failed or are held", told[1])
        status, output = self.command("load", project.key)
        self.assertEqual(status, 1, "what failed before has not become better")
        self.assertIn("company: nothing to do (2 failed in all)", output)

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
        self.assertIn("1 records failed or are held", output)
        status, output = self.command("status", project.key)
        self.assertEqual(status, 1)
        self.assertIn("1 failed", output)
        self.assertRegex(output, "! company C3: .*“many” is not a number.")

    def test_g21_status_says_that_the_last_run_was_stopped_and_why(self):
        project = self.new()
        self.command("audit", project.key)
        self.assertNotIn("!", self.command("status", project.key)[1])
        run = self.env["migration.run"]._start(project, "audit")
        self.assertIn("is at work\n", self.command("status", project.key)[1])
        run.write({"state": "running", "background": False})
        output = self.command("status", project.key)[1]
        self.assertIn("was interrupted; start it again, it goes on\n", output)
        run.write({"state": "failed", "message": "The server is away."})
        output = self.command("status", project.key)[1]
        self.assertRegex(output, r"! Read files \d+ stopped: The server is away\.")
