"""Deals and what happened around them: activities, notes and files."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from . import words
from .dice import Dice
from .documents import document
from .layout import LIST_SEPARATOR, record_id
from .masters import audit_columns, tags_of
from .setup import stages_of

# Open activities are planned from here on, so that a load in 2026 does not find
# most of them overdue.
_PLANNED_FROM = datetime(2026, 12, 1, 8, 0)
_OVERDUE_FROM = datetime(2026, 9, 1, 8, 0)


def _optional_id(table, index):
    return "" if index is None else record_id(table, index)


def _deal_state(world, dice, created):
    """The columns that hang together: pipeline, stage, status and their times."""
    pipeline = dice.pick((0, 0, 0, 1, 1, 2))
    stages = stages_of(pipeline)
    status = dice.pick(("open",) * 9 + ("won",) * 7 + ("lost",) * 4)
    stage = stages[-1] if status == "won" else dice.pick(stages[:-1])
    entered = world.later(created, dice.between(5, 60) / 100)
    row = {
        "pipeline_id": f"PL-{pipeline + 1}",
        "stage_id": stage[0],
        "probability": "" if dice.chance(0.3) else stage[2],
        "status": status,
        "lost_reason": "",
        "closed_at": "",
        "stage_entered_at": entered,
    }
    if status == "open":
        row["close_date"] = (_PLANNED_FROM + timedelta(days=dice.below(400))).date()
        return row
    closed = entered if status == "won" else world.later(entered, 0.2)
    row["close_date"] = closed.date()
    row["closed_at"] = closed
    if status == "lost":
        row["probability"] = 0
        row["lost_reason"] = dice.pick(words.LOST_REASONS)
    return row


def deal_rows(world):
    """Rows of ``deals``."""
    dice = Dice(world.seed, "deals")
    for index in range(world.sizes.deals):
        dice.restart(index)
        company = world.deal_company(index)
        contact = world.deal_contact(index)
        if company is not None:
            customer = world.company_name(company)
        elif contact is not None:
            customer = " ".join(world.person(contact)[:2])
        else:
            customer = "Walk-in"
        created = world.created("deals", index)
        cents = dice.between(40, 9000) * 2550
        ends = created.date() + timedelta(days=365)
        row = {
            "deal_id": record_id("deals", index),
            "name": f"{customer}: {dice.pick(words.DEAL_SUBJECTS)}",
            **_deal_state(world, dice, created),
            "amount": Decimal(cents).scaleb(-2),
            "currency": dice.pick(("USD", "USD", "USD", "USD", "EUR", "GBP")),
            "company_id": _optional_id("companies", company),
            "contact_id": _optional_id("contacts", contact),
            "owner_email": world.owner("deals", index),
            "tags": tags_of(dice, "deal"),
            "notes": dice.pick(words.OUTCOMES) if dice.chance(0.7) else "",
            "cf_region": dice.pick(("North", "South", "East", "West", "")),
            "cf_discount": dice.pick((0, 2, 5, Decimal("7.5"), 10)),
            "cf_budget": Decimal(cents + cents // 5).scaleb(-2),
            "cf_contract_end": ends if dice.chance(0.5) else "",
            "cf_nda_signed": dice.chance(0.3),
            "cf_competitor": dice.pick(words.COMPETITORS),
            "cf_requirements": "Delivery in two lots.\nTraining on site."
            if dice.chance(0.1)
            else "",
        }
        row.update(audit_columns(world, dice, "deals", index))
        # A deal that was closed or moved on has been updated at that moment.
        last = row["closed_at"] or row["stage_entered_at"]
        row["updated_at"] = max(row["updated_at"], last)
        yield row


_CALL_NAMES = {"call": "Call about", "email": "E-mail about", "meeting": "Meeting on"}


def activity_rows(world):
    """Rows of ``activities``: three in four are done, the others mostly planned."""
    dice = Dice(world.seed, "activities")
    for index in range(world.sizes.activities):
        dice.restart(index)
        kind = dice.pick(("call", "call", "email", "meeting"))
        created = world.created("activities", index)
        done = dice.chance(0.75)
        if done:
            done_at = world.later(created, dice.below(100) / 1000)
            due = done_at.replace(minute=done_at.minute // 15 * 15, second=0)
        else:
            done_at = ""
            start = _OVERDUE_FROM if dice.chance(0.08) else _PLANNED_FROM
            due = start + timedelta(
                days=dice.below(60 if start is _OVERDUE_FROM else 200),
                minutes=15 * dice.below(36),
            )
        yield {
            "activity_id": record_id("activities", index),
            "type": kind,
            "subject": f"{_CALL_NAMES[kind]} {dice.pick(words.TOPICS)}",
            "body": dice.pick(words.OUTCOMES) if done else "",
            "status": "done" if done else "open",
            "due_date": due,
            "done_at": done_at,
            "owner_email": world.owner("activities", index),
            **world.related_columns("activities", index),
            "duration_minutes": "" if kind == "email" else dice.pick((10, 30, 60, 90)),
            "created_at": created,
            "created_by": dice.pick(world.owners),
        }


def note_rows(world):
    """Rows of ``notes``."""
    dice = Dice(world.seed, "notes")
    for index in range(world.sizes.notes):
        dice.restart(index)
        files = [record_id("files", file) for file in world.files_of_note(index)]
        yield {
            "note_id": record_id("notes", index),
            "body": f"Spoke about {dice.pick(words.TOPICS)}. "
            f"{dice.pick(words.OUTCOMES)}",
            **world.related_columns("notes", index),
            "author_email": world.owner("notes", index),
            "created_at": world.created("notes", index),
            "file_ids": LIST_SEPARATOR.join(files),
        }


def file_rows(world):
    """Rows of ``files``; their sizes and checksums are those of the documents."""
    for index in range(world.sizes.files):
        note = world.note_of_file(index)
        name, mime_type, content = document(world, index)
        file_id = record_id("files", index)
        if note is None:
            uploaded_at = world.created("files", index)
            uploaded_by = world.owner("files", index)
        else:
            uploaded_at = world.created("notes", note)
            uploaded_by = world.owner("notes", note)
        yield {
            "file_id": file_id,
            "file_name": name,
            "path": f"documents/{file_id}/{name}",
            "mime_type": mime_type,
            "size": len(content),
            "sha1": hashlib.sha1(content).hexdigest(),
            **world.related_columns("files", index),
            "uploaded_by": uploaded_by,
            "uploaded_at": uploaded_at,
            "note_id": _optional_id("notes", note),
        }
