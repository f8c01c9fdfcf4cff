"""A HubSpot export: objects linked by ids and by names, notes and tasks by them.

Wrong on purpose: two companies are called “Amber Bakery”; “Uma Lund” has no company and
“Vic Mohr” one that is not exported; an address is “not-an-address”; the deal “Stray” is
Ghost Writer's, whom no user list knows; a note is about a deal that is not there.
"""

from ..common import csv_text
from . import world

COMPANY = (
    *("Record ID", "Company name", "Company Domain Name", "Company owner"),
    *("Create Date", "Phone Number", "City", "Postal Code", "Country/Region"),
    *("Industry", "Number of Employees", "Lifecycle Stage", "Parent Company"),
    *("Number of Associated Contacts", "Year Founded"),
)
CONTACT = (
    *("Record ID", "First Name", "Last Name", "Email", "Phone Number"),
    *("Mobile Phone Number", "Contact owner", "Create Date", "Job Title"),
    *("Associated Company", "Associated Company IDs", "Lifecycle Stage"),
    *("Date of birth", "Unsubscribed from all email"),
)
DEAL = (
    *("Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Currency"),
    *("Deal owner", "Create Date", "Close Date", "Deal Type", "Closed Lost Reason"),
    *("Deal probability", "Priority", "Associated Company"),
    *("Associated Company IDs (Primary)", "Associated Contact IDs"),
)
NOTE = (
    *("Record ID", "Note body", "Activity date", "Activity assigned to"),
    *("Associated Contact IDs", "Associated Deal IDs"),
)
TASK = (
    *("Record ID", "Task Title", "Notes", "Task Status", "Due Date", "Assigned to"),
    *("Completed at", "Associated Contact IDs", "Associated Deal IDs"),
)
STAGES = {"open": "Proposal sent", "won": "Closed Won", "lost": "Closed Lost"}


def files():
    return {
        "hubspot-crm-exports-all-companies.csv": csv_text(COMPANY, *_companies()),
        "hubspot-crm-exports-all-contacts.csv": csv_text(CONTACT, *_contacts()),
        "hubspot-crm-exports-all-deals.csv": csv_text(DEAL, *_deals()),
        "hubspot-crm-exports-notes.csv": csv_text(NOTE, *_notes()),
        "hubspot-crm-exports-tasks.csv": csv_text(TASK, *_tasks()),
    }


def company_id(number):
    return str(14937821800 + number)


def contact_id(number):
    return str(29123738400 + number)


def deal_id(number):
    return str(37209947800 + number)


def _companies():
    for number, (name, domain, city, code, size) in enumerate(world.COMPANIES):
        yield (
            *(company_id(number), name, f"{domain}.example.com", world.owner(number)),
            *(f"2023-11-{number + 1:02} 09:12", f"+49 431 55501{number:02}", city),
            *(code, "Germany", ("RETAIL", "LOGISTICS")[number % 2], size, "Customer"),
            *("", 2, 1990 + number),
        )
    yield (
        *(company_id(90), "Amber Bakery", "amber-south.example.com", "Tim Roth"),
        *("2023-12-01 10:00", "", "Lindau", "88131", "Germany", "RETAIL", 4),
        *("Customer", "Amber Bakery", 0, 2004),
    )


def _contacts():
    for number, (first, last, company, title) in enumerate(world.PEOPLE):
        yield (
            *(contact_id(number), first, last, world.address(number)),
            *(f"+49 431 66601{number:02}", f"+49 170 77701{number:02}"),
            *(world.owner(number), f"2024-01-{number + 1:02} 08:30", title),
            *(world.COMPANIES[company][0], company_id(company), "Customer"),
            *(f"1984-03-{number + 1:02}", ("true", "false")[number % 2]),
        )
    rest = ("", "", "Anna Berg", "2024-02-01 08:00", "Guest")
    yield (
        *(contact_id(90), "Uma", "Lund", "uma@example.com", *rest, "", ""),
        *("Lead", "", ""),
    )
    yield (
        *(contact_id(91), "Vic", "Mohr", "not-an-address", *rest),
        *("Gone Ltd", company_id(99), "Lead", "", ""),
    )


def _deals():
    for number, (name, person, amount, state) in enumerate(world.DEALS):
        company = world.PEOPLE[person][2]
        yield (
            *(deal_id(number), name, STAGES[state], ("Sales", "Partners")[number % 2]),
            *(amount, "EUR", world.owner(number), f"2024-03-{number + 1:02} 11:00"),
            *(f"2024-07-{number + 1:02}", "New Business"),
            *("Too dear" if state == "lost" else "",),
            *({"open": "40", "won": "100", "lost": "0"}[state], "High"),
            *(world.COMPANIES[company][0], company_id(company), contact_id(person)),
        )
    yield (
        *(deal_id(90), "Stray", "Proposal sent", "Sales", 100, "EUR", "Ghost Writer"),
        *("2024-04-01 11:00", "2024-08-01", "New Business", "", "40", "Low"),
        *("", "", ""),
    )


def _notes():
    for number, (name, person, *_rest) in enumerate(world.DEALS):
        deal = deal_id(number) if number % 2 else ""
        yield (
            *(str(109630429400 + number), f"Talked about {name}."),
            *(f"2024-04-{number + 1:02} 09:15", world.owner(number)),
            *("" if deal else contact_id(person), deal),
        )
    yield ("109630429490", "Lost thread.", "2024-04-20 09:15", "Anna Berg", "", "999")


def _tasks():
    for number, (name, person, *_rest) in enumerate(world.DEALS):
        done = number % 3 == 0
        yield (
            *(str(64600843600 + number), f"Call about {name}", "In the morning."),
            *("Completed" if done else "Not started", f"2030-06-{number + 1:02} 10:00"),
            *(world.owner(number), "2024-05-05 12:00" if done else ""),
            *(contact_id(person), deal_id(number)),
        )
