"""``migrate purge``: remove what was copied from the source."""

from .base import DONE, NOT_DONE, add_command, find_project, say, write_status

STEP = 170


def register(commands):
    """Add the command."""
    command = add_command(commands, "purge", _purge, "remove the source's data")
    command.add_argument("--yes", action="store_true", help="do it, do not only say it")


def _purge(env, arguments):
    project = find_project(env, arguments.project)
    for what, text, count in env["migration.purger"]._preview(project):
        say(f"{what}: {text}: {count}" if count else f"{what}: {text}")
    if not arguments.yes:
        say("nothing was purged; say --yes to do it")
        return NOT_DONE
    env["migration.purger"]._purge(project)
    say("purged")
    write_status(arguments, project)
    return DONE
