"""Properties that the entities of ArkCase have in common, as columns."""

import re

# What carries no data of its own: the graph, the class, rights and locks.
_TECHNICAL = frozenset(
    "@id @ref className objectType acmObjectNumber approvers ecmFolderPath "
    "external restricted lock hasAnyAssociatedTimesheets types".split()
)
# Keys under which ArkCase keeps countries and provinces, where they are not the code:
# “NO” and “ON” mean false and true in the configuration files it is delivered with.
_COUNTRIES = {"NOO": "NO"}
_STATES = {"ONN": "ON"}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LISTED = (str, int, float, bool)


def column(name):
    """``requestSubType`` → ``request_sub_type``."""
    return _CAMEL.sub("_", name).lower()


def others(record, known):
    """Columns of the plain values of ``record`` that are not ``known``.

    A list of plain values becomes their text, separated by “; ”.
    """
    found = {}
    for name, value in record.items():
        if name in known or name in _TECHNICAL:
            continue
        if isinstance(value, list):
            if not value or not all(isinstance(one, _LISTED) for one in value):
                continue
            value = "; ".join(str(one) for one in value)
        elif isinstance(value, dict):
            continue
        found[column(name)] = value
    return found


def history(record):
    """Who made and changed a record, by user id, and when."""
    return {
        "created_at": record.get("created"),
        "created_by": record.get("creator"),
        "updated_at": record.get("modified"),
        "updated_by": record.get("modifier"),
    }


HISTORY = frozenset(("created", "creator", "modified", "modifier"))


def entries(record, name):
    """The objects in a list of ``record``; none where the list is null."""
    return [one for one in record.get(name) or () if isinstance(one, dict)]


def address(record):
    """Columns of the default address, and a text of the others."""
    listed = entries(record, "addresses")
    first = record.get("defaultAddress") or (listed[0] if listed else {})
    rest = [one for one in listed if one is not first]
    return {
        "street": first.get("streetAddress"),
        "street2": first.get("streetAddress2"),
        "city": first.get("city"),
        "state": _STATES.get(first.get("state"), first.get("state")),
        "zip": first.get("zip"),
        "country": _country(first),
        "other_addresses": joined(_one_line(one) for one in rest),
    }


def _country(one):
    return _COUNTRIES.get(one.get("country"), one.get("country"))


def _one_line(one):
    parts = [one.get(name) for name in ("streetAddress", "streetAddress2", "city")]
    parts += [_STATES.get(one.get("state"), one.get("state")), one.get("zip")]
    text = ", ".join(str(part) for part in (*parts, _country(one)) if part)
    return f"{one['type']}: {text}" if one.get("type") and text else text


def ways(record):
    """Columns of the ways to reach somebody: the default of each kind, the others.

    Releases before the nested lookup have no default and types such as “Mobile Phone”
    or “Personal E-mail”: the first of a kind is taken.
    """
    listed = entries(record, "contactMethods")
    found, columns = {}, {}
    for one in listed:
        if one.get("value"):
            found.setdefault(_kind(one.get("type")), []).append(one)
    for kind, name, default in (
        ("email", "email", "defaultEmail"),
        ("phone", "phone", "defaultPhone"),
        ("fax", "fax", "defaultFax"),
        ("url", "website", "defaultUrl"),
    ):
        of_kind = found.pop(kind, [])
        first = record.get(default) or (of_kind[0] if of_kind else {})
        columns[name] = first.get("value")
        rest = [one for one in of_kind if one is not first]
        columns[f"other_{name}s"] = joined(_labelled(one) for one in rest)
    rest = [one for group in found.values() for one in group]
    columns["other_contact_methods"] = joined(
        f"{one.get('type')}: {one['value']}" for one in rest
    )
    return columns


def _kind(name):
    """email, phone, fax, url, or the type as it is."""
    text = (name or "").casefold().replace("-", "")
    if "mail" in text:
        return "email"
    if "fax" in text:
        return "fax"
    if "phone" in text or "mobile" in text:
        return "phone"
    return "url" if text in ("url", "web", "website") else text


def _labelled(one):
    kind = one.get("subType")
    return f"{one['value']} ({kind})" if kind else one["value"]


def identifications(record):
    """Numbers such as passports and tax numbers, one a line."""
    return joined(
        f"{one.get('identificationType') or ''}: {one['identificationNumber']}"
        for one in entries(record, "identifications")
        if one.get("identificationNumber")
    )


def joined(texts):
    """``texts`` one a line; None where there is none."""
    return "\n".join(filter(None, texts)) or None


def participants(record):
    """Columns of who works on a record: user ids, and groups.

    The default participant “*” is a right of everybody, not a person.
    """
    roles = {}
    for one in entries(record, "participants"):
        name, user = one.get("participantType"), one.get("participantLdapId")
        if user and name != "*" and user != "*":
            roles.setdefault(name.casefold().replace(" ", "-"), []).append(user)
    assignee = roles.pop("assignee", None)
    group = roles.pop("owning-group", None)
    return {
        "assignee": assignee[0] if assignee else None,
        "owning_group": "; ".join(group) if group else None,
        "participants": joined(
            f"{role}: {user}" for role, users in roles.items() for user in users
        ),
    }
