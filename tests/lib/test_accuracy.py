"""How the bench counts what is understood of the headers."""

import csv
from types import SimpleNamespace

import pytest

from dev.benchmark.accuracy import (
    HELD_OUT,
    KNOWN,
    Column,
    Malformed,
    Table,
    evaluate,
    read_corpus,
    read_knowledge,
    report,
    wrong_of_known,
)
from lib.understand import Meaning, ObjectKnowledge, TableFacts


def reading(column, meaning=None, confidence=0.95, part=None):
    return SimpleNamespace(
        column=column,
        object="deal",
        meaning=meaning,
        confidence=confidence,
        reason="exact",
        part=part,
    )


def understanding(*readings, told="deal", seen=None):
    """A stand-in that answers every table with ``readings``, and notes the tables."""

    def understand(tables, objects):
        if seen is not None:
            seen.append(tables)
        return {
            table.key: SimpleNamespace(object=told, columns=readings)
            for table in tables
        }

    return SimpleNamespace(
        TableFacts=TableFacts,
        Meaning=Meaning,
        ObjectKnowledge=ObjectKnowledge,
        understand=understand,
    )


OBJECTS = [ObjectKnowledge("deal", "deal", (), (), ())]


def column(name, label, *values):
    return Column(name, tuple(label.split("|")), (*values, *[""] * (5 - len(values))))


def table(*columns, crm="one", name="deals", split=KNOWN, of="deal"):
    return Table(crm, name, of, split, columns)


def answer(label, one):
    """What becomes of a column labelled ``label`` when it is read as ``one``."""
    tables = [table(column("X", label))]
    return evaluate(tables, OBJECTS, understanding(*one))[KNOWN].answers[0]


@pytest.mark.parametrize(
    "label, one, right",
    [
        ("deal.name", [reading("X", "name")], True),
        ("deal.name", [reading("X", "stage")], False),
        ("deal.name|deal.stage", [reading("X", "stage")], True),
        ("deal.name", [reading("X")], False),
        ("custom", [reading("X")], True),
        ("ignored", [reading("X")], True),
        ("ignored", [reading("X", "name")], False),
        ("ignored|deal.status", [reading("X", "status")], True),
        ("ignored|deal.status", [reading("X")], True),
        ("company.website", [reading("X", part=("company", "website"))], True),
        ("custom", [reading("X", part=("company", "website"))], False),
        (
            "deal.contact_email",
            [reading("X", "contact_email", part=("contact", "email"))],
            True,
        ),
        ("custom", [], True),
        ("deal.name", [], False),
    ],
)
def test_a_column_is_right_when_one_of_its_labels_says_the_same(label, one, right):
    assert answer(label, one).right is right


def test_a_column_nothing_was_said_about_has_no_confidence():
    assert answer("custom", []).confidence == 0.0


def test_all_tables_of_a_crm_are_read_together():
    seen = []
    tables = [
        table(column("X", "deal.name")),
        table(column("Y", "deal.name"), crm="two"),
        table(column("Z", "deal.name"), name="people", of="contact"),
    ]
    evaluate(tables, OBJECTS, understanding(seen=seen))
    assert [[one.name for one in together] for together in seen] == [
        ["deals.csv", "people.csv"],
        ["deals.csv"],
    ]


def test_rows_without_any_value_are_left_out():
    seen = []
    tables = [table(column("X", "custom", "a", "", "c"), column("Y", "custom", "1"))]
    evaluate(tables, OBJECTS, understanding(seen=seen))
    assert seen[0][0].rows == [{"X": "a", "Y": "1"}, {"X": "c", "Y": ""}]


def test_the_report_counts_right_ones_by_confidence():
    tables = [
        table(
            column("A", "deal.name"),
            column("B", "deal.stage"),
            column("C", "custom"),
            column("D", "deal.amount"),
        )
    ]
    results = evaluate(
        tables,
        OBJECTS,
        understanding(
            reading("A", "name", 0.9),
            reading("B", "status", 0.97),
            reading("C", confidence=0.92),
            reading("D", "amount", 0.8),
        ),
    )
    lines = list(report(results))
    assert lines[:8] == [
        "known: 1 CRMs, 1 tables, 4 columns",
        "  columns right                3 of 4, 75.0 %",
        "  of those with a meaning      2 of 3, 66.7 %",
        "  objects of tables right      1 of 1, 100.0 %",
        "  at 0.9 and more             2 of 3, 66.7 %",
        "  of these with a proposal     1 of 2, 50.0 %",
        "  confidence      columns  right",
        "  0.9 and more          3   66.7 %",
    ]
    assert lines[8:11] == [
        "  0.8–0.9               1  100.0 %",
        "  0.6–0.8               0      –",
        "  below 0.6             0      –",
    ]


def test_a_table_taken_for_another_object_is_counted_wrong():
    results = evaluate(
        [table(column("A", "deal.name"))], OBJECTS, understanding(told="company")
    )
    assert "  objects of tables right      0 of 1, 0.0 %" in report(results)


def test_only_columns_of_the_known_part_are_ever_named():
    tables = [
        table(column("Open one", "deal.name")),
        table(column("Secret one", "deal.name"), crm="hidden", split=HELD_OUT),
    ]
    results = evaluate(tables, OBJECTS, understanding())
    lines = [*report(results), *wrong_of_known(results)]
    assert [line for line in lines if "Open one" in line] == [
        "one / deals / Open one: deal.name, got no meaning (0.00 )"
    ]
    assert not any("Secret one" in line or "hidden" in line for line in lines)


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(lines)


HEADER = ["column", "label", "value1", "value2", "value3", "value4", "value5"]


def write_corpus(folder, *lines):
    write(
        folder / "index.csv",
        ["crm", "table", "object", "split"],
        ["one", "deals", "deal", KNOWN],
    )
    if lines:
        write(folder / KNOWN / "one" / "deals.csv", HEADER, *lines)


def test_a_corpus_is_read_from_its_files(tmp_path):
    write_corpus(tmp_path, ["Titel", "deal.name|custom", "Größe", "b", "", "", ""])
    expected = table(column("Titel", "deal.name|custom", "Größe", "b"))
    assert read_corpus(tmp_path) == [expected]


@pytest.mark.parametrize(
    "lines, said",
    [
        ([], "does not exist"),
        ([["Titel", "", "", "", "", "", ""]], "line 2: column or label is empty"),
        ([["Titel", "custom", "", "", "", "", ""]] * 2, "a column is there twice"),
    ],
)
def test_a_malformed_corpus_is_said_and_not_guessed(tmp_path, lines, said):
    write_corpus(tmp_path, *lines)
    with pytest.raises(Malformed, match=said):
        read_corpus(tmp_path)


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
        ["e", "generic_deal", "amount", "direct", "value, worth", "float"],
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
        ["4", "lead", "amount", "expected budget"],
    )
    assert read_knowledge(tmp_path, understanding()) == [
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
    (deal,) = read_knowledge(tmp_path, understanding())
    assert deal.words == ("deal", "Deals")
