"""Commands of ``odoo-bin migrate``, a module for each or for a few that go together.

A module here adds what it has by a function ``register(commands)``, where ``commands``
is what :func:`.base.add_command` takes. There is no list of them to keep.
"""

import importlib
import pkgutil


def register(commands):
    """Let every module of this package add its commands."""
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "register"):
            module.register(commands)
