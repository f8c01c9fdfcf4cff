"""The rows CH01 to CH14 of the specification, on records read back from Odoo."""

import io
import json
import zipfile
from datetime import date

from openpyxl import Workbook

from .chakra_rows import ChakraRows
from .common import MigrationCase, csv_text


def workbook(*rows):
    """An XLSX workbook with one sheet of ``rows``."""
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def archive(files):
    """A ZIP archive of ``{name: text or bytes}``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


EXPORT = {
    "users.csv": csv_text(
        ["id", "username", "displayName", "primaryEmail", "isActive"],
        ["U1", "anna", "Anna Berg", "anna@example.com", "true"],
        ["U2", "gone", "Gone Person", "", "false"],
    ),
    "attributes.csv": csv_text(
        ["object", "shortId", "label", "type", "options"],
        ["lead", "budget", "Budget", "decimal", ""],
        ["contact", "tier", "Tier", "stringEnum", "Gold|Silver"],
    ),
    "pipelines.csv": "pipeline_id,name\nP1,Inside Sales\n",
    "stages.csv": csv_text(
        ["stage_id", "name", "pipeline_id", "position", "is_won"],
        ["S1", "Fresh", "P1", "1", "false"],
        ["S2", "Signed", "P1", "2", "true"],
    ),
    "accounts.csv": csv_text(
        ["account_id", "name", "domain", "parent_account_id", "owner_email"],
        ["A2", "Acme West", "", "A1", "anna@example.com"],
        ["A1", "Acme", "acme.example.com", "", "anna@example.com"],
    ),
    "contacts.csv": csv_text(
        ["contact_id", "first_name", "last_name", "email", "account_id", "tier"],
        ["C1", "Ida", "Field", "ida@example.com", "A1", "Gold"],
    ),
    "leads.csv": csv_text(
        [
            "lead_id",
            "first_name",
            "last_name",
            "email",
            "lead_source",
            "medium",
            "country",
            "status",
            "lead_score",
            "owner_email",
            "budget",
        ],
        [
            "LEAD-1",
            "Asha",
            "Sample",
            "asha@example.com",
            "Web form",
            "Chat",
            "India",
            "OPEN",
            "72.5",
            "anna@example.com",
            "1200.50",
        ],
    ),
    "tasks.json": json.dumps(
        [
            {
                "id": "T1",
                "taskType": "CALL",
                "title": "Call back",
                "status": "OPEN",
                "priority": "High",
                "dueBy": "2030-05-06",
                "lead_id": "LEAD-1",
                "owner_email": "anna@example.com",
            },
            {
                "id": "T2",
                "taskType": "Task",
                "title": "Send brochure",
                "status": "COMPLETED",
                "completedAt": "2024-02-03T04:05:06Z",
                "contact_id": "C1",
                "parent_id": "T1",
                "owner_email": "anna@example.com",
            },
        ]
    ),
    "calls.csv": csv_text(
        [
            "call_id",
            "lead_id",
            "callStart",
            "callDuration",
            "disposition",
            "recordingUrl",
            "owner_email",
        ],
        [
            "CA1",
            "LEAD-1",
            "2024-01-03T05:33:20Z",
            "95",
            "RNR",
            "https://media.example.com/1.mp3",
            "anna@example.com",
        ],
    ),
    "emails.csv": csv_text(
        ["email_id", "deal_id", "subject", "body", "date", "from", "to"],
        [
            "E1",
            "D1",
            "Offer",
            "<p>See <b>attached</b></p>",
            "2024-01-05T10:00:00Z",
            "ida@example.com",
            "us@example.com",
        ],
    ),
    "meetings.csv": csv_text(
        [
            "meeting_id",
            "deal_id",
            "title",
            "start",
            "end",
            "all_day",
            "location",
            "attendees",
            "owner_email",
        ],
        [
            "M1",
            "D1",
            "Kick-off",
            "2024-03-04T09:00:00Z",
            "2024-03-04T10:30:00Z",
            "false",
            "Room 2",
            "Ida Field <ida@example.com> (accepted)",
            "anna@example.com",
        ],
    ),
    "notes.csv": csv_text(
        ["note_id", "related_type", "related_id", "body", "created_at", "author"],
        [
            "N1",
            "deal",
            "D1",
            "<p>Wants <b>two</b></p><script>alert(1)</script>",
            "2024-01-06T08:00:00Z",
            "anna@example.com",
        ],
        ["N2", "deal", "D1", "Second", "2024-01-07T08:00:00Z", "anna@example.com"],
        ["N3", "meeting", "M1", "Agreed", "2024-03-04T11:00:00Z", "anna@example.com"],
    ),
    "files.csv": csv_text(
        ["file_id", "email_id", "deal_id", "file_name", "path"],
        ["F1", "", "D1", "plan.txt", "files/plan.txt"],
        ["F2", "E1", "D1", "offer.txt", "files/offer.txt"],
        ["F3", "", "D1", "lost.txt", "files/lost.txt"],
    ),
    "files/plan.txt": "the plan",
    "files/offer.txt": "the offer",
    "deals.xlsx": workbook(
        [
            "deal_id",
            "name",
            "amount",
            "expected_close",
            "pipeline_id",
            "stage_id",
            "status",
            "contact_id",
            "owner_email",
        ],
        [
            "D1",
            "Fleet order",
            125000.5,
            date(2030, 3, 1),
            "P1",
            "S1",
            "OPEN",
            "C1",
            "anna@example.com",
        ],
        [
            "D2",
            "Signed order",
            10,
            date(2024, 3, 1),
            "P1",
            "S2",
            "won",
            "C1",
            "anna@example.com",
        ],
    ),
}


class TestChakraExport(ChakraRows, MigrationCase):
    """An archive of CSV, XLSX and JSON files, loaded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails = cls.env["mail.mail"].search_count([])
        folder = cls.write_files({"chakra.zip": archive(EXPORT)})
        cls.project = cls.migrate(path=folder / "chakra.zip", source="chakra")


class TestChakraRows(MigrationCase):
    """Small exports for what one good export does not have."""

    def test_CH07_the_parent_of_a_task_is_a_task(self):
        project = self.new_project(
            {
                "contacts.csv": "contact_id,first_name\nC1,Ida\n",
                "tasks.csv": csv_text(
                    ("task_id", "title", "contact_id", "parent_id"),
                    ("T1", "Call back", "C1", ""),
                    ("T2", "Send brochure", "C1", "T1"),
                ),
            },
            source="chakra",
        )
        self.read_files(project)
        self.assertNotIn("orphan", project.finding_ids.mapped("code"))
        parent = project.mapping_ids.field_ids.filtered(
            lambda line: line.source_path == "parent_id"
        )
        self.assertEqual(parent.mapped("target"), ["parent_activity"])

    def test_CH01_leads_become_opportunities_where_the_admin_says_so(self):
        project = self.new_project(
            {"leads.csv": "lead_id,name\n1,Interested\n"}, source="chakra"
        )
        self.read_files(project)
        self.line(project, "lead", "type").constant = "opportunity"
        self.load(project)
        self.assertEqual(self.target(project, "lead", "1").type, "opportunity")

    def test_CH03_a_circle_of_accounts_is_told_and_the_others_land(self):
        project = self.migrate(
            {
                "accounts.csv": "account_id,name,parent_account_id\n"
                "A,Acme,B\nB,Bolt,A\nC,Core,\n"
            },
            source="chakra",
        )
        self.assertTrue(self.target(project, "company", "C").is_company)
        for key in "AB":
            record = self.staged(project, "company", key)
            self.assertFalse(record.res_id)
            self.assertTrue(record.error)

    def test_CH09_records_of_an_unknown_owner_wait_until_the_user_exists(self):
        project = self.new_project(
            {"leads.csv": "lead_id,name,owner_email\n1,Held,new.rep@example.com\n"},
            source="chakra",
            fallback_user_id=False,
        )
        self.read_files(project)
        self.load(project)
        self.assertEqual(self.staged(project, "lead", "1").state, "held")
        project.owner_ids.action_create_user()
        self.run_step(project, "load")
        self.assertEqual(
            self.target(project, "lead", "1").user_id.login, "new.rep@example.com"
        )

    def test_ch11_automations_are_an_inventory_and_nothing_runs(self):
        rules = self.env["base.automation"].search_count([])
        actions = self.env["ir.actions.server"].search_count([])
        project = self.migrate(
            {
                "workflows.csv": csv_text(
                    ("id", "name", "trigger", "conditions", "actions", "active"),
                    (
                        "W1",
                        "Greet",
                        "Lead created",
                        "source = web",
                        "Send e-mail",
                        "yes",
                    ),
                    ("W2", "Odd", "Moon rises", "", "Howl", "no"),
                ),
                "accounts.csv": csv_text(("account_id", "name"), ("A1", "Acme")),
            },
            source="chakra",
        )
        greet, odd = project.automation_ids.sorted("source_id")
        self.assertEqual(
            (greet.name, greet.trigger, greet.active_in_source),
            ("Greet", "Lead created", "yes"),
        )
        told = greet.blueprint["odoo"]
        self.assertEqual(told["trigger"], "on_create_or_write")
        self.assertEqual(told["actions"][0]["state"], "mail_post")
        trigger, action = greet.suggestion.split("\n")
        self.assertEqual(trigger, "Trigger: On create and edit")
        self.assertTrue(action.startswith("Send Email: "), action)
        self.assertEqual(odd.unclear.split("\n"), ["Moon rises", "Howl"])
        self.assertEqual(self.env["base.automation"].search_count([]), rules)
        self.assertEqual(self.env["ir.actions.server"].search_count([]), actions)
        document = json.loads(project.automation_ids._blueprints())
        self.assertEqual([one["id"] for one in document["automations"]], ["W1", "W2"])
