"""What the tests share: small exports, and the steps of a migration on them."""

import csv
import io
import shutil
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user, tagged

DEMO = Path(__file__).parents[1] / "demo" / "allegory.zip"


def csv_text(*rows, delimiter=","):
    """A CSV document of ``rows``; the first is the header."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class MigrationCase(TransactionCase):
    """Migrations of small exports, each step in the test's own transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Runs commit after each chunk; a test must not.
        cls.env = cls.env(context={**cls.env.context, "migration_no_commit": True})
        cls.anna = new_test_user(
            cls.env,
            "anna",
            "sales_team.group_sale_salesman",
            email="anna@example.com",
            name="Anna Berg",
        )
        cls.admin = cls.env.ref("base.user_admin")
        cls.folder = Path(tempfile.mkdtemp(prefix="migration-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def setUp(self):
        # Registered first, so that it runs when the test's changes are rolled back.
        self.addCleanup(self._forget_custom_fields)
        super().setUp()

    def _forget_custom_fields(self):
        if self.registry.registry_invalidated or self.registry.registry_sequence != (
            self.registry_start_sequence
        ):
            self.registry._setup_models__(self.cr)
            self.registry.registry_invalidated = False

    @classmethod
    def write_files(cls, files):
        """Put ``{name: text or bytes}`` in a folder of their own; gives the folder."""
        folder = Path(tempfile.mkdtemp(dir=cls.folder))
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)
        return folder

    @classmethod
    def new_project(cls, files=None, path=None, source="allegory", **values):
        """A migration of ``files``, or of what is at ``path``; nothing is read yet.

        The administrator is the fallback user unless ``values`` say otherwise.
        """
        project = cls.env["migration.project"].create(
            {
                "name": "Test migration",
                "source_id": cls.env["migration.source"]
                .search([("code", "=", source)])
                .id,
                "fallback_user_id": cls.admin.id,
                **values,
            }
        )
        project._add_path(str(path or cls.write_files(files)))
        return project

    @classmethod
    def run_step(cls, project, kind, **options):
        """Carry out one run now; fails the test when it stops as a whole.

        What is prepared is approved as it is: that gate has tests of its own.
        """
        run = project._run_now(kind, **options)
        if run.state != "done":
            raise AssertionError(f"{kind} stopped: {run.message}")
        if kind == "prepare":
            project._approve(cls.env.user)
        return run

    @classmethod
    def read_files(cls, project):
        """Read the files and stage their records."""
        return cls.run_step(project, "audit")

    @classmethod
    def load(cls, project):
        """Confirm all, prepare and load; gives the load run."""
        project.action_confirm()
        cls.run_step(project, "prepare")
        return cls.run_step(project, "load")

    @classmethod
    def migrate(cls, files=None, path=None, **values):
        """Take an export through all steps; gives the project."""
        project = cls.new_project(files, path, **values)
        cls.read_files(project)
        cls.load(project)
        return project

    @classmethod
    def rollback(cls, project, **options):
        """Take everything back, or what the options name."""
        return cls.run_step(project, "rollback", **options)

    @classmethod
    def staged(cls, project, name, source_id):
        """The staged record of the object ``name`` with this id in the source."""
        return cls.env["migration.record"].search(
            [
                ("project_id", "=", project.id),
                ("mapping_id.name", "=", name),
                ("source_id", "=", source_id),
            ]
        )

    @classmethod
    def target(cls, project, name, source_id):
        """The Odoo record that a source record became; archived ones as well."""
        record = cls.staged(project, name, source_id)
        if not record.res_id:
            raise AssertionError(f"{name} {source_id}: {record.state} {record.error}")
        return cls.env[record.res_model].browse(record.res_id)

    @classmethod
    def line(cls, project, name, target):
        """The line of the object ``name`` that goes to the field ``target``."""
        lines = project.mapping_ids.filtered(lambda one: one.name == name).field_ids
        return lines.filtered(lambda line: line.target == target)[:1]

    @classmethod
    def later(cls):
        """Let the clock of the transaction go on by an hour.

        What is written from now on was, to the database, written after the load.
        """
        from datetime import timedelta

        cls.env.flush_all()
        cls.cr._now = cls.cr.now() + timedelta(hours=1)

    @classmethod
    def snapshot(cls):
        """All rows of all tables but the addon's own: ``{table: sorted rows}``."""
        cls.env.flush_all()
        cls.cr.execute(
            """SELECT c.relname FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname = 'public'
                  AND c.relname NOT LIKE 'migration\\_%'
                  AND c.relname NOT LIKE 'orm\\_signaling\\_%' ORDER BY 1"""
        )
        tables = [name for (name,) in cls.cr.fetchall()]
        rows = {}
        for table in tables:
            cls.cr.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = [row for (row,) in cls.cr.fetchall()]
        return rows

    def assertSameDatabase(self, before, after):
        """Every table has the rows and values it had."""
        self.assertEqual(before.keys(), after.keys())
        for table, rows in before.items():
            self.assertEqual(rows, after[table], f"table {table}")
