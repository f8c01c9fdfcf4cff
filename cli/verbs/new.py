"""``migrate new``: create a migration, with its files or its connection."""

import os

from .base import DONE, NotDone, say

STEP = 10


def register(commands):
    """Add the command."""
    new = commands.add_parser("new", help="create a migration")
    new.add_argument("--source", required=True, metavar="CODE")
    new.add_argument("--name", required=True)
    new.add_argument("--files", nargs="+", default=[], metavar="PATH")
    new.add_argument("--url", help="address of the source's API")
    new.add_argument(
        "--auth", metavar="KIND", help="none, basic, bearer, ticket, oauth2_client …"
    )
    new.add_argument(
        "--user", metavar="LOGIN", help="secrets: MIGRATE_PASSWORD, MIGRATE_TOKEN"
    )
    new.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    new.set_defaults(run=_new)


def _new(env, arguments):
    source = env["migration.source"].search([("code", "=", arguments.source)])
    if not source:
        codes = ", ".join(env["migration.source"].search([]).mapped("code"))
        raise NotDone(f"there is no source “{arguments.source}”; there are: {codes}")
    values = dict(_option(env, text) for text in arguments.option)
    connection = {
        name: values.pop(name)
        for name in list(values)
        if name not in env["migration.project"]._fields
    }
    project = env["migration.project"].create(
        {"name": arguments.name, "source_id": source.id, **values}
    )
    for path in arguments.files:
        project._add_path(path)
    if arguments.url:
        project._connect(**_connection(env, arguments), **connection)
    elif connection:
        raise NotDone(f"{', '.join(connection)}: only with --url")
    say(project.key)
    return DONE


def _connection(env, arguments):
    """Values of the connection; secrets come from the environment alone."""
    values = {"base_url": arguments.url}
    if arguments.auth:
        kinds = env["migration.connection"]._fields["auth"].get_values(env)
        if arguments.auth not in kinds:
            raise NotDone(f"--auth is one of: {', '.join(kinds)}")
        values["auth"] = arguments.auth
    secret = os.environ.get("MIGRATE_PASSWORD")
    token = os.environ.get("MIGRATE_TOKEN")
    oauth = (arguments.auth or "").startswith("oauth2")
    values["client_id" if oauth else "login"] = arguments.user
    values["client_secret" if oauth else "password"] = secret
    values["refresh_token" if arguments.auth == "oauth2_refresh" else "token"] = token
    return values


def _option(env, text):
    """``KEY=VALUE`` as field name and value of the project."""
    key, equals, value = text.partition("=")
    fields = env["migration.project"]._fields
    field = fields.get(key) or fields.get(f"{key}_id")
    connection = env["migration.connection"]._fields
    if not field and key in connection and not connection[key].groups:
        field = connection[key]
    if not equals or not field or field.compute or field.type == "one2many":
        raise NotDone(f"“{text}” is no option; write KEY=VALUE with a project's field")
    if field.type == "many2one":
        name = "login" if field.comodel_name == "res.users" else "name"
        found = env[field.comodel_name].search([(name, "=", value)])
        if len(found) != 1:
            raise NotDone(f"{key}: “{value}” is not the {name} of exactly one record")
        return field.name, found.id
    if field.type == "boolean":
        return field.name, value.lower() in ("1", "true", "yes")
    if field.type in ("integer", "float"):
        try:
            return field.name, int(value) if field.type == "integer" else float(value)
        except ValueError:
            raise NotDone(f"{key}: “{value}” is not a number") from None
    if field.type == "selection" and value not in field.get_values(env):
        options = ", ".join(field.get_values(env))
        raise NotDone(f"{key}: “{value}” is none of: {options}")
    return field.name, value
