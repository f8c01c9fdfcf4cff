"""Runs that are interrupted, paused, shared between processes, or only tried."""

import time
from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.sql_db import db_connect

from ...models import migration_worker
from ...models.engine.engine import MigrationEngine
from ...models.migration_run import _LOCK, MigrationRun
from ..common import MigrationCase, csv_text


class Crash(BaseException):
    """The process dies: nothing catches it."""


class WorkerCase(MigrationCase):
    def prepared(self, count=10, **values):
        """A migration of ``count`` companies and as many deals, ready to be loaded."""
        values.setdefault("chunk_size", 4)
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name"),
                    *((f"C{n}", f"Company {n}") for n in range(count)),
                ),
                "deals.csv": csv_text(
                    ("deal_id", "name", "company_id", "probability"),
                    *((f"D{n}", f"Deal {n}", f"C{n}", n) for n in range(count - 1)),
                    ("D-bad", "Bad", "C0", "150"),
                ),
            },
            **values,
        )
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        return project

    def queued(self, project, kind="load"):
        return self.env["migration.run"]._start(project, kind)

    def loaded(self, project):
        """How many companies and deals of the project Odoo has."""
        return [
            self.env[model]
            .with_context(active_test=False)
            .search_count([("x_source_id", "=like", f"{project.key}/{name}/%")])
            for model, name in (("res.partner", "company"), ("crm.lead", "deal"))
        ]

    def counts(self, run):
        return {
            line.mapping_id.name: line._as_dict()
            for line in run.line_ids
            if line.handled
        }


class TestResume(WorkerCase):
    def test_a_run_that_died_in_the_middle_goes_on_without_doubling(self):
        project = self.prepared()
        load_chunk = MigrationEngine._load_chunk
        died = []

        def dying(engine, run, line, mapping, compiled, resolver, matcher):
            if line.cursor and not died:
                died.append(line.mapping_id.name)
                raise Crash()
            return load_chunk(engine, run, line, mapping, compiled, resolver, matcher)

        with patch.object(MigrationEngine, "_load_chunk", dying):
            # assertRaises would roll back what the run has committed.
            with suppress(Crash):
                project._run_now("load")
        project.invalidate_recordset()
        run = project.run_ids[:1]
        self.assertEqual(died, ["company"])
        self.assertEqual(run.state, "running")
        self.assertEqual(self.loaded(project), [4, 0])
        again = project._run_now("load")
        self.assertEqual(again, run, "the same run goes on")
        self.assertEqual(run.state, "done")
        self.assertEqual(self.loaded(project), [10, 9])
        self.assertEqual(
            {name: one["created"] for name, one in self.counts(run).items()},
            {"company": 10, "deal": 9},
        )
        self.assertEqual(self.counts(run)["deal"]["failed"], 1)
        created = self.env["migration.log"].search_count(
            [("run_id", "=", run.id), ("operation", "=", "create")]
        )
        self.assertEqual(created, 19)

    def test_the_half_done_chunk_of_a_run_that_died_is_loaded_anew(self):
        project = self.prepared()
        settle = MigrationEngine._settle
        savepoints = []

        def dying(engine, mapping, items, waiting):
            if not savepoints:
                savepoints.append(1)
                raise Crash()
            return settle(engine, mapping, items, waiting)

        # What PostgreSQL does when the connection of a dead process ends.
        savepoint = self.env.cr.savepoint()
        with patch.object(MigrationEngine, "_settle", dying):
            with self.assertRaises(Crash):
                project._run_now("load")
        savepoint.close(rollback=True)
        self.run_step(project, "load")
        self.assertEqual(self.loaded(project), [10, 9])

    def test_loading_a_second_time_makes_nothing_new(self):
        project = self.prepared()
        self.run_step(project, "load")
        before = self.loaded(project)
        run = self.run_step(project, "load")
        self.assertEqual(self.loaded(project), before)
        self.assertEqual(sum(one["created"] for one in self.counts(run).values()), 0)

    def test_another_kind_of_run_does_not_start_in_between(self):
        project = self.prepared()
        run = self.queued(project)
        with self.assertRaisesRegex(UserError, "still working"):
            project._run_now("rollback")
        with self.assertRaisesRegex(UserError, "still working"):
            self.queued(project)
        self.assertEqual(run.state, "queued")

    def test_what_goes_wrong_as_a_whole_stops_the_run_with_its_reason(self):
        project = self.prepared()
        self.line(project, "deal", "name").target = "message_ids"
        project.action_confirm()
        project._approve(self.env.user)
        with patch.object(MigrationRun, "_roll_back", lambda run: run.env.clear()):
            run = project._run_now("load")
        self.assertEqual(run.state, "failed")
        self.assertIn("message_ids", run.message)
        self.assertTrue(run.finished)
        self.assertFalse(project.run_ids.filtered(lambda one: one.state == "running"))


class TestScheduledJob(WorkerCase):
    def setUp(self):
        super().setUp()
        commits = self.startPatcher(
            patch.object(type(self.env["ir.cron"]), "_commit_progress")
        )
        self.remaining = lambda: commits.call_args.kwargs["remaining"]

    def work(self):
        self.env["migration.worker"]._cron_run()

    def test_it_works_on_a_queued_run_until_it_is_done(self):
        project = self.prepared()
        run = self.queued(project)
        self.work()
        self.assertEqual(run.state, "done")
        self.assertTrue(run.started and run.finished)
        self.assertEqual(self.loaded(project), [10, 9])
        self.assertEqual(project.state, "loaded")
        self.assertEqual(run.progress, 100)
        self.assertEqual(self.remaining(), 0)

    def test_it_pauses_at_its_deadline_and_goes_on_the_next_time(self):
        project = self.prepared()
        run = self.queued(project)
        load_next = MigrationEngine._load_next
        clock = [1000.0]

        def slow(*args):
            clock[0] += migration_worker.BUDGET + 1
            return load_next(*args)

        with (
            patch.object(MigrationEngine, "_load_next", slow),
            patch.object(time, "monotonic", lambda: clock[0]),
        ):
            seen = []
            for _call in range(30):
                self.work()
                seen.append(sum(self.loaded(project)))
                if run.state == "done":
                    break
                self.assertEqual(run.state, "running")
                self.assertGreater(self.remaining(), 0)
        self.assertEqual(run.state, "done")
        self.assertEqual(sorted(set(seen) - {0}), [4, 8, 10, 14, 18, 19])
        self.assertEqual(self.loaded(project), [10, 9])

    def test_it_takes_the_oldest_run_first_and_leaves_those_of_the_command_line(self):
        first, second, third = (self.prepared(2) for _number in range(3))
        own = self.queued(first)
        own.background = False
        older, younger = self.queued(second), self.queued(third)
        self.work()
        states = [run.state for run in (own, older, younger)]
        self.assertEqual(states, ["queued", "done", "queued"])
        self.assertEqual(self.remaining(), 1)

    def test_it_does_nothing_where_nothing_waits(self):
        self.work()
        self.assertEqual(self.remaining(), 0)

    def test_the_log_names_the_user_who_started_the_run(self):
        project = self.prepared(2)
        run = self.queued(project)
        run.user_id = self.admin
        self.work()
        entries = self.env["migration.log"].search([("run_id", "=", run.id)])
        self.assertTrue(entries)
        self.assertEqual(entries.user_id, self.admin)


class TestOneWorker(WorkerCase):
    def other_process(self):
        """A cursor on a connection of its own."""
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        return cr

    def try_lock(self, cr, run):
        cr.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCK, run.id))
        return cr.fetchone()[0]

    def unlock(self, cr, run):
        cr.execute("SELECT pg_advisory_unlock(%s, %s)", (_LOCK, run.id))

    def test_a_run_that_another_process_works_on_is_left_alone(self):
        project = self.prepared()
        run = self.queued(project)
        other = self.other_process()
        self.assertTrue(self.try_lock(other, run))
        self.env["migration.worker"]._work(run)
        self.assertEqual(run.state, "queued")
        self.assertEqual(self.loaded(project), [0, 0])
        with self.assertRaisesRegex(UserError, "still working"):
            project._run_now("load")
        self.unlock(other, run)
        self.assertEqual(project._run_now("load"), run)
        self.assertEqual(self.loaded(project), [10, 9])

    def test_a_finished_run_gives_its_lock_free(self):
        project = self.prepared()
        run = self.queued(project)
        project._run_now("load")
        other = self.other_process()
        self.assertTrue(self.try_lock(other, run))
        self.unlock(other, run)

    def test_a_run_that_raises_gives_its_lock_free(self):
        project = self.prepared()
        run = self.queued(project)
        with patch.object(MigrationEngine, "_load_chunk", side_effect=Crash):
            with self.assertRaises(Crash):
                self.env["migration.worker"]._work(run)
        other = self.other_process()
        self.assertTrue(self.try_lock(other, run))
        self.unlock(other, run)


class TestDryRun(WorkerCase):
    def test_it_counts_what_the_load_counts_and_leaves_nothing(self):
        project = self.prepared()
        before = self.snapshot()
        dry = self.run_step(project, "dry_run")
        self.assertSameDatabase(before, self.snapshot())
        self.assertEqual(project.state, "prepared")
        states = (
            self.env["migration.record"]
            .search([("project_id", "=", project.id)])
            .mapped("state")
        )
        self.assertEqual(set(states), {"pending"})
        self.assertFalse(
            self.env["migration.log"].search_count([("run_id", "=", dry.id)])
        )
        real = self.run_step(project, "load")
        self.assertEqual(self.counts(dry), self.counts(real))
        self.assertEqual(self.counts(dry)["deal"]["failed"], 1)
        self.assertEqual((dry.total, dry.handled), (real.total, real.handled))
