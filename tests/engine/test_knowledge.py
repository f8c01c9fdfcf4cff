from odoo.tests import TransactionCase, tagged

from ...lib.understand import TableFacts, understand
from ...lib.understand.reasons import reason


@tagged("-at_install", "post_install")
class TestKnowledge(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env.ref("crm_migration.source_generic")
        cls.knowledge = cls.env["migration.knowledge"]

    def _meaning(self, object_name, meaning):
        found = next(
            one
            for one in self.knowledge._objects(self.source)
            if one.name == object_name
        )
        return next(one for one in found.meanings if one.name == meaning)

    def test_names_begin_with_the_canonical_one(self):
        self.assertEqual(self._meaning("deal", "close_date").names[0], "close_date")

    def test_a_synonym_added_here_counts_the_next_time(self):
        self.env["migration.synonym"].create(
            {"object": "deal", "meaning": "close_date", "name": "Harvest Day"}
        )
        self.assertIn("Harvest Day", self._meaning("deal", "close_date").names)
        self.assertNotIn("Harvest Day", self._meaning("task", "due_date").names)

    def test_an_archived_synonym_does_not_count(self):
        synonym = self.env["migration.synonym"].search(
            [("object", "=", "deal"), ("name", "=", "deal size")]
        )
        synonym.action_archive()
        self.assertNotIn("deal size", self._meaning("deal", "amount").names)

    def test_the_label_of_the_odoo_field_is_a_name(self):
        self.assertIn("Job Position", self._meaning("contact", "job_title").names)

    def test_labels_of_every_installed_language_are_names(self):
        self.env["res.lang"]._activate_lang("de_DE")
        field = self.env.ref("base.field_res_partner__function")
        field.with_context(lang="de_DE").field_description = "Stelle im Betrieb"
        self.assertIn("Stelle im Betrieb", self._meaning("contact", "job_title").names)

    def test_a_word_of_an_object_is_a_synonym_without_meaning(self):
        deal = next(
            one for one in self.knowledge._objects(self.source) if one.name == "deal"
        )
        self.assertIn("opportunity", deal.words)
        self.assertEqual(
            deal.key, self.env.ref("crm_migration.generic_deal").id, "key is the id"
        )

    def test_own_synonyms_of_a_source_count(self):
        line = self.env.ref("crm_migration.generic_deal_amount_expected_revenue")
        line.synonyms = "Harvest; Yield"
        self.assertTrue(
            {"Harvest", "Yield"} <= set(self._meaning("deal", "amount").names)
        )

    def test_a_table_is_understood_with_what_odoo_knows(self):
        table = TableFacts(
            1,
            "Opportunities.csv",
            ("Opportunity Name", "Closing Date", "Account Name"),
            [
                {
                    "Opportunity Name": "Scanners",
                    "Closing Date": "2024-07-15",
                    "Account Name": "Bluebird Ltd",
                }
            ],
        )
        reading = understand([table], self.knowledge._objects(self.source))[1]
        self.assertEqual(reading.object, "deal")
        self.assertEqual(
            [one.meaning for one in reading.columns],
            ["name", "close_date", "company_name"],
        )
        self.assertEqual(
            reason(reading.columns[1]),
            "Named like “closing date”; its values are dates",
        )
