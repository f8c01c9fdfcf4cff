"""JSON documents and JSON lines."""

import json
import tracemalloc

import pytest

from lib.readers import discover, iter_rows, json_stream, open_container


def read(path):
    """Tables by path, rows by path, problems by code."""
    with open_container(str(path)) as container:
        found = discover(container)
        problems = {problem.code: problem for _member, problem in found.problems}
        tables = {table.path: table for table in found.tables}
        rows = {path: list(iter_rows(container, tables[path])) for path in tables}
    return tables, rows, problems


@pytest.fixture
def write(tmp_path):
    def write(content, name="dump.json"):
        path = tmp_path / name
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def values(rows):
    return [row.values for row in rows]


def test_an_array_of_objects_is_a_table(write):
    tables, rows, problems = read(
        write([{"id": 1, "tags": ["a"]}, {"id": 2, "x": 1.5}])
    )
    assert not problems
    assert tables[""].columns == ("id", "tags", "x")
    assert tables[""].name == "dump.json"
    assert [(row.number, row.values) for row in rows[""]] == [
        (1, {"id": 1, "tags": ["a"]}),
        (2, {"id": 2, "x": 1.5}),
    ]


def test_arrays_in_an_object_and_one_level_deeper_are_tables(write):
    content = {
        "version": 3,
        "contacts": [{"id": 1}],
        "data": {"deals": [{"id": 2}, {"id": 3}], "next": None},
    }
    tables, rows, problems = read(write(content))
    assert not problems
    assert tables["data.deals"].name == "dump.json:data.deals"
    assert values(rows["contacts"]) == [{"id": 1}]
    assert values(rows["data.deals"]) == [{"id": 2}, {"id": 3}]


def test_json_lines_are_recognised_and_a_broken_line_stands_alone(write):
    content = '{"id": 1}\n\n{"id": 2,,}\n{"id": "3\n{"id": 4}\n[5]\n'
    tables, rows, problems = read(write(content, "contacts.jsonl"))
    assert not problems
    assert tables[""].format == "jsonl"
    assert [(row.number, row.problem and row.problem.code) for row in rows[""]] == [
        (1, None),
        (3, "json_broken"),
        (4, "json_broken"),
        (5, None),
        (6, "json_no_object"),
    ]
    assert rows[""][1].problem.params["line"] == 3


def test_json_lines_named_json_are_read_without_a_note(write):
    tables, rows, problems = read(write('{"id": 1}\n{"id": 2}\n'))
    assert not problems
    assert values(rows[""]) == [{"id": 1}, {"id": 2}]


def test_a_single_json_line_is_a_table(write):
    assert values(read(write('{"id": 1}', "a.jsonl"))[1][""]) == [{"id": 1}]


def test_broken_json_gives_the_rows_before_and_the_place(write):
    tables, rows, problems = read(write('[{"id": 1},\n {"id": 2},\n {"id": oops}]'))
    assert problems["json_broken"].params["line"] == 3
    assert problems["json_broken"].params["column"] == 9
    assert values(rows[""]) == [{"id": 1}, {"id": 2}, {}]
    assert rows[""][2].problem.code == "json_broken"
    assert "line 3, column 9" in rows[""][2].problem.text()


def test_json_cut_off_after_many_rows_is_told_by_the_last_row(write):
    body = ",\n".join(f'{{"id": {number}}}' for number in range(5000))
    _tables, rows, problems = read(write(f'[{body},\n{{"id": "cut'))
    assert not problems
    assert len(rows[""]) == 5001
    last = rows[""][-1]
    assert (last.values, last.problem.params["line"]) == ({}, 5001)


@pytest.mark.parametrize(
    "content, code",
    [
        ("[]", "no_rows"),
        ('{"contacts": []}', "no_rows"),
        ("[1, 2]", "json_no_table"),
        ('{"id": 1}', "json_no_table"),
        ("[{]", "json_broken"),
        ('[{"a": 1}] x', "json_broken"),
        ("[" * 100_000, "json_broken"),
    ],
)
def test_documents_without_a_table_say_why(write, content, code):
    problems = read(write(content))[2]
    assert list(problems) == [code]
    assert problems[code].params["file"].startswith("dump.json")
    assert problems[code].text()


def test_elements_that_are_no_objects_are_reported(write):
    rows = read(write([{"id": 1}, "x", None, {"id": 2}]))[1][""]
    assert [row.problem and row.problem.code for row in rows] == [
        None,
        "json_no_object",
        "json_no_object",
        None,
    ]


def test_characters_the_database_refuses_are_shown_and_reported(write):
    content = r'[{"a": "x\u0000"}, {"a": {"b": ["\ud800y"]}}, {"a": "\ud83d\ude00"}]'
    rows = read(write(content))[1][""]
    assert values(rows) == [
        {"a": "x\u2400"},
        {"a": {"b": ["\ufffdy"]}},
        {"a": "\U0001f600"},
    ]
    assert [row.problem and row.problem.code for row in rows] == [
        "nul_byte",
        "encoding_broken",
        None,
    ]
    assert json.dumps(values(rows), ensure_ascii=False).encode()


def test_a_key_the_database_refuses_is_cleaned_too(write):
    tables, rows, _problems = read(write(r'[{"a\u0000": 1, "b": 2}]'))
    assert tables[""].columns == ("a\u2400", "b")
    assert rows[""][0].values == {"a\u2400": 1, "b": 2}
    assert rows[""][0].problem.code == "nul_byte"


def test_numbers_json_does_not_know_become_text(write):
    huge = "9" * 5000
    rows = read(write(f'[{{"a": NaN, "b": 1e999, "c": -Infinity, "d": {huge}}}]'))[1]
    assert values(rows[""]) == [{"a": "NaN", "b": "1e999", "c": "-Infinity", "d": huge}]


def test_keys_after_the_sample_are_delivered(write):
    content = [{"id": number} for number in range(1500)] + [{"id": 1500, "late": "x"}]
    tables, rows, _problems = read(write(content))
    assert tables[""].columns == ("id",)
    assert rows[""][-1].values["late"] == "x"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_json_in_other_encodings_is_read(write, encoding):
    rows = read(write('[{"name": "Zoë"}]'.encode(encoding)))[1]
    assert values(rows[""]) == [{"name": "Zoë"}]


@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_values_cut_by_the_buffer_are_read_whole(write, monkeypatch, chunk):
    monkeypatch.setattr(json_stream, "CHUNK", chunk)
    content = {"a": [{"n": 12345, "t": True, "s": 'q"\\ü\u2028', "f": -1.5e3}] * 3}
    expected = content["a"]
    assert values(read(write(json.dumps(content)))[1]["a"]) == expected
    assert values(read(write(json.dumps(content, indent=2)))[1]["a"]) == expected


def test_a_syntax_error_does_not_read_the_rest_of_the_file(write):
    path = write('[{"a" 1},' + '{"a": "x"},' * 2_000_000)
    tracemalloc.start()
    problems = read(path)[2]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problems["json_broken"].params["column"] == 7
    assert peak < 10 * 2**20


def test_a_long_array_is_streamed_in_little_memory(write):
    item = '{"id": %d, "note": "' + "x" * 200 + '"}'
    path = write("[" + ",".join(item % number for number in range(50_000)) + "]")
    assert path.stat().st_size > 11_000_000
    with open_container(str(path)) as container:
        tracemalloc.start()
        table = discover(container).tables[0]
        count = sum(1 for _row in iter_rows(container, table))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 50_000
    assert peak < 8 * 2**20
