"""Files, folders and ZIP archives, honest and hostile."""

import io
import stat
import struct
import zipfile

import openpyxl
import pytest

from lib.errors import Problem
from lib.readers import archive, discover, iter_rows, open_container


def look(path, name=None):
    """Table names, document names, and pairs of member and problem code."""
    with open_container(str(path), name) as container:
        found = discover(container)
        for _member, problem in found.problems:
            assert problem.text()
            assert problem.params["file"]
            assert problem.remedy
    return (
        [table.name for table in found.tables],
        [member.name for member in found.documents],
        [(member, problem.code) for member, problem in found.problems],
    )


@pytest.fixture
def pack(tmp_path):
    def pack(members, name="export.zip"):
        """``members`` are pairs of name or ZipInfo, and content."""
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for member, content in members:
                target.writestr(member, content)
        return path

    return pack


CSV = "id,name\n1,A\n2,B\n"


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active.append([1])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("members", [[], [("__MACOSX/._x.csv", "x")]])
def test_an_archive_without_anything_in_it_is_named(pack, members):
    assert look(pack(members)) == ([], [], [("export.zip", "nothing_inside")])


def test_a_folder_without_anything_in_it_is_named(tmp_path):
    assert look(tmp_path, "exports") == ([], [], [("exports", "nothing_inside")])


def test_an_archive_holds_tables_and_documents(pack):
    path = pack(
        [
            ("contacts.csv", CSV),
            ("sub/book.xlsx", workbook()),
            ("dump.jsonl", '{"id": 1}\n'),
            ("readme.txt", "hello"),
            ("offer.pdf", b"%PDF-1.4"),
            ("sub/Documents/7/list.csv", CSV),
            ("attachments/a.xlsx", b"PK\x03\x04"),
            ("__MACOSX/._contacts.csv", b"\x00\x05"),
            ("sub/.DS_Store", b"\x00"),
        ]
    )
    tables, documents, problems = look(path)
    assert tables == ["contacts.csv", "sub/book.xlsx:Sheet", "dump.jsonl"]
    assert documents == [
        "readme.txt",
        "offer.pdf",
        "sub/Documents/7/list.csv",
        "attachments/a.xlsx",
    ]
    assert not problems


def test_members_of_an_archive_are_read(pack):
    path = pack([("contacts.csv", CSV), ("book.xlsx", workbook())])
    with open_container(str(path)) as container:
        found = discover(container)
        rows = [list(iter_rows(container, table)) for table in found.tables]
        assert container.size("contacts.csv") == len(CSV)
        with container.open("contacts.csv") as stream:
            assert stream.read() == CSV.encode()
    assert [row.values for row in rows[0]] == [
        {"id": "1", "name": "A"},
        {"id": "2", "name": "B"},
    ]
    assert [row.values for row in rows[1]] == [{"id": 1}]


def test_a_member_has_a_mark_that_changes_with_its_content_alone(pack, tmp_path):
    (tmp_path / "a.txt").write_text("first")
    (tmp_path / "b.txt").write_text("fir5t")
    members = [("a.txt", "first"), ("b.txt", "fir5t")]
    with open_container(str(pack(members, "x.zip"))) as packed:
        marks = [packed.mark(name) for name in ("a.txt", "b.txt")]
    with open_container(str(tmp_path)) as folder:
        assert [folder.mark(name) for name in ("a.txt", "b.txt")] == marks
    assert marks[0] != marks[1]


def test_a_folder_is_read_like_an_archive(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.csv").write_text(CSV)
    (tmp_path / "contacts.csv").write_text(CSV)
    (tmp_path / "note.eml").write_text("x")
    assert look(tmp_path) == (["contacts.csv"], ["note.eml", "files/a.csv"], [])


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "secret.csv").write_text(CSV)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "contacts.csv").write_text(CSV)
    (folder / "inside.csv").symlink_to(folder / "contacts.csv")
    (folder / "outside.csv").symlink_to(tmp_path / "secret.csv")
    tables, _documents, problems = look(folder)
    assert tables == ["contacts.csv", "inside.csv"]
    assert problems == [("outside.csv", "unsafe_path")]


def test_an_upload_keeps_the_name_it_came_with(tmp_path):
    path = tmp_path / "0a1b2c"
    path.write_text(CSV)
    assert look(path, "contacts.csv")[0] == ["contacts.csv"]


def test_a_missing_file_and_a_missing_member_are_problems(tmp_path, pack):
    with pytest.raises(Problem) as raised:
        open_container(str(tmp_path / "gone.csv"))
    assert raised.value.code == "file_unreadable"
    with open_container(str(pack([("a.csv", CSV)]))) as container:
        with pytest.raises(Problem) as raised:
            container.open("b.csv")
    assert raised.value.code == "member_missing"


@pytest.mark.parametrize(
    "name",
    ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "a\\evil.csv"],
)
def test_names_that_lead_out_are_refused_and_the_rest_is_read(pack, name):
    tables, _documents, problems = look(pack([(name, CSV), ("good.csv", CSV)]))
    assert tables == ["good.csv"]
    assert problems == [(name, "unsafe_path")]


def test_two_dots_inside_a_name_are_harmless(pack):
    assert look(pack([("a..b.csv", CSV)]))[0] == ["a..b.csv"]


def test_a_link_in_an_archive_is_refused(pack):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    tables, _documents, problems = look(pack([(link, "/etc/passwd"), ("b.csv", CSV)]))
    assert (tables, problems) == (["b.csv"], [("link.csv", "unsafe_path")])


def test_a_bomb_is_not_unpacked_and_the_rest_is_read(pack):
    path = pack([("bomb.csv", b"0" * 20 * 2**20), ("good.csv", CSV)])
    tables, _documents, problems = look(path)
    assert (tables, problems) == (["good.csv"], [("bomb.csv", "zip_bomb")])


def test_many_small_bombs_are_one_bomb(pack):
    path = pack([(f"{number}.csv", b"0" * 9 * 2**20) for number in range(3)])
    assert look(path) == ([], [], [("export.zip", "zip_bomb")])


def test_too_many_members_or_too_much_data_is_a_bomb(pack, monkeypatch):
    path = pack([(f"{number}.csv", CSV) for number in range(5)])
    monkeypatch.setattr(archive, "MAX_MEMBERS", 4)
    assert look(path)[2] == [("export.zip", "zip_bomb")]
    monkeypatch.setattr(archive, "MAX_MEMBERS", 10)
    monkeypatch.setattr(archive, "MAX_TOTAL", 20)
    assert look(path)[2] == [("export.zip", "zip_bomb")]


def central(data, offset, form, value):
    """``data`` with a field of the first central directory entry replaced."""
    at = data.index(b"PK\x01\x02") + offset
    size = struct.calcsize(form)
    return data[:at] + struct.pack(form, value) + data[at + size :]


def test_an_archive_that_lies_about_a_size_is_caught_while_reading(pack):
    path = pack([("lie.csv", b"id,name\n" + b"1,A\n" * 5_000_000)])
    path.write_bytes(central(path.read_bytes(), 24, "<I", 5000))
    with open_container(str(path)) as container:
        with pytest.raises(Problem) as raised:
            container.open("lie.csv").read()
    assert raised.value.code == "zip_broken"


def test_reading_stops_when_more_comes_out_than_can_be(pack, monkeypatch):
    path = pack([("a.csv", b"id,name\n" + b"1,A\n" * 1_000_000)])
    with open_container(str(path)) as container:
        monkeypatch.setattr(archive, "RATIO_FLOOR", 1000)
        monkeypatch.setattr(archive, "MAX_RATIO", 2)
        with container.open("a.csv") as stream, pytest.raises(Problem) as raised:
            while stream.read(1000):
                pass
    assert raised.value.code == "zip_bomb"


def test_entries_that_share_their_data_are_a_bomb(pack):
    path = pack([("a.csv", CSV)])
    packed = path.stat().st_size
    path.write_bytes(central(path.read_bytes(), 20, "<I", packed * 2))
    assert look(path)[2] == [("export.zip", "zip_bomb")]


def test_an_encrypted_member_is_refused_and_the_rest_is_read(pack):
    path = pack([("secret.csv", CSV), ("good.csv", CSV)])
    path.write_bytes(central(path.read_bytes(), 8, "<H", 1))
    tables, _documents, problems = look(path)
    assert (tables, problems) == (["good.csv"], [("secret.csv", "zip_encrypted")])


def test_an_unknown_compression_is_refused(pack):
    path = pack([("new.csv", CSV), ("good.csv", CSV)])
    path.write_bytes(central(path.read_bytes(), 10, "<H", 93))
    assert look(path)[2] == [("new.csv", "zip_method")]


def test_a_broken_archive_is_a_problem(pack):
    path = pack([("contacts.csv", CSV)])
    path.write_bytes(path.read_bytes()[:-30])
    assert look(path) == ([], [], [("export.zip", "zip_broken")])


def test_a_member_with_broken_data_is_a_problem_and_the_rest_is_read(pack):
    path = pack([("bad.csv", CSV * 100), ("good.csv", CSV)])
    data = bytearray(path.read_bytes())
    start = data.index(b"bad.csv") + len("bad.csv")
    data[start + 5 : start + 25] = bytes(20)
    path.write_bytes(data)
    tables, _documents, problems = look(path)
    assert (tables, problems) == (["good.csv"], [("bad.csv", "zip_broken")])


def test_an_archive_in_an_archive_is_kept_and_noted(pack, tmp_path):
    inner = pack([("a.csv", CSV)], "inner.zip").read_bytes()
    path = pack([("inner.zip", inner), ("files/b.zip", inner), ("c.csv", inner)])
    tables, documents, problems = look(path)
    assert not tables
    assert documents == ["inner.zip", "files/b.zip", "c.csv"]
    assert problems == [("inner.zip", "nested_zip"), ("c.csv", "nested_zip")]


def test_the_second_of_two_members_of_one_name_is_reported(pack):
    with pytest.warns(UserWarning):
        path = pack([("a.csv", CSV), ("a.csv", "id\n9\n")])
    tables, _documents, problems = look(path)
    assert (tables, problems) == (["a.csv"], [("a.csv", "zip_duplicate")])


def test_accents_in_member_names_are_kept(pack):
    assert look(pack([("Müller/Größe.csv", CSV)]))[0] == ["Müller/Größe.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_member_names_without_the_utf8_flag_are_understood(pack, encoding):
    raw = "Größe.csv".encode(encoding)
    path = pack([("x" * len(raw), CSV), ("ö.csv", CSV)])
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    assert look(path)[0] == ["Größe.csv", "ö.csv"]
