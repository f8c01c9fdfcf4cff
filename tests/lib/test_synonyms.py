"""The table of synonyms that is shipped."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

from lib.values.names import match_key

_DATA = Path(__file__).parents[2] / "data" / "generic"
_LANGUAGES = {"", "en_US", "de_DE", "fr_FR", "es_ES", "pt_PT", "it_IT", "nl_NL"}


def _rows(name):
    with (_DATA / f"migration.{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _vocabulary():
    """``{object: {meanings}}`` of the columns that an export can have."""
    meanings = {row["name"]: set() for row in _rows("source.object")}
    for row in _rows("source.field"):
        if row["kind"] != "constant" and " + " not in row["name"]:
            meanings[row["object_id/id"].removeprefix("generic_")].add(row["name"])
    return meanings


def test_every_row_belongs_to_an_object_and_a_meaning_that_exist():
    vocabulary = _vocabulary()
    anywhere = set().union(*vocabulary.values())
    for row in _rows("synonym"):
        known = vocabulary[row["object"]] if row["object"] else anywhere
        assert row["meaning"] in known or (row["object"] and not row["meaning"]), row


def test_every_row_has_a_name_a_known_language_and_an_id_of_its_own():
    rows = _rows("synonym")
    ids = Counter(row["id"] for row in rows)
    assert [id_ for id_, count in ids.items() if count > 1] == []
    for row in rows:
        assert match_key(row["name"]) and row["name"] == row["name"].strip(), row
        assert row["lang"] in _LANGUAGES, row
        scope, word = row["object"] or "any", row["meaning"] or "word"
        assert row["id"].startswith(f"synonym_{scope}_{word}_"), row


def test_a_name_stands_for_one_meaning_of_an_object_and_is_given_once():
    rows = _rows("synonym")
    twice = []
    for name, meanings in _vocabulary().items():
        found = defaultdict(list)
        for meaning in meanings:
            found[match_key(meaning)].append(meaning)
        for row in rows:
            if row["meaning"] in meanings and row["object"] in ("", name):
                found[match_key(row["name"])].append(row["meaning"])
        twice += [(name, key, said) for key, said in found.items() if len(said) > 1]
    assert twice == []


def test_a_word_stands_for_one_object():
    words = defaultdict(list)
    for row in _rows("synonym"):
        if not row["meaning"]:
            words[match_key(row["name"])].append(row["object"])
    assert {key: said for key, said in words.items() if len(said) > 1} == {}


def test_every_object_and_every_meaning_has_names():
    rows = _rows("synonym")
    named = {(row["object"], row["meaning"]) for row in rows}
    for name, meanings in _vocabulary().items():
        assert (name, "") in named, name
        for meaning in meanings:
            assert {("", meaning), (name, meaning)} & named, (name, meaning)
