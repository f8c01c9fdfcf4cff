"""Many requests at the same time, their results in order."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

from ..errors import Problem
from .problems import FATAL, TRANSIENT

#: Failures one after the other after which the server is taken for gone.
IN_A_ROW = 3
#: Results that wait for one before them, for each request at the same time.
AHEAD = 4


def details(wanted, fetch, parallel):
    """Results of ``fetch(path, params)`` for each (key, path, params).

    ``wanted`` is taken as needed, so that memory does not grow with its length. What
    fails just before the server is taken for gone is not given out: it is asked for
    again when reading goes on.

    :return: iterator of (key, result or :class:`Problem`), in the order of ``wanted``
    :raises Problem: one that all further requests would meet as well
    """
    wanted, failed = iter(wanted), []
    pending = deque()
    executor = ThreadPoolExecutor(parallel, thread_name_prefix="http")
    try:
        _fill(pending, wanted, executor, fetch, parallel)
        while pending:
            key, future = pending.popleft()
            result = future.result()
            code = result.code if isinstance(result, Problem) else None
            if code in TRANSIENT:
                failed.append((key, result))
            if code in FATAL or len(failed) >= IN_A_ROW:
                raise result
            if code not in TRANSIENT:
                yield from failed
                failed = []
                yield key, result
            _fill(pending, wanted, executor, fetch, parallel)
        yield from failed
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _fill(pending, wanted, executor, fetch, parallel):
    while len(pending) < parallel * AHEAD:
        entry = next(wanted, None)
        if entry is None:
            return
        key, path, params = entry
        pending.append((key, executor.submit(_result, fetch, path, params)))


def _result(fetch, path, params):
    try:
        return fetch(path, params)
    except Problem as problem:
        return problem
