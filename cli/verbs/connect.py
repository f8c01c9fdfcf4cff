"""``migrate connect``: say where the source's API is, or who signs in there."""

from .base import DONE, NotDone, add_command, find_project, say, write_json
from .connection import add_arguments, as_dict, given, options

STEP = 15


def register(commands):
    """Add the command."""
    connect = add_command(
        commands, "connect", _connect, "say where the API is, or who signs in"
    )
    add_arguments(connect)


def _connect(env, arguments):
    project = find_project(env, arguments.project)
    values, of_connection = options(env, arguments.option)
    connection = project.connection_ids
    if not arguments.auth:
        # Where a secret goes depends on the way to sign in.
        arguments.auth = connection.auth
    values_given = {**given(env, arguments), **of_connection}
    if connection:
        connection.write(values_given)
    elif not arguments.url:
        raise NotDone(f"{project.key} has no connection yet: say --url")
    else:
        connection = project._connect(**values_given)
    project.write(values)
    say(f"{project.key} reads from {connection.base_url}; “check” tries it")
    if arguments.json:
        write_json(arguments.json, as_dict(connection))
    return DONE
