"""Which records of Odoo the rules may recognise, and what looking them up costs."""

from unittest.mock import patch

from ...models.loader import matching
from ...models.loader.matching import Matcher, Rule
from ..common import csv_text
from .test_match_rules import RulesCase


class TestCandidates(RulesCase):
    def test_g14_archived_records_count_only_where_the_rule_says_so(self):
        known = self.partner("Nordwind", active=False)
        project = self.companies({"name": "Nordwind"})
        self.load(project)
        self.assertCreated(project, "C1")
        other = self.companies({"name": "Nordwind"}, match_by="name (exact, archived)")
        self.rollback(project)
        self.load(other)
        self.assertMatched(other, "C1", known)

    def test_g14_records_of_another_company_are_never_linked(self):
        other = self.env["res.company"].create({"name": "Another"})
        self.partner("Nordwind", company_id=other.id)
        self.partner("Südwind", email="s@example.com", company_id=other.id)
        own = self.partner("Ostwind", company_id=self.env.company.id)
        project = self.companies(
            {"name": "Nordwind"},
            {"name": "B", "email": "s@example.com"},
            {"name": "Ostwind"},
            match_by="email; name",
        )
        self.load(project)
        self.assertCreated(project, "C1")
        self.assertCreated(project, "C2")
        self.assertMatched(project, "C3", own)

    def test_g14_what_this_migration_made_is_not_linked_by_another_record(self):
        project = self.companies(
            {"name": "Nordwind"}, {"name": "Nordwind"}, chunk_size=1
        )
        self.load(project)
        self.assertCreated(project, "C1")
        self.assertCreated(project, "C2")
        second = self.companies({"name": "Nordwind"}, name="Second")
        self.load(second)
        twins = self.target(project, "company", "C1")
        twins |= self.target(project, "company", "C2")
        self.assertUnderReview(second, "C1", twins)

    def test_a_key_that_begins_alike_is_another_migration(self):
        first = self.companies({"name": "Nordwind"}, name="A b", key="a-b")
        self.load(first)
        second = self.companies({"name": "Nordwind"}, name="A_b", key="a_b")
        self.load(second)
        self.assertMatched(second, "C1", self.target(first, "company", "C1"))

    def test_g14_two_source_records_do_not_become_one_unseen(self):
        for size in (1, 100):
            with self.subTest(chunk=size):
                known = self.partner(f"Nordwind {size}")
                project = self.companies(
                    {"name": f"Nordwind {size}"},
                    {"name": f"nordwind {size}"},
                    chunk_size=size,
                )
                self.load(project)
                self.assertMatched(project, "C1", known)
                self.assertUnderReview(project, "C2", known, "match_taken")
                self.assertIn("C1", self.staged(project, "company", "C2").error)

    def test_a_person_is_not_taken_for_a_company_nor_for_its_address(self):
        company = self.partner("Nordwind", email="info@nordwind.example")
        self.env["res.partner"].create(
            {
                "name": "Deliveries",
                "type": "delivery",
                "parent_id": company.id,
                "email": "info@nordwind.example",
            }
        )
        project = self.new_project(
            {
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "email"),
                    ("P1", "Ina", "Beispiel", "info@nordwind.example"),
                ),
            }
        )
        self.read_files(project)
        self.mapping(project, "contact").match_by = "email"
        self.load(project)
        self.assertEqual(self.staged(project, "contact", "P1").state, "loaded")

    def test_a_company_is_recognised_that_nobody_has_marked_as_one(self):
        known = self.partner("Nordwind", is_company=False)
        child = self.partner("Other")
        self.partner("Südwind", is_company=False, parent_id=child.id)
        project = self.companies({"name": "Nordwind"}, {"name": "Südwind"})
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")


class TestCost(RulesCase):
    def count(self, project, **kwargs):
        """Queries of matching all companies of a project at once."""
        mapping = self.mapping(project)
        self.env.invalidate_all()
        matcher = Matcher(mapping)
        items = self.items(mapping)
        before = self.env.cr.sql_log_count
        matcher.match(items)
        return self.env.cr.sql_log_count - before, items

    def items(self, mapping):
        return [
            matching_item(record)
            for record in self.env["migration.record"].search(
                [("mapping_id", "=", mapping.id)]
            )
        ]

    def test_g14_a_rule_costs_one_query_however_many_records(self):
        for size in (5, 80):
            rows = [
                {
                    "name": f"Company {number} {size}",
                    "email": f"c{number}@{size}.example",
                }
                for number in range(size)
            ]
            for number, row in enumerate(rows):
                self.partner(row["name"], email=row["email"] if number % 2 else False)
            project = self.companies(*rows, match_by="email; name")
            queries, items = self.count(project)
            self.assertEqual(sum(item.matched for item in items), size)
            # E-mail, names, and what is linked already.
            self.assertLessEqual(queries, 4, size)

    def test_keys_that_cannot_be_looked_up_are_read_once_a_run(self):
        known = [self.partner(f"Firm {number}") for number in range(7)]
        project = self.companies(*({"name": f"FIRM {n}"} for n in range(7)))
        reads = []
        read_all = Rule._read_all

        def spy(rule):
            reads.append(rule)
            return read_all(rule)

        self.startPatcher(patch.object(Rule, "_read_all", spy))
        self.startPatcher(patch.object(matching, "_BATCH", 3))
        project.chunk_size = 2
        self.load(project)
        self.assertEqual(len(reads), 1)
        for number, partner in enumerate(known, 1):
            self.assertMatched(project, f"C{number}", partner)

    def test_many_look_ups_without_an_index_are_replaced_by_reading_once(self):
        known = [self.partner(email=f"c{number}@example.com") for number in range(6)]
        project = self.companies(
            *({"name": "A", "email": f"c{n}@example.com"} for n in range(6)),
            match_by="email",
        )
        project.chunk_size = 1
        looked_up = []
        look_up = Rule._look_up

        def spy(rule, keys):
            looked_up.append(keys)
            return look_up(rule, keys)

        self.startPatcher(patch.object(Rule, "_look_up", spy))
        self.startPatcher(patch.object(matching, "_LOOK_UPS", 2))
        self.load(project)
        self.assertEqual(len(looked_up), 2)
        for number, partner in enumerate(known, 1):
            self.assertMatched(project, f"C{number}", partner)


def matching_item(record):
    """An item as the engine has it after conversion, of a staged company."""
    from ...models.loader.base import Item

    vals = {name: record.payload.get(name) for name in ("name", "email")}
    return Item(record.id, record.source_id, record.source_id, {}, vals)
