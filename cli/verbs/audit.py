"""``migrate audit``: read the source and say what was found."""

from .base import (
    add_command,
    add_output,
    execute,
    find_project,
    finish,
    named,
    say,
    say_findings,
    say_unread,
    write_file,
)

STEP = 30


def register(commands):
    """Add the command."""
    audit = add_command(commands, "audit", _audit, "read the files, propose a mapping")
    audit.add_argument(
        "--files", nargs="+", default=[], metavar="PATH", help="read these, too"
    )
    audit.add_argument(
        "--without",
        nargs="+",
        default=[],
        metavar="NAME",
        help="take files out of the migration first",
    )
    add_output(audit, "--xlsx", "write the report as a workbook")


def _audit(env, arguments):
    project = find_project(env, arguments.project)
    for name in arguments.without:
        project._remove_file(name)
    for path in arguments.files:
        project._add_path(path)
    project._renew_paths()
    status = finish(execute(env, arguments, "audit"), arguments)
    say_findings(project.finding_ids - project._unread_findings())
    for owner in project.owner_ids:
        user = owner.user_id.login or "no user"
        say(f"owner {named(owner)}: {owner.record_count} records, {user}")
    if arguments.xlsx:
        content = env["migration.report.xlsx"]._workbook(project)
        write_file(arguments.xlsx, content)
    return say_unread(project) or status
