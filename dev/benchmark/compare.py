"""Runs the comparison step by step, and prints what came out."""

import json
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from environment import databases, odoo
from environment.base import CHECKOUT, LOGS, Stop, say, tail

from .export import write_export

# Model → object of the export, and how much faster than Odoo's import we want to be.
MODELS = {
    "partner": ("contact", 1.5),
    "lead": ("deal", 2.0),
    "message": ("note", 4.0),
}
BASE, OURS, THEIRS = "bench_base", "bench_engine", "bench_odoo"


@dataclass
class Rates:
    """Rows a second of both sides for one model, one number a repetition."""

    rows: int = 0
    engine: list = field(default_factory=list)
    odoo: list = field(default_factory=list)

    def ratios(self):
        """How many times faster the engine was, one number a repetition."""
        return [a / b for a, b in zip(self.engine, self.odoo, strict=True)]


def run(rows, names, repeat):
    """Compare both on ``rows`` rows of the models ``names``, ``repeat`` times.

    Returns the exit status: 0 when every goal is met, else 1.
    """
    odoo.prepare()
    results = {name: Rates() for name in MODELS if name in names}
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            say(f"Making an export of {rows:,} rows a model …")
            write_export(Path(folder), rows)
            for turn in range(repeat):
                _repetition(Path(folder), results, turn)
    finally:
        for database in (BASE, OURS, THEIRS):
            databases.drop(database)
    return _report(results)


def _repetition(folder, results, turn):
    """One round: every model on fresh copies of what the models before it left."""
    databases.create(BASE)
    staged = _step("stage", BASE, str(folder))
    reading = staged["rows"] / staged["reading"]
    say(
        f"staged {staged['rows']:,} rows, {reading:,.0f} rows/s "
        f"({staged['rows'] / staged['seconds']:,.0f} rows/s with profile and findings)"
    )
    _step("engine", BASE, "company")
    last = [name for name in MODELS if name in results][-1]
    journal = {"rows": 0, "seconds": 0.0}
    for name, (object_name, _goal) in MODELS.items():
        if name in results:
            ours = _both(name, object_name, results[name], turn)
            for key, value in ours["journal"].items():
                journal[key] += value
            databases.drop(BASE)
            databases.rename(OURS, BASE)
        else:
            _step("engine", BASE, object_name)
        if name == last:
            break
    _say_rate("journalled", journal)
    _say_rate("rolled back", _step("rollback", BASE))


def _both(name, object_name, rates, turn):
    """Load one model by both sides, who is first by turns; gives our outcome."""
    sides = [("engine", OURS), ("odoo", THEIRS)]
    outcomes = {}
    for side, database in sides if turn % 2 == 0 else reversed(sides):
        databases.copy(BASE, database)
        outcomes[side] = _step(side, database, object_name)
        _say_rate(f"{name}, {side}", outcomes[side])
    ours, theirs = outcomes["engine"], outcomes["odoo"]
    if ours["rows"] != theirs["rows"]:
        raise Stop(f"{name}: {ours['rows']} rows here, {theirs['rows']} by Odoo")
    rates.rows = ours["rows"]
    rates.engine.append(ours["rows"] / ours["seconds"])
    rates.odoo.append(theirs["rows"] / theirs["seconds"])
    return ours


def _say_rate(what, outcome):
    rate = outcome["rows"] / outcome["seconds"] if outcome["seconds"] else 0
    say(
        f"{what}: {outcome['rows']:,} rows, {outcome['seconds']:.1f} s, "
        f"{rate:,.0f} rows/s"
    )


def _step(step, database, *arguments):
    """What one step of the comparison has to tell."""
    return process("benchmark.worker", step, database, *arguments)


def process(module, *arguments):
    """What ``module``, in a process of its own, has to tell."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "bench.log"
    environment = odoo.environment()
    paths = [environment["PYTHONPATH"], str(CHECKOUT / "dev")]
    with open(log, "w", encoding="utf-8") as stream:
        done = subprocess.run(
            [odoo.venv.PYTHON, "-m", module, *arguments],
            env={**environment, "PYTHONPATH": ":".join(paths)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            check=False,
        )
    if done.returncode:
        say(tail(log))
        raise Stop(f"{module} {' '.join(arguments)} failed; its log is {log}")
    return json.loads(done.stdout.splitlines()[-1])


def _report(results):
    say("")
    head = ("model", "rows", "engine/s", "Odoo/s", "ratio", "goal", "")
    lines = [head]
    missed = []
    for name, rates in results.items():
        goal = MODELS[name][1]
        ratios = rates.ratios()
        ratio = statistics.median(ratios)
        spread = f" ({min(ratios):.2f}–{max(ratios):.2f})" if len(ratios) > 1 else ""
        missed += [] if ratio >= goal else [name]
        lines.append(
            (
                name,
                f"{rates.rows:,}",
                f"{statistics.median(rates.engine):,.0f}",
                f"{statistics.median(rates.odoo):,.0f}",
                f"{ratio:.2f}{spread}",
                f"{goal}",
                "met" if ratio >= goal else "missed",
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(cells).rstrip())
    say("Every goal is met." if not missed else f"Missed: {', '.join(missed)}.")
    return 1 if missed else 0
