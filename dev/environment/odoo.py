"""Odoo itself: where its source is, its configuration, and how it is started."""

import os
import subprocess
from pathlib import Path

from . import debian, server, venv
from .base import ADDON, CHECKOUT, LOGS, STATE, Stop, say, write

ADDONS = STATE / "addons"
DATA = STATE / "data"
CONFIGURATION = STATE / "odoo.conf"


def prepare():
    """Have everything that an Odoo process needs; quick when it is all there."""
    source = source_folder()
    link_addon()
    DATA.mkdir(exist_ok=True)
    database = server.ensure()
    settings = {
        "addons_path": ",".join(str(path) for path in _addons_path(source)),
        "data_dir": DATA,
        "screenshots": LOGS / "screenshots",
        "db_host": database["host"],
        "db_port": database["port"],
        "db_user": database["user"],
        # Logins are known to all, so nobody else's machine gets at them.
        "http_interface": "127.0.0.1",
        "max_cron_threads": 2,
        "with_demo": False,
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    write(CONFIGURATION, "\n".join(["[options]", *lines, ""]))


def link_addon():
    """Give the checkout the name that Odoo, and its tools, know the addon by."""
    ADDONS.mkdir(parents=True, exist_ok=True)
    if not (ADDONS / ADDON).is_symlink():
        (ADDONS / ADDON).symlink_to(os.path.relpath(CHECKOUT, ADDONS))


def source_folder():
    """The folder that holds Odoo's Python package ``odoo``."""
    own = os.environ.get("ODOO_PATH")
    if not own:
        debian.fetch_odoo()
        return debian.ODOO_TREE.joinpath(*debian.PACKAGE_FOLDER)
    folder = Path(own).expanduser().resolve()
    if not (folder / "odoo" / "release.py").exists():
        raise Stop(f"ODOO_PATH={own} is no checkout of Odoo: odoo/release.py is not in")
    return folder


def _addons_path(source):
    # The Debian package has a folder of that name too: the addons without their data.
    whole = (source / "addons" / "web" / "static").exists()
    checkout = [source / "addons"] if whole else []
    optional = [venv.OCA_ADDONS] if venv.OCA_ADDONS.exists() else []
    return [*checkout, *optional, ADDONS]


def environment():
    """The environment variables of an Odoo process, after :func:`prepare`."""
    return {
        **server.environment(),
        "ODOO_RC": str(CONFIGURATION),
        "PYTHONPATH": str(source_folder()),
        "PATH": f"{venv.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def arguments(given):
    """The whole command line of ``odoo-bin`` with the arguments ``given``."""
    return [str(venv.PYTHON), "-m", "odoo", *given]


def replace_process(given):
    """Become ``odoo-bin`` with the arguments ``given``; does not return."""
    prepare()
    os.execve(venv.PYTHON, arguments(given), environment())


def call(given):
    """Run ``odoo-bin`` with its output on this terminal; ends the command if it fails.

    Exit status 1 of the addon's own command means done, with records to look at.
    """
    prepare()
    status = subprocess.run(
        arguments(given), env=environment(), stdin=subprocess.DEVNULL, check=False
    ).returncode
    if status > 1:
        raise Stop(f"odoo {' '.join(given)} failed with status {status}")
    if status:
        say(f"odoo {given[0]}: done, with something to look at (see above)")
