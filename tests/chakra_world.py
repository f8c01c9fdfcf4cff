"""A small Chakra, with the records that the files of the tests have as well."""

import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

LOST, PLAN = "files/lost.txt", b"\x89PNG the front"
_IDS = re.compile(r"\b(?:LEAD-1|CA1|[ACDEFMNTUSP][1-3])\b")


def uid(key):
    """The uuid of what the files call ``key``."""
    return str(uuid5(NAMESPACE_URL, f"https://chakra.example.com/{key}"))


def with_uuids(text):
    """An export in which the ids are those that the API has."""
    return _IDS.sub(lambda match: uid(match[0]), text)


def ms(*moment):
    """Epoch milliseconds of a moment in UTC."""
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)


def attribute(owner, key, kind="string", **values):
    """An attribute of a procedure, an entity or a kind of tasks."""
    place, name = owner
    return {
        "id": uid(f"{name}.{key}"),
        "shortId": key,
        "name": key.replace("_", " ").capitalize(),
        "attributeType": uid(f"type {kind}"),
        place: uid(name),
        **values,
    }


LEAD, DEAL = ("procedure", "lead"), ("procedure", "P1")
CONTACT, ACCOUNT = ("entity", "contact"), ("entity", "account")
_TYPES = (
    "string name email phone decimal date stringEnum record user photo document"
).split()
CONFIG = {
    "team": {"id": uid("team"), "name": "Demo", "timezone": "Asia/Kolkata"},
    "entities": [
        {"id": uid("contact"), "shortId": "contact", "name": "Contact"},
        {"id": uid("account"), "shortId": "account", "name": "Account"},
    ],
    "procedures": [
        {"id": uid("lead"), "shortId": "lead", "name": "Lead"},
        {
            "id": uid("P1"),
            "shortId": "deal",
            "name": "Inside Sales",
            "states": [
                {"id": uid("S1"), "shortId": "FRESH", "name": "Fresh"},
                {"id": uid("S2"), "shortId": "SIGNED", "name": "Signed"},
            ],
        },
        {"id": uid("ticket"), "shortId": "ticket", "name": "Ticket"},
    ],
    "attributeTypes": [{"id": uid(f"type {name}"), "name": name} for name in _TYPES],
    "attributes": [
        attribute(LEAD, "lead_id"),
        attribute(LEAD, "first_name", "name"),
        attribute(LEAD, "last_name", "name"),
        attribute(LEAD, "email", "email"),
        attribute(LEAD, "lead_source", "stringEnum"),
        attribute(LEAD, "medium"),
        attribute(LEAD, "country"),
        attribute(LEAD, "budget", "decimal"),
        attribute(LEAD, "front", "photo", name="Front of the house"),
        attribute(DEAL, "name", "name"),
        attribute(DEAL, "amount", "decimal"),
        attribute(DEAL, "expected_close", "date"),
        attribute(DEAL, "contract", "document"),
        attribute(CONTACT, "first_name", "name"),
        attribute(CONTACT, "last_name", "name"),
        attribute(CONTACT, "email", "email"),
        attribute(CONTACT, "account_id", "record"),
        attribute(CONTACT, "tier", "stringEnum"),
        attribute(ACCOUNT, "name", "name"),
        attribute(ACCOUNT, "domain"),
        attribute(ACCOUNT, "parent_account_id", "record"),
        attribute(ACCOUNT, "owner", "user"),
    ],
    "derivedAttributes": [attribute(LEAD, "lead_score", "decimal")],
    "attributeConfig": [
        {
            "attribute": uid("contact.tier"),
            "options": [
                {"value": "g", "label": "Gold"},
                {"value": "s", "label": "Silver"},
            ],
        },
        {
            "attribute": uid("lead.lead_source"),
            "options": [{"value": "web", "label": "Web form"}],
        },
    ],
}
USERS = [
    {
        "id": uid("U1"),
        "username": "anna",
        "firstName": "Anna",
        "displayName": "Anna Berg",
        "isActive": True,
        "isDeleted": False,
        "primaryEmail": {"email": "anna@example.com"},
    },
    {
        "id": uid("U2"),
        "username": "gone",
        "firstName": "Gone",
        "displayName": "Gone Person",
        "isActive": False,
        "isDeleted": True,
        "primaryEmail": None,
    },
]


def process(key, procedure, **values):
    """A process of a procedure."""
    data = values.pop("data", {})
    return {
        "id": uid(key),
        "procedure": uid(procedure),
        "createdBy": uid("U1"),
        "assignedTo": uid("U1"),
        "status": "OPEN",
        "state": None,
        "createdAt": ms(2024, 1, 1, 8),
        "updatedAt": ms(2024, 1, 2, 8),
        "data": data,
        "derivedData": {},
        "isDeleted": False,
        **values,
    }


def record(key, entity, data):
    """A record of an entity."""
    return {
        "id": uid(key),
        "entity": uid(entity),
        "createdBy": uid("U1"),
        "data": data,
        "derivedData": {},
        "createdAt": ms(2024, 1, 1, 8),
        "updatedAt": ms(2024, 1, 2, 8),
        "isDeleted": False,
    }


def task(key, kind, title, **values):
    """A task."""
    return {
        "id": uid(key),
        "title": title,
        "description": "",
        "status": "OPEN",
        "stateTask": uid("ST1"),
        "taskType": kind,
        "createdBy": uid("U1"),
        "assignedTo": uid("U1"),
        "data": {},
        "isDeleted": False,
        **values,
    }


def lists():
    """The lists of the server, as its arguments."""
    return {
        "processes": {
            "lead": [
                process(
                    "LEAD-1",
                    "lead",
                    data={
                        "lead_id": "LEAD-000042",
                        "first_name": "Asha",
                        "last_name": "Sample",
                        "email": "asha@example.com",
                        "lead_source": "web",
                        "medium": "Chat",
                        "country": "India",
                        "budget": 1200.5,
                        "front": uid("photo"),
                    },
                    derivedData={"lead_score": 72.5},
                ),
                process("deleted", "lead", isDeleted=True),
            ],
            "deal": [
                process(
                    "D1",
                    "P1",
                    state="FRESH",
                    entity=uid("contact"),
                    record=uid("C1"),
                    data={
                        "name": "Fleet order",
                        "amount": 125000.5,
                        "expected_close": ms(2030, 3, 1),
                        "contract": "doc-1",
                    },
                ),
                process(
                    "D2",
                    "P1",
                    state=uid("S2"),
                    status="COMPLETED",
                    assignedTo="anna",
                    entity=uid("contact"),
                    record=uid("C1"),
                    data={
                        "name": "Signed order",
                        "amount": 10,
                        "expected_close": ms(2024, 3, 1),
                        "contract": "doc-2",
                    },
                ),
            ],
            "ticket": [],
        },
        "records": {
            "contact": [
                record(
                    "C1",
                    "contact",
                    {
                        "first_name": "Ida",
                        "last_name": "Field",
                        "email": "ida@example.com",
                        "account_id": uid("A1"),
                        "tier": "g",
                    },
                )
            ],
            "account": [
                record(
                    "A2",
                    "account",
                    {
                        "name": "Acme West",
                        "parent_account_id": uid("A1"),
                        "owner": "anna",
                    },
                ),
                record(
                    "A1",
                    "account",
                    {"name": "Acme", "domain": "acme.example.com", "owner": uid("U1")},
                ),
            ],
        },
        "tasks": [
            task(
                "T1",
                "CALL",
                "Call back",
                dueBy=ms(2030, 5, 6),
                process=uid("LEAD-1"),
                data={"priority": "High", "call_disposition": "RNR"},
            ),
            task(
                "T2",
                "Task",
                "Send brochure",
                status="COMPLETED",
                completedAt=ms(2024, 2, 3, 4, 5, 6),
                record=uid("C1"),
                data={"parent_id": uid("T1")},
            ),
        ],
        "calls": [
            {
                "id": uid("CA1"),
                "user": uid("U1"),
                "to": "+919900000042",
                "from": "+918000000000",
                "callStart": ms(2024, 1, 3, 5, 33, 20),
                "callEnd": ms(2024, 1, 3, 5, 34, 55),
                "callDuration": 95,
                "type": "OUTBOUND",
                "callStatus": "COMPLETED",
                "recordingUrl": "https://media.example.com/1.mp3",
                "forTask": uid("T1"),
                "forProcess": uid("LEAD-1"),
                "forProcedure": uid("lead"),
                "isDeleted": False,
            }
        ],
        "photos": {uid("photo"): PLAN},
    }
