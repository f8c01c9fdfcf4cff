"""What the tuned loaders create, next to what plain ``create()`` makes of it."""

from unittest.mock import patch

from odoo.tools import SQL, sql

from ..common import MigrationCase, csv_text

# Columns that differ on purpose: every model's, then those of one model.
STAMPS = dict.fromkeys(
    ("create_date", "write_date", "create_uid", "write_uid"),
    "when, and by whom, is told by the source",
)
ALWAYS = {"id": "another record", "x_source_id": "marks what was migrated", **STAMPS}
INTENDED = {
    "crm.team": {
        "alias_id": "each team has its own",
        "color": "Odoo draws it at random",
    },
    "res.partner": {"calendar_last_notif_ack": "the time of the load"},
    "calendar.event": {
        "description": "Odoo would add how to reach the organiser and the attendees",
    },
    "crm.lead": {
        "x_scored": "says that Odoo's scoring has counted nothing of it yet",
        **dict.fromkeys(
            (
                "date_open",
                "date_closed",
                "date_last_stage_update",
                "day_open",
                "day_close",
            ),
            "the dates of the source are written back; Odoo takes the time of the load",
        ),
    },
}
# What hangs on a record, and is not made on purpose.
SILENT = {
    "mail_followers.res_id": "nobody is made to follow what is migrated",
    "mail_message.res_id": "no message says that a record was created or assigned",
}
LOADED = {
    "crm.team": {"crm_stage_crm_team_rel.crm_team_id": "its stages are loaded, too"}
}


class TestDifferential(MigrationCase):
    """Every stored column, and every row that refers to the record."""

    maxDiff = None

    LOADERS = (
        "migration.loader.crm.team",
        "migration.loader.crm.stage",
        "migration.loader.res.partner",
        "migration.loader.crm.lead",
        "migration.loader.mail.activity",
        "migration.loader.mail.message",
        "migration.loader.ir.attachment",
        "migration.loader.calendar.event",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.given = {}
        for name in cls.LOADERS:
            loader = type(cls.env[name])
            cls.startClassPatcher(
                patch.object(loader, "_values", cls.remember(loader._values))
            )
        cls.project = cls.migrate(cls.export(), source="chakra")

    @classmethod
    def remember(cls, origin):
        """``origin`` of a loader, which keeps what it was given for each record."""

        def values(loader, model, items):
            for item in items:
                known = cls.given.setdefault(model._name, {})
                known.setdefault(item.external_id, {**item.vals})
            return origin(loader, model, items)

        return values

    @staticmethod
    def export():
        return {
            "pipelines.csv": "pipeline_id,name\nP1,Inside Sales\n",
            "stages.csv": csv_text(
                ("stage_id", "name", "pipeline_id", "position", "is_won"),
                ("S1", "Fresh", "P1", "1", "false"),
                ("S2", "Signed", "P1", "2", "true"),
            ),
            "accounts.csv": csv_text(
                ("account_id", "name", "domain", "phone", "country", "city"),
                ("A1", "Acme", "acme.example.com", "+1 212 555 0100", "", "Oslo"),
                ("A2", "Bolt", "", "", "Germany", ""),
            ),
            "contacts.csv": csv_text(
                ("contact_id", "first_name", "last_name", "email", "account_id"),
                ("C1", "Ida", "Field", '"Ida" <Ida@Example.com>', "A1"),
                ("C2", "Bo", "Ek", "", ""),
            ),
            "deals.csv": csv_text(
                ("deal_id", "name", "amount", "probability", "expected_close")
                + ("pipeline_id", "stage_id", "status", "contact_id", "owner_email"),
                ("D1", "Open", "100.55", "33", "2030-03-01", "P1", "S1", "open", "C1")
                + ("anna@example.com",),
                ("D2", "Won", "7", "", "2024-03-01", "P1", "S2", "won", "C2")
                + ("anna@example.com",),
                ("D3", "Lost", "", "10", "", "P1", "S1", "lost", "", ""),
            ),
            "tasks.csv": csv_text(
                ("id", "taskType", "title", "status", "dueBy", "completedAt")
                + ("deal_id", "owner_email"),
                ("T1", "CALL", "Call back", "OPEN", "2030-05-06", "", "D1")
                + ("anna@example.com",),
                ("T2", "Task", "Send it", "COMPLETED", "", "2024-02-03T04:05:06Z")
                + ("D1", "anna@example.com"),
            ),
            "notes.csv": csv_text(
                ("note_id", "related_type", "related_id", "body", "created_at")
                + ("author",),
                ("N1", "deal", "D1", "<p>Two</p>", "2024-01-06T08:00:00Z")
                + ("anna@example.com",),
            ),
            "emails.csv": csv_text(
                ("email_id", "deal_id", "subject", "body", "date", "from", "to"),
                ("E1", "D1", "Offer", "<p>See</p>", "2024-01-05T10:00:00Z")
                + ("ida@example.com", "us@example.com"),
            ),
            "meetings.csv": csv_text(
                ("meeting_id", "title", "start", "end", "location", "attendees")
                + ("owner_email",),
                ("M1", "Kick-off", "2024-03-04T09:00:00Z", "2024-03-04T10:30:00Z")
                + ("Room 2", "Ida <ida@example.com> (accepted)", "anna@example.com"),
            ),
            "files.csv": csv_text(
                ("file_id", "deal_id", "file_name", "path"),
                ("F1", "D1", "plan.txt", "files/plan.txt"),
            ),
            "files/plan.txt": "the plan",
        }

    def pairs(self, model, count):
        """Yield ``(migrated, plain)``: a twin of each, made by ``create()`` alone."""
        given = self.given.get(model, {})
        self.assertEqual(len(given), count, self.project._status()["errors"])
        records = self.env[model].with_context(active_test=False)
        for external_id, vals in given.items():
            mine = records.search([("x_source_id", "=", external_id)])
            plain = records.with_context(migration_no_commit=False).create({**vals})
            self.env.flush_all()
            yield mine, plain

    def columns(self, record):
        """The row of ``record``, by column, without what differs on purpose."""
        [row] = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM %s WHERE id = %s",
                SQL.identifier(record._table),
                record.id,
            )
        )
        apart = ALWAYS.keys() | INTENDED.get(record._name, {}).keys()
        # A record that refers to itself refers to another one in its twin.
        own = {
            field.name
            for field in record._fields.values()
            if field.type == "many2one" and field.comodel_name == record._name
        }
        return {
            name: "itself" if name in own and value == record.id else value
            for name, value in row.items()
            if name not in apart
        }

    def around(self, record):
        """``{table.column: number of rows}`` that were made along with ``record``.

        Not those that the migration loaded itself, each a record of its own.
        """
        counts = {}
        for table, column in self.env.execute_query(
            SQL(
                """SELECT c.conrelid::regclass::text, a.attname
                     FROM pg_constraint c
                     JOIN pg_attribute a
                       ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'f' AND c.confrelid = %s::regclass
                      AND c.conrelid::regclass::text NOT LIKE 'migration\\_%%'""",
                record._table,
            )
        ):
            table = table.strip('"')
            counts[f"{table}.{column}"] = self.count(
                record, table, SQL("%s = %s", SQL.identifier(column), record.id)
            )
        for table, column, model_column in self.attached():
            counts[f"{table}.{column}"] = self.count(
                record,
                table,
                SQL(
                    "%s = %s AND %s = %s",
                    SQL.identifier(model_column),
                    record._name,
                    SQL.identifier(column),
                    record.id,
                ),
            )
        apart = SILENT.keys() | LOADED.get(record._name, {}).keys()
        return {key: n for key, n in counts.items() if n and key not in apart}

    def attached(self):
        """``(table, id column, model column)`` of what hangs on any record."""
        for name, model in self.env.items():
            if not model._auto or model._abstract or name.startswith("migration."):
                continue
            for field in model._fields.values():
                if field.type == "many2one_reference" and field.store:
                    other = model._fields[field.model_field]
                    if other.store and other.type == "char":
                        yield model._table, field.name, other.name

    def count(self, record, table, condition):
        """Rows of ``table`` that meet ``condition``, loaded ones left out."""
        if table == record._table:
            condition = SQL("%s AND id <> %s", condition, record.id)
        if sql.column_exists(self.cr, table, "x_source_id"):
            condition = SQL("%s AND x_source_id IS NULL", condition)
        [(number,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM %s WHERE %s", SQL.identifier(table), condition)
        )
        return number

    def assert_like_plain(self, model, count):
        for mine, plain in self.pairs(model, count):
            with self.subTest(model=model, record=mine.x_source_id):
                self.assertEqual(self.columns(mine), self.columns(plain))
            with self.subTest(model=model, around=mine.x_source_id):
                self.assertEqual(self.around(mine), self.around(plain))

    def test_teams_and_stages_are_what_create_makes(self):
        self.assert_like_plain("crm.team", 1)
        self.assert_like_plain("crm.stage", 2)

    def test_companies_and_contacts_are_what_create_makes(self):
        self.assert_like_plain("res.partner", 4)

    def test_leads_are_what_create_makes(self):
        self.assert_like_plain("crm.lead", 3)

    def test_activities_are_what_create_makes(self):
        self.assert_like_plain("mail.activity", 2)

    def test_messages_are_what_create_makes(self):
        self.assert_like_plain("mail.message", 2)

    def test_files_are_what_create_makes(self):
        self.assert_like_plain("ir.attachment", 1)

    def test_meetings_are_what_create_makes(self):
        self.assert_like_plain("calendar.event", 1)
