"""What the commands share that say how the source's API is reached, or try it."""

import os
from datetime import datetime

from .base import NotDone

_BOOLEANS = {
    **dict.fromkeys(("1", "true", "yes"), True),
    **dict.fromkeys(("0", "false", "no"), False),
}
_SHOWN = 20


def add_arguments(parser):
    """What says how a migration reaches its source; secrets are never arguments."""
    parser.add_argument("--url", help="address of the source's API")
    parser.add_argument(
        "--auth", metavar="KIND", help="none, basic, bearer, ticket, oauth2_client …"
    )
    parser.add_argument(
        "--user", metavar="LOGIN", help="secrets: MIGRATE_PASSWORD, MIGRATE_TOKEN"
    )
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")


def given(env, arguments):
    """Values of the connection that are given; secrets by the environment alone."""
    kinds = env["migration.connection"]._fields["auth"].get_values(env)
    if arguments.auth and arguments.auth not in kinds:
        raise NotDone(f"--auth is one of: {', '.join(kinds)}")
    oauth = (arguments.auth or "").startswith("oauth2")
    token = "refresh_token" if arguments.auth == "oauth2_refresh" else "token"
    values = {
        "base_url": arguments.url,
        "auth": arguments.auth,
        "client_id" if oauth else "login": arguments.user,
        "client_secret" if oauth else "password": os.environ.get("MIGRATE_PASSWORD"),
        token: os.environ.get("MIGRATE_TOKEN"),
    }
    return {name: value for name, value in values.items() if value}


def options(env, texts):
    """``KEY=VALUE`` texts as values of the migration, and values of its connection."""
    values = dict(_option(env, text) for text in texts)
    fields = env["migration.project"]._fields
    of_connection = {
        name: values.pop(name) for name in list(values) if name not in fields
    }
    return values, of_connection


def as_dict(connection):
    """The connection and its lists without secrets."""
    return {
        "url": connection.base_url,
        "auth": connection.auth,
        "lists": {
            one.name: {"state": one.check_state, "message": one.check_message}
            for one in connection.endpoint_ids
        },
    }


def _option(env, text):
    """``KEY=VALUE`` as field name and value of the project."""
    key, equals, value = text.partition("=")
    fields = env["migration.project"]._fields
    field = fields.get(key) or fields.get(f"{key}_id")
    connection = env["migration.connection"]._fields
    if not field and key in connection and not connection[key].groups:
        field = connection[key]
    # What the addon keeps itself, such as the approval, is not set by hand.
    refused = not field or field.compute or field.readonly or field.type == "one2many"
    if not equals or refused:
        raise NotDone(f"“{text}” is no option; write KEY=VALUE with a project's field")
    if field.type == "many2one":
        name = "login" if field.comodel_name == "res.users" else "name"
        found = env[field.comodel_name].search([(name, "=", value)])
        if len(found) != 1:
            raise NotDone(f"{key}: “{value}” is not the {name} of exactly one record")
        return field.name, found.id
    if field.type == "boolean":
        if value.lower() not in _BOOLEANS:
            raise NotDone(f"{key}: “{value}” is neither yes nor no")
        return field.name, _BOOLEANS[value.lower()]
    if field.type == "datetime":
        try:
            return field.name, datetime.fromisoformat(value)
        except ValueError:
            raise NotDone(
                f"{key}: “{value}” is no time; write it as 2030-01-31T18:00, in UTC"
            ) from None
    if field.type in ("integer", "float"):
        try:
            return field.name, int(value) if field.type == "integer" else float(value)
        except ValueError:
            raise NotDone(f"{key}: “{value}” is not a number") from None
    if field.type == "selection" and value not in (known := field.get_values(env)):
        shown = ", ".join(known[:_SHOWN])
        more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
        raise NotDone(f"{key}: “{value}” is none of: {shown}{more}")
    return field.name, value
