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

    ``wanted`` is taken as needed, so that memory does not grow with its length.

    :return: iterator of (key, result or :class:`Problem`), in the order of ``wanted``
    :raises Problem: one that all further requests would meet as well
    """
    wanted, failed = iter(wanted), 0
    pending = deque()
    executor = ThreadPoolExecutor(parallel, thread_name_prefix="http")
    try:
        _fill(pending, wanted, executor, fetch, parallel)
        while pending:
            key, future = pending.popleft()
            result = future.result()
            is_problem = isinstance(result, Problem)
            failed = failed + 1 if is_problem and result.code in TRANSIENT else 0
            if is_problem and (result.code in FATAL or failed >= IN_A_ROW):
                raise result
            yield key, result
            _fill(pending, wanted, executor, fetch, parallel)
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
