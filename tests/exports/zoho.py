"""A Zoho export: ids that begin with zcrm_, owners by name, accounts by name and id.

Wrong on purpose: a contact without account, a parent account that is not exported, and
a deal of an owner nobody knows.
"""

from ..common import csv_text
from . import world

ACCOUNT = (
    *("Record Id", "Account Owner", "Account Name", "Account Number", "Account Type"),
    *("Parent Account", "Phone", "Website", "Industry", "Employees"),
    *("Annual Revenue", "Billing Street", "Billing City", "Billing Code"),
    *("Billing Country", "Created Time", "Created By", "Tag"),
)
CONTACT = (
    *("Record Id", "Contact Owner", "Lead Source", "First Name", "Last Name"),
    *("Account Name", "Account Name.id", "Email", "Title", "Phone", "Home Phone"),
    *("Mobile", "Date of Birth", "Mailing City", "Created Time", "Created By"),
)
DEAL = (
    *("Record Id", "Deal Owner", "Amount", "Deal Name", "Closing Date"),
    *("Account Name", "Account Name.id", "Stage", "Type", "Probability (%)"),
    *("Next Step", "Lead Source", "Contact Name", "Reason For Loss", "Created By"),
    *("Created Time", "Modified Time", "Sales Cycle Duration"),
)
STAGES = {"open": "Qualification", "won": "Closed Won", "lost": "Closed Lost"}


def files():
    return {
        "Accounts_001.csv": csv_text(ACCOUNT, *_accounts()),
        "Contacts_001.csv": csv_text(CONTACT, *_contacts()),
        "Deals_001.csv": csv_text(DEAL, *_deals()),
    }


def key(kind, number):
    return f"zcrm_5210000000{kind}{number:05}"


def _accounts():
    for number, (name, domain, city, code, size) in enumerate(world.COMPANIES):
        parent = {1: "Amber Bakery", 2: "Gone Holding"}.get(number, "")
        yield (
            *(key(31, number), world.owner(number), name, 1001 + number, "Customer"),
            *(parent, f"+49 431 55501{number:02}", f"https://{domain}.example.com"),
            *("Retail", size, size * 100000, f"{number + 1} Quay Street", city, code),
            *("Germany", f"2023-11-{number + 1:02} 09:12:05", "Tim Roth"),
            "VIP" if number % 3 else "VIP,Fair",
        )


def _contacts():
    for number, (first, last, company, title) in enumerate(world.PEOPLE):
        yield (
            *(key(32, number), world.owner(number), "Trade Show", first, last),
            *(world.COMPANIES[company][0], key(31, company), world.address(number)),
            *(title, f"+49 431 66601{number:02}", f"+49 431 88801{number:02}"),
            *(f"+49 170 77701{number:02}", f"1984-03-{number + 1:02}", "Kiel"),
            *(f"2024-01-{number + 1:02} 08:30:00", "Anna Berg"),
        )
    yield (
        *(key(32, 90), "Anna Berg", "Cold Call", "Uma", "Lund", "", ""),
        *("uma@example.com", "", "", "", "", "", "", "2024-02-01 08:00:00", ""),
    )


def _deals():
    for number, (name, person, amount, state) in enumerate(world.DEALS):
        company = world.PEOPLE[person][2]
        yield (
            *(key(33, number), world.owner(number), f"{amount:.2f}", name),
            *(f"2024-07-{number + 1:02}", world.COMPANIES[company][0]),
            *(key(31, company), STAGES[state], "New Business"),
            *({"open": 20, "won": 100, "lost": 0}[state], "Send quote", "Trade Show"),
            *(world.full_name(person), "Price" if state == "lost" else "", "Tim Roth"),
            *(f"2024-03-{number + 1:02} 11:00:00", f"2024-04-{number + 1:02} 11:00:00"),
            30 + number,
        )
    yield (
        *(key(33, 90), "Ghost Writer", "100.00", "Stray", "2024-08-01", "", ""),
        *("Qualification", "", 20, "", "", "", "", "", "2024-04-01 11:00:00", "", ""),
    )
