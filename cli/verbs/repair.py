"""``migrate repair``: what is not in Odoo, and why; corrected, left out, taken in."""

from .base import (
    NotDone,
    add_command,
    add_output,
    add_reason,
    find_project,
    reason,
    say,
    say_left,
    write_file,
    write_json,
)

STEP = 95


def register(commands):
    """Add the command."""
    command = add_command(
        commands, "repair", _repair, "correct or leave out what is not in Odoo"
    )
    add_reason(command)
    add_output(
        command, "--save", "write failed records to correct: a CSV, or .zip for several"
    )
    command.add_argument(
        "--set",
        nargs="+",
        action="append",
        default=[],
        metavar=("[OBJECT/]ID", "COLUMN=VALUE"),
        help="correct values of a record",
    )
    command.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="[OBJECT/]ID",
        help="do not load it; or “all” that is listed",
    )
    command.add_argument("--because", metavar="TEXT", help="why it is left out")
    command.add_argument(
        "--take-in",
        nargs="+",
        default=[],
        metavar="[OBJECT/]ID",
        help="load it all the same, or “all”",
    )


def _repair(env, arguments):
    project = find_project(env, arguments.project)
    wanted = reason(project, arguments)
    if arguments.leave_out and not arguments.because:
        raise NotDone("say why these records are left out: --because TEXT")
    _set(project, arguments.set)
    if arguments.take_in:
        records = _records(project, arguments.take_in, project._left_out())
        records.action_take_in()
        say(f"{len(records)} records are taken in again; load them")
    if arguments.leave_out:
        listed = project._not_loaded(**wanted)
        records = _records(project, arguments.leave_out, listed)
        records._leave_out(arguments.because)
        say(f"{len(records)} records are left out")
    reasons = [one._as_dict() for one in project._reasons(**wanted)]
    left_out = [_as_dict(record) for record in project._left_out()]
    _say(reasons, left_out)
    if arguments.save:
        mappings = project.with_context(active_test=False).mapping_ids
        if arguments.object:
            mappings = mappings.filtered(lambda one: one.name == arguments.object)
        content = env["migration.failed.file"]._written(mappings, arguments.save)
        write_file(arguments.save, content)
    if arguments.json:
        told = {"reasons": reasons, "left_out": left_out}
        write_json(arguments.json, {**project._status(), **told})
    return say_left(*project._record_counts().values())


def _set(project, groups):
    """Correct values; ``groups`` are lists of a record and its columns."""
    for text, *changes in groups:
        record = project._staged_record(text)
        values = {}
        for change in changes:
            column, equals, value = change.partition("=")
            if not column or not equals:
                raise NotDone(f"“{change}” is no correction; write COLUMN=VALUE")
            values[column] = value
        if not values:
            raise NotDone(f"say what to correct of {text}: COLUMN=VALUE")
        record._check_columns(values)
        record._correct(values)
        say(f"{text}: {', '.join(values)} corrected; “retry” loads it")


def _records(project, texts, every):
    """The records that ``texts`` name; ``every`` where one of them is “all”."""
    records = every.browse()
    for text in texts:
        records |= every if text == "all" else project._staged_record(text)
    return records


def _as_dict(record):
    return {
        "object": record.mapping_id.name,
        "source_id": record.source_id,
        "reason": record.left_out_reason or record.error or None,
    }


def _say(reasons, left_out):
    for one in reasons:
        column = f", {one['column']}" if one["column"] else ""
        broken = one["count"] - one["can_be_tried"]
        rows = f" ({broken} are broken rows)" if broken else ""
        say(
            f"! {one['object']}: {one['count']} {one['state']}{rows}, "
            f"{one['code']}{column}: {one['reason']} – {one['example'] or ''}"
        )
    for one in left_out:
        say(f"{one['object']} {one['source_id']}: left out. {one['reason'] or ''}")
    if not reasons and not left_out:
        say("nothing failed, is held or was left out")
