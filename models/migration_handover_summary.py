from odoo import fields, models
from odoo.tools import SQL

# How many single things a page lists; the workbook of leftovers has all of them.
_LISTED = 200
_COUNTS = ("created", "updated", "matched", "skipped", "held", "failed", "waiting")


class MigrationHandoverSummary(models.AbstractModel):
    """What a migration did, in numbers and names: the summary of the hand-over."""

    _name = "migration.handover.summary"
    _description = "Migration Summary"

    def _data(self, project):
        """The summary as plain data, by the names of its parts."""
        project = project.with_context(active_test=False)
        objects = self._objects(project)
        report = self.env["migration.report"]
        return {
            "summary": {
                "name": project.name,
                "key": project.key,
                "source": project.source_id.name,
                "company": project.company_id.name,
                "state": project.state,
                "date": fields.Datetime.now(),
                "by": self.env.user.name,
                "url": self._link(project._name, project.id),
                "fallback": project.sudo().fallback_user_id.name or None,
                "timezone": project.timezone,
            },
            "objects": objects,
            "totals": {
                name: sum(one[name] for one in objects) for name in ("read", *_COUNTS)
            },
            "approval": self._approval(project),
            "runs": self._runs(project),
            "rollbacks": self._rollbacks(project),
            "owners": self._owners(project),
            "structure": self._structure(project),
            "files": self._files(project),
            "missing": self._missing(project),
            "findings": report._findings(project.finding_ids),
            "decisions": self._decisions(project),
            "columns": self.env["migration.leftover.columns"]._listed(project),
            "left_out": self._left_out(project),
            "automations": [
                {
                    "name": one.name,
                    "trigger": one.trigger or "",
                    "conditions": one.conditions or "",
                    "actions": one.actions or "",
                    "steps": one.steps or "",
                    "active": one.active_in_source,
                    "suggestion": one.suggestion or "",
                    "unclear": one.unclear or "",
                    "problem": one.problem or "",
                    "done": one.done,
                }
                for one in project.automation_ids
            ],
        }

    def _link(self, model, res_id):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        return f"{base}/odoo/{model}/{res_id}"

    def _objects(self, project):
        """What became of the records of each object; read is the sum of the rest.

        A record counts once, as what is true of it now: one that Odoo had already is
        updated if the migration has changed it, and matched if it has not.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT r.mapping_id, r.state,
                          CASE r.state
                          WHEN 'loaded' THEN EXISTS (
                               SELECT FROM migration_log l
                                WHERE l.mapping_id = r.mapping_id
                                  AND l.source_id = r.source_id
                                  AND l.operation = 'create')
                          WHEN 'matched' THEN NOT EXISTS (
                               SELECT FROM migration_log l
                                WHERE l.mapping_id = r.mapping_id
                                  AND l.source_id = r.source_id
                                  AND l.operation = 'update'
                                  AND NOT EXISTS (
                                      SELECT FROM migration_log d
                                       WHERE d.res_model = l.res_model
                                         AND d.res_id = l.res_id
                                         AND d.operation = 'restore'
                                         AND (d.changes->>'restored')::int = l.id))
                          ELSE TRUE END, count(*)
                     FROM migration_record r WHERE r.project_id = %s
                    GROUP BY 1, 2, 3""",
                project.id,
            )
        )
        names = {"loaded": "created", "pending": "waiting"}
        counts = {}
        for mapping_id, state, as_it_says, count in rows:
            name = names.get(state, state) if as_it_says else "updated"
            found = counts.setdefault(mapping_id, dict.fromkeys(_COUNTS, 0))
            found[name] += count
        return [
            {
                "object": mapping.name,
                "label": mapping.label,
                "model": mapping.res_model or None,
                "becomes": mapping.model_label or None,
                "read": sum(counts[mapping.id].values()),
                **counts[mapping.id],
            }
            for mapping in project.mapping_ids
            if mapping.active and mapping.role == "records" and mapping.id in counts
        ]

    def _approval(self, project):
        sample = project.sample_run_id
        return {
            "state": project.approval,
            "by": project.sudo().approved_by_id.name or None,
            "date": project.approved_date or None,
            "version": project.approved_version or None,
            "sample": sample.display_name if sample else None,
            "compared": project.sample_count,
            "to_look_at": project.sample_wrong_count,
        }

    def _runs(self, project):
        kinds = self.env["migration.report"]._labels("migration.run", "kind")
        states = self.env["migration.report"]._labels("migration.run", "state")
        return [
            {
                "id": run.id,
                "kind": run.kind,
                "label": kinds[run.kind],
                "state": states[run.state],
                "started": run.started or None,
                "finished": run.finished or None,
                "by": run.sudo().user_id.name or None,
                "records": run.handled,
                "failed": run.failed_count,
                "message": run.message or "",
            }
            for run in project.run_ids.sorted("id")[-_LISTED:]
        ]

    def _rollbacks(self, project):
        """What each rollback removed, restored and left."""
        groups = self.env["migration.log"]._read_group(
            [("project_id", "=", project.id), ("run_id.kind", "=", "rollback")],
            ["run_id", "operation"],
            ["__count"],
        )
        found = {}
        for run, operation, count in groups:
            one = found.setdefault(
                run,
                {
                    "run": run.display_name,
                    "date": run.finished or run.started or None,
                    "by": run.sudo().user_id.name or None,
                    **dict.fromkeys(("unlink", "restore", "keep"), 0),
                },
            )
            one[operation] = count
        return [found[run] for run in sorted(found, key=lambda run: run.id)]

    def _owners(self, project):
        states = self.env["migration.report"]._labels("migration.owner", "state")
        return [
            {
                **owner._as_dict(),
                "state_label": states[owner.state],
                "user": owner.sudo()._user().name or None,
            }
            for owner in project.owner_ids
        ]

    def _structure(self, project):
        """What “Prepare” created and is still there, by kind."""
        rows = self.env.execute_query(
            SQL(
                """SELECT l.res_model, l.res_id FROM migration_log l
                     JOIN migration_run u ON u.id = l.run_id AND u.kind = 'prepare'
                    WHERE l.project_id = %s AND l.operation = 'create'
                    ORDER BY l.id""",
                project.id,
            )
        )
        ids = {}
        for model, res_id in rows:
            ids.setdefault(model, []).append(res_id)
        found = []
        for model, numbers in ids.items():
            if model not in self.env:
                continue
            records = self.env[model].sudo().browse(numbers).exists()
            if records:
                found.append(
                    {
                        "model": model,
                        "label": self.env["ir.model"].sudo()._get(model).name,
                        "count": len(records),
                        "names": [self._named(one) for one in records[:_LISTED]],
                    }
                )
        return found

    @staticmethod
    def _named(record):
        if record._name == "ir.model.fields":
            return f"{record.field_description} ({record.model}.{record.name})"
        return record.display_name

    def _files(self, project):
        """Files that are not in Odoo, or only linked."""
        mappings = project.mapping_ids.filtered(
            lambda one: one.active and one.res_model == "ir.attachment"
        )
        lost = self.env["migration.record"].search(
            [
                ("mapping_id", "in", mappings.ids),
                ("state", "in", ("skipped", "failed", "held")),
            ],
            order="id",
        )
        linked = self.env.execute_query(
            SQL(
                """SELECT r.id, a.name, a.url FROM migration_record r
                     JOIN ir_attachment a ON a.id = r.res_id AND a.type = 'url'
                    WHERE r.mapping_id = ANY(%s) AND r.res_model = 'ir.attachment'
                      AND r.state = 'loaded' ORDER BY r.id""",
                mappings.ids,
            )
        )
        return {
            "count": len(lost),
            "linked": len(linked),
            "list": [
                {
                    "source_id": record.source_id,
                    "file": record.error_value or "",
                    "reason": record.error or "",
                    "url": self._link(record._name, record.id),
                }
                for record in lost[:_LISTED]
            ],
            "links": [
                {"file": name, "address": url, "url": self._link("migration.record", n)}
                for n, name, url in linked[:_LISTED]
            ],
        }

    def _missing(self, project):
        """Records that failed, are held or were skipped: how many, and the first."""
        domain = [
            ("project_id", "=", project.id),
            ("mapping_id.active", "=", True),
            ("mapping_id.role", "=", "records"),
            ("state", "in", ("failed", "held", "skipped")),
        ]
        states = self.env["migration.report"]._labels("migration.record", "state")
        records = self.env["migration.record"]
        return {
            "count": records.search_count(domain),
            "list": [
                {
                    "object": record.mapping_id.name,
                    "label": record.mapping_id.label,
                    "source_id": record.source_id,
                    "state": record.state,
                    "state_label": states[record.state],
                    "reason": record.error or "",
                    "url": self._link(record._name, record.id),
                }
                for record in records.search(
                    domain, limit=_LISTED, order="state, mapping_id, id"
                )
            ],
        }

    def _decisions(self, project):
        """What people decided: confirmed lines by person and day, the rest in full."""
        domain = [("project_id", "=", project.id), ("operation", "=", "decision")]
        log = self.env["migration.log"]
        lines = [*domain, ("mapping_id", "!=", False), ("source_id", "=", False)]
        confirmed = log._read_group(lines, ["user_id", "date:day"], ["__count"])
        others = [*domain, "|", ("mapping_id", "=", False), ("source_id", "!=", False)]
        return {
            "confirmed": [
                {"by": user.sudo().name, "date": day.date(), "count": count}
                for user, day, count in sorted(confirmed, key=lambda one: one[1])
            ],
            "count": log.search_count(others),
            "list": [
                {
                    "date": entry.date,
                    "by": entry.sudo().user_id.name,
                    "about": entry.source_id if entry.mapping_id else "",
                    "message": entry.summary or "",
                }
                for entry in log.search(others, order="id", limit=_LISTED)
            ],
        }

    def _left_out(self, project):
        """Objects and tables of which nothing was meant to come along."""
        found = [
            {
                "label": mapping.label,
                "records": mapping.staged_count,
                "reason": self.env._("The object was switched off"),
            }
            for mapping in project.mapping_ids
            if not mapping.active and mapping.staged_count
        ]
        found += [
            {"label": table.name, "records": table.row_count or None, "reason": reason}
            for table, reason in self.env["migration.leftover"]._tables(project)
        ]
        return found
