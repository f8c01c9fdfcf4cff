"""Case files, complaints and FOIA requests."""

from .values import HISTORY, address, entries, history, joined, others, participants

# Roles of the person a case comes from, best first.
PRIMARY_ROLES = ("requester", "initiator", "complaintant", "complainant")

_COMMON = HISTORY | frozenset(
    "id personAssociations associationsFromObjects originator acmObjectOriginator "
    "organizationAssociations participants childObjects references container status "
    "priority details incidentDate dueDate disposition legacySystemId "
    "ecmFolderId".split()
)
_CASE = _COMMON | frozenset(
    "caseNumber caseType title closed caseDetailsSummary milestones queue "
    "previousQueue changeCaseStatus queueEnterDate".split()
)
_FOIA = _CASE | frozenset(
    "receivedDate requestType dispositionValue exemptionCodes".split()
)
_COMPLAINT = _COMMON | frozenset(
    "complaintId complaintNumber complaintType complaintTitle addresses "
    "defaultAddress tag frequency category subcategory".split()
)


def shape_case(record):
    """One row of a case file."""
    yield {**_case(record), **others(record, _CASE)}


def shape_foia_request(record):
    """One row of a FOIA request: a case file with properties of its own."""
    row = _case(record)
    row.update(
        request_id=row.pop("case_id"),
        request_number=row.pop("case_number"),
        received_date=record.get("receivedDate"),
        request_type=record.get("requestType"),
        response_status=record.get("dispositionValue"),
        exemption_codes="; ".join(_texts(record.get("exemptionCodes"))) or None,
    )
    yield {**row, **others(record, _FOIA)}


def shape_complaint(record):
    """One row of a complaint. Its id is not called ``id``."""
    disposition = record.get("disposition") or {}
    yield {
        "complaint_id": record.get("complaintId"),
        "complaint_number": record.get("complaintNumber"),
        "title": record.get("complaintTitle"),
        "category": record.get("category") or record.get("complaintType"),
        "subcategory": record.get("subcategory"),
        "tag": record.get("tag"),
        "frequency": record.get("frequency"),
        **_common(record),
        **address(record),
        "closed_at": disposition.get("closeDate"),
        "disposition": disposition.get("dispositionType"),
        **others(record, _COMPLAINT),
    }


def _case(record):
    queue = record.get("queue") or {}
    return {
        "case_id": record.get("id"),
        "case_number": record.get("caseNumber"),
        "title": record.get("title"),
        "case_type": record.get("caseType"),
        **_common(record),
        "closed_at": record.get("closed"),
        "disposition": record.get("disposition"),
        "summary": record.get("caseDetailsSummary"),
        "queue": queue.get("name"),
        "queue_entered_at": record.get("queueEnterDate"),
        "milestones": joined(
            f"{one.get('milestoneName')}: {one.get('milestoneDate')}"
            for one in entries(record, "milestones")
        ),
    }


def _common(record):
    return {
        "status": record.get("status"),
        "priority": record.get("priority"),
        "details": record.get("details"),
        "incident_date": record.get("incidentDate"),
        "due_date": record.get("dueDate"),
        "person_id": _originator(record),
        "legacy_id": record.get("legacySystemId"),
        **participants(record),
        **history(record),
    }


def _originator(record):
    """Id of the person the case comes from; None where nobody is said to be it."""
    found = record.get("originator") or record.get("acmObjectOriginator")
    if not found:
        people = entries(record, "personAssociations")
        people += entries(record, "associationsFromObjects")
        by_role = {role_key(one.get("personType")): one for one in reversed(people)}
        found = next((by_role[role] for role in PRIMARY_ROLES if role in by_role), {})
    return (found.get("person") or {}).get("id")


def role_key(name):
    """A role as it is compared."""
    return (name or "").strip().casefold()


def _texts(values):
    return [str(one) for one in values or () if not isinstance(one, (dict, list))]
