import hashlib

from odoo import models
from odoo.tools import SQL, human_size

from ...lib.compile import Skipped
from ...lib.errors import Problem, _


class MigrationLoaderAttachment(models.AbstractModel):
    """Files, read from the uploaded container when their turn comes."""

    _name = "migration.loader.ir.attachment"
    _inherit = "migration.loader"
    _description = "Migration Loader: Files"

    def _targets(self):
        return {
            "record": "reference",
            "message": "many2one",
            "path": "char",
            "size": "integer",
            "sha1": "char",
        }

    def _required_targets(self):
        return {"record", "path"}

    def _foresee(self, mapping, items):
        """Without the content: its checksum was compared when it was loaded."""

    def _read_back(self, record, target):
        if target == "record":
            return True, (record.res_model, record.res_id)
        if target in ("size", "sha1"):
            return True, record.file_size if target == "size" else record.checksum
        return super()._read_back(record, target)

    def _chunk_size(self, size):
        # A chunk's files are in memory together: 10 times the limit of 25 MB.
        return min(size, 10)

    def _prepare(self, mapping, items):
        limit = mapping.project_id.file_limit * 1024 * 1024
        with self.env["migration.connector.file"]._documents(
            mapping.project_id
        ) as documents:
            for item in items:
                try:
                    self._read(item, documents, limit)
                except Problem as problem:
                    item.error = problem

    def _read(self, item, documents, limit):
        vals = item.vals
        vals["res_model"], vals["res_id"] = vals.pop("record")
        path, size = vals.pop("path"), vals.pop("size", 0)
        checksum = vals.pop("sha1", None)
        item.content = vals.pop("message", None)
        vals.setdefault("name", path.rsplit("/", 1)[-1])
        size = max(size, documents.size(path) or 0)
        if limit and size > limit:
            raise Skipped(
                "file_too_large",
                _("The file has %(size)s, the limit is %(limit)s: it was not loaded."),
                _("Raise the limit in the project, or keep the file elsewhere."),
                field="path",
                value=path,
                size=human_size(size),
                limit=human_size(limit),
            )
        vals["raw"] = documents.content(path)
        if checksum and checksum.lower() != hashlib.sha1(vals["raw"]).hexdigest():
            raise Problem(
                "file_checksum",
                _("%(value)s is not the file that was exported: checksums differ."),
                _("Export the file again."),
                field="path",
                value=path,
            )

    def _after_create(self, mapping, items, records):
        """Link files to the note they came with, which does not change the note."""
        pairs = [
            (item.content, attachment.id)
            for item, attachment in zip(items, records, strict=True)
            if item.content
        ]
        if not pairs:
            return
        field = self.env["mail.message"]._fields["attachment_ids"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT * FROM unnest(%s::int[], %s::int[])"
                " ON CONFLICT DO NOTHING",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                *(list(column) for column in zip(*pairs, strict=True)),
            )
        )
        self.env["mail.message"].invalidate_model(["attachment_ids"])
