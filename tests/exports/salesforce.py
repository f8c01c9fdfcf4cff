"""A Salesforce data export: ids of 18 characters, users, records of two kinds a column.

A task's WhoId is a contact or a lead, its WhatId an opportunity or an account. Wrong on
purpose: an account's parent is not exported, an opportunity is of a user who is not in
User.csv, a task is about nothing, and two accounts have one name.
"""

from ..common import csv_text
from . import world

USER = ("Id", "Username", "LastName", "FirstName", "Name", "Email", "IsActive")
ACCOUNT = (
    *("Id", "IsDeleted", "Name", "Type", "ParentId", "BillingStreet", "BillingCity"),
    *("BillingPostalCode", "BillingCountry", "Phone", "Website", "Industry"),
    *("NumberOfEmployees", "OwnerId", "CreatedDate", "CreatedById", "SystemModstamp"),
)
CONTACT = (
    *("Id", "AccountId", "LastName", "FirstName", "Salutation", "Phone"),
    *("MobilePhone", "Email", "Title", "Birthdate", "OwnerId", "DoNotCall"),
    *("CreatedDate", "CreatedById"),
)
OPPORTUNITY = (
    *("Id", "AccountId", "Name", "StageName", "Amount", "Probability"),
    *("ExpectedRevenue", "CloseDate", "Type", "LeadSource", "IsClosed", "IsWon"),
    *("OwnerId", "CreatedDate", "ContactId", "Contract_Length__c"),
)
LEAD = (
    *("Id", "LastName", "FirstName", "Title", "Company", "Email", "LeadSource"),
    *("Status", "OwnerId", "IsConverted", "CreatedDate"),
)
TASK = (
    *("Id", "WhoId", "WhatId", "Subject", "ActivityDate", "Status", "Priority"),
    *("OwnerId", "Description", "IsClosed", "CreatedDate", "CompletedDateTime"),
)
STAGES = {"open": "Negotiation", "won": "Closed Won", "lost": "Closed Lost"}


def files():
    return {
        "User.csv": csv_text(USER, *_users()),
        "Account.csv": csv_text(ACCOUNT, *_accounts()),
        "Contact.csv": csv_text(CONTACT, *_contacts()),
        "Opportunity.csv": csv_text(OPPORTUNITY, *_opportunities()),
        "Lead.csv": csv_text(LEAD, *_leads()),
        "Task.csv": csv_text(TASK, *_tasks()),
    }


def key(prefix, number):
    """An id of 18 characters, as the system makes them: the last three tell cases."""
    return f"{prefix}Qz00000C1b{number:02}IAB"


def user(number):
    return key("005", number % 2)


def _users():
    for number, (name, email) in enumerate(world.OWNERS):
        first, last = name.split()
        yield user(number), f"{email}.prod", last, first, name, email, "true"


def _stamp(day, month=11):
    return f"2023-{month:02}-{day:02}T09:12:05.000+0000"


def _accounts():
    for number, (name, domain, city, code, size) in enumerate(world.COMPANIES):
        parent = {1: key("001", 0), 2: key("001", 98)}.get(number, "")
        yield (
            *(key("001", number), "false", name, "Customer", parent),
            *(f"{number + 1} Harbour Road", city, code, "Germany"),
            *(f"+49 431 55501{number:02}", f"https://www.{domain}.example.com"),
            *("Retail", size, user(number), _stamp(number + 1), user(1), _stamp(28)),
        )
    yield (
        *(key("001", 90), "false", "Elm Dental", "Prospect", key("001", 4)),
        *("9 Second Road", "Gera", "07545", "Germany", "", "", "Retail", 3, user(0)),
        *(_stamp(20), user(1), _stamp(28)),
    )


def _contacts():
    for number, (first, last, company, title) in enumerate(world.PEOPLE):
        yield (
            *(key("003", number), key("001", company), last, first, "Ms."),
            *(f"+49 431 66601{number:02}", f"+49 170 77701{number:02}"),
            *(world.address(number), title, f"1980-05-{number + 1:02}", user(number)),
            *(("false", "true")[number % 2], _stamp(number + 1, 12), user(1)),
        )


def _opportunities():
    for number, (name, person, amount, state) in enumerate(world.DEALS):
        yield (
            *(key("006", number), key("001", world.PEOPLE[person][2]), name),
            *(STAGES[state], amount, {"open": 40, "won": 100, "lost": 0}[state]),
            *(amount / 2, f"2024-07-{number + 1:02}", "New Business", "Website"),
            *(str(state != "open").lower(), str(state == "won").lower()),
            *(user(number), _stamp(number + 1), key("003", person), 12 + number),
        )
    yield (
        *(key("006", 90), "", "Stray", "Negotiation", 100, 40, 40, "2024-08-01"),
        *("New Business", "Website", "false", "false", key("005", 77), _stamp(9)),
        *("", ""),
    )


def _leads():
    for number in range(6):
        yield (
            *(key("00Q", number), f"Lead{number}", "Lou", "Buyer", f"Fresh {number}"),
            *(f"lou{number}@fresh.example.com", ("Website", "Fair")[number % 2]),
            *(("New", "Contacted")[number % 2], user(number), "false"),
            _stamp(number + 1),
        )


def _tasks():
    for number, (name, person, *_rest) in enumerate(world.DEALS):
        lead = number % 4 == 3
        who = key("00Q", number // 4) if lead else key("003", person)
        what = key("001", world.PEOPLE[person][2])
        what = "" if lead else (key("006", number) if number % 2 else what)
        done = number % 3 == 0
        yield (
            *(key("00T", number), who, what, f"Call about {name}"),
            *(f"2030-06-{number + 1:02}", "Completed" if done else "Not Started"),
            *("Normal", user(number), "In the morning.", str(done).lower()),
            *(_stamp(number + 1), "2024-05-05T12:00:00.000+0000" if done else ""),
        )
    yield (
        *(key("00T", 90), "", "", "About nothing", "2030-07-01", "Not Started"),
        *("Normal", user(0), "", "false", _stamp(9), ""),
    )
