"""One line of a mapping, as it is compiled."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

KINDS = (
    "direct",
    "transformed",
    "value_mapping",
    "reference",
    "related",
    "lookup",
    "owner",
    "constant",
    "custom_field_required",
    "ignored",
)
PLURAL_TYPES = ("many2many", "one2many")
# Names a reference's line may have as its conversion.
FIRST_OF_LIST = "first_of_list"


class NaturalKey(NamedTuple):
    """Resolver of a reference that goes by something else than the record's id.

    :param object: name of the object referred to
    :param by: what the two have in common, see :data:`lib.values.keys.KEYS`
    :param column: the object's column that has it
    """

    object: str
    by: str
    column: str


@dataclass
class FieldSpec:
    """One line of a mapping, with what is known about its target.

    :param source: column of the payload; ``a + b`` joins several by a space,
        a dotted path goes into nested values
    :param target: field of the Odoo model, or a name its loader understands
    :param kind: one of :data:`KINDS`
    :param ttype: Odoo field type of the target, which picks the conversion
    :param transform: name in :data:`TRANSFORMS`, overrides the one of the type
    :param params: what the conversion needs: ``order``, ``decimal``, ``tz``,
        ``excel``, ``separators``
    :param values: value map ``{match_key(source value): target value}``; a target
        of None leaves the field empty. What a look-up has one for is looked up by
        the target instead.
    :param allowed: keys a selection field accepts
    :param labels: ``{match_key(label): key}`` of these; a label stands for its key
    :param resolver: name of what resolves the reference: a string, a
        :class:`NaturalKey`, or a dict ``{"path": column, "map": {value: resolver}}``
        when a column says which
    :param row_key: ``callable(payload)`` giving the id of a record that was made
        from the same row, in place of the column
    :param on_missing: for a value that cannot be used: ``fail`` the record, or leave
        the field ``empty`` with a warning
    :param required: the target needs a value; a required owner is asked for even
        where the column is empty, which is what a fallback user is for
    :param normalise: whether references are looked up by ``match_key``
    """

    target: str
    source: str = ""
    kind: str = "direct"
    ttype: str = "char"
    transform: str = ""
    params: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    allowed: frozenset = frozenset()
    labels: dict = field(default_factory=dict)
    resolver: Any = None
    row_key: Any = None
    on_missing: str = "fail"
    normalise: bool = False
    required: bool = False
    size: int = 0
    constant: object = None
