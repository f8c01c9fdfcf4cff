"""What can go wrong between this program and a server, in an admin's words."""

from ..errors import Problem, _

#: Problems that may be gone when the same thing is asked again.
TRANSIENT = {"http_throttled", "http_unavailable", "http_timeout", "http_truncated"}
#: Problems that every other request of the same connection would meet as well.
FATAL = {"http_unauthorized", "http_budget", "http_tls", "http_host_refused"}
#: Problems of the connection as a whole: when they are gone, reading can go on.
OF_ALL = TRANSIENT | FATAL | {"http_bad_credentials"}
#: Problems of one list; any other is about the connection as a whole.
OF_ONE = (
    "http_forbidden",
    "http_not_found",
    "http_bad_request",
    "http_not_json",
    "http_unexpected",
    "http_endless",
    "http_too_large",
)

_BY_STATUS = {
    400: (
        "http_bad_request",
        _("%(url)s: the server refuses the request (%(status)s). %(reply)s"),
        _("Check the parameters of this endpoint on the connection."),
    ),
    401: (
        "http_unauthorized",
        _("%(url)s: the server does not accept the credentials (%(status)s)."),
        _("Check user, password or token on the connection, and that they are valid."),
    ),
    403: (
        "http_forbidden",
        _("%(url)s: the account may not read this (%(status)s)."),
        _("Give the account of the connection the right to read it, or leave it out."),
    ),
    404: (
        "http_not_found",
        _("%(url)s: there is nothing at this address (%(status)s)."),
        _("Check the address of the connection and the path of the endpoint."),
    ),
    429: (
        "http_throttled",
        _("%(url)s: the server asks for fewer requests (%(status)s)."),
        _("Set fewer requests per second on the connection, and go on later."),
    ),
    503: (
        "http_unavailable",
        _("%(url)s: the server is not available now (%(status)s). %(reply)s"),
        _("Go on later; what is read stays."),
    ),
}
_SAME = {410: 404, 422: 400, 502: 503, 504: 503}
_OTHER = (
    "http_unexpected",
    _("%(url)s: the server answers with status %(status)s. %(reply)s"),
    _("Look into the server's log, or ask its operator."),
)


def for_status(url, status, reply=""):
    """The problem that a status of 300 and more is."""
    code, message, remedy = _BY_STATUS.get(_SAME.get(status, status), _OTHER)
    return Problem(code, message, remedy, url=url, status=status, reply=reply)


def unavailable(url, reason):
    """No connection, or one that ended."""
    return Problem(
        "http_unavailable",
        _("%(url)s: the server cannot be reached (%(reason)s)."),
        _("Check the address and the network, and go on later; what is read stays."),
        url=url,
        reason=reason,
    )


def timeout(url, seconds):
    """The server did not answer in time."""
    return Problem(
        "http_timeout",
        _("%(url)s: no complete answer within %(seconds)s seconds."),
        _("Go on later, or set smaller pages; what is read stays."),
        url=url,
        seconds=seconds,
    )


def tls(url, reason):
    """The certificate is not good."""
    return Problem(
        "http_tls",
        _("%(url)s: the server's certificate cannot be trusted: %(reason)s"),
        _("Have the server's operator install a valid certificate for this name."),
        url=url,
        reason=reason,
    )


def not_json(url, reply):
    """Something else than JSON."""
    return Problem(
        "http_not_json",
        _("%(url)s: the answer is not JSON but begins with “%(reply)s”."),
        _("Check the address, and that no sign-in page or proxy stands before it."),
        url=url,
        reply=reply,
    )


def too_large(url, limit):
    """More bytes than are taken."""
    return Problem(
        "http_too_large",
        _("%(url)s: the answer is larger than %(limit)s bytes."),
        _("Set a smaller page size, or leave the file out."),
        url=url,
        limit=limit,
    )


def truncated(url, announced, received):
    """Not as many bytes as were announced."""
    return Problem(
        "http_truncated",
        _("%(url)s: %(announced)s bytes were announced and %(received)s came."),
        _("Read it again; if it stays, the file is damaged in the source."),
        url=url,
        announced=announced,
        received=received,
    )


def host_refused(url, reason, remedy=None):
    """An address that is not asked."""
    return Problem(
        "http_host_refused",
        _("%(url)s is not asked: %(reason)s."),
        remedy
        or _("Correct the address; tick “In the Own Network” if this one is meant."),
        url=url,
        reason=reason,
    )


def budget(limit):
    """The requests that were granted are used up."""
    return Problem(
        "http_budget",
        _("The %(limit)s requests that the connection may make are used up."),
        _("Raise the number on the connection, or go on tomorrow; what is read stays."),
        limit=limit,
    )


def endless(url, reason):
    """Pages that lead nowhere."""
    return Problem(
        "http_endless",
        _("%(url)s: a page that never ends: %(reason)s."),
        _("Check how the endpoint is paged on the connection."),
        url=url,
        reason=reason,
    )


def unexpected(url, reason):
    """A reply that is not of the declared form."""
    return Problem(
        "http_unexpected",
        _("%(url)s: %(reason)s."),
        _("Check the paths of this endpoint on the connection."),
        url=url,
        reason=reason,
    )


def told(url, errors):
    """Errors that a reply tells: a text, an object with a message, or a list."""
    first = errors[0] if isinstance(errors, list) else errors
    if isinstance(first, dict):
        first = first.get("message") or first.get("code") or first
    return unexpected(url, str(first))
