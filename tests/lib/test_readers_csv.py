"""CSV files: encodings, delimiters, and the damage they come with."""

import json
import tracemalloc

import pytest

from lib.readers import Table, csv_reader, discover, iter_rows, open_container


def read(path):
    """The table of the file, its rows and the discovery's problems by code."""
    with open_container(str(path)) as container:
        found = discover(container)
        problems = {problem.code: problem for _member, problem in found.problems}
        table = found.tables[0] if found.tables else None
        rows = list(iter_rows(container, table)) if table else []
    return table, rows, problems


@pytest.fixture
def write(tmp_path):
    def write(content, name="contacts.csv", encoding="utf-8"):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode(encoding)
        path.write_bytes(content)
        return path

    return write


def test_rows_carry_the_line_where_they_start(write):
    table, rows, problems = read(write('id,note\n1,"a\nb"\n\n2,"say ""hi"""\n'))
    assert not problems
    assert table.columns == ("id", "note")
    assert [(row.number, row.values) for row in rows] == [
        (2, {"id": "1", "note": "a\nb"}),
        (5, {"id": "2", "note": 'say "hi"'}),
    ]
    assert all(row.problem is None for row in rows)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_is_read(write, newline):
    _table, rows, _problems = read(write(newline.join(["id,name", "1,A", "2,B"])))
    assert [row.values["name"] for row in rows] == ["A", "B"]


@pytest.mark.parametrize(
    "encoding, expected",
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_by_content(write, encoding, expected):
    path = write("id;Größe\n1;Žoë’s œuvre\n", encoding=encoding)
    table, rows, problems = read(path)
    assert not problems
    assert table.encoding == expected
    assert rows[0].values == {"id": "1", "Größe": "Žoë’s œuvre"}
    assert rows[0].problem is None


def test_a_big_endian_bom_is_understood(write):
    path = write(b"\xfe\xff" + "id,näme\n1,ü\n".encode("utf-16-be"))
    assert read(path)[1][0].values == {"id": "1", "näme": "ü"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_the_data_holds_others(write, delimiter):
    others = "".join(char for char in ",;\t|" if char != delimiter)
    lines = [delimiter.join(["id", "name", "amount"])]
    lines += [delimiter.join([str(n), f'"x{delimiter}y"', others]) for n in range(30)]
    table, rows, problems = read(write("\n".join(lines)))
    assert not problems
    assert table.delimiter == delimiter
    assert rows[3].values == {"id": "3", "name": f"x{delimiter}y", "amount": others}


def test_a_line_that_declares_the_delimiter_is_no_header(write):
    table, rows, _problems = read(write("sep=^\r\nid^name\r\n1^A\r\n"))
    assert (table.delimiter, table.columns) == ("^", ("id", "name"))
    assert [row.values for row in rows] == [{"id": "1", "name": "A"}]


def test_single_quotes_around_the_header_are_quotes(write):
    table, rows, _problems = read(write("'id','name'\n'1','A, B'\n"))
    assert table.quotechar == "'"
    assert rows[0].values == {"id": "1", "name": "A, B"}


@pytest.mark.parametrize(
    "content",
    ["id name\n1,A\n2,B\n", "id^name\n1^A\n2^B^C\n", "id:name\n1:A\n2:B\n"],
)
def test_a_delimiter_that_cannot_be_told_is_reported(write, content):
    table, _rows, problems = read(write(content))
    assert len(table.columns) == 1
    assert problems["single_column"].params["file"] == "contacts.csv"
    assert "separator" in problems["single_column"].text()


@pytest.mark.parametrize(
    "delimiter",
    ["^", "~", "\x1f", "\x01", "¦", "§", "||", "::", ";;", "|~|", ",,", "^^"],
)
def test_an_unusual_delimiter_is_found_and_noted(write, delimiter):
    lines = [["id", "name", "note"], ["1", "A", ""], ["2", "B", "x|y;z,"]]
    content = "".join(delimiter.join(line) + "\r\n" for line in lines)
    table, rows, problems = read(write(content))
    assert table.delimiter == delimiter
    assert table.columns == ("id", "name", "note")
    assert [row.values for row in rows] == [
        {"id": "1", "name": "A", "note": ""},
        {"id": "2", "name": "B", "note": "x|y;z,"},
    ]
    assert not any(row.problem for row in rows)
    assert list(problems) == ["delimiter_found"]
    shown = delimiter if delimiter.isprintable() else f"U+{ord(delimiter):04X}"
    assert f"“{shown}”" in problems["delimiter_found"].text()


@pytest.mark.parametrize("delimiter", [":", "#"])
def test_a_delimiter_that_occurs_in_text_needs_three_columns(write, delimiter):
    content = "id,name,city\n1,A,Lund\n2,B,Kiel\n".replace(",", delimiter)
    table, rows, problems = read(write(content))
    assert (table.delimiter, list(problems)) == (delimiter, ["delimiter_found"])
    assert rows[1].values == {"id": "2", "name": "B", "city": "Kiel"}


def test_a_long_delimiter_inside_quotes_is_text(write):
    table, rows, _problems = read(write('id||name\n1||"A||B"\n'.replace("A||B", "A")))
    assert table.delimiter == "||"
    path = write('id||name\n1||"A||B"\n2||C\n')
    with open_container(str(path)) as container:
        rows = list(iter_rows(container, table))
    assert [row.values["name"] for row in rows] == ["A||B", "C"]


def test_blank_columns_between_single_delimiters_are_no_long_delimiter(write):
    table, rows, _problems = read(write("id;;name\n1;x;A\n2;;B\n"))
    assert table.delimiter == ";"
    assert table.columns == ("id", "Column 2", "name")
    assert rows[0].values["Column 2"] == "x"


@pytest.mark.parametrize(
    "content",
    [
        "address\nMain Street 1, Lund, Sweden\nHigh Street 2, Kiel, Germany\n",
        "name\nEk, Ida\nBo, Ole\nRo, Pia\n",
        "website\nhttps://one.example.com\nhttps://two.example.com\n",
    ],
)
def test_a_list_of_text_keeps_its_only_column(write, content):
    table, rows, _problems = read(write(content))
    assert len(table.columns) == 1
    assert table.columns[0] == content.split("\n")[0]
    assert len(rows) == content.count("\n") - 1


def test_a_file_that_has_one_column_is_left_in_peace(write):
    table, rows, problems = read(write("email\nann@example.com\nbob@example.com\n"))
    assert not problems
    assert [row.values["email"] for row in rows][1] == "bob@example.com"


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_reported(write, content):
    table, _rows, problems = read(write(content))
    assert table is None
    assert problems["empty_file"].params["file"] == "contacts.csv"


def test_a_header_without_rows_is_a_table_with_a_note(write):
    table, rows, problems = read(write("id,name\n"))
    assert (table.columns, rows) == (("id", "name"), [])
    assert problems["header_only"].params["severity"] == "note"


def test_a_duplicate_header_names_both_positions(write):
    table, rows, problems = read(write("Name,id,Name,Name (2)\nA,1,B,C\n"))
    assert table.columns == ("Name", "id", "Name (3)", "Name (2)")
    assert rows[0].values["Name (3)"] == "B"
    params = problems["duplicate_header"].params
    assert (params["first"], params["position"]) == (1, 3)


def test_a_column_without_a_name_gets_one(write):
    table, _rows, problems = read(write(" id , ,name\n1,x,A\n"))
    assert table.columns == ("id", "Column 2", "name")
    assert problems["unnamed_column"].params["position"] == 2


def test_ragged_rows_tell_both_counts_and_the_rest_goes_on(write):
    _table, rows, _problems = read(write("a,b,c\n1,2\n1,2,3,4\n1,2,3\n,,\n"))
    assert [row.problem and row.problem.code for row in rows] == [
        "ragged_row",
        "ragged_row",
        None,
    ]
    assert rows[0].values == {"a": "1", "b": "2", "c": ""}
    params = rows[1].problem.params
    assert (params["row"], params["cells"], params["columns"]) == (3, 4, 3)
    assert "contacts.csv, row 3" in rows[1].problem.text()


def test_nul_bytes_are_shown_and_reported_with_their_column(write):
    _table, rows, _problems = read(write(b"id,name\n1,A\x00B\n2,C\n"))
    assert rows[0].values == {"id": "1", "name": "A\u2400B"}
    assert (rows[0].problem.code, rows[0].problem.field) == ("nul_byte", "name")
    assert rows[1].problem is None


def test_a_broken_byte_late_in_utf8_spoils_only_its_row(write):
    lines = [f"{number},Zoë\n".encode() for number in range(2, 100_001)]
    lines[89_998] = b"90000,Zo\xeb\n"
    table, rows, problems = read(write(b"id,name\n" + b"".join(lines)))
    assert (table.encoding, problems) == ("utf-8", {})
    assert len(rows) == 99_999
    bad = [row for row in rows if row.problem]
    assert [(row.number, row.values["name"]) for row in bad] == [(90_000, "Zo\ufffd")]
    problem = bad[0].problem
    assert (problem.code, problem.field) == ("encoding_broken", "name")
    assert problem.params["row"] == 90_000


def test_bytes_that_no_encoding_knows_are_reported(write):
    table, rows, _problems = read(write(b"id,name\n1,\x81\x8d\n2,B\n"))
    assert table.encoding == "utf-8"
    assert rows[0].problem.code == "encoding_broken"
    assert rows[1].problem is None


def test_cp1252_stays_cp1252_with_a_stray_undefined_byte(write):
    content = "id,name\n" + "1,Müller\n" * 50
    table, rows, _problems = read(write(content.encode("cp1252") + b"2,\x81\n"))
    assert table.encoding == "cp1252"
    assert rows[0].values["name"] == "Müller"
    assert [row.problem.code for row in rows if row.problem] == ["encoding_broken"]


def test_utf16_cut_in_the_middle_of_a_character_is_reported(write):
    content = "id,name\n1,A\n2,B".encode("utf-16") + b"\x41"
    rows = read(write(content))[1]
    assert [row.values["name"] for row in rows] == ["A", "B\ufffd"]
    assert rows[1].problem.code == "encoding_broken"


def test_a_quote_that_never_closes_costs_one_row(write):
    lines = ["id,name"] + [f"{number},N{number}" for number in range(2, 40)]
    lines[4] = '5,"N5'
    _table, rows, _problems = read(write("\n".join(lines)))
    assert [row.number for row in rows if row.problem] == [5]
    assert rows[3].problem.code == "quote_open"
    assert [row.values["name"] for row in rows[4:]] == [f"N{n}" for n in range(6, 40)]


def test_a_runaway_quote_in_a_long_file_is_given_up_early(write, monkeypatch):
    monkeypatch.setattr(csv_reader, "MAX_RECORD_LINES", 50)
    lines = ["id,name"] + [f"{number},N{number}" for number in range(2, 1000)]
    lines[4] = '5,"N5'
    lines[900] = '901,"N901"'
    _table, rows, _problems = read(write("\n".join(lines)))
    assert len(rows) == 998
    assert [row.number for row in rows if row.problem] == [5]


def test_fields_larger_than_the_default_of_the_csv_module_are_read(write):
    body = "x" * 1_000_000
    _table, rows, _problems = read(write(f'id,body\n1,"{body}"\n2,b\n'))
    assert len(rows[0].values["body"]) == 1_000_000
    assert rows[1].values == {"id": "2", "body": "b"}


def test_a_file_replaced_since_discovery_is_refused(write):
    path = write("id,name\n1,A\n")
    table = read(path)[0]
    write("id,email\n1,a@example.com\n")
    with open_container(str(path)) as container:
        rows = list(iter_rows(container, table))
    assert [(row.values, row.problem.code) for row in rows] == [({}, "header_changed")]


def test_a_table_survives_the_database(write):
    table = read(write("id;name\n1;A\n"))[0]
    assert Table.from_dict(json.loads(json.dumps(table.as_dict()))) == table
    assert table.name == "contacts.csv"


def test_a_table_kept_before_headers_were_looked_for_is_read(write):
    path = write("id;name\n1;A\n")
    kept = read(path)[0].as_dict()
    for key in ("header_row", "header_rows", "footer", "position"):
        del kept[key]
    with open_container(str(path)) as container:
        rows = list(iter_rows(container, Table.from_dict(kept)))
    assert [row.values for row in rows] == [{"id": "1", "name": "A"}]


def test_a_header_over_two_lines_and_with_blanks_is_one_name(write):
    table, _rows, problems = read(
        write('"First\n name"," E-mail  address ",x\n1,2,3\n')
    )
    assert table.columns == ("First name", "E-mail address", "x")
    assert not problems


def test_a_long_file_is_streamed_in_little_memory(write):
    path = write(
        "id,name,email\n"
        + "".join(f"{n},Näme {n},user{n}@example.com\n" for n in range(200_000))
    )
    with open_container(str(path)) as container:
        tracemalloc.start()
        table = discover(container).tables[0]
        count = sum(1 for row in iter_rows(container, table) if not row.problem)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 200_000
    # The file has 7.6 MiB; chunks and the sample are what remains.
    assert path.stat().st_size > 7_000_000
    assert peak < 6 * 2**20
