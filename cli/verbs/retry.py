"""``migrate retry``: load what failed or is held, all of it or a part."""

from .base import (
    DONE,
    INCOMPLETE,
    NotDone,
    add_command,
    add_reason,
    count_left,
    execute,
    find_project,
    finish,
    reason,
    say,
    say_unread,
    write_status,
)

STEP = 100


def register(commands):
    """Add the command."""
    command = add_command(commands, "retry", _retry, "load what failed or is held")
    add_reason(command)
    command.add_argument("--source-id", metavar="ID", help="only this record")
    command.add_argument(
        "--corrected",
        nargs="+",
        default=[],
        metavar="PATH",
        help="read files of failed records first (“repair --save”), corrected",
    )


def _retry(env, arguments):
    project = find_project(env, arguments.project)
    project._check_prepared()
    project._check_approved()
    wanted = reason(project, arguments)
    if arguments.source_id:
        wanted["source_id"] = arguments.source_id
    if arguments.corrected and {"code", "field"} & wanted.keys():
        raise NotDone(
            "what is corrected has no reason to fail any more: leave out --reason and "
            "--column"
        )
    unread = _read(env, project, arguments) if arguments.corrected else DONE
    if not wanted and not env["migration.retry"]._has_work(project):
        say("nothing failed or is held")
        write_status(arguments, project)
        return unread
    run = execute(env, arguments, "load", retry=wanted)
    finish(run, arguments)
    # The status is about what was tried; what else is left has been said.
    left = any(map(count_left, run._counts().values()))
    return INCOMPLETE if left else unread


def _read(env, project, arguments):
    """Read corrected files; gives the exit status."""
    for path in arguments.corrected:
        env["migration.failed.file"]._check_corrected(path)
    for path in arguments.corrected:
        project._add_path(path)
    counts = execute(env, arguments, "audit")._counts()
    for name, numbers in counts.items():
        if numbers["created"] or numbers["updated"]:
            say(f"{name}: {numbers['updated']} corrected, {numbers['created']} new")
    return say_unread(project)
