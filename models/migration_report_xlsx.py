import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from odoo import models

from ..lib.sheets import is_formula

_LONGEST = 32_767
_HEAD = PatternFill("solid", fgColor="E8E4EE")


class MigrationReportXlsx(models.AbstractModel):
    """The audit of a migration as a workbook."""

    _name = "migration.report.xlsx"
    _description = "Migration Audit Workbook"

    def _workbook(self, project):
        """The XLSX file as bytes."""
        data = self._report(project)
        book = Workbook(write_only=True)
        for title, widths, rows in self._sheets(data):
            _fill(book.create_sheet(title), widths, rows)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _report(self, project):
        """What the workbook shows, as data."""
        return self.env["migration.report"]._data(project)

    def _sheets(self, data):
        """``(title, column widths, rows)`` of every sheet; a first row is its head."""
        env = self.env
        labels = env["migration.report"]._labels
        severities = labels("migration.finding", "severity")
        severities = {key[2:]: label for key, label in severities.items()}
        types = labels("migration.mapping.field", "type_seen")
        states = labels("migration.owner", "state")
        names = {one["object"]: one["label"] for one in data["objects"]}
        summary = data["summary"]
        yield (
            env._("Summary"),
            (28, 60),
            [
                (env._("Audit"), summary["name"]),
                (env._("Source system"), summary["source"]),
                (env._("Company"), summary["company"]),
                (env._("Files"), ", ".join(summary["files"])),
                (env._("Read on (UTC)"), summary["read"] or ""),
                (env._("Records"), summary["records"]),
                (env._("Objects"), summary["objects"]),
                (env._("Columns"), summary["columns"]),
                (env._("Errors"), summary["errors"]),
                (env._("Warnings"), summary["warnings"]),
                (env._("Notes"), summary["notes"]),
            ],
        )
        yield (
            env._("Objects"),
            (24, 24, 12, 12, 12, 50),
            [
                (
                    *(env._("Object"), env._("Odoo model"), env._("Records")),
                    *(env._("Broken rows"), env._("Findings"), env._("Read from")),
                ),
                *(
                    (
                        *(one["label"], one["model"] or "", one["records"]),
                        *(one["unusable"], one["findings"], ", ".join(one["tables"])),
                    )
                    for one in data["objects"]
                ),
            ],
        )
        yield (
            env._("Columns"),
            (24, 28, 28, 10, 12, 18, 10, 60),
            [
                (
                    *(env._("Object"), env._("Column"), env._("Odoo field")),
                    *(env._("Filled %"), env._("Distinct"), env._("Looks like")),
                    *(env._("Longest"), env._("Samples")),
                ),
                *(
                    (
                        *(names[name], one["column"], ", ".join(one["targets"])),
                        *(round(100 * one["fill_rate"], 1), one["distinct"]),
                        *(types.get(one["type"], ""), one["longest"], one["samples"]),
                    )
                    for name, columns in data["columns"].items()
                    for one in columns
                ),
            ],
        )
        yield (
            env._("Findings"),
            (12, 24, 60, 10, 50, 80),
            [
                (
                    *(env._("Severity"), env._("Object"), env._("Finding")),
                    *(env._("Count"), env._("What to do"), env._("Samples")),
                ),
                *(
                    (
                        *(severities[one["severity"]], one["label"], one["message"]),
                        *(one["count"], one["remedy"], one["samples"]),
                    )
                    for one in data["findings"]
                ),
            ],
        )
        yield (
            env._("Owners"),
            (28, 28, 32, 10, 18, 32),
            [
                (
                    *(env._("Owner"), env._("Name"), env._("E-mail")),
                    *(env._("Records"), env._("State"), env._("Odoo user")),
                ),
                *(
                    (
                        *(one["key"], one["name"], one["email"]),
                        *(one["records"], states.get(one["state"], ""), one["user"]),
                    )
                    for one in data["owners"]
                ),
            ],
        )
        yield env._("Odoo"), (28, 40, 60), self._odoo_rows(data["odoo"])

    def _odoo_rows(self, facts):
        env = self.env
        yes = {True: env._("yes"), False: env._("no")}
        rows = [
            (env._("Fact"), env._("Value"), env._("Details")),
            (env._("Version"), facts["version"], facts["edition"]),
            (
                env._("Users"),
                facts["users"]["active"],
                env._("%s archived", facts["users"]["archived"]),
            ),
            (env._("Companies"), len(facts["companies"]), _joined(facts["companies"])),
            (
                env._("Currencies"),
                facts["company_currency"],
                _joined(facts["currencies"]),
            ),
            (env._("Languages"), len(facts["languages"]), _joined(facts["languages"])),
            (env._("Several teams a user"), yes[facts["multi_team"]], ""),
            (env._("Outgoing mail servers"), facts["mail_servers"], ""),
            (env._("Automation rules"), facts["automation_rules"], ""),
        ]
        rows += [
            (env._("App"), one["title"], f"{one['name']} {one['version']}")
            for one in facts["modules"]
        ]
        rows += [
            (env._("Sales team"), one["name"], env._("%s members", one["members"]))
            for one in facts["teams"]
        ]
        rows += [
            (env._("Stage"), one["name"], _joined(one["teams"]))
            for one in facts["stages"]
        ]
        rows += [
            (env._("Custom field"), one["label"], f"{one['model']}.{one['name']}")
            for one in facts["custom_fields"]
        ]
        return rows


def _joined(texts):
    return ", ".join(texts)


def _fill(sheet, widths, rows):
    for number, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJ"[number]].width = width
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, value, head=not number) for value in row])


def _cell(sheet, value, head):
    """A cell; a text stays text, also one that begins like a formula."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.quotePrefix = is_formula(value)
    if head:
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    return cell
