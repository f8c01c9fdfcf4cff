"""What the tests of bad input share: assertions on files and on records."""

from .common import MigrationCase, csv_text

COMPANIES = csv_text(
    ("company_id", "name", "employee_count"),
    ("CO-1", "Ahlgren", "12"),
    ("CO-2", "Brandt", "7"),
)
CONTACT_HEADER = ("contact_id", "first_name", "last_name", "email", "company_id")
CONTACTS = csv_text(
    CONTACT_HEADER,
    ("CN-1", "Ida", "Ek", "ida@example.com", "CO-1"),
    ("CN-2", "Ole", "Bo", "ole@example.com", ""),
)


class BadInputCase(MigrationCase):
    """Assertions on what is said about a file, and about a record."""

    def assertFinding(self, project, code, file, remedy):
        """A finding ``code`` names ``file`` and says what to do; gives it."""
        findings = project.finding_ids.filtered(lambda one: one.code == code)
        self.assertEqual(len(findings), 1, project.finding_ids.mapped("code"))
        self.assertIn(file, f"{findings.name} {findings.samples}")
        self.assertIn(remedy, findings.remedy)
        return findings

    def assertFailed(self, project, key, code, place, cell, remedy):
        """The record ``key`` (object, id) failed, and says all there is to say.

        :param place: file and row
        :param cell: column and value, None where the whole row is meant
        """
        record = self.staged(project, *key)
        self.assertEqual((record.state, record.error_code), ("failed", code))
        self.assertEqual((record.table_id.name, record.row), place)
        field, value = cell
        self.assertEqual(record.error_field or None, field)
        self.assertEqual(record.error_value or None, value)
        self.assertIn(remedy, record.error)
        self.assertIn(field or "", record.error)
        self.assertFalse(record.res_id)
        external = record.mapping_id._external_id(record.source_id)
        found = self.env[record.mapping_id.res_model].with_context(active_test=False)
        self.assertFalse(found.search([("x_source_id", "=", external)]))
        return record

    def assertSetAside(self, project, *args):
        """Like :meth:`assertFailed`, at reading: there is a finding of its place."""
        record = self.assertFailed(project, *args)
        findings = project.finding_ids.filtered(
            lambda one: (
                one.code == record.error_code and one.mapping_id == record.mapping_id
            )
        )
        self.assertEqual(findings.severity, "1_error")
        self.assertIn(record._whereabouts(), findings.samples.split("\n"))
        file, row = record.table_id.name, record.row
        self.assertIn(f"{file}, row {row}, {record.source_id}", findings.samples)
        self.assertFalse(self.logged(record))

    def assertRefused(self, project, *args):
        """Like :meth:`assertFailed`, at loading: the log has it as well."""
        record = self.assertFailed(project, *args)
        logged = self.logged(record)
        self.assertEqual(logged.mapped("operation"), ["fail"])
        self.assertEqual(logged.message, record.error)

    def logged(self, record):
        """Entries of the audit log about a staged record."""
        return self.env["migration.log"].search(
            [
                ("mapping_id", "=", record.mapping_id.id),
                ("source_id", "=", record.source_id),
            ]
        )

    def assertLanded(self, project, *keys):
        """The records ``keys`` (object, id) are in Odoo, each once."""
        for name, source_id in keys:
            record = self.target(project, name, source_id)
            external = f"{project.key}/{name}/{source_id}"
            found = record.with_context(active_test=False)
            found = found.search([("x_source_id", "=", external)])
            self.assertEqual(found, record)

    @staticmethod
    def codes(project):
        """Codes of the findings about files."""
        return project.finding_ids.filtered("file_id").mapped("code")
