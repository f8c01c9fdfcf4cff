"""What reading the files finds, besides broken rows."""

from ..common import MigrationCase, csv_text

USERS = csv_text(
    ("user_id", "email", "full_name", "active"),
    ("U1", "anna@example.com", "Anna Berg", "true"),
    ("U2", "gone@example.com", "Peter Gone", "false"),
)


class TestAuditor(MigrationCase):
    def read_export(self, files, **values):
        project = self.new_project(files, **values)
        self.read_files(project)
        return project

    def finding(self, project, code):
        return project.finding_ids.filtered(lambda one: one.code == code)

    def owner(self, project, key):
        return project.owner_ids.filtered(lambda one: one.key == key)

    def test_owners_are_listed_once_with_the_records_that_name_them(self):
        project = self.read_export(
            {
                "users.csv": USERS,
                "companies.csv": csv_text(
                    ("company_id", "name", "owner_id"),
                    ("1", "A", "U1"),
                    ("2", "B", "ANNA@example.com"),
                    ("3", "C", "Anna  Berg"),
                    ("4", "D", "stranger@example.com"),
                    ("5", "E", ""),
                ),
                "deals.csv": csv_text(("deal_id", "name", "owner"), ("1", "A", "U1")),
            }
        )
        self.assertEqual(
            sorted(project.owner_ids.mapped("key")),
            ["U1", "U2", "stranger@example.com"],
        )
        anna = self.owner(project, "U1")
        self.assertEqual((anna.record_count, anna.user_id), (4, self.anna))
        self.assertFalse(self.owner(project, "U2").active_in_source)
        self.assertEqual(self.owner(project, "U2").record_count, 0)
        stranger = self.owner(project, "stranger@example.com")
        self.assertEqual(stranger.email, "stranger@example.com")
        finding = self.finding(project, "owner_unmatched")
        self.assertEqual(finding.count, 1)
        self.assertEqual(finding.samples, "stranger@example.com (1)")
        self.assertIn("fallback", finding.remedy)

    def test_a_choice_of_user_outlives_another_reading(self):
        project = self.read_export({"users.csv": USERS})
        gone = self.owner(project, "U2")
        gone.user_id = self.admin
        users = USERS.replace("Peter Gone", "Peter Gonne")
        project._add_path(str(self.write_files({"users.csv": users})))
        self.read_files(project)
        self.assertEqual(len(project.owner_ids), 2)
        self.assertEqual(gone.user_id, self.admin)

    def test_documents_that_are_missing_or_unlisted_are_found(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(("company_id", "name"), ("1", "A")),
                "files.csv": csv_text(
                    ("file_id", "company_id", "file_name", "path"),
                    ("1", "1", "a.txt", "documents/a.txt"),
                    ("2", "1", "b.txt", "documents/b.txt"),
                ),
                "documents/a.txt": "hello",
                "documents/c.txt": "nobody's",
            }
        )
        missing = self.finding(project, "document_missing")
        self.assertEqual((missing.count, missing.samples), (1, "documents/b.txt"))
        unlisted = self.finding(project, "document_unlisted")
        self.assertEqual((unlisted.count, unlisted.samples), (1, "documents/c.txt"))

    def test_a_table_nobody_knows_is_listed_with_its_columns(self):
        project = self.read_export(
            {"stuff.csv": csv_text(("key", "shade"), ("1", "A"))}
        )
        finding = self.finding(project, "table_unrecognised")
        self.assertIn("stuff.csv", finding.name)
        self.assertEqual(finding.samples, "key, shade")
        project.table_ids.ignored = True
        self.read_files(project)
        self.assertFalse(self.finding(project, "table_unrecognised"))

    def test_findings_are_those_of_the_last_reading(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "parent_company_id"), ("1", "A", "2")
                )
            }
        )
        self.assertEqual(self.finding(project, "orphan").count, 1)
        self.read_files(project)
        self.assertEqual(len(self.finding(project, "orphan")), 1)
        more = csv_text(("company_id", "name", "parent_company_id"), ("2", "B", ""))
        project._add_path(str(self.write_files({"companies.csv": more})))
        self.read_files(project)
        self.assertFalse(self.finding(project, "orphan"))

    def test_reading_makes_the_project_ready_to_be_mapped(self):
        project = self.new_project(
            {"companies.csv": csv_text(("company_id", "name"), ("1", "A"))}
        )
        self.assertEqual(project.state, "draft")
        self.read_files(project)
        self.assertEqual(project.state, "staged")
        self.load(project)
        self.read_files(project)
        self.assertEqual(project.state, "loaded")

    def test_nothing_is_made_in_odoo_by_reading(self):
        before = self.snapshot()
        self.read_export(
            {
                "users.csv": USERS,
                "companies.csv": csv_text(("company_id", "name"), ("1", "A")),
            }
        )
        self.assertSameDatabase(before, self.snapshot())
