"""What the commands share: their arguments, their project, output, exit status."""

import errno
import io
import json
import os
import shutil
from functools import partial

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
    command.set_defaults(run=partial(_run_checked, run), outputs=[])
    add_output(command, "--json", "write the result to a file")
    return command


def add_output(command, flag, text):
    """Add an argument that names a file to write, known before the work begins."""
    argument = command.add_argument(flag, metavar="FILE", help=text)
    command.get_default("outputs").append(argument.dest)


def add_reason(command):
    """Add the arguments that choose records by why they are not in Odoo."""
    command.add_argument("--reason", metavar="CODE", help="only this reason")
    command.add_argument("--column", metavar="NAME", help="only about this column")
    command.add_argument("--object", metavar="NAME", help="only this object")


def reason(project, arguments):
    """What :func:`add_reason` has chosen, as options of the models."""
    names = project.with_context(active_test=False).mapping_ids.mapped("name")
    if arguments.object and arguments.object not in names:
        raise NotDone(
            f"{project.key} has no object “{arguments.object}”; there are: "
            f"{', '.join(names) or 'none'}"
        )
    chosen = {
        "code": arguments.reason,
        "field": arguments.column,
        "object": arguments.object,
    }
    return {name: value for name, value in chosen.items() if value}


def _run_checked(run, env, arguments):
    """Run a command once it is sure that what it is to write has a place."""
    for name in arguments.outputs:
        if path := getattr(arguments, name):
            check_output(path)
    return run(env, arguments)


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
    """Say what a run did, and what is left; gives the exit status."""
    project = run.project_id
    stays = run.kind != "dry_run"
    states = project._record_counts()
    counts = run._counts()
    for name, numbers in counts.items():
        told = ", ".join(f"{count} {key}" for key, count in numbers.items() if count)
        more = _besides(numbers, states.get(name, {}), stays)
        say(f"{name}: {told or 'nothing to do'}{more}")
    write_status(arguments, project)
    if run.kind == "prepare":
        # Records of the objects that are loaded later are not its business.
        states = {name: states.get(name, {}) for name in counts}
    tried = () if stays else counts.values()
    return say_left(*states.values(), *tried)


def _besides(numbers, states, stays):
    """What the run did not count: records that failed at reading, or before it."""
    told = []
    for key in ("failed", "held"):
        count = states.get(key, 0)
        if stays and count != numbers[key]:
            told.append(f"{count} {key} in all")
        elif not stays and count:
            told.append(f"{count} {key} before")
    return f" ({', '.join(told)})" if told else ""


def count_left(counts):
    """How many records are not in Odoo that should be, of counts by state."""
    return counts.get("failed", 0) + counts.get("held", 0)


def say_left(*counts):
    """Say how many records are not in Odoo, of counts by state; gives the status."""
    left = sum(map(count_left, counts))
    if left:
        say(f"{left} records failed or are held; “repair” and the log say why")
    return INCOMPLETE if left else DONE


def say_unread(project):
    """Say which files, or parts of them, were not read; gives the exit status."""
    unread = project._unread_findings()
    say_findings(unread)
    if unread:
        say("not everything was read, see above; what is in there is not migrated")
    return INCOMPLETE if unread else DONE


def say_findings(findings):
    """Say what was found, a line each."""
    for finding in findings:
        place = f"{finding.mapping_id.name}: " if finding.mapping_id else ""
        samples = f" [{finding.samples}]" if finding.samples else ""
        told = f"{finding.name} ({finding.count}){samples} {finding.remedy or ''}"
        say(f"! {place}{told}")


def named(owner):
    """An owner by its key, with what else the source says of it."""
    further = {owner.name, owner.email} - {owner.key, False}
    return f"{owner.key} ({', '.join(sorted(further))})" if further else owner.key


def say_conflicts(conflicts):
    """Say what somebody has to decide on, a line each, with its id."""
    for conflict in conflicts:
        told = conflict._as_dict()
        record = f" ({told['record']})" if told["record"] else ""
        field = f" {told['field']}" if told["field"] else ""
        decided = "" if told["decision"] == "open" else f", decided: {told['decision']}"
        say(
            f"! {told['id']}: {told['object']} {told['source_id']}{record}{field}: "
            f"{told['kind']}, was “{told['base'] or ''}”, "
            f"Odoo “{told['odoo'] or ''}”, source “{told['source'] or ''}”{decided}"
        )


def write_status(arguments, project):
    """Write the status of the migration where ``--json`` says."""
    if arguments.json:
        write_json(arguments.json, project._status())


def write_json(path, values):
    """Write ``values`` as JSON."""
    text = json.dumps(values, indent=2, ensure_ascii=False, default=str)
    write_file(path, f"{text}\n".encode())


#: What helps against an error of the system with a file that is written.
_REMEDIES = {
    errno.ENOENT: "its folder does not exist; make it first, or name another",
    errno.ENOTDIR: "what should be its folder is a file; name another place",
    errno.EEXIST: "that is a file; name a folder",
    errno.EISDIR: "that is a folder; name a file in it",
    errno.EACCES: "you may not write there; name another place, or get the right",
    errno.EROFS: "nothing can be written there; name another place",
    errno.ENOSPC: "the disk is full; make room, or name another place",
}


def check_output(path):
    """Make sure that a file can be written, before the work that fills it.

    :raises NotDone: it cannot; says what to do
    """
    folder = os.path.dirname(os.path.abspath(path))
    try:
        if os.path.isdir(path):
            raise OSError(errno.EISDIR, "")
        os.stat(os.path.join(folder, ""))
        place = path if os.path.exists(path) else folder
        if not os.access(place, os.W_OK):
            raise OSError(errno.EACCES, "")
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path, error):
    """The :class:`NotDone` of a file that cannot be written."""
    remedy = _REMEDIES.get(error.errno, error.strerror)
    return NotDone(f"{path} cannot be written: {remedy}")


def write_file(path, content):
    """Write ``content``, bytes."""
    write_stream(path, io.BytesIO(content))


def write_stream(path, source):
    """Write what the open file ``source`` has; gives the number of bytes."""
    try:
        with open(path, "wb") as stream:
            shutil.copyfileobj(source, stream)
            return stream.tell()
    except OSError as error:
        raise not_written(path, error) from error


def read_file(path):
    """The bytes of a file."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise NotDone(f"{path} cannot be read: {error.strerror}") from error


def say(text):
    """Print a line."""
    print(text)  # pylint: disable=print-used
