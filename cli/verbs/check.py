"""``migrate check``: try the connection to the source."""

from .base import DONE, INCOMPLETE, NotDone, add_command, find_project, say, write_json
from .connection import as_dict

STEP = 20


def register(commands):
    """Add the command."""
    add_command(commands, "check", _check, "try the connection, right by right")


def _check(env, arguments):
    project = find_project(env, arguments.project)
    connection = project.connection_ids
    if not connection:
        raise NotDone(f"{project.key} reads files only; there is nothing to check")
    reachable, message = connection._check_all()
    if not reachable:
        raise NotDone(message)
    for endpoint in connection.endpoint_ids.filtered("check_state"):
        say(f"{endpoint.name}: {endpoint.check_state} – {endpoint.check_message}")
    say(message)
    if arguments.json:
        write_json(arguments.json, {**as_dict(connection), "message": message})
    wrong = connection.endpoint_ids.filtered(lambda one: one.check_state == "wrong")
    return INCOMPLETE if wrong else DONE
