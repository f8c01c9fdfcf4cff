"""``migrate conflicts``: values that were changed in both, decided one by one."""

from .base import (
    DONE,
    INCOMPLETE,
    add_command,
    add_output,
    execute,
    find_project,
    finish,
    say,
    say_conflicts,
    write_file,
    write_json,
)

STEP = 145

# How each decision is said, and what it is called.
_DECISIONS = (
    ("--take-source", "source", "what the source has is written"),
    ("--keep-odoo", "odoo", "what Odoo has stays"),
    ("--reopen", "open", "take back a decision that was not carried out"),
)


def register(commands):
    """Add the command."""
    command = add_command(
        commands, "conflicts", _conflicts, "decide what source and Odoo both changed"
    )
    for flag, word, text in _DECISIONS:
        command.add_argument(
            flag, dest=word, nargs="+", default=[], metavar="ID", help=text
        )
    command.add_argument(
        "--decide",
        metavar="FILE",
        help="the file of --csv with its column “decision” filled in: "
        + ", ".join(word for _flag, word, _text in _DECISIONS),
    )
    command.add_argument(
        "--apply", action="store_true", help="write what was decided, at once"
    )
    add_output(command, "--csv", "write them as a list to decide in")


def _conflicts(env, arguments):
    project = find_project(env, arguments.project)
    file = env["migration.conflict.file"]
    decided = [
        (flag, number, word)
        for flag, word, _text in _DECISIONS
        for number in getattr(arguments, word)
    ]
    if arguments.decide:
        decided += file._read(arguments.decide)
    if decided:
        say(f"{file._decide(project, decided)} decisions are new")
    status = _apply(env, project, arguments) if arguments.apply else DONE
    conflicts = project._conflicts("open", "decided")
    say_conflicts(conflicts)
    left = len(conflicts.filtered(lambda one: one.state == "open"))
    say(f"{left} conflicts to decide" if left else "no conflict is open")
    if waiting := len(conflicts) - left:
        say(f"{waiting} decisions to apply: --apply, or the next delta")
    if arguments.csv:
        write_file(arguments.csv, file._csv(conflicts))
    if arguments.json:
        listed = [conflict._as_dict() for conflict in conflicts]
        write_json(arguments.json, {**project._status(), "conflicts": listed})
    return INCOMPLETE if left else status


def _apply(env, project, arguments):
    """Write what was decided for the source; gives the exit status."""
    project._check_delta()
    decided = project._conflicts("decided")
    if not decided:
        say("there is no decision to apply")
        return DONE
    status = finish(execute(env, arguments, "delta", only="decisions"), arguments)
    anew = decided.filtered(lambda one: one.kind == "deleted").record_id
    if anew:
        say(f"{len(anew)} records are made anew by the next load or delta")
    return status
