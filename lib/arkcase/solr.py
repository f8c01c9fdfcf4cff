"""Queries of the search index: the one way to list all records of a kind.

The server takes ``q`` apart at “&” and decodes it once more, orders by one field only,
and takes ten records where no number is given.
"""

from dataclasses import dataclass

from ..errors import Problem, _

ORDER = "object_id_i asc"
_DELETED = " AND -status_lcs:DELETE AND -status_lcs:DELETED"


@dataclass(frozen=True)
class Query:
    """A listing of one object type, in pages.

    :param object_type: such as ``CASE_FILE``
    :param where: further conditions, in the words of Solr
    :param order: ``field asc``, by exactly one field
    :param size: records a page
    """

    object_type: str
    where: str = ""
    order: str = ORDER
    size: int = 200

    @property
    def by_key(self):
        """Whether pages go by id. Users have ids that are no numbers."""
        return self.order == ORDER

    def params(self, after=None, start=0, since=None):
        """Parameters of one page.

        :param after: id of the last record seen, where pages go by id
        :param start: records seen, where they do not
        :param since: only what was changed since, ``2021-03-05T14:07:31Z``
        """
        text = f"object_type_s:{self.object_type}{_DELETED}"
        if self.where:
            text += f" AND {self.where}"
        if since:
            text += f" AND modified_date_tdt:[{since} TO *]"
        if self.by_key and after is not None:
            text += f" AND object_id_i:[{int(after) + 1} TO *]"
            start = 0
        if "&" in text or "+" in text or "%" in text:
            raise ValueError(text)
        return {"q": text, "s": self.order, "start": start, "n": self.size}


def documents(answer):
    """The documents of an answer, and how many the query has in all.

    :raises Problem: the answer is none of a search
    """
    header = answer.get("responseHeader") or {} if isinstance(answer, dict) else {}
    response = answer.get("response") if isinstance(answer, dict) else None
    if not isinstance(response, dict) or header.get("status"):
        raise Problem(
            "arkcase_search",
            _("The search of ArkCase did not answer with a list of records."),
            _("Test the connection; ask who runs ArkCase whether its index works."),
        )
    return response.get("docs") or [], response.get("numFound") or 0


def last_id(docs):
    """The id after which the next page begins; None after an empty page."""
    ids = [int(one["object_id_i"]) for one in docs if "object_id_i" in one]
    return max(ids, default=None)
