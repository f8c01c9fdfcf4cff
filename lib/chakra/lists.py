"""Reading the lists of Chakra: pages of at most 100, without a total or an order."""

from ..http import problems

LIMIT = 100
PROCESSES = "/v1/ext/procedure/{procedure}/process/list"
CONFIG = "/v1/ext/config"
USERS = "/v1/ext/users"


def unwrap(reply, url):
    """The ``_data`` of a reply.

    :raises Problem: it has errors, or no data
    """
    errors = reply.get("_errors") if isinstance(reply, dict) else None
    if errors:
        raise problems.unexpected(url, _message(errors))
    if not isinstance(reply, dict) or "_data" not in reply:
        raise problems.unexpected(url, "no _data")
    return reply["_data"]


def _message(errors):
    first = errors[0] if isinstance(errors, list) else errors
    if isinstance(first, dict):
        first = first.get("message") or first.get("code") or first
    return str(first)


def iter_list(client, path, where=None):
    """Yield each object of a list once, by its id.

    :param where: the query of Chakra, None for all
    :raises Problem: a page has nothing that is new, and yet more is announced
    """
    seen, skip = set(), 0
    while True:
        body = {"skip": skip, "limit": LIMIT}
        if where:
            body["where"] = where
        reply = client.post(path, body)
        page = unwrap(reply, path)
        if not isinstance(page, list):
            raise problems.unexpected(path, "_data is no list")
        new = [one for one in page if one.get("id") not in seen]
        seen.update(one.get("id") for one in new)
        yield from new
        if not (reply.get("_meta") or {}).get("hasMore"):
            return
        if not new:
            raise problems.endless(path, "hasMore, but nothing new")
        skip += len(page)
