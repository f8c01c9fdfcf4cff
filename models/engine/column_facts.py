from odoo import models
from odoo.tools import SQL

from ...lib.column_facts import LIMITS, ColumnFacts
from ...lib.profile import SAMPLES, ColumnProfile
from ...lib.values.numbers import CURRENCIES, POWERS

_FIRST = 500
_SAMPLE_LENGTH = 60
_LONG = 120
_NOTHING = ("[]", "{}")
_BLANK = " \t\n\r\f\v\u00a0\u2007\u2009\u202f\u3000"
_MARKS = r"[-+()%\s\u2212\u2013\u2014\u00a0\u202f\u2009\u2007]"
_WORDS = "|".join(
    "".join(f"\\{sign}" if sign in ".$/" else sign for sign in word)
    for word in sorted({*CURRENCIES, *POWERS}, key=lambda word: (-len(word), word))
)
# What stands around the digits of a number, or between them.
_AROUND = "0123456789.,'+-()%\u2212\u2013\u2014\u2019\u2018`\u00b4" + _BLANK
# Such a word or two: a power of ten, a currency.
_UNIT = rf"^(?:{_MARKS}|[.,]|{_WORDS})*$"
#: A number with a currency on both sides.
_NUMBER = (
    rf"^(?:{_MARKS}|{_WORDS})*[.,]?[0-9]"
    r"[0-9.,'\u2019\u2018`\u00b4\u00a0\u202f\u2009\u2007 ]*"
    rf"(?:{_MARKS}|{_WORDS})*$"
)
_DAY = r"^[0-9]{1,4}\s*[./-]\s*[0-9]{1,2}\s*[./-]\s*[0-9]{1,4}"
_DATE = rf"{_DAY}(?![0-9])"
_MOMENT = (
    r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:[.,][0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?$"
)
# Stands before the digest of a long text; exports have no such character.
_MARK = "\ue000"


class MigrationColumnFacts(models.AbstractModel):
    """Looks at all values of a column without fetching them.

    PostgreSQL groups the distinct values by a key; values with one key are alike to
    every decision of :class:`ColumnProfile`, so one or two of each tell for all.
    """

    _name = "migration.column.facts"
    _description = "Migration Column Facts"

    def _facts(self, mapping, column, words=()):
        """:class:`ColumnFacts` of a column of ``mapping``'s usable records.

        :param words: values, in lower case, that say nothing
        """
        self._prepare()
        facts = ColumnFacts()
        raw = self._raw(column)
        first = self._first(mapping, raw)
        facts.samples = sorted({text[:_SAMPLE_LENGTH] for text in first[:SAMPLES]})
        trial = ColumnProfile()
        for text in set(first):
            if text.lower() not in words and text not in _NOTHING:
                trial.add(text)
        facts.profile.narrow(trial)
        for group in self._groups(mapping, raw, words, not trial.is_text()):
            facts.add(*group)
        return facts

    def _prepare(self):
        """Memory for the grouping, and none of what only costs time here.

        Until the next commit.
        """
        self.env.execute_query(
            SQL(
                """SELECT set_config('work_mem', '128MB', TRUE),
                          set_config('enable_memoize', 'off', TRUE),
                          set_config('jit', 'off', TRUE)"""
            )
        )

    @staticmethod
    def _raw(column):
        """SQL of a column as text; of the first one, where a line joins several."""
        path = column.split(" + ")[0].strip()
        if "." not in path:
            return SQL("COALESCE(next_payload, payload)->>%s", path)
        return SQL(
            "COALESCE(%(now)s->>%(path)s, %(now)s #>> %(parts)s)",
            now=SQL("COALESCE(next_payload, payload)"),
            path=path,
            parts=path.split("."),
        )

    def _first(self, mapping, raw):
        """The first values of a column, up to 500."""
        rows = self.env.execute_query(
            SQL(
                """SELECT left(btrim(one.value, %(blank)s), %(long)s) FROM (
                       SELECT %(raw)s AS value FROM migration_record
                        WHERE mapping_id = %(mapping)s
                          AND NOT COALESCE(unusable, FALSE)) AS one
                    WHERE btrim(one.value, %(blank)s) <> '' LIMIT %(first)s""",
                raw=raw,
                blank=_BLANK,
                mapping=mapping.id,
                long=_LONG + 1,
                first=_FIRST,
            )
        )
        return [text for (text,) in rows]

    def _groups(self, mapping, raw, words, formatted):
        """Rows ``(key, low, high, records, distinct, longest, lines, emails, urls)``.

        ``low`` and ``high`` are the first and last value of the group, by its bytes.
        Texts too long for a number or a date are told apart by their digests. OFFSET
        keeps what it closes from being worked out again for each of its uses.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT %(key)s, min(two.value COLLATE "C"), max(two.value COLLATE "C"),
                       sum(one.records)::bigint, count(*), max(two.longest),
                       bool_or(strpos(one.raw, %(line)s) > 0),
                       COALESCE(sum(one.records) FILTER (
                           WHERE two.value LIKE '%%_@_%%._%%'
                             AND strpos(two.value, ' ') = 0), 0)::bigint,
                       COALESCE(sum(one.records) FILTER (
                           WHERE two.value LIKE 'http%%://%%'
                              OR two.value LIKE 'www.%%'), 0)::bigint
                  FROM (SELECT CASE WHEN length(%(raw)s) > %(long)s THEN %(digest)s
                                    ELSE %(raw)s END AS raw, count(*) AS records
                          FROM migration_record
                         WHERE mapping_id = %(mapping)s
                           AND NOT COALESCE(unusable, FALSE) GROUP BY 1) AS one
                 CROSS JOIN LATERAL (
                     SELECT COALESCE(btrim(CASE
                                WHEN starts_with(one.raw, %(mark)s)
                                THEN split_part(one.raw, %(mark)s, 3) || '…'
                                ELSE one.raw END, %(blank)s), '') AS value,
                            CASE WHEN starts_with(one.raw, %(mark)s)
                                 THEN split_part(one.raw, %(mark)s, 2)::int
                                 ELSE length(btrim(one.raw, %(blank)s)) END AS longest
                     OFFSET 0) AS two
                 CROSS JOIN LATERAL (
                     SELECT CASE WHEN two.value ~ %(date)s
                                 THEN substring(two.value FROM %(day)s) END AS day,
                            btrim(two.value, %(around)s) AS word
                     OFFSET 0) AS form
                 GROUP BY 1""",
                raw=raw,
                digest=SQL(
                    "%(mark)s || length(btrim(%(raw)s, %(blank)s)) || %(mark)s"
                    " || left(%(raw)s, 60) || %(mark)s || md5(%(raw)s) || CASE"
                    " WHEN strpos(%(raw)s, %(line)s) > 0 THEN %(line)s ELSE '' END",
                    raw=raw,
                    mark=_MARK,
                    blank=_BLANK,
                    line="\n",
                ),
                mark=_MARK,
                blank=_BLANK,
                line="\n",
                long=_LONG,
                mapping=mapping.id,
                date=_DATE,
                day=_DAY,
                around=_AROUND,
                key=self._key(words, formatted),
            )
        )

    def _key(self, words, formatted):
        """SQL of the key of ``two.value``, the day at its beginning being ``form.day``.

        In a column of text all that is neither number nor date is one group; in one
        that is ``formatted`` each such value counts by itself.
        """
        return SQL(
            """CASE
                WHEN two.value = '' OR two.value = ANY(%(nothing)s) THEN 'empty'
                WHEN two.longest <= %(word)s AND lower(two.value) = ANY(%(words)s)
                    THEN 'empty'
                WHEN two.longest = ANY(%(limits)s) THEN 'long ' || two.longest
                WHEN two.longest > %(long)s THEN 'long'
                WHEN two.value !~ '[0-9]' THEN %(other)s
                WHEN form.day IS NOT NULL THEN CASE
                    WHEN two.value LIKE '____-__-__%%' AND two.value ~ %(moment)s
                    THEN 'moment ' || %(iso)s ELSE %(day)s END
                WHEN form.word = ''
                  OR length(form.word) <= 20 AND form.word ~* %(unit)s
                    THEN %(number)s
                WHEN length(form.word) <= 30 AND form.word ~ '[0-9]'
                     AND two.value ~* %(decimal)s THEN %(number)s
                ELSE %(timed)s END""",
            nothing=list(_NOTHING),
            words=list(words),
            word=max(map(len, words), default=0),
            long=_LONG,
            limits=list(LIMITS),
            moment=_MOMENT,
            unit=_UNIT,
            decimal=_NUMBER,
            number=_number_key(),
            iso=_iso_key(SQL("two.value")),
            day=_day_key(formatted),
            other=SQL("'= ' || two.value") if formatted else SQL("'text'"),
            timed=_timed(SQL("'= ' || two.value")) if formatted else SQL("'text'"),
        )


def _number_key():
    """Numbers are alike that have their digits and marks in the same places.

    A leading zero tells a code, so it counts; so do the digits of 0, 1 and 1.0,
    which may be yes and no, and of what may be a moment with fractions.
    """
    return SQL(
        """CASE WHEN length(two.value) <= 3 OR two.value ~ '^[0-9]{14}[.,]'
                  OR two.value ~ '^00[0-9]{8}[.]' THEN '= ' || two.value
                WHEN form.word = '' AND two.value !~ '[^0-9]'
                    THEN length(two.value) || CASE WHEN two.value LIKE '0%%'
                                                   THEN ' code' ELSE '' END
                ELSE translate(two.value, '123456789', '000000000')
                     || CASE WHEN two.value ~ '^[^0-9]*0' THEN ' code' ELSE '' END
                END"""
    )


def _iso_key(value):
    """Days are alike in any year, but for leap days and years out of the ordinary."""
    return SQL(
        """CASE WHEN substr(%(value)s, 6, 5) = '02-29' THEN left(%(value)s, 10)
                ELSE %(year)s || substr(%(value)s, 5, 6) END""",
        value=value,
        year=_year(SQL("left(%s, 4)", value)),
    )


def _day_key(with_rest):
    """Like :func:`_iso_key`, for days written otherwise, with what follows them."""
    day = SQL("form.day")
    rest = SQL("''")
    if with_rest:
        rest = _timed(SQL("substr(two.value, length(%s) + 1)", day))
    return SQL(
        """CASE WHEN strpos(%(day)s, '29') > 0 THEN %(day)s
                WHEN %(day)s ~ '[./-]\\s*[1-9][0-9]{3}$'
                    THEN left(%(day)s, -4) || %(last)s
                WHEN %(day)s ~ '^[1-9][0-9]{3}\\s*[./-]'
                    THEN %(first)s || substr(%(day)s, 5)
                ELSE %(day)s END || ' | ' || %(rest)s""",
        day=day,
        last=_year(SQL("right(%s, 4)", day)),
        first=_year(SQL("left(%s, 4)", day)),
        rest=rest,
    )


def _year(digits):
    return SQL(
        """CASE WHEN %(digits)s BETWEEN '1990' AND '2050' THEN '2023'
                WHEN %(digits)s BETWEEN '1000' AND '1989' THEN '1901'
                WHEN %(digits)s BETWEEN '2051' AND '9998' THEN '3001'
                ELSE %(digits)s END""",
        digits=digits,
    )


def _timed(value):
    """``value`` with every clock time that exists replaced by one like it."""
    for pattern, to in (
        (r":[0-5][0-9](?![0-9])", ":30"),
        (r"(:30)[.,][0-9]{1,9}(?![0-9])", r"\1.0"),
        (r"(?<![-+0-9])(?:0?[1-9]|1[0-2]):30", "11:30"),
        (r"(?<![-+0-9])(?:1[3-9]|2[0-3]):30", "14:30"),
    ):
        value = SQL("regexp_replace(%s, %s, %s, 'g')", value, pattern, to)
    return value
