"""The small tables of an export: users, pipelines, stages, tags, custom fields."""

from . import words
from .layout import CUSTOM_FIELDS


def user_rows(world):
    """Rows of ``users``: every owner, and one who left and owns nothing."""
    for number, email in enumerate(world.owners, 1):
        yield {
            "user_id": f"U-{number}",
            "email": email,
            "full_name": email.split("@")[0].replace(".", " ").title(),
            "active": True,
        }
    yield {
        "user_id": f"U-{len(world.owners) + 1}",
        "email": "peter.gone@allegory-demo.example",
        "full_name": "Peter Gone",
        "active": False,
    }


def pipeline_rows(world):
    """Rows of ``pipelines``, in their order."""
    for number, (name, _stages) in enumerate(words.PIPELINES, 1):
        yield {"pipeline_id": f"PL-{number}", "name": name, "position": number}


def stages_of(pipeline):
    """``[(stage id, name, probability, colour)]`` of a pipeline by its 0-based index.

    The last one is the stage of the deals that were won.
    """
    _name, stages = words.PIPELINES[pipeline]
    return [
        (f"ST-{pipeline + 1}0{number}", *stage)
        for number, stage in enumerate(stages, 1)
    ]


def stage_rows(world):
    """Rows of ``stages``; the same name stands in several pipelines on purpose."""
    for pipeline in range(len(words.PIPELINES)):
        stages = stages_of(pipeline)
        for number, (stage_id, name, probability, color) in enumerate(stages, 1):
            yield {
                "stage_id": stage_id,
                "pipeline_id": f"PL-{pipeline + 1}",
                "name": name,
                "position": number,
                "probability": probability,
                "color": color,
                "is_won": number == len(stages),
            }


def tag_rows(world):
    """Rows of ``tags``; one name is a contact's tag and a deal's tag."""
    for applies_to, tags in words.TAGS.items():
        for name, color in tags:
            yield {"name": name, "applies_to": applies_to, "color": color}


def custom_field_rows(world):
    """Rows of ``custom_fields``: the definitions of the ``cf_`` columns."""
    for kind, fields in CUSTOM_FIELDS.items():
        for key, label, ttype, options in fields:
            yield {
                "object": kind,
                "key": key,
                "label": label,
                "type": ttype,
                "options": options,
            }
