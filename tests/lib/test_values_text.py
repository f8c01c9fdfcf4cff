"""What texts, lists and addresses become."""

import pytest

from lib.errors import Problem
from lib.values.text import email, folder, line, split_list, text, url


@pytest.mark.parametrize("function", [line, text, email, url])
@pytest.mark.parametrize("value", [None, "", "  ", "\n\t\u00a0", "\x00", [], "\ufeff"])
def test_an_empty_value_is_no_text(function, value):
    assert function(value) is None


@pytest.mark.parametrize(
    "value, expected",
    [
        ("Anna", "Anna"),
        ("  Anna \t Maria\r\nBerg\u00a0 ", "Anna Maria Berg"),
        ("A\x00nna\x07", "Anna"),
        ("\ufeffAnna", "Anna"),
        ("a\ud800b", "a\ufffdb"),
        ("👩\u200d💻 Zoë", "👩\u200d💻 Zoë"),
        (7, "7"),
        (7.0, "7"),
        (7.5, "7.5"),
        (True, "true"),
        (False, "false"),
        (["a", None, 2.0], "a, 2"),
        ({"ä": 1}, '{"ä": 1}'),
    ],
)
def test_a_line_is_one_clean_line(value, expected):
    assert line(value) == expected
    assert line(value).encode()


@pytest.mark.parametrize(
    "value, expected",
    [
        ("a\r\nb\rc\nd\u2028e", "a\nb\nc\nd\ne"),
        ("\n\n a\n\n  b \n", "a\n\n  b"),
        ("a\x00\tb", "a\tb"),
        (12, "12"),
    ],
)
def test_a_text_keeps_its_lines(value, expected):
    assert text(value) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        (None, []),
        ("", []),
        (" ; ;\n ", []),
        (" , ", []),
        ("a", ["a"]),
        ("a, b ,c", ["a", "b", "c"]),
        ("a;b;a; ;c", ["a", "b", "c"]),
        ("Berg, Anna; Roe, Jo", ["Berg, Anna", "Roe, Jo"]),
        ("Berg, Anna|Roe, Jo", ["Berg, Anna", "Roe, Jo"]),
        ("a\r\nb,c", ["a", "b", "c"]),
        ('["a", 1, null, "b, c"]', ["a", "1", "b, c"]),
        ("[draft] a, b", ["[draft] a", "b"]),
        (["x", " x", 3.0, None, "y,z"], ["x", "3", "y,z"]),
        (5, ["5"]),
    ],
)
def test_a_list_is_split_into_distinct_items(value, expected):
    assert split_list(value) == expected


def test_a_list_can_have_separators_of_its_own():
    assert split_list("a;b/c", separators="/") == ["a;b", "c"]
    assert split_list("a, b; c", separators=",") == ["a", "b; c"]
    assert split_list("a^b]c", separators="^]") == ["a", "b", "c"]
    assert split_list("a,b", separators="") == ["a,b"]


@pytest.mark.parametrize(
    "value, expected",
    [
        ("a@b.co", "a@b.co"),
        (" Anna.Berg+crm@Example.COM ", "anna.berg+crm@example.com"),
        ("Anna Berg <ANNA@example.com>", "anna@example.com"),
        ('"Berg, Anna" <anna@example.com>', "anna@example.com"),
        ("<anna@example.com>", "anna@example.com"),
        ("mailto:anna@example.com", "anna@example.com"),
        ("o'neil@sub.example.co.uk", "o'neil@sub.example.co.uk"),
        ("anna@münchen.de", "anna@münchen.de"),
        ("anna@xn--mnchen-3ya.xn--p1ai", "anna@xn--mnchen-3ya.xn--p1ai"),
        ("\u200banna@example.com\u00a0", "anna@example.com"),
    ],
)
def test_an_address_is_taken_out_in_lower_case(value, expected):
    assert email(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "anna",
        "anna@",
        "@example.com",
        "anna@localhost",
        "anna@@example.com",
        "anna@example..com",
        "an..na@example.com",
        ".anna@example.com",
        "anna.@example.com",
        "anna@-example.com",
        "anna@example-.com",
        "anna@example.com.",
        "anna@10.0.0.1",
        "anna berg@example.com",
        "a@b.co; c@d.co",
        "a@b.co, c@d.co",
        "Anna <anna>",
        "n/a",
        "a" * 250 + "@b.co",
        7,
    ],
)
def test_what_is_no_address_is_refused(value):
    with pytest.raises(Problem) as caught:
        email(value)
    assert caught.value.code == "email_invalid"
    assert caught.value.value == value
    assert caught.value.remedy


@pytest.mark.parametrize(
    "value, expected",
    [
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("www.example.com", "http://www.example.com"),
        ("example.com/path", "http://example.com/path"),
        ("example.com:8080/x", "http://example.com:8080/x"),
        ("//example.com", "http://example.com"),
        ("münchen.de", "http://münchen.de"),
        ("http://intranet/x", "http://intranet/x"),
        (" HTTPS://Example.com ", "HTTPS://Example.com"),
    ],
)
def test_a_web_address_gets_a_scheme(value, expected):
    assert url(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "Example",
        "n/a",
        "none.",
        "http://",
        "https://a b.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "anna@example.com",
        "mailto:anna@example.com",
        "http://[::1",
        "http://example.com:99999",
        42,
    ],
)
def test_what_is_no_web_address_is_refused(value):
    with pytest.raises(Problem) as caught:
        url(value)
    assert caught.value.code == "url_invalid"
    assert caught.value.value == value
    assert caught.value.remedy


def test_folder_is_what_stands_before_the_name_of_a_file():
    assert folder("docs/2024/Pleadings/a.pdf") == "docs/2024/Pleadings"
    assert folder("\\\\docs\\2024\\a.pdf") == "docs/2024"
    assert folder("a.pdf") is None
    assert folder("") is None
