"""Sees what users add to records while these are being removed.

A message names its record, but nothing in the database ties it to it: neither waits
for the other, and the transaction that removes the record sees no message that came
after it has begun. So another one looks, right before what was removed is committed.
"""

import psycopg2

from odoo.tools import SQL

# Who changes a table's structure at the moment is not waited for any longer.
_PATIENCE = "2s"


class Overtaken(Exception):
    """Users were faster: what was about to be committed is done anew."""


class Watch:
    """What hangs on some records, from before they are removed.

    :param env: environment of the transaction that removes them
    :param attached: ``[(model, id column, model column)]`` of all that hangs on records
    :param model: name of their model
    :param ids: their ids
    """

    def __init__(self, env, attached, model, ids):
        self._env, self._model, self._ids = env, model, ids
        self._tables = [
            (env[name]._table, column, model_column)
            for name, column, model_column in attached
        ]
        self._seen = self._read(env.cr, self._tables)

    def _read(self, cr, tables):
        """``{(table, id)}`` as the transaction of ``cr`` sees it."""
        if not tables:
            return set()
        queries = [
            SQL(
                "SELECT %s, id FROM %s WHERE %s = %s AND %s = ANY(%s)",
                table,
                SQL.identifier(table),
                SQL.identifier(model_column),
                self._model,
                SQL.identifier(column),
                self._ids,
            )
            for table, column, model_column in tables
        ]
        cr.execute(SQL(" UNION ALL ").join(queries))
        return set(cr.fetchall())

    def check(self):
        """Look as others see it now.

        :raises Overtaken: something was added since, or cannot be looked for
        """
        tables = self._open_tables()
        with self._env.registry.cursor() as cr:
            cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", _PATIENCE))
            try:
                added = self._read(cr, tables) - self._seen
            except psycopg2.errors.LockNotAvailable as error:
                raise Overtaken(f"{self._model}: {error}") from error
        if added:
            raise Overtaken(f"{self._model}: {sorted(added)[:5]}")

    def _open_tables(self):
        """The tables to which others can add rows at the moment.

        Where this transaction has changed the structure of a table, as by removing a
        custom field, all others wait for its end: to look there would be to wait for
        oneself.
        """
        rows = self._env.execute_query(
            SQL(
                """SELECT c.relname
                     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                    WHERE l.pid = pg_backend_pid() AND l.granted
                      AND l.mode = 'AccessExclusiveLock'"""
            )
        )
        closed = {name for (name,) in rows}
        return [table for table in self._tables if table[0] not in closed]
