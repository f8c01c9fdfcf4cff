"""Configuration and objects of Chakra, as flat rows."""

import pytest

from lib.chakra.config import Config
from lib.chakra.links import Links
from lib.chakra.people import People, email_of, user_row
from lib.chakra.photo import address_in
from lib.chakra.reader import Listed
from lib.chakra.shapes import Shapes, iso, items
from lib.http.endpoint import Endpoint

CONFIG = {
    "team": {"id": "team", "timezone": "Asia/Kolkata"},
    "entities": [{"id": "e1", "shortId": "contact", "name": "Contact"}],
    "procedures": [
        {
            "id": "p1",
            "shortId": "lead",
            "name": "Lead",
            "stateGraph": {
                "nodes": [
                    {"state": {"id": "s1", "shortId": "NEW", "name": "New"}},
                    {"id": "s2", "shortId": "QUALIFIED", "name": "Qualified"},
                ]
            },
        }
    ],
    "attributeTypes": [
        {"id": "t1", "name": "stringEnum"},
        {"id": "t2", "name": "datetime"},
        {"id": "t3", "name": "user"},
    ],
    "attributes": [
        {
            "id": "a1",
            "shortId": "source",
            "name": "Source",
            "attributeType": "t1",
            "procedure": "p1",
        },
        {
            "id": "a2",
            "shortId": "visit",
            "name": "Visit",
            "attributeType": "t2",
            "procedure": "p1",
        },
        {
            "id": "a3",
            "shortId": "advisor",
            "name": "Advisor",
            "attributeType": "t3",
            "procedure": "p1",
        },
    ],
    "attributeConfig": [
        {"attribute": "a1", "options": [{"value": "google", "label": "Google"}]}
    ],
}
USERS = [{"id": "u1", "username": "ravi", "firstName": "Ravi", "lastName": "Sample"}]
PROCESS = {
    "id": "x1",
    "procedure": "p1",
    "state": "s2",
    "status": "OPEN",
    "assignedTo": "ravi",
    "createdAt": 1704096000123,
    "data": {"source": "google", "visit": 0, "weight": "146"},
    "derivedData": {"lead_score": 50},
}


def listed(kind, owner=None, name="", **values):
    return Listed(Endpoint(kind, "/"), kind, owner, name, **values)


LEADS = listed("process", "p1", "lead", reserved=frozenset({"lead id"}))
CONTACTS = listed("record", "e1", "contact")
TASKS = listed("task")
CALLS = listed("call", outcome=("disposition",))


@pytest.fixture
def config():
    return Config(CONFIG)


@pytest.fixture
def shapes(config):
    return Shapes(config, People(USERS), Links([LEADS, CONTACTS], None))


def test_epoch_milliseconds_become_iso_texts_and_others_stay():
    assert iso(1704096000123) == "2024-01-01T08:00:00.123Z"
    assert iso(-1) == "1969-12-31T23:59:59.999Z"
    assert iso("2023-11-15T09:30:00") == "2023-11-15T09:30:00"
    assert iso(True) is True
    assert iso(10**30) == 10**30


@pytest.mark.parametrize("value", ["s2", "QUALIFIED"])
def test_a_state_is_known_by_uuid_and_short_id(config, value):
    assert config.state("p1", value)["name"] == "Qualified"


def test_a_state_may_be_anywhere_under_its_procedure(config):
    names = [one["name"] for one in config.states(CONFIG["procedures"][0])]
    assert names == ["New", "Qualified"]


def test_a_removed_state_is_kept_raw_and_told(shapes, config):
    row = shapes.process({**PROCESS, "state": "gone"}, LEADS)
    assert (row["stage_id"], row["stage"]) == ("gone", "gone")
    assert config.unresolved["state", "gone"] == 1


def test_a_process_becomes_a_flat_readable_row(shapes):
    row = shapes.process(PROCESS, LEADS)
    assert row["process_id"] == "x1"
    assert (row["stage_id"], row["stage"]) == ("s2", "Qualified")
    assert row["owner_id"] == "u1"
    assert row["source"] == "Google"
    assert row["created_at"] == "2024-01-01T08:00:00.123Z"
    assert row["visit"] == "1970-01-01T00:00:00.000Z"
    assert row["lead_score"] == 50


def test_what_no_configuration_declares_is_kept_as_it_came(shapes):
    assert shapes.process(PROCESS, LEADS)["weight"] == "146"


def test_a_uuid_as_key_of_an_attribute_is_read_as_its_short_id(shapes):
    row = shapes.process({**PROCESS, "data": {"a1": "google", "a3": "RAVI"}}, LEADS)
    assert (row["source"], row["advisor"]) == ("Google", "u1")


def test_an_attribute_does_not_hide_a_field_of_the_object(shapes):
    row = shapes.process({**PROCESS, "data": {"status": "warm"}}, LEADS)
    assert (row["status"], row["data_status"]) == ("OPEN", "warm")


def test_lists_are_joined_and_objects_stay_json(shapes):
    data = {"tags": ["a", "b"], "place": {"city": "Pune"}}
    row = shapes.process({**PROCESS, "data": data}, LEADS)
    assert (row["tags"], row["place"]) == ("a|b", '{"city": "Pune"}')


def test_an_unknown_owner_is_kept_for_the_list_of_owners(shapes):
    assert shapes.process({**PROCESS, "assignedTo": "u9"}, LEADS)["owner_id"] == "u9"
    assert shapes.process({**PROCESS, "assignedTo": None}, LEADS)["owner_id"] is None


def test_a_record_has_its_attributes(shapes):
    row = shapes.record(
        {"id": "r1", "entity": "e1", "data": {"email": "a@example.com"}}, CONTACTS
    )
    assert (row["record_id"], row["email"]) == ("r1", "a@example.com")


def test_fields_that_link_a_task_can_be_named(shapes):
    task = {"id": "k1", "title": "Call", "lead": "x1", "dueBy": 0, "data": None}
    row = shapes.task(task, listed("task", parents=("lead", "record")))
    assert (row["task_id"], row["lead_id"], row["subject"]) == ("k1", "x1", "Call")
    assert row["due_date"] == "1970-01-01T00:00:00.000Z"


def test_a_call_keeps_duration_recording_and_lead(shapes):
    row = shapes.call(
        {
            "id": "c1",
            "user": "u1",
            "callStart": 0,
            "callDuration": 95,
            "recordingUrl": "https://media.example.com/1.mp3",
            "forProcess": "x1",
        },
        CALLS,
        {"disposition": "RNR", "parent_id": "k0"},
    )
    assert (row["owner_id"], row["duration"], row["lead_id"]) == ("u1", 95, "x1")
    assert row["disposition"] == "RNR"
    assert "parent_id" not in row
    assert row["started_at"] == "1970-01-01T00:00:00.000Z"
    assert row["recording_url"] == "https://media.example.com/1.mp3"


def test_states_become_stages_in_their_order(shapes):
    rows = shapes.stages(CONFIG["procedures"][0])
    assert [(one["stage_id"], one["position"]) for one in rows] == [
        ("s1", 1),
        ("s2", 2),
    ]


def test_attributes_become_definitions_of_custom_fields(shapes):
    first = shapes.definitions(LEADS)[0]
    assert first == {
        "object": "lead",
        "key": "source",
        "label": "Source",
        "type": "stringEnum",
        "options": "Google",
    }


@pytest.mark.parametrize("options", [["google"], [{"value": "google"}]])
def test_options_may_be_inside_an_attribute(options):
    config = Config({"attributes": [{"id": "a", "enumValues": options}]})
    assert config.options(config.find("a")) == {"google": "google"}


def test_a_configuration_that_is_empty_explains_nothing():
    config = Config(None)
    assert (config.procedures, config.entities, config.timezone) == ([], [], None)
    assert config.state("p", "s") is None


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"primaryEmail": {"email": "a@example.com"}}, "a@example.com"),
        (
            {"primaryEmail": None, "emails": [{"email": "b@example.com"}]},
            "b@example.com",
        ),
        ({"username": "c@example.com"}, "c@example.com"),
        ({"username": "c"}, None),
    ],
)
def test_the_address_of_a_user_is_looked_for_in_three_places(user, expected):
    assert email_of(user) == expected


def test_disabled_and_deleted_users_are_not_active():
    assert user_row({"isActive": True})["active"]
    assert not user_row({"isActive": False})["active"]
    assert not user_row({"isActive": True, "isDeleted": True})["active"]


def test_the_key_of_a_lead_does_not_take_the_place_of_its_id(shapes):
    row = shapes.process({**PROCESS, "data": {"lead_id": "LEAD-1"}}, LEADS)
    assert (row["process_id"], row["data_lead_id"]) == ("x1", "LEAD-1")
    assert "lead_id" not in row


def test_a_process_is_linked_with_its_record_unless_an_attribute_says_so(shapes):
    item = {**PROCESS, "record": "r1", "entity": "e1"}
    assert shapes.process(item, LEADS)["contact_id"] == "r1"
    item["data"] = {"contact_id": "r2"}
    assert shapes.process(item, LEADS)["contact_id"] == "r2"


DEALS = listed("process", "p2", "deal")


@pytest.mark.parametrize(
    ("key", "owner", "column"),
    [
        ("x2", "p2", "deal_id"),
        ("x2", None, "deal_id"),
        ("x1", None, "lead_id"),
        ("x9", None, "process"),
        ("x2", "p9", "process"),
    ],
)
def test_what_a_uuid_is_of_is_told_by_its_procedure_or_by_the_lists(key, owner, column):
    ids = {"lead": ["x1"], "deal": ["x2"]}
    links = Links([LEADS, DEALS, CONTACTS], lambda one: ids[one.object])
    assert links.column("process", key, owner) == column


def test_lists_are_asked_only_where_nothing_else_tells():
    links = Links([LEADS, CONTACTS], None)
    assert links.column("process", "x1") == "lead_id"
    assert Links([], None).column("record", "r1") == "record"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("f1", ["f1"]),
        ("f1, f2", ["f1", "f2"]),
        (["f1", None, "f2"], ["f1", "f2"]),
        ('["f1", "f2"]', ["f1", "f2"]),
        ("[f1", ["[f1"]),
        (None, []),
        ("", []),
    ],
)
def test_files_of_an_attribute_are_a_list_in_any_writing(value, expected):
    assert items(value) == expected


def test_photos_links_and_uploads_are_files_and_other_names_are_not():
    config = Config(
        {
            "attributes": [
                {"id": "a1", "shortId": "front", "type": "multiPhotos", "entity": "e1"},
                {"id": "a2", "shortId": "paper", "type": "document", "entity": "e1"},
            ]
        }
    )
    shapes = Shapes(config, People(()), Links([], None))
    link = "https://media.example.com/1.pdf"
    item = {"id": "r1", "data": {"front": ["f 1"], "a2": f"d1,d2,{link}"}}
    rows = shapes.files(item, CONTACTS, "/photo/{photo}", {"d1": "docs/d1.pdf"})
    assert [(one["file_id"], one["path"]) for one in rows] == [
        ("f 1", "api:/photo/f%201"),
        ("d1", "docs/d1.pdf"),
        (link, f"api:{link}"),
    ]
    assert {one["contact_id"] for one in rows} == {"r1"}


@pytest.mark.parametrize("content", [b"\x89PNG", b"{broken", b'{"a": 1}', b"[1]"])
def test_a_photo_may_come_as_its_bytes(content):
    assert address_in(content) is None


def test_a_photo_may_come_as_the_address_where_it_is():
    content = b'{"_data": {"id": "f", "src": "https://media.example.com/f"}}'
    assert address_in(content) == "https://media.example.com/f"


@pytest.mark.parametrize("content", [b'{"_errors": ["gone"]}', b'{"_data": {"id": 1}}'])
def test_a_photo_without_bytes_and_address_is_refused(content):
    with pytest.raises(ValueError, match="gone|no address"):
        address_in(content)
