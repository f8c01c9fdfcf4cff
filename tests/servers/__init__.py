"""Servers on this machine that the tests read from; the standard library only."""
