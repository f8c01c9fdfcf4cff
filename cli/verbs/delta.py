"""What changed in the source since: read again, merged, and what is to be decided."""

from .base import (
    INCOMPLETE,
    NotDone,
    add_command,
    add_output,
    execute,
    find_project,
    finish,
    say,
    say_unread,
    write_file,
    write_json,
)

STEP = 140


def register(commands):
    """Add the command ``delta``."""
    delta = add_command(commands, "delta", _delta, "read again, load what has changed")
    delta.add_argument(
        "--files",
        nargs="+",
        default=[],
        metavar="PATH",
        help="a newer export; it replaces the one of the same name",
    )
    delta.add_argument(
        "--replaces",
        metavar="NAME",
        help="the earlier export that the one of --files replaces, if its name differs",
    )
    delta.add_argument(
        "--no-read", action="store_true", help="load what was read last, do not read"
    )
    for_all = delta.add_mutually_exclusive_group()
    for_all.add_argument(
        "--take-source",
        action="store_true",
        help="where Odoo's users have changed a value, too, the source's counts",
    )
    for_all.add_argument(
        "--keep-odoo",
        action="store_true",
        help="where Odoo's users have changed a value, too, theirs stays",
    )
    add_output(delta, "--gone", "write what the source no longer has as CSV")


def _delta(env, arguments):
    project = find_project(env, arguments.project)
    project._check_delta()
    if arguments.files and arguments.no_read:
        raise NotDone("--files are read: leave out --no-read")
    if arguments.replaces and len(arguments.files) != 1:
        raise NotDone("--replaces is about one path of --files")
    if not arguments.no_read:
        for path in arguments.files:
            project._renew_path(path, arguments.replaces)
        project._renew_paths()
        execute(env, arguments, "audit")
    prefer = _preferred(arguments)
    if prefer:
        project._decide_all(prefer)
    run = execute(env, arguments, "delta", prefer=prefer)
    status = finish(run, arguments)
    conflicts = project._open_conflicts()
    for conflict in conflicts:
        told = conflict._as_dict()
        say(
            f"! {told['object']} {told['source_id']} {told['field'] or ''}: "
            f"{told['kind']}, was “{told['base'] or ''}”, "
            f"Odoo “{told['odoo'] or ''}”, source “{told['source'] or ''}”"
        )
    say(f"{len(conflicts)} conflicts to decide" if conflicts else "no conflict is open")
    gone = project._gone()
    if gone:
        say(f"{len(gone)} records are gone from the source; they stay in Odoo")
    if arguments.gone:
        write_file(arguments.gone, project._gone_csv())
    if arguments.json:
        values = {
            **project._status(),
            "conflicts": [conflict._as_dict() for conflict in conflicts],
            "gone": [
                {"object": record.mapping_id.name, "source_id": record.source_id}
                for record in gone
            ],
        }
        write_json(arguments.json, values)
    if say_unread(project):
        return INCOMPLETE
    return INCOMPLETE if conflicts else status


def _preferred(arguments):
    if arguments.take_source:
        return "source"
    return "odoo" if arguments.keep_odoo else None
