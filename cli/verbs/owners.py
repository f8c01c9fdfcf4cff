"""``migrate owners``: who gets whose records."""

from .base import (
    DONE,
    INCOMPLETE,
    NotDone,
    add_command,
    add_output,
    find_project,
    find_user,
    named,
    say,
    write_file,
    write_json,
)

STEP = 50


def register(commands):
    """Add the command."""
    owners = add_command(commands, "owners", _owners, "say who gets whose records")
    add_output(owners, "--xlsx", "write them as a workbook")
    owners.add_argument(
        "--set", nargs="+", default=[], metavar="KEY=LOGIN", help="choose a user"
    )
    owners.add_argument(
        "--create", nargs="+", default=[], metavar="KEY", help="a user each, or “all”"
    )
    owners.add_argument("--fallback", metavar="LOGIN", help="for all others")


def _owners(env, arguments):
    project = find_project(env, arguments.project)
    for text in arguments.set:
        key, _equals, login = text.rpartition("=")
        if not key or not login:
            raise NotDone(f"“{text}” is no choice; write KEY=LOGIN")
        project._owner(key).user_id = find_user(env, login)
    if arguments.fallback:
        project.fallback_user_id = find_user(env, arguments.fallback)
    refused = []
    if arguments.create:
        owners = project.owner_ids.browse()
        for key in arguments.create:
            every = project.owner_ids.filtered(
                lambda one: one.record_count and not (one.may_be or one.use_fallback)
            )
            owners |= every if key == "all" else project._owner(key)
        refused = owners._create_users()
    for owner in project.owner_ids:
        user = owner._user().login or "no user"
        held = f", {owner.held_count} held" if owner.held_count else ""
        say(
            f"{named(owner)}: {owner.record_count} records{held}, {owner.state}, {user}"
            f" – {owner.reason}"
        )
    for text in refused:
        say(f"! {text}")
    if arguments.xlsx:
        write_file(arguments.xlsx, env["migration.owner.report"]._workbook(project))
    if arguments.json:
        write_json(arguments.json, [owner._as_dict() for owner in project.owner_ids])
    left = project.unmatched_count
    say(f"{left} owners have no user" if left else "every owner has a user")
    return INCOMPLETE if left or refused else DONE
