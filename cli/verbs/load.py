"""``migrate load``: load all that is pending, or only try it."""

from .base import add_command, execute, finish, say, write_json

STEP = 90


def register(commands):
    """Add the command."""
    load = add_command(commands, "load", _load, "load all that is pending")
    load.add_argument("--dry-run", action="store_true", help="take it back afterwards")
    load.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="at most so many processes; this version uses one",
    )


def _load(env, arguments):
    if arguments.workers > 1:
        say("one process works on a run; no more of --workers are used")
    kind = "dry_run" if arguments.dry_run else "load"
    run = execute(env, arguments, kind)
    status = finish(run, arguments)
    if arguments.dry_run:
        _report_dry_run(env, run, arguments)
    return status


def _report_dry_run(env, run, arguments):
    """Say why records would not be loaded, the commonest reason first."""
    report = env["migration.rehearsal.report"]._data(run)
    for reason in report["reasons"]:
        example, column = reason["example"] or "", reason["column"]
        # Most examples begin with their column; it is not said twice.
        named = not column or example.startswith(f"{column}:")
        place = reason["object"] if named else f"{reason['object']} {column}"
        say(f"! {reason['count']} {reason['kind']}: {place}: {example}")
    if arguments.json:
        write_json(arguments.json, {**run.project_id._status(), "dry_run": report})
