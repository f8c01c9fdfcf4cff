"""Files: exactly what was exported, or not at all."""

import hashlib
from unittest.mock import patch

from ..common import MigrationCase, csv_text


class TestFiles(MigrationCase):
    def migrate_files(self, files, documents, **values):
        return self.migrate(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Nordwind")),
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id", "created_at"),
                    ("N1", "See file", "company", "C1", "2024-01-02"),
                ),
                "files.csv": csv_text(
                    ("file_id", "file_name", "path", "mime_type", "size", "sha1")
                    + ("note_id", "related_type", "related_id"),
                    *(row + ("company", "C1") for row in files),
                ),
                **documents,
            },
            **values,
        )

    def test_a_file_keeps_name_type_and_content_and_hangs_on_its_note(self):
        content = b"%PDF-1.4 \x00\xff"
        digest = hashlib.sha1(content).hexdigest()
        project = self.migrate_files(
            [("F1", "Offer.pdf", "documents/1", "application/pdf", "", digest, "N1")],
            {"documents/1": content},
        )
        attachment = self.target(project, "file", "F1")
        company = self.target(project, "company", "C1")
        self.assertEqual(attachment.name, "Offer.pdf")
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertEqual((attachment.raw, attachment.checksum), (content, digest))
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("res.partner", company.id)
        )
        self.assertEqual(self.target(project, "note", "N1").attachment_ids, attachment)

    def test_svg_and_html_keep_their_type(self):
        svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
        project = self.migrate_files(
            [
                ("F1", "a.svg", "documents/a.svg", "image/svg+xml", "", "", ""),
                ("F2", "b.html", "documents/b.html", "text/html", "", "", ""),
            ],
            {"documents/a.svg": svg, "documents/b.html": b"<html>x</html>"},
        )
        found = [self.target(project, "file", key).mimetype for key in ("F1", "F2")]
        self.assertEqual(found, ["image/svg+xml", "text/html"])

    def test_a_file_over_the_limit_is_skipped_and_listed(self):
        project = self.migrate_files(
            [
                ("F1", "listed.bin", "documents/none.bin", "", str(2**21), "", ""),
                ("F2", "real.bin", "documents/real.bin", "", "", "", ""),
                ("F3", "small.bin", "documents/small.bin", "", "", "", ""),
            ],
            {"documents/real.bin": b"x" * (2**20 + 1), "documents/small.bin": b"x"},
            file_limit=1,
        )
        for key in ("F1", "F2"):
            record = self.staged(project, "file", key)
            self.assertEqual((record.state, record.res_id), ("skipped", 0), key)
            self.assertEqual(record.error_code, "file_too_large")
        self.assertTrue(self.target(project, "file", "F3"))
        listed = {one["source_id"] for one in project._status()["errors"]}
        self.assertEqual(listed, {"F1", "F2"})
        log = self.env["migration.log"].search(
            [("project_id", "=", project.id), ("operation", "=", "skip")]
        )
        self.assertEqual(set(log.mapped("source_id")), {"F1", "F2"})

    def test_another_checksum_or_a_missing_document_fails_the_file(self):
        project = self.migrate_files(
            [
                ("F1", "a.txt", "documents/a.txt", "", "", "0" * 40, ""),
                ("F2", "b.txt", "documents/b.txt", "", "", "", ""),
            ],
            {"documents/a.txt": b"changed"},
        )
        states = {key: self.staged(project, "file", key) for key in ("F1", "F2")}
        self.assertEqual({one.state for one in states.values()}, {"failed"})
        self.assertEqual(states["F1"].error_code, "file_checksum")
        self.assertIn("documents/b.txt", states["F2"].error)

    def test_the_documents_are_opened_once_to_compare_many_files(self):
        names = [f"{number}.txt" for number in range(5)]
        project = self.migrate_files(
            [(name, name, f"documents/{name}", "", "1", "", "") for name in names],
            {f"documents/{name}": b"x" for name in names},
        )
        mapping = project.mapping_ids.filtered(lambda one: one.name == "file")
        records = self.env["migration.record"].search(
            [("mapping_id", "=", mapping.id), ("state", "=", "loaded")]
        )
        self.assertEqual(len(records), 5)
        projects = type(project)
        opening = projects._documents
        with patch.object(projects, "_documents", autospec=True) as opened:
            opened.side_effect = opening
            rows = self.env["migration.comparison"]._compare(mapping, records)
        self.assertEqual(opened.call_count, 1)
        compared = [one["verdict"] for one in rows if one["target"] == "path"]
        self.assertEqual(compared, ["same"] * 5)

    def test_G06_path_folder_and_checksums_are_read_back(self):
        content = b"plain"
        project = self.migrate_files(
            [
                ("F1", "a.txt", "documents/a.txt", "text/plain", "99")
                + (hashlib.sha1(content).hexdigest(), "N1"),
                ("F2", "b.txt", "documents/b.txt", "text/plain", "", "", ""),
            ],
            {"documents/a.txt": content, "documents/b.txt": b"other"},
        )

        def verdicts(source_id):
            record = self.staged(project, "file", source_id)
            rows = self.env["migration.comparison"]._compare(record.mapping_id, record)
            return {one["target"]: one["verdict"] for one in rows}

        for source_id in ("F1", "F2"):
            told = set(verdicts(source_id).values())
            self.assertLessEqual(told, {"same", "mapped"}, verdicts(source_id))
        self.assertEqual(verdicts("F1")["message"], "mapped")
        for source_id in ("F1", "F2"):
            self.target(project, "file", source_id).raw = b"PLAIN"
            self.assertEqual(verdicts(source_id)["path"], "differs", source_id)
        self.assertEqual(verdicts("F1")["sha1"], "differs")
