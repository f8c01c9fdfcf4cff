"""Uploaded files, and files the command line names."""

import base64
import io
import zipfile

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ...lib.errors import Problem
from ..common import MigrationCase, csv_text

COMPANIES = csv_text(("company_id", "name"), ("1", "Ahlgren"))


def zip_of(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


class TestConnectorFile(MigrationCase):
    def setUp(self):
        super().setUp()
        self.connector = self.env["migration.connector.file"]

    def upload(self, project, name, content):
        return self.env["migration.file"].create(
            {
                "project_id": project.id,
                "name": name,
                "content": base64.b64encode(content),
            }
        )

    def discover(self, project):
        run = self.env["migration.run"].new({"project_id": project.id})
        run.project_id = project
        return self.connector._discover(run)

    def test_a_folder_gives_its_tables_and_counts_its_documents(self):
        project = self.new_project(
            {
                "companies.csv": COMPANIES,
                "documents/a/b.pdf": "x",
                "documents/list.csv": COMPANIES,
            }
        )
        self.assertEqual(self.discover(project), [])
        table = project.table_ids
        self.assertEqual((table.name, table.format), ("companies.csv", "csv"))
        self.assertEqual(table.columns, "company_id\nname")
        self.assertEqual((table.encoding, table.delimiter), ("utf-8", ","))
        self.assertEqual(project.file_ids.document_count, 2)
        self.assertEqual(project.file_ids.table_count, 1)

    def test_an_uploaded_archive_is_read_by_its_content(self):
        project = self.new_project({})
        content = zip_of({"companies.csv": COMPANIES, "contacts.csv": ""})
        upload = self.upload(project, "export.zip", content)
        found = self.discover(project)
        [problem] = [problem for file, problem in found if file == upload]
        self.assertEqual(problem.code, "empty_file")
        self.assertEqual(problem.params["file"], "contacts.csv")
        [row] = self.connector._iter_rows(upload.table_ids)
        self.assertEqual(row.values, {"company_id": "1", "name": "Ahlgren"})
        self.assertEqual(row.number, 2)

    def test_a_file_is_looked_at_once(self):
        project = self.new_project({"companies.csv": COMPANIES})
        self.discover(project)
        tables = project.table_ids
        self.assertEqual(self.discover(project), [])
        self.assertEqual(project.table_ids, tables)

    def test_a_new_version_of_an_upload_keeps_what_was_decided_on_its_tables(self):
        project = self.new_project({})
        content = zip_of({"a.csv": COMPANIES, "b.csv": COMPANIES})
        upload = self.upload(project, "export.zip", content)
        self.discover(project)
        first, second = upload.table_ids
        first.ignored = True
        wider = csv_text(("company_id", "name", "city"), ("1", "Ahlgren", "Oslo"))
        content = zip_of({"a.csv": wider, "c.csv": COMPANIES})
        upload.content = base64.b64encode(content)
        self.discover(project)
        self.assertTrue(second.former, "its records may be in a table of another name")
        self.env["migration.file"]._take_places(project)
        self.assertEqual(upload.table_ids.mapped("name"), ["a.csv", "c.csv"])
        self.assertEqual(upload.table_ids[0], first)
        self.assertTrue(first.ignored)
        self.assertEqual(first.columns, "company_id\nname\ncity")
        self.assertFalse(second.exists())

    def test_a_file_that_is_gone_is_a_problem_with_its_name(self):
        folder = self.write_files({"companies.csv": COMPANIES})
        project = self.new_project(path=folder / "companies.csv")
        self.discover(project)
        (folder / "companies.csv").unlink()
        with self.assertRaises(Problem) as caught:
            list(self.connector._iter_rows(project.table_ids))
        self.assertEqual(caught.exception.code, "file_unreadable")
        self.assertIn("companies.csv", caught.exception.text())

    def test_documents_are_found_by_the_path_the_export_lists(self):
        project = self.new_project(
            {
                "export/documents/a.txt": "one",
                "export/documents/b.txt": "two",
                "export/files/b.txt": "three",
            }
        )
        with self.connector._documents(project) as documents:
            self.assertEqual(len(documents.names()), 3)
            self.assertEqual(documents.content("export/documents/a.txt"), b"one")
            self.assertEqual(documents.content("documents/a.txt"), b"one")
            self.assertEqual(documents.content("documents\\a.txt"), b"one")
            self.assertEqual(documents.content("./documents/a.txt"), b"one")
            self.assertEqual(documents.content("documents/b.txt"), b"two")
            self.assertEqual(documents.size("a.txt"), 3)
            self.assertIsNone(documents.size("b.txt"))
            self.assertIsNone(documents.size("ocuments/a.txt"))
            with self.assertRaises(Problem) as caught:
                documents.content("documents/z.txt")
        self.assertEqual(caught.exception.code, "document_missing")
        self.assertEqual(caught.exception.value, "documents/z.txt")

    def test_documents_of_all_uploads_are_found_though_one_is_empty(self):
        project = self.new_project({"documents/a.txt": "one"})
        self.upload(project, "empty.zip", b"")
        self.upload(project, "more.zip", zip_of({"documents/b.txt": "two"}))
        with self.connector._documents(project) as documents:
            self.assertEqual(documents.content("documents/a.txt"), b"one")
            self.assertEqual(documents.content("documents/b.txt"), b"two")

    def test_nobody_names_a_path_of_the_server_but_the_command_line(self):
        project = self.new_project({"companies.csv": COMPANIES})
        manager = new_test_user(self.env, "max", "crm_migration.group_manager")
        files = self.env["migration.file"].with_user(manager)
        with self.assertRaises(AccessError):
            files.create({"project_id": project.id, "name": "x", "path": "/etc/passwd"})
        with self.assertRaises(AccessError):
            project.file_ids.with_user(manager).path = "/etc/passwd"
