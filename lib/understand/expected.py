"""Which values fit which meaning."""

# Words at the end of a meaning's name, and the shapes its values have; the first
# that fits counts.
_BY_ENDING = (
    (("email", "email2"), ("email",)),
    (("phone", "mobile", "fax", "phone2"), ("phone", "integer")),
    (("website",), ("url",)),
    (("linkedin",), ("url",)),
    (("_at", "_date", "birthday"), ("date",)),
    (
        ("amount", "annual_revenue", "probability", "score", "size"),
        ("number", "percent"),
    ),
    (("employee_count",), ("number", "list", "phone")),
    (("duration_minutes",), ("number", "date", "text")),
    (("position", "sequence"), ("integer",)),
    (("_id",), ("id", "list", "email")),
    (("currency",), ("currency", "word")),
    (("is_won", "is_primary", "active"), ("boolean", "word")),
    (("salutation",), ("salutation",)),
    (("country", "state", "city", "industry"), ("word", "text")),
    (("first_name", "last_name", "middle_name"), ("word",)),
    (("full_name", "contact_name"), ("word", "person", "text")),
    (("owner", "created_by", "author"), ("person", "email", "id")),
    (
        (
            *(
                "name",
                "job_title",
                "department",
                "stage",
                "pipeline",
                "source",
                "medium",
            ),
            *("campaign", "lost_reason", "subject", "street", "body", "description"),
            *("tags", "type", "deal_type", "next_step", "priority", "status", "role"),
        ),
        ("text", "word"),
    ),
)
# Values of which nothing but their own meanings consist.
_TELLING = ("email", "url", "date", "phone", "salutation", "uuid")


def expected_shapes(meaning):
    """The shapes that values of ``meaning`` have; empty where any will do."""
    for endings, shapes in _BY_ENDING:
        if any(meaning == one or meaning.endswith(one) for one in endings):
            return shapes
    return ()


def fitness(meaning, shape):
    """How well a column's values fit ``meaning``: 0 to 1, None where nothing tells.

    Rows with a priority or a status written as numbers fit as well.
    """
    names = expected_shapes(meaning)
    if not names or not shape.filled:
        return None
    share = shape.fits(names)
    if not {"text", "word"} & set(names):
        return share
    telling = max(shape.share(one) for one in _TELLING)
    if meaning.endswith(("priority", "status", "stage", "role", "type")):
        return 1 - telling
    return min(share, 1 - telling)
