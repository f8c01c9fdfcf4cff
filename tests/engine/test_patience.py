"""Steps that users are in the way of, and what is forgotten when they are."""

import time
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect

from ...models.engine.schema import MigrationSchema
from ...models.migration_run import MigrationRun
from ..common import MigrationCase
from .test_schema import export


class Deadlock(psycopg2.errors.DeadlockDetected):
    """Two transactions wait for each other; PostgreSQL gives the code by itself."""

    pgcode = "40P01"


class TestPatience(MigrationCase):
    def preparing(self, deadlocks):
        """Prepare while users read the tables; gives the run and the attempts."""
        project = self.new_project(export())
        self.read_files(project)
        project.action_confirm()
        create, attempts = MigrationSchema._create, []

        def locked(schema, run):
            attempts.append(run)
            if len(attempts) <= deadlocks:
                raise Deadlock()
            return create(schema, run)

        with (
            patch.object(MigrationSchema, "_create", locked),
            # The transaction of a test cannot be rolled back.
            patch.object(MigrationRun, "_roll_back", lambda run: run.env.clear()),
            patch.object(time, "sleep"),
        ):
            run = project._run_now("prepare")
        return run, len(attempts)

    def test_structure_is_made_though_users_read_its_tables_meanwhile(self):
        run, attempts = self.preparing(deadlocks=2)
        self.assertEqual((run.state, attempts), ("done", 3), run.message)
        self.assertEqual(run.project_id.state, "prepared")
        self.assertIn("x_my_tier", self.env["res.partner"]._fields)

    def test_tables_that_are_never_free_stop_it(self):
        with self.assertLogs("odoo.addons.crm_migration", "ERROR"):
            run, attempts = self.preparing(deadlocks=99)
        self.assertEqual((run.state, attempts), ("failed", 5))
        self.assertIn("Other users", run.message)
        self.assertNotIn("deadlock", run.message)


class TestRegistry(MigrationCase):
    def test_custom_fields_that_were_not_committed_are_forgotten(self):
        """Otherwise all of Odoo would read columns that its database does not have."""
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["ir.model.fields"].create(
            {
                "model_id": env["ir.model"]._get_id("crm.recurring.plan"),
                "name": "x_not_committed",
                "ttype": "char",
                "state": "manual",
            }
        )
        known = self.env["crm.recurring.plan"]._fields
        self.assertIn("x_not_committed", known)
        env["migration.run"]._roll_back()
        known = self.env["crm.recurring.plan"]._fields
        self.assertNotIn("x_not_committed", known)
