"""Of which object a process or a record is that something else names by its uuid."""


class Links:
    """Columns for the links between the lists of a tenant.

    :param lists: :class:`.reader.Listed` of a connection
    :param ids: ``callable(Listed) -> iterable of uuids``; asked only where neither a
        procedure nor an entity is named, and several lists may have the uuid
    """

    def __init__(self, lists, ids):
        self._lists = lists
        self._ids = ids
        self._index = {}

    def column(self, kind, key, owner=None):
        """``lead_id`` and the like; the kind itself where the object is not known.

        :param kind: ``process`` or ``record``
        :param owner: uuid of the procedure or entity, where it is named
        """
        found = self._list(kind, key, owner)
        return f"{found.object}_id" if found and found.object else kind

    def _list(self, kind, key, owner):
        lists = [one for one in self._lists if one.kind == kind]
        if owner:
            return next((one for one in lists if one.owner == owner), None)
        if len(lists) < 2:
            return lists[0] if lists else None
        if kind not in self._index:
            self._index[kind] = {id_: one for one in lists for id_ in self._ids(one)}
        return self._index[kind].get(key)
