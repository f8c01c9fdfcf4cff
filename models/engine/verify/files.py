from odoo import models

from ....lib.errors import Problem
from ....lib.reconcile import Mistakes
from ..resolver import Resolver

# Their contents are in memory together.
_FILES = 25


class MigrationVerifyFiles(models.AbstractModel):
    """Holds the bytes of every loaded file against those of the source."""

    _name = "migration.verify.files"
    _description = "Migration Check of Files"

    def _continue(self, run, mapping):
        """Check the next files; returns whether these were the last."""
        verifier = self.env["migration.verifier"]
        records = verifier._batch(run, mapping, _FILES, ("loaded",))
        part = run.options.get("part", {})
        mistakes = Mistakes(*part.get("files", ()))
        untold, linked = part.get("untold", 0), part.get("linked", 0)
        if not records:
            self._report(run, mapping, mistakes, untold, linked)
            return True
        found = self.env["migration.comparison"]._expect(
            mapping, mapping._compile(), Resolver(mapping.project_id), records
        )
        found = [one for one in found if one.target]
        changed = verifier._changed(mapping.res_model, {one.target.id for one in found})
        with mapping.project_id._documents() as documents:
            for one in found:
                if one.target.type == "url":
                    linked += 1
                    continue
                problem = self._problem(mapping, one, documents)
                if problem is None:
                    untold += 1
                elif problem:
                    text = f"{one.record.source_id}: {problem}"
                    mistakes.add(one.target.id, one.target.id in changed, text)
                else:
                    mistakes.right()
        verifier._keep(
            run, records, files=mistakes.as_list(), untold=untold, linked=linked
        )
        return False

    def _problem(self, mapping, one, documents):
        """What is wrong with a file, "" for nothing, None where nobody can tell."""
        try:
            return mapping._loader()._content_problem(
                one.target, one.outcome.vals, documents
            )
        except Problem:
            # The export has been removed since, or is broken now.
            return None

    def _report(self, run, mapping, mistakes, untold, linked):
        if not (mistakes.seen or untold or linked):
            return
        verifier = self.env["migration.verifier"]
        verdict = verifier._verdict(mistakes)
        told = [*mistakes.examples]
        if mistakes.changed:
            told.append(verifier._since(mistakes.changed))
        if untold:
            verdict = min(verdict, "2_warning")
            told.append(
                self.env._(
                    "%s can no longer be compared: the source gives neither a "
                    "checksum nor a size, and the export is not there.",
                    untold,
                )
            )
        if linked:
            told.append(self.env._("%s are links to the source.", linked))
        self.env["migration.check"]._add(
            run,
            mapping,
            kind="file",
            subject=self.env._("Files whose content is the source's"),
            expected=mistakes.seen + untold,
            found=mistakes.seen - mistakes.wrong - mistakes.changed,
            verdict=verdict,
            message="; ".join(told),
            res_model=mapping.res_model,
            domain=[("id", "in", mistakes.ids)] if mistakes.ids else None,
        )
