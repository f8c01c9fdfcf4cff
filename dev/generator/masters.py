"""Companies, contacts and the links between them, row by row."""

from datetime import timedelta

from . import words
from .dice import Dice
from .layout import LIST_SEPARATOR, record_id


def tags_of(dice, kind):
    """Up to two tags of ``kind``, joined as the export joins lists."""
    names = [tag[0] for tag in words.TAGS[kind]]
    chosen = {dice.below(len(names)) for _ in range(dice.pick((0, 0, 1, 1, 2)))}
    return LIST_SEPARATOR.join(names[place] for place in sorted(chosen))


def audit_columns(world, dice, table, index):
    """``created_at``, ``updated_at`` and ``created_by`` of a record."""
    created = world.created(table, index)
    return {
        "created_at": created,
        "updated_at": world.later(created, dice.below(1000) / 1000),
        "created_by": dice.pick(world.owners),
    }


def _address(dice, country):
    name, _suffixes, _phone, _mobile, streets, cities = country
    city, state, code = dice.pick(cities)
    return {
        "street": dice.pick(streets).format(dice.between(1, 180)),
        "city": city,
        "state": state,
        "zip": code,
        "country": name,
    }


def company_rows(world):
    """Rows of ``companies``."""
    dice = Dice(world.seed, "companies")
    for index in range(world.sizes.companies):
        dice.restart(index)
        country = world.country(index)
        domain = world.company_domain(index)
        parent = world.parent_company(index)
        since = world.created("companies", index).date()
        row = {
            "company_id": record_id("companies", index),
            "name": world.company_name(index),
            "website": f"https://www.{domain}",
            "email": f"info@{domain}",
            "phone": dice.digits(country[2]),
            **_address(dice, country),
            "street2": dice.pick(("", "", "", "Building B", "2nd floor")),
            "industry": dice.pick(words.INDUSTRIES),
            "employee_count": dice.pick((4, 12, 25, 60, 140, 380, 1200)),
            "parent_company_id": ""
            if parent is None
            else record_id("companies", parent),
            "owner_email": world.owner("companies", index),
            "description": dice.pick(words.DESCRIPTIONS),
            "tags": tags_of(dice, "contact"),
            "cf_tier": dice.pick(("Gold", "Silver", "Bronze", "")),
            "cf_annual_revenue": dice.between(2, 900) * 25_000,
            "cf_customer_since": since - timedelta(days=dice.below(900)),
            "cf_reference_customer": dice.chance(0.2),
        }
        row.update(audit_columns(world, dice, "companies", index))
        yield row


def contact_rows(world):
    """Rows of ``contacts``; their texts fit into Windows' western code page."""
    dice = Dice(world.seed, "contacts")
    for index in range(world.sizes.contacts):
        dice.restart(index)
        first, last, email = world.person(index)
        company = world.primary_company(index)
        country = world.country(index if company is None else company)
        met = world.created("contacts", index).date()
        row = {
            "contact_id": record_id("contacts", index),
            "first_name": first,
            "last_name": last,
            "email": email,
            "phone": dice.digits(country[2]) if dice.chance(0.7) else "",
            "mobile": dice.digits(country[3]) if dice.chance(0.5) else "",
            "job_title": dice.pick(words.JOB_TITLES),
            **_address(dice, country),
            "owner_email": world.owner("contacts", index),
            "tags": tags_of(dice, "contact"),
            "description": dice.pick(words.DESCRIPTIONS),
            "cf_language": dice.pick(("English", "German", "French", "Swedish", "")),
            "cf_newsletter": dice.chance(0.4),
            "cf_lead_score": dice.between(0, 100) if dice.chance(0.8) else "",
            "cf_first_met": met if dice.chance(0.6) else "",
            "cf_assistant": dice.pick(("", "", "Frau Brandt", "Mme Leroy")),
        }
        row.update(audit_columns(world, dice, "contacts", index))
        yield row


def link_rows(world):
    """Rows of ``contact_companies``."""
    dice = Dice(world.seed, "links")
    for index in range(world.sizes.contacts):
        dice.restart(index)
        for company, primary in world.links(index):
            yield {
                "contact_id": record_id("contacts", index),
                "company_id": record_id("companies", company),
                "is_primary": primary,
                "role": "Employee" if primary else dice.pick(words.ROLES[1:]),
            }
