"""Which object a table holds."""

import pytest

from lib.recognise import Shape, column_keys, recognise, stems

CONTACT = Shape(
    key="contact",
    patterns=("contacts", "*_contacts"),
    identifiers=(column_keys(["contact_id", "id"]),),
    columns=column_keys(["contact_id", "id", "first_name", "last_name", "email"]),
)
COMPANY = Shape(
    key="company",
    patterns=("companies",),
    identifiers=(column_keys(["company_id", "id"]),),
    columns=column_keys(["company_id", "id", "name", "website", "email"]),
)
LINK = Shape(
    key="link",
    patterns=("links",),
    identifiers=(column_keys(["contact_id"]), column_keys(["company_id"])),
    columns=column_keys(["contact_id", "company_id", "is_primary"]),
)
DEAL_TAG = Shape(
    key="deal_tag",
    patterns=("tags",),
    identifiers=(column_keys(["name"]),),
    columns=column_keys(["name", "applies_to"]),
    filter_column="applies_to",
)
CONTACT_TAG = Shape(
    key="contact_tag",
    patterns=("tags",),
    identifiers=(column_keys(["name"]),),
    columns=column_keys(["name", "applies_to"]),
    filter_column="applies_to",
)
SHAPES = [CONTACT, COMPANY, LINK, DEAL_TAG, CONTACT_TAG]


@pytest.mark.parametrize(
    "name, columns, expected",
    [
        ("contacts.csv", ["contact_id", "first_name", "x1", "x2"], ["contact"]),
        ("export/Contacts.csv", ["Id", "First Name", "E-Mail"], ["contact"]),
        ("book.xlsx:Contacts", ["id", "email"], ["contact"]),
        ("crm.json:data.contacts", ["id", "email"], ["contact"]),
        ("crm_contacts.csv", ["id", "email"], ["contact"]),
        ("whatever.csv", ["company_id", "name", "website"], ["company"]),
        ("whatever.csv", ["contact_id", "company_id", "is_primary"], ["link"]),
    ],
)
def test_tables_are_told_by_name_and_columns(name, columns, expected):
    assert recognise(name, columns, SHAPES) == expected


@pytest.mark.parametrize(
    "name, columns",
    [
        ("contacts.csv", ["first_name", "last_name", "email"]),
        ("contacts.csv", ["id", "a", "b", "c", "d", "e"]),
        ("whatever.csv", ["company_id", "name", "a", "b"]),
        ("tags.csv", ["name", "colour"]),
        ("contacts.csv", []),
        ("contacts.csv", [""]),
    ],
)
def test_tables_that_might_be_anything_are_left_to_the_admin(name, columns):
    assert recognise(name, columns, SHAPES) == []


def test_two_objects_that_fit_equally_well_are_left_to_the_admin():
    assert recognise("whatever.csv", ["id", "email"], SHAPES) == []


def test_a_table_divided_by_a_filter_column_holds_several_objects():
    found = recognise("tags.csv", ["name", "applies_to"], SHAPES)
    assert found == ["deal_tag", "contact_tag"]


def test_a_file_is_told_by_its_name_where_columns_leave_a_choice():
    assert recognise("companies.csv", ["id", "email"], SHAPES) == ["company"]


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Contacts.csv", ["contacts"]),
        ("a/b/Lost Reasons.CSV", ["lost_reasons"]),
        ("book.xlsx:Sheet 1", ["book", "sheet_1"]),
        ("crm.json:data.deals", ["crm", "data", "deals"]),
    ],
)
def test_a_table_goes_by_its_file_and_by_its_sheet(name, expected):
    assert stems(name) == expected
