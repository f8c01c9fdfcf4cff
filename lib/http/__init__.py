"""Reads from APIs over HTTP: safely, politely, and nothing but reading."""

from .auth import KINDS, make_auth
from .client import Client
from .endpoint import Endpoint, Fetched, iter_records
from .paginators import PAGINATORS

__all__ = [
    "KINDS",
    "PAGINATORS",
    "Client",
    "Endpoint",
    "Fetched",
    "iter_records",
    "make_auth",
]
