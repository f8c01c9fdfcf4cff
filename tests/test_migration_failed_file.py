"""Failed records are downloaded with their reason, corrected, and loaded alone."""

import base64
import csv
import io
import json
import re
import zipfile

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common import MigrationCase, csv_text

HEADER = ("company_id", "name", "employee_count")
COMPANIES = csv_text(
    HEADER,
    ("CO-1", "Ahlgren", "12"),
    ("CO-2", "Brandt; Söhne", "about 40"),
    ("CO-3", "Cole", "7"),
)
CONTACTS = csv_text(
    ("contact_id", "first_name", "last_name", "company_id"),
    ("CN-1", "Ida", "Ek", "CO-1"),
    ("CN-2", "Ole", "Bo", "CO-2"),
)


class FailedFileCase(MigrationCase):
    def download(self, record):
        """Name and content of what ``action_download_failed`` of ``record`` gives."""
        action = record.action_download_failed()
        self.assertEqual(action["type"], "ir.actions.act_url")
        number = re.match(r"/web/content/(\d+)\?download=true$", action["url"])
        attachment = self.env["ir.attachment"].browse(int(number[1]))
        self.assertEqual(attachment.res_model, "migration.project")
        return attachment.name, attachment.raw

    def failed_rows(self, record):
        """The rows of a CSV download, as dicts."""
        name, content = self.download(record)
        self.assertEqual(name.rsplit(".", 1)[1], "csv")
        self.assertEqual(content[:3], b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    def upload(self, project, name, rows):
        """Add a corrected file to the project, read it, and load what is new."""
        content = csv_text(list(rows[0]), *(list(row.values()) for row in rows))
        project._add_path(str(self.write_files({name: content}) / name))
        self.read_files(project)

    def staged_rows(self, project):
        """All staged records of the project, column by column."""
        self.env.flush_all()
        self.cr.execute(
            "SELECT to_jsonb(r) - 'read_run_id' FROM migration_record r"
            " WHERE project_id = %s ORDER BY id",
            [project.id],
        )
        return [row for (row,) in self.cr.fetchall()]

    def lines(self, project):
        """The lines of the mapping, as data."""
        return json.dumps(project._export_mapping(), sort_keys=True)

    def partners(self, project):
        """Contacts in Odoo that come from ``project``."""
        return self.env["res.partner"].search(
            [("x_source_id", "=like", f"{project.key}/%")]
        )


class TestFailedFile(FailedFileCase):
    """What the download holds."""

    def test_one_object_gives_its_own_columns_the_reason_and_the_place(self):
        project = self.migrate({"companies.csv": COMPANIES})
        name, _content = self.download(project)
        self.assertEqual(name, "failed_companies.csv")
        [row] = self.failed_rows(project)
        self.assertEqual(list(row), [*HEADER, "_error", "_file", "_row"])
        self.assertEqual(row["name"], "Brandt; Söhne")
        self.assertEqual(row["employee_count"], "about 40")
        self.assertEqual((row["_file"], row["_row"]), ("companies.csv", "3"))
        self.assertEqual(row["_error"], self.staged(project, "company", "CO-2").error)

    def test_several_objects_give_an_archive_of_a_file_each(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})
        name, content = self.download(project)
        self.assertEqual(name, f"failed_{project.key}.zip")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertEqual(
                sorted(archive.namelist()),
                ["failed_companies.csv", "failed_contacts.csv"],
            )
            self.assertIn("CN-2", archive.read("failed_contacts.csv").decode())

    def test_an_object_gives_only_its_own_records(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})
        mapping = project.mapping_ids.filtered(lambda one: one.name == "contact")
        rows = self.failed_rows(mapping)
        self.assertEqual([row["contact_id"] for row in rows], ["CN-2"])

    def test_nothing_to_download_is_said(self):
        project = self.migrate({"companies.csv": COMPANIES.replace("about ", "")})
        with self.assertRaisesRegex(UserError, "No record has failed"):
            project.action_download_failed()

    def test_a_second_download_replaces_the_first(self):
        project = self.migrate({"companies.csv": COMPANIES})
        project.action_download_failed()
        project.action_download_failed()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "migration.project"), ("res_id", "=", project.id)]
        )
        self.assertEqual(attachments.mapped("name"), ["failed_companies.csv"])

    def test_a_migration_user_can_download(self):
        project = self.migrate({"companies.csv": COMPANIES})
        user = new_test_user(self.env, "mia", "crm_migration.group_user")
        self.assertEqual(len(self.failed_rows(project.with_user(user))), 1)

    def test_nested_values_come_as_columns_of_their_own(self):
        companies = [
            {
                "company_id": "CO-1",
                "name": "Ahlgren",
                "employee_count": "dozens",
                "address": {"city": "Oslo", "floor": 3},
                "labels": ["a", "b"],
            }
        ]
        project = self.migrate({"companies.json": json.dumps(companies)})
        [row] = self.failed_rows(project)
        self.assertEqual(row["address.city"], "Oslo")
        self.assertEqual(row["address.floor"], "3")
        self.assertEqual(row["labels"], "a|b")
        self.assertNotIn("address", row)


class TestCorrectAndReload(FailedFileCase):
    """The file comes back."""

    def test_corrected_records_and_what_waited_for_them_are_loaded_alone(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})
        loaded = self.partners(project)
        self.assertEqual(len(loaded), 3)
        lines = self.lines(project)
        company = project.mapping_ids.filtered(lambda one: one.name == "company")
        [row] = self.failed_rows(company)
        self.upload(project, "failed_companies.csv", [{**row, "employee_count": "40"}])
        self.assertEqual(self.lines(project), lines)
        self.assertFalse(project.unconfirmed_count)
        audit = project.run_ids[0]._counts()["company"]
        self.assertEqual((audit["read"], audit["updated"]), (1, 1))

        run = self.run_step(project, "load")
        counts = {name: one["created"] for name, one in run._counts().items()}
        self.assertEqual((counts["company"], counts["contact"]), (1, 1))
        self.assertEqual(sum(one["read"] for one in run._counts().values()), 2)
        self.assertEqual(len(self.partners(project)), 5)
        self.assertEqual(self.partners(project) & loaded, loaded)
        self.assertEqual(len(self.staged_rows(project)), 5)
        self.assertFalse(project.failed_count)
        brandt = self.target(project, "company", "CO-2")
        self.assertEqual(brandt.x_employee_count, 40)
        self.assertEqual(self.target(project, "contact", "CN-2").parent_id, brandt)

    def test_a_correction_outlives_the_next_export_which_has_the_mistake_still(self):
        project = self.migrate({"companies.csv": COMPANIES})
        [row] = self.failed_rows(project)
        self.upload(project, "failed_companies.csv", [{**row, "employee_count": "40"}])
        self.run_step(project, "load")
        record = self.staged(project, "company", "CO-2")
        self.assertEqual(
            record.correction, {"employee_count": {"from": "about 40", "to": "40"}}
        )
        newer = COMPANIES.replace("Ahlgren", "Ahlgren AB")
        export = project.file_ids.filtered(
            lambda one: one.name != "failed_companies.csv"
        )
        path = self.write_files({"companies.csv": newer})
        export.write({"path": str(path), "read_date": False})
        self.read_files(project)
        self.assertEqual(project.change_count, 1, "the mistake is no change")
        self.run_step(project, "delta")
        self.assertFalse(project.failed_count)
        self.assertEqual(self.target(project, "company", "CO-2").x_employee_count, 40)

    def correct_archive(self, project):
        """Download the failed records, correct the company, and read them."""
        _name, content = self.download(project)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        files["failed_companies.csv"] = files["failed_companies.csv"].replace(
            b"about 40", b"41"
        )
        project._add_path(str(self.write_files(files)))
        self.read_files(project)

    def test_what_was_corrected_in_the_file_is_tried_again_with_all_others(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})
        self.correct_archive(project)
        self.run_step(project, "load", retry={})
        self.assertFalse(project.failed_count)

    def test_the_whole_archive_can_be_corrected_and_comes_back(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})
        self.correct_archive(project)
        self.run_step(project, "load")
        self.assertFalse(project.failed_count)
        self.assertEqual(self.target(project, "company", "CO-2").x_employee_count, 41)
        self.assertEqual(len(self.staged_rows(project)), 5)

    def test_a_file_that_was_not_corrected_changes_nothing(self):
        project = self.migrate({"companies.csv": COMPANIES})
        error = self.staged(project, "company", "CO-2").error
        self.upload(project, "again.csv", self.failed_rows(project))
        record = self.staged(project, "company", "CO-2")
        self.assertEqual((record.state, record.error), ("failed", error))
        self.assertEqual(project.run_ids[0]._counts()["company"]["skipped"], 1)

    def test_a_row_that_had_no_id_is_replaced_by_the_corrected_one(self):
        companies = COMPANIES.replace("CO-2", "").replace("about 40", "40")
        project = self.migrate({"companies.csv": companies})
        [row] = self.failed_rows(project)
        self.upload(project, "failed_companies.csv", [{**row, "company_id": "CO-2"}])
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "CO-2").x_employee_count, 40)
        self.assertEqual(len(self.staged_rows(project)), 3)
        self.assertFalse(project.failed_count)

    def test_a_duplicate_that_gets_its_own_id_is_loaded(self):
        companies = COMPANIES.replace("CO-2", "CO-1").replace("about 40", "40")
        project = self.migrate({"companies.csv": companies})
        [row] = self.failed_rows(project)
        self.upload(project, "failed_companies.csv", [{**row, "company_id": "CO-2"}])
        self.run_step(project, "load")
        self.assertEqual(self.target(project, "company", "CO-1").name, "Ahlgren")
        self.assertEqual(self.target(project, "company", "CO-2").name, "Brandt; Söhne")
        self.assertFalse(project.failed_count)

    def test_a_duplicate_that_keeps_its_id_stays_failed(self):
        companies = COMPANIES.replace("CO-2", "CO-1")
        project = self.migrate({"companies.csv": companies})
        [row] = self.failed_rows(project)
        self.upload(project, "failed_companies.csv", [{**row, "employee_count": "40"}])
        self.run_step(project, "load")
        record = self.staged(project, "company", "CO-1 #3")
        self.assertEqual((record.state, record.error_code), ("failed", "duplicate_id"))
        self.assertEqual(record.payload["employee_count"], "40")
        self.assertEqual(self.target(project, "company", "CO-1").name, "Ahlgren")
        self.assertEqual(len(self.staged_rows(project)), 3)

    def test_a_corrected_file_is_recognised_whatever_its_columns_and_name(self):
        header = ("key_a", "called", "zone", "shade", "employee_count")
        project = self.new_project(
            {"unheard-of.csv": csv_text(header, ("1", "Ahlgren", "a", "b", "many"))}
        )
        self.read_files(project)
        table = project.table_ids
        self.assertFalse(table.recognised)
        table.object_ids = project.source_id.object_ids.filtered(
            lambda one: one.name == "company"
        )
        self.read_files(project)
        self.line(project, "company", "x_key_a").write(
            {"kind": "identifier", "target": False}
        )
        self.line(project, "company", "x_called").write(
            {"kind": "direct", "target": "name"}
        )
        table.read_date = False
        self.read_files(project)
        self.load(project)
        [row] = self.failed_rows(project)
        self.upload(project, "mine.csv", [{**row, "employee_count": "9"}])
        corrected = project.table_ids.filtered(lambda one: one.name == "mine.csv")
        self.assertEqual(corrected.object_ids, table.object_ids)


class TestReadingAgain(FailedFileCase):
    """Reading the same again, or a newer version of it."""

    def test_reading_the_same_files_again_changes_nothing(self):
        project = self.migrate({"companies.csv": COMPANIES, "contacts.csv": CONTACTS})
        rows, lines = self.staged_rows(project), self.lines(project)
        self.read_files(project)
        self.assertEqual(self.staged_rows(project), rows)
        self.assertEqual(self.lines(project), lines)

    def test_uploading_the_same_content_again_changes_nothing(self):
        project = self.new_project({"companies.csv": COMPANIES})
        upload = self.env["migration.file"].create(
            {
                "project_id": project.id,
                "name": "contacts.csv",
                "content": base64.b64encode(CONTACTS.encode()),
            }
        )
        self.read_files(project)
        self.load(project)
        rows, lines = self.staged_rows(project), self.lines(project)
        tables = project.table_ids
        upload.content = base64.b64encode(CONTACTS.encode())
        self.assertFalse(upload.read_date)
        self.read_files(project)
        self.assertTrue(upload.read_date)
        self.assertEqual(project.table_ids, tables)
        self.assertEqual(self.staged_rows(project), rows)
        self.assertEqual(self.lines(project), lines)
        run = self.run_step(project, "load")
        self.assertEqual(sum(one["created"] for one in run._counts().values()), 0)

    def test_a_newer_file_updates_only_records_that_are_not_in_odoo(self):
        project = self.migrate({"companies.csv": COMPANIES})
        ahlgren = self.target(project, "company", "CO-1")
        newer = COMPANIES.replace("Ahlgren", "Ahlgren AB").replace("about 40", "40")
        newer += "CO-4,Dahl,3\n"
        project._add_path(str(self.write_files({"companies.csv": newer})))
        self.read_files(project)
        counts = project.run_ids[0]._counts()["company"]
        self.assertEqual(
            [counts[name] for name in ("read", "created", "updated", "skipped")],
            [4, 1, 1, 2],
        )
        run = self.run_step(project, "load")
        self.assertEqual(run._counts()["company"]["created"], 2)
        self.assertEqual(ahlgren.name, "Ahlgren")
        record = self.staged(project, "company", "CO-1")
        self.assertEqual(record.payload["name"], "Ahlgren")
        self.assertEqual(len(self.partners(project)), 4)

    def test_a_broken_row_that_is_repaired_in_the_file_is_forgotten(self):
        project = self.new_project({"companies.csv": COMPANIES})
        upload = self.env["migration.file"].create(
            {
                "project_id": project.id,
                "name": "contacts.csv",
                "content": base64.b64encode(CONTACTS.replace("CN-2", "").encode()),
            }
        )
        self.read_files(project)
        broken = self.staged(project, "contact", "contacts.csv:3")
        self.assertEqual(broken.error_code, "id_missing")
        upload.content = base64.b64encode(CONTACTS.encode())
        self.read_files(project)
        self.assertFalse(broken.exists())
        self.assertEqual(self.staged(project, "contact", "CN-2").state, "pending")

    def test_a_duplicate_stays_one_when_its_file_is_read_again(self):
        # More rows than are staged together lie between the two.
        rows = [(f"CO-{n}", f"Company {n}", "1") for n in range(1, 2100)]
        content = csv_text(HEADER, *rows, ("CO-1", "Another", "2"))
        project = self.new_project({})
        upload = self.env["migration.file"].create(
            {
                "project_id": project.id,
                "name": "companies.csv",
                "content": base64.b64encode(content.encode()),
            }
        )
        self.read_files(project)
        before = self.staged_rows(project)
        upload.content = base64.b64encode(content.encode())
        self.read_files(project)
        self.assertEqual(self.staged_rows(project), before)
        record = self.staged(project, "company", "CO-1")
        self.assertEqual(record.payload["name"], "Company 1")

    def test_rows_get_their_identifier_later_without_being_doubled(self):
        companies = csv_text(("name", "vat", "city"), ("Ahlgren", "1", "Oslo"))
        project = self.new_project({"companies.csv": companies})
        self.read_files(project)
        table = project.table_ids
        table.object_ids = project.source_id.object_ids.filtered(
            lambda one: one.name == "company"
        )
        self.read_files(project)
        self.line(project, "company", "x_vat").write({"kind": "identifier"})
        table.read_date = False
        self.read_files(project)
        self.assertEqual([row["source_id"] for row in self.staged_rows(project)], ["1"])
