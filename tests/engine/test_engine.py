"""How records get through the engine: alone when bad, and after what they refer to."""

from unittest.mock import patch

import psycopg2

from ...models.engine import patience
from ...models.engine.engine import MigrationEngine
from ...models.migration_run import MigrationRun
from ..common import MigrationCase, csv_text


class Conflict(psycopg2.errors.SerializationFailure):
    """Another transaction got in the way, as PostgreSQL says it."""

    pgcode = "40001"


def deals(count, **bad):
    """An export of ``count`` deals; ``D7="150"`` gives one another probability."""
    return {
        "deals.csv": csv_text(
            ("deal_id", "name", "probability"),
            *(
                (f"D{number}", f"Deal {number}", bad.get(f"D{number}", "20"))
                for number in range(1, count + 1)
            ),
        )
    }


def companies(*rows):
    """An export of companies: ``(id, parent id)``."""
    return {
        "companies.csv": csv_text(
            ("company_id", "name", "parent_company_id"),
            *((key, f"Company {key}", parent) for key, parent in rows),
        )
    }


class EngineCase(MigrationCase):
    def states(self, project, name):
        records = self.env["migration.record"].search(
            [("project_id", "=", project.id), ("mapping_id.name", "=", name)]
        )
        return {record.source_id: record.state for record in records}

    def assertFailed(self, record, code):
        """The staged record failed, for the reason ``code``."""
        self.assertEqual((record.state, record.error_code), ("failed", code))

    def line_of(self, project, name):
        """The progress line of the object in the latest run."""
        lines = project.run_ids[:1].line_ids
        return lines.filtered(lambda line: line.mapping_id.name == name)

    def correct(self, project, name, source_id, **values):
        """Correct columns of a staged record, as a corrected upload would."""
        record = self.staged(project, name, source_id)
        record.payload = {**record.payload, **values}
        record.action_retry()


class TestIsolation(EngineCase):
    def test_one_bad_record_of_a_thousand_is_isolated_and_999_land(self):
        project = self.migrate(deals(1000, D700="150"))
        states = self.states(project, "deal")
        self.assertEqual(states.pop("D700"), "failed")
        self.assertEqual(len(states), 999)
        self.assertEqual(set(states.values()), {"loaded"})
        self.assertEqual(
            self.env["crm.lead"].search_count(
                [("x_source_id", "=like", f"{project.key}/deal/%")]
            ),
            999,
        )
        bad = self.staged(project, "deal", "D700")
        self.assertEqual((bad.error_code, bad.res_id), ("refused", 0))
        self.assertIn("refused", bad.error)
        line = self.line_of(project, "deal")
        self.assertEqual((line.created, line.failed, line.handled), (999, 1, 1000))

    def test_bad_records_at_both_ends_and_side_by_side_are_isolated(self):
        bad = dict.fromkeys(("D1", "D19", "D20", "D33", "D40"), "-5")
        project = self.migrate(deals(40, **bad))
        states = self.states(project, "deal")
        failed = {key for key, state in states.items() if state == "failed"}
        self.assertEqual(failed, set(bad))
        self.assertEqual(list(states.values()).count("loaded"), 35)

    def test_a_record_that_cannot_be_converted_does_not_reach_odoo(self):
        project = self.migrate(deals(5, D3="plenty"))
        bad = self.staged(project, "deal", "D3")
        self.assertEqual((bad.state, bad.error_field), ("failed", "probability"))
        self.assertEqual(bad.error_value, "plenty")
        self.assertIn("plenty", bad.error)
        self.assertEqual(self.line_of(project, "deal").created, 4)

    def test_the_log_has_one_row_for_each_operation(self):
        project = self.migrate(deals(5, D3="150"))
        entries = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("mapping_id.name", "=", "deal")]
        )
        entries = entries.filtered("run_id")
        found = sorted((one.source_id, one.operation) for one in entries)
        self.assertEqual(
            found,
            [(f"D{n}", "fail" if n == 3 else "create") for n in range(1, 6)],
        )
        failed = entries.filtered(lambda one: one.operation == "fail")
        self.assertIn("refused", failed.message)
        created = entries.filtered(lambda one: one.source_id == "D1")
        self.assertEqual(
            (created.res_model, created.res_id),
            ("crm.lead", self.target(project, "deal", "D1").id),
        )

    def test_what_a_failed_attempt_made_is_not_journalled(self):
        """A record that lands alone after a failed chunk has one row, not two."""
        project = self.migrate(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Nordwind")),
                "activities.csv": csv_text(
                    ("activity_id", "type", "status", "done_at")
                    + ("related_type", "related_id"),
                    *(
                        (f"A{n}", "call", "done", f"2024-01-0{n}", "company", "C1")
                        for n in range(1, 5)
                    ),
                ),
            }
        )
        entries = self.env["migration.log"].search(
            [
                ("project_id", "=", project.id),
                ("res_model", "in", ("mail.activity", "mail.message")),
            ]
        )
        self.assertEqual(len(entries), 8)
        self.assertEqual(len({(one.res_model, one.res_id) for one in entries}), 8)


class TestConcurrency(EngineCase):
    def conflicting(self, times):
        """Loading leads fails ``times`` times as if somebody else wrote them."""
        leads = type(self.env["migration.loader.crm.lead"])
        create = leads._create_records
        attempts = []

        def conflict(loader, mapping, items):
            attempts.append(len(items))
            if len(attempts) <= times:
                raise Conflict()
            return create(loader, mapping, items)

        # The transaction of a test cannot be rolled back; its savepoint was.
        for patcher in (
            patch.object(leads, "_create_records", conflict),
            patch.object(MigrationRun, "_roll_back", lambda run: run.env.clear()),
            patch.object(patience.time, "sleep"),
        ):
            self.startPatcher(patcher)
        return attempts

    def test_a_chunk_is_tried_again_when_another_transaction_was_in_its_way(self):
        project = self.new_project(deals(20))
        self.read_files(project)
        attempts = self.conflicting(2)
        self.load(project)
        self.assertEqual(attempts, [20, 20, 20], "whole, never halved")
        self.assertEqual(set(self.states(project, "deal").values()), {"loaded"})
        self.assertEqual(self.line_of(project, "deal").created, 20)

    def test_a_conflict_that_does_not_end_stops_the_run_and_fails_no_record(self):
        project = self.new_project(deals(20))
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        attempts = self.conflicting(100)
        with self.assertLogs("odoo.addons.crm_migration", "ERROR"):
            run = project._run_now("load")
        self.assertEqual(len(attempts), patience._ATTEMPTS)
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.message)
        self.assertEqual(set(self.states(project, "deal").values()), {"pending"})

    def test_another_database_error_outside_a_record_stops_the_run_at_once(self):
        project = self.new_project(deals(5))
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        calls = []

        def broken(*args):
            calls.append(args)
            raise psycopg2.OperationalError("disk full")

        self.startPatcher(
            patch.object(MigrationRun, "_roll_back", lambda run: run.env.clear())
        )
        self.startPatcher(patch.object(MigrationEngine, "_load_chunk", broken))
        with self.assertLogs("odoo.addons.crm_migration", "ERROR"):
            run = project._run_now("load")
        self.assertEqual(len(calls), 1)
        self.assertEqual((run.state, run.message), ("failed", "disk full"))
