"""Row G14 of the specification: what linked records get, and how it is taken back."""

from .common import csv_text
from .engine.test_match_rules import RulesCase


class TestMatchingRows(RulesCase):
    def tagged(self, *names):
        return self.env["res.partner.category"].create(
            [{"name": name} for name in names]
        )

    def contacts(self, *rows, **policies):
        """A migration of contacts ``(id, name, e-mail, phone, tags)``."""
        project = self.new_project(
            {
                "contacts.csv": csv_text(
                    ("contact_id", "last_name", "email", "phone", "tags")
                    + ("first_name",),
                    *((*row, "") for row in rows),
                )
            }
        )
        self.read_files(project)
        self.mapping(project, "contact").match_by = "email"
        for target, policy in policies.items():
            self.line(project, "contact", target).policy = policy
        return project

    def person(self, **values):
        return self.env["res.partner"].create(
            {"name": "Ina", "email": "ina@example.com", **values}
        )

    def test_g14_each_policy_on_filled_and_empty_values(self):
        outcomes = {
            ("keep", "+49 431 1"): "+49 431 1",
            ("keep", False): False,
            ("fill", "+49 431 1"): "+49 431 1",
            ("fill", False): "+49 431 200",
            ("overwrite", "+49 431 1"): "+49 431 200",
            ("overwrite", False): "+49 431 200",
        }
        for (policy, before), after in outcomes.items():
            with self.subTest(policy=policy, before=before):
                person = self.person(
                    phone=before, email=f"{policy}{bool(before)}@x.example"
                )
                project = self.contacts(
                    ("P1", "Ina", person.email, "+49 431 200", ""), phone=policy
                )
                self.load(project)
                self.assertEqual(self.target(project, "contact", "P1"), person)
                self.assertEqual(person.phone, after)
                self.assertFalse(person.x_source_id)

    def test_g14_an_empty_source_value_never_erases(self):
        person = self.person(phone="+49 431 1", category_id=self.tagged("Old").ids)
        tags = person.category_id
        project = self.contacts(
            ("P1", "Ina", "ina@example.com", "", ""),
            phone="overwrite",
            category_id="overwrite",
        )
        stamp = person.write_date
        self.later()
        self.load(project)
        self.assertEqual((person.phone, person.category_id), ("+49 431 1", tags))
        self.assertEqual(person.write_date, stamp)

    def test_g14_what_a_new_contact_takes_from_its_company_does_not_overwrite(self):
        company = self.partner("Nordwind", city="Kiel", street="Hafenweg 1")
        person = self.person(city="Bonn", type="other", parent_id=company.id)
        project = self.new_project(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Nordwind")),
                "contacts.csv": csv_text(
                    (
                        "contact_id",
                        "first_name",
                        "last_name",
                        "email",
                        "company_id",
                        "city",
                    ),
                    ("P1", "", "Ina", "ina@example.com", "C1", ""),
                    ("P2", "", "Ole", "ole@example.com", "C1", "Rome"),
                ),
            }
        )
        self.read_files(project)
        self.mapping(project).match_by = "name"
        mapping = self.mapping(project, "contact")
        mapping.match_by = "email"
        mapping.field_ids.policy = "overwrite"
        self.load(project)
        self.assertEqual(self.target(project, "contact", "P1"), person)
        self.assertEqual((person.city, person.parent_id), ("Bonn", company))

    def test_g14_tags_are_added_and_exactly_those_are_taken_back(self):
        for policy in ("fill", "overwrite"):
            with self.subTest(policy=policy), self.cr.savepoint() as savepoint:
                old = self.tagged("Old", "Both")
                person = self.person(category_id=old.ids)
                project = self.contacts(
                    ("P1", "Ina", "ina@example.com", "", "Both; New"),
                    category_id=policy,
                )
                before = self.snapshot()
                self.later()
                self.load(project)
                self.assertEqual(
                    sorted(person.category_id.mapped("name")), ["Both", "New", "Old"]
                )
                self.later()
                self.rollback(project)
                self.assertEqual(person.category_id, old)
                self.assertSameDatabase(before, self.snapshot())
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_g14_tags_that_users_have_changed_since_stay_as_they_did(self):
        old = self.tagged("Old", "Removed")
        person = self.person(category_id=old.ids)
        project = self.contacts(
            ("P1", "Ina", "ina@example.com", "", "New"), category_id="fill"
        )
        self.load(project)
        self.later()
        own = self.tagged("Own")
        person.category_id = person.category_id + own - old[1]
        self.env.flush_all()
        stamp = person.write_date
        self.later()
        self.rollback(project)
        self.assertEqual(person.category_id, old[0] + own)
        self.assertGreaterEqual(person.write_date, stamp)

    def test_g14_a_rollback_leaves_linked_records_as_they_were(self):
        persons = self.person(phone="+49 431 1", city="Kiel")
        persons |= self.person(name="Ole", email="ole@example.com")
        project = self.contacts(
            ("P1", "Inge", "INA@example.com", "+49 431 200", "A; B"),
            ("P2", "Ole", "ole@example.com", "+49 431 300", "B"),
            ("P3", "New", "new@example.com", "", "A"),
            phone="overwrite",
            name="overwrite",
            category_id="overwrite",
        )
        before = self.snapshot()
        self.later()
        self.load(project)
        self.assertEqual(persons.mapped("name"), ["Inge", "Ole"])
        self.assertEqual(persons.mapped("phone"), ["+49 431 200", "+49 431 300"])
        self.later()
        self.rollback(project)
        self.assertSameDatabase(before, self.snapshot())

    def test_g14_history_is_never_written_on_linked_records(self):
        person = self.person()
        stamps = (person.create_date, person.create_uid)
        project = self.new_project(
            {
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "email", "created_at"),
                    ("P1", "", "Ina", "ina@example.com", "2019-01-01"),
                )
            }
        )
        self.read_files(project)
        mapping = self.mapping(project, "contact")
        mapping.match_by = "email"
        mapping.field_ids.policy = "overwrite"
        self.load(project)
        self.assertEqual(self.target(project, "contact", "P1"), person)
        self.assertEqual((person.create_date, person.create_uid), stamps)

    def test_updating_linked_records_costs_no_query_for_each(self):
        """Odoo itself has some where other records depend on a field, as on phones."""
        costs = []
        for size in (10, 40):
            rows = [
                (f"P{n}", "Ina", f"p{n}@{size}.example", f"+49 431 {n}00", "")
                for n in range(size)
            ]
            for _key, name, email, *_rest in rows:
                self.person(name=name, email=email)
            project = self.contacts(*rows)
            line = self.line(project, "contact", "phone")
            line.write({"target": "function", "policy": "overwrite"})
            project.action_confirm()
            self.run_step(project, "prepare")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_step(project, "load")
            costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(self.mapping(project, "contact").loaded_count, size)
        self.assertLessEqual(costs[1] - costs[0], 3, costs)
