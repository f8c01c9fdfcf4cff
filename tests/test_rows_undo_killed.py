"""Row G13 of the specification: processes that are killed leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tools import config

from ..models.migration_run import MigrationRun
from .committed import CommittedCase
from .common import csv_text
from .test_rows_undo_choices import UndoCase

COUNT = 1200
FILES = {
    "companies.csv": csv_text(
        ("company_id", "name"), *((f"C{n}", f"Company {n}") for n in range(COUNT))
    )
}
SECONDS = 120


class TestKilled(CommittedCase):
    """Commands in a process of their own, killed while they work."""

    def setUp(self):
        super().setUp()
        self.project = self.steps.new_project(FILES, chunk_size=500)
        self.steps.read_files(self.project)
        self.project.action_confirm()
        self.steps.run_step(self.project, "prepare")
        self.ours.cr.commit()

    def start(self, *words):
        """A command of its own; gives its process."""
        command = "from odoo.cli.command import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", command, "migrate", "-c", config.rcfile]
            + ["-d", self.env.cr.dbname, *words, self.project.key],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def journalled(self, operation):
        """How many operations of this kind are committed."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM migration_log"
                " WHERE project_id = %s AND operation = %s",
                (self.project.id, operation),
            )
            return cr.fetchone()[0]

    def kill_in(self, verb, operation):
        """Kill the command ``verb`` once it has committed an ``operation``."""
        process = self.start(verb)
        end = time.monotonic() + SECONDS
        while not self.journalled(operation):
            self.assertIsNone(process.poll(), "it ended before it was killed")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)
        done = self.journalled(operation)
        self.assertLess(done, COUNT)
        self.ours.cr.rollback()
        self.ours.clear()
        return done

    def test_G13_a_killed_undo_of_a_killed_load_goes_on_to_the_end(self):
        self.assertTrue(os.path.isfile(config.rcfile))
        loaded = self.kill_in("load", "create")
        run = self.project.run_ids[:1]
        self.assertEqual((run.kind, run.state), ("load", "running"))
        with self.assertRaisesRegex(UserError, "left unfinished"):
            self.project._run_now("verify")
        self.ours.cr.rollback()
        self.kill_in("rollback", "unlink")
        self.assertEqual(run.state, "failed")
        self.assertIn("process ended", run.message)
        undo = self.project.run_ids[:1]
        self.assertEqual((undo.kind, undo.state), ("rollback", "running"))
        self.assertEqual(self.start("rollback").wait(), 0)
        self.ours.cr.rollback()
        self.ours.clear()
        self.assertEqual((undo.state, run.undone), ("done", "wholly"))
        self.assertEqual(self.journalled("unlink"), loaded, "each of them once")
        self.assertFalse(self.left())
        records = self.ours["migration.record"]
        states = records.search([("project_id", "=", self.project.id)]).mapped("state")
        self.assertEqual(states, ["pending"] * COUNT)


class TestAbandoned(UndoCase):
    """A run whose process is gone holds nobody up."""

    def abandoned(self, **values):
        project = self.new_project({"companies.csv": "company_id,name\nC1,Acme\n"})
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        run = self.env["migration.run"]._start(project, "load")
        run.write({"state": "running", "background": False, **values})
        return project, run

    def test_G13_it_can_be_rolled_back_and_says_how_it_ended(self):
        project, run = self.abandoned()
        with self.assertRaisesRegex(UserError, "its command again to go on"):
            project._run_now("verify")
        self.rollback(project)
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.finished)

    def test_G13_its_command_goes_on_with_it(self):
        project, run = self.abandoned()
        self.assertEqual(project._run_now("load"), run)
        self.assertEqual(run.state, "done")

    def test_G13_what_somebody_works_on_is_waited_for(self):
        for values in ({}, {"background": True}):
            project, run = self.abandoned(**values)
            alive = patch.object(MigrationRun, "_claim", lambda run: False)
            with alive, self.assertRaisesRegex(UserError, "still working"):
                project._run_now("rollback")
            self.assertEqual(run.state, "running")

    def test_G13_what_the_scheduled_job_goes_on_with_is_waited_for(self):
        project, _run = self.abandoned(background=True)
        with self.assertRaisesRegex(UserError, "still working"):
            project._run_now("rollback")
