from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Step:
    """One thing a workflow does, or waits for.

    :param kind: the definition's own word for it, e.g. ``userTask``
    :param details: who does it, or what it carries out, as the definition says
    """

    name: str
    kind: str = ""
    details: str = ""


@dataclass(frozen=True)
class Automation:
    """A workflow as far as its definition tells; empty where it says nothing.

    :param active: None where the source does not say
    """

    name: str = ""
    trigger: str = ""
    conditions: tuple = ()
    actions: tuple = ()
    active: bool | None = None
    steps: tuple = ()

    def as_dict(self):
        """The same as plain JSON."""
        return {
            **asdict(self),
            "conditions": list(self.conditions),
            "actions": list(self.actions),
            "steps": [asdict(step) for step in self.steps],
        }
