"""How fast requests may follow each other, and how many there may be."""

import threading
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from . import problems

#: Longest time in seconds that is waited because a server asks for it.
LONGEST_WAIT = 300
_SLOWEST = 30.0
_CALM = 50


class Throttle:
    """Gives out the right to make a request; several threads may ask.

    Slows down when the server asks for it, and returns to its pace when all is calm.

    :param per_second: requests a second at most, None for as many as come
    :param budget: requests altogether, None for any number
    :param wait: ``callable(seconds)`` told before each pause of a second and more; it
        is called in the thread that waits
    """

    def __init__(
        self, per_second=None, budget=None, sleep=time.sleep, wait=None, clock=None
    ):
        self._least = 1 / per_second if per_second else 0.0
        self._gap = self._least
        self._budget = budget
        self._sleep = sleep
        self._wait = wait
        self._clock = clock or time.monotonic
        self._next = 0.0
        self._calm = 0
        self._lock = threading.Lock()
        self.made = 0

    def take(self):
        """Wait for the turn.

        :raises Problem: the budget is used up
        """
        with self._lock:
            if self._budget is not None and self.made >= self._budget:
                raise problems.budget(self._budget)
            self.made += 1
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._gap
        self.pause(turn - now)

    def pause(self, seconds):
        """Wait so long."""
        if seconds <= 0:
            return
        if self._wait and seconds >= 1:
            self._wait(seconds)
        self._sleep(seconds)

    def calm(self):
        """The server answered well."""
        with self._lock:
            self._calm += 1
            if self._calm >= _CALM and self._gap > self._least:
                self._calm = 0
                slower = self._gap / 2
                self._gap = slower if slower > 0.01 else self._least
                self._gap = max(self._gap, self._least)

    def slower(self, seconds):
        """The server asked for fewer requests: nobody starts one for ``seconds``."""
        with self._lock:
            self._calm = 0
            self._gap = min(_SLOWEST, max(self._gap * 2, 0.05))
            self._next = max(self._next, self._clock() + seconds)


def retry_after(text, now=None):
    """Seconds that a ``Retry-After`` asks for, None where it says nothing.

    It is a number of seconds or a date.
    """
    text = (text or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    now = now or datetime.now(timezone.utc)
    return max(0.0, (date - now).total_seconds())
