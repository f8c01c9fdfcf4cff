"""What Odoo offers for an automation of another system; a person builds it.

Words of the trigger and of the actions are recognised; what is not is said to be so.
Names are those of Odoo 19: ``base.automation.trigger`` and
``ir.actions.server.state``.
"""

import re

_TRIGGERS = (
    ("on_webhook", r"webhook|http request"),
    ("on_stage_set", r"stage|status|state|pipeline step"),
    ("on_user_set", r"assign|owner"),
    ("on_tag_set", r"\btag|label"),
    ("on_unlink", r"delet|remov"),
    ("on_message_received", r"(?:mail|message|reply).*(?:receiv|incoming)"),
    ("on_time", r"timer|schedul|daily|weekly|every|overdue|due|before|after \d|days"),
    ("on_create_or_write", r"updat|chang|edit|modif|creat|new|add|submit|start"),
)
_ACTIONS = (
    ("webhook", r"webhook|http"),
    ("sms", r"\bsms\b|text message|whatsapp"),
    ("mail_post", r"mail|notif|remind|message|letter"),
    ("next_activity", r"task|call|activit|follow.?up|review|approv|meeting|to.?do"),
    ("object_create", r"creat|add (?:a |an )?(?:record|deal|contact|lead)"),
    ("object_write", r"set |updat|chang|assign|move|mark|field|stage|status"),
)
#: For what nothing else fits: code in Odoo, or left to people.
BY_HAND = "by hand"


def suggest(automation):
    """The blueprint of an :class:`Automation` in Odoo, as plain JSON.

    :return: ``{"model", "trigger", "filter", "actions": [{"state", "text"}], "open"}``;
        ``open`` lists what has to be decided by a person
    """
    trigger = _first(_TRIGGERS, automation.trigger)
    actions = automation.actions or tuple(step.name for step in automation.steps)
    found = [
        {"state": _first(_ACTIONS, text) or BY_HAND, "text": text} for text in actions
    ]
    unclear = [one["text"] for one in found if one["state"] == BY_HAND]
    if not trigger:
        unclear.insert(0, automation.trigger or "trigger")
    return {
        "name": automation.name,
        "model": "crm.lead",
        "trigger": trigger or BY_HAND,
        "filter": list(automation.conditions),
        "actions": found,
        "active": False,
        "open": unclear,
    }


def _first(rules, text):
    return next(
        (name for name, words in rules if re.search(words, text or "", re.IGNORECASE)),
        None,
    )
