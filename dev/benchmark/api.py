"""Reads from a server that takes its time: details a second, and memory.

The server is a process of its own, so that only the reading is measured. What comes
is also staged, in a database of its own, by processes of their own.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

SECONDS = 0.05
DETAILS = 2_000
OBJECTS = 100_000
PAGE = 500
SAMPLES = 4
DATABASE = "bench_api"


def run(checkout):
    """Print the figures; returns the exit status."""
    from environment import databases, odoo

    from .compare import process

    odoo.prepare()
    server = subprocess.Popen(
        [sys.executable, __file__, str(checkout)], stdout=subprocess.PIPE, text=True
    )
    try:
        url = server.stdout.readline().strip()
        _details(url)
        _memory(url)
        for objects in (OBJECTS // SAMPLES, OBJECTS):
            databases.create(DATABASE)
            told = process(
                "benchmark.api", "stage", DATABASE, f"{url}/fast", str(objects)
            )
            print(
                f"{told['staged']:>9,} objects staged: {told['peak']:6.1f} MB at most, "
                f"{told['peak'] - told['before']:.1f} MB more than before, "
                f"{told['staged'] / told['seconds']:,.0f} a second"
            )
    finally:
        server.terminate()
        server.wait()
        databases.drop(DATABASE)
    return 0


def _details(url):
    from lib.http import Client

    for parallel in (1, 8, 16):
        with Client(f"{url}/slow", allow_private=True, parallel=parallel) as client:
            count = DETAILS if parallel > 1 else DETAILS // 20
            wanted = ((number, f"one/{number}", None) for number in range(count))
            start = time.perf_counter()
            done = sum(1 for _key, one in client.details(wanted) if "id" in one)
            seconds = time.perf_counter() - start
        print(
            f"{parallel:>3} at the same time, answers in {SECONDS * 1000:.0f} ms: "
            f"{done / seconds:6.1f} details a second"
        )


def _memory(url):
    from lib.http import Client, Endpoint, iter_records

    endpoint = Endpoint("all", f"{OBJECTS}", paginator="offset", page_size=PAGE)
    with Client(f"{url}/fast", allow_private=True) as client:
        start = time.perf_counter()
        for count, _fetched in enumerate(iter_records(client, endpoint), start=1):
            if count % (OBJECTS // SAMPLES) == 0:
                print(f"{count:>9,} objects: {_peak():6.1f} MB at most")
        seconds = time.perf_counter() - start
    print(f"{count / seconds:9,.0f} listed objects a second")


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _stage(database, url, objects):
    """Read and stage one list of ``objects`` records; prints one line of JSON."""
    from .worker import environment

    with environment(database) as env:
        project = env["migration.project"].create(
            {
                "name": "Benchmark",
                "source_id": env.ref("crm_migration.source_generic").id,
            }
        )
        connection = project._connect(
            base_url=url, auth="none", allow_private_hosts=True
        )
        connection.endpoint_ids.unlink()
        connection.endpoint_ids.create(
            {
                "connection_id": connection.id,
                "name": "all",
                "label": "All",
                "path": str(objects),
                "id_path": "contact_id",
                "paginator": "offset",
                "page_size": PAGE,
                "object_id": env.ref("crm_migration.generic_contact").id,
            }
        )
        env.cr.commit()
        run = env["migration.run"]._start(project, "audit")
        auditor = env["migration.auditor"]
        before, start, told = _peak(), time.perf_counter(), None
        while told != "stage":
            told, mapping = auditor._next_step(run)
            getattr(auditor, f"_step_{told}")(run, mapping, None)
            label = f"{told} {mapping.id}" if mapping else told
            run.options = {**(run.options or {}), "done": [label]}
        outcome = {
            "staged": project.staged_count,
            "seconds": time.perf_counter() - start,
            "before": before,
            "peak": _peak(),
        }
    sys.stdout.write(json.dumps(outcome) + "\n")


def _serve(checkout):
    """Print the address, and answer until the process ends."""
    sys.path.insert(0, str(Path(checkout) / "tests"))
    from servers.base import FakeServer

    text = "some words of a case " * 20

    def one(request):
        time.sleep(SECONDS)
        return {"id": int(request.args["id"]), "title": "Case", "details": text}

    def listed(request):
        start, size = int(request.params["offset"]), int(request.params["limit"])
        numbers = range(start, min(start + size, int(request.args["objects"])))
        return [
            {"contact_id": number, "last_name": f"Nr {number}", "description": text}
            for number in numbers
        ]

    with FakeServer() as server:
        server.route("GET", "/slow/one/{id}", one)
        server.route("GET", "/fast/{objects}", listed, ("offset", "limit"))
        print(server.url, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    if sys.argv[1] == "stage":
        _stage(*sys.argv[2:])
    else:
        _serve(sys.argv[1])
