"""Shapes of ArkCase, on documents of today's API and of releases before it."""

import json
from pathlib import Path

import pytest

from lib import arkcase
from lib.arkcase.solr import last_id
from lib.errors import Problem

LEGACY = Path(__file__).parents[1] / "data" / "arkcase"


def rows(table, record):
    return list(arkcase.SHAPES[table](record))


def row(table, record):
    (found,) = rows(table, record)
    return found


def legacy(name):
    return json.loads((LEGACY / f"legacy2014_{name}.json").read_text())


def person(**more):
    """Ana, with her default ways to be reached listed second."""
    emails = [
        {"type": "email", "subType": "Business", "value": "ana@work.example.com"},
        {"type": "email", "subType": "Personal", "value": "ana@example.com"},
    ]
    homes = [
        {"type": "Business", "streetAddress": "2 Oak St", "city": "Oslo"},
        {"type": "Home", "streetAddress": "1 Elm St", "city": "Toronto"},
    ]
    homes[0].update(country="NOO", state=None, zip="0150")
    homes[1].update(country="CA", state="ONN", zip="M5V")
    acme = {"organizationId": 77, "organizationValue": "Acme"}
    other = {"organizationId": 78, "organizationValue": "Beta"}
    record = {
        "id": 101,
        "title": "ms",
        "givenName": "Ana",
        "middleName": None,
        "familyName": "Ruiz",
        "status": "ACTIVE",
        "contactMethods": [*emails, {"type": "phone", "value": "+1 703 555 0100"}],
        "defaultEmail": emails[1],
        "addresses": homes,
        "defaultAddress": homes[1],
        "className": "com.armedia.acm.plugins.person.model.Person",
        "objectType": "PERSON",
        "created": "2021-03-05T14:07:31.482Z",
        "creator": "ann-acm",
        **more,
    }
    record["organizationAssociations"] = [
        {
            "id": 5,
            "person": record,
            "organization": other,
            "personToOrganizationAssociationType": "partner",
            "defaultOrganization": False,
        },
        {
            "id": 6,
            "person": record,
            "organization": acme,
            "personToOrganizationAssociationType": "employee",
            "defaultOrganization": True,
        },
    ]
    record["defaultOrganization"] = record["organizationAssociations"][1]
    return record


def test_person_has_the_default_of_each_way_to_be_reached_and_keeps_the_others():
    found = row("contact", person())
    assert found["person_id"] == 101
    assert found["full_name"] == "Ana Ruiz"
    assert found["email"] == "ana@example.com"
    assert found["other_emails"] == "ana@work.example.com (Business)"
    assert found["phone"] == "+1 703 555 0100"
    assert found["street"] == "1 Elm St"
    assert found["created_by"] == "ann-acm"


def test_keys_of_norway_and_ontario_become_their_codes():
    found = row("contact", person())
    assert found["state"] == "ON"
    assert found["other_addresses"] == "Business: 2 Oak St, Oslo, 0150, NO"
    assert row("company", {"addresses": [{"country": "NOO"}]})["country"] == "NO"


def test_person_belongs_to_its_default_organization_in_a_graph_with_cycles():
    assert row("contact", person())["organization_id"] == 77
    links = rows("contact_company", person())
    assert [(one["organization_id"], one["is_primary"]) for one in links] == [
        (78, False),
        (77, True),
    ]
    assert links[1]["role"] == "employee"


def test_default_organization_is_told_by_its_flag_as_well():
    record = person()
    record["defaultOrganization"] = None
    assert row("contact", record)["organization_id"] == 77


def test_person_without_any_list_is_a_row():
    found = row("contact", {"id": 1, "givenName": None, "contactMethods": None})
    assert found["full_name"] is None
    assert found["email"] is None
    assert rows("contact_company", {"id": 1}) == []


def test_properties_of_an_extended_class_are_columns():
    record = person(badgeNumber="B-7", vipLevel=3, nested={"a": 1}, flags=["x", "y"])
    found = row("contact", record)
    assert found["badge_number"] == "B-7"
    assert found["vip_level"] == 3
    assert found["flags"] == "x; y"
    assert "nested" not in found
    assert not {"class_name", "object_type", "@id"} & set(found)


def test_person_of_an_earlier_release_is_read_from_its_types():
    found = row("contact", legacy("person"))
    assert found["email"] == "john.doe@gmail.com"
    assert found["phone"] == "123-456-7890"
    assert found["city"] == "Peoria"
    assert found["aliases"] == "Nick"
    assert found["hair_color"] == "white"
    assert rows("contact_company", legacy("person"))[0]["organization_id"] == 2286


def test_organization_has_an_id_of_another_name_and_its_parent():
    found = row(
        "company",
        {
            "organizationId": 78,
            "organizationValue": "Beta",
            "parentOrganization": {"organizationId": 77},
            "identifications": [
                {"identificationType": "EIN", "identificationNumber": "12-3"}
            ],
        },
    )
    assert found["organization_id"] == 78
    assert found["name"] == "Beta"
    assert found["parent_organization_id"] == 77
    assert found["identifications"] == "EIN: 12-3"


def case(**more):
    association = {"personType": "Initiator", "person": {"id": 101}}
    return {
        "id": 364,
        "personAssociations": [association],
        "originator": association,
        "caseNumber": "20210305_364",
        "title": "Water",
        "status": "ACTIVE",
        "participants": [
            {"participantType": "*", "participantLdapId": "*"},
            {"participantType": "owning group", "participantLdapId": "LEGAL"},
            {"participantType": "assignee", "participantLdapId": "ann-acm"},
            {"participantType": "co-owner", "participantLdapId": "bob-acm"},
        ],
        "milestones": [{"milestoneName": "Filed", "milestoneDate": "2021-04-01"}],
        "queue": {"id": 1, "name": "Intake"},
        "container": {"id": 1},
        **more,
    }


def test_assignee_of_a_case_is_a_participant():
    found = row("case", case())
    assert found["assignee"] == "ann-acm"
    assert found["owning_group"] == "LEGAL"
    assert found["participants"] == "co-owner: bob-acm"


def test_default_participant_is_nobody():
    everybody = [{"participantType": "assignee", "participantLdapId": "*"}]
    assert row("case", case(participants=everybody))["assignee"] is None


def test_case_has_its_originator_milestones_and_queue():
    found = row("case", case())
    assert found["person_id"] == 101
    assert found["milestones"] == "Filed: 2021-04-01"
    assert found["queue"] == "Intake"


def test_case_of_an_extended_class_keeps_its_properties():
    found = row("case", case(courtroomName="3B", permitClass="C", permitFee=12.5))
    assert found["courtroom_name"] == "3B"
    assert found["permit_class"] == "C"
    assert found["permit_fee"] == 12.5


def test_case_of_an_earlier_release_has_no_originator_but_a_complainant():
    found = row("case", legacy("casefile_by_id"))
    assert found["case_id"] == 4893
    assert found["person_id"] == 2894
    assert found["created_at"] == "2014-11-18T13:09:29.250+0000"


def test_complaint_has_an_id_and_a_title_of_its_own():
    found = row("complaint", legacy("complaint_by_id"))
    assert found["complaint_id"] == 2190
    assert found["title"] == "falling fire is coming  tree"
    assert found["category"] == "Agricultural"
    assert found["person_id"] == 2192


def test_closed_complaint_is_closed_on_the_day_of_its_disposition():
    closed = {"closeDate": "2021-06-01", "dispositionType": "no_action"}
    found = row("complaint", {"complaintId": 1, "disposition": closed})
    assert (found["closed_at"], found["disposition"]) == ("2021-06-01", "no_action")


def test_foia_request_has_what_a_case_has_and_its_own():
    found = row(
        "foia_request",
        case(
            requestType="New Request",
            receivedDate="2021-03-01T10:00:00.000Z",
            dispositionValue="Partial Grant",
            expediteFlag=True,
            requestSubType="FOIA",
            exemptionCodes=["b(5)", "b(6)"],
        ),
    )
    assert found["request_id"] == 364
    assert found["request_number"] == "20210305_364"
    assert found["request_type"] == "New Request"
    assert found["response_status"] == "Partial Grant"
    assert found["request_sub_type"] == "FOIA"
    assert found["expedite_flag"] is True
    assert found["exemption_codes"] == "b(5); b(6)"
    assert not {"case_id", "case_number"} & set(found)


def test_task_hangs_on_its_parent_or_on_what_it_is_attached_to():
    found = row("task", legacy("task_by_id"))
    assert (found["related_type"], found["related_id"]) == ("COMPLAINT", 2835)
    assert found["assignee"] == "samuel-acm"
    assert found["done"] is False
    parent = {"parentObjectType": "CASE_FILE", "parentObjectId": 7, "taskId": 1}
    assert row("task", parent)["related_id"] == 7


@pytest.mark.parametrize(
    "record", [{"status": "CLOSED"}, {"completed": True}, {"status": "TERMINATED"}]
)
def test_task_is_done_whatever_closed_it(record):
    assert row("task", record)["done"] is True


def test_file_has_its_extension_folder_and_checksum():
    record = {
        "fileId": 12,
        "fileName": "Report",
        "fileActiveVersionNameExtension": ".pdf",
        "fileActiveVersionMimeType": "application/pdf",
        "activeVersionTag": "2.0",
        "versions": [
            {"versionTag": "1.0", "fileSizeBytes": 1, "fileHash": "b" * 40},
            {"versionTag": "2.0", "fileSizeBytes": 9, "fileHash": "A" * 32},
        ],
        "folder": {
            "name": "Letters",
            "parentFolder": {"name": "In", "parentFolder": {"name": "ROOT"}},
        },
        "container": {"containerObjectType": "CASE_FILE", "containerObjectId": 364},
    }
    found = row("file", record)
    assert found["file_name"] == "Report.pdf"
    assert found["path"].endswith("/plugin/ecm/download?inline=false&ecmFileId=12")
    assert found["folder"] == "In/Letters"
    assert (found["size"], found["md5"], found["sha1"]) == (9, "a" * 32, None)
    assert (found["related_type"], found["related_id"]) == ("CASE_FILE", 364)


def test_file_of_an_earlier_release_keeps_the_extension_it_has():
    found = row("file", legacy("ecmfile"))
    assert found["file_name"] == "acmDocumentWorkflow.bpmn20_29042015093459926.xml"
    assert found["mime_type"] == "text/xml"
    assert found["folder"] is None
    assert found["related_id"] == 2961


def test_event_has_its_attendees_with_their_answers():
    event = {
        "eventId": "e1",
        "objectType": "CASE_FILE",
        "objectId": 364,
        "start": "2021-03-05 14:00:00+01:00",
        "attendees": [
            {"displayName": "Ann", "email": "ann@example.com", "status": "ORGANIZER"},
            {"displayName": "Bo", "email": "bo@example.com", "status": "DECLINED"},
        ],
        "recurrenceDetails": {"recurrenceType": "ONLY_ONCE"},
    }
    found = row("meeting", event)
    assert found["organizer"] == "ann@example.com"
    assert found["attendees"][0]["status"] == "accepted"
    assert found["attendees"][1] == {
        "name": "Bo",
        "email": "bo@example.com",
        "status": "declined",
    }
    assert found["recurrence"] is None


def test_note_party_and_user_are_read_from_the_index():
    note = {
        "object_id_i": 3,
        "parent_type_s": "CASE_FILE",
        "parent_object_id_i": 364,
        "description_parseable": "<p>Called</p>",
        "author": "ann-acm",
        "create_date_tdt": "2021-03-05T14:07:31Z",
    }
    assert row("note", note)["body"] == "<p>Called</p>"
    party = {"child_id_s": "101", "child_type_s": "PERSON", "type_lcs": "Witness"}
    assert row("party", party)["is_primary"] is False
    assert row("party", {**party, "type_lcs": "Requester"})["is_primary"] is True
    company = {"child_type_s": "ORGANIZATION", "type_lcs": "Initiator"}
    assert row("party", company)["is_primary"] is False
    user = {"object_id_s": "ann-acm", "email_lcs": "a@example.com"}
    assert row("user", {**user, "status_lcs": "VALID"})["active"] is True
    assert row("user", {**user, "status_lcs": "DISABLED"})["active"] is False


def test_profile_is_a_user_as_well():
    found = row("user", legacy("profile"))
    assert (found["user_id"], found["email"]) == ("ann-acm", "acm@armedia.com")


def test_workflow_has_its_definition():
    (record,) = legacy("workflows")
    found = row("automation", {**record, "definition": "<definitions/>"})
    assert found["name"] == "ACM Document Approval Process"
    assert (found["active"], found["definition"]) == (False, "<definitions/>")


def test_query_goes_on_after_the_last_id_and_leaves_deleted_records_out():
    query = arkcase.Query("CASE_FILE", "-object_sub_type_s:FOIA_REQUEST")
    first = query.params()
    assert first["s"] == "object_id_i asc"
    assert first["n"] == 200
    assert "-status_lcs:DELETED" in first["q"]
    assert "object_id_i:[" not in first["q"]
    following = query.params(after=364, start=400, since="2021-01-01T00:00:00Z")
    assert following["q"].endswith("object_id_i:[365 TO *]")
    assert "modified_date_tdt:[2021-01-01T00:00:00Z TO *]" in following["q"]
    assert following["start"] == 0


def test_users_are_paged_by_their_number_as_their_ids_are_names():
    query = arkcase.Query("USER", order="name_lcs asc")
    assert query.params(start=200) == {
        "q": "object_type_s:USER AND -status_lcs:DELETE AND -status_lcs:DELETED",
        "s": "name_lcs asc",
        "start": 200,
        "n": 200,
    }


@pytest.mark.parametrize("where", ["a:1&b:2", "a:1+1", "a:%31"])
def test_query_has_nothing_that_the_server_would_take_apart(where):
    with pytest.raises(ValueError):
        arkcase.Query("TASK", where).params()


def test_documents_of_a_search_come_with_their_number():
    answer = json.loads((LEGACY / "solr_casefile_list.json").read_text())
    docs, total = arkcase.documents(answer)
    assert (docs[0]["object_id_s"], total) == ("1610", 248)
    assert last_id([{"object_id_i": 3}, {"object_id_i": 12}]) == 12
    assert last_id([]) is None


@pytest.mark.parametrize(
    "answer", [[], {}, {"responseHeader": {"status": 400}, "response": {"docs": []}}]
)
def test_answer_without_documents_is_a_problem(answer):
    with pytest.raises(Problem) as caught:
        arkcase.documents(answer)
    assert caught.value.code == "arkcase_search"
