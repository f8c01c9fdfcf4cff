import io
import zipfile

from odoo import models
from odoo.exceptions import UserError

from ..lib.corrections import ADDED, ERROR, FILE, ROW, flatten, write_csv
from ..lib.errors import Problem
from ..lib.readers import discover, open_container

BATCH = 2000


class MigrationFailedFile(models.AbstractModel):
    """Failed records as files to correct and upload again: one CSV an object."""

    _name = "migration.failed.file"
    _description = "Migration File of Failed Records"

    def _download(self, project, mappings):
        """An action that downloads the failed records of ``mappings``.

        One object gives a CSV, several a ZIP of them.

        :raises UserError: nothing has failed
        """
        files = self._files(mappings)
        if len(files) == 1:
            [(name, content)] = files.items()
        else:
            name, content = f"failed_{project.key}.zip", self._zip(files)
        attachment = self._attach(project, name, content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _files(self, mappings):
        """``{name: content}``, a CSV for each of ``mappings`` with failed records.

        :raises UserError: nothing has failed
        """
        files = {}
        for mapping in mappings:
            content = self._csv(mapping)
            if content:
                files[self._file_name(mapping)] = content
        if not files:
            raise UserError(self.env._("No record has failed."))
        return files

    def _written(self, mappings, name):
        """The content of the file ``name``: a ZIP by its ending, or a CSV.

        :raises UserError: nothing has failed, or too much for one CSV
        """
        files = self._files(mappings)
        if name.lower().endswith(".zip"):
            return self._zip(files)
        if len(files) > 1:
            raise UserError(
                self.env._(
                    "Records of %(count)s objects failed: name a file that ends in "
                    ".zip, or choose one object of: %(names)s.",
                    count=len(files),
                    names=", ".join(
                        mappings.filtered("failed_count").mapped("name"),
                    ),
                )
            )
        return next(iter(files.values()))

    def _check_corrected(self, path):
        """Make sure that ``path`` is a file of failed records, or a ZIP of them.

        :raises UserError: it cannot be read, or is another file: an export, say
        """
        try:
            with open_container(path) as container:
                found = discover(container)
        except Problem as problem:
            raise UserError(self.env["migration.engine"]._say(problem)) from problem
        names = [one.name for one in found.tables if ROW not in one.columns]
        if not found.tables:
            if found.problems:
                raise UserError(self.env["migration.engine"]._say(found.problems[0][1]))
            names = [path]
        if names:
            raise UserError(
                self.env._(
                    "%(name)s is no file of failed records: it has no column "
                    "%(column)s. Correct the file that was saved, and leave its "
                    "columns in. An export is read by the audit, or as a delta.",
                    name=names[0],
                    column=ROW,
                )
            )

    def _attach(self, project, name, content):
        """The attachment to download, in place of an earlier one."""
        known = [("res_model", "=", project._name), ("res_id", "=", project.id)]
        attachments = self.env["ir.attachment"]
        attachments.search([*known, ("name", "=", name)]).unlink()
        return attachments.create(
            {
                "name": name,
                "raw": content,
                "res_model": project._name,
                "res_id": project.id,
            }
        )

    @staticmethod
    def _zip(files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return stream.getvalue()

    @staticmethod
    def _file_name(mapping):
        """A name by which the object is recognised when the file comes back."""
        patterns = (mapping.object_id.file_patterns or "").split(",")
        plain = [one.strip() for one in patterns if one.strip() and "*" not in one]
        return f"failed_{plain[0] if plain else mapping.name}.csv"

    def _csv(self, mapping):
        """The failed records of ``mapping``, or None where there are none."""
        columns = dict.fromkeys(
            column
            for table in mapping.table_ids
            for column in (table.columns or "").split("\n")
            if column and column not in ADDED
        )
        rows, filled = [], set()
        for record in self._records(mapping):
            cells = flatten(record.payload or {})
            filled.update(cells)
            rows.append(
                {
                    **cells,
                    ERROR: record.error,
                    FILE: record.table_id.name or "",
                    ROW: record.row or "",
                }
            )
        if not rows:
            return None
        # A column of nested values has its parts in columns of their own instead.
        names = [
            name for name in columns if name in filled or not _nested(name, filled)
        ]
        names += sorted(filled - columns.keys())
        return write_csv([*names, *ADDED], rows)

    def _records(self, mapping):
        """Failed records in the order of their files, a batch at a time."""
        records = self.env["migration.record"]
        domain = [("mapping_id", "=", mapping.id), ("state", "=", "failed")]
        offset = 0
        while batch := records.search(
            domain, order="table_id, row, id", limit=BATCH, offset=offset
        ):
            yield from batch
            batch.invalidate_recordset()
            offset += len(batch)


def _nested(name, filled):
    return any(other.startswith(f"{name}.") for other in filled)
