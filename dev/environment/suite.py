"""The tests: those of ``lib`` in plain pytest, the others inside Odoo."""

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from . import checks, databases, debian, odoo, venv
from .base import CHECKOUT, LOGS, STATE, Stop, say

TESTS = CHECKOUT / "tests"
UNIT = TESTS / "lib"
# These need more of Odoo than the other tests, which do without.
FURTHER = {name: TESTS / name for name in (databases.ACCOUNT, databases.APPS)}
DATABASE = "crm_migration_test"
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
OCA = "--oca"
NO_TESTS = 5


def run(arguments):
    """Run the checks of the code and the tests; returns the exit status.

    ``arguments`` go to pytest, but for ``--oca``: a database with the optional OCA
    addons. Where they name files, only the parts run that these are in. A part that
    fails does not keep the next from running.
    """
    further = databases.OCA if OCA in arguments else None
    arguments = [argument for argument in arguments if argument != OCA]
    unit, inside, further_paths = _paths(arguments)
    rest = [argument for argument in arguments if not _path(argument)]
    if inside and not any(shutil.which(browser) for browser in BROWSERS):
        debian.need("chromium", "runs the browser tours")
    results = [_lint()]
    if unit:
        results.append(_unit(unit, rest))
    if inside:
        results.append(_inside_odoo("odoo", inside, rest, further, FURTHER.values()))
    for name, paths in further_paths.items():
        if paths:
            results.append(_inside_odoo(name, paths, rest, name))
    say("")
    for name, _passed, summary in results:
        say(f"{name:<7} {summary}")
    tests = results[1:]
    if all(passed is None for _name, passed, _summary in tests):
        raise Stop("no test ran: none there is matches these arguments", status=1)
    return 1 if any(passed is False for _name, passed, _summary in results) else 0


def _paths(arguments):
    """The paths for pytest: of ``lib``, inside Odoo, and ``{part: paths}`` beyond."""
    named = [(argument, _path(argument)) for argument in arguments if _path(argument)]
    if not named:
        further = {name: [_linked(folder)] for name, folder in FURTHER.items()}
        return [UNIT], [_linked(TESTS)], further
    unit, inside, further = [], [], {name: [] for name in FURTHER}
    for argument, path in named:
        selection = argument.partition("::")[1:]
        if path == UNIT or UNIT in path.parents:
            unit.append("".join((str(path), *selection)))
            continue
        lineage = (path, *path.parents)
        part = next(
            (further[name] for name, one in FURTHER.items() if one in lineage), inside
        )
        part.append("".join((str(_linked(path)), *selection)))
        if path in UNIT.parents:
            unit.append(UNIT)
            for name, folder in FURTHER.items():
                further[name].append(_linked(folder))
    return unit, inside, further


def _linked(path):
    """``path`` as Odoo sees it, below the addon's own name."""
    return odoo.ADDONS / odoo.ADDON / path.relative_to(CHECKOUT)


def _path(argument):
    """The path among the tests that the pytest argument names, or None."""
    if argument.startswith("-"):
        return None
    for folder in (Path.cwd(), CHECKOUT):
        path = (folder / argument.partition("::")[0]).resolve()
        if path.exists() and (path == TESTS or TESTS in path.parents):
            return path
    return None


def _lint():
    failed = checks.run()
    return "lint", not failed, f"FAILED: {', '.join(failed)}" if failed else "passed"


def _unit(paths, rest):
    return _pytest("unit", [*paths, *rest], dict(os.environ))


def _inside_odoo(name, paths, rest, further, aside=()):
    """Run ``paths``, but for those in the folders ``aside``, in a fresh database."""
    try:
        databases.create(DATABASE, further)
    except Stop as stop:
        say(str(stop))
        return name, False, "FAILED: there is no database to test in, see above"
    options = [
        f"--odoo-database={DATABASE}",
        f"--odoo-config={odoo.CONFIGURATION}",
        "--odoo-http",
        f"--rootdir={odoo.ADDONS / odoo.ADDON}",
        f"--confcutdir={odoo.ADDONS / odoo.ADDON}",
        *(f"--ignore={_linked(one)}" for one in (UNIT, *aside)),
    ]
    return _pytest(name, [*options, *paths, *rest], odoo.environment())


def _pytest(name, arguments, environment):
    """Run pytest; returns (name, passed, summary), passed None where no test is."""
    LOGS.mkdir(parents=True, exist_ok=True)
    report = LOGS / f"pytest-{name}.xml"
    report.unlink(missing_ok=True)
    own = [f"--junitxml={report}", "-o", f"cache_dir={STATE / f'pytest-{name}'}"]
    say(f"Tests: {name} …")
    status = subprocess.run(
        [str(part) for part in (venv.PYTHON, "-m", "pytest", *own, *arguments)],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
    if status == NO_TESTS:
        return name, None, "no tests"
    summary, unseen = _summary(report)
    if unseen:
        return name, False, f"FAILED: the browser did not start; {summary}"
    return name, not status, summary if not status else f"FAILED: {summary}"


def _summary(report):
    """(counts as text, whether a tour was skipped because no browser came up).

    Odoo skips its tours then, which must not pass for success.
    """
    if not report.exists():
        return "pytest ended early", False
    tree = ElementTree.parse(report)
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in tree.iter("testsuite"):
        for kind in counts:
            counts[kind] += int(suite.get(kind, 0))
    reasons = [skipped.get("message", "") for skipped in tree.iter("skipped")]
    unseen = any("chrome" in reason.lower() for reason in reasons)
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()), unseen
