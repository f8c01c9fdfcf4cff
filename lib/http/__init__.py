"""Reads from APIs over HTTP: safely, politely, and nothing but reading."""

from .auth import KINDS, make_auth
from .client import Client

__all__ = ["KINDS", "Client", "make_auth"]
