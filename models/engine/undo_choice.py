"""What is to become of records that a rollback cannot just remove."""

from dataclasses import dataclass, fields

LEAVE, ARCHIVE, FORCE = "leave", "archive", "force"


@dataclass(frozen=True)
class Choices:
    """One choice for each kind of reason for which a record would stay.

    :param changed: users have changed it since
    :param added: users have added something to it, such as a message
    :param needed: a record that is not taken back refers to it; what a migrated
        record that stays refers to is never forced
    :param refused: Odoo does not let it be deleted; that cannot be forced
    """

    changed: str = LEAVE
    added: str = LEAVE
    needed: str = LEAVE
    refused: str = LEAVE

    @classmethod
    def of(cls, options):
        """The choices in the ``options`` of a run; ``force`` forces all that can be."""
        names = [field.name for field in fields(cls)]
        chosen = {name: options[name] for name in names if options.get(name)}
        if options.get("force"):
            forced = dict.fromkeys(names, FORCE)
            forced.pop("refused")
            chosen = {**forced, **chosen}
        return cls(**chosen)

    def archives(self, reason):
        """Whether what would stay for ``reason`` is archived."""
        return getattr(self, reason or "", LEAVE) == ARCHIVE

    def forces(self, reason):
        """Whether what would stay for ``reason`` is removed nevertheless."""
        return getattr(self, reason, LEAVE) == FORCE
