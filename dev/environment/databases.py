"""Databases copied from templates, so that a fresh one takes seconds.

In stages: Odoo's modules alone, installed once; on a copy of that the optional ones,
where they are asked for; and on a copy of that the addon, installed again whenever one
of its files changed. A template is made under another
name and renamed when it is whole; the comment of the database says what it holds.
"""

import contextlib
import hashlib
import os
import re
import shutil
from pathlib import Path

from . import odoo, server, venv
from .base import ADDON, CHECKOUT, STATE, Stop, lock, logged, say, tail

MODULES = ("crm", "contacts", "calendar", "base_automation", "sms")
OCA, ACCOUNT, APPS = "oca", "account", "apps"
# What a database may have besides, by the name its template is given.
FURTHER = {
    OCA: (
        "queue_job",
        "partner_firstname",
        "partner_multi_relation",
        "crm_stage_probability",
    ),
    ACCOUNT: ("account",),
    # Apps that react to what a migration makes, or send it elsewhere.
    APPS: (
        "base_vat",
        "crm_iap_enrich",
        "crm_sms",
        "calendar_sms",
        "event_crm",
        "google_calendar",
        "hr_holidays",
        "mass_mailing_crm",
        "microsoft_calendar",
        "partner_autocomplete",
        "project",
        "sale_crm",
        "website_crm",
    ),
}
SOURCES = {".py", ".xml", ".csv", ".json", ".yaml", ".yml", ".po", ".png"}
ASIDE = {"dev", "tests", "demo", "readme", "__pycache__"}
NAME = re.compile(r"(?!template)[A-Za-z][A-Za-z0-9_.-]{0,50}")
LEVEL = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
FAILURES = {"ERROR", "CRITICAL"}
# The embedded server has no trigram extension; Odoo says so and does without.
KNOWN = "pg_trgm"


def create(name, further=None):
    """Make the database ``name`` with the addon, in place of one of that name.

    ``further`` adds what :data:`FURTHER` has under it. Ends the command when Odoo logs
    an error while it installs, or so much as a warning while it installs the addon.
    """
    _check_name(name)
    if further == OCA:
        venv.ensure_oca()
    odoo.prepare()
    with lock("templates"):
        fingerprint = _odoo_fingerprint()
        modules = _template("odoo", fingerprint, MODULES)
        if further:
            fingerprint = f"{fingerprint} {_further_fingerprint(further)}"
            modules = _template(
                f"odoo_{further}", fingerprint, FURTHER[further], origin=modules
            )
        template = _template(
            f"addon_{further}" if further else "addon",
            f"{fingerprint} {addon_digest()}",
            [ADDON],
            origin=modules,
            failures=FAILURES | {"WARNING"},
        )
        drop(name)
        _copy(template, name)


def drop(name):
    """Remove the database ``name`` with its files; one that is not there is fine."""
    _check_name(name)
    _drop(name)


def copy(origin, name):
    """Make the database ``name`` as a copy of ``origin``, which nobody uses."""
    _check_name(name)
    _drop(name)
    _copy(origin, name)


def exists(name):
    """Whether there is a database ``name``."""
    with _server() as run:
        return bool(run("SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def rename(name, new):
    """Give the database ``name``, which nobody uses, and its files the name ``new``."""
    with _server() as run:
        run(f'ALTER DATABASE "{name}" RENAME TO "{new}"')
    if _files(name).exists():
        _files(name).rename(_files(new))


def note(name, text):
    """Keep ``text`` with the database ``name``, for :func:`noted` to read."""
    with _server() as run:
        run(f'COMMENT ON DATABASE "{name}" IS %s', [text])


def noted(name):
    """The text that :func:`note` left with ``name``; None without, or without it."""
    with _server() as run:
        found = run(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = %s",
            [name],
        )
    return found[0][0] if found else None


def addon_digest():
    """A digest of every file of the addon that Odoo loads."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(CHECKOUT):
        kept = [name for name in folders if name not in ASIDE and name[0] != "."]
        folders[:] = sorted(kept)
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix in SOURCES:
                digest.update(f"{path.relative_to(CHECKOUT)} ".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _check_name(name):
    if not NAME.fullmatch(name) or name == "postgres":
        raise Stop(
            f"{name!r} cannot name a database: a letter, then up to 50 letters, "
            "digits, '_', '-' or '.', not beginning with 'template'"
        )


def _template(stage, fingerprint, modules, origin=None, failures=FAILURES):
    """The name of the template of ``stage``, made anew unless it is up to date.

    It has ``modules``, besides those of the template ``origin`` that it is copied from.
    """
    checkout = hashlib.sha256(str(STATE).encode()).hexdigest()[:6]
    name = f"template_{ADDON}_{stage}_{checkout}"
    if noted(name) == fingerprint:
        return name
    part = f"{name}_part"
    _drop(part)
    say(f"Installing {', '.join(modules)} into a template database …")
    if origin:
        _copy(origin, part)
    _install(part, modules, f"template-{stage}", failures)
    _drop(name)
    rename(part, name)
    with _server() as run:
        # A connection to it, of whoever looks in, would make copies fail.
        run(f'ALTER DATABASE "{name}" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false')
    note(name, fingerprint)
    return name


def _install(name, modules, log_name, failures):
    given = ["-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    status, log = logged(
        odoo.arguments(given), log_name, env=odoo.environment(), cwd=STATE
    )
    bad = _bad_lines(log, failures)
    if not status and not bad:
        return
    say("\n".join(bad[-40:]) or tail(log))
    _drop(name)
    reason = f"ended with status {status}" if status else "logged the lines above"
    raise Stop(f"installing {', '.join(modules)}: Odoo {reason}; all of it is in {log}")


def _bad_lines(log, failures):
    """The lines of ``log`` of the levels ``failures``, each with its traceback."""
    bad, relevant = [], False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = LEVEL.match(line)
        if found:
            relevant = found["level"] in failures and KNOWN not in line
        if relevant:
            bad.append(line)
    return bad


def _odoo_fingerprint():
    source = odoo.source_folder()
    digest = hashlib.sha256((source / "odoo" / "release.py").read_bytes())
    digest.update(" ".join([str(source), *MODULES]).encode())
    return digest.hexdigest()


def _further_fingerprint(further):
    digest = hashlib.sha256(" ".join(FURTHER[further]).encode())
    if further == OCA:
        digest.update(venv.OCA_REQUIREMENTS.read_bytes())
    return digest.hexdigest()


def _copy(origin, name):
    with _server() as run:
        run(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"')
    if _files(origin).exists():
        shutil.copytree(_files(origin), _files(name), dirs_exist_ok=True)


def _drop(name):
    if exists(name):
        with _server() as run:
            run(f'ALTER DATABASE "{name}" WITH IS_TEMPLATE false')
            run(f'DROP DATABASE "{name}" WITH (FORCE)')
    shutil.rmtree(_files(name), ignore_errors=True)


def _files(name):
    return odoo.DATA / "filestore" / name


@contextlib.contextmanager
def _server():
    """A function that runs one statement on the server and returns its rows."""
    connection = server.connect()
    try:
        with connection.cursor() as cursor:

            def run(statement, values=None):
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

            yield run
    finally:
        connection.close()
