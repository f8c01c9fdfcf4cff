from odoo import models
from odoo.exceptions import UserError

from ..lib.corrections import write_csv
from ..lib.errors import Problem
from ..lib.readers import discover, iter_rows, open_container

COLUMNS = (
    *("id", "object", "source_id", "record", "field", "kind"),
    *("base", "odoo", "source", "decision"),
)
_NEEDED = ("id", "decision")
_PROBLEMS_SHOWN = 20


class MigrationConflictFile(models.AbstractModel):
    """Conflicts as a file: downloaded, decided row by row, and read again."""

    _name = "migration.conflict.file"
    _description = "Migration File of Conflicts"

    def _csv(self, conflicts):
        """``conflicts`` as CSV; :meth:`_read` reads what was filled in."""
        return write_csv(COLUMNS, [conflict._as_dict() for conflict in conflicts])

    def _read(self, path):
        """The decisions in the file at ``path``, for :meth:`_decide`.

        :return: list of ``(place, id, decision)``; rows without a decision are left out
        :raises UserError: the file cannot be read, or is not such a file
        """
        say = self.env["migration.engine"]._say
        try:
            with open_container(path) as container:
                found = discover(container)
                tables = [one for one in found.tables if {*_NEEDED} <= {*one.columns}]
                if len(tables) != 1:
                    self._refuse([say(one) for _member, one in found.problems])
                    raise UserError(
                        self.env._(
                            "%(file)s is no list of conflicts with the columns "
                            "%(columns)s. Export them, and fill in the decisions.",
                            file=path,
                            columns=", ".join(_NEEDED),
                        )
                    )
                rows = list(iter_rows(container, tables[0]))
        except Problem as problem:
            raise UserError(say(problem)) from problem
        decided, problems = [], []
        for row in rows:
            place = self.env._("%(file)s, row %(row)s", file=path, row=row.number)
            if row.problem:
                problems.append(f"{place}: {say(row.problem)}")
                continue
            number, word = (str(row.values[name] or "").strip() for name in _NEEDED)
            if word:
                decided.append((place, number, word))
        self._refuse(problems)
        return decided

    def _decide(self, project, decided):
        """Decide conflicts of ``project`` one by one: all of them, or none.

        :param decided: list of ``(place, id, decision)``, texts; the place is told
            where something is wrong
        :return: how many decisions are new
        :raises UserError: something is wrong; says where, and what
        """
        known = self.env["migration.conflict"].search(
            [
                ("project_id", "=", project.id),
                ("id", "in", [int(one) for _place, one, _ in decided if _is_id(one)]),
            ]
        )
        known = {str(conflict.id): conflict for conflict in known}
        words = self.env["migration.conflict"]._fields["decision"].get_values(self.env)
        wanted, problems = {}, []
        for place, number, word in decided:
            conflict, word = known.get(number), word.lower()
            problem = self._problem(project, number, conflict, word, words)
            if not problem and wanted.setdefault(conflict, word) != word:
                problem = self.env._(
                    "conflict %s is decided twice, differently", number
                )
            if problem:
                problems.append(f"{place}: {problem}.")
        self._refuse(problems)
        new = [one for one, word in wanted.items() if one.decision != word]
        for word in words:
            group = [one.id for one in new if wanted[one] == word]
            self.env["migration.conflict"].browse(group)._decide(word)
        return len(new)

    def _problem(self, project, number, conflict, word, words):
        """Why a conflict cannot be decided like that, or None."""
        if word not in words:
            return self.env._(
                "“%(word)s” is no decision; write one of: %(words)s",
                word=word,
                words=", ".join(words),
            )
        if not conflict:
            return self.env._(
                "%(project)s has no conflict “%(id)s”; list them to see their ids",
                project=project.key,
                id=number,
            )
        # What became needless before it was decided says “open” in an older list.
        if conflict.settled_run_id and {word, conflict.decision} != {"open"}:
            return self.env._(
                "conflict %(id)s is settled already, by %(run)s; take that back first, "
                "to decide otherwise",
                id=number,
                run=conflict.settled_run_id.display_name,
            )
        return None

    def _refuse(self, problems):
        """Stop over ``problems``, texts, if there are any."""
        if not problems:
            return
        shown = problems[:_PROBLEMS_SHOWN]
        if len(problems) > len(shown):
            shown.append(self.env._("… and %s more", len(problems) - len(shown)))
        raise UserError("\n".join([self.env._("Nothing has been decided:"), *shown]))


def _is_id(text):
    return text.isascii() and text.isdecimal() and len(text) < 10
