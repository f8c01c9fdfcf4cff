"""What :mod:`.arkcase_export` has as files, as the objects of a fake ArkCase."""

from .arkcase_export import LETTER

_MODEL = "com.armedia.acm.plugins"
BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process id="approve" name="Approval" isExecutable="true">
    <startEvent id="start" name="Complaint created"/>
    <userTask id="review" name="Review the complaint"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
  </process>
</definitions>"""


def fill(server):
    """Put the world on ``server``."""
    people = _people(server)
    _cases(server, people)
    _work(server)
    _files(server)
    server.workflows.append(
        {"id": 1, "key": "approve", "name": "Approval", "version": 1, "active": True}
    )
    server.definitions["approve"] = BPMN


def _index(server, number, kind, **more):
    server.docs.append(
        {
            "id": f"{number}-{kind}",
            "object_id_s": str(number),
            "object_id_i": number,
            "object_type_s": kind,
            "modified_date_tdt": "2021-03-05T14:07:31Z",
            "hidden_b": False,
            **more,
        }
    )


def _people(server):
    for key, name, mail, state in (
        ("ann-acm", "Anna Berg", "anna@example.com", "VALID"),
        ("gone-acm", "Gone Away", "gone@example.com", "INVALID"),
    ):
        server.docs.append(
            {
                "id": f"{key}-USER",
                "object_id_s": key,
                "object_type_s": "USER",
                "name": name,
                "name_lcs": name,
                "email_lcs": mail,
                "status_lcs": state,
            }
        )
    acme = {
        "organizationId": 77,
        "organizationValue": "Acme",
        "organizationType": "Government",
        "contactMethods": [{"id": 1, "type": "url", "value": "acme.example"}],
        "industry": "Water",
        "employeeCount": 120,
        "parentOrganization": None,
        "objectType": "ORGANIZATION",
    }
    beta = {
        "organizationId": 78,
        "organizationValue": "Beta Works",
        "organizationType": "Corporation",
        "addresses": [{"id": 4, "city": "Oslo", "country": "NOO"}],
        "parentOrganization": acme,
    }
    personal = {"id": 21, "type": "email", "value": "ana@example.net"}
    business = {"id": 22, "type": "email", "value": "ana.ruiz@work.example"}
    phone = {"id": 23, "type": "phone", "value": "+1 703 555 0100"}
    home = {
        "id": 9,
        "type": "Home",
        "streetAddress": "1 Elm St",
        "city": "Reston",
        "state": "VA",
        "zip": "20190",
        "country": "US",
    }
    ana = {
        "id": 101,
        "title": "ms",
        "givenName": "Ana",
        "middleName": None,
        "familyName": "Ruiz",
        "status": "ACTIVE",
        "created": "2021-03-05T14:07:31.482Z",
        "creator": "ann-acm",
        "modified": "2021-03-05T14:07:31.482Z",
        "contactMethods": [business, personal, phone],
        "defaultEmail": personal,
        "addresses": [home],
        "defaultAddress": home,
        "badgeNumber": "B-7",
        "className": "gov.city.model.CityPerson",
        "objectType": "PERSON",
    }
    links = [
        {
            "id": number,
            "person": ana,
            "organization": organization,
            "personToOrganizationAssociationType": role,
            "defaultOrganization": organization is acme,
        }
        for number, organization, role in ((5, acme, "employee"), (6, beta, "partner"))
    ]
    ana.update(organizationAssociations=links, defaultOrganization=links[0])
    acme["personAssociations"] = [links[0]]
    bo = {
        "id": 102,
        "title": "mr",
        "givenName": "Bo",
        "familyName": "Lind",
        "status": "ACTIVE",
        "created": "2021-03-06T09:00:00.000Z",
        "contactMethods": [{"id": 31, "type": "email", "value": "bo@example.net"}],
        "addresses": [{"id": 12, "state": "ONN", "country": "CA"}],
        "badgeNumber": None,
        "className": "gov.city.model.CityPerson",
    }
    for one in (acme, beta):
        number = one["organizationId"]
        _index(server, number, "ORGANIZATION", name=one["organizationValue"])
        server.details[f"plugin/organizations/{number}"] = one
    _index(server, 101, "PERSON", name="Ana Ruiz", organization_id_ss=["77", "78"])
    _index(server, 102, "PERSON", name="Bo Lind")
    for one in (ana, bo):
        server.details[f"plugin/people/{one['id']}"] = one
    return ana, bo


def _participants(user, group=None):
    found = [
        {"id": 1, "participantType": "*", "participantLdapId": "*"},
        {"id": 2, "participantType": "assignee", "participantLdapId": user},
    ]
    if group:
        found.append({"participantType": "owning group", "participantLdapId": group})
    return found


def _cases(server, people):
    ana, bo = people
    first = {"id": 1, "personType": "Initiator", "person": ana}
    case = {
        "id": 364,
        "personAssociations": [first],
        "originator": first,
        "caseNumber": "20210305_364",
        "caseType": "Pollution",
        "title": "Water main",
        "status": "ACTIVE",
        "priority": "High",
        "details": "<p>The <b>main</b> broke</p>",
        "closed": None,
        "created": "2021-03-05T14:07:31.482Z",
        "creator": "ann-acm",
        "participants": _participants("ann-acm", "LEGAL"),
        "className": f"{_MODEL}.casefile.model.CaseFile",
    }
    closed = {
        **case,
        "id": 365,
        "originator": {"id": 9, "personType": "Initiator", "person": bo},
        "personAssociations": [],
        "caseNumber": "20210305_365",
        "title": "Old bridge",
        "status": "CLOSED",
        "priority": "Low",
        "details": None,
        "closed": "2020-06-30T16:00:00.000Z",
        "created": "2020-01-02T08:00:00.000Z",
        "creator": "gone-acm",
        "participants": _participants("gone-acm"),
    }
    request = {
        **case,
        "id": 500,
        "personAssociations": [],
        "originator": {"id": 8, "personType": "Requester", "person": ana},
        "caseNumber": "20210501_500",
        "title": "Contracts 2020",
        "queue": {"id": 3, "name": "Fulfill", "displayOrder": 3},
        "requestType": "New Request",
        "receivedDate": "2021-05-01T10:00:00.000Z",
        "dueDate": "2021-06-01T00:00:00.000Z",
        "dispositionValue": "Partial Grant",
        "exemptionCodes": ["b(5)", "b(6)"],
        "className": "gov.foia.model.FOIARequest",
    }
    for one in (case, closed, request):
        more = {"object_sub_type_s": "FOIA_REQUEST"} if one is request else {}
        _index(server, one["id"], "CASE_FILE", status_lcs=one["status"], **more)
        server.details[f"plugin/casefile/byId/{one['id']}"] = one
    # Of all cases, this account may not see one, and one is deleted.
    _index(server, 366, "CASE_FILE", name="20210305_366", status_lcs="ACTIVE")
    server.details["plugin/casefile/byId/366"] = {**case, "id": 366}
    server.forbidden.add("plugin/casefile/byId/366")
    _index(server, 999, "CASE_FILE", status_lcs="DELETED")
    server.details["plugin/complaint/byId/12"] = {
        "complaintId": 12,
        "complaintNumber": "20210401_12",
        "complaintTitle": "Noise at night",
        "complaintType": "Local",
        "subcategory": "Noise",
        "tag": "Urgent",
        "status": "DRAFT",
        "priority": "Expedite",
        "originator": {"id": 7, "personType": "Initiator", "person": bo},
        "participants": _participants("ann-acm"),
        "created": "2021-04-01T07:30:00.000Z",
        "className": f"{_MODEL}.complaint.model.Complaint",
    }
    _index(server, 12, "COMPLAINT", name="20210401_12", status_lcs="DRAFT")
    for number, parent, kind, child, role in (
        (1, 364, "PERSON", 101, "Initiator"),
        (2, 364, "PERSON", 102, "Witness"),
        (3, 364, "ORGANIZATION", 78, "Wrongdoer"),
        (4, 500, "PERSON", 102, "Other"),
    ):
        _index(
            server,
            number,
            f"{kind}-ASSOCIATION",
            child_id_s=str(child),
            child_type_s=kind,
            type_lcs=role,
            parent_id_s=str(parent),
            parent_type_s="CASE_FILE",
        )


def _work(server):
    for number, kind, parent, title, more in (
        (9, "CASE_FILE", 364, "Call the city", {"details": "<p>Ask</p>"}),
        (10, "COMPLAINT", 12, "Measure", {"taskFinishedDate": "2021-04-04"}),
        (11, "CASE_FILE", 999, "Of a deleted case", {}),
        (13, "TASK", 9, "Of a task", {}),
    ):
        _index(server, number, "TASK", name=title, status_lcs="ACTIVE")
        server.details[f"plugin/task/byId/{number}"] = {
            "taskId": number,
            "title": title,
            "parentObjectType": kind,
            "parentObjectId": parent,
            "priority": "High",
            "status": "CLOSED" if number == 10 else "ACTIVE",
            "dueDate": "2099-04-01T12:00:00.000Z",
            "createDate": "2021-03-06T10:00:00.000Z",
            "assignee": None if number == 10 else "ann-acm",
            "owner": "ann-acm",
            "adhocTask": True,
            **more,
        }
    for number, kind, parent, author, text, moment in (
        (21, "CASE_FILE", 364, "ann-acm", "<p>Spoke to <i>Ana</i></p>", "07T11:00:00Z"),
        (22, "PERSON", 102, "gone-acm", "Moved away", "08T11:00:00Z"),
    ):
        _index(
            server,
            number,
            "NOTE",
            parent_type_s=kind,
            parent_object_id_i=parent,
            description_parseable=text,
            author=author,
            create_date_tdt=f"2021-03-{moment}",
        )
    server.calendars.append({"calendarId": "c", "objectType": "CASE_FILE"})
    server.calendars[0].update(objectId=364, name="20210305_364")
    people = (
        ("Ana Ruiz", "ana@example.net", "ACCEPTED"),
        ("Eve New", "eve@example.net", "DECLINED"),
        ("Anna Berg", "anna@example.com", "ORGANIZER"),
    )
    server.events.append(
        {
            "eventId": "e1",
            "objectType": "CASE_FILE",
            "objectId": 364,
            "subject": "Hearing",
            "start": "2021-03-10 14:00:00+01:00",
            "end": "2021-03-10 15:30:00+01:00",
            "allDayEvent": False,
            "location": "Room 3B",
            "attendees": [
                {"displayName": name, "email": mail, "status": status}
                for name, mail, status in people
            ],
        }
    )


def _files(server):
    for number, parent, name, extension, mimetype, content, moment in (
        (31, 364, "Letter 1", ".pdf", "application/pdf", LETTER, "2021-03-07T12:00:00"),
        (32, 500, "Answer", ".txt", "text/plain", b"answer", "2021-05-20T09:00:00"),
    ):
        _index(server, number, "FILE", name=f"{name}{extension}")
        server.details[f"service/ecm/file/{number}"] = {
            "fileId": number,
            "fileName": name,
            "fileActiveVersionNameExtension": extension,
            "fileActiveVersionMimeType": mimetype,
            "activeVersionTag": "1.0",
            "versions": [{"versionTag": "1.0", "fileSizeBytes": len(content)}],
            "container": {
                "containerObjectType": "CASE_FILE",
                "containerObjectId": parent,
            },
            "folder": {"name": "Letters", "parentFolder": {"name": "ROOT"}},
            "created": f"{moment}.000Z",
            "creator": "ann-acm",
        }
        server.files[number] = (f"{name}{extension}", mimetype, content)
