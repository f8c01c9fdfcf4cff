"""A small export of ArkCase: the same world as files and on the fake server."""

import json

from .common import csv_text

LETTER = b"%PDF-1.4 a letter of the city"


def files():
    """``{name: content}`` of the export."""
    return {
        "users.csv": csv_text(
            ["user_id", "full_name", "email", "active", "status"],
            ["ann-acm", "Anna Berg", "anna@example.com", "true", "VALID"],
            ["gone-acm", "Gone Away", "gone@example.com", "false", "INVALID"],
        ),
        "organizations.csv": csv_text(
            [
                "organization_id",
                "name",
                "organization_type",
                "parent_organization_id",
                "website",
                "industry",
                "employee_count",
                "city",
                "country",
            ],
            ["78", "Beta Works", "Corporation", "77", "", "", "", "Oslo", "NO"],
            ["77", "Acme", "Government", "", "acme.example", "Water", "120", "", ""],
        ),
        "persons.csv": csv_text(
            [
                "person_id",
                "title",
                "given_name",
                "family_name",
                "organization_id",
                "email",
                "other_emails",
                "phone",
                "street",
                "city",
                "zip",
                "state",
                "country",
                "created_at",
                "badge_number",
            ],
            [
                *("101", "ms", "Ana", "Ruiz", "77", "ana@example.net"),
                *("ana.ruiz@work.example", "+1 703 555 0100", "1 Elm St", "Reston"),
                *("20190", "VA", "US", "2021-03-05T14:07:31.482Z", "B-7"),
            ],
            [
                *("102", "mr", "Bo", "Lind", "", "bo@example.net", "", "", "", ""),
                *("", "ON", "CA", "2021-03-06T09:00:00.000Z", ""),
            ],
        ),
        "associations.csv": csv_text(
            ["person_id", "organization_id", "is_primary", "role"],
            ["101", "77", "true", "employee"],
            ["101", "78", "false", "partner"],
        ),
        "cases.csv": csv_text(
            [
                "case_id",
                "case_number",
                "title",
                "case_type",
                "status",
                "priority",
                "details",
                "person_id",
                "assignee",
                "owning_group",
                "created_at",
                "created_by",
                "closed_at",
            ],
            [
                *("364", "20210305_364", "Water main", "Pollution", "ACTIVE", "High"),
                *("<p>The <b>main</b> broke</p>", "101", "ann-acm", "LEGAL"),
                *("2021-03-05T14:07:31.482Z", "ann-acm", ""),
            ],
            [
                *("365", "20210305_365", "Old bridge", "Local", "CLOSED", "Low"),
                *("", "102", "gone-acm", "", "2020-01-02T08:00:00.000Z", "gone-acm"),
                "2020-06-30T16:00:00.000Z",
            ],
        ),
        "complaints.csv": csv_text(
            [
                "complaint_id",
                "complaint_number",
                "title",
                "category",
                "subcategory",
                "tag",
                "status",
                "priority",
                "person_id",
                "assignee",
                "created_at",
            ],
            [
                *("12", "20210401_12", "Noise at night", "Local", "Noise", "Urgent"),
                *("DRAFT", "Expedite", "102", "ann-acm", "2021-04-01T07:30:00.000Z"),
            ],
        ),
        "foia_requests.csv": csv_text(
            [
                "request_id",
                "request_number",
                "title",
                "status",
                "queue",
                "request_type",
                "received_date",
                "due_date",
                "exemption_codes",
                "response_status",
                "person_id",
                "assignee",
            ],
            [
                *("500", "20210501_500", "Contracts 2020", "ACTIVE", "Fulfill"),
                *("New Request", "2021-05-01T10:00:00.000Z", "2021-06-01"),
                *("b(5); b(6)", "Partial Grant", "101", "ann-acm"),
            ],
        ),
        "parties.csv": csv_text(
            [
                "party_id",
                "related_type",
                "related_id",
                "party_type",
                "party",
                "role",
                "is_primary",
            ],
            ["1", "CASE_FILE", "364", "PERSON", "101", "Initiator", "true"],
            ["2", "CASE_FILE", "364", "PERSON", "102", "Witness", "false"],
            ["3", "CASE_FILE", "364", "ORGANIZATION", "78", "Wrongdoer", "false"],
            ["4", "CASE_FILE", "500", "PERSON", "102", "Other", "false"],
        ),
        "tasks.csv": csv_text(
            [
                "task_id",
                "related_type",
                "related_id",
                "title",
                "details",
                "status",
                "due_date",
                "finished_at",
                "assignee",
                "priority",
                "created_at",
            ],
            [
                *("9", "CASE_FILE", "364", "Call the city", "<p>Ask</p>", "ACTIVE"),
                *("2099-04-01T12:00:00.000Z", "", "ann-acm", "High"),
                "2021-03-06T10:00:00.000Z",
            ],
            [
                *("10", "COMPLAINT", "12", "Measure", "", "CLOSED"),
                *("2021-04-05T12:00:00.000Z", "2021-04-04", "", "Low"),
                "2021-04-02T10:00:00.000Z",
            ],
            [
                *("11", "CASE_FILE", "999", "Of a deleted case", "", "ACTIVE"),
                *("2099-04-01T12:00:00.000Z", "", "ann-acm", "Low"),
                "2021-04-02T10:00:00.000Z",
            ],
            [
                *("13", "TASK", "9", "Of a task", "", "ACTIVE"),
                *("2099-04-01T12:00:00.000Z", "", "ann-acm", "Low"),
                "2021-04-02T10:00:00.000Z",
            ],
        ),
        "events.json": json.dumps(
            [
                {
                    "event_id": "e1",
                    "related_type": "CASE_FILE",
                    "related_id": 364,
                    "subject": "Hearing",
                    "start": "2021-03-10 14:00:00+01:00",
                    "end": "2021-03-10 15:30:00+01:00",
                    "all_day": False,
                    "location": "Room 3B",
                    "attendees": [
                        {
                            "name": "Ana Ruiz",
                            "email": "ana@example.net",
                            "status": "accepted",
                        },
                        {
                            "name": "Eve New",
                            "email": "eve@example.net",
                            "status": "declined",
                        },
                    ],
                    "organizer": "anna@example.com",
                }
            ]
        ),
        "notes.csv": csv_text(
            ["note_id", "related_type", "related_id", "body", "author", "created_at"],
            [
                *("21", "CASE_FILE", "364", "<p>Spoke to <i>Ana</i></p>"),
                *("ann-acm", "2021-03-07T11:00:00.000Z"),
            ],
            [
                *("22", "PERSON", "102", "Moved away", "gone-acm"),
                "2021-03-08T11:00:00.000Z",
            ],
        ),
        "files.csv": csv_text(
            [
                "file_id",
                "related_type",
                "related_id",
                "note_id",
                "file_name",
                "path",
                "mime_type",
                "size",
                "created_by",
                "created_at",
            ],
            [
                *("31", "CASE_FILE", "364", "21", "Letter 1.pdf", "docs/31.pdf"),
                *("application/pdf", str(len(LETTER)), "ann-acm"),
                "2021-03-07T12:00:00.000Z",
            ],
            [
                *("32", "FOIA_REQUEST", "500", "", "Answer.txt", "docs/32.txt"),
                *("text/plain", "6", "ann-acm", "2021-05-20T09:00:00.000Z"),
            ],
        ),
        "docs/31.pdf": LETTER,
        "docs/32.txt": "answer",
    }
