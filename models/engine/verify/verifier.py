import time

from odoo import models
from odoo.tools import SQL

_BATCH = 1000


class MigrationVerifier(models.AbstractModel):
    """Proves after a load that Odoo holds what the source said; changes nothing.

    What should be is worked out anew from the staged records and the mapping; what is
    comes from Odoo's tables. Each check leaves lines of ``migration.check``.
    """

    _name = "migration.verifier"
    _description = "Migration Verifier"

    def _verify(self, run, deadline=None):
        """Go on with the verification ``run``, step by step and batch by batch.

        :param float deadline: ``time.monotonic()`` after which to pause
        :return: whether it is finished
        """
        # Only what is compared is read, and archived records as well.
        self = self.with_context(prefetch_fields=False, active_test=False)  # noqa: PLW0642
        run = run.with_env(self.env)
        if not run.line_ids:
            run.project_id._check_verifiable()
            self._start(run)
        for name, mapping in self._steps(run):
            label = f"{name} {mapping.id}"
            if label in run.options["done"]:
                continue
            while not self._step(run, name, mapping):
                run._commit()
                if deadline and time.monotonic() > deadline:
                    return False
            options = {key: one for key, one in run.options.items() if key != "part"}
            run.options = {**options, "done": [*options["done"], label]}
            run._commit()
            if deadline and time.monotonic() > deadline:
                return False
        run.message = run.check_ids._summary()
        return True

    def _start(self, run):
        """Progress lines, and room for what is kept between batches."""
        counts = dict(
            self.env["migration.record"]._read_group(
                [
                    ("project_id", "=", run.project_id.id),
                    ("state", "in", ("loaded", "matched")),
                ],
                ["mapping_id"],
                ["__count"],
            )
        )
        self.env["migration.run.line"].create(
            [
                {
                    "run_id": run.id,
                    "mapping_id": mapping.id,
                    "sequence": number,
                    "total": counts.get(mapping, 0),
                }
                for number, mapping in enumerate(run._mappings())
            ]
        )
        run.options = {**run.options, "done": []}
        run._commit()

    def _steps(self, run):
        """``(name, mapping)`` of all there is to do, in order."""
        for mapping in run._mappings():
            yield "counts", mapping
            yield "values", mapping
            yield "spot", mapping
            if mapping._loader()._keeps_files():
                yield "files", mapping
        yield "strangers", self.env["migration.mapping"]

    def _step(self, run, name, mapping):
        """Do the next part of a step; returns whether the step is finished."""
        if name in ("counts", "strangers"):
            getattr(self.env["migration.verify.counts"], f"_{name}")(run, mapping)
            return True
        return self.env[f"migration.verify.{name}"]._continue(run, mapping)

    # What the steps share

    def _batch(self, run, mapping, size=_BATCH, states=("loaded", "matched")):
        """The next linked records of the object, after those that were done."""
        after = run.options.get("part", {}).get("cursor", 0)
        return self.env["migration.record"].search_fetch(
            [
                ("mapping_id", "=", mapping.id),
                ("state", "in", states),
                ("id", ">", after),
            ],
            ["source_id", "payload", "state", "res_model", "res_id"],
            order="id",
            limit=size,
        )

    @staticmethod
    def _keep(run, records, **part):
        """Remember what was found up to ``records``, until the next batch."""
        run.options = {**run.options, "part": {"cursor": records[-1:].id, **part}}

    def _changed(self, model, ids):
        """Those of ``ids`` that users have changed since the migration wrote them.

        By the journal and ``write_date``, as the rollback tells it: a delta's entry
        says when the record had been changed before. What was written in one of the
        migration's own transactions was written by it.
        """
        if not ids or not self.env[model]._log_access:
            return set()
        rows = self.env.execute_query(
            SQL(
                """SELECT t.id, t.write_date FROM %(table)s t
                    WHERE t.id = ANY(%(ids)s) AND t.write_date > (
                          SELECT max(l.date) FROM migration_log l
                           WHERE l.res_model = %(model)s AND l.res_id = t.id
                             AND l.operation IN ('create', 'update'))
                    UNION
                   SELECT o.res_id, (o.changes->'before'->>'write_date')::timestamp
                     FROM migration_log o
                    WHERE o.res_model = %(model)s AND o.res_id = ANY(%(ids)s)
                      AND o.operation = 'update' AND o.changes ? 'change'
                      AND (o.changes->'before'->>'write_date')::timestamp > (
                          SELECT max(p.date) FROM migration_log p
                           WHERE p.res_model = o.res_model AND p.res_id = o.res_id
                             AND p.id < o.id AND p.operation IN ('create', 'update'))
                """,
                table=SQL.identifier(self.env[model]._table),
                ids=list(ids),
                model=model,
            )
        )
        if not rows:
            return set()
        own = self.env.execute_query(
            SQL(
                "SELECT DISTINCT date FROM migration_log WHERE date = ANY(%s)",
                [moment for _id, moment in rows],
            )
        )
        own = {moment for (moment,) in own}
        return {id_ for id_, moment in rows if moment not in own}

    @staticmethod
    def _verdict(mistakes):
        """The verdict of :class:`lib.reconcile.Mistakes`."""
        if mistakes.wrong:
            return "1_failed"
        return "2_warning" if mistakes.changed else "3_ok"

    def _since(self, count):
        """What is said of records that users have changed."""
        return self.env._("%s changed in Odoo since the migration.", count)
