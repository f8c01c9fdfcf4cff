"""A strict HTTP server for tests, with faults that a test can ask for."""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

HTML = "<html><body><h1>Sign in</h1></body></html>"


@dataclass
class Request:
    """What came in; `args` are the values of the route's pattern."""

    method: str
    path: str
    params: dict
    headers: dict
    body: bytes = b""
    args: dict = field(default_factory=dict)

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def form(self):
        """The body as the fields of a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def __iter__(self):
        return iter((self.method, self.path, self.params, self.headers))


@dataclass
class Reply:
    """What goes out: `body` a text, bytes, or anything else as JSON.

    :param int announced: a ``Content-Length`` that is not true
    :param bool cut: the connection ends in the middle of the body
    """

    body: object = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    announced: int | None = None
    cut: bool = False

    def content(self):
        """Bytes and their type."""
        if isinstance(self.body, bytes):
            return self.body, "application/octet-stream"
        if isinstance(self.body, str):
            return self.body.encode(), "text/plain; charset=utf-8"
        return json.dumps(self.body).encode(), "application/json"


@dataclass
class Fault:
    """Something that goes wrong `times` times on paths that match `pattern`.

    :param Reply reply: instead of the route's; None: the route answers
    :param float seconds: before it answers
    :param bool drop: the connection ends without an answer
    :param change: ``callable(Reply) -> Reply``, of what the route answered
    """

    pattern: str = ""
    times: int = 1
    after: int = 0
    reply: Reply | None = None
    seconds: float = 0
    drop: bool = False
    change: object = None


class FakeServer:
    """A server on 127.0.0.1 at a free port, as a context manager.

    Strict: a path without a route is 404, a parameter that the route does not name 400.
    `requests` is the journal of all :class:`Request`, in the order they came.

    :param float seconds: what every answer takes
    """

    def __init__(self, seconds=0):
        self.seconds = seconds
        self.requests = []
        self.faults = []
        self.connections = 0
        self._routes = []
        self._lock = threading.Lock()
        self._server = None

    def __enter__(self):
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self):
        """The port it listens at."""
        return self._server.server_address[1]

    @property
    def url(self):
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def route(self, method, pattern, answer, params=()):
        """Answer requests for `pattern`, in which ``{x}`` is one segment.

        :param answer: ``callable(Request)`` or what it would return: a :class:`Reply`,
            or a body for one
        :param params: names allowed in the query, None for any
        """
        self._routes.append((method, _compile(pattern), answer, params))

    # Faults

    def fault(self, pattern="", times=1, **values):
        """Add a :class:`Fault`."""
        self.faults.append(Fault(pattern, times, **values))

    def status(self, status, body="", pattern="", times=1, after=0, **headers):
        """Answer with `status`; headers by keyword, ``_`` for ``-``."""
        names = {name.replace("_", "-"): str(text) for name, text in headers.items()}
        reply = Reply(body, status, names)
        self.fault(pattern, times, after=after, reply=reply)

    def throttle(self, retry_after=1, pattern="", times=1, after=0):
        """429 with ``Retry-After``."""
        self.status(429, "", pattern, times, after, Retry_After=retry_after)

    def unavailable(self, pattern="", times=1, after=0):
        """503."""
        self.status(503, "", pattern, times, after)

    def expired(self, pattern="", times=1, after=0):
        """401, as for a ticket that is no longer valid."""
        self.status(401, "Unauthorized", pattern, times, after)

    def html(self, pattern="", times=1, after=0):
        """A page for people, status 200."""
        self.status(200, HTML, pattern, times, after, Content_Type="text/html")

    def drop(self, pattern="", times=1, after=0):
        """End the connection without an answer."""
        self.fault(pattern, times, after=after, drop=True)

    def cut(self, pattern="", times=1, after=0):
        """End the connection in the middle of the answer."""
        self.fault(pattern, times, after=after, change=_cut)

    def slow(self, seconds, pattern="", times=1, after=0):
        """Answer after so many seconds."""
        self.fault(pattern, times, after=after, seconds=seconds)

    def announce(self, more, pattern="", times=1, after=0):
        """Announce so many bytes more than come; fewer where negative."""

        def change(reply):
            reply.announced = len(reply.content()[0]) + more
            return reply

        self.fault(pattern, times, after=after, change=change)

    def answer(self, request):
        """The :class:`Reply` to a request; None to end the connection."""
        with self._lock:
            self.requests.append(request)
            fault = self._fault(request)
        seconds = self.seconds + (fault.seconds if fault else 0)
        if seconds:
            time.sleep(seconds)
        if fault and fault.drop:
            return None
        if fault and fault.reply:
            return fault.reply
        reply = self._routed(request)
        if fault and fault.change:
            reply = fault.change(reply)
        return reply

    def _fault(self, request):
        for fault in self.faults:
            if fault.times and _compile(fault.pattern or "/*").match(request.path):
                if fault.after:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def _routed(self, request):
        for method, pattern, answer, params in self._routes:
            match = pattern.match(request.path)
            if not match or method != request.method:
                continue
            unknown = params is not None and set(request.params) - set(params)
            if unknown:
                return Reply(f"unknown parameter {sorted(unknown)}", 400)
            request.args = {
                name: unquote(text) for name, text in match.groupdict().items()
            }
            body = answer(request) if callable(answer) else answer
            return body if isinstance(body, Reply) else Reply(body)
        return Reply(f"no route for {request.method} {request.path}", 404)


class Listing:
    """Records that a route gives out in pages, with what goes wrong between pages.

    :param int repeat: so many records of each page come again on the next
    :param bool endless: the first page, whatever is asked
    :param on_page: ``callable(records)`` after each page, may change the list
    """

    def __init__(self, records, repeat=0, endless=False, on_page=None):
        self.records = records
        self.repeat = repeat
        self.endless = endless
        self.on_page = on_page

    def page(self, start, size):
        """At most `size` records from `start` on."""
        start = 0 if self.endless else max(0, start - (self.repeat if start else 0))
        found = self.records[start : start + size]
        if self.on_page:
            self.on_page(self.records)
        return found


def _cut(reply):
    reply.cut = True
    return reply


def _compile(pattern):
    """A regular expression: ``{x}`` is one segment, ``*`` anything."""
    text = re.escape(pattern).replace(r"\*", ".*")
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", text) + r"\Z")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def process_request(self, request, client_address):
        self.fake.connections += 1
        return super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        """A client that goes away is no matter."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format, *args):
        """Tests read the journal."""

    def _handle(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            dict(self.headers.items()),
            self.rfile.read(length),
        )
        reply = self.server.fake.answer(request)
        if reply is None:
            self.close_connection = True
            return
        content, mimetype = reply.content()
        headers = {"Content-Type": mimetype, **reply.headers}
        self.send_response(reply.status)
        for name, text in headers.items():
            self.send_header(name, text)
        length = len(content) if reply.announced is None else reply.announced
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if reply.cut:
            content = content[: len(content) // 2]
        self.wfile.write(content)
        self.wfile.flush()
        if reply.cut or reply.announced is not None:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle
