"""The virtual environment: made once, remade when the pinned packages change."""

import hashlib
import importlib.util
import os
import sys

from . import debian
from .base import CHECKOUT, RETRIES, STATE, Stop, lock, must, say, write

VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "complete"
REQUIREMENTS = CHECKOUT / "dev" / "requirements.txt"
OCA_REQUIREMENTS = CHECKOUT / "dev" / "requirements-oca.txt"
OCA = STATE / "oca"
OLDEST = (3, 10)
OCA_ADDONS = OCA / "odoo" / "addons"


def enter():
    """Go on in the virtual environment: the same command, under its Python."""
    if sys.prefix == str(VENV):
        return
    if sys.version_info[:2] < OLDEST:
        raise Stop("Odoo 19 needs Python 3.10 or newer; start this with such a python3")
    ensure()
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


def ensure():
    """Make the virtual environment, or bring it up to the pinned versions."""
    expected = _fingerprint(REQUIREMENTS)
    if _is_complete(STAMP, expected):
        return
    with lock("venv"):
        if _is_complete(STAMP, expected):
            return
        if not importlib.util.find_spec("ensurepip"):
            version = f"python3.{sys.version_info.minor}-venv"
            debian.need(version, "makes the virtual environment")
        say("Installing the Python packages into .dev/venv …")
        STAMP.unlink(missing_ok=True)
        if not _usable():
            must([sys.executable, "-m", "venv", "--clear", VENV], "venv")
        _pip("pip", "-r", REQUIREMENTS)
        write(STAMP, expected)


def ensure_oca():
    """Put the optional OCA addons beside the virtual environment.

    They stay out of it: there, Odoo would see them even where nobody asked for them.
    """
    stamp = OCA / "complete"
    expected = _fingerprint(OCA_REQUIREMENTS)
    if _is_complete(stamp, expected):
        return
    with lock("venv"):
        say("Fetching the optional OCA addons into .dev/oca …")
        stamp.unlink(missing_ok=True)
        options = ["--no-deps", "--upgrade", "--target", OCA]
        _pip("pip-oca", *options, "-r", OCA_REQUIREMENTS)
        write(stamp, expected)


def _pip(log_name, *arguments):
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    must([*pip, *arguments], log_name, attempts=RETRIES)


def _fingerprint(requirements):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    return f"python {version}, {requirements.name} {digest}\n"


def _is_complete(stamp, expected):
    return stamp.exists() and stamp.read_text(encoding="utf-8") == expected


def _usable():
    """Whether the existing folder is a virtual environment of this very Python."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return (VENV / "bin" / version).exists() and (VENV / "bin" / "pip").exists()
