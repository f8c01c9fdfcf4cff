"""Files that were changed in the source under the name they had."""

import hashlib
import json
import zipfile

from ..common import csv_text
from ..connector.test_rest import RestCase
from ..engine.test_delta import DeltaCase
from ..servers.base import Reply

FILES = (
    ("file_id", "file_name", "path", "mime_type", "sha1", "related_type", "related_id"),
    ("F1", "offer.txt", "documents/offer.txt", "text/plain", "", "company", "C1"),
    ("F2", "plan.txt", "documents/plan.txt", "text/plain", "", "company", "C1"),
)


class TestChangedFiles(DeltaCase):
    def setUp(self):
        super().setUp()
        self.export = {
            "companies": (("company_id", "name"), ("C1", "Acme")),
            "files": FILES,
        }
        self.documents = {"documents/offer.txt": b"first", "documents/plan.txt": b"p"}
        self.folder_of_export = self.write_files(self.written())
        self.project = self.new_project(path=self.folder_of_export)
        self.read_files(self.project)
        self.base = self.snapshot()
        self.load(self.project)
        self.later()
        self.file = self.target(self.project, "file", "F1")

    def written(self):
        return {**super().written(), **self.documents}

    def read_again(self, project):
        for name, content in self.documents.items():
            (self.folder_of_export / name).write_bytes(content)
        for name, rows in self.export.items():
            (self.folder_of_export / f"{name}.csv").write_text(csv_text(*rows))
        project.file_ids.sudo().read_date = False
        return self.read_files(project)

    def versions(self):
        return self.env["ir.attachment"].search(
            [("x_source_id", "=like", f"{self.file.x_source_id}#%")]
        )

    def test_new_content_takes_the_place_of_the_old_one(self):
        before = self.snapshot()
        links = self.file.res_model, self.file.res_id, self.file.name
        self.documents["documents/offer.txt"] = b"second"
        run = self.delta(self.project)
        self.assertEqual(self.file.raw, b"second")
        self.assertEqual(self.file.checksum, hashlib.sha1(b"second").hexdigest())
        self.assertEqual((self.file.res_model, self.file.res_id, self.file.name), links)
        self.assertEqual(run._counts()["file"]["updated"], 1)
        self.assertFalse(self.conflicts(self.project))
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.file.raw, b"first")
        self.assertSameDatabase(before, self.snapshot())
        self.later()
        self.run_step(self.project, "delta")
        self.assertEqual(self.file.raw, b"second")

    def test_unchanged_files_are_no_change(self):
        self.read_again(self.project)
        self.assertEqual(self.project.change_count, 0)

    def test_that_only_the_content_has_changed_is_said(self):
        self.documents["documents/offer.txt"] = b"second"
        self.read_again(self.project)
        record = self.staged(self.project, "file", "F1")
        self.assertEqual(self.project.change_count, 1)
        self.assertEqual(record.change_text, "The content of the file")

    def test_content_that_users_have_changed_is_a_conflict(self):
        self.file.raw = b"mine"
        self.later()
        self.documents["documents/offer.txt"] = b"second"
        self.delta(self.project)
        self.assertEqual(self.file.raw, b"mine")
        conflict = self.conflicts(self.project)
        self.assertEqual(conflict.field_name, "raw")
        self.assertIn(hashlib.sha1(b"second").hexdigest(), conflict.source_value)
        before = self.snapshot()
        conflict.action_take_source()
        run = self.run_step(self.project, "delta", only="decisions")
        self.assertEqual((self.file.raw, conflict.state), (b"second", "settled"))
        self.later()
        self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.file.raw, b"mine")
        self.assertSameDatabase(before, self.snapshot())

    def test_a_file_that_users_have_renamed_gets_its_new_content(self):
        self.file.name = "Our offer.txt"
        self.later()
        self.documents["documents/offer.txt"] = b"second"
        self.delta(self.project)
        self.assertEqual((self.file.name, self.file.raw), ("Our offer.txt", b"second"))
        self.assertFalse(self.conflicts(self.project))

    def test_content_that_both_have_changed_alike_is_nothing_to_decide(self):
        self.file.raw = b"second"
        self.later()
        self.documents["documents/offer.txt"] = b"second"
        self.delta(self.project)
        self.assertFalse(self.conflicts(self.project))
        self.assertFalse(self.versions())

    def test_two_deltas_are_taken_back_one_by_one_and_all_together(self):
        self.documents["documents/offer.txt"] = b"second"
        self.delta(self.project)
        self.documents["documents/offer.txt"] = b"third"
        last = self.delta(self.project)
        self.assertEqual(len(self.versions()), 2)
        self.rollback(self.project, run_id=last.id)
        self.assertEqual(self.file.raw, b"second")
        self.documents["documents/offer.txt"] = b"fourth"
        self.delta(self.project)
        self.assertEqual(self.file.raw, b"fourth")
        self.rollback(self.project)
        self.assertSameDatabase(self.base, self.snapshot())

    def test_content_changed_by_users_after_a_delta_stays_when_it_is_taken_back(self):
        self.documents["documents/offer.txt"] = b"second"
        run = self.delta(self.project)
        self.file.raw = b"mine, since"
        self.later()
        result = self.rollback(self.project, run_id=run.id)
        self.assertEqual(self.file.raw, b"mine, since")
        self.assertEqual(self.file.file_size, len(b"mine, since"))
        kept = self.env["migration.log"].search(
            [("run_id", "=", result.id), ("operation", "=", "keep")]
        )
        self.assertIn("checksum", kept.mapped("message"))

    def test_another_path_with_other_content_is_a_change_of_the_file(self):
        self.documents["documents/offer_2.txt"] = b"second"
        self.change("files", "F1", path="documents/offer_2.txt")
        self.delta(self.project)
        self.assertEqual((self.file.raw, self.file.name), (b"second", "offer.txt"))

    def test_another_path_with_the_same_content_is_none(self):
        self.documents["documents/offer_2.txt"] = b"first"
        self.change("files", "F1", path="documents/offer_2.txt")
        run = self.delta(self.project)
        self.assertEqual(run._counts()["file"]["updated"], 0)

    def test_content_that_is_not_what_the_list_says_is_not_taken(self):
        self.documents["documents/offer.txt"] = b"second"
        self.change("files", "F1", sha1="0" * 40)
        run = self.delta(self.project)
        self.assertEqual(self.file.raw, b"first")
        warning = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "warning")]
        )
        self.assertIn("checksums differ", warning.message)

    def test_a_newer_export_without_its_documents_changes_no_file(self):
        for name in self.documents:
            (self.folder_of_export / name).unlink()
        self.documents = {}
        run = self.delta(self.project)
        self.assertEqual(self.file.raw, b"first")
        self.assertEqual(run._counts()["file"]["failed"], 0)
        warning = self.env["migration.log"].search(
            [("run_id", "=", run.id), ("operation", "=", "warning")], limit=1
        )
        self.assertIn("does not contain it", warning.message)

    def test_the_versions_are_not_twice_in_odoo_for_the_verification(self):
        self.documents["documents/offer.txt"] = b"second"
        self.delta(self.project)
        options = self.project._verify_options()
        checks = self.run_step(self.project, "verify", **options).check_ids
        bad = checks.filtered(
            lambda one: one.verdict == "1_failed" and one.mapping_id.name == "file"
        )
        self.assertEqual([(one.subject, one.message) for one in bad], [])

    def test_old_versions_are_purged_with_the_migration(self):
        self.documents["documents/offer.txt"] = b"second"
        self.delta(self.project)
        self.assertTrue(self.versions())
        self.env["migration.purger"]._purge(self.project)
        self.assertFalse(self.versions())
        self.assertEqual(self.file.raw, b"second")

    def test_a_zip_says_by_itself_which_of_its_files_have_changed(self):
        folder = self.write_files({})
        path = folder / "export.zip"

        def pack(content):
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("out/companies.csv", csv_text(("company_id", "name")))
                archive.writestr("out/files.csv", csv_text(*FILES[:2]))
                archive.writestr("out/documents/offer.txt", content)

        pack(b"first")
        project = self.new_project(path=path)
        self.read_files(project)
        record = self.staged(project, "file", "F1")
        first = record.payload_hash
        for content, same in ((b"first", True), (b"fir5t", False)):
            pack(content)
            project.file_ids.sudo().read_date = False
            self.read_files(project)
            record.invalidate_recordset()
            self.assertEqual(record.payload_hash == first, same, content)


class TestChangedFilesOfAnApi(RestCase):
    """The rows of files come from the API, and their content when it is their turn."""

    def begin(self, **columns):
        self.content = b"first"
        self.rows = [
            {
                **{"file_id": "F1", "file_name": "a.txt", "path": "api:/v1/download"},
                **{"related_type": "company", "related_id": "C1", **columns},
            }
        ]
        self.serve("files", self.rows)
        self.server.route("GET", "/v1/download", lambda _request: Reply(self.content))
        project = self.connect()
        source = project.source_id
        connection = project.connection_ids
        connection.endpoint_ids = [
            (
                0,
                0,
                {
                    "name": "files",
                    "label": "Files",
                    "object_id": source.object_ids.filtered(
                        lambda one: one.name == "file"
                    ).id,
                    "path": "/v1/files",
                    "records": "items",
                    "id_path": "file_id",
                    "paginator": "offset",
                    "page_size": 2,
                    "options": json.dumps({"offset": "offset", "size": "limit"}),
                },
            )
        ]
        self.read_files(project)
        self.load(project)
        self.later()
        return project, self.target(project, "file", "F1")

    def again(self, project):
        self.read_files(project)
        self.later()
        return self.run_step(project, "delta")

    def unknown(self, project):
        return project.finding_ids.filtered(
            lambda one: one.code == "file_changes_unknown"
        )

    def test_a_date_of_the_row_has_the_content_compared(self):
        project, file = self.begin(etag="1")
        self.assertEqual(file.raw, b"first")
        self.assertFalse(self.unknown(project))
        self.content = b"second"
        self.again(project)
        self.assertEqual(file.raw, b"first", "nothing says that it has changed")
        self.rows[0]["etag"] = "2"
        self.again(project)
        self.assertEqual(file.raw, b"second")

    def test_a_list_that_says_nothing_of_its_files_is_found_fault_with(self):
        project, _file = self.begin()
        finding = self.unknown(project)
        self.assertEqual((finding.count, finding.samples), (1, "files"))
