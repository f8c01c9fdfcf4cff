"""What the product knows of objects and columns, from its data files.

The Odoo side makes the same from its tables, see ``models/engine/knowledge.py``, which
adds the labels of the target fields.
"""

import csv
from pathlib import Path

from .model import Meaning, ObjectKnowledge

# Lines of an object that no column of a source means.
_NOT_COLUMNS = ("constant",)


def read_knowledge(folder):
    """ObjectKnowledge of every object in ``data/<source>``; keys are names.

    :param folder: with ``migration.source.object.csv``, ``…field.csv`` and, if there is
        one, ``migration.synonym.csv``
    """
    folder = Path(folder)
    lines = _rows(folder / "migration.source.field.csv")
    names = gather(
        (row["object"], row["meaning"], row["name"])
        for row in _rows(folder / "migration.synonym.csv")
    )
    return [
        build(
            record["name"],
            record["name"],
            (record["name"], record["label"]),
            split(record["file_patterns"], ","),
            [
                (line["name"], line["kind"], line["ttype"], split(line["synonyms"]))
                for line in lines
                if line["object_id/id"] == record["id"]
            ],
            names,
        )
        for record in _rows(folder / "migration.source.object.csv")
    ]


def build(key, name, words, patterns, lines, synonyms, labels=None):
    """The ObjectKnowledge of one object.

    :param lines: ``(name, kind, ttype, own synonyms)`` of what its columns can be; of
        several with one name the first says more, the names of all count
    :param synonyms: ``{(object, meaning): [names]}``, see :func:`gather`
    :param labels: ``{meaning: [labels of the target field]}``
    """
    labels = labels or {}
    found = {}
    for meaning, kind, ttype, own in lines:
        if kind in _NOT_COLUMNS or " + " in meaning:
            continue
        first_kind, first_type, names = found.setdefault(meaning, (kind, ttype, []))
        names += own
        if not first_type and ttype:
            found[meaning] = first_kind, ttype, names
    return ObjectKnowledge(
        key=key,
        name=name,
        patterns=tuple(patterns),
        meanings=tuple(
            Meaning(
                name=meaning,
                names=tuple(
                    dict.fromkeys(
                        (
                            meaning,
                            *own,
                            *synonyms.get((name, meaning), ()),
                            *synonyms.get(("", meaning), ()),
                            *labels.get(meaning, ()),
                        )
                    )
                ),
                ttype=ttype or "char",
                kind=kind,
            )
            for meaning, (kind, ttype, own) in found.items()
        ),
        words=tuple(dict.fromkeys((*words, *synonyms.get((name, ""), ())))),
    )


def gather(rows):
    """``{(object, meaning): [names]}`` of ``(objects, meaning, name)`` rows.

    An empty object stands for every one, an empty meaning for the object itself.
    """
    names = {}
    for objects, meaning, name in rows:
        for one in split(objects, ",") or ("",):
            names.setdefault((one, meaning or ""), []).append(name)
    return names


def split(text, separator=";"):
    """The parts of ``text`` that are not empty."""
    return tuple(one.strip() for one in (text or "").split(separator) if one.strip())


def _rows(path):
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
