"""``migrate audit``: read the source and say what was found."""

from .base import add_command, execute, find_project, finish, say, write_file

STEP = 30


def register(commands):
    """Add the command."""
    audit = add_command(commands, "audit", _audit, "read the files, propose a mapping")
    audit.add_argument("--files", nargs="+", default=[], metavar="PATH")
    audit.add_argument("--xlsx", metavar="FILE", help="write the report as a workbook")


def _audit(env, arguments):
    project = find_project(env, arguments.project)
    for path in arguments.files:
        project._add_path(path)
    status = finish(execute(env, arguments, "audit"), arguments)
    for finding in project.finding_ids:
        samples = f" [{finding.samples}]" if finding.samples else ""
        say(f"! {finding.name} ({finding.count}){samples} {finding.remedy or ''}")
    for owner in project.owner_ids:
        user = owner.user_id.login or "no user"
        say(f"owner {owner.key}: {owner.record_count} records, {user}")
    if arguments.xlsx:
        content = env["migration.report.xlsx"]._workbook(project)
        write_file(arguments.xlsx, content)
    return status
