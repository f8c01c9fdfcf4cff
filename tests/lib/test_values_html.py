"""What texts and HTML become in an HTML field."""

import pytest
from lxml import html as lxml_html

from lib.values.html import is_html, to_html


@pytest.mark.parametrize(
    "value",
    [
        "<p>x</p>",
        "<P CLASS='a'>x",
        "a<br>b",
        "a<br/>b",
        "</div>",
        "<a href='x'>y</a>",
        "<!DOCTYPE html><title>x</title>",
        "<!-- note --> x",
        "<script>x</script>",
    ],
)
def test_tags_make_it_html(value):
    assert is_html(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "",
        "plain",
        "a < b and c > d",
        "<anna@example.com>",
        "Anna <anna@example.com>",
        "<https://example.com>",
        "<pre-sales> call",
        "AT&amp;T",
        "if x<p then",
    ],
)
def test_without_tags_it_is_text(value):
    assert not is_html(value)


@pytest.mark.parametrize(
    "value", [None, "", " \n ", "<script>x</script>", "<!-- a -->"]
)
def test_nothing_to_show_is_none(value):
    assert to_html(value) is None


@pytest.mark.parametrize(
    "value, expected",
    [
        ("Hello", "<p>Hello</p>"),
        ("a\nb", "<p>a<br/>b</p>"),
        ("a\r\n\r\nb", "<p>a</p><p>b</p>"),
        ("a\n \t\n\n\nb\n", "<p>a</p><p>b</p>"),
        ('a < b & "c"', '<p>a &lt; b &amp; "c"</p>'),
        ("Anna <anna@example.com>", "<p>Anna &lt;anna@example.com&gt;</p>"),
        (12.0, "<p>12</p>"),
    ],
)
def test_plain_text_keeps_its_paragraphs_and_lines(value, expected):
    assert to_html(value) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
        ("before <p>x</p> after", "before <p>x</p> after"),
        ("<p>one", "<p>one</p>"),
        ("<b>a</b>\nb", "<b>a</b><br>b"),
        ("<p>a\nb</p>", "<p>a\nb</p>"),
        ("<p>é – 日本</p>", "<p>é – 日本</p>"),
        ("a &lt; b<br>c", "a &lt; b<br>c"),
        ("<html><head><title>t</title></head><body><p>x</p></body></html>", "<p>x</p>"),
        ("<?xml version='1.0' encoding='utf-8'?><p>x</p>", "<p>x</p>"),
        ("<!-- hidden --><p>x</p>", "<p>x</p>"),
        ("<p>x\x00y</p>", "<p>xy</p>"),
    ],
)
def test_html_keeps_what_it_says(value, expected):
    assert to_html(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "<p>ok<script>alert(1)</script></p>",
        "<p onclick='alert(1)'>ok</p>",
        "<p>ok<img src=x onerror=alert(1)></p>",
        "<a href='javascript:alert(1)'>ok</a>",
        "<a href=' java\tscript:alert(1)'>ok</a>",
        "<style>p{background:url(alert)}</style><p>ok</p>",
        "<p style='background:url(alert)'>ok</p>",
        "<p>ok</p><iframe src='alert'></iframe>",
        "<p>ok</p><object data='alert'></object>",
        "<form action='alert'>ok<input name='alert'></form>",
        "<svg><script>alert(1)</script></svg><p>ok</p>",
        "<meta http-equiv='refresh' content='0;alert'><p>ok</p>",
        "<p>ok</p><!--[if IE]><script>alert(1)</script><![endif]-->",
        "<base href='alert'><p>ok</p>",
    ],
)
def test_html_loses_what_could_run(value):
    cleaned = to_html(value)
    assert "ok" in cleaned
    assert "alert" not in cleaned
    assert "<script" not in cleaned


@pytest.mark.parametrize("depth", [10, 500, 5000])
def test_deep_nesting_loses_no_text(depth):
    cleaned = to_html(
        "<p>first</p>" + "<div>" * depth + "last<script>alert(1)</script>"
    )
    shown = lxml_html.fromstring(cleaned, parser=lxml_html.HTMLParser(huge_tree=True))
    assert "".join(shown.text_content().split()) == "firstlast"
    assert "alert" not in cleaned
