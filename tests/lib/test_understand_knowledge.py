"""What is known of objects and columns, from the data files."""

import csv

from lib.understand import Meaning, ObjectKnowledge
from lib.understand.knowledge import gather, read_knowledge


def write(path, *lines):
    with open(path, "w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(lines)


def write_knowledge(folder):
    write(
        folder / "migration.source.object.csv",
        ["id", "name", "label", "file_patterns"],
        ["generic_deal", "deal", "Deals", "deals,deal, *_deals"],
    )
    write(
        folder / "migration.source.field.csv",
        ["id", "object_id/id", "name", "kind", "synonyms", "ttype"],
        ["a", "generic_deal", "deal_id", "identifier", "", ""],
        ["b", "generic_deal", "deal_id", "direct", "", ""],
        ["c", "generic_deal", "type", "constant", "", ""],
        ["d", "generic_deal", "first_name + last_name", "joined", "", ""],
        ["e", "generic_deal", "amount", "direct", "value; worth", "float"],
        ["f", "generic_lead", "amount", "direct", "", ""],
    )


def test_knowledge_is_what_the_data_files_say(tmp_path):
    write_knowledge(tmp_path)
    write(
        tmp_path / "migration.synonym.csv",
        ["id", "object", "meaning", "name"],
        ["1", "deal", "amount", "deal size"],
        ["2", "", "amount", "Betrag"],
        ["3", "deal", "", "opportunity"],
        ["4", "lead, task", "amount", "expected budget"],
    )
    assert read_knowledge(tmp_path) == [
        ObjectKnowledge(
            key="deal",
            name="deal",
            patterns=("deals", "deal", "*_deals"),
            meanings=(
                Meaning("deal_id", ("deal_id",), kind="identifier"),
                Meaning(
                    "amount",
                    ("amount", "value", "worth", "deal size", "Betrag"),
                    "float",
                ),
            ),
            words=("deal", "Deals", "opportunity"),
        )
    ]


def test_knowledge_needs_no_file_of_synonyms(tmp_path):
    write_knowledge(tmp_path)
    (deal,) = read_knowledge(tmp_path)
    assert deal.words == ("deal", "Deals")


def test_a_synonym_may_be_of_several_objects():
    names = gather([("deal, lead", "amount", "Harvest"), ("", "amount", "Sum")])
    assert names == {
        ("deal", "amount"): ["Harvest"],
        ("lead", "amount"): ["Harvest"],
        ("", "amount"): ["Sum"],
    }
