from odoo import models


class MigrationVerifyReport(models.AbstractModel):
    """A verification as data: what its page and its workbook show."""

    _name = "migration.verify.report"
    _description = "Migration Verification Report"

    def _data(self, project):
        """The last verification, in the user's language; None without one."""
        run = project.verify_run_id
        if not run:
            return None
        checks = run.check_ids
        labels = self.env["migration.report"]._labels
        kinds = labels("migration.check", "kind")
        verdicts = labels("migration.project", "verify_verdict")
        return {
            "summary": {
                "name": project.name,
                "key": project.key,
                "source": project.source_id.name,
                "company": project.company_id.name,
                "finished": run.finished,
                "seed": run.options["seed"],
                "verdict": project.verify_verdict,
                "verdict_label": verdicts[project.verify_verdict],
                "message": run.message or "",
                "checks": project.verify_count,
                "failed": project.verify_failed_count,
                "warnings": project.verify_warning_count,
                "failed_share": project.verify_failed_share,
                "amount_difference": project.verify_amount_difference,
                "error_rate": project.verify_error_rate,
                "confidence": project.verify_confidence,
            },
            "kinds": [
                {
                    "kind": kind,
                    "label": label,
                    "checks": [self._check(one) for one in checks if one.kind == kind],
                }
                for kind, label in kinds.items()
            ],
        }

    @staticmethod
    def _check(check):
        """A check for people: numbers with as many decimals as they need."""
        return {
            "object": check.mapping_id.label or "",
            "subject": check.subject,
            "expected": check.expected,
            "found": check.found,
            "difference": check.difference,
            "verdict": check.verdict.partition("_")[2],
            "message": check.message or "",
        }


class MigrationVerifyXlsx(models.AbstractModel):
    """A verification as a workbook: a summary, and a sheet for each kind of check."""

    _name = "migration.verify.xlsx"
    _inherit = "migration.report.xlsx"
    _description = "Migration Verification Workbook"

    def _report(self, project):
        return self.env["migration.verify.report"]._data(project)

    def _sheets(self, data):
        env = self.env
        labels = env["migration.report"]._labels("migration.check", "verdict")
        labels = {key.partition("_")[2]: label for key, label in labels.items()}
        summary = data["summary"]
        yield (
            env._("Summary"),
            (36, 60),
            [
                (env._("Verification"), summary["name"]),
                (env._("Verdict"), summary["verdict_label"]),
                (env._("Result"), summary["message"]),
                (env._("Source system"), summary["source"]),
                (env._("Company"), summary["company"]),
                (env._("Finished on (UTC)"), summary["finished"] or ""),
                (env._("Checks"), summary["checks"]),
                (env._("Failed"), summary["failed"]),
                (env._("Warnings"), summary["warnings"]),
                (env._("Allowed failures (%)"), summary["failed_share"]),
                (env._("Allowed difference of sums"), summary["amount_difference"]),
                (env._("Error rate to find (%)"), summary["error_rate"]),
                (env._("Confidence (%)"), summary["confidence"]),
                (env._("Seed of the spot check"), summary["seed"]),
            ],
        )
        for kind in data["kinds"]:
            if kind["checks"]:
                yield (
                    kind["label"],
                    (24, 60, 16, 16, 16, 12, 80),
                    [
                        (
                            *(env._("Object"), env._("Check"), env._("Expected")),
                            *(env._("Found"), env._("Difference"), env._("Verdict")),
                            env._("Message"),
                        ),
                        *(
                            (
                                *(one["object"], one["subject"], one["expected"]),
                                *(one["found"], one["difference"]),
                                *(labels[one["verdict"]], one["message"]),
                            )
                            for one in kind["checks"]
                        ),
                    ],
                )
