"""``migrate prepare``: create the structure that the load needs."""

from .base import add_command, execute, finish

STEP = 60


def register(commands):
    """Add the command."""
    add_command(commands, "prepare", _prepare, "create fields, pipelines, stages, tags")


def _prepare(env, arguments):
    return finish(execute(env, arguments, "prepare"), arguments)
