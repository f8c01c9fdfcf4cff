"""A nameless workbook: a title above the header, totals below, words for nothing.

Its dates are written 03/04/2017; only one of them, with a 25, says which number is the
day. Two columns are called “Phone”, one has no name, and empty cells hold “n/a” or “-”.
"""

import io

from openpyxl import Workbook

from . import world

HEADER = (
    *("Customer", "Contact", "E-mail", "Phone", "Phone", "City", "Deal", "Value"),
    *("Status", "Closing", "Seller", None),
)


def files():
    book = Workbook()
    sheet = book.active
    sheet.append(("Sales list 2017",))
    sheet.append(("as of 31 December, sales office",))
    sheet.append(())
    for row in (HEADER, *_rows()):
        sheet.append(row)
    total = sum(one[2] for one in world.DEALS)
    sheet.append(("Total", *[None] * 6, total, *[None] * 4))
    stream = io.BytesIO()
    book.save(stream)
    return {"sales list.xlsx": stream.getvalue()}


def _rows():
    for number, (name, person, amount, state) in enumerate(world.DEALS):
        company = world.COMPANIES[world.PEOPLE[person][2]]
        day = 25 if number == 7 else number + 1
        yield (
            *(company[0], world.full_name(person), world.address(person)),
            *(f"0431 555{number:03}", "n/a" if number % 3 else f"0170 777{number:03}"),
            *(company[2] if number % 4 else "-", name, amount, state.title()),
            *(f"{day:02}/04/2017", world.owner(number), "x" if number == 3 else None),
        )
