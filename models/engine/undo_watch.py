"""Sees what users add to records while these are being removed.

A message names its record, but nothing in the database ties it to it: neither waits
for the other, and the transaction that removes the record sees no message that came
after it has begun. So another one looks, right before what was removed is committed.
"""

from odoo.tools import SQL


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
        self._seen = self._read(env.cr)

    def _read(self, cr):
        """``{(table, id)}`` as the transaction of ``cr`` sees it."""
        if not self._tables:
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
            for table, column, model_column in self._tables
        ]
        cr.execute(SQL(" UNION ALL ").join(queries))
        return set(cr.fetchall())

    def check(self):
        """Look as others see it now.

        :raises Overtaken: something was added since
        """
        with self._env.registry.cursor() as cr:
            added = self._read(cr) - self._seen
        if added:
            raise Overtaken(f"{self._model}: {sorted(added)[:5]}")
