"""The demo: Odoo with a migration of each source system, ready to be loaded."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import databases, odoo
from .base import ADDON, CHECKOUT, LOGS, STATE, Stop, say, tail

DATABASE = "crm_migration_demo"
EXPORTS = CHECKOUT / "demo"
START_SECONDS = 300


def prepare_projects(database):
    """Have each demo export staged and mapped in ``database``, not loaded yet.

    An export is named after the code of its source system.
    """
    for export in sorted(EXPORTS.glob("*.zip")):
        code = export.stem
        name = f"{code.replace('_', ' ').capitalize()} demo"
        project = f"{code.replace('_', '-')}-demo"
        new = ["--source", code, "--name", name, "--files", str(export)]
        new += ["--option", "fallback_user=admin"]
        for step in (
            ["new", *new],
            ["audit", project],
            ["map", project, "--confirm-all"],
        ):
            odoo.call(["migrate", "-d", database, *step])


def run(port, fresh=False):
    """Serve the demo database on ``port`` until interrupted; returns the exit status.

    It is made when there is none, or anew when ``fresh``.
    """
    if _is_taken(port):
        raise Stop(
            f"port {port} is taken: end what listens there, or choose another, "
            f"for instance dev/run --port {port + 1}"
        )
    odoo.prepare()
    if fresh or not databases.exists(DATABASE):
        _make()
    return _serve(port)


def _make():
    part = f"{DATABASE}_part"
    say(f"Making the database {DATABASE} …")
    databases.create(part)
    prepare_projects(part)
    databases.drop(DATABASE)
    databases.rename(part, DATABASE)
    databases.note(DATABASE, databases.addon_digest())


def _serve(port):
    log = LOGS / "run.log"
    log.unlink(missing_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    given = ["-d", DATABASE, "--db-filter", f"^{DATABASE}$", "--http-port", str(port)]
    digest = databases.addon_digest()
    if databases.noted(DATABASE) != digest:
        say(f"Updating {ADDON}: its files changed since the database was made …")
        given += ["-u", ADDON]
    server = subprocess.Popen(
        odoo.arguments([*given, "--logfile", str(log)]),
        env=odoo.environment(),
        stdin=subprocess.DEVNULL,
    )
    with _ended_with_us(server):
        _wait_until_it_answers(server, port, log)
        databases.note(DATABASE, digest)
        say(
            f"Odoo answers on http://localhost:{port} (log in as admin, password "
            f"admin; log in {log.relative_to(STATE.parent)}; Ctrl-C ends it)"
        )
        server.wait()
    return 1 if server.returncode > 0 else 0


@contextlib.contextmanager
def _ended_with_us(server):
    """End the server when this process is asked to end, and wait for it."""

    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    try:
        yield
    except KeyboardInterrupt:
        # The terminal has told the server as well; to be told twice would cut it short.
        say("Ending Odoo …")
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait()


def _wait_until_it_answers(server, port, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            if log.exists():
                say(tail(log))
            raise Stop(f"Odoo ended with status {server.returncode}; its log is {log}")
        with contextlib.suppress(urllib.error.URLError, OSError):
            address = f"http://localhost:{port}/web/login"
            with urllib.request.urlopen(address, timeout=60):
                return
        time.sleep(0.3)
    raise Stop(f"Odoo does not answer on port {port}; its log is {log}")


def _is_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
