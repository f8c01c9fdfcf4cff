"""Migrations that are committed for good, beside users whose work is, too."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tools import SQL

from .common import MigrationCase

# What users leave behind as they work, until Odoo has dealt with it.
_PASSING = ("bus_bus", "ir_cron_trigger")


class CommittedCase(MigrationCase):
    """Each environment is a transaction of its own; what is new is deleted at the end.

    Exports must need no custom field: the test's own transaction locks the tables.
    """

    def setUp(self):
        super().setUp()
        self.known = self.rows()
        self.addCleanup(self.forget)
        self.ours, self.theirs = self.environment(), self.environment()
        # The steps of a migration, in a transaction that is committed.
        admin = self.ours.ref("base.user_admin")
        own = {"env": self.ours, "admin": admin}
        self.steps = type("Steps", (type(self),), own)

    def environment(self):
        """A transaction of its own."""
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        self.addCleanup(cr.rollback)
        return api.Environment(cr, SUPERUSER_ID, {})

    # What is left

    def rows(self):
        """``{table: ids}`` of all there is, as everybody sees it."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            return {table: self._ids(cr, table) for table in self._tables(cr)}

    @staticmethod
    def _tables(cr):
        cr.execute(
            """SELECT c.table_name FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = 'public' AND c.column_name = 'id'
                  AND t.table_type = 'BASE TABLE'
                  AND c.table_name NOT LIKE 'orm\\_signaling\\_%'"""
        )
        return [name for (name,) in cr.fetchall()]

    @staticmethod
    def _ids(cr, table):
        cr.execute(SQL("SELECT id FROM %s", SQL.identifier(table)))
        return {id_ for (id_,) in cr.fetchall()}

    def left(self):
        """``{table: how many}`` rows are new, but for the addon's and passing ones."""
        return {
            table: len(ids - self.known[table])
            for table, ids in self.rows().items()
            if ids - self.known[table]
            and not table.startswith("migration_")
            and table not in _PASSING
        }

    def forget(self):
        """Delete all rows that are new, those that others refer to last."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            new = {
                table: ids
                for table in self._tables(cr)
                if (ids := self._ids(cr, table) - self.known[table])
            }
            while new:
                done = [table for table in new if self._delete(cr, table, new[table])]
                if not done:
                    raise AssertionError(f"rows are left in {sorted(new)}")
                for table in done:
                    del new[table]

    @staticmethod
    def _delete(cr, table, ids):
        cr.execute("SAVEPOINT forget")
        try:
            query = "DELETE FROM %s WHERE id = ANY(%s)"
            cr.execute(
                SQL(query, SQL.identifier(table), list(ids)), log_exceptions=False
            )
        except Exception:
            cr.execute("ROLLBACK TO SAVEPOINT forget")
            return False
        return True

    # Who else is there

    def as_user(self, work):
        """Do ``work(env)`` in another transaction, and commit it."""
        work(self.theirs)
        self.theirs.flush_all()
        self.theirs.cr.commit()
        self.theirs.clear()

    @contextmanager
    def meanwhile(self, owner, method, work, when=lambda *args: True, after=False):
        """Let a user work when ``owner.method`` is called first, before or after it."""
        origin, done = getattr(owner, method), []

        def call(*args, **kwargs):
            now = not done and when(*args)
            if now:
                done.append(True)
            if now and not after:
                self.as_user(work)
            result = origin(*args, **kwargs)
            if now and after:
                self.as_user(work)
            return result

        with patch.object(owner, method, call):
            yield
        self.assertTrue(done, "the moment has come")

    def waiting(self, work):
        """Do ``work(env)`` in a thread, as it has to wait; gives what ends that.

        What comes back from it is the error that the user sees, if there is one.
        """
        found = []

        def act():
            try:
                self.as_user(work)
            except Exception as error:
                found.append(error)
                self.theirs.cr.rollback()
                self.theirs.clear()

        thread = threading.Thread(target=act)
        thread.start()

        def join():
            thread.join(30)
            self.assertFalse(thread.is_alive())
            return found[0] if found else None

        return join
