"""The corpus of headers is what its README says, so that its figures mean something."""

import hashlib
from pathlib import Path

import pytest

from dev.benchmark.accuracy import (
    HELD_OUT,
    KNOWN,
    NO_MEANING,
    SPLITS,
    read_corpus,
    read_csv,
)

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "dev" / "benchmark" / "corpus"
GENERIC = ROOT / "data" / "generic"
# Products the addon has sources for: their headers would not be new to it.
OWN = {"allegory", "case_file", "chakra", "leaf360", "arkcase"}


@pytest.fixture(scope="module")
def index():
    return read_csv(CORPUS / "index.csv")


@pytest.fixture(scope="module")
def tables():
    return read_corpus(CORPUS)


@pytest.fixture(scope="module")
def vocabulary():
    objects = {
        line["id"]: line["name"]
        for line in read_csv(GENERIC / "migration.source.object.csv")
    }
    return {
        f"{objects[line['object_id/id']]}.{line['name']}"
        for line in read_csv(GENERIC / "migration.source.field.csv")
        if line["kind"] != "constant"
    }


def of(tables, split):
    return [table for table in tables if table.split == split]


def test_every_label_is_a_meaning_there_is(tables, vocabulary):
    unknown = {
        f"{table.crm} / {table.name} / {column.name}: {label}"
        for table in tables
        for column in table.columns
        for label in column.labels
        if label not in NO_MEANING and label not in vocabulary
    }
    assert not unknown


def test_every_table_is_of_an_object_there_is(tables, vocabulary):
    objects = {name.partition(".")[0] for name in vocabulary}
    assert {table.object for table in tables} <= objects


def test_all_files_are_in_the_index_once(index):
    named = [f"{line['split']}/{line['crm']}/{line['table']}.csv" for line in index]
    there = {
        path.relative_to(CORPUS).as_posix()
        for split in SPLITS
        for path in (CORPUS / split).glob("*/*.csv")
    }
    assert len(named) == len(set(named))
    assert set(named) == there


def test_every_table_has_rows_to_look_at(tables):
    assert not [table.name for table in tables if len(table.rows()) < 3]


def test_no_crm_is_on_both_sides(tables):
    assert not (
        {table.crm for table in of(tables, KNOWN)}
        & {table.crm for table in of(tables, HELD_OUT)}
    )


def test_the_hash_of_the_name_says_what_is_held_out(tables):
    for table in tables:
        digest = int(hashlib.sha256(table.crm.encode()).hexdigest(), 16)
        assert table.split == (KNOWN if digest % 3 else HELD_OUT), table.crm


def test_there_is_enough_to_count(tables):
    assert len({table.crm for table in tables}) >= 15
    assert sum(len(table.columns) for table in tables) >= 900
    assert sum(len(table.columns) for table in of(tables, HELD_OUT)) >= 300


def test_no_product_is_one_the_addon_knows(tables):
    assert not {table.crm for table in tables} & OWN


def test_most_products_were_compared_with_a_text(index):
    assert {line["basis"] for line in index} <= {"documentation", "code", "recalled"}
    assert all(line["source"] and line["url"].startswith("http") for line in index)
    compared = {line["crm"] for line in index if line["basis"] != "recalled"}
    assert len(compared) >= 8


def test_alternatives_are_the_exception(tables):
    columns = [column for table in tables for column in table.columns]
    assert sum(len(column.labels) > 1 for column in columns) < 0.08 * len(columns)
