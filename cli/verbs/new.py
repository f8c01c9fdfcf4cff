"""``migrate new``: create a migration, with its files or its connection."""

from . import connection
from .base import DONE, NotDone, say

STEP = 10


def register(commands):
    """Add the command."""
    new = commands.add_parser("new", help="create a migration")
    new.add_argument("--source", required=True, metavar="CODE")
    new.add_argument("--name", required=True)
    new.add_argument("--files", nargs="+", default=[], metavar="PATH")
    connection.add_arguments(new)
    new.set_defaults(run=_new)


def _new(env, arguments):
    source = env["migration.source"].search([("code", "=", arguments.source)])
    if not source:
        codes = ", ".join(env["migration.source"].search([]).mapped("code"))
        raise NotDone(f"there is no source “{arguments.source}”; there are: {codes}")
    values, of_connection = connection.options(env, arguments.option)
    project = env["migration.project"].create(
        {"name": arguments.name, "source_id": source.id, **values}
    )
    for path in arguments.files:
        project._add_path(path)
    if arguments.url:
        project._connect(**connection.given(env, arguments), **of_connection)
    elif of_connection:
        raise NotDone(f"{', '.join(of_connection)}: only with --url")
    say(project.key)
    return DONE
