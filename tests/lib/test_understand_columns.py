"""What columns mean, by their names, their values and each other."""

from pathlib import Path

import pytest

from dev.benchmark.accuracy import read_knowledge
from lib import understand as understanding
from lib.understand import Meaning, ObjectKnowledge, TableFacts, understand
from lib.understand.reasons import reason

DATA = Path(__file__).parents[2] / "data" / "generic"
KNOWLEDGE = read_knowledge(DATA, understanding)


def read(name, columns, rows=()):
    """``{column: ColumnReading}`` of one table with positional ``rows``."""
    table = TableFacts(
        "t",
        name,
        tuple(columns),
        [dict(zip(columns, row, strict=False)) for row in rows],
    )
    reading = understand([table], KNOWLEDGE)["t"]
    return {one.column: one for one in reading.columns}


def meanings(name, columns, rows=()):
    return [
        one.meaning or (".".join(one.part) if one.part else None)
        for one in read(name, columns, rows).values()
    ]


@pytest.mark.parametrize(
    "header",
    [
        "close_date",
        "Close Date",
        "closeDate",
        "CLOSE-DATE",
        "Deal - Close date",
        "Deal Close Date",
        "Opportunity_Close_Date__c",
        "hs_close_date",
        "Closing Date",
        "Expected close date",
        "Close Date (UTC)",
        "Voraussichtliches Abschlussdatum",
        "Date de clôture prévue",
        "FECHA DE CIERRE",
        "Previsão de fechamento",
        "Data di chiusura",
        "Verwachte sluitingsdatum",
    ],
)
def test_a_name_is_known_however_it_is_written(header):
    found = read("deals.csv", [header, "Stage", "Amount"])[header]
    assert found.meaning == "close_date"
    assert found.confidence >= 0.9


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("Company Website", ("company", "website")),
        ("Company Phone", ("company", "phone")),
        ("Account: Billing City", ("company", "city")),
        ("Number of employees", ("company", "employee_count")),
    ],
)
def test_an_attribute_of_the_company_in_a_row_is_its_own(header, part):
    found = read("contacts.csv", ["First Name", "Last Name", "Company", header])[header]
    assert (found.meaning, found.part) == (None, part)


def test_links_are_said_in_the_own_object():
    columns = ["Deal Name", "Account Name", "Contact Name", "Contact Email", "Stage"]
    found = read("deals.csv", columns)
    assert found["Account Name"].meaning == "company_name"
    assert found["Account Name"].part == ("company", "name")
    assert found["Contact Name"].part == ("contact", "full_name")
    assert found["Contact Email"].meaning == "contact_email"
    assert found["Contact Email"].part == ("contact", "email")


def test_the_persons_names_in_a_deal_are_the_contacts():
    found = read("deals.csv", ["Deal", "Stage", "Contact: First Name", "Last Name"])
    assert found["Contact: First Name"].part == ("contact", "first_name")
    assert found["Last Name"].part == ("contact", "last_name")


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        (("Maya Okafor", "Sam Carter"), "contact_name"),
        (("maya@example.com", "sam@example.com"), "contact_email"),
        (("29123738411", "29123738412"), "contact_id"),
        ((), "contact_name"),
    ],
)
def test_values_say_what_a_link_goes_by(values, meaning):
    rows = [("Scanners", "New", value) for value in values]
    found = read("deals.csv", ["Deal", "Stage", "Contact"], rows)
    assert found["Contact"].meaning == meaning


def test_values_decide_what_a_title_is():
    columns = ["First Name", "Last Name", "Title", "Job Title"]
    rows = [("Maya", "Okafor", "Ms.", "Buyer"), ("Sam", "Carter", "Mr.", "Seller")]
    assert meanings("contacts.csv", columns, rows)[2:] == ["salutation", "job_title"]
    rows = [("Maya", "Okafor", "Buyer"), ("Sam", "Carter", "Seller")]
    assert meanings("contacts.csv", columns[:3], rows)[2] == "job_title"


def test_values_contradict_a_name():
    rows = [("Maya", "maya@example.com"), ("Sam", "sam@example.com")]
    found = read("contacts.csv", ["First Name", "Phone"], rows)["Phone"]
    assert found.meaning != "phone"
    assert found.confidence < 0.9


def test_values_confirm_a_name():
    rows = [("Maya", "maya@example.com")]
    confirmed = read("contacts.csv", ["First Name", "Email"], rows)["Email"]
    alone = read("contacts.csv", ["First Name", "Email"])["Email"]
    assert confirmed.confidence > alone.confidence
    assert reason(confirmed).endswith("its values are e-mail addresses")


def test_a_meaning_is_given_to_the_column_that_fits_best():
    columns = ["First Name", "Last Name", "Home Phone", "Work Phone", "Mobile Phone"]
    assert meanings("contacts.csv", columns)[2:] == ["phone2", "phone", "mobile"]


def test_a_web_address_is_preferred_to_a_domain():
    rows = [("bluebird.example.com", "https://www.bluebird.example.com")]
    columns = ["Company Domain Name", "Website URL"]
    found = read("companies.csv", columns, rows)
    assert found["Website URL"].meaning == "website"
    assert found["Company Domain Name"].meaning is None
    assert found["Company Domain Name"].reason == "taken"
    assert found["Company Domain Name"].evidence["column"] == "Website URL"


def test_dates_of_winning_and_losing_are_one_meaning():
    columns = ["Deal", "Stage", "Won time", "Lost time"]
    assert meanings("deals.csv", columns)[2:] == ["closed_at", "closed_at"]


def test_the_first_of_two_texts_is_the_subject():
    columns = ["Description", "Detail", "Due On"]
    assert meanings("tasks.csv", columns) == ["subject", "body", "due_date"]


@pytest.mark.parametrize(
    "header",
    [
        "Number of Associated Deals",
        "Last Activity Date",
        "Row Checksum",
        "SystemModstamp",
        "IsDeleted",
        "num_emails",
        "Weighted value",
        "Anzahl E-Mail-Nachrichten",
        "Letzte Aktivität",
    ],
)
def test_what_a_system_keeps_for_itself_has_no_meaning(header):
    found = read("deals.csv", ["Deal", "Stage", header])[header]
    assert (found.meaning, found.part) == (None, None)
    assert found.reason == "internal"
    assert found.confidence >= 0.9


@pytest.mark.parametrize(
    "header", ["Shipping Street", "Lieferadresse Ort", "Other City"]
)
def test_a_second_address_is_not_the_first(header):
    found = read("companies.csv", ["Company Name", "Billing Street", header])[header]
    assert (found.meaning, found.part, found.reason) == (None, None, "second")


@pytest.mark.parametrize("header", ["Shoe Size", "T-Shirt", "Contract Colour", "Xyzzy"])
def test_a_custom_field_has_no_meaning_and_is_not_sure(header):
    found = read("contacts.csv", ["First Name", "Last Name", header])[header]
    assert found.meaning is None
    assert 0.6 <= found.confidence < 0.9


def test_a_misspelled_name_is_known_with_less_confidence():
    found = read("contacts.csv", ["First Name", "Last Name", "Departmant"])
    assert found["Departmant"].meaning == "department"
    assert found["Departmant"].reason == "spelling"
    assert found["Departmant"].confidence < 0.8


def test_own_names_of_a_source_count():
    deal = ObjectKnowledge(
        "k", "deal", ("deals",), (Meaning("amount", ("amount", "Harvest")),), ("deal",)
    )
    table = TableFacts(7, "deals.csv", ("Harvest",), [])
    (column,) = understand([table], [deal])[7].columns
    assert column.meaning == "amount"


def test_every_reason_has_a_text():
    columns = [
        "Record ID",
        "Deal Name",
        "Account Name",
        "Company Website",
        "Job Title",
        "Hash",
        "Mystery",
        "Amount",
        "Total Amount",
        "Departmant",
        "Second Email",
        "Contact First Name",
    ]
    for name in ("deals.csv", "contacts.csv", "tasks.csv", "x.csv"):
        for found in read(name, columns).values():
            assert "%(" not in reason(found)
            assert reason(found)
