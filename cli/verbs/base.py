"""What the commands share: their arguments, their project, output, exit status."""

import json

DONE, INCOMPLETE, NOT_DONE = 0, 1, 2


class NotDone(Exception):
    """The command cannot be carried out; the message says why and what to do."""


def add_command(commands, name, run, text):
    """Add a command on one migration.

    :param run: function of environment and arguments that gives the exit status
    :return: its parser, for further arguments
    """
    command = commands.add_parser(name, help=text)
    command.add_argument("project", metavar="PROJECT", help="key of the migration")
    command.add_argument("--json", metavar="FILE", help="write the result to a file")
    command.set_defaults(run=run)
    return command


def find_project(env, key):
    """The migration with this key."""
    project = env["migration.project"].search([("key", "=", key)])
    if not project:
        known = env["migration.project"].search([]).mapped("key")
        raise NotDone(
            f"there is no migration “{key}”; there are: {', '.join(known) or 'none'}"
        )
    return project


def find_user(env, login):
    """The internal user with ``login``, archived ones as well."""
    users = env["res.users"].with_context(active_test=False)
    user = users.search([("login", "=", login), ("share", "=", False)])
    if not user:
        raise NotDone(f"there is no internal user with the login “{login}”")
    return user


def execute(env, arguments, kind, **options):
    """Carry out a run of ``kind`` now, in this process; gives the run."""
    project = find_project(env, arguments.project)
    run = project._run_now(kind, **options)
    if run.state == "failed":
        raise NotDone(run.message)
    return run


def finish(run, arguments):
    """Say what a run did; the exit status tells whether anything was left over."""
    counts = run._counts()
    for name, numbers in counts.items():
        told = ", ".join(f"{count} {key}" for key, count in numbers.items() if count)
        say(f"{name}: {told or 'nothing to do'}")
    write_status(arguments, run.project_id)
    left = sum(one["failed"] + one["held"] for one in counts.values())
    if left:
        say(f"{left} records are not in Odoo; “status” and the log say why")
    return INCOMPLETE if left else DONE


def write_status(arguments, project):
    """Write the status of the migration where ``--json`` says."""
    if arguments.json:
        write_json(arguments.json, project._status())


def write_json(path, values):
    """Write ``values`` as JSON."""
    text = json.dumps(values, indent=2, ensure_ascii=False, default=str)
    write_file(path, f"{text}\n".encode())


def write_file(path, content):
    """Write ``content``, bytes."""
    try:
        with open(path, "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise NotDone(f"{path}: {error.strerror}") from error


def read_file(path):
    """The bytes of a file."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise NotDone(f"{path}: {error.strerror}") from error


def say(text):
    """Print a line."""
    print(text)  # pylint: disable=print-used
