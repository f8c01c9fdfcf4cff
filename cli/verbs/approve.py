"""``migrate approve``: sign the mapping off."""

from .base import DONE, add_command, find_project, find_user, say, write_status

STEP = 80


def register(commands):
    """Add the command."""
    approve = add_command(commands, "approve", _approve, "sign the mapping off")
    approve.add_argument("--by", required=True, metavar="LOGIN")


def _approve(env, arguments):
    project = find_project(env, arguments.project)
    project._check_prepared()
    project._approve(find_user(env, arguments.by))
    say(f"approved by {arguments.by}: mapping {project.approved_version}")
    write_status(arguments, project)
    return DONE
