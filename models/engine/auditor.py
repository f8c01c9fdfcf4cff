import time

from odoo import models
from odoo.tools import SQL

from ...lib.readers import NOTE


class MigrationAuditor(models.AbstractModel):
    """Reads the files of a project and says what is found in them."""

    _name = "migration.auditor"
    _description = "Migration Auditor"

    def _audit(self, run, deadline=None):
        """Discover, stage, propose and examine: the whole of “Read files”.

        Step by step: each is committed, and an audit that was stopped goes on with
        the step it was in.

        :param float deadline: ``time.monotonic()`` after which to pause
        :return: whether it is finished
        """
        while step := self._next_step(run):
            if deadline and time.monotonic() > deadline:
                return False
            name, mapping = step
            if getattr(self, f"_step_{name}")(run, mapping, deadline) is False:
                return False
            done = [*self._done(run), _label(step)]
            run.options = {**(run.options or {}), "done": done}
            run._commit()
        return True

    @staticmethod
    def _done(run):
        return (run.options or {}).get("done", [])

    def _next_step(self, run):
        """``(name, mapping)`` of the first step that is not done, None at the end."""
        mappings = run.project_id.mapping_ids.sorted("id")
        steps = [("discover", None)]
        steps += [("stage", mapping) for mapping in mappings]
        steps += [("derive", one) for one in mappings.filtered("origin_ids")]
        steps += [("link", mapping) for mapping in mappings]
        steps += [("refine", mapping) for mapping in mappings]
        steps += [("owners", None), ("automations", None), ("checklist", None)]
        steps += [("examine", None)]
        done = set(self._done(run))
        return next((step for step in steps if _label(step) not in done), None)

    def _step_discover(self, run, _mapping, _deadline):
        project = run.project_id
        self._forget_findings(project)
        for connector in project._connectors():
            for file, problem in connector._discover(run):
                self._report_file(run, file, problem)
        proposer = self.env["migration.proposer"]
        reading = proposer._recognise(project)
        self.env["migration.file"]._take_places(project)
        proposer._propose(project, reading)
        self.env["migration.empty.words"]._propose_from_samples(project)
        self._report_tables(run)

    def _step_stage(self, run, mapping, deadline):
        if not self.env["migration.stager"]._stage(run, mapping, deadline):
            return False
        self._propose_late_columns(mapping)
        return True

    def _propose_late_columns(self, mapping):
        """Lines for columns that none of the first records of an API has."""
        late = []
        for table in mapping.table_ids.filtered("endpoint_id").sudo():
            known = (table.columns or "").split("\n")
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT k FROM migration_record r,
                              jsonb_object_keys(r.payload) AS k
                        WHERE r.mapping_id = %s AND r.table_id = %s
                          AND k <> ALL(%s) ORDER BY k""",
                    mapping.id,
                    table.id,
                    known,
                )
            )
            found = [column for (column,) in rows]
            if found:
                table.columns = "\n".join([*known, *found])
                late += found
        if late:
            project = mapping.project_id
            reading = self.env["migration.reading"]._read(project)
            columns = list(dict.fromkeys(late))
            self.env["migration.proposer"]._propose_lines(mapping, columns, {}, reading)
            self.env["migration.parts"]._settle_references(project, reading)

    def _step_derive(self, run, mapping, _deadline):
        self.env["migration.deriver"]._derive(run, mapping)

    def _step_link(self, _run, mapping, _deadline):
        self.env["migration.linker"]._link(mapping)

    def _step_refine(self, run, mapping, deadline):
        return self.env["migration.refiner"]._refine(run, mapping, deadline)

    def _step_owners(self, run, _mapping, _deadline):
        self.env["migration.owners"]._list(run.project_id)

    def _step_automations(self, run, _mapping, _deadline):
        self.env["migration.automation"]._list(run)

    def _step_checklist(self, run, _mapping, _deadline):
        self.env["migration.checklist"]._list(run.project_id)

    def _step_examine(self, run, _mapping, deadline):
        if not self.env["migration.examiner"]._examine(run, deadline):
            return False
        project = run.project_id
        read = project.table_ids.filtered("object_ids")
        read.sudo().write({"read_date": self.env.cr.now()})
        for connector in project._connectors():
            connector._finish(project)
        if project.state == "draft":
            project.state = "staged"
        return True

    @staticmethod
    def _forget_findings(project):
        """Drop what is found anew; a file that is not read again keeps its own."""
        project.finding_ids.filtered(
            lambda finding: (
                not finding.file_id.read_date or finding.file_id.connection_id
            )
        ).sudo().unlink()

    # Findings

    def _report_file(self, run, file, problem, samples=None):
        translate = self.env["migration.project"]._translate_term
        message, remedy = problem.parts(translate)
        self._report(
            run,
            "2_warning" if problem.params.get("severity") == NOTE else "1_error",
            problem.code,
            message,
            samples=samples or file.name,
            remedy=remedy,
            file=file,
        )

    def _report_tables(self, run):
        self._report_no_table(run)
        for table in run.project_id.table_ids:
            if not table.recognised and not table.ignored:
                self._report(
                    run,
                    "2_warning",
                    "table_unrecognised",
                    self.env._("%s was not recognised and is not read", table.name),
                    samples=", ".join(table.columns.split("\n"))[:300],
                    remedy=self.env._(
                        "Say under “Files” what it contains, or set it to ignored."
                    ),
                )

    def _report_no_table(self, run):
        """Files of which nothing is a table: documents alone are no export."""
        project = run.project_id
        if project.table_ids:
            return
        current = project.file_ids.filtered(lambda one: not one.replaced_by_ids)
        for file in current - project.finding_ids.file_id:
            self._report(
                run,
                "1_error",
                "no_table",
                self.env._("%s holds no table of records", file.name),
                samples=file.name,
                remedy=self.env._(
                    "Upload the export itself: CSV, Excel, HTML tables or JSON, or a "
                    "ZIP of them."
                ),
                file=file,
            )

    def _report(self, run, *arguments, **values):
        self.env["migration.examiner"]._report(run, *arguments, **values)


def _label(step):
    """How a step is remembered: its name, and the mapping it is about."""
    name, mapping = step
    return f"{name} {mapping.id}" if mapping else name
