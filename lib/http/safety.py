"""Which addresses are asked at all, and where a connection may lead."""

import ipaddress
import socket

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import LocationParseError
from urllib3.poolmanager import PoolManager
from urllib3.util import connection as sockets
from urllib3.util import parse_url

from . import problems

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def origin(url):
    """``(scheme, host, port)`` of an address.

    :raises Problem: it is no address of http or https, or holds a user
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise problems.host_refused(url, "it is no address") from None
    if parts.scheme not in PORTS or not parts.host:
        raise problems.host_refused(url, "it is no address of http or https")
    if parts.auth:
        public = url.replace(f"{parts.auth}@", "")
        raise problems.host_refused(public, "it holds a user or a password")
    host = parts.host.lower().rstrip(".")
    return parts.scheme, host, parts.port or PORTS[parts.scheme]


def addresses(host, port, allow_private, lookup=socket.getaddrinfo):
    """The IP addresses of ``host``, resolved once, all of them checked.

    :raises Problem: one of them is private and that is not allowed
    """
    try:
        found = lookup(host.strip("[]"), port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "unknown name"
        raise problems.unavailable(host, reason) from None
    result = list(dict.fromkeys(entry[4][0] for entry in found))
    for address in result:
        if not is_allowed(address, allow_private):
            raise problems.host_refused(host, f"it leads to {address}")
    return result


def is_allowed(address, allow_private=False):
    """Whether a connection may go to the IP address ``address``.

    Nothing may go to groups of machines, or to no machine.
    """
    ip = _plain(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_multicast or ip.is_unspecified or str(ip) == "255.255.255.255":
        return False
    return allow_private or ip.is_global


def _plain(ip):
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if ip.version == 4:
        return ip
    if ip in _NAT64:
        return ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo and teredo[1]) or ip


class SafeAdapter(HTTPAdapter):
    """Connects only to addresses that were checked: no name is resolved twice.

    :param connect: seconds to connect; a request's own time-out is that of reading
    """

    def __init__(
        self, allow_private=False, lookup=socket.getaddrinfo, connect=10, **kwargs
    ):
        self._classes = _pools(allow_private, lookup)
        self._connect = connect
        super().__init__(**kwargs)

    def send(self, request, timeout=None, **kwargs):
        """Send with one time-out to connect, and another to read."""
        return super().send(request, timeout=(self._connect, timeout), **kwargs)

    def init_poolmanager(self, connections, maxsize, block=False, **kwargs):
        """The pools of guarded connections."""
        self.poolmanager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, **kwargs
        )
        self.poolmanager.pool_classes_by_scheme = self._classes

    def proxy_manager_for(self, proxy, **kwargs):
        """A proxy would resolve the name itself."""
        raise problems.host_refused("proxy", "connections go without a proxy")


def _pools(allow_private, lookup):
    class Guarded:
        def _new_conn(self):
            failed = None
            for address in addresses(self.host, self.port, allow_private, lookup):
                try:
                    return sockets.create_connection(
                        (address, self.port),
                        self.timeout,
                        source_address=self.source_address,
                        socket_options=self.socket_options,
                    )
                except OSError as error:
                    failed = error
            raise failed

    class Plain(Guarded, HTTPConnection):
        pass

    class Secure(Guarded, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
