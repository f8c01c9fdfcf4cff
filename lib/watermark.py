"""Until when a source has been read, in the form in which the source writes times."""

from datetime import datetime, timedelta


def latest(known, value):
    """The later one of two times of the same source; either may be absent.

    Numbers (epoch) compare as numbers, text as text: sources write all times alike.
    """
    if value in (None, ""):
        return known or None
    if known in (None, "", False):
        return str(value)
    try:
        return str(value) if float(value) > float(known) else known
    except ValueError:
        return max(known, str(value))


def earliest(known, value):
    """The earlier one of two times of the same source; the first may be absent."""
    if known in (None, "", False):
        return str(value)
    return str(value) if latest(known, value) == known else known


def earlier(text, minutes):
    """``text`` less some minutes, written as it was.

    Numbers are epoch milliseconds from 10^11 on, seconds below.
    """
    try:
        number = float(text)
    except ValueError:
        return _earlier_text(text, timedelta(minutes=minutes))
    factor = 1000 if number > 1e11 else 1
    return str(int(number - minutes * 60 * factor))


def _earlier_text(text, delta):
    zulu = text.endswith("Z")
    moment = datetime.fromisoformat(text[:-1] if zulu else text)
    moment -= delta
    precise = "milliseconds" if "." in text else "auto"
    separator = "T" if "T" in text else " "
    written = moment.isoformat(separator, timespec=precise)
    return f"{written}Z" if zulu else written
