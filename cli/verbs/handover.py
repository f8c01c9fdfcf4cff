"""``handover``: what the company gets after the migration, as files."""

from pathlib import Path

from .base import (
    DONE,
    add_command,
    check_output,
    find_project,
    not_written,
    say,
    write_json,
    write_stream,
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
        _name, whole = project._handover_zip()
        with whole:
            _write(out, whole)
    else:
        project._check_handover()
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(out, error) from error
        for name, stream in project._handover_files():
            _write(out / name, stream)
    if arguments.json:
        write_json(arguments.json, env["migration.handover.summary"]._data(project))
    return DONE


def _write(path, stream):
    say(f"{path}: {write_stream(path, stream)} bytes")
