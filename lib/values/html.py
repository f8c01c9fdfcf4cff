"""Text and HTML as safe HTML."""

import re
from html import escape

from lxml import etree
from lxml import html as lxml_html

from .text import text

try:
    from lxml_html_clean import Cleaner
except ImportError:  # lxml before 5.2 brings the cleaner along
    from lxml.html.clean import Cleaner

_BLOCKS = (
    "address article aside blockquote body br center dd div dl dt fieldset figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html li main ol p pre section table "
    "tbody td tfoot th thead tr ul"
).split()
_INLINE = (
    "a abbr b big button code del em embed font i iframe img input ins kbd label link "
    "mark meta object q s samp script small span strike strong style sub sup svg title "
    "tt u var video"
).split()


def _tag(names):
    # A name in angle brackets is no tag: "<anna@example.com>" and "a < b" are text.
    return re.compile(rf"</?(?:{'|'.join(names)})(?:\s[^<>]*)?/?>", re.IGNORECASE)


_BLOCK_TAG = _tag(_BLOCKS)
_ANY_TAG = _tag(_BLOCKS + _INLINE)
_COMMENT = re.compile(r"<!(?:--|doctype\b)", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[/!a-z][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
# <base> would turn every link of the page around it; older cleaners let it through.
_CLEANER = Cleaner(style=True, kill_tags=("base",))


def is_html(value):
    """Whether ``value`` is a text with real HTML tags in it."""
    if not isinstance(value, str) or "<" not in value:
        return False
    return bool(_ANY_TAG.search(value) or _COMMENT.match(value.lstrip()))


def to_html(value):
    """``value`` as HTML that runs nothing; None where empty.

    Plain text is escaped, with ``<p>`` for its paragraphs and ``<br/>`` for its lines.
    HTML loses scripts, styles, event handlers, forms and embedded objects.
    """
    found = text(value)
    if found is None:
        return None
    return _cleaned(found) if is_html(found) else _marked_up(found)


def _marked_up(plain):
    paragraphs = re.split(r"\n[ \t]*\n\s*", plain)
    return "".join(
        f"<p>{escape(paragraph, quote=False)}</p>".replace("\n", "<br/>")
        for paragraph in paragraphs
    )


def _cleaned(source):
    # Lines of a text that only has inline tags would run together in a browser.
    if not _BLOCK_TAG.search(source):
        source = source.replace("\n", "<br>")
    parser = lxml_html.HTMLParser(huge_tree=True)
    try:
        root = lxml_html.fragment_fromstring(
            _DECLARATION.sub("", source), create_parent="div", parser=parser
        )
    except etree.ParserError:
        return None
    if parser.error_log.filter_from_fatals():
        # The parser gave up, for instance on thousands of nested tags, and would
        # keep only what came before: the whole text matters more than its markup.
        bare = _MARKUP.sub(" ", source).strip()
        return _marked_up(bare) if bare else None
    root = _CLEANER.clean_html(root)
    inner = escape(root.text or "", quote=False) + "".join(
        lxml_html.tostring(child, encoding="unicode") for child in root
    )
    return inner.strip() or None
