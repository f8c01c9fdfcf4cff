"""``migrate retry``: load what failed or is held, all of it or a part."""

from .base import (
    DONE,
    INCOMPLETE,
    add_command,
    count_left,
    execute,
    find_project,
    finish,
    say,
    write_status,
)

STEP = 100


def register(commands):
    """Add the command."""
    command = add_command(commands, "retry", _retry, "load what failed or is held")
    command.add_argument("--reason", metavar="CODE", help="only this reason")
    command.add_argument("--object", metavar="NAME", help="only this object")
    command.add_argument("--source-id", metavar="ID", help="only this record")


def _retry(env, arguments):
    project = find_project(env, arguments.project)
    project._check_prepared()
    project._check_approved()
    wanted = {
        "code": arguments.reason,
        "object": arguments.object,
        "source_id": arguments.source_id,
    }
    wanted = {name: value for name, value in wanted.items() if value}
    if not wanted and not project.failed_count and not project.held_count:
        say("nothing failed or is held")
        write_status(arguments, project)
        return DONE
    run = execute(env, arguments, "load", retry=wanted)
    finish(run, arguments)
    # The status is about what was tried; what else is left has been said.
    return INCOMPLETE if any(map(count_left, run._counts().values())) else DONE
