"""``migrate map``: confirm the mapping, save it, or take one over."""

from .base import (
    DONE,
    INCOMPLETE,
    add_command,
    add_output,
    find_project,
    read_file,
    say,
    write_file,
    write_status,
)

STEP = 40


def register(commands):
    """Add the command."""
    mapping = add_command(commands, "map", _map, "confirm, save or load the mapping")
    mapping.add_argument(
        "--load", metavar="FILE", help="take a mapping over: .xlsx, or JSON"
    )
    mapping.add_argument(
        "--unconfirmed",
        action="store_true",
        help="what is loaded is confirmed here again",
    )
    add_output(mapping, "--save", "the specification as .xlsx, or JSON")
    confirm = mapping.add_mutually_exclusive_group()
    confirm.add_argument("--confirm-above", type=float, metavar="CONFIDENCE")
    confirm.add_argument("--confirm-all", action="store_true")


def _map(env, arguments):
    project = find_project(env, arguments.project)
    if arguments.load:
        content = read_file(arguments.load)
        confirmed = not arguments.unconfirmed
        for text in project._load_mapping(arguments.load, content, confirmed):
            say(f"! {text}")
    if arguments.confirm_all:
        project.action_confirm()
    elif arguments.confirm_above is not None:
        lines = project.mapping_ids.field_ids
        lines.filtered(
            lambda line: (
                line.confidence >= arguments.confirm_above and not line.confirmed
            )
        )._confirm()
        project.action_decide_empty_words()
    if arguments.save:
        write_file(arguments.save, project._save_mapping(arguments.save))
    write_status(arguments, project)
    left = project.unconfirmed_count
    say(f"{left} lines are not confirmed" if left else "every line is confirmed")
    return INCOMPLETE if left else DONE
