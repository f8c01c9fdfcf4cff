from odoo import models
from odoo.tools import SQL

_FATES = ("created", "updated", "matched", "skipped", "held", "failed")


class MigrationVerifyCounts(models.AbstractModel):
    """Whether records add up: none lost, none gone, none twice, none of nobody."""

    _name = "migration.verify.counts"
    _description = "Migration Check of Counts"

    def _counts(self, run, mapping):
        """Leave the lines of one object."""
        fates = self._fates(mapping)
        self._check_sum(run, mapping, fates)
        self._check_left_out(run, mapping, fates)
        self._check_gone(run, mapping)
        if mapping._owns_records():
            self._check_twice(run, mapping)

    def _fates(self, mapping):
        """``{fate: records}`` by their state and by what the journal says of them.

        What was made along with another record is only linked to it in the journal. A
        record that is linked without the journal knowing how is ``unknown``. What
        only adds to other records may find that all is there, and writes nothing.
        """
        rows = self.env.execute_query(
            SQL(
                """WITH done AS (
                       SELECT l.source_id,
                              bool_or(l.operation = 'create' AND u.id IS NULL)
                                  AS created,
                              bool_or(l.operation = 'update') AS updated,
                              bool_or(l.operation = 'match') AS matched
                         FROM migration_log l
                         LEFT JOIN migration_log u
                           ON l.operation = 'create' AND u.operation = 'unlink'
                          AND u.res_model = l.res_model AND u.res_id = l.res_id
                          AND u.id > l.id
                        WHERE l.mapping_id = %(mapping)s
                          AND l.operation IN ('create', 'update', 'match')
                        GROUP BY l.source_id)
                   SELECT CASE
                       WHEN r.state = 'matched' AND d.updated THEN 'updated'
                       WHEN r.state = 'matched' AND d.matched THEN 'matched'
                       WHEN r.state = 'loaded' AND (d.created OR d.matched)
                           THEN 'created'
                       WHEN r.state = 'loaded' AND (d.updated OR NOT %(owns)s)
                           THEN 'updated'
                       WHEN r.state IN ('loaded', 'matched') THEN 'unknown'
                       ELSE r.state END, count(*)
                     FROM migration_record r
                     LEFT JOIN done d ON d.source_id = r.source_id
                    WHERE r.mapping_id = %(mapping)s GROUP BY 1""",
                mapping=mapping.id,
                owns=mapping._owns_records() and mapping._loader()._is_journalled(),
            )
        )
        return dict(rows)

    def _check_sum(self, run, mapping, fates):
        read = sum(fates.values())
        found = sum(fates.get(fate, 0) for fate in _FATES)
        names = self._fate_names()
        told = [
            f"{fates[fate]} {names[fate]}"
            for fate in (*_FATES, "pending", "unknown")
            if fates.get(fate)
        ]
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="count",
            subject=self.env._("Records accounted for"),
            expected=read,
            found=found,
            verdict="3_ok" if read == found else "1_failed",
            message=", ".join(told),
            res_model="migration.record",
            domain=[
                ("mapping_id", "=", mapping.id),
                *([("state", "=", "pending")] if fates.get("pending") else []),
            ],
        )

    def _fate_names(self):
        return {
            "created": self.env._("created"),
            "updated": self.env._("updated"),
            "matched": self.env._("matched"),
            "skipped": self.env._("skipped"),
            "held": self.env._("held"),
            "failed": self.env._("failed"),
            "pending": self.env._("not loaded yet"),
            "unknown": self.env._("linked, which the log does not explain"),
        }

    def _check_left_out(self, run, mapping, fates):
        read = sum(fates.values())
        left = fates.get("failed", 0) + fates.get("held", 0)
        share = 100 * left / read if read else 0
        allowed = run.project_id.verify_failed_share
        missed = share > allowed
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="failed",
            subject=self.env._("Failed and held records"),
            expected=0,
            found=left,
            verdict="1_failed" if missed else "2_warning" if left else "3_ok",
            message=self.env._(
                "%(share).2f %% of them; %(allowed).2f %% are allowed.",
                share=share,
                allowed=allowed,
            )
            if left
            else False,
            res_model="migration.record",
            domain=[
                ("mapping_id", "=", mapping.id),
                ("state", "in", ["failed", "held"]),
            ],
        )

    def _check_gone(self, run, mapping):
        """Every linked record is in Odoo."""
        linked, gone = 0, []
        models_ = self.env.execute_query(
            SQL(
                """SELECT res_model, count(*) FROM migration_record
                    WHERE mapping_id = %s AND state IN ('loaded', 'matched')
                      AND res_id IS NOT NULL GROUP BY 1""",
                mapping.id,
            )
        )
        for model, count in models_:
            linked += count
            if model not in self.env:
                continue
            gone += self.env.execute_query(
                SQL(
                    """SELECT r.id, r.source_id FROM migration_record r
                         LEFT JOIN %s t ON t.id = r.res_id
                        WHERE r.mapping_id = %s AND r.res_model = %s
                          AND r.state IN ('loaded', 'matched')
                          AND r.res_id IS NOT NULL AND t.id IS NULL ORDER BY r.id""",
                    SQL.identifier(self.env[model]._table),
                    mapping.id,
                    model,
                )
            )
        if not linked:
            return
        names = ", ".join(source_id for _id, source_id in gone[:5])
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="gone",
            subject=self.env._("Migrated records that are in Odoo"),
            expected=linked,
            found=linked - len(gone),
            verdict="1_failed" if gone else "3_ok",
            message=self.env._("Deleted in Odoo: %s", names) if gone else "",
            res_model="migration.record",
            domain=[("id", "in", [id_ for id_, _name in gone[:500]])] if gone else None,
        )

    def _check_twice(self, run, mapping):
        """No record of the source has become two that are in Odoo."""
        model = self.env[mapping.res_model]
        rows = self.env.execute_query(
            SQL(
                """SELECT l.source_id, array_agg(DISTINCT l.res_id)
                     FROM migration_log l JOIN %(table)s t ON t.id = l.res_id
                    WHERE l.mapping_id = %(mapping)s AND l.operation = 'create'
                      AND l.res_model = %(model)s
                      AND NOT COALESCE(l.changes ? 'change', FALSE)
                    GROUP BY 1 HAVING count(DISTINCT l.res_id) > 1
                    UNION
                   SELECT x_source_id, array_agg(id) FROM %(table)s
                    WHERE x_source_id LIKE %(prefix)s
                    GROUP BY 1 HAVING count(*) > 1""",
                table=SQL.identifier(model._table),
                mapping=mapping.id,
                model=model._name,
                prefix=f"{_escaped(mapping._external_id(''))}%",
            )
        )
        ids = sorted({id_ for _key, found in rows for id_ in found})
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="twice",
            subject=self.env._("Source records that are in Odoo twice"),
            expected=0,
            found=len(rows),
            verdict="1_failed" if rows else "3_ok",
            message=", ".join(sorted(key for key, _ids in rows)[:5]),
            res_model=model._name,
            domain=[("id", "in", ids)] if ids else None,
        )

    def _strangers(self, run, _mapping):
        """Records with a source id of this project that no staged record claims."""
        project = run.project_id
        for model in self._marked_models(project):
            rows = self.env.execute_query(
                SQL(
                    """SELECT t.id, t.x_source_id FROM %(table)s t
                        WHERE t.x_source_id LIKE %(prefix)s AND NOT EXISTS (
                              SELECT FROM migration_log l
                                LEFT JOIN migration_record r
                                  ON r.mapping_id = l.mapping_id
                                 AND r.source_id = l.source_id
                               WHERE l.project_id = %(project)s
                                 AND l.operation = 'create'
                                 AND l.res_model = %(model)s AND l.res_id = t.id
                                 AND (r.id IS NULL OR r.res_id IS NOT NULL))
                        ORDER BY t.id""",
                    table=SQL.identifier(self.env[model]._table),
                    prefix=f"{_escaped(project.key)}/%",
                    project=project.id,
                    model=model,
                )
            )
            self.env["migration.check"]._add(
                run,
                self.env["migration.mapping"],
                kind="stranger",
                subject=self.env._(
                    "%s: with a source id, of no record of the source",
                    self.env["ir.model"]._get(model).name,
                ),
                expected=0,
                found=len(rows),
                verdict="1_failed" if rows else "3_ok",
                message=", ".join(key for _id, key in rows[:5]),
                res_model=model,
                domain=[("id", "in", [id_ for id_, _key in rows[:500]])]
                if rows
                else None,
            )

    def _marked_models(self, project):
        """Models with records of this migration, or of which it makes some."""
        found = {
            model
            for mapping in project.with_context(active_test=False).mapping_ids
            if mapping.role == "records" and mapping._loader()._is_journalled()
            for model in mapping._loader()._models(mapping)
            if model
        }
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT res_model FROM migration_log
                    WHERE project_id = %s AND operation = 'create'""",
                project.id,
            )
        )
        found |= {model for (model,) in rows}
        return sorted(
            model
            for model in found
            if model in self.env and "x_source_id" in self.env[model]._fields
        )


def _escaped(text):
    """``text`` as a pattern of LIKE that means itself."""
    return text.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
