"""Values that somebody reads: as Odoo shows them, and told apart."""

from datetime import date, datetime

from odoo.fields import Command

from ..common import MigrationCase
from .test_delta import DeltaCase

PIPELINES = (("pipeline_id", "name"), ("P", "Homes"), ("Q", "Offices"))
STAGES = (
    ("stage_id", "pipeline_id", "name", "position", "is_won"),
    ("S1", "P", "Proposal", "1", "false"),
    ("S2", "Q", "Proposal", "1", "false"),
)
DEALS = (
    ("deal_id", "name", "pipeline_id", "stage_id", "amount"),
    ("D1", "Roof", "P", "S1", "100"),
)
NO_BREAK = "\N{NO-BREAK SPACE}"


class TestDisplay(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.currency_id = cls.env.ref("base.EUR")
        cls.lead = cls.env["crm.lead"].create({"name": "Roof"})

    def texts(self, name, *values, record=None, **options):
        display = self.env["migration.display"].with_context(lang=self.language)
        record = self.lead if record is None else record
        return display._texts(record, name, values, **options)

    language = "en_US"

    def test_money_has_its_currency(self):
        self.assertEqual(
            self.texts("expected_revenue", 100000.0, None, 0.5),
            [f"100,000.00{NO_BREAK}€", "", f"0.50{NO_BREAK}€"],
        )

    def test_numbers_and_days_are_written_as_the_language_writes_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.language = "de_DE"
        self.assertEqual(
            self.texts("expected_revenue", 1200.5), [f"1.200,50{NO_BREAK}€"]
        )
        self.assertEqual(self.texts("date_deadline", date(2024, 1, 5)), ["05.01.2024"])
        self.assertEqual(self.texts("date_deadline", "2024-01-05"), ["05.01.2024"])

    def test_a_time_is_that_of_whoever_works(self):
        self.env.user.tz = "Europe/Berlin"
        noon = datetime(2024, 1, 5, 12)
        self.assertEqual(
            self.texts("date_open", noon, "2024-01-05 12:00:00"),
            ["01/05/2024 01:00:00 PM"] * 2,
        )

    def test_a_choice_is_its_label_and_a_boolean_a_word(self):
        self.assertEqual(self.texts("priority", "2", "9", None), ["High", "9", ""])
        self.assertEqual(self.texts("active", True, False, None), ["Yes", "No", ""])

    def test_records_are_named_however_they_are_given(self):
        one, two = self.env["crm.tag"].create([{"name": "Hot"}, {"name": "New"}])
        both = one + two
        for value in (
            both,
            both.ids,
            frozenset(both.ids),
            [Command.set(both.ids)],
            [[Command.SET, 0, both.ids]],
        ):
            self.assertEqual(self.texts("tag_ids", value), ["Hot, New"], value)
        self.assertEqual(self.texts("record", ("crm.tag", one.id)), ["Hot"])
        self.assertEqual(self.texts("user_id", self.anna.id, False), ["Anna Berg", ""])

    def test_a_record_that_was_deleted_is_said_to_be(self):
        tag = self.env["crm.tag"].create({"name": "Hot"})
        ids = tag.ids
        tag.unlink()
        self.assertEqual(self.texts("tag_ids", ids), [f"deleted ({ids[0]})"])

    def test_a_text_with_tags_is_read_without_them(self):
        self.assertEqual(
            self.texts("description", "<p>Hello<br/>again</p>"), ["Hello\nagain"]
        )
        self.assertEqual(
            self.texts("description", "<p>Hello</p>", "<div>Hello</div>"),
            ["<p>Hello</p>", "<div>Hello</div>"],
        )

    def test_names_that_are_alike_are_told_apart(self):
        homes, offices = self.env["crm.team"].create(
            [{"name": "Homes"}, {"name": "Offices"}]
        )
        stages = self.env["crm.stage"].create(
            [
                {"name": "Proposal", "team_ids": homes.ids},
                {"name": "Proposal", "team_ids": offices.ids},
                {"name": "Signed"},
            ]
        )
        self.assertEqual(
            self.texts("stage_id", *stages.ids),
            ["Proposal (Homes)", "Proposal (Offices)", "Signed"],
        )
        self.assertEqual(
            self.texts("stage_id", *stages[1:].ids), ["Proposal", "Signed"]
        )
        stages[:2].team_ids = False
        self.assertEqual(
            self.texts("stage_id", *stages[:2].ids),
            [f"Proposal ({one.id})" for one in stages[:2]],
        )

    def test_contacts_of_one_name_are_told_apart_by_their_address(self):
        people = self.env["res.partner"].create(
            [{"name": "Bo", "email": f"{one}@example.com"} for one in "ab"]
        )
        self.assertEqual(
            self.texts("partner_id", *people.ids),
            ["Bo (a@example.com)", "Bo (b@example.com)"],
        )

    def test_numbers_that_are_rounded_alike_are_told_apart(self):
        self.assertEqual(self.texts("probability", 33.3), ["33.30"])
        self.assertEqual(self.texts("probability", 33.301, 33.3), ["33.301", "33.30"])

    def test_a_number_that_is_no_field_is_a_number_still(self):
        self.assertEqual(self.texts("total_amount", 1200.5, 7), ["1,200.50", "7"])

    def test_long_texts_are_cut_where_they_differ(self):
        same = "word " * 200
        one, other = self.texts("description", f"{same}this", f"{same}that", limit=60)
        self.assertTrue(one.startswith("…") and one.endswith("word this"), one)
        self.assertTrue(other.endswith("word that"), other)
        self.assertLessEqual(max(len(one), len(other)), 60)
        self.assertEqual(self.texts("name", "abcdef", "xyz", limit=3), ["abc", "xyz"])


class TestConflictsAreReadable(DeltaCase):
    def conflict(self, **values):
        """The conflict of a deal that a user has changed, and the source as well."""
        project = self.start(
            companies=(("company_id", "name"), ("C1", "Acme")),
            deals=DEALS,
            pipelines=PIPELINES,
            stages=STAGES,
        )
        deal = self.target(project, "deal", "D1")
        deal.with_context(tracking_disable=True).write(values)
        self.later()
        self.change("deals", "D1", pipeline_id="Q", stage_id="S2", amount="100000")
        self.delta(project)
        return self.conflicts(project).filtered(lambda one: one.field_name in values)

    def test_stages_of_two_pipelines_are_told_apart(self):
        other = self.env["crm.stage"].create({"name": "Elsewhere"})
        conflict = self.conflict(stage_id=other.id)
        self.assertEqual(
            (conflict.base_value, conflict.odoo_value, conflict.source_value),
            ("Proposal (Homes)", "Elsewhere", "Proposal (Offices)"),
        )

    def test_the_log_says_a_decision_as_the_screen_does(self):
        self.env.company.currency_id = self.env.ref("base.EUR")
        conflict = self.conflict(expected_revenue=150)
        self.assertEqual(conflict.odoo_value, f"150.00{NO_BREAK}€")
        conflict.action_keep_odoo()
        message = (
            self.env["migration.log"]
            .search([("operation", "=", "decision"), ("source_id", "=", "D1")])
            .message
        )
        self.assertIn(f"source: 100,000.00{NO_BREAK}€", message)

    def test_the_log_says_of_a_record_that_was_deleted_what_was_decided(self):
        project = self.start(companies=(("company_id", "name"), ("C1", "Acme")))
        self.target(project, "deal", "D1").unlink()
        self.later()
        self.change("deals", "D1", amount="120")
        self.delta(project)
        self.conflicts(project).action_take_source()
        message = (
            self.env["migration.log"]
            .search([("operation", "=", "decision"), ("source_id", "=", "D1")])
            .message
        )
        self.assertEqual(
            message, "Deleted in Odoo: Take the source's (Odoo: nothing, source: Roof)."
        )
