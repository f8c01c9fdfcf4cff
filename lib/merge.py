"""One record made from several rows."""

import hashlib
import json

from .nothing import is_empty

#: Between the items of a list that was in several rows.
LIST_MARK = ";"


def packed(payload):
    """``payload`` as JSON text, and a digest of it."""
    content = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    return content, digest(content)


def digest(text):
    """A short text by which ``text`` is told from others."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def merge_rows(batch, lists=frozenset()):
    """One row for each ``source_id`` of ``batch``, in the order of their first rows.

    Of each column the first value that is not empty counts, and empty ones are left
    out, so that a later batch can fill them; columns in ``lists`` are joined. A row
    that is broken stays by itself.

    :param batch: dicts with ``source_id``, ``payload`` (JSON text), ``problem``
    :return: dicts of that kind, with ``contradicts``: the columns that disagreed
    """
    merged, payloads, disagree = {}, {}, {}
    for row in batch:
        key = row["source_id"]
        values = {
            name: value
            for name, value in json.loads(row["payload"]).items()
            if not is_empty(value)
        }
        if key not in merged:
            merged[key], payloads[key], disagree[key] = dict(row), values, {}
            continue
        merged[key]["problem"] = merged[key]["problem"] or row["problem"]
        known = payloads[key]
        for name, value in values.items():
            if name not in known:
                known[name] = value
            elif name in lists:
                known[name] = f"{known[name]}{LIST_MARK}{value}"
            elif known[name] != value:
                disagree[key][name] = True
    for key, row in merged.items():
        row["payload"], row["payload_hash"] = packed(payloads[key])
        row["contradicts"] = ", ".join(sorted(disagree[key])) or None
    return list(merged.values())
