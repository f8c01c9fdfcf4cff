"""What Chakra answers for a photo: its bytes, or where they are."""

import json

_ADDRESSES = ("https://", "http://")


def address_in(content):
    """The address that an answer names in place of the bytes; None for the bytes.

    :param bytes content: the answer
    :raises ValueError: it is an object of Chakra without an address
    """
    if not content.lstrip().startswith(b"{"):
        return None
    try:
        reply = json.loads(content)
    except ValueError:
        return None
    if not isinstance(reply, dict) or not {"_data", "_errors"} & set(reply):
        return None
    data = reply.get("_data")
    values = data.values() if isinstance(data, dict) else [data]
    for value in values:
        if isinstance(value, str) and value.lower().startswith(_ADDRESSES):
            return value
    raise ValueError(str(reply.get("_errors") or "it names no address"))
