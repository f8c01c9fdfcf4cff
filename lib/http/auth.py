"""Who the connection is: credentials, and how each request carries them."""

import base64
import threading
import time

from ..errors import Problem, _
from . import problems

#: Seconds before the announced end of a token at which a new one is fetched.
MARGIN = 60


class Auth:
    """No credentials; the base of the others.

    `secrets` are texts that must appear nowhere. `number` counts the credentials that
    were fetched: a thread whose request failed tells with which it was made.
    """

    needs = ()

    def __init__(self, **values):
        self._values = values
        self._lock = threading.RLock()
        self._fetched = set()
        self.number = 0
        missing = [name for name in self.needs if not values.get(name)]
        if missing:
            raise Problem(
                "http_bad_credentials",
                _("The connection lacks %(names)s."),
                _("Fill it in on the connection."),
                names=", ".join(missing),
            )

    def __repr__(self):
        return f"<{type(self).__name__}>"

    def __getattr__(self, name):
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def secrets(self):
        """Texts that must not appear anywhere."""
        names = ("password", "token", "client_secret", "refresh_token")
        own = {self._values.get(name) for name in names}
        return {text for text in own | self._fetched if text}

    def apply(self, headers, params):
        """Put the credentials into the headers or parameters of a request."""

    def ready(self, client):
        """Fetch what the first request needs."""

    def renew(self, client, number):
        """After a 401: whether there are other credentials than those of ``number``."""
        return False


class ApiKey(Auth):
    """A key in a header."""

    needs = ("token", "header")

    def apply(self, headers, params):
        """The key."""
        headers[self.header] = _latin(self.token)


class Bearer(Auth):
    """A token in ``Authorization``."""

    needs = ("token",)

    def apply(self, headers, params):
        """The token."""
        headers["Authorization"] = _latin(f"Bearer {self.token}")


class Basic(Auth):
    """User and password in each request."""

    needs = ("login", "password")

    @property
    def secrets(self):
        """Also the coded form."""
        return super().secrets | {self._coded()}

    def _coded(self):
        return base64.b64encode(f"{self.login}:{self.password}".encode()).decode()

    def apply(self, headers, params):
        """User and password."""
        headers["Authorization"] = f"Basic {self._coded()}"


class Fetched(Auth):
    """Credentials that a request of its own fetches, and fetches again."""

    def ready(self, client):
        """Fetch them the first time, or shortly before they end."""
        with self._lock:
            if not self.number or self._ends():
                self._renew(client)

    def renew(self, client, number):
        """Fetch them again, once however many threads ask."""
        with self._lock:
            if number == self.number:
                self._renew(client)
            return True

    def _renew(self, client):
        self._fetch(client)
        self.number += 1

    def _ends(self):
        return False

    def _fetch(self, client):
        raise NotImplementedError


class Ticket(Fetched):
    """A ticket that Basic fetches and a parameter carries."""

    needs = ("login", "password", "ticket_path", "ticket_param")

    @property
    def secrets(self):
        """Also those of Basic."""
        return super().secrets | self._basic().secrets

    def _basic(self):
        return Basic(login=self.login, password=self.password)

    def _fetch(self, client):
        headers = {}
        self._basic().apply(headers, {})
        reply = client.sign_in("GET", self.ticket_path, headers=headers)
        ticket = reply.text.strip().strip('"')
        if not ticket or len(ticket) > 4096 or len(ticket.split()) != 1:
            raise problems.unexpected(client.public(reply.url), "it gives no ticket")
        self._fetched.add(ticket)
        self._ticket = ticket

    def apply(self, headers, params):
        """The ticket."""
        params[self.ticket_param] = self._ticket


class Session(Fetched):
    """A form that is sent once, and the cookie it gives."""

    needs = ("login", "password", "login_path")

    def _fetch(self, client):
        client.forget_cookies()
        form = {
            self._values.get("login_field") or "username": self.login,
            self._values.get("password_field") or "password": self.password,
        }
        reply = client.sign_in("POST", self.login_path, data=form)
        self._fetched.update(client.cookies())
        if not client.cookies():
            raise problems.for_status(client.public(reply.url), 401)


class OAuth2(Fetched):
    """A token from the token address; subclasses say what it is given for."""

    _access = None
    _until = None

    def _form(self):
        raise NotImplementedError

    def _fetch(self, client):
        form = {**self._form(), "client_id": self.client_id}
        if self._values.get("client_secret"):
            form["client_secret"] = self.client_secret
        if self._values.get("scope"):
            form["scope"] = self.scope
        reply = client.sign_in("POST", self.token_url, data=form)
        answer = reply.json
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise problems.unexpected(client.public(reply.url), "it gives no token")
        self._fetched.add(token)
        self._access = token
        seconds = answer.get("expires_in")
        if isinstance(seconds, str) and seconds.isdecimal():
            seconds = int(seconds)
        known = isinstance(seconds, (int, float)) and seconds > 0
        margin = min(MARGIN, seconds / 2) if known else 0
        self._until = time.monotonic() + seconds - margin if known else None
        self._keep(answer)

    def _keep(self, answer):
        """Other things of the token's answer."""

    def _ends(self):
        return self._until is not None and time.monotonic() >= self._until

    def apply(self, headers, params):
        """The token."""
        headers["Authorization"] = _latin(f"Bearer {self._access}")


class ClientCredentials(OAuth2):
    """A token for the program itself."""

    needs = ("token_url", "client_id", "client_secret")

    def _form(self):
        return {"grant_type": "client_credentials"}


class RefreshToken(OAuth2):
    """A token for a user, who gave a refresh token.

    Where the server gives another refresh token, ``on_refresh`` is told.
    """

    needs = ("token_url", "client_id", "refresh_token")

    def _form(self):
        return {"grant_type": "refresh_token", "refresh_token": self.refresh_token}

    def _keep(self, answer):
        token = answer.get("refresh_token")
        if isinstance(token, str) and token and token != self.refresh_token:
            self._fetched.update((token, self.refresh_token))
            self._values["refresh_token"] = token
            if self._values.get("on_refresh"):
                self.on_refresh(token)


KINDS = {
    "none": Auth,
    "api_key": ApiKey,
    "bearer": Bearer,
    "basic": Basic,
    "oauth2_client": ClientCredentials,
    "oauth2_refresh": RefreshToken,
    "session": Session,
    "ticket": Ticket,
}


def make_auth(kind, *, header="X-API-Key", **values):
    """The credentials of ``kind``, one of :data:`KINDS`.

    :param values: login, password, token, token_url, client_id, client_secret, scope,
        refresh_token, on_refresh (``callable(new refresh token)``, in any thread),
        login_path, login_field, password_field, ticket_path, ticket_param
    :raises Problem: what the kind needs is empty
    """
    return KINDS[kind](header=header or "X-API-Key", **values)


def _latin(text):
    """A header's text.

    :raises Problem: it cannot stand in a header
    """
    if not (text.isascii() and text.isprintable()):
        raise Problem(
            "http_bad_credentials",
            _("The token holds a character that cannot be sent."),
            _("Copy the token again into the connection."),
        )
    return text
