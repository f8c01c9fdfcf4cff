from odoo import models

from .examiner import SAMPLES

# Rows after which exports and reports of CRM systems, and spreadsheets, end.
_CAPS = (
    *(100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 15_000, 20_000, 25_000),
    *(30_000, 50_000, 65_535, 65_536, 100_000, 200_000, 250_000, 500_000, 1_000_000),
    *(1_048_575, 1_048_576),
)


class MigrationFindingsExports(models.AbstractModel):
    """What is wrong with the export as a whole: cut off, incomplete, too large."""

    _name = "migration.findings.exports"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Exports"

    def _find_capped(self, run, mapping):
        """Tables with exactly so many rows as an export may have at most."""
        for table in mapping.table_ids.filtered(lambda one: one.row_count in _CAPS):
            self._report(
                run,
                "2_warning",
                "export_capped",
                self.env._(
                    "%(table)s has exactly %(count)s rows: the export may have stopped "
                    "there",
                    table=table.name,
                    count=table.row_count,
                ),
                mapping,
                table.row_count,
                table.name,
                self.env._(
                    "Compare with the number in the source system; export in parts if "
                    "it has more."
                ),
            )

    def _find_repeats(self, run):
        """Uploads that have what an earlier one had: is that a newer export?"""
        for file in run.project_id._questioned():
            self._report(
                run,
                "2_warning",
                "file_adds",
                run.project_id._repeats_text(file),
                count=file.repeats_count,
                samples=file.repeats_id.name,
                remedy=self.env._(
                    "If it is a newer export, say under “Files” that it replaces the "
                    "earlier one: what it does not have any more is then gone from the "
                    "source. No record comes twice, but without that it is not certain "
                    "which of the two counts."
                ),
            )

    def _find_additions(self, run):
        """Uploads that contain what an earlier one did, and other rows of it."""
        project = run.project_id
        if project.state != "loaded":
            return
        files = project.file_ids.filtered(lambda one: not one.connection_id)
        for file in files.filtered(lambda one: not (one.replaces_id or one.repeats_id)):
            tables = file.table_ids.filtered(lambda one: not one._is_part())
            objects = tables.object_ids
            others = files.filtered(
                lambda one, file=file, objects=objects: (
                    one.id < file.id and one.table_ids.object_ids & objects
                )
            )
            if not others or file.replaced_by_ids:
                continue
            self._report(
                run,
                "3_info",
                "file_adds",
                self.env._("%s is read in addition to earlier files", file.name),
                samples=", ".join(others.mapped("name")),
                remedy=self.env._(
                    "If it is a newer export of the whole, say under “Files” which "
                    "one it replaces: what it does not have is then gone from the "
                    "source. Otherwise nothing needs to be done."
                ),
            )

    def _find_documents(self, run):
        """Documents that no record mentions, missing ones, and those over the limit."""
        project = run.project_id
        lines = project.mapping_ids.field_ids.filtered(
            lambda line: line.mapping_id.res_model == "ir.attachment"
        )
        paths = lines.filtered(lambda line: line.target == "path" and line.source_path)
        if not paths:
            return
        listed = {
            value.lstrip("./")
            for line in paths
            for value, _count in self.env["migration.refiner"]._values(line)
        }
        tables = {(one.details or {}).get("member") for one in project.table_ids}
        with project._documents() as documents:
            listed = {path for path in listed if not documents.is_remote(path)}
            names = [n for n in documents.names() if n not in tables | listed]
            sizes = {path: documents.size(path) for path in listed}
        unlisted = [n for n in names if not any(n.endswith(f"/{p}") for p in listed)]
        limit = project.file_limit * 1024 * 1024
        for code, found, text, remedy in (
            (
                "document_unlisted",
                unlisted,
                self.env._("Documents that belong to no record"),
                self.env._("They are not loaded."),
            ),
            (
                "document_missing",
                [path for path, size in sizes.items() if size is None],
                self.env._("Files that are listed, but not in the export"),
                self.env._("Add them to the folder of documents and upload it again."),
            ),
            (
                "document_large",
                [path for path, size in sizes.items() if limit and (size or 0) > limit],
                self.env._("Files over the limit of %s MB", project.file_limit),
                self.env._(
                    "They are listed, not loaded; raise the limit to take them."
                ),
            ),
        ):
            if found:
                self._report(
                    run,
                    "2_warning",
                    code,
                    text,
                    paths[:1].mapping_id,
                    len(found),
                    ", ".join(sorted(found)[:SAMPLES]),
                    remedy,
                )
