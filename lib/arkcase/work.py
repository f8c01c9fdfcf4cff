"""Tasks, notes, meetings, parties, users and workflow definitions."""

from .cases import PRIMARY_ROLES, role_key
from .values import entries, joined, others

_TASK = frozenset(
    "taskId title priority dueDate createDate taskStartDate taskFinishedDate assignee "
    "owner status completed details type attachedToObjectType attachedToObjectId "
    "attachedToObjectName parentObjectId parentObjectType parentObjectTitle "
    "parentObjectName businessProcessName businessProcessId adhocTask percentComplete "
    "outcomeName taskOutcome availableOutcomes participants container childObjects "
    "references candidateGroups taskDurationInMillis reworkInstructions "
    "documentUnderReview documentsToReview nextAssignee pendingStatus "
    "workflowRequestType workflowRequestId buckslipTask buckslipPastApprovers "
    "buckslipFutureApprovers buckslipFutureTasks reviewDocumentPdfRenditionId "
    "reviewDocumentFormXmlId legacySystemId".split()
)
# What attendees answered, in the words of Odoo; whoever invites comes.
_ANSWERS = {"none": "pending", "organizer": "accepted"}
_DONE = ("closed", "complete", "completed", "terminated")


def shape_task(record):
    """One row of a task; ``done`` where it is closed, whatever closed it.

    A task that workflows gave to a group only has no assignee.
    """
    status = (record.get("status") or "").casefold()
    finished = record.get("taskFinishedDate")
    yield {
        "task_id": record.get("taskId"),
        "related_type": record.get("parentObjectType")
        or record.get("attachedToObjectType"),
        "related_id": record.get("parentObjectId") or record.get("attachedToObjectId"),
        "title": record.get("title"),
        "details": record.get("details"),
        "priority": record.get("priority"),
        "status": record.get("status"),
        "done": bool(record.get("completed") or finished or status in _DONE),
        "due_date": record.get("dueDate"),
        "start_date": record.get("taskStartDate"),
        "finished_at": finished,
        "assignee": record.get("assignee"),
        "created_at": record.get("createDate"),
        "created_by": record.get("owner"),
        "task_type": record.get("type"),
        "percent_complete": record.get("percentComplete"),
        "outcome": record.get("outcomeName"),
        "business_process": record.get("businessProcessName"),
        "candidate_groups": "; ".join(record.get("candidateGroups") or ()) or None,
        "rework_instructions": record.get("reworkInstructions"),
        **others(record, _TASK),
    }


def shape_note(document):
    """One row of a note, from its document in the search index."""
    yield {
        "note_id": _id(document),
        "related_type": document.get("parent_type_s"),
        "related_id": document.get("parent_object_id_i") or document.get("parent_id_s"),
        "note_type": document.get("type_lcs"),
        "body": document.get("description_parseable")
        or document.get("title_parseable"),
        "author": document.get("author") or document.get("creator_lcs"),
        "created_at": document.get("create_date_tdt"),
        "updated_at": document.get("modified_date_tdt"),
    }


def shape_party(document):
    """One row of a person's or organization's role in a case, from its document."""
    role = document.get("type_lcs")
    person = document.get("child_type_s") != "ORGANIZATION"
    yield {
        "party_id": document.get("id"),
        "related_type": document.get("parent_type_s"),
        "related_id": document.get("parent_id_s"),
        "party_type": "PERSON" if person else "ORGANIZATION",
        "party": document.get("child_id_s"),
        "role": role,
        "is_primary": person and role_key(role) in PRIMARY_ROLES,
        "notes": document.get("notes_no_html_tags_parseable")
        or document.get("description_parseable"),
        "updated_at": document.get("modified_date_tdt"),
    }


def shape_event(record):
    """One row of a calendar event; times carry their zone."""
    attendees, organizer = [], None
    for one in entries(record, "attendees"):
        answer = (one.get("status") or "none").casefold()
        if answer == "organizer":
            organizer = one.get("email")
        attendees.append(
            {
                "name": one.get("displayName"),
                "email": one.get("email"),
                "status": _ANSWERS.get(answer, answer),
            }
        )
    repeats = record.get("recurrenceDetails") or {}
    kind = repeats.get("recurrenceType")
    yield {
        "event_id": record.get("eventId"),
        "related_type": record.get("objectType"),
        "related_id": record.get("objectId"),
        "subject": record.get("subject"),
        "start": record.get("start"),
        "end": record.get("end"),
        "all_day": record.get("allDayEvent"),
        "location": record.get("location"),
        "details": record.get("details"),
        "attendees": attendees,
        "organizer": organizer,
        "sensitivity": record.get("sensitivity"),
        "priority": record.get("priority"),
        "recurrence": kind if kind != "ONLY_ONCE" else None,
        "files": joined(one.get("fileName") for one in entries(record, "files")),
    }


def shape_user(document):
    """One row of a user, from its document in the search index or its profile."""
    if "userId" in document:
        state = document.get("userState") or "VALID"
        yield {
            "user_id": document["userId"],
            "full_name": document.get("fullName"),
            "email": document.get("email") or document.get("mail"),
            "active": state == "VALID",
            "status": state,
        }
        return
    state = document.get("status_lcs")
    yield {
        "user_id": document.get("object_id_s"),
        "full_name": document.get("name"),
        "email": document.get("email_lcs"),
        "active": state == "VALID",
        "status": state,
    }


def shape_workflow(record):
    """One row of a workflow definition; ``definition`` is its BPMN, read apart."""
    yield {
        "workflow_id": record.get("id"),
        "name": record.get("name") or record.get("key"),
        "trigger": None,
        "conditions": None,
        "actions": None,
        "active": record.get("active"),
        "definition": record.get("definition"),
        "key": record.get("key"),
        "version": record.get("version"),
        "description": record.get("description"),
        "file_name": record.get("fileName"),
    }


def _id(document):
    return document.get("object_id_i") or document.get("object_id_s")
