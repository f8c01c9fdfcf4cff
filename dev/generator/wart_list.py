"""The planted warts as data: where, what, and what an import should make of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Wart:
    """One wart of one row.

    :param str table: name of the table, without its ending
    :param int index: 0-based number of the row
    :param dict values: columns to overwrite
    """

    table: str
    index: int
    where: str
    what: str
    expected: str
    values: dict


_UNKNOWN_OWNER = "departed.rep@allegory-demo.example"
_LONG_NAME = ("Vereinigte Werkstätten für Feinmechanik und Gerätebau " * 6)[:300]
_KEPT_AS_TEXT = "fails alone, told with file, row, id, field and value"

FILE_LEVEL = (
    (
        "companies.csv",
        "all",
        "UTF-8 with a byte order mark",
        "read as UTF-8; the first column is `company_id`, without the mark",
    ),
    (
        "contacts.csv",
        "all",
        "encoded as cp1252, with accents",
        "accents arrive: é, ö, ß",
    ),
    (
        "deals.csv",
        "all",
        "semicolons; days first (`dd/mm/yyyy`, times as `dd/mm/yyyy HH:MM`); "
        "decimals as `12.345,50`",
        "each column's format is decided by the column as a whole, not by the row",
    ),
    (
        "deals.csv",
        "all",
        "a column `contact_email` that the layout does not have",
        "known as a synonym: the deal's own e-mail",
    ),
    (
        "documents/",
        "documents/unlisted/read me.txt",
        "a document that `files.csv` does not list",
        "listed as belonging to no record; not attached",
    ),
)

DOCUMENTS_MISSING = (4, 7)
UNLISTED_DOCUMENT = ("documents/unlisted/read me.txt", b"Nobody lists this file.\r\n")

EXTRA_ROWS = (
    Wart(
        "companies",
        4,
        "last row",
        "the same name as CO-00005 under an id of its own",
        "two companies with two ids; merged only by the admin's decision",
        {"parent_company_id": "", "website": "", "email": "", "description": ""},
    ),
    Wart(
        "contacts",
        11,
        "last row",
        "the id CN-00012 a second time, other phone",
        "the first row lands, the second is kept aside as a duplicate",
        {"phone": "+1 617 555 0199", "job_title": "Interim Manager"},
    ),
    Wart(
        "contact_companies",
        0,
        "last row but two",
        "an orphan: CN-00014 linked to CO-99999, which does not exist",
        "listed before the load; the contact lands, the link fails alone",
        {
            "contact_id": "CN-00014",
            "company_id": "CO-99999",
            "is_primary": False,
            "role": "Advisor",
        },
    ),
    *(
        Wart(
            "contact_companies",
            0,
            where,
            f"CN-00021 has two primary companies, here {company_id}",
            "the first primary link counts, the second fails alone",
            {
                "contact_id": "CN-00021",
                "company_id": company_id,
                "is_primary": True,
                "role": "Board member",
            },
        )
        for where, company_id in (
            ("last row but one", "CO-00003"),
            ("last row", "CO-00004"),
        )
    ),
)

EDITS = (
    *(
        Wart(
            table,
            index,
            f"{prefix}-{index + 1:05d}",
            f"owner `{_UNKNOWN_OWNER}` is no user of Allegory",
            "listed before the load; lands with the fallback user",
            {"owner_email": _UNKNOWN_OWNER},
        )
        for table, prefix, index in (
            ("companies", "CO", 6),
            ("companies", "CO", 7),
            ("contacts", "CN", 9),
            ("contacts", "CN", 10),
            ("deals", "DL", 13),
        )
    ),
    Wart(
        "companies",
        8,
        "CO-00009",
        "a name of 300 characters",
        "the name arrives uncut",
        {"name": _LONG_NAME},
    ),
    Wart(
        "companies",
        11,
        "CO-00012",
        "`about 40` as the number of employees",
        _KEPT_AS_TEXT,
        {"employee_count": "about 40"},
    ),
    Wart(
        "companies",
        15,
        "CO-00016",
        "country `Deutschland`, not `Germany`",
        "a warning in the log; lands without a country, unless Odoo speaks German",
        {"country": "Deutschland", "state": ""},
    ),
    Wart(
        "companies",
        16,
        "CO-00017",
        "country `Atlantis`",
        "a warning in the log; the company lands without a country",
        {"country": "Atlantis", "state": ""},
    ),
    Wart(
        "companies",
        20,
        "CO-00021",
        "its parent is CO-00022, and the reverse",
        "both fail, the circle is named; what belongs to them follows once corrected",
        {"parent_company_id": "CO-00022"},
    ),
    Wart(
        "companies",
        21,
        "CO-00022",
        "its parent is CO-00021, and the reverse",
        "as CO-00021",
        {"parent_company_id": "CO-00021"},
    ),
    Wart(
        "companies",
        23,
        "CO-00024",
        "its parent CO-88888 does not exist",
        "listed before the load; fails alone",
        {"parent_company_id": "CO-88888"},
    ),
    Wart(
        "contacts",
        17,
        "CN-00018",
        "no name at all, only an e-mail",
        "fails alone with its reason; its chunk lands",
        {"first_name": "", "last_name": ""},
    ),
    Wart(
        "contacts",
        23,
        "CN-00024",
        "an e-mail that is none: `jana(at)example`",
        "the text is kept as it is",
        {"email": "jana(at)example"},
    ),
    Wart(
        "deals",
        7,
        "DL-00008",
        "impossible close date `31/02/2023`",
        _KEPT_AS_TEXT,
        {"close_date": "31/02/2023"},
    ),
    Wart(
        "deals",
        9,
        "DL-00010",
        "`contact_email` differs from the e-mail of its contact, CN-00003",
        "the contact keeps its own e-mail, and so does DL-00012",
        {"contact_id": "CN-00003", "contact_email": "somebody.else@example.org"},
    ),
    Wart(
        "deals",
        11,
        "DL-00012",
        "a second deal of the contact CN-00003",
        "is not changed by DL-00010",
        {"contact_id": "CN-00003"},
    ),
    Wart(
        "deals",
        10,
        "DL-00011",
        "`on request` as the amount",
        _KEPT_AS_TEXT,
        {"amount": "on request"},
    ),
    Wart(
        "deals",
        12,
        "DL-00013",
        "`Middle` as the region, not among its options",
        "fails alone: add the option, or translate the value",
        {"cf_region": "Middle"},
    ),
    Wart(
        "deals",
        15,
        "DL-00016",
        "lost, with a reason and a closing time",
        "archived as lost with this reason and its closing date; scoring unchanged",
        {
            "pipeline_id": "PL-1",
            "stage_id": "ST-103",
            "status": "lost",
            "probability": 0,
            "lost_reason": "Chose a competitor",
            "close_date": datetime(2019, 8, 23).date(),
            "closed_at": datetime(2019, 8, 23, 14, 30),
            "stage_entered_at": datetime(2019, 6, 17, 9, 5),
            "created_at": datetime(2019, 5, 13, 8, 0),
            "updated_at": datetime(2019, 8, 23, 14, 30),
        },
    ),
    Wart(
        "deals",
        18,
        "DL-00019",
        "status `won` in a stage that is not won",
        "lands as won, in the won stage of its pipeline",
        {
            "pipeline_id": "PL-1",
            "stage_id": "ST-103",
            "status": "won",
            "probability": 50,
            "lost_reason": "",
            "close_date": datetime(2022, 3, 31).date(),
            "closed_at": datetime(2022, 3, 31, 16, 0),
            "stage_entered_at": datetime(2022, 2, 14, 10, 0),
            "created_at": datetime(2022, 1, 20, 9, 30),
            "updated_at": datetime(2022, 3, 31, 16, 0),
        },
    ),
    Wart(
        "deals",
        22,
        "DL-00023",
        "pipeline PL-1, but a stage of PL-2",
        "fails alone with its reason",
        {
            "pipeline_id": "PL-1",
            "stage_id": "ST-202",
            "status": "open",
            "lost_reason": "",
            "close_date": datetime(2027, 4, 15).date(),
            "closed_at": "",
        },
    ),
    Wart(
        "activities",
        5,
        "AC-00006",
        "a call due on 2019-03-14 and still open",
        "held back until a decision: Odoo deletes activities this overdue at night",
        {
            "type": "call",
            "subject": "Call about the renewal",
            "status": "open",
            "due_date": datetime(2019, 3, 14, 10, 0),
            "done_at": "",
            "body": "",
            "created_at": datetime(2019, 3, 1, 9, 0),
        },
    ),
    Wart(
        "activities",
        8,
        "AC-00009",
        "type `fax`",
        "listed before the load; fails until the value map says what it is",
        {"type": "fax", "subject": "Fax the signed order"},
    ),
    Wart(
        "activities",
        11,
        "AC-00012",
        "hangs on the deal DL-99999, which is missing",
        "fails alone",
        {"related_type": "deal", "related_id": "DL-99999"},
    ),
    Wart(
        "activities",
        14,
        "AC-00015",
        "a body of several lines with quotes, semicolons and commas",
        "arrives with its lines and quotes",
        {"body": 'They said: "not before May";\nthen, later,\n\n"perhaps in June".'},
    ),
    Wart(
        "notes",
        3,
        "NT-00004",
        "HTML, with a script in it",
        "formatting kept, the script gone",
        {
            "body": "<p>Meeting with <b>purchasing</b></p><ul>"
            "<li>price &amp; terms</li>"
            "<li>delivery</li></ul><script>alert('x')</script>"
        },
    ),
    Wart(
        "notes",
        4,
        "NT-00005",
        "umlauts, accents, an emoji and other scripts",
        "every character arrives",
        {"body": "Grüße aus Köln 🎉 – naïve façade, Łódź, 東京, Ωμέγα"},
    ),
    Wart(
        "notes",
        6,
        "NT-00007",
        "several lines with doubled quotes",
        "arrives with its lines and quotes",
        {"body": 'First line\nSecond "line", with a comma\n\n- a point\n- a second'},
    ),
    Wart(
        "notes",
        9,
        "NT-00010",
        f"author `{_UNKNOWN_OWNER}`",
        "lands with the fallback user as its author",
        {"author_email": _UNKNOWN_OWNER},
    ),
    Wart(
        "notes",
        14,
        "NT-00015",
        "names the file FL-99999, which is not listed",
        "the note lands without it",
        {"file_ids": "FL-99999"},
    ),
    Wart(
        "files",
        4,
        "FL-00005",
        "31,457,280 bytes by its listing, document absent",
        "skipped as over the limit by its listed size",
        {
            "size": 31_457_280,
            "sha1": "",
            "file_name": "Factory tour.mp4",
            "path": "documents/FL-00005/Factory tour.mp4",
            "mime_type": "video/mp4",
            "related_type": "company",
            "related_id": "CO-00001",
            "note_id": "",
        },
    ),
    Wart(
        "files",
        7,
        "FL-00008",
        "listed, but not in the ZIP",
        "listed before the load; fails alone",
        {},
    ),
    Wart(
        "files",
        10,
        "FL-00011",
        "its checksum is not that of the document",
        "fails alone: the checksums differ",
        {"sha1": "0" * 40},
    ),
)
