"""A small export with cases, their invoices and items, and trust balances."""

from .common import csv_text

CONTACTS = [
    ("contact_id", "full_name", "email"),
    ("P1", "Mara Quill", "mara@harbour.example.com"),
    ("P2", "Otto Reed", "otto@dockside.example.com"),
]
CASES = [
    ("case_id", "case_number", "title", "contact_id", "owner_email"),
    ("K1", "2024-001", "Crane damage", "P1", "anna@example.com"),
    ("K2", "2024-002", "Berth lease", "P2", "anna@example.com"),
]
INVOICES = [
    ("invoice_id", "invoice_number", "contact_id", "case_id", "invoice_date")
    + ("due_date", "currency", "subtotal", "tax_amount", "total", "status"),
    ("I1", "R-100", "P1", "K1", "2024-03-01", "2024-03-31", "USD")
    + ("525.00", "99.75", "624.75", "Sent"),
    ("I2", "R-101", "", "K2", "2024-03-05", "", "EUR", "-80.00", "", "-80.00", "Open"),
    ("I3", "R-102", "P2", "K2", "2024-03-09", "", "", "", "", "45.00", "Paid"),
]
ITEMS = [
    ("item_id", "invoice_id", "description", "hours", "rate", "amount", "tax_rate"),
    ("L1", "I1", "Advice", "2.5", "200.00", "500.00", "19%"),
    ("L2", "I1", "Copies", "", "", "25.00", "19%"),
    ("L3", "I2", "Credit for the survey", "1", "-80.00", "-80.00", ""),
]
TRUST = [
    ("trust_id", "description", "case_id", "contact_id", "balance", "currency")
    + ("as_of", "notes"),
    ("T1", "Retainer", "K1", "P1", "1,200.50", "USD", "2024-03-31", "Bank slip 7"),
    ("T2", "Court fees", "K1", "P1", "-200.25", "USD", "2024-03-31", ""),
    ("T3", "Retainer", "K2", "P2", "300.00", "EUR", "2024-03-31", ""),
]


def export(**changed):
    """``{file name: CSV}``; ``changed`` has rows to use in place of those above.

    None leaves a file out.
    """
    tables = {
        "contacts": CONTACTS,
        "cases": CASES,
        "invoices": INVOICES,
        "invoice_items": ITEMS,
        "trust_balances": TRUST,
        **changed,
    }
    return {f"{name}.csv": csv_text(*rows) for name, rows in tables.items() if rows}


def replaced(rows, source_id, **values):
    """``rows`` with other values, by column, in the row of this id."""
    head = rows[0]
    return [
        tuple(
            values.get(name, cell) if row[0] == source_id else cell
            for name, cell in zip(head, row, strict=True)
        )
        for row in rows
    ]
