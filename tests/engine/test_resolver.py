"""What records refer to is found with one query per object and chunk."""

from unittest.mock import patch

from ...lib.errors import Held, Problem, Waiting
from ...models.engine.resolver import OWNER, Resolver
from ..common import MigrationCase, csv_text


class TestResolver(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.migrate(
            {
                "pipelines.csv": csv_text(("pipeline_id", "name"), ("P1", "Sales")),
                "stages.csv": csv_text(
                    ("stage_id", "pipeline_id", "name", "probability"),
                    ("S1", "P1", "Early", "15"),
                ),
                "companies.csv": csv_text(
                    ("company_id", "name", "created_at", "parent_company_id"),
                    ("C1", "Loaded", "2023-01-01", ""),
                    ("C2", "Failed", "31.02.2023", ""),
                    ("C3", "Follows", "2023-01-01", "C2"),
                ),
            }
        )
        cls.staged(cls.project, "company", "C3").action_retry()

    def setUp(self):
        super().setUp()
        self.resolver = Resolver(self.project)

    def find(self, name, key):
        self.resolver.prefetch([(name, key)])
        return self.resolver.find(name, key)

    def test_a_loaded_record_is_found(self):
        company = self.target(self.project, "company", "C1")
        self.assertEqual(self.find("company", "C1"), ("res.partner", company.id))

    def test_a_failed_a_pending_and_an_unknown_record_are_told_apart(self):
        with self.assertRaises(Problem) as caught:
            self.find("company", "C2")
        self.assertEqual(caught.exception.code, "reference_failed")
        with self.assertRaises(Waiting) as caught:
            self.find("company", "C3")
        self.assertEqual(caught.exception.code, "reference_waiting")
        with self.assertRaises(Problem) as caught:
            self.find("company", "C9")
        self.assertEqual(caught.exception.code, "reference_missing")
        self.assertIn("Companies: C9", caught.exception.text())

    def test_the_state_of_what_is_not_in_odoo_is_asked_anew_with_each_chunk(self):
        with self.assertRaises(Waiting):
            self.find("company", "C3")
        company = self.target(self.project, "company", "C1")
        self.staged(self.project, "company", "C3").write(
            {"state": "loaded", "res_model": "res.partner", "res_id": company.id}
        )
        self.env.flush_all()
        self.assertEqual(self.find("company", "C3"), ("res.partner", company.id))

    def test_a_column_of_a_staged_record_is_found(self):
        self.assertEqual(
            self.find("stage>probability", "S1"), ("stage>probability", "15")
        )
        with self.assertRaises(Problem) as caught:
            self.find("stage>probability", "S9")
        self.assertEqual(caught.exception.code, "reference_missing")

    def test_owners_fall_back_or_are_held(self):
        self.assertEqual(
            self.resolver.find(OWNER, "nobody@example.com"),
            ("res.users", self.admin.id),
        )
        self.project.fallback_user_id = False
        with self.assertRaises(Held):
            Resolver(self.project).find(OWNER, "nobody@example.com")

    def test_a_chunk_costs_one_query_for_each_object_it_refers_to(self):
        requests = [("company", f"C{number}") for number in range(200)]
        requests += [("pipeline", "P1"), ("stage>probability", "S1")]
        with self.assertQueries(3):
            self.resolver.prefetch(requests)

    def test_what_is_known_is_not_asked_again(self):
        self.resolver.prefetch([("company", "C1"), ("pipeline", "P1")])
        with self.assertQueries(0):
            self.resolver.prefetch([("company", "C1"), ("pipeline", "P1")])
        self.resolver.forget()
        with self.assertQueries(2):
            self.resolver.prefetch([("company", "C1"), ("pipeline", "P1")])

    def test_the_memory_it_takes_is_bounded(self):
        module = "odoo.addons.crm_migration.models.engine.resolver._CACHE_LIMIT"
        with patch(module, 0):
            self.resolver.prefetch([("company", "C1")])
            self.resolver.prefetch([("company", "C3")])
        self.assertEqual(list(self.resolver._known["company"]), [])

    def assertQueries(self, count):
        return _Queries(self, count)


class _Queries:
    """The block makes exactly so many queries."""

    def __init__(self, case, count):
        self.case, self.count = case, count

    def __enter__(self):
        self.case.env.flush_all()
        self.before = self.case.env.cr.sql_log_count

    def __exit__(self, error, *_rest):
        if not error:
            made = self.case.env.cr.sql_log_count - self.before
            self.case.assertEqual(made, self.count)
