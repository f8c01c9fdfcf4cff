"""``migrate rollback``: take the migration back, or one run of it."""

from .base import (
    DONE,
    INCOMPLETE,
    NotDone,
    add_command,
    execute,
    find_project,
    say,
    write_json,
)

STEP = 160


def register(commands):
    """Add the command."""
    rollback = add_command(commands, "rollback", _rollback, "take the migration back")
    rollback.add_argument("--preview", action="store_true", help="only say what goes")
    rollback.add_argument(
        "--run", type=int, dest="run_id", help="only what this run did"
    )
    rollback.add_argument(
        "--force", action="store_true", help="force all that can be forced"
    )
    for reason, text in (
        ("changed", "what users have changed since"),
        ("added", "what users have added something to"),
        ("needed", "what a record refers to that is not taken back"),
        ("refused", "what Odoo does not delete"),
    ):
        rollback.add_argument(
            f"--{reason}",
            choices=("leave", "archive", "force")[: 2 if reason == "refused" else 3],
            help=text,
        )


def _rollback(env, arguments):
    project = find_project(env, arguments.project)
    target = env["migration.run"].browse(arguments.run_id).exists()
    undoable = target.project_id == project and target.undoable
    if arguments.run_id and not undoable:
        runs = project.run_ids.filtered(
            lambda run: run.undoable and run.undone != "wholly"
        ).sorted("id")
        known = ", ".join(f"{run.id} ({run.kind})" for run in runs)
        raise NotDone(
            f"{project.key} has no run {arguments.run_id} that can be taken back; "
            f"there are: {known or 'none'}"
        )
    names = ("changed", "added", "needed", "refused", "force")
    options = {name: getattr(arguments, name) for name in names}
    if arguments.preview:
        wizard = env["migration.rollback.wizard"]
        lines = wizard._foretell(project, target, options)
        for line in lines:
            reason = f" – {line['reason']}" if line["reason"] else ""
            say(f"{line['action']}: {line['count']} {line['name']}{reason}")
        if not lines:
            say("there is nothing to take back")
        if arguments.json:
            write_json(arguments.json, lines)
        return DONE
    run = execute(env, arguments, "rollback", run_id=target.id, **options)
    counts = run._taken_back()
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    say(told or run.message)
    if counts["kept"]:
        say("“rollback --preview” says why something is kept; --force takes it as well")
    if arguments.json:
        status = {**project._status(), "taken_back": counts}
        write_json(arguments.json, status)
    return INCOMPLETE if counts["kept"] or counts["archived"] else DONE
