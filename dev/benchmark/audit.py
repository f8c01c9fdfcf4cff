"""Times the audit of many staged rows, step by step.

The rows are written by one statement, so that only looking at them is measured.
"""

import json
import sys
import time

DATABASE = "bench_audit"

# Column → SQL of its value in row n; what real exports have: ids, names, words,
# amounts, dates in several writings, long texts, columns that are nearly empty.
COLUMNS = {
    "contact_id": "'C' || n",
    "first_name": "(ARRAY['Anna','Bert','Carla','Dora','Émile'])[1 + n % 5]",
    "last_name": "'Name' || chr(65 + n % 26) || (n % 90000)",
    "email": "'person' || (n % 990000) || '@example' || (n % 500) || '.com'",
    "phone": "'+49 30 ' || (1000000 + n % 900000)",
    "mobile": "CASE WHEN n % 3 = 0 THEN '0171-' || (n % 800000 + 100000) END",
    "job_title": "(ARRAY['CEO','Head of Sales','Engineer','n/a',''])[1 + n % 5]",
    "company_id": "'K' || (n % 60000)",
    "company_name": "'Company ' || (n % 60000)",
    "website": "'https://www.example' || (n % 40000) || '.com'",
    "street": "'Main Street ' || (n % 3000)",
    "zip": "lpad((n % 99999)::text, 5, '0')",
    "city": "(ARRAY['Kiel','Köln','Lyon','Roma','Porto'])[1 + n % 5]",
    "country": "(ARRAY['DE','FR','IT','PT'])[1 + n % 4]",
    "owner": "'user' || (n % 40) || '@example.com'",
    "status": "(ARRAY['new','open','won','lost'])[1 + n % 4]",
    "lead_source": "(ARRAY['web','fair','call','-'])[1 + n % 4]",
    "created_at": "to_char(timestamp '2015-01-01' + n * interval '307 s',"
    " 'YYYY-MM-DD HH24:MI:SS')",
    "updated_at": "to_char(timestamp '2016-01-01' + n * interval '293 s',"
    ' \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')',
    "birthday": "to_char(date '1950-01-01' + n % 20000, 'DD.MM.YYYY')",
    "last_call": "to_char(timestamp '2019-01-01' + n % 900000 * interval '7 min',"
    " 'FMMM/FMDD/YYYY FMHH12:MI AM')",
    "signed_on": "(40000 + n % 5000)::text",
    "revenue": "replace(to_char(n % 900000 + 0.5, 'FM999G999G990D00'), ',', ' ')",
    "budget": "'€ ' || (n % 5000) || ',50'",
    "employees": "(n % 4000)::text",
    "share": "(n % 101) || ' %'",
    "newsletter": "(ARRAY['true','false'])[1 + n % 2]",
    "score": "round(n % 1000 / 10.0, 1)::text",
    "fax": "CASE WHEN n % 500 = 0 THEN '+49 30 ' || n END",
    "description": "repeat('Some words about row ' || n || '. ', 1 + (n % 8)::int)",
}
_ROWS = """
INSERT INTO migration_record (project_id, mapping_id, source_id, payload,
                              payload_hash, state, row)
SELECT {project}, {mapping}, 'C' || n,
       jsonb_build_object({columns}), md5(n::text), 'pending', n
  FROM generate_series(1, {rows}) AS n
"""


def run(rows):
    """Make ``rows`` staged rows, audit them, and print seconds and memory."""
    from environment import databases, odoo
    from environment.base import say

    from .compare import process

    odoo.prepare()
    try:
        databases.create(DATABASE)
        say(f"Staging {rows:,} rows of {len(COLUMNS)} columns …")
        outcome = process("benchmark.audit", DATABASE, str(rows))
    finally:
        databases.drop(DATABASE)
    for name, seconds in outcome["seconds"].items():
        print(f"{name:>12}  {seconds:8.1f} s")
    total = sum(outcome["seconds"].values())
    print(f"{'total':>12}  {total:8.1f} s, {outcome['findings']} findings")
    grown = outcome["peak"] - outcome["before"]
    print(f"{'memory':>12}  {outcome['peak']:,} MB, {grown:,} MB more than before")
    return 0


def stage(env, rows):
    """A project with one object of all columns, and its staged rows."""
    project = env["migration.project"].create(
        {
            "name": "Benchmark",
            "source_id": env["migration.source"].search([("code", "=", "generic")]).id,
        }
    )
    template = env.ref("crm_migration.generic_contact")
    mapping = env["migration.mapping"].create(
        {
            "project_id": project.id,
            "object_id": template.id,
            "name": "contact",
            "label": "Contact",
            "res_model": "res.partner",
        }
    )
    targets = {"email": "email", "phone": "phone", "created_at": "create_date"}
    owners = {"owner": "user_id"}
    env["migration.mapping.field"].create(
        [
            {
                "mapping_id": mapping.id,
                "source_path": column,
                "target": targets.get(column) or owners.get(column),
                "kind": "direct"
                if column in targets
                else "owner"
                if column in owners
                else "custom_field_required",
            }
            for column in COLUMNS
        ]
    )
    columns = ", ".join(f"'{name}', {value}" for name, value in COLUMNS.items())
    env.flush_all()
    env.cr.execute(
        _ROWS.format(
            project=project.id, mapping=mapping.id, rows=int(rows), columns=columns
        )
    )
    env.cr.commit()
    env.cr.execute("ANALYZE migration_record")
    env.cr.commit()
    return project


def main(database, rows):
    """Audit ``rows`` rows in ``database``; prints one line of JSON."""
    from .growth import peak
    from .worker import environment

    with environment(database) as env:
        project = stage(env, rows)
        run = env["migration.run"]._start(project, "audit")
        auditor = env["migration.auditor"]
        seconds = {}
        before = peak()
        run.options = {"done": ["discover"]}
        while auditor._next_step(run):
            name, mapping = auditor._next_step(run)
            started = time.perf_counter()
            getattr(auditor, f"_step_{name}")(run, mapping, None)
            label = f"{name} {mapping.id}" if mapping else name
            run.options = {**run.options, "done": [*run.options["done"], label]}
            env.cr.commit()
            seconds[name] = seconds.get(name, 0) + time.perf_counter() - started
        outcome = {
            "seconds": seconds,
            "findings": len(project.finding_ids),
            "before": before,
            "peak": peak(),
        }
    sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
