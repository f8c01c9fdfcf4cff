"""Work that another transaction got in the way of is done again."""

import logging
import time

import psycopg2

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from .silence import silenced
from .undo_watch import Overtaken

_logger = logging.getLogger(__name__)

_ATTEMPTS = 5


def is_passing(error):
    """Whether what went wrong is another transaction's doing, and may work now."""
    if isinstance(error, Overtaken):
        return True
    return getattr(error, "pgcode", None) in PG_CONCURRENCY_ERRORS_TO_RETRY


def patiently(run, action, *args, between=None):
    """Do ``action(*args)`` in silence and commit it, several times if need be.

    A dry run has nothing committed to go on from: it has one attempt.

    :param run: ``migration.run`` record
    :param between: called before it is tried again, to forget what was true before
    :return: what ``action`` returns
    """
    last = 0 if run.kind == "dry_run" else _ATTEMPTS - 1
    for attempt in range(_ATTEMPTS):
        try:
            with silenced(run.env.cr):
                done = action(*args)
                run._commit()
            return done
        except (psycopg2.Error, Overtaken) as error:
            if not is_passing(error) or attempt == last:
                raise
            _logger.info("A step of run %s is tried again: %s", run.id, error)
            run._roll_back()
            time.sleep(2**attempt / 10)
            if between:
                between()
