"""Users of Chakra, and who the value of a reference means."""


def user_row(user):
    """A user as a flat row: user_id, username, full_name, email, active."""
    name = user.get("displayName") or " ".join(
        part for key in ("firstName", "lastName") if (part := user.get(key))
    )
    return {
        "user_id": user.get("id"),
        "username": user.get("username"),
        "full_name": name or user.get("username"),
        "email": email_of(user),
        "active": bool(user.get("isActive", True) and not user.get("isDeleted")),
    }


def email_of(user):
    """Primary e-mail address, else another, else a user name that is one."""
    listed = [user.get("primaryEmail"), *(user.get("emails") or ())]
    for one in listed:
        address = one.get("email") if isinstance(one, dict) else one
        if address:
            return address
    name = user.get("username") or ""
    return name if "@" in name else None


class People:
    """Users by uuid and by user name.

    :param users: what the list of users gave
    """

    def __init__(self, users):
        self._known = {}
        for user in users:
            row = user_row(user)
            for key in (row["username"], row["user_id"]):
                if key:
                    self._known[key.lower()] = row["user_id"]

    def id_of(self, value):
        """The uuid of a user given by uuid or user name; else the value itself."""
        if not value:
            return None
        return self._known.get(str(value).lower(), value)
