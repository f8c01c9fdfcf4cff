"""Paths, messages, locks and child processes."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

ADDON = "crm_migration"
CHECKOUT = Path(__file__).resolve().parents[2]
STATE = CHECKOUT / ".dev"
LOGS = STATE / "logs"
RETRIES = 4


class Stop(Exception):
    """The command cannot go on; its text is the one line that says why and what to do.

    ``status`` is the exit status, 2 unless told.
    """

    def __init__(self, message, status=2):
        super().__init__(message)
        self.status = status


def say(text):
    """Tell the person at the terminal ``text``, and leave standard output alone."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def command(function):
    """Run ``function(arguments)`` as a program; it returns the exit status or None."""
    try:
        sys.exit(function(sys.argv[1:]) or 0)
    except Stop as stop:
        say(f"{Path(sys.argv[0]).name}: {stop}")
        sys.exit(stop.status)
    except KeyboardInterrupt:
        sys.exit(130)


@contextlib.contextmanager
def lock(name):
    """Hold the lock ``name`` of this checkout, waiting for whoever has it."""
    STATE.mkdir(exist_ok=True)
    with open(STATE / f"{name}.lock", "w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(f"Waiting for another command of this checkout ({name}) …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def logged(arguments, log_name, **options):
    """Run ``arguments`` with all output in ``.dev/logs/<log_name>.log``.

    Returns (exit status, path of the log). ``options`` go to ``subprocess.run``.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log_name}.log"
    with open(path, "w", encoding="utf-8") as log:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
            **options,
        )
    return done.returncode, path


def must(arguments, log_name, attempts=1, **options):
    """Like :func:`logged`, but a failure of the last attempt ends the command.

    The end of the log is shown first. Attempts are a few seconds apart, for what goes
    over the network.
    """
    for attempt in range(1, attempts + 1):
        status, path = logged(arguments, log_name, **options)
        if not status:
            return path
        if attempt < attempts:
            say(f"{log_name}: failed, trying again ({attempt} of {attempts - 1})")
            time.sleep(3 * attempt)
    say(tail(path))
    raise Stop(f"{arguments[0]} failed with status {status}; all of it is in {path}")


def tail(path, lines=25):
    """The last ``lines`` lines of the text file ``path``."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-lines:])


def write(path, text, mode=0o644):
    """Put ``text`` into ``path`` whole or not at all; an equal file is left alone."""
    path = Path(path)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.chmod(mode)
    part.replace(path)


def is_root():
    """Whether this process may install packages of the system."""
    return os.geteuid() == 0
