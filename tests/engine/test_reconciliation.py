"""The checks of a verification: all is well, and each defect is found and named."""

from odoo.tools import SQL

from ..common import MigrationCase, csv_text

FILES = {
    "companies.csv": csv_text(
        ("company_id", "name", "employee_count", "created_at"),
        ("C1", "Alpha", "5", "2023-01-05"),
        ("C2", "Beta", "7", "2023-02-05"),
    ),
    "deals.csv": csv_text(
        ("deal_id", "name", "company_id", "amount", "status", "created_at")
        + ("owner_email",),
        *(
            (f"D{number}", f"Deal {number}", f"C{1 + number % 2}", 100 + number)
            + ("open", f"2023-0{1 + number % 3}-01", "anna@example.com")
            for number in range(6)
        ),
    ),
    "notes.csv": csv_text(
        ("note_id", "body", "related_type", "related_id", "created_at"),
        ("N1", "One", "deal", "D1", "2023-01-01"),
        ("N2", "Two", "deal", "D2", "2023-01-01"),
    ),
}


class ReconciliationCase(MigrationCase):
    @classmethod
    def verify(cls, project, **options):
        """The checks of a verification of ``project``."""
        return cls.run_step(
            project, "verify", **project._verify_options(**options)
        ).check_ids

    def told(self, checks, *kinds):
        """``[(object, kind, subject, verdict)]`` of all that is not fine."""
        return [
            (one.mapping_id.name, one.kind, one.subject, one.verdict[2:])
            for one in checks
            if one.verdict != "3_ok" and (not kinds or one.kind in kinds)
        ]

    def behind(self, record, **values):
        """Change columns of ``record`` so that nobody sees who did it."""
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    value,
                    record.id,
                )
            )
        self.env.invalidate_all()


class TestReconciliation(ReconciliationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.migrate(FILES)

    def deal(self, source_id="D1"):
        return self.target(self.project, "deal", source_id)

    def test_G12_all_is_well_after_a_load(self):
        checks = self.verify(self.project)
        self.assertEqual(self.told(checks), [])
        kinds = set(checks.mapped("kind"))
        self.assertLessEqual(
            {"count", "failed", "gone", "twice", "stranger", "required", "sum"}
            | {"link", "value"},
            kinds,
        )
        self.assertEqual(self.project.verify_verdict, "ok")
        self.assertIn("All", self.project.verify_run_id.message)
