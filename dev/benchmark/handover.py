"""Times the hand-over of many staged rows, file by file, and its memory.

A third of the columns did not come along, and every fiftieth record failed.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

DATABASE = "bench_handover"
_LEFT_OUT = 3
_FAILED = """
UPDATE migration_record
   SET state = CASE WHEN row %% 50 = 0 THEN 'failed' ELSE 'loaded' END,
       error = CASE WHEN row %% 50 = 0 THEN 'The value cannot be read.' END,
       error_code = CASE WHEN row %% 50 = 0 THEN 'number_invalid' END,
       res_model = CASE WHEN row %% 50 > 0 THEN 'res.partner' END,
       res_id = CASE WHEN row %% 50 > 0 THEN 1 END
 WHERE mapping_id = %s
"""


def run(rows):
    """Hand ``rows`` staged rows over, and a fifth of them; print both."""
    from environment import databases, odoo
    from environment.base import say

    from .compare import process
    from .growth import measure

    odoo.prepare()

    def once(size):
        try:
            databases.create(DATABASE)
            say(f"Staging {size:,} rows …")
            return process("benchmark.handover", DATABASE, str(size))
        finally:
            databases.drop(DATABASE)

    return measure("hand-over", rows, once)


def main(database, rows):
    """Write the hand-over of ``rows`` rows; prints one line of JSON."""
    from .audit import stage
    from .growth import peak
    from .worker import environment

    with environment(database) as env:
        project = stage(env, rows)
        lines = project.mapping_ids.field_ids
        lines[::_LEFT_OUT].write({"kind": "ignored", "target": False})
        project.state = "loaded"
        env.flush_all()
        env.cr.execute(_FAILED, [project.mapping_ids.id])
        env.cr.commit()
        env.invalidate_all()
        before, seconds = peak(), {}
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            started = time.perf_counter()
            for name, stream in project._handover_files():
                with open(Path(folder) / name, "wb") as target:
                    shutil.copyfileobj(stream, target)
                part = name.partition("_")[0]
                seconds[part] = seconds.get(part, 0) + time.perf_counter() - started
                started = time.perf_counter()
        outcome = {"rows": int(rows), "seconds": seconds}
        outcome |= {"before": before, "peak": peak()}
    sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
