"""Source values made clean: total functions that give a Python value, None or raise."""
