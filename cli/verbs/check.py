"""``migrate check``: try the connection to the source."""

from .base import DONE, INCOMPLETE, NotDone, add_command, find_project, say

STEP = 20


def register(commands):
    """Add the command."""
    add_command(commands, "check", _check, "try the connection, right by right")


def _check(env, arguments):
    project = find_project(env, arguments.project)
    connection = project.connection_ids
    if not connection:
        raise NotDone(f"{project.key} reads files only; there is nothing to check")
    connection._check_all()
    for endpoint in connection.endpoint_ids.filtered("check_state"):
        say(f"{endpoint.name}: {endpoint.check_state} – {endpoint.check_message}")
    say(connection.check_message)
    wrong = connection.endpoint_ids.filtered(lambda one: one.check_state == "wrong")
    if not connection.is_reachable:
        raise NotDone(connection.check_message)
    return INCOMPLETE if wrong else DONE
