"""``handover``: what the company gets after the migration, as files."""

from pathlib import Path

from .base import (
    DONE,
    add_command,
    check_output,
    find_project,
    not_written,
    say,
    write_file,
    write_json,
)

STEP = 150


def register(commands):
    """Add the command."""
    command = add_command(
        commands, "handover", _handover, "write the summary and what was left out"
    )
    command.add_argument(
        "--out",
        required=True,
        metavar="DIR_OR_ZIP",
        help="a folder, or a file that ends in .zip",
    )


def _handover(env, arguments):
    project = find_project(env, arguments.project)
    out = Path(arguments.out)
    if out.suffix.lower() == ".zip":
        check_output(out)
        _name, content = project._handover_zip()
        write_file(out, content)
        say(f"{out}: {len(content)} bytes")
    else:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(out, error) from error
        for name, content in project._handover_files():
            write_file(out / name, content)
            say(f"{out / name}: {len(content)} bytes")
    if arguments.json:
        write_json(arguments.json, env["migration.handover.summary"]._data(project))
    return DONE
