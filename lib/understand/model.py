"""What is known of objects, what is seen of tables, and what is made of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableFacts:
    """A table as it was found.

    :param name: file name, with the sheet's after a colon
    :param rows: dicts of the first rows
    :param object: name of the object a row is, where that is decided
    """

    key: object
    name: str
    columns: tuple
    rows: list
    object: str | None = None


@dataclass(frozen=True)
class Meaning:
    """What a column can mean; `names` begin with the canonical one."""

    name: str
    names: tuple
    ttype: str = "char"
    kind: str = "direct"


@dataclass(frozen=True)
class ObjectKnowledge:
    """A kind of record; `words` are names of the kind itself."""

    key: object
    name: str
    patterns: tuple
    meanings: tuple
    words: tuple = ()


@dataclass(frozen=True)
class ColumnReading:
    """What a column means.

    :param meaning: of the table's object, or None
    :param confidence: share of columns read like this that are read right; without a
        meaning, of those that have none
    :param reason: code, see :mod:`.reasons`; `evidence` has what its text is about
    :param part: ``(object, meaning)`` of another object of the row, or None
    """

    column: str
    object: str
    meaning: str | None
    confidence: float
    reason: str
    part: tuple | None = None
    evidence: dict = field(default_factory=dict)


@dataclass(frozen=True)
class TableReading:
    """What a row of a table is, its columns, and the other objects in the row.

    :param object: name of the object, None where it cannot be told
    """

    object: str | None
    confidence: float
    reason: str
    columns: tuple = ()
    parts: tuple = ()
    evidence: dict = field(default_factory=dict)
