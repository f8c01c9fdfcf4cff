"""``migrate status``: how far the migration is, and what failed."""

from .base import (
    add_command,
    find_project,
    say,
    say_left,
    say_unread,
    write_status,
)

STEP = 120


def register(commands):
    """Add the command."""
    add_command(commands, "status", _status, "say how far the migration is")


def _status(env, arguments):
    project = find_project(env, arguments.project)
    status = project._status()
    say(f"{project.name} ({project.key}): {project.state}")
    run = project.run_ids[:1]
    if run.state in ("queued", "running"):
        gone = run._is_abandoned()
        told = "was interrupted; start it again, it goes on" if gone else "is at work"
        say(f"{run.display_name} {told}")
    elif run.state == "failed":
        say(f"! {run.display_name} stopped: {run.message or ''}")
    for name, counts in status["records"].items():
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        say(f"{name}: {told}")
    for error in status["errors"]:
        say(f"! {error['object']} {error['source_id']}: {error['error']}")
    unread = say_unread(project)
    write_status(arguments, project)
    return say_left(*status["records"].values()) or unread
