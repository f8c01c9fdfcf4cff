import os

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_MAPPING = (
    "name",
    "label",
    "sequence",
    "active",
    "role",
    "schema",
    "res_model",
    "loader",
    "row_filter",
    "derived_from",
    "id_by_name",
    "merge_rows",
    "match_by",
)
_LINE = (
    "sequence",
    "source_path",
    "target",
    "kind",
    "transform",
    "constant",
    "reference",
    "reference_by",
    "reference_key",
    "on_missing",
    "date_order",
    "decimal_sign",
    "policy",
    "label",
    "ttype",
    "options",
    "confirmed",
)
_ERRORS_LISTED = 1000


class MigrationProject(models.Model):
    """What the command line needs of a migration: runs, status, its mapping as data."""

    _inherit = "migration.project"

    review_count = fields.Integer(string="To Review", compute="_compute_review_count")

    def _add_path(self, path):
        """Attach a file or folder of the server, which only the command line may."""
        if not os.path.exists(path):
            raise UserError(self.env._("There is no file or folder %s.", path))
        return self.env["migration.file"]._add_path(self, path)

    def _run_now(self, kind, **options):
        """Carry out a run of ``kind`` in this process, and give it.

        A run that a stopped process left behind is taken up where it was.
        """
        runs = self.env["migration.run"]
        run = self.run_ids.filtered(lambda one: one.state in ("queued", "running"))[:1]
        if run and (run.kind != kind or not run._claim()):
            raise UserError(
                self.env._(
                    "“%s” is still working. Wait until it is done.", run.display_name
                )
            )
        taken_up = bool(run)
        if not run:
            run = runs._start(self, kind, **options)
            run.background = False
            run._commit()
        try:
            self.env["migration.worker"]._work(run)
        finally:
            # The worker has a claim of its own: each is given back by itself.
            if taken_up:
                run._let_go()
        return run

    def _status(self):
        """Everything about the migration as plain data, with stable keys."""
        self.ensure_one()
        groups = self.env["migration.record"]._read_group(
            [("project_id", "=", self.id)], ["mapping_id", "state"], ["__count"]
        )
        records = {}
        for mapping, state, count in groups:
            records.setdefault(mapping.name, {})[state] = count
        run = self.run_ids[:1]
        return {
            "project": self.key,
            "state": self.state,
            "run": {"id": run.id, "kind": run.kind, "state": run.state},
            "objects": run._counts(),
            "records": records,
            "errors": self._errors(),
            "findings": [
                {
                    "severity": finding.severity[2:],
                    "code": finding.code,
                    "object": finding.mapping_id.name or None,
                    "message": finding.name,
                    "count": finding.count,
                    "samples": finding.samples or "",
                    "remedy": finding.remedy or "",
                }
                for finding in self.finding_ids
            ],
            "owners": [
                {
                    "key": owner.key,
                    "email": owner.email or None,
                    "name": owner.name or None,
                    "state": owner.state,
                    "user": owner.user_id.login or None,
                    "records": owner.record_count,
                }
                for owner in self.owner_ids
            ],
        }

    def _errors(self):
        """The first failed, held and skipped records, with all that is known."""
        records = self.env["migration.record"].search(
            [
                ("project_id", "=", self.id),
                ("state", "in", ("failed", "held", "skipped")),
                ("error_code", "!=", False),
            ],
            limit=_ERRORS_LISTED,
        )
        return [
            {
                "object": record.mapping_id.name,
                "source_id": record.source_id,
                "state": record.state,
                "file": record.table_id.name or None,
                "row": record.row or None,
                "code": record.error_code,
                "field": record.error_field or None,
                "value": record.error_value or None,
                "error": record.error,
            }
            for record in records
        ]

    def _compute_review_count(self):
        domain = Domain(self.env["migration.record"]._review_domain())
        groups = self.env["migration.record"]._read_group(
            domain & Domain("project_id", "in", self.ids), ["project_id"], ["__count"]
        )
        counts = {project.id: count for project, count in groups}
        for project in self:
            project.review_count = counts.get(project.id, 0)

    def action_open_review(self):
        """Open the records that several records in Odoo may be."""
        return self._open(
            "migration_record_action_review",
            self.env["migration.record"]._review_domain(),
        )

    def _under_review(self):
        """The records that wait for a decision."""
        self.ensure_one()
        domain = Domain(self.env["migration.record"]._review_domain())
        return self.env["migration.record"].search(
            domain & Domain("project_id", "=", self.id)
        )

    def _review(self):
        """The records that wait for a decision, and what they may be, as plain data."""
        return [
            {
                "object": record.mapping_id.name,
                "source_id": record.source_id,
                "code": record.error_code,
                "error": record.error,
                "candidates": [
                    {
                        "model": candidate.res_model,
                        "id": candidate.res_id,
                        "name": candidate.name,
                        "in_common": candidate.reason,
                    }
                    for candidate in record.candidate_ids
                ],
            }
            for record in self._under_review()
        ]

    def _staged_record(self, text):
        """The staged record named by ``text``: “source id” or “object/source id”.

        :raises UserError: there is none, or several objects have one
        """
        domain = Domain("project_id", "=", self.id)
        records = self.env["migration.record"].search(
            domain & Domain("source_id", "=", text)
        )
        if len(records) > 1 and (held := records & self._under_review()):
            records = held
        name, slash, source_id = text.partition("/")
        if not records and slash:
            records = self.env["migration.record"].search(
                domain
                & Domain("mapping_id.name", "=", name)
                & Domain("source_id", "=", source_id)
            )
        if len(records) != 1:
            raise UserError(
                self.env._(
                    "“%(text)s” is the source id of %(count)s records. Write "
                    "OBJECT/SOURCE_ID, such as company/%(text)s.",
                    text=text,
                    count=len(records),
                )
            )
        return records

    def _export_mapping(self):
        """The mapping as data that :meth:`_import_mapping` takes."""
        self.ensure_one()
        return {
            "source": self.source_id.code,
            "objects": [
                {
                    **_values(mapping, _MAPPING),
                    "lines": [
                        {
                            **_values(line, _LINE),
                            "values": [
                                _values(value, ("name", "target", "mapped"))
                                for value in line.value_ids
                            ],
                        }
                        for line in mapping.field_ids
                    ],
                }
                for mapping in self.with_context(active_test=False).mapping_ids
            ],
        }

    def _import_mapping(self, data):
        """Replace the lines of the mappings that ``data`` has, make the missing ones.

        :raises UserError: ``data`` is not what :meth:`_export_mapping` gives
        """
        try:
            objects = [
                (one["name"], {k: one[k] for k in _MAPPING}, one["lines"])
                for one in data["objects"]
            ]
        except (KeyError, TypeError) as error:
            raise UserError(
                self.env._("This is not a saved mapping: %s is missing.", error)
            ) from error
        mappings = {
            one.name: one for one in self.with_context(active_test=False).mapping_ids
        }
        for name, values, lines in objects:
            mapping = mappings.get(name)
            if mapping:
                mapping.write(values)
            else:
                mapping = self.env["migration.mapping"].create(
                    {**values, "project_id": self.id}
                )
            mapping.field_ids.unlink()
            mapping.field_ids.create(
                [
                    {
                        **{key: line.get(key) for key in _LINE if key in line},
                        "mapping_id": mapping.id,
                        "confidence": 1,
                        "reason": self.env._("From a saved mapping"),
                        "value_ids": [(0, 0, one) for one in line.get("values", [])],
                    }
                    for line in lines
                ]
            )


def _values(record, names):
    return {name: record[name] for name in names}
