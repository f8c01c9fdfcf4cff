"""One large German table: company, person and deal in each row, numbers as 1.234,50.

Wrong on purpose: a row without a company, one without a person and company, one of an
owner nobody knows, and a lost deal without its reason.
"""

from ..common import csv_text
from . import world

HEADER = (
    *("Deal - Titel", "Deal - Besitzer", "Deal - Pipeline", "Deal - Phase"),
    *("Deal - Wert", "Deal - Währung", "Deal - Erwartetes Abschlussdatum"),
    *("Deal - Status", "Deal - Verlustgrund", "Deal - Label"),
    *("Deal - Deal erstellt", "Deal - Datum des gewonnenen Deals"),
    *("Deal - Datum des verlorenen Deals", "Deal - Vertragsdauer"),
    *("Organisation - Name", "Organisation - Adresse", "Person - Name"),
    *("Person - E-Mail", "Person - Telefon"),
)
STATES = {"open": "Offen", "won": "Gewonnen", "lost": "Verloren"}


def files():
    return {"deals-export.csv": csv_text(HEADER, *_rows(), delimiter=";")}


def german(amount):
    """A number as it is written in German: 12.500,50."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _rows():
    for number, (name, person, amount, state) in enumerate(world.DEALS):
        day = number + 14
        company = world.COMPANIES[world.PEOPLE[person][2]]
        yield (
            *(name, world.owner(number), ("Vertrieb", "Partner")[number % 2]),
            *(("Angebot", "Verhandlung")[number // 6], german(amount), "EUR"),
            *(f"{day}.12.2024", STATES[state]),
            *("Zu teuer" if state == "lost" and number != 11 else "",),
            *("VIP, Messe" if number % 3 else "VIP", f"{day}.03.2024 09:30"),
            *(f"{day}.06.2024 10:00" if state == "won" else "",),
            *(f"{day}.07.2024 11:00" if state == "lost" else "", number + 6),
            *(company[0], f"Hafenstr. {number + 1}, {company[3]} {company[2]}"),
            *(world.full_name(person), world.address(person), f"0431 666{number:03}"),
        )
    common = ("14.12.2024", "Offen", "", "", "14.03.2024 09:30", "", "", "")
    yield (
        *("Ohne Firma", "Anna Berg", "Vertrieb", "Angebot", "50,00", "EUR", *common),
        *("", "", "Uma Lund", "uma@example.com", ""),
    )
    yield (
        *("Fremd", "Gast Gustav", "Vertrieb", "Angebot", "75,00", "EUR", *common),
        *("", "", "", "", ""),
    )
