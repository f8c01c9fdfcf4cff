"""Several people, processes and companies at once."""

import contextlib
import io
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user

from .arkcase_world import fill
from .cli.common import load_cli
from .common import MigrationCase, csv_text
from .servers.arkcase import LOGIN, PASSWORD, ArkCaseServer


class TestAtOnce(MigrationCase):
    """With transactions of their own, as two browsers or processes have them."""

    def setUp(self):
        super().setUp()
        self.first, self.second = self.environment(), self.environment()
        values = {"name": "At once", "key": "at-once"}
        values["source_id"] = self.env.ref("crm_migration.source_allegory").id
        project = self.first["migration.project"].create(values)
        self.first.cr.commit()
        self.id = project.id
        self.own = [("project_id", "=", self.id)]
        self.addCleanup(self.forget)

    def environment(self):
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def forget(self):
        self.first.cr.rollback()
        self.second.cr.rollback()
        with db_connect(self.env.cr.dbname).cursor() as cr:
            for table, column in (
                ("migration_file", "project_id"),
                ("migration_connection", "project_id"),
                ("migration_run", "project_id"),
                ("migration_project", "id"),
            ):
                cr.execute(f"DELETE FROM {table} WHERE {column} = %s", [self.id])

    def start(self, env, kind="load"):
        return env["migration.run"]._start(
            env["migration.project"].browse(self.id), kind
        )

    def test_G19_two_loads_of_one_migration_never_start_at_once(self):
        # Both look, and neither sees a run.
        for env in (self.first, self.second):
            self.assertFalse(
                env["migration.run"].search([("project_id", "=", self.id)])
            )
        self.start(self.first)
        self.first.cr.commit()
        with self.assertRaisesRegex(UserError, "Somebody else is working"):
            self.start(self.second)
        self.second.cr.rollback()
        self.second.clear()
        with self.assertRaisesRegex(UserError, "still working"):
            self.start(self.second, "dry_run")
        self.second.cr.rollback()
        self.assertEqual(self.second["migration.run"].search_count(self.own), 1)

    def test_G19_a_renewed_token_stays_when_the_transaction_is_rolled_back(self):
        connection = self.first["migration.connection"].create(
            {
                "project_id": self.id,
                "base_url": "https://crm.example.com",
                "auth": "oauth2_refresh",
                "refresh_token": "old",
            }
        )
        self.first.cr.commit()
        theirs = self.second["migration.connection"].browse(connection.id)
        self.assertEqual(theirs._secrets()["refresh_token"], "old")
        theirs.project_id.name = "Changed, and given up"
        theirs._write_apart({"refresh_token": "new"})
        self.assertEqual(theirs._secrets()["refresh_token"], "new")
        self.second.cr.rollback()
        self.second.clear()
        self.assertEqual(theirs.refresh_token, "new")
        self.assertEqual(theirs.project_id.name, "At once")

    def test_G19_a_token_is_kept_where_the_transaction_has_changed_its_connection(self):
        connection = self.second["migration.connection"].create(
            {"project_id": self.id, "base_url": "https://crm.example.com"}
        )
        connection._write_apart({"refresh_token": "new"})
        self.assertEqual(connection.refresh_token, "new", "nobody else knows it yet")

    def test_G21_check_says_what_it_found_though_it_is_written_apart(self):
        server = self.enterContext(ArkCaseServer())
        fill(server)
        project = self.first["migration.project"].browse(self.id)
        project.source_id = self.first.ref("crm_migration.source_arkcase")
        project._connect(
            base_url=server.base, auth="basic", login=LOGIN, allow_private_hosts=True
        )
        self.first.cr.commit()
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            for password, status in (("wr0ng", 2), (PASSWORD, 0)):
                with patch.dict("os.environ", {"MIGRATE_PASSWORD": password}):
                    self.assertEqual(self.command("connect"), 0)
                try:
                    self.assertEqual(self.command("check"), status)
                except load_cli().NotDone as error:
                    self.assertIn("credentials", str(error))
                    self.assertEqual(status, 2)
                    self.first.cr.rollback()
        self.assertIn("13 of 13 work.", output.getvalue())
        self.assertNotIn("wr0ng", output.getvalue())

    def command(self, *words):
        """Status of a command on the migration, in the first environment."""
        arguments = load_cli()._parser("migrate").parse_args([*words, "at-once"])
        status = arguments.run(self.first, arguments)
        self.first.cr.commit()
        return status


class TestCompanies(MigrationCase):
    def test_G19_records_land_in_the_company_of_the_migration(self):
        company = self.env["res.company"].create({"name": "Subsidiary"})
        self.admin.company_ids += company
        project = self.migrate(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Ahlgren")),
                "deals.csv": csv_text(
                    ("deal_id", "name", "company_id", "pipeline", "stage"),
                    ("D1", "Deal", "C1", "Sales of the subsidiary", "New one"),
                ),
            },
            company_id=company.id,
        )
        lead = self.target(project, "deal", "D1")
        self.assertEqual(lead.company_id, company)
        partner = self.target(project, "company", "C1")
        self.assertIn(partner.company_id, (company, self.env["res.company"]))

    def test_G19_an_owner_of_another_company_is_reported(self):
        company = self.env["res.company"].create({"name": "Subsidiary"})
        new_test_user(
            self.env,
            "far",
            "sales_team.group_sale_salesman",
            email="far@example.com",
        )
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "owner_email"),
                    ("C1", "Ahlgren", "far@example.com"),
                )
            },
            company_id=company.id,
        )
        self.read_files(project)
        owner = project.owner_ids.filtered(lambda one: "far" in one.key)
        self.assertTrue(owner)
        self.assertEqual(owner.user_id.login, "far")
        self.assertIn("has no access to Subsidiary", owner.reason)
        owner.user_id.company_ids += company
        owner.invalidate_recordset()
        self.assertNotIn("no access", owner.reason)

    def test_G19_a_contact_archived_before_is_not_touched(self):
        archived = self.env["res.partner"].create(
            {"name": "Ahlgren", "is_company": True, "active": False}
        )
        project = self.migrate(
            {"companies.csv": csv_text(("company_id", "name"), ("C1", "Ahlgren"))}
        )
        partner = self.target(project, "company", "C1")
        self.assertNotEqual(partner, archived)
        self.assertTrue(partner.active)
        self.assertFalse(archived.active)
