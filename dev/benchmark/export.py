"""The export that both sides load, made of the generator's rows."""

from generator import history, masters, setup
from generator.formats import Dialect, write_csv
from generator.layout import TABLES, record_id
from generator.world import Sizes, World

SEED = 19
# The importing user, who owns more than half of the records, and others.
OWNERS = (
    "admin@yourcompany.example.com",
    "anna.berg@bench.example",
    "ben.cole@bench.example",
    "carla.diaz@bench.example",
)


def write_export(folder, rows):
    """Write an export to the empty ``folder``, a ``pathlib.Path``.

    It has ``rows`` contacts, most of them with a company, as many deals with a
    partner and its e-mail, and as many notes, each on a deal; companies are a tenth
    of that.
    """
    sizes = Sizes(
        companies=-(-rows // 10),
        contacts=rows,
        deals=rows,
        activities=0,
        notes=rows,
        files=0,
    )
    world = World(SEED, sizes, OWNERS)
    tables = {
        "users": setup.user_rows(world),
        "pipelines": setup.pipeline_rows(world),
        "stages": setup.stage_rows(world),
        "tags": setup.tag_rows(world),
        "custom_fields": setup.custom_field_rows(world),
        "companies": masters.company_rows(world),
        "contacts": _contacts(world),
        "deals": _deals(world),
        "notes": _notes(world),
    }
    more = {"contacts": ("company_id",), "deals": ("contact_email",)}
    for name, table in tables.items():
        columns = (*TABLES[name], *more.get(name, ()))
        with open(folder / f"{name}.csv", "wb") as stream:
            write_csv(stream, columns, table, Dialect())


def _contacts(world):
    for index, row in enumerate(masters.contact_rows(world)):
        company = world.primary_company(index)
        row["company_id"] = "" if company is None else record_id("companies", company)
        yield row


def _deals(world):
    for index, row in enumerate(history.deal_rows(world)):
        contact = world.deal_contact(index)
        row["contact_email"] = "" if contact is None else world.person(contact)[2]
        yield row


def _notes(world):
    for index, row in enumerate(history.note_rows(world)):
        # Neighbours in the file are not neighbours in the database.
        deal = index * 7919 % world.sizes.deals
        yield {**row, "related_type": "deal", "related_id": record_id("deals", deal)}
