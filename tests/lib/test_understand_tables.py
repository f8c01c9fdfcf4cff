"""What tables hold, by their names and columns."""

from pathlib import Path

import pytest

from dev.benchmark.accuracy import read_knowledge
from lib import understand as understanding
from lib.understand import TableFacts, understand
from lib.understand.reasons import reason
from lib.understand.shapes import Shape, agreement
from lib.understand.tokens import bag, compact, unbracketed, words

DATA = Path(__file__).parents[2] / "data" / "generic"
KNOWLEDGE = read_knowledge(DATA, understanding)


def told(name, *columns):
    return understand([TableFacts(1, name, columns, [])], KNOWLEDGE)[1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all-deals-2024-03.csv", "deal"),
        ("zoho_Accounts_001.csv", "company"),
        ("Kontakte.xlsx", "contact"),
        ("Firmen.csv", "company"),
        ("entreprises.csv", "company"),
        ("contactos.csv", "contact"),
        ("export.xlsx:Opportunities", "deal"),
    ],
)
def test_a_name_says_what_a_table_holds(name, expected):
    assert told(name, "ID", "Name").object == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("Name", "Stage", "Amount", "Close Date"), "deal"),
        (("First Name", "Last Name", "Email", "Job Title", "Company"), "contact"),
        (("First Name", "Last Name", "Company", "Lead Status", "Lead Score"), "lead"),
        (("Name", "Website", "Industry", "Employees", "Annual Revenue"), "company"),
        (("Note ID", "Note Body", "Author", "Created At"), "note"),
        (("File Name", "Path", "Mime Type", "Size"), "file"),
    ],
)
def test_columns_say_what_a_table_holds(columns, expected):
    reading = told("export.csv", *columns)
    assert reading.object == expected
    assert reading.reason == "columns"


def test_a_table_of_unknown_columns_is_not_told():
    reading = told("data.csv", "Alpha", "Beta", "Gamma")
    assert reading.object is None
    assert reading.confidence <= 0.5
    assert reading.columns[0].meaning is None
    assert "Neither" in reason(reading)


def test_one_row_with_company_contact_and_deal_is_a_deal():
    reading = told(
        "export.csv",
        "Deal Name",
        "Stage",
        "Amount",
        "Company Name",
        "Company Website",
        "First Name",
        "Last Name",
        "Contact Email",
    )
    assert reading.object == "deal"
    assert reading.parts == ("contact", "company")


def test_leads_that_go_through_stages_are_deals():
    reading = told(
        "leads.csv", "ID", "Name", "Stage", "Pipeline", "Lost Reason", "Close Date"
    )
    assert reading.object == "deal"


def test_leads_whose_people_are_only_mentioned_are_companies():
    reading = told(
        "leads.csv",
        "id",
        "display_name",
        "primary_contact_first_name",
        "primary_contact_last_name",
        "address_1_city",
    )
    assert reading.object == "company"
    assert reading.parts == ("contact",)


def test_leads_of_people_stay_leads():
    reading = told("leads.csv", "Id", "First Name", "Last Name", "Company", "Status")
    assert reading.object == "lead"


def test_people_with_their_companies_are_contacts():
    reading = told(
        "contacts_with_companies.csv", "First Name", "Last Name", "Company", "Industry"
    )
    assert reading.object == "contact"


def test_an_empty_table_is_not_told():
    assert told("deals.csv").object is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("FirstName", ("first", "name")),
        ("E-Mail", ("email",)),
        ("PHONE_MOBILE", ("phone", "mobile")),
        ("Companies", ("company",)),
        ("Close_Date__c", ("close", "date")),
        ("Straße", ("strasse",)),
        ("No. of Employees", ("number", "of", "employee")),
        ("Status", ("status",)),
    ],
)
def test_headers_are_words(header, expected):
    assert words(header) == expected


def test_brackets_are_kept_apart():
    assert unbracketed("Value (EUR)") == (("value",), ("eur",))
    assert compact(words("first name")) == compact(words("FIRSTNAME"))
    assert bag(words("Date of birth")) == bag(words("birth date"))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("maya@example.com", "email"),
        ("+44 151 496 0180", "phone"),
        ("https://example.com", "url"),
        ("bluebird.example.com", "domain"),
        ("2024-03-01", "date"),
        ("01.03.2024 09:12", "datetime"),
        ("2024-03-01T09:12:05Z", "datetime"),
        ("12,000.00", "number"),
        ("€ 12.000", "money"),
        ("20%", "percent"),
        ("42", "integer"),
        ("149378211234", "digits"),
        ("GBP", "currency"),
        ("yes", "boolean"),
        ("Ms.", "salutation"),
        ("6d2b14dc-a853-4f1e-825b-aaaaaaaaaaaa", "id"),
        ("003Qz00000C1b01IAB", "id"),
        ("Maya Okafor", "text"),
    ],
)
def test_values_have_a_kind(value, kind):
    assert Shape([value, value]).kind == kind


def test_values_of_different_kinds_say_nothing():
    assert Shape(["maya@example.com", "Maya", "12"]).kind == "mixed"
    assert agreement(Shape([]), "email") == 0
    assert agreement(Shape(["Maya", "Sam"]), "email") == -1


def test_columns_of_one_letter_say_nothing():
    assert told("x.csv", "a", "b").object is None
