from odoo import models
from odoo.tools import SQL

from ....lib.column_facts import FIRST_YEAR, LAST_YEAR
from .examiner import SAMPLES

_DATES = ("date", "datetime")
_TEXTS = ("char", "text", "html")
# Fewer rows than this say nothing about a column that never changes.
_MANY = 20


class MigrationFindingsColumns(models.AbstractModel):
    """What is told about a column as its values are looked at."""

    _name = "migration.findings.columns"
    _inherit = "migration.examiner"
    _description = "Migration Findings: Columns"

    def _examine_column(self, run, lines, facts):
        """Findings on one source column, from its facts.

        :param lines: the lines of the mapping that read it
        """
        mapping, column = lines.mapping_id, lines[0].source_path
        lines = lines.filtered(lambda line: line.kind != "ignored")
        if not lines or " | " in column:
            return
        self._find_empty(run, mapping, column, facts)
        self._find_cut(run, mapping, column, facts)
        targets = self.env["migration.compiler"]._targets(mapping)
        types = self.env["migration.findings.types"]
        unfit = types._find_mismatches(run, lines, facts)
        if not unfit and not all(self._is_text(line, targets) for line in lines):
            self._find_mixed(run, mapping, column, facts)
        for line in lines:
            ttype = targets.get(line.target) or line.ttype
            if ttype in _DATES and line.kind != "related":
                self._find_dates(run, line, facts)
                break

    def _find_empty(self, run, mapping, column, facts):
        profile = facts.profile
        if not facts.total:
            return
        if not profile.filled:
            self._report(
                run,
                "3_info",
                "column_empty",
                self.env._("%s is empty in every row", column),
                mapping,
                facts.total,
                remedy=self.env._("Set the line to “Ignored” if it is not needed."),
            )
        elif profile.distinct == 1 and profile.filled == facts.total >= _MANY:
            self._report(
                run,
                "3_info",
                "column_constant",
                self.env._("%s has the same value in every row", column),
                mapping,
                facts.total,
                facts.samples[0],
                self.env._("Set the line to “Ignored” if it says nothing."),
            )

    @staticmethod
    def _is_text(line, targets):
        """Whether a line goes to a field of Odoo's that takes any text."""
        taken = line.kind in ("direct", "transformed")
        return taken and targets.get(line.target) in _TEXTS

    def _find_mixed(self, run, mapping, column, facts):
        odd = facts.profile.exceptions()
        if not odd:
            return
        kind, count, example = odd
        names = {
            "number": self.env._("%s has values that are no number", column),
            "date": self.env._("%s has values that are no date", column),
        }
        self._report(
            run,
            "2_warning",
            "column_mixed",
            names[kind],
            mapping,
            count,
            self._places(self._having(mapping, column, [example]), column) or example,
            self.env._("Correct these values; with them, the column can only be text."),
        )

    def _find_cut(self, run, mapping, column, facts):
        if not facts.cut():
            return
        length, count = facts.cut()
        self._report(
            run,
            "2_warning",
            "column_cut",
            self.env._(
                "%(column)s: the longest texts have exactly %(length)s characters, "
                "they may have been cut off by the export",
                column=column,
                length=length,
            ),
            mapping,
            count,
            remedy=self.env._("Compare one of them with the source system."),
        )

    def _find_dates(self, run, line, facts):
        days = facts.days(line.date_order)
        column = line.source_path
        for code, severity, text, remedy in (
            (
                "impossible",
                "1_error" if line.on_missing == "fail" else "2_warning",
                self.env._("%s has dates that do not exist or cannot be read", column),
                self.env._("Correct them, or set the line to “Leave empty”."),
            ),
            (
                "ambiguous",
                "2_warning",
                self.env._("%s has dates that can be read in two ways", column),
                self.env._(
                    "Choose the date order of the line: day or month first. Nothing is "
                    "guessed."
                ),
            ),
            (
                "early",
                "3_info",
                self.env._(
                    "%(column)s has dates before %(year)s",
                    column=column,
                    year=FIRST_YEAR,
                ),
                self.env._("Dates of birth may be so old; records hardly."),
            ),
            (
                "late",
                "2_warning",
                self.env._(
                    "%(column)s has dates after %(year)s", column=column, year=LAST_YEAR
                ),
                self.env._("Look for mistyped years."),
            ),
        ):
            count = getattr(days, code)
            if count:
                rows = self._having(line.mapping_id, column, days.examples[code])
                self._report(
                    run,
                    severity,
                    f"date_{code}",
                    text,
                    line.mapping_id,
                    count,
                    self._places(rows, column),
                    remedy,
                )

    def _having(self, mapping, column, values):
        """``(id, value)`` of some records with one of ``values`` in a column."""
        return self.env.execute_query(
            SQL(
                """SELECT r.id, %(value)s FROM migration_record r
                    WHERE %(usable)s AND %(value)s = ANY(%(values)s)
                    LIMIT %(samples)s""",
                value=self._value(column),
                usable=self._usable(mapping),
                values=list(values),
                samples=SAMPLES,
            )
        )

    def _find_words(self, run):
        """Words such as n/a, which nobody has decided on yet."""
        counts = self.env["migration.empty.words"]._propose(run.project_id)
        if counts and run.project_id.empty_words_open:
            self._report(
                run,
                "2_warning",
                "empty_words",
                self.env._("Some values look like words for an empty cell"),
                count=sum(counts.values()),
                samples=", ".join(f"{word} ({n})" for word, n in counts.items()),
                remedy=self.env._(
                    "Say under “Settings”, in “Words for Nothing”, which of them mean "
                    "that there is no value; “Confirm All” agrees to all of them."
                ),
            )

    def _find_questions(self, run):
        """Lines whose values can be read in two ways, or have no translation."""
        for line in run.project_id.mapping_ids.field_ids.filtered(
            lambda line: not line.confirmed and 0 < line.confidence < 0.6
        ):
            untold = line.value_ids.filtered(lambda one: one.count and not one.mapped)
            told = ", ".join(f"{one.name} ({one.count})" for one in untold[:SAMPLES])
            self._report(
                run,
                "2_warning",
                "mapping_question",
                self.env._(
                    "%(column)s: %(reason)s",
                    column=line.source_path,
                    reason=line.reason,
                ),
                line.mapping_id,
                samples=told or line.samples,
                remedy=self.env._("Look at this line of the mapping and confirm it."),
            )
