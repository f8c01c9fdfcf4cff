"""What the words of CRM systems mean."""

import pytest

from lib.values.vocabulary import is_prospect, meaning, outcome


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("Closed Won", "won"),
        ("closed_won", "won"),
        ("Gewonnen", "won"),
        ("GAGNÉ", "won"),
        ("ganado", "won"),
        ("Vinto", "won"),
        ("Wygrana", "won"),
        ("Выиграна", "won"),
        ("赢单", "won"),
        ("7 - Closed Won", "won"),
        ("Verloren", "lost"),
        ("Abgelehnt", "lost"),
        ("perdu", "lost"),
        ("Closed Lost", "lost"),
        ("Closed – Lost to competitor", "lost"),
        ("Offen", "open"),
        ("In Progress", "open"),
        ("en cours", "open"),
        ("Closed", None),
        ("not won", None),
        ("Nicht gewonnen", None),
        ("Won/Lost", None),
        ("Qualification", None),
        ("New York office", None),
        ("Win-back campaign", None),
        ("", None),
        (None, None),
    ],
)
def test_a_stage_or_status_means_won_lost_open_or_nothing(value, result):
    assert outcome(value) == result


def test_a_whole_word_is_told_from_a_part():
    assert meaning("Lost", "OUTCOMES") == ("lost", True)
    assert meaning("Lost to competitor", "OUTCOMES") == ("lost", False)


@pytest.mark.parametrize(
    ("value", "name", "key"),
    [
        ("Erledigt", "DONE", "1"),
        ("À faire", "DONE", "0"),
        ("Not Started", "DONE", "0"),
        ("not completed", "DONE", "0"),
        ("Anruf", "ACTIVITIES", "call"),
        ("Outbound call – no answer", "ACTIVITIES", "call"),
        ("Rückruf", "ACTIVITIES", None),
        ("Réunion", "ACTIVITIES", "meeting"),
        ("E-Mail", "ACTIVITIES", "email"),
        ("Email / Call", "ACTIVITIES", None),
        ("Wiedervorlage", "ACTIVITIES", "todo"),
        ("1 - High", "PRIORITIES", "2"),
        ("Hot", "PRIORITIES", "2"),
        ("Sehr hoch", "PRIORITIES", "3"),
        ("Medium/High", "PRIORITIES", None),
        ("5", "PRIORITIES", None),
    ],
)
def test_words_of_a_vocabulary_have_one_meaning(value, name, key):
    found = meaning(value, name)
    assert (found and found[0]) == key


def test_prospects_are_told_from_clients():
    assert is_prospect("Prospect")
    assert is_prospect("New Inquiry")
    assert not is_prospect("Litigation")
    assert not is_prospect("Not a prospect")
    assert not is_prospect("")
