"""Files with folders, addresses in the source, and other checksums."""

import hashlib

from .common import COMPANY, LoaderCase

FILE = {
    "res_model": "ir.attachment",
    "fields": [
        ("id", "", "identifier"),
        ("company", "record", "reference", {"reference": "company"}),
        ("path", "path", "direct"),
        ("folder", "folder", "direct"),
        ("url", "source_url", "direct"),
        ("size", "size", "direct"),
        ("sha256", "sha256", "direct"),
        ("md5", "md5", "direct"),
        ("created", "create_date", "direct"),
    ],
}
SHA256 = hashlib.sha256(b"one").hexdigest()
MD5 = hashlib.md5(b"one").hexdigest()
URL = "https://files.example.com/3"
ROWS = (
    f"1,1,docs/1.txt,/Case/Letters/,{URL},,{SHA256},{MD5},2024-01-02 03:04:05\n"
    f"2,1,docs/1.txt,,,,{'0' * 64},,\n"
    f"3,1,docs/3.bin,,{URL},9999999,,,\n"
    "4,1,docs/4.bin,,javascript:alert(1),9999999,,,\n"
    f"5,1,docs/1.txt,,,,,{'0' * 32},\n"
)


class TestFilesOfASource(LoaderCase):
    def setUp(self):
        super().setUp()
        self.source(company=COMPANY, file=FILE)
        self.project = self.staged_project(
            {
                "company.csv": "company_id,name,email\n1,Acme,\n",
                "file.csv": "id,company,path,folder,url,size,sha256,md5,created\n"
                + ROWS,
                "docs/1.txt": b"one",
            },
            file_limit=1,
        )

    def test_folder_address_and_date_are_kept(self):
        self.load(self.project)
        attachment = self.target(self.project, "file", "1")
        self.assertEqual(attachment.raw, b"one")
        self.assertEqual(attachment.x_folder, "Case/Letters")
        self.assertEqual(attachment.description, "Case/Letters")
        self.assertEqual(attachment.x_source_file_url, URL)
        self.assertEqual(str(attachment.create_date), "2024-01-02 03:04:05")

    def test_another_sha256_or_md5_fails_the_file(self):
        self.load(self.project)
        for key in ("2", "5"):
            record = self.staged(self.project, "file", key)
            self.assertEqual(record.error_code, "file_checksum", key)

    def test_a_large_file_with_an_address_is_linked_with_a_warning(self):
        self.load(self.project)
        attachment = self.target(self.project, "file", "3")
        self.assertEqual((attachment.type, attachment.url), ("url", URL))
        warning = self.log_of(self.project, "warning")
        self.assertEqual(warning.source_id, "3")
        self.assertIn("linked only", warning.message)

    def test_only_a_web_address_is_linked(self):
        self.load(self.project)
        record = self.staged(self.project, "file", "4")
        self.assertEqual(
            (record.state, record.error_code), ("skipped", "file_too_large")
        )

    def test_rollback_leaves_the_database_as_it_was(self):
        before = self.snapshot()
        self.load(self.project)
        self.rollback(self.project)
        self.assertSameDatabase(before, self.snapshot())
