"""How many columns of header sets from public documentation are understood right.

Of the held-out part only figures leave this module, so that nobody fits the
understanding of headers to it.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

KNOWN, HELD_OUT = "known", "held_out"
SPLITS = (KNOWN, HELD_OUT)
# Labels of columns without a meaning of ours; both are the answer "no meaning".
NO_MEANING = ("custom", "ignored")
BANDS = ((0.9, "0.9 and more"), (0.8, "0.8–0.9"), (0.6, "0.6–0.8"), (0.0, "below 0.6"))
SURE = 0.9
_VALUES = tuple(f"value{number}" for number in range(1, 6))
# Lines of an object that no column of a source means.
_NOT_COLUMNS = ("constant",)


class Malformed(ValueError):
    """A file of the corpus cannot be used; the text says which, and why."""


@dataclass(frozen=True)
class Column:
    """A header with its five sample values.

    :param labels: the answers that are right, ``object.meaning`` or of `NO_MEANING`
    """

    name: str
    labels: tuple
    values: tuple

    @property
    def has_meaning(self):
        """Whether an answer without a meaning would be wrong."""
        return not any(label in NO_MEANING for label in self.labels)


@dataclass(frozen=True)
class Table:
    """One exported file; `object` is what a row of it is."""

    crm: str
    name: str
    object: str
    split: str
    columns: tuple

    def rows(self):
        """Dicts of the sample rows, without those in which nothing stands."""
        rows = (
            {column.name: column.values[number] for column in self.columns}
            for number in range(len(_VALUES))
        )
        return [row for row in rows if any(row.values())]


@dataclass(frozen=True)
class Answer:
    """What was made of a column; `got` is ``object.meaning`` or None."""

    table: Table
    column: Column
    got: str | None
    confidence: float
    reason: str

    @property
    def right(self):
        """Whether one of the column's labels says the same."""
        if self.got is None:
            return not self.column.has_meaning
        return self.got in self.column.labels


@dataclass(frozen=True)
class Result:
    """Answers for all columns of one split, and the objects told for its tables.

    :param objects: table → object told, None where none was
    """

    answers: list
    objects: dict


def read_corpus(folder):
    """All tables that ``index.csv`` in ``folder`` names.

    :raises Malformed: where a file is missing, or not of the form its README says
    """
    folder = Path(folder)
    return [
        _read_table(folder / line["split"] / line["crm"] / f"{line['table']}.csv", line)
        for line in read_csv(folder / "index.csv")
    ]


def _read_table(path, line):
    if not path.exists():
        raise Malformed(f"{path} is in the index, and does not exist")
    columns = []
    for number, row in enumerate(read_csv(path), start=2):
        if not row["column"] or not row["label"]:
            raise Malformed(f"{path}, line {number}: column or label is empty")
        columns.append(
            Column(
                row["column"],
                tuple(row["label"].split("|")),
                tuple(row[name] for name in _VALUES),
            )
        )
    if len({column.name for column in columns}) < len(columns):
        raise Malformed(f"{path}: a column is there twice")
    return Table(
        line["crm"], line["table"], line["object"], line["split"], tuple(columns)
    )


def read_csv(path):
    """Lines of a CSV file in UTF-8 as dicts."""
    with open(path, newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def read_knowledge(folder, understanding):
    """What the product knows of its objects and meanings, from its data files.

    The labels of Odoo in other languages are not among the names: they are in Odoo.

    :param folder: ``data/generic`` of the addon
    :param understanding: the module with ``ObjectKnowledge`` and ``Meaning``
    """
    folder = Path(folder)
    names = _synonyms(folder / "migration.synonym.csv")
    lines = read_csv(folder / "migration.source.field.csv")
    objects = []
    for record in read_csv(folder / "migration.source.object.csv"):
        fields = [line for line in lines if line["object_id/id"] == record["id"]]
        label = record["label"]
        objects.append(
            understanding.ObjectKnowledge(
                key=record["name"],
                name=record["name"],
                patterns=_split(record["file_patterns"]),
                meanings=_meanings(record["name"], fields, names, understanding),
                words=(record["name"], label, *names.get((record["name"], ""), ())),
            )
        )
    return objects


def _meanings(name, lines, names, understanding):
    """Meanings of the object ``name``: of several lines of one, the first says more."""
    found = {}
    for line in lines:
        meaning = line["name"]
        if line["kind"] in _NOT_COLUMNS or " + " in meaning or meaning in found:
            continue
        found[meaning] = understanding.Meaning(
            name=meaning,
            names=(
                meaning,
                *_split(line["synonyms"]),
                *names.get((name, meaning), ()),
                *names.get(("", meaning), ()),
            ),
            ttype=line["ttype"] or "char",
            kind=line["kind"],
        )
    return tuple(found.values())


def _synonyms(path):
    """``{(object, meaning): names}``; either may be empty, for all of them."""
    names = {}
    for line in read_csv(path) if path.exists() else ():
        key = line.get("object") or "", line.get("meaning") or ""
        names.setdefault(key, []).append(line["name"])
    return names


def _split(text):
    return tuple(part.strip() for part in text.split(",") if part.strip())


def evaluate(tables, objects, understanding):
    """``{split: Result}``: every CRM's tables are read together, as in a project."""
    results = {split: Result([], {}) for split in SPLITS}
    for crm in dict.fromkeys(table.crm for table in tables):
        together = {
            number: table
            for number, table in enumerate(one for one in tables if one.crm == crm)
        }
        facts = [
            understanding.TableFacts(
                key=number,
                name=f"{table.name}.csv",
                columns=tuple(column.name for column in table.columns),
                rows=table.rows(),
            )
            for number, table in together.items()
        ]
        readings = understanding.understand(facts, objects)
        for number, table in together.items():
            result = results[table.split]
            result.answers.extend(_answers(table, readings.get(number)))
            told = readings.get(number)
            result.objects[table] = told and _name(told.object, objects)
    return results


def _answers(table, reading):
    """Answers for all columns of a table; one that was not read has no meaning."""
    read = {one.column: one for one in reading.columns} if reading else {}
    for column in table.columns:
        one = read.get(column.name)
        if one is None:
            yield Answer(table, column, None, 0.0, "")
        else:
            yield Answer(table, column, _said(one), one.confidence, one.reason)


def _said(reading):
    """``object.meaning`` of a reading, of another object where it is only that."""
    if reading.meaning:
        return f"{reading.object}.{reading.meaning}"
    return ".".join(reading.part) if reading.part else None


def _name(key, objects):
    return next((one.name for one in objects if one.key == key), None)


def report(results):
    """Lines with the figures of every split."""
    for split, result in results.items():
        yield from _figures(split, result)
        yield ""


def _figures(split, result):
    answers = result.answers
    told = [table.object == name for table, name in result.objects.items()]
    crms = {table.crm for table in result.objects}
    sure = [one for one in answers if one.confidence >= SURE]
    yield f"{split}: {len(crms)} CRMs, {len(told)} tables, {len(answers)} columns"
    yield f"  columns right                {_share(answers)}"
    meant = [one for one in answers if one.column.has_meaning]
    yield f"  of those with a meaning      {_share(meant)}"
    yield f"  objects of tables right      {_percent(sum(told), len(told))}"
    yield f"  at {SURE} and more             {_share(sure)}"
    proposed = [one for one in sure if one.got]
    yield f"  of these with a proposal     {_share(proposed)}"
    yield "  confidence      columns  right"
    above = float("inf")
    for least, name in BANDS:
        band = [one for one in answers if least <= one.confidence < above]
        above = least
        right = sum(one.right for one in band)
        share = f"{100 * right / len(band):5.1f} %" if band else "    –"
        yield f"  {name:<14}  {len(band):>7}  {share}"


def _share(answers):
    return _percent(sum(one.right for one in answers), len(answers))


def _percent(right, total):
    return f"{right} of {total}, {100 * right / total:.1f} %" if total else "none"


def wrong_of_known(results):
    """A line for each column of the known split that was not understood."""
    for one in results[KNOWN].answers:
        if not one.right:
            yield (
                f"{one.table.crm} / {one.table.name} / {one.column.name}: "
                f"{' or '.join(one.column.labels)}, got {one.got or 'no meaning'} "
                f"({one.confidence:.2f} {one.reason})"
            )


def run(checkout, listed=False):
    """Print the figures for the addon in ``checkout``; returns the exit status."""
    from lib import understand

    objects = read_knowledge(checkout / "data" / "generic", understand)
    corpus = read_corpus(Path(__file__).parent / "corpus")
    results = evaluate(corpus, objects, understand)
    for line in (*report(results), *(wrong_of_known(results) if listed else ())):
        print(line)
    return 0
