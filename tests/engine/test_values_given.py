from unittest.mock import patch

from ...models.engine.silence import QUIET
from ..common import MigrationCase, csv_text

# Differ between two records, or are what the source alone knows.
_OWN = {
    "id",
    "x_source_id",
    "create_date",
    "write_date",
    "create_uid",
    "write_uid",
    "message_id",
    "date_open",
    "date_closed",
    "date_last_stage_update",
    "day_open",
    "day_close",
    "iap_enrich_done",
    "x_scored",
    "calendar_last_notif_ack",
}


class TestValuesGiven(MigrationCase):
    """What the engine works out is what Odoo computes from the same values."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.given = {}
        taken = cls.given

        def remember(origin):
            def values(self, model, items):
                for item in items:
                    taken.setdefault(model._name, {})[item.external_id] = {**item.vals}
                return origin(self, model, items)

            return values

        names = ("migration.loader.res.partner", "migration.loader.crm.lead")
        for name in (*names, "migration.loader.mail.message"):
            loader = type(cls.env[name])
            cls.startClassPatcher(
                patch.object(loader, "_values", remember(loader._values))
            )
        cls.project = cls.migrate(
            {
                "companies.csv": csv_text(
                    ["company_id", "name", "email", "phone", "website", "country"],
                    [
                        "C1",
                        "Acme",
                        "Info@Acme.example",
                        "+1 212 555 0100",
                        "acme.example.com",
                        "",
                    ],
                    ["C2", "Bolt", "none", "0151 23456789", "", "Germany"],
                ),
                "contacts.csv": csv_text(
                    ["contact_id", "full_name", "email", "phone", "company_id"]
                    + ["country", "city"],
                    ["P1", "Ann", '"A" <Ann@X.example>', "030 1234567", "C2", "", ""],
                    ["P2", "Bob", "", "", "", "", "Oslo"],
                    ["P3", "Cy", "a@b.example, c@d.example", "12", "C1", "France", ""],
                ),
                "pipelines.csv": csv_text(["pipeline_id", "name"], ["L1", "Sales X"]),
                "stages.csv": csv_text(
                    ["stage_id", "pipeline_id", "name", "is_won"],
                    ["S1", "L1", "First", "false"],
                    ["S2", "L1", "Done", "true"],
                ),
                "deals.csv": csv_text(
                    ["deal_id", "name", "pipeline_id", "stage_id", "amount"]
                    + ["probability", "status", "contact_id", "company_id"],
                    ["D1", "One", "L1", "S1", "100.55", "33", "open", "P1", ""],
                    ["D2", "Two", "L1", "S2", "7", "", "won", "P2", ""],
                    ["D3", "Three", "L1", "S1", "", "10", "lost", "P3", ""],
                    ["D4", "Four", "L1", "S1", "12", "50", "open", "", "C2"],
                    ["D5", "Five", "L1", "S1", "12", "50", "open", "", ""],
                ),
                "notes.csv": csv_text(
                    ["note_id", "related_type", "related_id", "body", "created_at"],
                    ["N1", "deal", "D1", "Hello", "2024-01-02 10:00:00"],
                ),
            }
        )

    def assert_as_odoo(self, model, count):
        loaded = self.env[model].with_context(active_test=False)
        given = self.given[model]
        failed = self.project._status()["errors"]
        self.assertEqual(len(given), count, failed)
        for external_id, vals in given.items():
            mine = loaded.search([("x_source_id", "=", external_id)])
            plain = self.env[model].sudo().with_context(**QUIET).create({**vals})
            plain.env.flush_all()
            for name, field in mine._fields.items():
                if not field.store or name in _OWN or field.type == "one2many":
                    continue
                one, other = mine[name], plain[name]
                own = isinstance(one, type(mine))
                if own and one == mine and other == plain:
                    continue
                self.assertEqual(one, other, f"{external_id}: {name}")

    def test_contacts_are_as_odoo_computes_them(self):
        self.assert_as_odoo("res.partner", 5)

    def test_leads_are_as_odoo_computes_them(self):
        self.assert_as_odoo("crm.lead", 5)

    def test_messages_are_as_odoo_computes_them(self):
        self.assert_as_odoo("mail.message", 1)
