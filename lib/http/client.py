"""One connection to one server: asks, and never changes anything there."""

import re
import time
from urllib.parse import unquote, urljoin, urlsplit

import requests

from ..errors import Problem
from . import problems
from .auth import Auth
from .download import Download
from .parallel import details
from .redact import redact
from .reply import Reply, charset
from .safety import SafeAdapter, origin
from .throttle import LONGEST_WAIT, Throttle, retry_after

MAX_BYTES = 64 * 1024 * 1024
CHUNK = 64 * 1024
HOPS = 5
#: Seconds that one answer may take in all, beyond the time-outs of its parts.
WHOLE = 300
AGAIN = {429, 502, 503, 504}
ACCEPT = "application/json, */*;q=0.5"
_MOVED = {301, 302, 303, 307, 308}


class Client:
    """Reads from ``base_url``, as a context manager; keeps its connections.

    Only GET, and POST to the paths that ``posts`` declares, ever leave. Credentials go
    to this address alone. Neither proxies nor ``.netrc`` of the environment are used:
    they could send credentials elsewhere, and would resolve names unchecked.

    :param auth: of :func:`make_auth`
    :param posts: paths that only search; ``{x}`` in them is one segment
    :param tuple timeout: seconds to connect, and between two parts of an answer
    :param per_second: requests a second at most
    :param int retries: of a request that may succeed later
    :param budget: requests altogether
    :param int parallel: requests at the same time, for :meth:`details`
    :param bool allow_private: whether the server may be in the own network
    :param int max_bytes: of one answer in memory, unpacked
    :param verify: False is not allowed; a path of own certificate authorities is
    :param wait: ``callable(seconds)`` told before a pause, in the thread that waits
    """

    def __init__(
        self,
        base_url,
        auth=None,
        *,
        posts=(),
        timeout=(10, 60),
        per_second=None,
        retries=5,
        budget=None,
        parallel=8,
        allow_private=False,
        max_bytes=MAX_BYTES,
        verify=True,
        sleep=time.sleep,
        wait=None,
    ):
        if not verify:
            raise ValueError("certificates are always verified")
        self.base_url = base_url.rstrip("/")
        self.parallel = parallel
        self._auth = auth or Auth()
        self._origin = origin(self.base_url)
        self._posts = [_pattern(path) for path in posts]
        self._timeout = timeout
        self._retries = retries
        self._max_bytes = max_bytes
        self._throttle = Throttle(per_second, budget, sleep, wait)
        self._session = self._open(allow_private, verify)
        # For other hosts: nothing of the first session, neither cookies nor sockets.
        self._bare = self._open(allow_private, verify)

    def _open(self, allow_private, verify):
        session = requests.Session()
        session.trust_env = False
        session.verify = verify
        session.adapters.clear()
        for scheme in ("http://", "https://"):
            adapter = SafeAdapter(
                allow_private,
                connect=self._timeout[0],
                # The lists are asked for beside the details.
                pool_maxsize=max(self.parallel, 1) + 1,
            )
            session.mount(scheme, adapter)
        return session

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def __repr__(self):
        return f"<Client {self.base_url}>"

    def close(self):
        """End the connections."""
        self._session.close()
        self._bare.close()

    @property
    def requests_made(self):
        """Requests so far, repeated ones too."""
        return self._throttle.made

    def get(self, path, params=None):
        """The JSON at a path."""
        return self.fetch("GET", path, params).json

    def post(self, path, body):
        """The JSON that a search at a path gives.

        :raises ValueError: the path is not declared as a search
        """
        return self.fetch("POST", path, body=body).json

    def text(self, path, params=None):
        """The text at a path."""
        return self.fetch("GET", path, params).text

    def fetch(self, method, path, params=None, body=None):
        """The whole :class:`Reply` of a GET or of a declared search."""
        url = self._url(path)
        if method == "POST":
            self._check_post(path)
        elif method != "GET":
            raise ValueError(f"{method} may change something")
        return self._read(method, url, params, json=body)

    def details(self, wanted, fetch=None):
        """Many requests at the same time; see :func:`lib.http.parallel.details`.

        :param wanted: iterable of (key, path, params), taken as needed
        :param fetch: ``callable(path, params)`` instead of :meth:`get`
        :return: iterator of (key, result or :class:`Problem`), in order
        """
        return details(wanted, fetch or self.get, self.parallel)

    def download(self, path_or_url, params=None):
        """A :class:`Download`, to be used as a context manager.

        Another host than the connection's gets no credentials.
        """
        return Download(lambda: self._follow(path_or_url, params), self.public)

    # Addresses

    def _url(self, path):
        if re.match(r"https?:", path, re.IGNORECASE):
            if origin(path) != self._origin:
                raise problems.host_refused(
                    self.public(path), "it is another host than the connection's"
                )
            return path
        return f"{self.base_url}/{path.lstrip('/')}" if path else self.base_url

    def _check_post(self, path):
        plain = unquote(path)
        steps = set(re.split(r"[/\\]", plain)) & {".", ".."}
        if steps or not any(pattern.fullmatch(path) for pattern in self._posts):
            raise ValueError(f"POST to {path} is not declared as a search")

    def public(self, url):
        """``url`` without parameters and secrets, for messages."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return redact(f"{parts.scheme}://{host}{parts.path}", self._auth.secrets)

    # Requests

    def _read(self, method, url, params=None, **kwargs):
        """The complete answer, asked again where that may help."""
        for attempt in range(self._retries + 1):
            try:
                return self._read_once(method, url, params, **kwargs)
            except Problem as problem:
                if problem.code not in problems.TRANSIENT or attempt == self._retries:
                    raise
                self._back_off(problem, attempt)
        return None

    def _back_off(self, problem, attempt):
        """Wait before the next attempt.

        :raises Problem: the server asks for a longer wait than anybody has
        """
        asked = problem.params.get("wait")
        seconds = min(2.0**attempt / 2, 60.0) if asked is None else asked
        if seconds > LONGEST_WAIT:
            raise problem
        if problem.code == "http_throttled":
            self._throttle.slower(seconds)
        else:
            self._throttle.pause(seconds)

    def _read_once(self, method, url, params, **kwargs):
        with self._ask(method, url, params, **kwargs) as response:
            return self._reply(response)

    def _ask(self, method, url, params=None, **kwargs):
        """The open response at ``url``, signed, after redirects on the same server."""
        for _hop in range(HOPS):
            response = self._signed(method, url, params, **kwargs)
            target = _target(response)
            if target is None:
                return response
            response.close()
            if method != "GET" or origin(target) != self._origin:
                raise problems.host_refused(
                    self.public(url), f"it leads to {self.public(target)}"
                )
            # The new address is complete: parameters are not to be put there twice.
            url, params = target, None
        raise problems.unexpected(self.public(url), "it leads from address to address")

    def _signed(self, method, url, params, **kwargs):
        """One request with credentials, fetched anew where they are worn out."""
        accept = kwargs.pop("headers", None) or {"Accept": ACCEPT}
        renewed = False
        while True:
            self._auth.ready(self)
            number = self._auth.number
            headers = dict(accept)
            query = dict(params or {})
            self._auth.apply(headers, query)
            response = self._send(
                self._session, method, url, params=query, headers=headers, **kwargs
            )
            if response.status_code != 401 or renewed:
                return self._checked(response)
            response.close()
            renewed = self._auth.renew(self, number)
            if not renewed:
                raise problems.for_status(self.public(url), 401)

    def _send(self, session, method, url, **kwargs):
        """One request as it is; failures of the connection become problems."""
        self._throttle.take()
        place = self.public(url)
        try:
            return session.request(
                method,
                url,
                timeout=self._timeout[1],
                allow_redirects=False,
                stream=True,
                **kwargs,
            )
        except requests.exceptions.SSLError as error:
            reason = redact(error, self._auth.secrets)
            raise problems.tls(place, _short(reason)) from None
        except requests.exceptions.Timeout:
            raise problems.timeout(place, self._timeout[1]) from None
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
        ):
            raise problems.unavailable(place, "no connection, or it ended") from None
        except (requests.exceptions.RequestException, UnicodeError, ValueError):
            raise problems.host_refused(place, "the address is not valid") from None

    def _checked(self, response):
        """The response, if its status is good or a redirect."""
        status = response.status_code
        if status < 300 or status in _MOVED and response.headers.get("Location"):
            self._throttle.calm()
            return response
        with response:
            try:
                reply = self._reply(response, limit=CHUNK).text
            except Problem:
                reply = ""
        reply = redact(_short(reply), self._auth.secrets)
        problem = problems.for_status(self.public(response.url), status, reply)
        if status in AGAIN:
            problem.params["wait"] = retry_after(response.headers.get("Retry-After"))
        raise problem

    def _reply(self, response, limit=None):
        """The body in memory, within the limits of size and time."""
        limit = limit or self._max_bytes
        place, ends = self.public(response.url), time.monotonic() + WHOLE
        parts, size = [], 0
        for part in self.parts(response):
            size += len(part)
            if size > limit:
                raise problems.too_large(place, limit)
            if time.monotonic() > ends:
                raise problems.timeout(place, WHOLE)
            parts.append(part)
        return Reply(
            place,
            response.status_code,
            response.headers,
            b"".join(parts),
            charset(response),
        )

    def parts(self, response):
        """The body piece by piece; a connection that ends becomes a problem."""
        place, received = self.public(response.url), 0
        announced = response.headers.get("Content-Length", "")
        packed = response.headers.get("Content-Encoding", "identity") != "identity"
        try:
            for part in response.iter_content(CHUNK):
                received += len(part)
                yield part
        except requests.exceptions.ConnectionError as error:
            if "timed out" in str(error):
                raise problems.timeout(place, self._timeout[1]) from None
            raise problems.truncated(place, announced or "?", received) from None
        except requests.exceptions.RequestException:
            raise problems.truncated(place, announced or "?", received) from None
        if announced.isdecimal() and not packed and received != int(announced):
            raise problems.truncated(place, announced, received)

    def _follow(self, path_or_url, params=None):
        """The open response of a file, and how to read it; any host, hop by hop."""
        if re.match(r"https?:", path_or_url, re.IGNORECASE):
            url = path_or_url
        else:
            url = self._url(path_or_url)
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        for _hop in range(HOPS):
            own = origin(url) == self._origin
            if own:
                response = self._signed("GET", url, params, headers=headers)
            else:
                response = self._checked(
                    self._send(self._bare, "GET", url, params=params, headers=headers)
                )
                self._bare.cookies.clear()
            target = _target(response)
            if target is None:
                return response, self.parts(response)
            response.close()
            if origin(url)[0] == "https" and origin(target)[0] != "https":
                raise problems.host_refused(
                    self.public(url), "it leads to an address that is not encrypted"
                )
            url, params = target, None
        raise problems.unexpected(self.public(url), "it leads from address to address")

    # What the credentials need

    def sign_in(self, method, path_or_url, headers=None, data=None):
        """The reply to a request that fetches credentials, which are its own."""
        complete = re.match(r"https?:", path_or_url, re.IGNORECASE)
        url = path_or_url if complete else self._url(path_or_url)
        own = origin(url) == self._origin
        response = self._send(
            self._session if own else self._bare,
            method,
            url,
            headers=headers,
            data=data,
        )
        with self._checked(response):
            return self._reply(response, limit=CHUNK)

    def cookies(self):
        """The values of the cookies there are."""
        return [cookie.value for cookie in self._session.cookies]

    def forget_cookies(self):
        """Leave the session."""
        self._session.cookies.clear()


def _pattern(path):
    text = re.escape(path.strip("/"))
    return re.compile("/?" + re.sub(r"\\\{\w+\\\}", "[^/?#]+", text) + "/?")


def _target(response):
    """The address a response leads to, None where it does not."""
    location = response.headers.get("Location")
    if response.status_code not in _MOVED or not location:
        return None
    return urljoin(response.url, location)


def _short(text, limit=200):
    return " ".join(str(text)[: limit * 5].split())[:limit]
