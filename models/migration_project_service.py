import json
import os

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_ERRORS_LISTED = 1000


class MigrationProject(models.Model):
    """What the command line needs of a migration: runs, status, its mapping as data."""

    _inherit = "migration.project"

    review_count = fields.Integer(string="To Review", compute="_compute_review_count")

    def _add_path(self, path):
        """Attach a file or folder of the server, which only the command line may.

        One that is attached already is read again.
        """
        if not os.path.exists(path):
            raise UserError(self.env._("There is no file or folder %s.", path))
        known = self.file_ids.sudo().filtered(
            lambda file: file.path == os.path.abspath(path) and not file.replaced_by_ids
        )
        if known:
            known.read_date = False
            return known
        return self.env["migration.file"]._add_path(self, path)

    def _remove_file(self, name):
        """Take the latest upload called ``name`` out of the migration.

        :raises UserError: there is none
        """
        uploads = self.file_ids.filtered(lambda one: not one.connection_id)
        found = uploads.filtered(lambda one: one.name == name).sorted("id")[-1:]
        if not found:
            raise UserError(
                self.env._(
                    "No file named %(name)s was read; there are: %(names)s.",
                    name=name,
                    names=", ".join(uploads.mapped("name")),
                )
            )
        found.unlink()

    def _run_now(self, kind, **options):
        """Carry out a run of ``kind`` in this process, and give it.

        A run that a stopped process left behind is taken up where it was.
        """
        runs = self.env["migration.run"]
        run = self.run_ids.filtered(lambda one: one.state in ("queued", "running"))[:1]
        taken_up = run.kind == kind and run._claim()
        if not taken_up:
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
        run = self.run_ids[:1]
        return {
            "project": self.key,
            "state": self.state,
            "run": {"id": run.id, "kind": run.kind, "state": run.state},
            "objects": run._counts(),
            "columns": self.env["migration.report"]._columns(self),
            "records": self._record_counts(),
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
            "owners": [owner._as_dict() for owner in self.owner_ids],
            "odoo": self.env["migration.odoo.facts"]._facts(self.company_id),
        }

    def _record_counts(self):
        """``{object: {state: records}}`` of what was staged, whenever that was."""
        groups = self.env["migration.record"]._read_group(
            [("project_id", "=", self.id)], ["mapping_id", "state"], ["__count"]
        )
        counts = {}
        for mapping, state, count in groups:
            counts.setdefault(mapping.name, {})[state] = count
        return counts

    def _errors(self):
        """The first failed, held and skipped records, with all that is known.

        What a purge has set aside is no error: nothing was wrong with it.
        """
        records = self.env["migration.record"].search(
            [
                ("project_id", "=", self.id),
                ("state", "in", ("failed", "held", "skipped")),
                ("error_code", "not in", (False, "purged")),
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

    def _owner(self, key):
        """The owner that ``key`` names: its id, another writing of it, or its e-mail.

        :raises UserError: there is none, or there are several
        """
        owners = self.owner_ids.filtered(lambda one: one.key == key)
        if not owners:
            found = self.env["migration.owners"]._users(self).owners(key)
            owners = self.owner_ids.browse(found)
        if len(owners) != 1:
            raise UserError(
                self.env._(
                    "“%(key)s” names %(count)s owners; there are: %(keys)s.",
                    key=key,
                    count=len(owners),
                    keys=", ".join(self.owner_ids.mapped("key")[:50]),
                )
            )
        return owners

    def _export_mapping(self):
        """The mapping as data that :meth:`_import_mapping` takes."""
        self.ensure_one()
        return self.env["migration.mapping.file"]._export(self)

    def _import_mapping(self, data, confirmed=True):
        """Take a mapping over; see :meth:`migration.mapping.file._import`."""
        self.ensure_one()
        return self.env["migration.mapping.file"]._import(self, data, confirmed)

    def _save_mapping(self, name):
        """The mapping as a file: a workbook where ``name`` says so, or JSON."""
        self.ensure_one()
        if _is_workbook(name):
            return self.env["migration.specification"]._workbook(self)
        text = json.dumps(self._export_mapping(), indent=2, ensure_ascii=False)
        return f"{text}\n".encode()

    def _load_mapping(self, name, content, confirmed=True):
        """Take over the mapping of a file, in either form.

        :return: texts, one for each part of the file that has no place here
        :raises UserError: the file cannot be used; nothing has been changed
        """
        self.ensure_one()
        data, places = self._read_mapping(name, content)
        absent = self.env["migration.mapping.file"]._import(
            self, data, confirmed, places
        )
        return [
            self.env._(
                "%(object)s: the export has no column “%(column)s”",
                object=one["label"],
                column=one["column"],
            )
            if one["column"]
            else self.env._("%s: the export does not have it", one["label"])
            for one in absent
        ]

    def _read_mapping(self, name, content):
        if _is_workbook(name):
            return self.env["migration.specification"]._read(self, content)
        try:
            return json.loads(content.decode("utf-8-sig")), None
        except ValueError as error:
            raise UserError(
                self.env._(
                    "%(file)s is not a saved mapping: %(error)s",
                    file=name,
                    error=error,
                )
            ) from error


def _is_workbook(name):
    return name.lower().endswith(".xlsx")
