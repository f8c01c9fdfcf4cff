"""Commands of ``odoo-bin migrate``: a module for each, and no list of them to keep.

A module of a command adds it by a function ``register(commands)``, where ``commands``
is what :func:`.base.add_command` takes; its ``STEP`` is its place in the help, which
lists the commands in the order of a migration.
"""

import importlib
import pkgutil

from .base import NOT_DONE, NotDone

__all__ = ["NOT_DONE", "NotDone", "register"]


def register(commands):
    """Let every module of this package that has a command add it."""
    modules = [
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    ]
    for module in sorted(
        (one for one in modules if hasattr(one, "register")), key=lambda one: one.STEP
    ):
        module.register(commands)
