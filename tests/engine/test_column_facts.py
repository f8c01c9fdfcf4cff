"""Facts told from groups of values are those told from every single value."""

import random
from collections import Counter
from datetime import datetime, timedelta

from ...lib.column_facts import ColumnFacts
from ...lib.profile import ColumnProfile
from ..common import MigrationCase

WORDS = ("n/a", "null")
COLUMNS = 300


def _moments(dice, count):
    start = datetime(dice.choice((1950, 1985, 2010)), 1, 1)
    for _number in range(count):
        yield start + timedelta(minutes=dice.randrange(30_000_000))


class Families:
    """Values as exports have them, and such as are nearly so; one dice, one column."""

    def __init__(self, dice):
        self.dice = dice

    def dates(self):
        form = self.dice.choice(
            (
                *("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%y", "%m-%d-%y"),
                *("%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ"),
                *(
                    "%Y-%m-%dT%H:%M:%S+05:30",
                    "%m/%d/%Y %I:%M %p",
                    "%d %b %Y",
                    "%Y/%m/%d",
                ),
                *("%b %d, %Y %H:%M", "%a, %d %b %Y %H:%M:%S GMT", "%Y%m%d", "%y-%m-%d"),
                *("%-d.%-m.%Y", "%-m/%-d/%Y %-I:%M %p", "%d.%m.%y", "%d . %m . %Y"),
            )
        )
        return [one.strftime(form) for one in _moments(self.dice, 60)]

    def early_dates(self):
        """No day after the twelfth: nothing tells day from month."""
        form = self.dice.choice(("%d/%m/%Y", "%d-%m-%y", "%d.%m.%Y", "%m/%d/%Y %H:%M"))
        return [
            one.replace(day=1 + one.day % 12).strftime(form)
            for one in _moments(self.dice, 40)
        ]

    def numbers(self):
        dice = self.dice
        form = dice.choice(
            (
                *("{:d}", "{:.2f}", "{:,.2f}", "€ {:.1f}", "{:.0f} %", "{:,d} USD"),
                *("({:d})", "-{:d}", "{:05d}", "{:d}.5", "US$ {:,.2f} USD", "Fr. {:d}"),
                *("{:.3f}", "{:e}", "{:d},-", "+{:d}", "{:d}000000000", "1.{:03d}"),
                *("{:.1f}k", "{:d} Mio. €", "{:.1f}M USD", "$ {:d} tsd."),
            )
        )
        whole = "d}" in form
        return [
            form.format(dice.randrange(10**5) if whole else dice.random() * 10**5)
            for _number in range(60)
        ]

    def german(self):
        swap = str.maketrans(".,", ",.")
        return [one.translate(swap) for one in self.numbers()]

    def serials(self):
        low, high = self.dice.choice(
            ((35_000, 45_000), (1_500_000_000, 1_600_000_000), (10_000, 90_000))
        )
        return [str(self.dice.randrange(low, high)) for _number in range(50)]

    def truths(self):
        return list(self.dice.choice((("yes", "No"), ("true", "false"), ("0", "1"))))

    def words(self):
        return [f"Name{self.dice.randrange(900)} Smith" for _number in range(50)]

    def addresses(self):
        return [f"p{self.dice.randrange(900)}@example.com" for _number in range(50)]

    def oddities(self):
        return [
            *("31.02.2024", "29.02.2023", "29.02.2024", "2023-02-29", "1.2.3.4", "x"),
            *(
                "12:30",
                "25:61",
                "2024-01-01 24:00",
                "2024-01-01 25:00",
                "0",
                "1",
                "1.0",
            ),
            *("00012", "--5", "5-", "1e5", "1e999", "٣", "２０２４-01-02", "€", "yes"),
            *("1234567890.5", "0012345678.5", "20240131102030.5", "1.234.567", "1'000"),
            *("12/13/2024", "13/12/2024", "13/13/2024", "2024/13/01", "0999-01-01"),
            *("99-01-02", "3 Mar 2024", "31 Feb 2024", "n/a", "NULL", " 7 ", "7\n8"),
            *("x" * 255, "9" * 20, "9" * 130, "1/2/20245", "1.1.1", "01/02/2024 soon"),
            *("\u00a05", "12 kr.", "s/. 5", "a1", "mar 5", "[]", "9999-12-31 24:00"),
        ]

    def column(self):
        """A column: mostly one family, sometimes with another or an oddity."""
        families = (self.dates, self.early_dates, self.numbers, self.german)
        families += (self.serials, self.truths, self.words, self.addresses)
        values = self.dice.choice(families)()
        if self.dice.random() < 0.2:
            values += self.dice.choice(families)()
        if self.dice.random() < 0.4:
            values += self.dice.sample(self.oddities(), self.dice.randrange(1, 4))
        return values


class TestColumnFacts(MigrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.new_project({"companies.csv": "company_id,name\n"})
        cls.mapping = cls.env["migration.mapping"].create(
            {"project_id": cls.project.id, "name": "thing", "label": "Things"}
        )

    def stage(self, columns):
        """Stage rows of ``{column: [value]}``; all as long as the longest."""
        rows = max(map(len, columns.values()))
        self.env["migration.record"].create(
            [
                {
                    "project_id": self.project.id,
                    "mapping_id": self.mapping.id,
                    "source_id": str(row),
                    "payload": {
                        name: values[row]
                        for name, values in columns.items()
                        if row < len(values)
                    },
                }
                for row in range(rows)
            ]
        )
        self.env.flush_all()

    def facts(self, column):
        return self.env["migration.column.facts"]._facts(self.mapping, column, WORDS)

    @staticmethod
    def expected(values):
        """Profile and days of the same column, value by value."""
        counts = Counter()
        for value in values:
            text = value.strip()
            if text.lower() not in WORDS and text not in ("", "[]"):
                counts[text] += 1
        profile, plain = ColumnProfile(), ColumnFacts()
        for text, count in counts.items():
            profile.add(text, count)
            plain.add("= ", text, text, count, 1, len(text), False, 0, 0)
        return profile, plain

    def test_G01_no_decision_depends_on_the_grouping(self):
        families = Families(random.Random(19))
        columns = {f"c{number}": families.column() for number in range(COLUMNS)}
        columns["odd"] = families.oddities()
        for number, value in enumerate(families.oddities()):
            columns[f"only {number}"] = [value]
        self.stage(columns)
        for name, values in columns.items():
            with self.subTest(column=name, values=values[:3] + values[-3:]):
                facts = self.facts(name)
                profile, plain = self.expected(values)
                found = facts.profile
                for told in ("ttype", "date_order", "decimal", "serial"):
                    self.assertEqual(
                        getattr(found, told)(), getattr(profile, told)(), told
                    )
                for counted in ("filled", "distinct", "longest"):
                    self.assertEqual(
                        getattr(found, counted), getattr(profile, counted), counted
                    )
                if profile.ttype() in ("date", "datetime"):
                    for order in (None, "dmy", "mdy", "ymd", "excel"):
                        ours, theirs = facts.days(order), plain.days(order)
                        ours.examples = theirs.examples = {}
                        self.assertEqual(ours, theirs, order)

    def test_a_single_value_out_of_many_decides(self):
        many = [f"{day:02}/{month:02}/2024" for day in range(1, 13) for month in (1, 2)]
        self.stage(
            {
                "open": many * 50,
                "told": [*many * 50, "25/01/2024"],
                "text": [*many * 50, "soon"],
            }
        )
        self.assertEqual(self.facts("open").profile.date_order(), "ambiguous")
        self.assertEqual(self.facts("told").profile.date_order(), "dmy")
        found = self.facts("text").profile
        self.assertEqual(found.ttype(), "char")
        self.assertEqual(found.exceptions(), ("date", 1, "soon"))

    def test_a_million_values_alike_are_a_handful_of_groups(self):
        self.stage(
            {
                "moment": [
                    f"2024-03-{1 + n % 28:02} {n % 24:02}:{n % 60:02}:00"
                    for n in range(3000)
                ],
                "amount": [f"{n},50" for n in range(3000)],
                "address": [f"someone{n}@example.com" for n in range(3000)],
            }
        )
        names = ("moment", "amount", "address")
        sizes = {name: len(self.facts(name)._groups) for name in names}
        self.assertEqual(sizes, {"moment": 28, "amount": 5, "address": 1})
        self.assertEqual(self.facts("address").type_seen(), "email")

    def test_words_for_nothing_are_no_values(self):
        self.stage({"day": ["2024-01-31", "n/a", "NULL", " ", "2024-02-01"]})
        facts = self.facts("day")
        self.assertEqual((facts.filled, facts.type_seen()), (2, "date"))
        self.assertEqual(facts.values()["fill_rate"], 0.4)

    def test_texts_that_end_where_systems_cut_are_told(self):
        self.stage(
            {
                "cut": ["a" * 255, "b" * 255, "short"],
                "free": ["a" * 255, "b" * 256, "c" * 300],
                "one": ["a" * 255],
            }
        )
        self.assertEqual(self.facts("cut").cut(), (255, 2))
        self.assertIsNone(self.facts("free").cut())
        self.assertIsNone(self.facts("one").cut())
