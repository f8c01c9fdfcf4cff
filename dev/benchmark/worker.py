"""One step of the comparison in a process of its own, as ``odoo-bin`` would run it.

``python -m benchmark.worker STEP DATABASE ARGUMENTS`` prints one line of JSON: rows
and seconds, and what else the step has to tell.
"""

import cProfile
import json
import sys
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

BATCH = 2000
# What Odoo's import screen sends along, its options left as they are.
IMPORT_SCREEN = {
    "import_file": True,
    "tracking_disable": True,
    "name_create_enabled_fields": {},
    "import_set_empty_fields": [],
    "import_skip_records": [],
    "_import_limit": BATCH,
}


@contextmanager
def environment(database):
    """An environment of the superuser on ``database``."""
    config.parse_config(
        ["--database", database, "--no-http", "--log-level", "warn"],
        setup_logging=True,
    )
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tz": "UTC"})


def done(run):
    """``run``, which has come to its end."""
    if run.state != "done":
        raise SystemExit(f"{run.display_name} stopped: {run.message}")
    return run


def project_of(env):
    """The migration of the database."""
    return env["migration.project"].search([], limit=1)


def _mapping(project, name):
    mappings = project.with_context(active_test=False).mapping_ids
    return mappings.filtered(lambda mapping: mapping.name == name)


def stage(env, folder):
    """Make users and project, read the export, and create the structure.

    Gives the rows staged, and the seconds of reading them and of all the audit does.
    """
    # Its generator is found only by a command of the folder ``dev``.
    from .export import OWNERS

    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": email.split("@")[0],
                "login": email,
                "email": email,
                "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
            }
            for email in OWNERS[1:]
        ]
    )
    project = env["migration.project"].create(
        {
            "name": "Benchmark",
            "source_id": env["migration.source"].search([("code", "=", "allegory")]).id,
            "fallback_user_id": env.ref("base.user_admin").id,
        }
    )
    project._add_path(folder)
    env.cr.commit()
    with _clock(env["migration.stager"], "_stage") as reading:
        started = time.perf_counter()
        run = done(project._run_now("audit"))
        seconds = time.perf_counter() - started
    project.action_confirm()
    done(project._run_now("prepare"))
    project._approve(project.env.user)
    rows = sum(run.line_ids.mapped("handled"))
    return {"rows": rows, "seconds": seconds, "reading": reading["seconds"]}


def alone(project, name):
    """Have the next load of ``project`` take nothing but the object ``name``."""
    project.mapping_ids.filtered(lambda one: one.role == "records").active = False
    _mapping(project, name).active = True
    project._approve(project.env.user)


def engine(env, name, profile=None):
    """Load all staged records of the object ``name``, as the product does."""
    project = project_of(env)
    alone(project, name)
    env.cr.commit()
    env.invalidate_all()
    profiler = cProfile.Profile() if profile else None
    with _clock(env["migration.log"], "_append") as journal:
        if profiler:
            profiler.enable()
        started = time.perf_counter()
        run = done(project._run_now("load"))
        seconds = time.perf_counter() - started
        if profiler:
            profiler.disable()
            profiler.dump_stats(profile)
    line = run.line_ids
    entries = env["migration.log"].search_count([("run_id", "=", run.id)])
    return {
        "rows": line.created,
        "failed": line.failed + line.held + line.skipped,
        "seconds": seconds,
        "journal": {"rows": entries, "seconds": journal["seconds"]},
    }


def odoo(env, name):
    """Load the same records by Odoo's own import, batch by batch."""
    # The addon can be imported only now that its folder is configured.
    from .matrix import matrix

    mapping = _mapping(project_of(env), name)
    columns, rows = matrix(mapping)
    env.cr.commit()
    env = api.Environment(
        env.cr,
        env.ref("base.user_admin").id,
        {"lang": "en_US", "tz": "UTC", **IMPORT_SCREEN},
    )
    model = env[mapping.res_model]
    created = 0
    started = time.perf_counter()
    for start in range(0, len(rows), BATCH):
        result = model.load(columns, rows[start : start + BATCH])
        errors = [one for one in result["messages"] if one["type"] == "error"]
        if errors:
            raise SystemExit(f"Odoo's import refused rows: {errors[0]}")
        created += len(result["ids"])
        env.flush_all()
        env.cr.commit()
    return {"rows": created, "seconds": time.perf_counter() - started}


def rollback(env):
    """Take back all that has been loaded."""
    project = project_of(env)
    started = time.perf_counter()
    run = done(project._run_now("rollback"))
    seconds = time.perf_counter() - started
    counts = dict(
        env["migration.log"]._read_group(
            [("run_id", "=", run.id)], ["operation"], ["__count"]
        )
    )
    return {
        "rows": counts.get("unlink", 0),
        "kept": counts.get("keep", 0),
        "seconds": seconds,
    }


@contextmanager
def _clock(model, method):
    """Add up the seconds spent in ``method`` of ``model``."""
    model_class = type(model)
    origin = getattr(model_class, method)
    clock = {"seconds": 0.0}

    def timed(self, *args, **kwargs):
        started = time.perf_counter()
        try:
            return origin(self, *args, **kwargs)
        finally:
            clock["seconds"] += time.perf_counter() - started

    setattr(model_class, method, timed)
    try:
        yield clock
    finally:
        delattr(model_class, method)


STEPS = {"stage": stage, "engine": engine, "odoo": odoo, "rollback": rollback}


def main(step, database, *arguments):
    """Carry out ``step``, and print what it gives."""
    with environment(database) as env:
        outcome = STEPS[step](env, *arguments)
    sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
