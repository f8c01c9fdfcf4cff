"""The ordered rules by which records that Odoo had before are recognised."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from ...models.loader import given, matching
from ...models.loader.matching import Rule
from ..common import csv_text
from .test_engine import EngineCase

COLUMNS = ("company_id", "name", "email", "phone", "website", "city", "country")


class RulesCase(EngineCase):
    def companies(self, *rows, match_by="name", **values):
        """A migration of companies, each a dict by column, that ``match_by`` knows."""
        project = self.new_project(
            {
                "companies.csv": csv_text(
                    COLUMNS,
                    *(
                        [
                            {"company_id": f"C{number}", **row}.get(c, "")
                            for c in COLUMNS
                        ]
                        for number, row in enumerate(rows, 1)
                    ),
                )
            },
            **values,
        )
        self.read_files(project)
        self.mapping(project).match_by = match_by
        return project

    def mapping(self, project, name="company"):
        return project.mapping_ids.filtered(lambda one: one.name == name)

    def partner(self, name="Nordwind", **values):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    def assertMatched(self, project, source_id, partner):
        record = self.staged(project, "company", source_id)
        self.assertEqual((record.state, record.res_id), ("matched", partner.id))

    def assertCreated(self, project, source_id):
        record = self.staged(project, "company", source_id)
        self.assertEqual((record.state, record.error), ("loaded", False))
        partner = self.env["res.partner"].browse(record.res_id)
        self.assertEqual(partner.x_source_id, f"{project.key}/company/{source_id}")

    def assertUnderReview(self, project, source_id, candidates, code="match_ambiguous"):
        record = self.staged(project, "company", source_id)
        self.assertEqual((record.state, record.error_code), ("held", code))
        self.assertEqual(
            sorted(record.candidate_ids.mapped("res_id")), sorted(candidates.ids)
        )
        self.assertFalse(record.res_id)


class TestComparisons(RulesCase):
    def test_g14_email_addresses_agree_as_odoo_normalises_them(self):
        known = self.partner(email='"Info" <Info@Nordwind.example>')
        project = self.companies(
            {"name": "A", "email": "info@nordwind.EXAMPLE"},
            {"name": "B", "email": "office@nordwind.example"},
            match_by="email",
        )
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")

    def test_g14_phone_numbers_agree_however_they_are_written(self):
        known = self.partner(phone="+49 431 100 200")
        project = self.companies(
            {"name": "A", "phone": "0049 (431) 100-200"},
            {"name": "B", "phone": "+49 431 100 201"},
            match_by="phone",
        )
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")

    def test_g14_phone_numbers_agree_by_country_where_odoo_knows_them(self):
        if not given.HAS_PHONE_NUMBERS:
            self.skipTest("The library phonenumbers is not installed")
        known = self.partner(
            phone="+49 431 100 200", country_id=self.env.ref("base.de").id
        )
        project = self.companies(
            {"name": "A", "phone": "0431/100200", "country": "Germany"},
            {"name": "B", "phone": "0431/100200", "country": "France"},
            match_by="phone",
        )
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")

    def test_g14_names_agree_without_case_accents_and_punctuation(self):
        known = self.partner("Café  Müller, Ltd.")
        project = self.companies(
            {"name": "cafe muller ltd"}, {"name": "Café Müller"}, match_by="name"
        )
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")

    def test_g14_names_agree_without_the_legal_form_where_the_rule_says_so(self):
        known = self.partner("Nordwind GmbH & Co. KG")
        project = self.companies({"name": "NORDWIND"}, match_by="name (legal)")
        self.load(project)
        self.assertMatched(project, "C1", known)

    def test_g14_an_exact_rule_takes_every_letter_seriously(self):
        known = self.partner("Nordwind AG")
        project = self.companies(
            {"name": "nordwind ag"}, {"name": "Nordwind AG"}, match_by="name (exact)"
        )
        self.load(project)
        self.assertCreated(project, "C1")
        self.assertMatched(project, "C2", known)

    def test_g14_web_addresses_agree_by_their_domain(self):
        known = self.partner(website="https://www.nordwind.example/de/start")
        project = self.companies(
            {"name": "A", "website": "nordwind.example"},
            {"name": "B", "website": "shop.nordwind.example"},
            match_by="website",
        )
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")

    def test_g14_tax_ids_agree_by_letters_and_digits(self):
        known = self.partner(ref="K-47 11")
        project = self.companies({"name": "A", "city": "k4711"}, match_by="")
        self.line(project, "company", "city").target = "ref"
        self.mapping(project).match_by = "ref"
        self.load(project)
        self.assertMatched(project, "C1", known)

    def test_a_translated_name_is_recognised_in_each_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        industry = self.env["res.partner.industry"].create({"name": "Shipping"})
        industry.with_context(lang="de_DE").name = "Schifffahrt"
        model = self.env["res.partner.industry"]
        project = self.companies({"name": "A"})
        mapping = self.mapping(project)
        rule = Rule(
            mapping.match_rule_ids, model, matching.Domain("id", "=", industry.id)
        )
        for name in ("shipping", "SCHIFFFAHRT"):
            key = rule.key({"name": name})
            self.assertEqual(rule.find({key}), {key: [industry.id]})

    def test_a_value_that_is_no_address_or_number_recognises_nothing(self):
        self.partner(email="someone", phone="none")
        project = self.companies(
            {"name": "A", "phone": "none"}, match_by="phone; email"
        )
        self.load(project)
        self.assertCreated(project, "C1")


class TestOrder(RulesCase):
    def test_g14_the_first_rule_with_a_hit_counts(self):
        by_email = self.partner("Other name", email="info@nordwind.example")
        self.partner("Nordwind")
        project = self.companies(
            {"name": "Nordwind", "email": "info@nordwind.example"},
            match_by="email; name",
        )
        self.load(project)
        self.assertMatched(project, "C1", by_email)

    def test_g14_without_a_hit_or_a_value_the_next_rule_is_asked(self):
        known = self.partner("Nordwind"), self.partner("Südwind")
        project = self.companies(
            {"name": "Nordwind", "email": "unknown@nordwind.example"},
            {"name": "Südwind"},
            {"name": "Ostwind"},
            match_by="email; name",
        )
        self.load(project)
        self.assertMatched(project, "C1", known[0])
        self.assertMatched(project, "C2", known[1])
        self.assertCreated(project, "C3")

    def test_g14_several_hits_are_not_left_to_a_weaker_rule(self):
        twins = self.partner("One", email="info@nordwind.example")
        twins |= self.partner("Two", email="INFO@nordwind.example")
        self.partner("Nordwind")
        project = self.companies(
            {"name": "Nordwind", "email": "info@nordwind.example"},
            match_by="email; name",
        )
        self.load(project)
        self.assertUnderReview(project, "C1", twins)

    def test_g14_all_fields_of_a_rule_have_to_agree_and_to_have_a_value(self):
        known = self.partner("Nordwind", city="Kiel")
        self.partner("Nordwind", city="Bonn")
        project = self.companies(
            {"name": "NORDWIND", "city": "kiel"},
            {"name": "Nordwind", "city": "Rome"},
            {"name": "Nordwind"},
            match_by="name, city",
        )
        self.load(project)
        self.assertMatched(project, "C1", known)
        self.assertCreated(project, "C2")
        self.assertCreated(project, "C3")

    def test_g14_a_contact_is_recognised_by_its_name_in_its_company(self):
        company = self.partner("Nordwind")
        persons = self.env["res.partner"].create(
            [
                {"name": "Ina Beispiel", "parent_id": company.id},
                {"name": "Ina Beispiel", "parent_id": self.partner("Other").id},
            ]
        )
        project = self.new_project(
            {
                "companies.csv": csv_text(("company_id", "name"), ("C1", "Nordwind")),
                "contacts.csv": csv_text(
                    ("contact_id", "first_name", "last_name", "company_id"),
                    ("P1", "Ina", "Beispiel", "C1"),
                    ("P2", "Ole", "Beispiel", "C1"),
                ),
            }
        )
        self.read_files(project)
        self.mapping(project).match_by = "name"
        self.mapping(project, "contact").match_by = "email; name, parent_id"
        self.load(project)
        self.assertEqual(self.target(project, "contact", "P1"), persons[0])
        created = self.target(project, "contact", "P2")
        self.assertEqual(created.parent_id, company)
        self.assertTrue(created.x_source_id)


class TestRules(RulesCase):
    def test_rules_are_one_text_and_single_records(self):
        project = self.companies({"name": "A"}, match_by="email; name, city (exact)")
        mapping = self.mapping(project)
        rules = mapping.match_rule_ids
        self.assertEqual(rules.mapped("field_names"), ["email", "name, city"])
        self.assertEqual(rules.mapped("comparison"), ["alike", "exact"])
        self.assertEqual(rules.mapped("label"), ["Email", "Name, City"])
        rules[0].sequence = 100
        self.assertEqual(mapping.match_by, "name, city (exact); email")
        mapping.match_by = ""
        self.assertFalse(mapping.match_rule_ids)

    def test_the_rules_are_part_of_a_saved_mapping(self):
        project = self.companies({"name": "A"}, match_by="email; name (legal)")
        other = self.companies({"name": "A"}, match_by="")
        other._import_mapping(project._export_mapping())
        self.assertEqual(self.mapping(other).match_by, "email; name (legal)")

    def test_a_field_that_cannot_be_looked_up_is_refused(self):
        mapping = self.mapping(self.companies({"name": "A"}))
        for text in (
            "colour",
            "category_id",
            "image_1920",
            "display_name",
            "name (so)",
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                mapping.match_by = text
                self.env.flush_all()

    def test_the_templates_have_rules_that_can_be_asked(self):
        objects = self.env["migration.source.object"].search(
            [("match_by", "!=", False)]
        )
        generic = objects.filtered(lambda one: one.source_id.code == "generic")
        texts = {one.name: one.match_by for one in generic}
        self.assertEqual(texts["company"], "vat; website; name")
        self.assertEqual(texts["contact"], "email; name, parent_id")
        mapping = self.mapping(self.companies({"name": "A"}))
        for one in objects:
            mapping.write({"res_model": one.res_model, "match_by": one.match_by})
            self.assertEqual(mapping.match_by, one.match_by)

    def test_rules_of_other_companies_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Another"})
        project = self.companies({"name": "A"}, company_id=other.id)
        user = new_test_user(
            self.env, "mia", "crm_migration.group_user", email="mia@example.com"
        )
        rules = self.env["migration.match.rule"].with_user(user)
        self.assertFalse(rules.search([("mapping_id", "in", project.mapping_ids.ids)]))
        with self.assertRaises(AccessError):
            self.mapping(project).match_rule_ids.with_user(user).unlink()
