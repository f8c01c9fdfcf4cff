"""What Odoo offers for an automation is told from its words."""

import pytest

from lib.automations import Automation, suggest


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Deal stage changes", "on_stage_set"),
        ("Contact is created", "on_create_or_write"),
        ("Every day at nine", "on_time"),
        ("Owner assigned", "on_user_set"),
        ("Record deleted", "on_unlink"),
        ("Full moon", "by hand"),
    ],
)
def test_the_trigger_is_recognised_by_its_words(text, trigger):
    assert suggest(Automation(trigger=text))["trigger"] == trigger


def test_what_is_not_recognised_is_left_to_people():
    told = suggest(
        Automation(name="A", trigger="New lead", actions=("Howl", "Send SMS"))
    )
    assert [one["state"] for one in told["actions"]] == ["by hand", "sms"]
    assert told["open"] == ["Howl"]


def test_nothing_is_suggested_as_active():
    assert suggest(Automation(trigger="New lead"))["active"] is False
