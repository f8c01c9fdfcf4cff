"""Row G10: which upload is the newer one of which, and what is gone then."""

import base64
import io
import os
import zipfile

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user

from ..lib.corrections import ERROR, FILE, ROW
from .cli.common import CommandCase
from .common import DEMO, csv_text
from .engine.test_delta import COMPANIES, DEALS, DeltaCase


class TestUploads(DeltaCase):
    """Uploads of the names that the earlier ones had."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "uploader", "crm_migration.group_manager")

    def upload(self, project, name, rows):
        """A manager adds a file to the migration, as in the form."""
        content = base64.b64encode(csv_text(*rows).encode())
        line = {"name": name, "content": content}
        project.with_user(self.manager).file_ids = [(0, 0, line)]
        return project.file_ids.filtered(lambda one: one.name == name)

    def uploaded(self):
        """A loaded migration whose deals were uploaded."""
        project = self.new_project({"companies.csv": csv_text(*COMPANIES)})
        self.upload(project, "deals.csv", DEALS)
        self.read_files(project)
        self.load(project)
        return project

    def test_g10_a_newer_upload_of_the_same_name_takes_the_place_of_the_older(self):
        project = self.uploaded()
        older, newer = self.upload(project, "deals.csv", DEALS[:2])
        self.assertEqual(newer.replaces_id, older)
        self.assertFalse(newer.read_date)
        self.read_files(project)
        self.assertEqual(project._gone(), self.staged(project, "deal", "D2"))
        self.rollback(project)
        self.assertFalse(project._gone(), "what was taken back is not in Odoo")
        self.assertFalse(project.gone_count)

    def test_g10_a_newer_upload_of_another_name_replaces_what_was_deleted(self):
        project = self.uploaded()
        project.file_ids.filtered(lambda one: one.name == "deals.csv").unlink()
        self.upload(project, "deals_may.csv", DEALS[:2])
        self.read_files(project)
        self.assertEqual(project._gone(), self.staged(project, "deal", "D2"))

    def test_g10_an_upload_into_the_line_of_a_file_of_the_server_counts(self):
        project = self.uploaded()
        files = project.file_ids.with_user(self.manager)
        files = files.filtered(lambda one: one.name != "deals.csv")
        rows = csv_text(*COMPANIES).replace("Other", "Other One")
        files.write({"name": "c.csv", "content": base64.b64encode(rows.encode())})
        self.assertFalse(files.sudo().path)
        self.read_files(project)
        self.assertEqual(project.change_count, 1)

    def test_g10_a_second_file_of_corrected_rows_is_a_further_one(self):
        project = self.uploaded()
        rows = [(*DEALS[0], "_error", "_file", "_row"), (*DEALS[1], "", "", "")]
        for _time in range(2):
            files = self.upload(project, "failed_deals.csv", rows)
            self.read_files(project)
        self.assertEqual(len(files), 2)
        self.assertFalse(project.gone_count)

    def test_g10_of_two_uploads_of_a_name_at_once_the_second_is_the_newer(self):
        project = self.uploaded()
        content = base64.b64encode(csv_text(*DEALS).encode())
        line = {"name": "deals.csv", "content": content}
        project.with_user(self.manager).file_ids = [(0, 0, line), (0, 0, line)]
        first, second, third = project.file_ids.filtered(
            lambda one: one.name == "deals.csv"
        )
        self.assertEqual((second.replaces_id, third.replaces_id), (first, second))


class ExportsCase(DeltaCase):
    """Uploads whose names are not those of the earlier ones."""

    def upload(self, project, name, *rows, **values):
        """Add a file to the list, as the screen does."""
        content = base64.b64encode(csv_text(COMPANIES[0], *rows).encode())
        return self.env["migration.file"].create(
            {"project_id": project.id, "name": name, "content": content, **values}
        )

    def additions(self, project):
        return project.finding_ids.filtered(lambda one: one.code == "file_adds")


class TestNewerExports(ExportsCase):
    """They are said to replace an earlier one, or not."""

    def begin(self):
        self.export = {}
        project = self.new_project(
            {"deals.csv": csv_text(*DEALS)},
        )
        self.upload(project, "companies.csv", *COMPANIES[1:])
        self.read_files(project)
        self.load(project)
        self.later()
        return project

    def read_and_load(self, project):
        self.read_files(project)
        self.later()
        run = self.run_step(project, "delta")
        self.later()
        return run

    def test_g10_a_part_of_the_export_under_another_name_adds_and_nothing_is_gone(self):
        project = self.begin()
        acme = self.target(project, "company", "C1")
        self.upload(project, "changed.csv", ("C1", "Acme", "", "", "Köln"))
        self.read_and_load(project)
        self.assertEqual(acme.city, "Köln")
        self.assertEqual(project.gone_count, 0)
        finding = self.additions(project)
        self.assertEqual(finding.samples, "companies.csv")
        self.assertIn("replaces", finding.remedy)

    def test_g10_a_file_that_replaces_another_one_says_what_is_gone(self):
        project = self.begin()
        former = project.file_ids.filtered(lambda one: one.name == "companies.csv")
        row = ("C1", "Acme", "acme@example.com", "+49 30 111", "Köln")
        newer = self.upload(project, "firms_2.csv", row, replaces_id=former.id)
        self.read_and_load(project)
        self.assertEqual(self.target(project, "company", "C1").city, "Köln")
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])
        self.assertFalse(self.additions(project))
        self.assertFalse(former.table_ids)
        self.assertEqual(self.staged(project, "deal", "D1").source_gone, False)
        self.assertEqual(newer.table_ids.mapped("name"), ["firms_2.csv"])

    def test_g10_the_choice_can_be_made_after_the_file_was_read(self):
        project = self.begin()
        former = project.file_ids.filtered(lambda one: one.name == "companies.csv")
        newer = self.upload(project, "firms_2.csv", COMPANIES[1])
        self.read_and_load(project)
        self.assertEqual(project.gone_count, 0)
        newer.replaces_id = former
        self.read_and_load(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])

    def test_g10_a_file_of_the_same_name_replaces_the_earlier_one(self):
        project = self.begin()
        newer = self.upload(project, "companies.csv", COMPANIES[1])
        self.assertEqual(newer.replaces_id.name, "companies.csv")
        self.read_and_load(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])
        last = self.upload(project, "companies.csv", *COMPANIES[1:])
        self.assertEqual(last.replaces_id, newer)
        self.read_and_load(project)
        self.assertEqual(project.gone_count, 0)

    def test_g10_other_content_in_its_line_replaces_a_file_whatever_its_name(self):
        project = self.begin()
        former = project.file_ids.filtered(lambda one: one.name == "companies.csv")
        text = csv_text(COMPANIES[0], COMPANIES[1]).encode()
        former.write({"name": "firms_2.csv", "content": base64.b64encode(text)})
        self.read_and_load(project)
        self.assertEqual(project._gone().mapped("source_id"), ["C2"])

    def test_g10_a_table_that_a_newer_export_does_not_have_at_all_is_not_gone(self):
        project = self.start()
        newer = self.write_files({"companies.csv": csv_text(*COMPANIES)})
        project._add_path(str(newer)).replaces_id = project.file_ids[0]
        self.read_and_load(project)
        self.assertEqual(project.gone_count, 0)

    def test_g10_corrected_rows_are_never_the_whole_whatever_their_file_is_called(self):
        project = self.begin()
        head = (*COMPANIES[0], ERROR, FILE, ROW)

        def correct(*row):
            content = csv_text(head, (*row, "", "companies.csv", "9")).encode()
            file = self.upload(project, "failed_companies.csv")
            file.content = base64.b64encode(content)
            self.read_and_load(project)

        correct("C7", "Seventh", "", "", "Bonn")
        self.assertTrue(self.target(project, "company", "C7"))
        correct("C8", "Eighth", "", "", "Bonn")
        self.assertTrue(self.target(project, "company", "C8"))
        self.assertEqual(project.gone_count, 0)
        self.assertFalse(self.additions(project))

    def test_g10_a_file_replaces_only_an_earlier_one_of_its_migration(self):
        project = self.begin()
        first, last = project.file_ids.sorted("id")
        with self.assertRaisesRegex(ValidationError, "replaces an earlier one"):
            first.replaces_id = last


class TestRepeatedRows(ExportsCase):
    """Before anything is loaded it is seen that an upload has the rows of another."""

    def read_both(self, together, *rows):
        """An export and a newer one, read ``together`` or one after the other."""
        self.export = {}
        project = self.new_project({})
        older = self.upload(project, "export_11.csv", *COMPANIES[1:])
        if not together:
            self.read_files(project)
        newer = self.upload(project, "export_12.csv", *rows)
        self.read_files(project)
        return project, older, newer

    NEWER = (("C1", "Acme", "", "", "Köln"), ("C9", "New", "", "", ""))

    def test_g10_an_upload_with_ids_of_an_earlier_one_is_asked_about(self):
        for together in (True, False):
            with self.subTest(together=together):
                project, older, newer = self.read_both(together, *self.NEWER)
                self.assertEqual(project.question_file_id, newer)
                self.assertEqual(newer.repeats_id, older)
                text = "export_12.csv has 1 of the 2 rows of export_11.csv again"
                self.assertIn(text, project.question)
                finding = self.additions(project)
                self.assertIn(text, finding.name)
                self.assertEqual((finding.severity, finding.count), ("2_warning", 1))

    def test_g10_the_answer_that_it_is_newer_makes_it_count(self):
        for together in (True, False):
            with self.subTest(together=together):
                project, older, newer = self.read_both(together, *self.NEWER)
                user = self.uploader(f"uploader-{together}")
                project.with_user(user).action_replace_earlier()
                self.env["migration.worker"]._work(project.run_ids[:1])
                self.assertEqual(newer.replaces_id, older)
                self.assertFalse(project.question_file_id)
                self.assertFalse(self.additions(project))
                records = self.env["migration.record"].search(
                    [("project_id", "=", project.id), ("state", "!=", "skipped")]
                )
                records = records.filtered(lambda one: one.mapping_id.name == "company")
                self.assertEqual(set(records.mapped("source_id")), {"C1", "C9"})
                acme = self.staged(project, "company", "C1")
                self.assertEqual(acme.payload["city"], "Köln")

    def uploader(self, name):
        return new_test_user(self.env, name, "crm_migration.group_user")

    def test_g10_the_answer_that_it_adds_is_remembered(self):
        project, _older, newer = self.read_both(False, *self.NEWER)
        project.action_add_to_earlier()
        self.assertTrue(newer.adds)
        self.assertFalse(project.question_file_id)
        self.read_files(project)
        self.assertFalse(self.additions(project))

    def test_g10_an_upload_without_ids_of_earlier_ones_is_not_asked_about(self):
        project, *_files = self.read_both(False, ("C9", "New", "", "", ""))
        self.assertFalse(project.question_file_id)
        self.assertFalse(self.additions(project))


class TestNewerExportsCommand(CommandCase, DeltaCase):
    """The same on the command line."""

    def test_g10_a_newer_export_of_another_name_on_the_command_line(self):
        project = self.start()
        self.export["deals"] = self.export["deals"][:2]
        # Somebody has written the former export anew since.
        for path in self.folder_of_export.iterdir():
            os.utime(path, (2**32, 2**32))
        newer = self.write_files(self.written())
        # Both are read at once, however long ago the first one was.
        project.file_ids.read_date = False
        status, output = self.command("delta", project.key, "--files", newer)
        self.assertEqual(status, 1, "the same ids a second time: they are told")
        self.assertIn("company: nothing to do (2 failed in all)", output)
        self.assertNotIn("gone", output)
        project.file_ids[1:].unlink()
        newer = self.write_files(self.written())
        name = self.folder_of_export.name
        self.later()
        _status, output = self.command(
            "delta", project.key, "--files", newer, "--replaces", name
        )
        self.assertIn("1 records are gone", output)

    def test_g10_corrected_rows_of_a_name_replace_no_others_on_the_command_line(self):
        project = self.start()
        head = (*COMPANIES[0], ERROR, FILE, ROW)
        for key in ("C7", "C8"):
            row = (key, "Late", "", "", "Bonn", "", "companies.csv", "9")
            folder = self.write_files({"failed_companies.csv": csv_text(head, row)})
            path = folder / "failed_companies.csv"
            self.command("delta", project.key, "--files", path)
            self.later()
        self.assertEqual(len(project.file_ids), 3)
        self.assertTrue(self.target(project, "company", "C7"))
        self.assertFalse(project.gone_count)
        with self.assertRaisesRegex(UserError, "No file named failed_companies.csv"):
            self.command(
                *("delta", project.key, "--files", self.write_files(self.written())),
                *("--replaces", "failed_companies.csv"),
            )

    def test_g10_an_export_that_cannot_be_read_leaves_what_was_read_before(self):
        with zipfile.ZipFile(DEMO.with_name("leaf360.zip")) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        path = self.write_files({"export.zip": zipped(files)}) / "export.zip"
        whole = path.read_bytes()
        project = self.new_project(path=path, source="leaf360")
        self.read_files(project)
        self.load(project)
        self.later()
        counts = project._record_counts()
        tables = project.table_ids
        # Without their list, pipelines would be made of what the deals say of them.
        unlisted = {**files, "pipelines.csv": b"", "stages.csv": b""}
        for content, told in (
            (whole[:3000], "export.zip is damaged"),
            (zipped({}), "export.zip holds nothing"),
            (zipped(unlisted), "pipelines.csv is empty"),
        ):
            path.write_bytes(content)
            status, output = self.command("delta", project.key, "--files", path)
            with self.subTest(told=told):
                self.assertEqual(status, 1)
                self.assertIn(told, output)
                self.assertNotIn("created", output)
                self.assertEqual(project._record_counts(), counts)
                self.assertEqual(project.table_ids, tables)
        path.write_bytes(whole)
        status, output = self.command("delta", project.key, "--files", path)
        self.assertEqual(status, 0, output)
        self.assertFalse(project.gone_count)


def zipped(files):
    """A ZIP of ``{name: content}``, as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
