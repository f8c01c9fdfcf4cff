"""A delta: what changed in the source since, merged with what changed in Odoo."""

from ..common import MigrationCase, csv_text

COMPANIES = (
    ("company_id", "name", "email", "phone", "city"),
    ("C1", "Acme", "acme@example.com", "+49 30 111", "Bonn"),
    ("C2", "Other", "other@example.com", "", "Oslo"),
)
DEALS = (
    ("deal_id", "name", "company_id", "amount", "tags"),
    ("D1", "Roof", "C1", "100", "Hot|New"),
    ("D2", "Wall", "C2", "200", ""),
)


def changed(rows, source_id, values):
    """``rows`` with values of one of them replaced."""
    header = rows[0]
    return tuple(
        tuple(values.get(name, cell) for name, cell in zip(header, row, strict=True))
        if row[0] == source_id
        else row
        for row in rows
    )


class DeltaCase(MigrationCase):
    """Exports that are loaded, changed, read again and loaded again."""

    def start(self, companies=COMPANIES, deals=DEALS, **more):
        """Load an export; gives the project."""
        self.export = {"companies": companies, "deals": deals, **more}
        self.folder_of_export = self.write_files(self.written())
        project = self.new_project(path=self.folder_of_export)
        self.read_files(project)
        self.load(project)
        self.later()
        return project

    def written(self):
        return {f"{name}.csv": csv_text(*rows) for name, rows in self.export.items()}

    def change(self, table, source_id, /, **values):
        """Change one row of the export."""
        self.export[table] = changed(self.export[table], source_id, values)

    def read_again(self, project):
        """Write the export as it is now, and read it."""
        for name, text in self.written().items():
            (self.folder_of_export / name).write_text(text)
        project.file_ids.sudo().read_date = False
        return self.read_files(project)

    def delta(self, project, **options):
        """Read and load what has changed; gives the run that loaded."""
        self.read_again(project)
        self.later()
        run = self.run_step(project, "delta", **options)
        self.later()
        return run

    def conflicts(self, project):
        return project._open_conflicts()


class TestDelta(DeltaCase):
    def test_what_only_the_source_changed_is_written(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        self.change("companies", "C1", city="Köln", phone="+49 30 222")
        run = self.delta(project)
        self.assertEqual((company.city, company.phone), ("Köln", "+49 30 222"))
        counts = run._counts()["company"]
        self.assertEqual(
            [counts[one] for one in ("read", "updated", "conflicts")], [1, 1, 0]
        )
        record = self.staged(project, "company", "C1")
        self.assertEqual(record.payload["city"], "Köln")
        self.assertFalse(record.next_hash or record.next_payload)

    def test_what_only_odoo_changed_stays(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        company.city = "Hamburg"
        self.later()
        self.change("companies", "C1", phone="+49 30 222")
        self.delta(project)
        self.assertEqual((company.city, company.phone), ("Hamburg", "+49 30 222"))
        self.assertFalse(self.conflicts(project))

    def test_what_both_changed_is_a_conflict_and_stays_until_it_is_decided(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        company.city = "Hamburg"
        self.later()
        self.change("companies", "C1", city="Köln")
        run = self.delta(project)
        self.assertEqual(company.city, "Hamburg")
        conflict = self.conflicts(project)
        self.assertEqual(
            (conflict.base_value, conflict.odoo_value, conflict.source_value),
            ("Bonn", "Hamburg", "Köln"),
        )
        self.assertEqual(conflict.field_name, "city")
        self.assertEqual(run._counts()["company"]["conflicts"], 1)
        self.assertEqual(run._counts()["company"]["skipped"], 1)
        conflict.action_take_source()
        self.delta(project)
        self.assertEqual(company.city, "Köln")
        self.assertEqual(conflict.state, "settled")

    def test_what_both_changed_alike_is_nothing_to_decide(self):
        project = self.start()
        self.target(project, "company", "C1").city = "Köln"
        self.later()
        self.change("companies", "C1", city="Köln")
        self.delta(project)
        self.assertFalse(self.conflicts(project))

    def test_an_emptied_value_erases_nothing_unasked(self):
        project = self.start()
        company = self.target(project, "company", "C1")
        self.change("companies", "C1", city="")
        self.delta(project, prefer="source")
        self.assertEqual(company.city, "Bonn")
        conflict = self.conflicts(project)
        self.assertEqual((conflict.kind, conflict.source_value), ("emptied", ""))
        conflict.action_take_source()
        self.delta(project)
        self.assertFalse(company.city)
