"""Reads from a server that takes its time: details a second, and memory.

The server is a process of its own, so that only the reading is measured.
"""

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


def run(checkout):
    """Print the figures; returns the exit status."""
    server = subprocess.Popen(
        [sys.executable, __file__, str(checkout)], stdout=subprocess.PIPE, text=True
    )
    try:
        url = server.stdout.readline().strip()
        _details(url)
        _memory(url)
    finally:
        server.terminate()
        server.wait()
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

    endpoint = Endpoint("all", "all", paginator="offset", page_size=PAGE)
    with Client(f"{url}/fast", allow_private=True) as client:
        start = time.perf_counter()
        for count, _fetched in enumerate(iter_records(client, endpoint), start=1):
            if count % (OBJECTS // SAMPLES) == 0:
                print(f"{count:>9,} objects: {_peak():6.1f} MB at most")
        seconds = time.perf_counter() - start
    print(f"{count / seconds:9,.0f} listed objects a second")


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
        numbers = range(start, min(start + size, OBJECTS))
        return [{"id": number, "details": text} for number in numbers]

    with FakeServer() as server:
        server.route("GET", "/slow/one/{id}", one)
        server.route("GET", "/fast/all", listed, ("offset", "limit"))
        print(server.url, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    _serve(sys.argv[1])
