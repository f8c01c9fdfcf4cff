"""The checks of a verification: all is well, and each defect is found and named."""

from hashlib import sha1

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
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
    "files.csv": csv_text(
        ("file_id", "file_name", "path", "sha1", "related_type", "related_id"),
        ("F1", "a.txt", "documents/a.txt", "", "deal", "D1"),
        ("F2", "b.txt", "documents/b.txt", sha1(b"bytes").hexdigest(), "deal", "D2"),
    ),
    "documents/a.txt": b"letters",
    "documents/b.txt": b"bytes",
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

    def setUp(self):
        super().setUp()
        # A test may set the clock, the next one starts where the load has ended.
        self.addCleanup(setattr, self.cr, "_now", self.cr.now())

    def failing(self, *kinds):
        """What a verification says of what is not fine, of some kinds of checks."""
        return self.told(self.verify(self.project), *kinds)

    def only(self, told, *kinds):
        """That ``told`` has checks of just these kinds, and all of them failed."""
        self.assertEqual({kind for _object, kind, _subject, _verdict in told}, {*kinds})
        self.assertEqual({verdict for *_rest, verdict in told}, {"failed"})

    def deal(self, source_id="D1"):
        return self.target(self.project, "deal", source_id)

    def test_G12_all_is_well_after_a_load(self):
        checks = self.verify(self.project)
        self.assertEqual(self.told(checks), [])
        kinds = set(checks.mapped("kind"))
        self.assertLessEqual(
            {"count", "failed", "gone", "twice", "stranger", "required", "sum"}
            | {"link", "value", "file"},
            kinds,
        )
        self.assertEqual(self.project.verify_verdict, "ok")
        self.assertIn("All", self.project.verify_run_id.message)

    def test_G12_counts_of_an_object_say_what_became_of_its_records(self):
        check = self.verify(self.project).filtered(
            lambda one: one.kind == "count" and one.mapping_id.name == "deal"
        )
        self.assertEqual((check.expected, check.found, check.difference), (6, 6, 0))
        self.assertEqual(check.message, "6 created")

    def test_G12_sums_come_by_stage_owner_pipeline_and_month(self):
        checks = self.verify(self.project).filtered(
            lambda one: one.kind == "sum" and one.mapping_id.name == "deal"
        )
        found = {one.subject: (one.expected, one.found) for one in checks}
        self.assertEqual(found["Expected Revenue in all"], (615, 615))
        owner = "by Salesperson: Anna Berg"
        self.assertEqual(found[f"Expected Revenue {owner}"], (615, 615))
        self.assertEqual(found[f"Records {owner}"], (6, 6))
        month = "by month of Created on: February 2023"
        self.assertEqual(found[f"Records {month}"], (2, 2))
        self.assertEqual(found[f"Expected Revenue {month}"], (205, 205))
        told = {subject.partition(":")[0] for subject in found}
        self.assertLessEqual({"Records by Stage", "Records by Sales Team"}, told)

    def test_G12_an_amount_that_was_changed_behind_is_found(self):
        self.behind(self.deal(), expected_revenue=999)
        told = self.failing()
        self.only(told, "sum", "value")
        self.assertIn(
            ("deal", "sum", "Expected Revenue in all", "failed"),
            told,
        )
        self.assertIn(("deal", "value", "Value of Expected Revenue", "failed"), told)
        check = self.project.check_ids.filtered(
            lambda one: one.subject == "Expected Revenue in all" and one.difference
        )
        self.assertEqual((check.expected, check.found), (615, 1513))
        action = check.action_open_records()
        opened = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(opened, self.deal())

    def test_G12_a_stage_that_was_moved_is_found_in_both_stages(self):
        deal = self.deal()
        other = self.env["crm.stage"].search(
            [("id", "!=", deal.stage_id.id), ("is_won", "=", False)], limit=1
        )
        before = deal.stage_id.name
        self.behind(deal, stage_id=other.id)
        told = self.failing("sum")
        self.assertEqual(
            {subject for _object, _kind, subject, _verdict in told},
            {
                f"{what} by Stage: {name}"
                for what in ("Records", "Expected Revenue")
                for name in (before, other.name)
            },
        )

    def test_G12_a_record_deleted_in_odoo_is_found(self):
        deal = self.deal("D5")
        deal.unlink()
        told = self.failing()
        self.assertIn(
            ("deal", "gone", "Migrated records that are in Odoo", "failed"), told
        )
        self.assertNotIn("sum", {kind for _object, kind, *_rest in told})
        check = self.project.check_ids.filtered(
            lambda one: one.kind == "gone" and one.verdict == "1_failed"
        )
        self.assertEqual((check.expected, check.found), (6, 5))
        self.assertIn("D5", check.message)

    def test_G12_a_child_at_another_parent_is_found(self):
        note = self.target(self.project, "note", "N1")
        self.behind(note, res_id=self.deal("D4").id)
        told = self.failing()
        self.only(told, "link", "value")
        self.assertEqual({name for name, *_rest in told}, {"note"})
        check = self.project.check_ids.filtered(
            lambda one: one.kind == "link" and one.verdict == "1_failed"
        )
        self.assertIn("N1: at “Deal 4”, not “Deal 1”", check.message)

    def test_G12_a_deal_of_another_customer_is_found(self):
        self.behind(
            self.deal("D1"), partner_id=self.target(self.project, "company", "C1").id
        )
        told = self.failing("link")
        self.assertEqual(
            told, [("deal", "link", "Records at the right Contact", "failed")]
        )

    def test_G12_a_required_field_that_is_empty_is_found(self):
        self.behind(self.deal(), name="")
        told = self.failing()
        self.only(told, "required", "value")
        self.assertIn(
            ("deal", "required", "Required field filled: Opportunity", "failed"), told
        )

    def test_G12_other_bytes_of_a_file_are_found(self):
        for source_id, content in (("F1", b"lettres"), ("F2", b"bites!")):
            file = self.target(self.project, "file", source_id)
            file.raw = content
            told = self.failing("file")
            self.assertEqual(
                told,
                [("file", "file", "Files whose content is the source's", "failed")],
            )
            check = self.project.verify_run_id.check_ids.filtered(
                lambda one: one.kind == "file"
            )
            self.assertIn(source_id, check.message)
            self.assertIn(file.id, check.domain[0][2])

    def test_G12_a_record_that_is_there_twice_is_found(self):
        double = self.deal().copy()
        self.env["migration.log"]._append(
            [
                {
                    "project_id": self.project.id,
                    "run_id": self.project.run_ids[:1].id,
                    "mapping_id": self.staged(self.project, "deal", "D1").mapping_id.id,
                    "operation": "create",
                    "source_id": "D1",
                    "res_model": "crm.lead",
                    "res_id": double.id,
                }
            ]
        )
        told = self.failing()
        self.only(told, "twice")
        self.assertEqual(told[0][0], "deal")

    def test_G12_a_record_of_nobody_is_found(self):
        key = f"{self.project.key}/deal/D99"
        stranger = self.env["crm.lead"].create({"name": "New", "x_source_id": key})
        told = self.failing()
        self.only(told, "stranger")
        check = self.project.check_ids.filtered(
            lambda one: one.kind == "stranger" and one.verdict == "1_failed"
        )
        self.assertEqual((check.message, check.domain[0][2]), (key, stranger.ids))

    def test_G12_another_project_whose_key_begins_alike_is_no_stranger(self):
        self.env["crm.lead"].create(
            {"name": "New", "x_source_id": f"{self.project.key}-2/deal/D1"}
        )
        self.assertEqual(self.failing(), [])

    def test_G12_a_record_nobody_has_loaded_is_missing_in_the_counts(self):
        record = self.staged(self.project, "company", "C2")
        self.behind(record, state="pending", res_id=None, res_model=None)
        told = self.failing("count")
        self.assertEqual(
            told, [("company", "count", "Records accounted for", "failed")]
        )

    def test_G12_what_users_have_changed_since_is_a_warning(self):
        deal = self.deal()
        other = self.env["crm.stage"].search([("id", "!=", deal.stage_id.id)], limit=1)
        self.later()
        deal.write({"expected_revenue": 5, "stage_id": other.id, "name": "Better"})
        deal.partner_id = self.target(self.project, "company", "C1")
        told = self.failing()
        self.assertEqual({verdict for *_rest, verdict in told}, {"warning"})
        self.assertEqual(
            {kind for _object, kind, *_rest in told}, {"sum", "link", "value"}
        )
        self.assertEqual(self.project.verify_verdict, "warning")

    def test_G12_a_mistake_beside_a_change_by_users_fails(self):
        self.later()
        self.deal("D2").expected_revenue = 5
        self.behind(self.deal("D3"), expected_revenue=1)
        told = self.failing("sum")
        self.assertIn(("deal", "sum", "Expected Revenue in all", "failed"), told)

    def test_G12_the_allowed_difference_of_sums_is_the_projects(self):
        self.behind(self.deal(), expected_revenue=103)
        self.project.verify_amount_difference = 1.99
        self.only(self.failing("sum"), "sum")
        self.project.verify_amount_difference = 2
        self.assertEqual(self.failing("sum"), [])

    def test_G12_of_a_census_so_many_may_be_wrong_as_the_project_allows(self):
        self.behind(self.deal(), name="Other")
        self.project.verify_error_rate = 20
        self.project.verify_confidence = 100
        subject = "Records drawn at random whose values are right"
        told = self.failing("value")
        self.assertIn(("deal", "value", subject, "warning"), told)
        self.project.verify_error_rate = 10
        self.assertIn(("deal", "value", subject, "failed"), self.failing("value"))

    def test_G12_failures_are_measured_by_the_share_that_is_allowed(self):
        files = {**FILES, "deals.csv": FILES["deals.csv"].replace("105", "much")}
        project = self.migrate(files)
        subject = ("deal", "failed", "Failed and held records")
        self.assertEqual(
            self.told(self.verify(project), "failed"), [(*subject, "failed")]
        )
        project.verify_failed_share = 20
        self.assertEqual(
            self.told(self.verify(project), "failed", "count"), [(*subject, "warning")]
        )

    def test_G12_the_same_seed_draws_the_same_records(self):
        rows = [(f"C{number}", f"Company {number}") for number in range(300)]
        project = self.migrate(
            {"companies.csv": csv_text(("company_id", "name"), *rows)},
            verify_error_rate=10,
        )
        mapping = self.line(project, "company", "name").mapping_id
        spot = self.env["migration.verify.spot"]
        drawn = [set(spot._draw(mapping, seed, 20).ids) for seed in ("a", "a", "b")]
        self.assertEqual(drawn[0], drawn[1])
        self.assertNotEqual(drawn[0], drawn[2])
        checks = self.verify(project, seed="a")
        check = checks.filtered(lambda one: one.kind == "value")
        self.assertEqual((check.expected, check.found), (28, 28))
        self.assertIn("Drawn from 300 by seed a", check.message)

    def test_G12_a_verification_goes_on_where_it_was_paused(self):
        whole = [one._as_dict() for one in self.verify(self.project, seed="s")]
        run = self.env["migration.run"]._start(
            self.project, "verify", **self.project._verify_options("s")
        )
        worker = self.env["migration.worker"]
        for _time in range(200):
            worker._work(run, deadline=0.001)
            if run.state == "done":
                break
        self.assertEqual(run.state, "done")
        self.assertEqual([one._as_dict() for one in run.check_ids], whole)

    def test_G12_a_verification_changes_nothing_in_odoo(self):
        before = self.snapshot()
        self.verify(self.project)
        self.assertSameDatabase(before, self.snapshot())

    def test_G12_nothing_is_verified_before_it_is_loaded(self):
        project = self.new_project(FILES)
        self.read_files(project)
        with self.assertRaisesRegex(UserError, "Nothing has been loaded"):
            project.action_verify()

    def test_G12_a_user_verifies_and_only_reads_the_result(self):
        user = new_test_user(self.env, "mapper", "crm_migration.group_user")
        project = self.project.with_user(user)
        project.action_verify()
        self.assertEqual(self.project.run_ids[:1].kind, "verify")
        self.project.run_ids[:1].unlink()
        checks = self.verify(self.project)
        self.assertTrue(checks.with_user(user)[0].subject)
        with self.assertRaises(AccessError):
            checks.with_user(user)[0].write({"verdict": "3_ok"})

    def test_G12_another_companys_results_are_not_seen(self):
        checks = self.verify(self.project)
        company = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "stranger",
            "crm_migration.group_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(checks.with_user(user).search([("id", "in", checks.ids)]))


class TestQueries(ReconciliationCase):
    def measure(self, count, months=1):
        numbers = range(count)
        project = self.migrate(
            {
                "companies.csv": csv_text(
                    ("company_id", "name"), *((f"C{n}", f"C {n}") for n in numbers)
                ),
                "deals.csv": csv_text(
                    ("deal_id", "name", "company_id", "amount", "created_at"),
                    *(
                        (f"D{n}", f"D {n}", f"C{n}", n, f"2023-{1 + n % months:02}-01")
                        for n in numbers
                    ),
                ),
                "notes.csv": csv_text(
                    ("note_id", "body", "related_type", "related_id", "created_at"),
                    *((f"N{n}", "x", "deal", f"D{n}", "2023-01-01") for n in numbers),
                ),
            },
            # The spot check compares some records, however many there are.
            verify_error_rate=50,
            verify_confidence=50,
        )
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        checks = self.verify(project)
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(self.told(checks), [])
        return queries

    def test_G12_the_number_of_queries_does_not_grow_with_the_records(self):
        self.measure(3)
        few, many = self.measure(40), self.measure(400)
        self.assertLessEqual(abs(many - few), 5, (few, many))
        self.assertLessEqual(many, 1000)

    def test_G12_the_number_of_queries_does_not_grow_with_the_groups(self):
        self.measure(3)
        few, many = self.measure(40), self.measure(40, months=12)
        self.assertLessEqual(abs(many - few), 5, (few, many))
