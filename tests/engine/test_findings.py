"""What is found in the staged data: how often, where, and what to do about it."""

from ..common import MigrationCase, csv_text

CONTACTS = ("contact_id", "first_name", "last_name", "email", "phone", "company_id")


class TestFindings(MigrationCase):
    def read_export(self, files, **values):
        project = self.new_project(files, **values)
        self.read_files(project)
        return project

    def finding(self, project, code, name=None):
        return project.finding_ids.filtered(
            lambda one: one.code == code and (not name or one.mapping_id.name == name)
        )

    def test_G01_people_who_are_in_the_export_twice(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Acme")),
                "contacts.csv": csv_text(
                    CONTACTS,
                    ("1", "Ann", "Lee", "Ann@Example.com ", "+49 30 1234567", "C1"),
                    ("2", "Bo", "Ek", "ann@example.com", "", ""),
                    ("3", "Cy", "Om", "cy@example.com", "0049 (30) 123-4567", ""),
                    ("4", "ann", "LEE", "", "12", "C1"),
                    ("5", "Ann", "Lee", "", "12", ""),
                ),
            }
        )
        email = self.finding(project, "duplicate_email")
        self.assertEqual((email.count, email.severity), (1, "2_warning"))
        self.assertIn("contacts.csv, row 2, 1, email = Ann@Example.com", email.samples)
        self.assertIn("contacts.csv, row 3, 2", email.samples)
        self.assertEqual(self.finding(project, "duplicate_phone").count, 1)
        name = self.finding(project, "duplicate_name")
        self.assertEqual((name.count, name.mapping_id.name), (1, "contact"))
        self.assertTrue(name.remedy)

    def test_G01_companies_of_one_name_or_domain(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "website"),
                    ("1", "Acme", "https://www.acme.example.com/about"),
                    ("2", "ACME ", "other.example.com"),
                    ("3", "Apex", "ACME.example.com"),
                    ("4", "Last", ""),
                    ("5", "Rest", ""),
                )
            }
        )
        self.assertEqual(self.finding(project, "duplicate_name").count, 1)
        self.assertEqual(self.finding(project, "duplicate_domain").count, 1)

    def test_G01_addresses_that_are_none(self):
        project = self.read_export(
            {
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "email"),
                    ("1", "A", "A", "good@example.com"),
                    ("2", "B", "B", "Bo Ek <bo@example.com>; b@example.org"),
                    ("3", "C", "C", "no address"),
                    ("4", "D", "D", "d@localhost"),
                    ("5", "E", "E", ""),
                )
            }
        )
        finding = self.finding(project, "email_invalid")
        self.assertEqual(finding.count, 2)
        self.assertIn("contacts.csv, row 4, 3, email = no address", finding.samples)
        self.assertNotIn("bo@example.com", finding.samples)

    def test_G01_references_by_name_that_miss_or_hit_several(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "parent_company_id"),
                    ("1", "Acme", ""),
                    ("2", "Acme", ""),
                    ("3", "Bolt", "acme"),
                    ("4", "Cord", "bolt"),
                    ("5", "Dart", "nobody"),
                )
            }
        )
        line = self.line(project, "company", "parent_id")
        self.assertEqual((line.reference_by, line.reference_key), ("name", "name"))
        orphan = self.finding(project, "orphan")
        self.assertEqual(orphan.count, 1)
        self.assertIn("parent_company_id = nobody", orphan.samples)
        several = self.finding(project, "reference_ambiguous")
        self.assertEqual(several.count, 1)
        self.assertIn("row 4, 3, parent_company_id = acme", several.samples)

    def test_G01_references_whose_kind_another_column_tells(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(("company_id", "name"), ("1", "Acme")),
                "contacts.csv": csv_text(("contact_id", "full_name"), ("2", "Bo")),
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id"),
                    ("1", "good", "Company", "1"),
                    ("2", "good", "contact", "2"),
                    ("3", "lost", "company", "2"),
                ),
            }
        )
        orphan = self.finding(project, "orphan")
        self.assertEqual((orphan.count, orphan.mapping_id.name), (1, "note"))
        self.assertIn("notes.csv, row 4, 3, related_id = 2", orphan.samples)

    def test_G01_what_one_of_several_lines_finds_is_no_orphan(self):
        project = self.read_export(
            {
                "cases.csv": csv_text(("case_id", "title"), ("1", "Leak")),
                "foia_requests.csv": csv_text(("request_id", "title"), ("2", "Books")),
                "tasks.csv": csv_text(
                    ("task_id", "related_type", "related_id", "title"),
                    ("7", "CASE_FILE", "1", "Of a case"),
                    ("8", "CASE_FILE", "2", "Of a request, which is a case as well"),
                    ("9", "CASE_FILE", "3", "Of nothing"),
                ),
            },
            source="arkcase",
        )
        orphan = self.finding(project, "orphan")
        self.assertEqual((orphan.count, orphan.mapping_id.name), (1, "task"))
        self.assertIn("tasks.csv, row 4, 9, related_id = 3", orphan.samples)

    def test_G01_dates_that_are_impossible_old_or_far(self):
        project = self.read_export(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "close_date"),
                    ("1", "A", "31.12.2023"),
                    ("2", "B", "31.02.2024"),
                    ("3", "C", "01.01.1899"),
                    ("4", "D", "01.01.2204"),
                    ("5", "E", ""),
                )
            }
        )
        for code, row, value in (
            ("date_impossible", 3, "31.02.2024"),
            ("date_early", 4, "01.01.1899"),
            ("date_late", 5, "01.01.2204"),
        ):
            finding = self.finding(project, code)
            self.assertEqual(finding.count, 1, code)
            self.assertIn(f"deals.csv, row {row}", finding.samples)
            self.assertIn(value, finding.samples)
        self.assertEqual(self.finding(project, "date_impossible").severity, "1_error")

    def test_G01_dates_that_can_be_read_in_two_ways_are_counted(self):
        project = self.read_export(
            {
                "deals.csv": csv_text(
                    ("deal_id", "name", "close_date"),
                    ("1", "A", "01/02/2024"),
                    ("2", "B", "03/03/2024"),
                    ("3", "C", "04/05/2024"),
                )
            }
        )
        finding = self.finding(project, "date_ambiguous")
        self.assertEqual(finding.count, 2, "the third of March is one in both")
        self.assertIn("row 2, 1, close_date = 01/02/2024", finding.samples)

    def test_G01_columns_that_are_empty_constant_mixed_or_cut(self):
        rows = [(str(n), f"Deal {n}", "EUR", "", str(n), "note") for n in range(30)]
        rows[7] = ("7", "Deal 7", "EUR", "", "a dozen", "x" * 255)
        rows[8] = ("8", "Deal 8", "EUR", "", "8", "y" * 255)
        header = ("deal_id", "name", "flavour", "nothing", "pieces", "remarks")
        project = self.read_export({"deals.csv": csv_text(header, *rows)})
        for code, column, count in (
            ("column_constant", "flavour", 30),
            ("column_empty", "nothing", 30),
            ("column_mixed", "pieces", 1),
            ("column_cut", "remarks", 2),
        ):
            finding = self.finding(project, code)
            self.assertEqual(finding.count, count, code)
            self.assertIn(column, finding.name)
        mixed = self.finding(project, "column_mixed")
        self.assertIn("deals.csv, row 9, 7, pieces = a dozen", mixed.samples)

    def test_G01_an_export_that_ends_at_a_round_number_is_suspect(self):
        rows = [(str(n), f"Company {n}") for n in range(100)]
        header = ("company_id", "name")
        project = self.read_export({"companies.csv": csv_text(header, *rows)})
        finding = self.finding(project, "export_capped")
        self.assertIn("companies.csv has exactly 100 rows", finding.name)
        project = self.read_export({"companies.csv": csv_text(header, *rows[:99])})
        self.assertFalse(self.finding(project, "export_capped"))

    def test_G01_files_over_the_limit_are_listed(self):
        project = self.read_export(
            {
                "companies.csv": csv_text(("company_id", "name"), ("1", "A")),
                "files.csv": csv_text(
                    ("file_id", "company_id", "file_name", "path"),
                    ("1", "1", "a.txt", "documents/a.txt"),
                    ("2", "1", "b.txt", "documents/b.txt"),
                ),
                "documents/a.txt": "small",
                "documents/b.txt": b"x" * (1024 * 1024 + 1),
            },
            file_limit=1,
        )
        finding = self.finding(project, "document_large")
        self.assertEqual((finding.count, finding.samples), (1, "documents/b.txt"))
        self.assertIn("1 MB", finding.name)

    def test_G01_records_without_an_owner(self):
        files = {
            "companies.csv": csv_text(
                ("company_id", "name", "owner_email"),
                ("1", "A", "anna@example.com"),
                ("2", "B", ""),
            )
        }
        project = self.read_export(files)
        finding = self.finding(project, "owner_missing", "company")
        self.assertEqual((finding.count, finding.severity), (1, "3_info"))
        self.assertIn(self.admin.name, finding.remedy)
        project = self.read_export(files, fallback_user_id=False)
        finding = self.finding(project, "owner_missing", "company")
        self.assertEqual(finding.severity, "2_warning")
        self.assertIn("companies.csv, row 3, 2", finding.samples)

    def test_G01_words_for_nothing_are_counted_and_left_out(self):
        header = ("company_id", "name", "city")
        rows = (("1", "A", "Kiel"), ("2", "B", "N/A"), ("3", "C", "-"))
        project = self.read_export({"companies.csv": csv_text(header, *rows)})
        self.assertEqual(self.finding(project, "empty_words").count, 2)
        city = self.line(project, "company", "city")
        self.assertEqual(round(city.fill_rate, 2), 0.33)
        project.empty_words = "n/a"
        self.read_files(project)
        self.assertFalse(self.finding(project, "empty_words"))
        self.assertEqual(round(city.fill_rate, 2), 0.67)

    def test_examining_goes_on_where_it_was_paused(self):
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "email"),
                    ("1", "A", "nothing"),
                    ("2", "A", "nothing"),
                )
            }
        )
        self.read_files(project)
        once = sorted(project.finding_ids.mapped("code"))
        self.assertIn("duplicate_name", once)
        run = self.env["migration.run"]._start(project, "audit")
        self.env["migration.auditor"]._forget_findings(project)
        long_ago, pauses = 1, 0
        for mapping in project.mapping_ids:
            while not self.env["migration.refiner"]._refine(run, mapping, long_ago):
                pauses += 1
        while not self.env["migration.examiner"]._examine(run, long_ago):
            pauses += 1
        self.assertGreater(pauses, 10)
        self.assertEqual(sorted(project.finding_ids.mapped("code")), once)
