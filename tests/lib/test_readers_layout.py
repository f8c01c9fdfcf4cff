"""Headers that are not in the first row, headers of two rows, and footers.

What does not depend on the format is read as CSV, as XLSX and as an HTML table.
"""

import csv
import io

import openpyxl
import pytest

from lib.readers import Table, discover, iter_rows, open_container

FORMATS = ("csv", "xlsx", "html")
HEADER = ["id", "name", "email", "city", "amount"]
RECORDS = [
    ["C-1", "Ida Ek", "ida@example.com", "Lund", 120],
    ["C-2", "Ole Bo", "ole@example.com", "Kiel", 75],
    ["C-3", "Pia Ro", "pia@example.com", "Lund", 300],
    ["C-4", "Per Al", "per@example.com", "Bern", 20],
]


def written(rows, format):
    """``rows`` as the bytes of a file; shorter rows stay short where they can."""
    if format == "csv":
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        return stream.getvalue().encode()
    if format == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    lines = (
        "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row)
        for row in rows
    )
    return ("<table>" + "".join(f"<tr>{line}</tr>" for line in lines)).encode()


@pytest.fixture
def read(tmp_path):
    """The table of a file of ``rows``, its rows, and notes by code."""

    def read(rows, format="csv"):
        path = tmp_path / f"contacts.{format}"
        path.write_bytes(written(rows, format))
        with open_container(str(path)) as container:
            found = discover(container)
            table = Table.from_dict(found.tables[0].as_dict())
            records = list(iter_rows(container, table))
        assert len(found.tables) == 1
        for _member, problem in found.problems:
            assert problem.params["severity"] == "note"
            assert problem.params["file"] == table.name
        return table, records, {problem.code: problem for _m, problem in found.problems}

    return read


def ids(rows):
    """Pairs of physical row and first value; no row may have a problem."""
    assert not [row.problem for row in rows if row.problem]
    return [(row.number, next(iter(row.values.values()))) for row in rows]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "above",
    [
        [["Contacts"]],
        [["All contacts of the company"], ["Generated on", "March 3, 2024"], []],
        [["Contacts", None, None, None, None], [None] * 5],
        [[], ["Report:", "Contacts"], ["Owner:", "All"], [], []],
        [["Report generated on 2024-03-01 10:30"], ["Filter: city, stage; owner"]],
    ],
)
def test_a_header_below_other_lines_is_found(read, format, above):
    table, rows, problems = read([*above, HEADER, *RECORDS], format)
    assert table.columns == tuple(HEADER)
    start = len(above) + 1
    assert table.header_row == start
    assert ids(rows) == [(start + n, f"C-{n}") for n in range(1, 5)]
    assert list(problems) == ["rows_above_header"]
    text = problems["rows_above_header"].text()
    assert f"row {start}" in text
    assert next(line[0] for line in above if line) in text


def test_a_header_below_a_title_needs_no_values_but_words(read):
    rows = [["Customers"], ["Name", "City", "Country"], ["Ek", "Lund", "Sweden"]]
    table, records, _problems = read(rows)
    assert table.columns == ("Name", "City", "Country")
    assert ids(records) == [(3, "Ek")]


def test_a_table_of_another_separator_than_its_title_is_found(tmp_path):
    path = tmp_path / "contacts.csv"
    lines = ["Contacts, exported on March 3, 2024", "", "id;name;city"]
    path.write_text("\n".join([*lines, "1;Ek, Ida;Lund", "2;Bo, Ole;Kiel"]))
    with open_container(str(path)) as container:
        table = discover(container).tables[0]
        rows = list(iter_rows(container, table))
    assert (table.delimiter, table.columns) == (";", ("id", "name", "city"))
    assert rows[0].values == {"id": "1", "name": "Ek, Ida", "city": "Lund"}
    assert rows[0].number == 4


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_short_table_between_a_title_and_a_total_is_found(tmp_path, newline):
    path = tmp_path / "contacts.csv"
    lines = ["Contacts", "", "id,name,email", "1,Ida,ida@example.com"]
    lines += ["2,Ole,ole@example.com", "Total: 2"]
    path.write_bytes(newline.join(lines).encode())
    with open_container(str(path)) as container:
        found = discover(container)
        rows = list(iter_rows(container, found.tables[0]))
    assert ids(rows) == [(4, "1"), (5, "2")]
    assert [problem.code for _member, problem in found.problems] == [
        "rows_above_header",
        "footer_left_out",
    ]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "rows",
    [
        [["name", "city"], ["Ida", "Lund"], ["Ole", "Kiel"]],
        [["id", "name", "city"], ["1"], ["2", "Ole", "Kiel"], ["3", "Pia", "Bern"]],
        [["a", "b", "c"], ["1", "2", "3"], [*"12345678"], ["1", "2", "3"]],
        [["year", "2022", "2023"], ["Ek", "10", "20"], ["Bo", "30", "40"]],
        [["name", "tag", "tag"], ["Ida", "VIP", "VIP"], ["Ole", "new", "old"]],
    ],
)
def test_the_first_row_is_the_header_of_ordinary_tables(read, format, rows):
    table, records, problems = read(rows, format)
    assert (table.header_row, table.header_rows) == (1, 1)
    assert len(records) == len(rows) - 1
    assert not {"rows_above_header", "two_header_rows"} & set(problems)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "group",
    [
        ["Contact", None, "Company", None],
        ["Contact", "Contact", "Company", "Company"],
    ],
)
@pytest.mark.parametrize("above", [[], [["All contacts"], []]])
def test_a_group_row_is_joined_with_the_names_below(read, format, group, above):
    names = ["Name", "Email", "Name", "Website"]
    record = ["Ida Ek", "ida@example.com", "Ahlgren", "ahlgren.example.com"]
    table, rows, problems = read([*above, group, names, record], format)
    assert table.columns == (
        "Contact Name",
        "Contact Email",
        "Company Name",
        "Company Website",
    )
    assert ids(rows) == [(len(above) + 3, "Ida Ek")]
    assert "two_header_rows" in problems
    assert ("rows_above_header" in problems) == bool(above)


def test_a_group_row_over_values_is_joined_without_duplicates_below(read):
    rows = [
        [None, "Contact", None, "Deal", None],
        ["ID", "Contact name", "Email", "Title", "Amount"],
        ["1", "Ida Ek", "ida@example.com", "Paper", "120"],
    ]
    table, records, problems = read(rows)
    assert table.columns == (
        "ID",
        "Contact name",
        "Contact Email",
        "Deal Title",
        "Deal Amount",
    )
    assert (ids(records), list(problems)) == ([(3, "1")], ["two_header_rows"])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "rows",
    [
        # Nameless columns over words.
        [["Name", None, "City", None], ["Ida", "x", "Lund", "y"], ["Ole", *"abc"]],
        [["Name", None, "Flag", None], ["Ida", "Yes", "Lund", "Yes"], ["Ole", *"aNo"]],
        # Two columns of the same name.
        [["Name", "Name", "City"], ["Ida", "Ek", "Lund"], ["Ole", "Bo", "Kiel"]],
        # All words, the first record as well.
        [["First", "Last", "City"], ["Ida", "Ek", "Lund"], ["Ole", "Bo", "Kiel"]],
    ],
)
def test_a_first_record_of_words_is_no_second_header(read, format, rows):
    table, records, _problems = read(rows, format)
    assert table.header_rows == 1
    assert [row.number for row in records] == [2, 3]


def merged(tmp_path, rows, *ranges):
    """A workbook with joined cells: its table, its rows and its notes by code."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for one in ranges:
        book.active.merge_cells(one)
    path = tmp_path / "book.xlsx"
    book.save(path)
    with open_container(str(path)) as container:
        found = discover(container)
        table = found.tables[0]
        records = list(iter_rows(container, table))
    return table, records, {problem.code: problem for _m, problem in found.problems}


def test_joined_cells_of_a_header_say_how_far_a_group_goes(tmp_path):
    rows = [
        ["ID", "Contact", None, "City", "Company", None],
        [None, "Name", "Phone", "Town", "Title", "Website"],
        ["1", "Ida", "x", "Lund", "Ahlgren", "y"],
    ]
    table, records, problems = merged(tmp_path, rows, "A1:A2", "B1:C1", "E1:F1")
    assert table.columns == (
        "ID",
        "Contact Name",
        "Contact Phone",
        "City Town",
        "Company Title",
        "Company Website",
    )
    assert (ids(records), list(problems)) == ([(3, "1")], ["two_header_rows"])


def test_a_title_joined_over_the_table_is_no_group(tmp_path):
    rows = [["All contacts", *[None] * 4], HEADER, *RECORDS]
    table, records, problems = merged(tmp_path, rows, "A1:E1")
    assert (table.columns, len(records)) == (tuple(HEADER), 4)
    assert list(problems) == ["rows_above_header"]


def test_cells_joined_over_rows_hold_in_each_of_them(tmp_path):
    rows = [
        ["company", "contact", "city"],
        ["Ahlgren", "Ida", "Lund"],
        [None, "Ole", None],
        [None, "Pia", "Kiel"],
        ["Brandt", "Per", "Bern"],
        [None, "Ulf", None],
    ]
    _table, records, problems = merged(tmp_path, rows, "A2:A4", "C2:C3", "A5:A6")
    assert [list(row.values.values()) for row in records] == [
        ["Ahlgren", "Ida", "Lund"],
        ["Ahlgren", "Ole", "Lund"],
        ["Ahlgren", "Pia", "Kiel"],
        ["Brandt", "Per", "Bern"],
        ["Brandt", "Ulf", None],
    ]
    assert problems["merged_cells"].params["count"] == 3


def test_cells_that_are_blank_and_not_joined_stay_blank(tmp_path):
    rows = [["company", "contact"], ["Ahlgren", "Ida"], [None, "Ole"]]
    _table, records, problems = merged(tmp_path, rows)
    assert records[1].values == {"company": None, "contact": "Ole"}
    assert not problems


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "footer",
    [
        [["Total: 4"]],
        [["Total", None, None, None, 515]],
        [[None, None, None, "Grand total", 515]],
        [[], ["Records: 4"]],
        [["4 records"]],
        [["Gesamtsumme", None, None, None, "515,00 €"], ["Anzahl Datensätze: 4"]],
        [["Total général", None, None, None, "515,00"]],
        [["Summa:", None, None, None, 515]],
        [[], ["Generated by Anna Berg on 2024-03-01"]],
        [["Grand Totals (4 records)"], [], ["Contacts by city"], ["Copyright 2024"]],
        [[], ["Contacts by city"], ["Confidential"], ["Generated By: Anna"], ["Acme"]],
        [["Erstellt am 01.03.2024"], ["Seite eins"]],
        [["This list holds the customers that agreed to be written to."]],
    ],
)
def test_totals_and_footers_are_left_out_and_told(read, format, footer):
    table, rows, problems = read([HEADER, *RECORDS, *footer], format)
    assert ids(rows) == [(n + 1, f"C-{n}") for n in range(1, 5)]
    assert list(problems) == ["footer_left_out"]
    text = problems["footer_left_out"].text()
    for line in footer:
        for cell in line:
            assert cell is None or str(cell) in text
    assert table.footer[-1][0] == len(RECORDS) + 1 + len(footer)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "last",
    [
        ["C-5", "Total Ltd", "total@example.com", "Paris", 9],
        ["C-5", "Total", None, None, None],
        ["C-5", "Una", None, None, None],
        ["C-5", None, None, None, None],
        ["Total Ltd", "Una Lo", "una@example.com", "Paris", 9],
        ["Total", "Una Lo", "una@example.com", None, None],
        ["Summit Records", "Una Lo", None, None, None],
        ["Copyright Services of the North", "Una Lo", None, "Oslo", 5],
    ],
)
def test_a_last_record_stays_however_few_its_cells(read, format, last):
    table, rows, problems = read([HEADER, *RECORDS, last], format)
    assert (len(rows), table.footer) == (5, ())
    assert rows[-1].values["id"] == last[0]
    assert not problems


@pytest.mark.parametrize("format", FORMATS)
def test_totals_between_records_are_rows_like_others(read, format):
    between = ["Total", None, None, None, 195]
    table, rows, problems = read([HEADER, *RECORDS[:2], between, *RECORDS[2:]], format)
    assert (len(rows), table.footer, problems) == (5, (), {})


def test_a_list_of_one_column_ends_with_its_last_value(read):
    table, rows, _problems = read([["name"], ["Ahlgren"], ["Total"], ["Summe"]])
    assert ([row.values["name"] for row in rows], table.footer) == (
        ["Ahlgren", "Total", "Summe"],
        (),
    )


@pytest.mark.parametrize("format", FORMATS)
def test_a_footer_far_from_the_header_is_found(read, format):
    records = [
        [f"C-{n}", f"Name {n}", f"n{n}@example.com", "Lund", n] for n in range(5000)
    ]
    rows = [HEADER, *records, ["Total", None, None, None, 12497500], ["Page 1 of 1"]]
    table, found, problems = read(rows, format)
    assert [number for number, _text in table.footer] == [5002, 5003]
    assert len(found) == 5000
    assert not any(row.problem for row in found)
    assert list(problems) == ["footer_left_out"]


def test_rows_added_since_discovery_are_not_lost_to_the_footer(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_bytes(written([HEADER, *RECORDS, ["Total: 4"]], "csv"))
    with open_container(str(path)) as container:
        table = discover(container).tables[0]
    path.write_bytes(written([HEADER, *RECORDS, *RECORDS, ["Total: 8"]], "csv"))
    with open_container(str(path)) as container:
        rows = list(iter_rows(container, table))
    assert len(rows) == 9
    assert rows[-1].problem.code == "ragged_row"


@pytest.mark.parametrize("format", FORMATS)
def test_another_header_than_at_discovery_is_refused(tmp_path, format):
    path = tmp_path / f"contacts.{format}"
    path.write_bytes(written([["Contacts"], HEADER, *RECORDS], format))
    with open_container(str(path)) as container:
        table = discover(container).tables[0]
    path.write_bytes(written([["Contacts"], [*HEADER[:4], "sum"], *RECORDS], format))
    with open_container(str(path)) as container:
        rows = list(iter_rows(container, table))
    assert [(row.values, row.problem.code) for row in rows] == [({}, "header_changed")]


def test_a_table_of_a_header_and_a_footer_has_no_rows(read):
    table, rows, problems = read([HEADER, ["Records: 0"]])
    assert (table.columns, rows) == (tuple(HEADER), [])
    assert set(problems) == {"footer_left_out", "header_only"}
