"""Columns that systems keep for themselves: counters, sums, hashes, sync states.

Word by word rather than as names of a table, because they are combined freely.
"""

# One of these says it.
_WORDS = frozenset(
    "count counter checksum hash modstamp gravatar ip weighted formatted sync "
    "synced synchronized etag token bounced bounce latitude longitude lat lng "
    "geo geocode photo image avatar logo picture follower followers visible "
    "visibility forecast guid revision version timestamp deleted disabled "
    "modifiedby archived merged duplicate converted konvertiert gewichteter "
    "gewichtet pondere ponderado ponderato gewogen sichtbar permission locked "
    "lock utc fiscal age inactive enrichment dirty anzahl nombre cantidad "
    "quantidade numero aantal zuletzt stall stalled rotten thumbnail rollup "
    "calculated formula hidden optimistic bouncing unread modstamp".split()
)
# All words of one of these say it.
_PHRASES = tuple(
    frozenset(one.split())
    for one in (
        "number activity",
        "number deal",
        "number contact",
        "number email",
        "number task",
        "number call",
        "number time",
        "number associated",
        "number note",
        "number sale",
        "total activity",
        "total deal",
        "total value",
        "total contact",
        "total email",
        "last activity",
        "next activity",
        "last contacted",
        "last contact",
        "last email",
        "last sent",
        "last call",
        "last viewed",
        "last referenced",
        "last login",
        "last task",
        "last note",
        "last seen",
        "last engagement",
        "last touch",
        "first touch",
        "last opened",
        "last clicked",
        "next task",
        "next date",
        "recent deal",
        "recent activity",
        "day stage",
        "day in",
        "day close",
        "day since",
        "day open",
        "age day",
        "time stage",
        "open deal",
        "won deal",
        "lost deal",
        "closed deal",
        "closed activity",
        "done activity",
        "open activity",
        "undone activity",
        "expected revenue",
        "expected value",
        "erwarteter umsatz",
        "last modified id",
        "modified by",
        "updated by",
        "geandert von",
        "modifie par",
        "modificado por",
        "modificato da",
        "gewijzigd door",
        "letzte aktivitat",
        "nachste aktivitat",
        "derniere activite",
        "prochaine activite",
        "ultima actividad",
        "proxima actividad",
        "ultima attivita",
        "laatste activiteit",
        "letzte email",
        "letzter kontakt",
        "erledigte aktivitaten",
        "erledigende aktivitaten",
        "sale duration",
        "cycle duration",
        "base currency",
        "company currency",
        "home currency",
        "phone type",
        "email type",
        "row checksum",
        "master record",
        "profile id",
        "role id",
        "is deleted",
        "is converted",
        "attachment id",
        "exchange rate",
        "wechselkurs",
    )
)


def is_internal(parts):
    """Whether the words of a header are those of a column kept by the system."""
    found = set(parts)
    return bool(found & _WORDS) or any(phrase <= found for phrase in _PHRASES)
