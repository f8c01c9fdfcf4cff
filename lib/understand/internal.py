"""Columns that a system keeps for itself: counters, hashes, things worked out."""

from .tokens import words

_COUNTS = frozenset(
    "number count total num no nb anzahl nombre numero quantity qty".split()
)
_COUNTED = frozenset(
    "activity contact deal note email message call task meeting attachment view visit "
    "open click session conversion form page touch contacted child associated won lost "
    "closed pending done time undone event record people person opportunity follower "
    "aktivitat kontakt engagement interaction file lead product participant reply "
    "recipient sent unread day change".split()
)
_WHOLE = frozenset(
    "etag hash checksum guid version row version_number revision cursor sync token "
    "score_version photo avatar picture image thumbnail logo icon".split()
)
_PARTS = (
    ("last", "activity"),
    ("next", "activity"),
    ("last", "contacted"),
    ("last", "viewed"),
    ("last", "seen"),
    ("last", "referenced"),
    ("last", "login"),
    ("weighted",),
    ("visible",),
    ("is", "deleted"),
    ("deleted",),
    ("merged",),
    ("sync",),
    ("photo",),
    ("avatar",),
    ("picture",),
    ("system", "modstamp"),
    ("record", "type"),
    ("import",),
    ("last", "touch"),
    ("days", "since"),
    ("age",),
    ("recent",),
    ("formula",),
    ("exchange", "rate"),
    ("conversion", "rate"),
    ("gewichtet",),
)


def is_internal(header):
    """Whether ``header`` names something that only the source system needs."""
    found = words(header)
    if header.startswith(("_", "$")) or set(found) & _WHOLE and len(found) < 3:
        return True
    known = set(found)
    if known & _COUNTS and len(known & _COUNTED) and "phone" not in known:
        return True
    return any(set(part) <= known for part in (map(_same, _PARTS)))


def _same(part):
    return tuple(one for word in part for one in words(word))
