"""``migrate status``: how far the migration is, and what failed."""

from .base import DONE, INCOMPLETE, add_command, find_project, say, write_status

STEP = 120


def register(commands):
    """Add the command."""
    add_command(commands, "status", _status, "say how far the migration is")


def _status(env, arguments):
    project = find_project(env, arguments.project)
    status = project._status()
    say(f"{project.name} ({project.key}): {project.state}")
    for name, counts in status["records"].items():
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        say(f"{name}: {told}")
    for error in status["errors"]:
        say(f"! {error['object']} {error['source_id']}: {error['error']}")
    write_status(arguments, project)
    left = sum(
        counts.get("failed", 0) + counts.get("held", 0)
        for counts in status["records"].values()
    )
    return INCOMPLETE if left else DONE
