"""The lists of values of an installation, and the labels that the files say."""


def labels(lookups):
    """``{list: {key: label}}`` of the answer of ``/service/config/lookups``.

    Records hold keys; a label is a key of its own, for the screens' texts, of which
    the last part says most. An empty list arrives as an empty text, and releases
    before the present one have lists of lists.
    """
    found = {}
    for group in ("standardLookup", "nestedLookup", "inverseValuesLookup"):
        for name, values in _lists(lookups.get(group)):
            found[name] = {
                one["key"]: _label(one.get("value") or one["key"])
                for one in values
                if isinstance(one, dict) and one.get("key")
            }
    return found


def _lists(group):
    if isinstance(group, list):
        for one in group:
            yield from one.items()
        return
    for name, value in (group or {}).items():
        entries = value.get("entries") if isinstance(value, dict) else value
        yield name, entries or ()


def _label(value):
    return value.rsplit(".", 1)[-1] if " " not in value else value
