import re

from odoo import models

# What a list of files may say, by which a newer version is told from the older one.
_TARGETS = {"size", "sha1", "sha256", "md5", "write_date"}
_COLUMN = re.compile(r"size|sha|md5|checksum|hash|etag|version|modif|updat|chang", re.I)


class MigrationFindingsFiles(models.AbstractModel):
    """What cannot be known of the files of an API."""

    _name = "migration.findings.files"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Files"

    def _find_unknowable(self, run, mapping):
        """A list of an API that says nothing by which changed content is noticed."""
        tables = mapping.table_ids.filtered("endpoint_id")
        if not tables or not mapping.staged_count:
            return
        if not mapping._loader()._keeps_files():
            return
        columns = (name for table in tables for name in (table.columns or "").split())
        told = _TARGETS.intersection(mapping.field_ids.mapped("target"))
        if told or any(_COLUMN.search(name) for name in columns):
            return
        self._report(
            run,
            "2_warning",
            "file_changes_unknown",
            self.env._("Whether the content of a file has changed cannot be known"),
            mapping,
            mapping.staged_count,
            ", ".join(tables.mapped("name")),
            self.env._(
                "The list gives no size, checksum, version or date of its files. "
                "Compare those that matter by hand before the cut-over."
            ),
        )
