"""Cells that say nothing: empty ones, and words such as ``n/a`` that stand for it."""

# What exports write where they have no value. A name, a code or an answer such as
# "none" or "NA" is not among them.
KNOWN_WORDS = (
    "null",
    "(null)",
    "<null>",
    "[null]",
    "\\n",
    "n/a",
    "n.a.",
    "#n/a",
    "k.a.",
    "-",
    "--",
    "---",
    "–",
    "—",
    "undefined",
    "(none)",
    "--none--",
    "- none -",
    "(blank)",
    "(empty)",
    "not available",
    "not specified",
    "keine angabe",
    "nicht angegeben",
    "non renseigné",
    "sin especificar",
    "non specificato",
)


def is_empty(value):
    """Whether a source value says nothing: None, blank text, an empty list."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == [] or value == {}


def parse_words(text):
    """The words of ``n/a; null`` as a frozenset in small letters."""
    words = (word.strip().casefold() for word in (text or "").split(";"))
    return frozenset(word for word in words if word)


def says_nothing(value, nothing):
    """Whether ``value`` is empty, or one of the words ``nothing``."""
    if isinstance(value, str):
        word = value.strip()
        return not word or word.casefold() in nothing
    return is_empty(value)


def without_nothing(read, nothing):
    """The reader ``read``, giving None where a value is one of the words ``nothing``.

    Of a list, the items that are such words are left out.
    """
    if not nothing:
        return read

    def read_something(payload):
        value = read(payload)
        if isinstance(value, list):
            return [one for one in value if not says_nothing(one, nothing)]
        return None if says_nothing(value, nothing) else value

    return read_something
