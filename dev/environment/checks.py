"""The checks of the code: ruff, pylint with Odoo's checks, the OCA's of the module."""

import re
import shutil
import subprocess
import sys

from . import venv
from .base import ADDON, CHECKOUT, STATE, say

SHEBANG = b"#!/usr/bin/env python3"
COPIES = STATE / "lint"
PROGRAMS = venv.VENV / "bin"


def run():
    """Run every check, its findings on this terminal; returns those that failed."""
    entry_points = _entry_points()
    layout = ["format", "--check", "--output-format", "concise"]
    checks = {
        "ruff check": lambda: _ruff("check", ".", *entry_points),
        "ruff format": lambda: _ruff(*layout, ".", *entry_points),
        "pylint-odoo": lambda: _on_copy(_pylint),
        "oca-checks-odoo-module": lambda: _on_copy(_oca),
    }
    failed = []
    for name, check in checks.items():
        say(f"{name} …")
        if not check():
            failed.append(name)
    return failed


def fix():
    """Lay out the code, and correct what ruff can correct safely."""
    entry_points = _entry_points()
    _ruff("check", "--fix", "--quiet", ".", *entry_points)
    _ruff("format", "--quiet", ".", *entry_points)


def _ruff(*arguments):
    step = [str(part) for part in (PROGRAMS / "ruff", *arguments)]
    return not subprocess.run(step, cwd=CHECKOUT, check=False).returncode


def _pylint(copy):
    files = sorted(path.relative_to(COPIES) for path in copy.rglob("*.py"))
    rules = ["--rcfile", CHECKOUT / ".pylintrc"]
    return [venv.PYTHON, "-m", "pylint", *rules, *files]


def _oca(copy):
    return [PROGRAMS / "oca-checks-odoo-module", copy]


def _on_copy(step):
    """Run the command ``step(copy)`` on a copy of what a server has of this checkout.

    These tools tell the addon's name by its folder, and see through links. They report
    the files of the checkout all the same.
    """
    copy = COPIES / ADDON
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(CHECKOUT, copy, ignore=_aside)
    done = subprocess.run(
        [str(part) for part in step(copy)],
        cwd=COPIES,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    places = rf"(?m)^/?{re.escape(str(copy)[1:])}/|^{ADDON}/"
    sys.stdout.write(re.sub(places, "", done.stdout))
    sys.stdout.flush()
    return not done.returncode


def _aside(folder, names):
    outside = {"dev"} if folder == str(CHECKOUT) else set()
    return {name for name in names if name.startswith(".") or name in outside}


def _entry_points():
    """The commands of dev: Python without the ending that the tools go by."""
    return [
        path
        for path in sorted((CHECKOUT / "dev").iterdir())
        if path.is_file() and path.read_bytes().startswith(SHEBANG)
    ]
