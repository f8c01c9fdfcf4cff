from collections import Counter

from odoo import models
from odoo.tools import SQL

from ...lib.errors import Problem, _
from ...lib.nothing import KNOWN_WORDS

_DECISION = "empty_words"


class MigrationEmptyWords(models.AbstractModel):
    """Finds the words an export writes into empty cells; the admin decides on them.

    The list is proposed once: who has decided is not asked again.
    """

    _name = "migration.empty.words"
    _description = "Migration Words for Nothing"

    def _propose_from_samples(self, project):
        """Propose the words of the first rows, so that none of them identifies one."""
        if self._is_decided(project):
            return
        counts = Counter(
            value.strip().casefold()
            for table in project.table_ids
            for row in table.sample or []
            for value in row.values()
            if isinstance(value, str)
        )
        self._set(project, counts)

    def _propose(self, project):
        """Propose the words of all staged records; gives ``{word: count}``."""
        counts = self._count(project)
        if not self._is_decided(project):
            self._set(project, counts)
        return counts

    def _is_decided(self, project):
        if project.empty_words_open:
            return False
        decisions = [
            ("project_id", "=", project.id),
            ("operation", "=", "decision"),
            ("source_id", "=", _DECISION),
        ]
        logged = self.env["migration.log"].search_count(decisions, limit=1)
        return bool(project.empty_words or logged)

    def _set(self, project, counts):
        before = project._empty_words()
        words = [word for word in KNOWN_WORDS if counts.get(word) or word in before]
        if words:
            project.write({"empty_words": "; ".join(words), "empty_words_open": True})

    def _count(self, project):
        """``{word: count}`` of the cells that hold nothing but a known word."""
        words = list(KNOWN_WORDS)
        rows = self.env.execute_query(
            SQL(
                """SELECT lower(trim(cell.value)), count(*)
                     FROM migration_record r,
                          LATERAL jsonb_each_text(r.payload) AS cell
                    WHERE r.project_id = %s
                      AND length(cell.value) < 30
                      AND lower(trim(cell.value)) = ANY(%s)
                    GROUP BY 1 ORDER BY 2 DESC, 1""",
                project.id,
                words,
            )
        )
        return dict(rows)

    def _decided(self, projects):
        """Log what somebody has decided, and apply it to what is staged."""
        self.env["migration.log"]._append(
            [
                {
                    "project_id": project.id,
                    "operation": "decision",
                    "source_id": _DECISION,
                    "message": self.env._(
                        "Words that mean an empty cell: %s", project.empty_words or "–"
                    ),
                }
                for project in projects
            ]
        )
        for project in projects:
            self._refuse_identifiers(project)

    def _refuse_identifiers(self, project):
        """Records identified by such a word alone have no identifier after all."""
        words = project._empty_words()
        if not words:
            return
        problem = Problem(
            "id_missing",
            _("The row has no value in its identifier column %(field)s."),
            _("Fill in the identifier, so that the record can be recognised again."),
        )
        for mapping in project.with_context(active_test=False).mapping_ids:
            columns = mapping._id_columns()
            if not columns or mapping.origin_ids:
                continue
            problem.params["field"] = " + ".join(columns)
            self.env.execute_query(
                SQL(
                    """UPDATE migration_record
                          SET state = 'failed', unusable = TRUE, error = %s,
                              error_code = %s, error_field = %s
                        WHERE mapping_id = %s AND res_id IS NULL
                          AND lower(trim(source_id)) = ANY(%s) RETURNING id""",
                    problem.text(self.env["migration.project"]._translate_term),
                    problem.code,
                    problem.params["field"],
                    mapping.id,
                    list(words),
                )
            )
