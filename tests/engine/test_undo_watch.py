"""What users add while records are removed is looked for, and nobody is waited for."""

import contextlib
import threading
import time

import psycopg2

from ...models.engine.undo_watch import Overtaken, Watch
from ..common import MigrationCase

ATTACHED = [("mail.activity", "res_id", "res_model")]


class TestWatch(MigrationCase):
    def watch(self):
        ids = self.env.user.partner_id.ids
        return Watch(self.env, ATTACHED, "res.partner", ids)

    def test_nothing_was_added(self):
        self.watch().check()

    def test_a_table_that_the_same_undo_has_changed_is_not_waited_for(self):
        self.env.cr.execute("ALTER TABLE mail_activity ADD COLUMN x_removed integer")
        self.watch().check()

    def test_where_somebody_waits_to_change_a_table_the_step_is_done_anew(self):
        watch = self.watch()
        with self.registry.cursor() as other:
            other.execute("SELECT pg_backend_pid()")
            [pid] = other.fetchone()
            waiting = threading.Thread(target=self.lock, args=(other,))
            waiting.start()
            try:
                self.wait_for(pid)
                with self.assertRaises(Overtaken):
                    watch.check()
            finally:
                waiting.join()
            other.rollback()

    @staticmethod
    def lock(cr):
        """Wait for the table, as one does who adds a column, for a while."""
        cr.execute("SET LOCAL lock_timeout = '8s'")
        with contextlib.suppress(psycopg2.errors.LockNotAvailable):
            cr.execute(
                "LOCK TABLE mail_activity IN ACCESS EXCLUSIVE MODE",
                log_exceptions=False,
            )

    def wait_for(self, pid):
        """Until the other connection stands in line."""
        for _turn in range(100):
            self.env.cr.execute(
                "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [pid]
            )
            if self.env.cr.fetchone():
                return
            time.sleep(0.05)
        raise AssertionError("nobody waits for the table")
