"""What ArkCase answers, as flat rows; knows neither Odoo nor HTTP.

Every shape takes a resolved document (no ``@ref`` left, see :mod:`lib.jsog`) of the
current API or of a release before it, and yields dicts whose columns are those of
``data/arkcase``. A property that no shape knows is kept under its own name, in lower
case with underscores: that is how installations extend their objects.
"""

from .cases import shape_case, shape_complaint, shape_foia_request
from .files import shape_file
from .people import shape_associations, shape_organization, shape_person
from .solr import Query, documents
from .work import (
    shape_event,
    shape_note,
    shape_party,
    shape_task,
    shape_user,
    shape_workflow,
)

# Table → what makes rows of its records.
SHAPES = {
    "automation": shape_workflow,
    "case": shape_case,
    "company": shape_organization,
    "complaint": shape_complaint,
    "contact": shape_person,
    "contact_company": shape_associations,
    "file": shape_file,
    "foia_request": shape_foia_request,
    "meeting": shape_event,
    "note": shape_note,
    "party": shape_party,
    "task": shape_task,
    "user": shape_user,
}

__all__ = ["SHAPES", "Query", "documents"]
