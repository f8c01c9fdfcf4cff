"""What tables nobody has described mean: their rows, their columns.

By names, by the shapes of the first values, and by what stands beside them. It is
pure: what is known of objects and their names is given, see :class:`.ObjectKnowledge`.
"""

from .assign import read_columns
from .candidates import Vocabulary
from .model import ColumnReading, Meaning, ObjectKnowledge, TableFacts, TableReading
from .tables import TableTeller

__all__ = [
    "ColumnReading",
    "Meaning",
    "ObjectKnowledge",
    "TableFacts",
    "TableReading",
    "understand",
]


def understand(tables, objects):
    """Read ``tables`` (:class:`TableFacts`) by what is known of ``objects``.

    :return: ``{key of the table: TableReading}``
    """
    vocabulary = Vocabulary(objects)
    teller = TableTeller(objects, vocabulary)
    return {facts.key: _read(facts, vocabulary, teller) for facts in tables}


def _read(facts, vocabulary, teller):
    if facts.object in vocabulary.objects:
        name, confidence, reason = facts.object, 1.0, "table_decided"
    else:
        name, confidence, reason = teller.tell(facts)
    if not name:
        return TableReading(None, confidence, reason)
    columns, parts = read_columns(facts, name, vocabulary)
    return TableReading(name, confidence, reason, columns, parts)
