"""Failed rows, written to be corrected and read back."""

import csv
import io

import pytest

from lib.corrections import ADDED, flatten, source_columns, split_row, write_csv
from lib.payload import reader
from lib.values.text import split_list


def test_the_added_columns_are_told_from_the_sources_own():
    columns = ["_id", "name", *ADDED]
    assert source_columns(columns) == ["_id", "name"]


def test_a_row_says_which_row_it_corrects():
    row = {"name": "Ek", "_error": "why", "_file": "a.csv", "_row": " 12 "}
    assert split_row(row) == ({"name": "Ek"}, ("a.csv", 12))


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"_file": "a.csv"},
        {"_file": "a.csv", "_row": ""},
        {"_file": "a.csv", "_row": "one"},
        {"_file": "a.csv", "_row": None},
        {"_file": "", "_row": "3"},
    ],
)
def test_a_row_without_a_place_corrects_none(place):
    assert split_row({"name": "Ek", **place}) == ({"name": "Ek"}, None)


def test_a_row_number_out_of_a_workbook_is_understood():
    assert split_row({"_file": "a.csv", "_row": 7})[1] == ("a.csv", 7)


def test_nested_values_are_found_again_under_their_dotted_names():
    payload = {"id": 1, "address": {"city": "Oslo", "geo": {"lat": 59.9}}}
    cells = flatten(payload)
    assert cells == {"id": "1", "address.city": "Oslo", "address.geo.lat": "59.9"}
    for path in ("address.city", "address.geo.lat"):
        assert str(reader(path)(cells)) == str(reader(path)(payload))


def test_lists_come_back_as_lists():
    cell = flatten({"tags": ["VIP", "Bank, Oslo"]})["tags"]
    assert split_list(cell) == ["VIP", "Bank, Oslo"]


def test_what_is_absent_or_a_truth_value_is_written_plainly():
    assert flatten({"a": None, "b": True, "c": "  x "}) == {
        "a": "",
        "b": "true",
        "c": "  x ",
    }


def test_the_file_opens_in_a_spreadsheet_program_and_keeps_every_character():
    rows = [{"a": 'say "hi", ok;\nand ü', "_row": 3}, {"_row": 4}]
    content = write_csv(["a", "_row"], rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read == [["a", "_row"], ['say "hi", ok;\nand ü', "3"], ["", "4"]]
