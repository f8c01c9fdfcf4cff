"""A chunk costs so many queries, however many records are in it."""

from ..common import MigrationCase, csv_text


class TestQueries(MigrationCase):
    """More than 100 rows are inserted in several statements by Odoo itself."""

    def measure(self, count):
        """Queries of loading ``count`` records of each kind, by object."""
        numbers = range(count)
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    ("company_id", "name", "city", "country", "created_at"),
                    *(
                        (f"C{n}", f"Company {n}", "Kiel", "Germany", "2023-01-01")
                        for n in numbers
                    ),
                ),
                "deals.csv": csv_text(
                    ("deal_id", "name", "company_id", "status", "probability")
                    + ("created_at", "contact_email"),
                    *(
                        (f"D{n}", f"Deal {n}", f"C{n}", "open", n % 90)
                        + ("2023-01-01", f"deal{n}@example.com")
                        for n in numbers
                    ),
                ),
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id", "created_at"),
                    *(
                        (f"N{n}", f"Note {n}", "deal", f"D{n}", "2023-01-01")
                        for n in numbers
                    ),
                ),
                "activities.csv": csv_text(
                    ("activity_id", "type", "subject", "status", "done_at")
                    + ("related_type", "related_id"),
                    *(
                        (f"A{n}", "call", f"Call {n}", "done", "2023-01-02")
                        + ("deal", f"D{n}")
                        for n in numbers
                    ),
                ),
            }
        )
        self.read_files(project)
        project.action_confirm()
        self.run_step(project, "prepare")
        # Other objects of the project have no records: they cost the same each time.
        queries = {}
        for name in ("company", "deal", "note", "activity"):
            for mapping in project.mapping_ids:
                mapping.active = mapping.name == name
            project._approve(self.env.user)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_step(project, "load")
            queries[name] = self.env.cr.sql_log_count - before
            loaded = project.mapping_ids.filtered(lambda one, n=name: one.name == n)
            self.assertEqual(loaded.loaded_count, count, name)
            project.with_context(active_test=False).mapping_ids.active = True
        return queries

    def test_the_number_of_queries_does_not_grow_with_the_records(self):
        self.measure(3)
        half, whole = self.measure(50), self.measure(100)
        pinned = {"company": 62, "deal": 65, "note": 58, "activity": 82}
        for name, queries in whole.items():
            self.assertLessEqual(abs(queries - half[name]), 1, (half, whole))
            self.assertLessEqual(queries, pinned[name], whole)

    def audited(self, count):
        """Queries of looking at ``count`` staged companies, their staging left out."""
        header = ("company_id", "name", "email", "created_at", "employee_count")
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    header,
                    *(
                        (n, f"Name {n}", f"a{n}@example.com", "2023-01-01", n)
                        for n in range(count)
                    ),
                )
            }
        )
        self.read_files(project)
        run = self.env["migration.run"]._start(project, "audit")
        self.env["migration.auditor"]._forget_findings(project)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        for mapping in project.mapping_ids:
            self.env["migration.refiner"]._refine(run, mapping)
        self.env["migration.examiner"]._examine(run)
        return self.env.cr.sql_log_count - before

    def test_G01_the_number_of_queries_of_an_audit_is_that_of_its_columns(self):
        self.audited(3)
        few, many = self.audited(31), self.audited(131)
        self.assertLessEqual(abs(many - few), 2, (few, many))
