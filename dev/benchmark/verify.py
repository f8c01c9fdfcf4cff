"""Times the verification of what was really loaded, by kind of check, and its memory.

Of the rows, three tenths each are contacts, deals and notes, the rest companies.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

DATABASE = "bench_verify"


def run(rows):
    """Load and verify about ``rows`` records, and a fifth of them; print both."""
    from environment import databases, odoo
    from environment.base import say

    from .compare import process
    from .export import write_export
    from .growth import measure

    odoo.prepare()

    def once(size):
        try:
            databases.create(DATABASE)
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                write_export(Path(folder), max(size * 10 // 31, 1))
                say(f"Loading about {size:,} records …")
                process("benchmark.verify", "load", DATABASE, folder)
                return process("benchmark.verify", "verify", DATABASE)
        finally:
            databases.drop(DATABASE)

    return measure("verification", rows, once)


def load(env, folder):
    """Load all of the export in ``folder``."""
    from .worker import done, project_of, stage

    stage(env, folder)
    done(project_of(env)._run_now("load"))
    return {}


def verify(env):
    """Verify all; seconds by the kind of step."""
    from .growth import peak
    from .worker import done, project_of

    project = project_of(env)
    before, seconds = peak(), {}
    verifier = type(env["migration.verifier"])
    origin = verifier._step

    def timed(self, run, name, mapping):
        started = time.perf_counter()
        try:
            return origin(self, run, name, mapping)
        finally:
            seconds[name] = seconds.get(name, 0) + time.perf_counter() - started

    verifier._step = timed
    run = done(project._run_now("verify", **project._verify_options("bench")))
    rows = sum(run.line_ids.mapped("handled"))
    return {"rows": rows, "seconds": seconds, "before": before, "peak": peak()}


STEPS = {"load": load, "verify": verify}


def main(step, database, *arguments):
    """Carry out ``step``, and print what it gives."""
    from .worker import environment

    with environment(database) as env:
        outcome = STEPS[step](env, *arguments)
    sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
