"""Who a text names, and which texts are one owner."""

from collections import Counter

import pytest

from lib.owners import (
    Directory,
    Listed,
    Person,
    Text,
    address,
    is_active,
    list_owners,
)

USERS = Directory(
    [
        Person(1, (), ("anna@example.com",), ("anna",), ("Anna Berg",)),
        Person(2, (), ("bob@example.com",), ("bob",), ("Bob Hill",)),
        Person(3, (), ("bob2@example.com",), ("bob2",), ("Bob Hill",)),
    ]
)


def texts(**counts):
    return [
        Text(writing.replace("_AT_", "@"), Counter(deal=count))
        for writing, count in counts.items()
    ]


def named(*writings):
    return [Text(writing, Counter(deal=1)) for writing in writings]


def owners(people, writings, users=USERS):
    listed = list_owners(people, named(*writings), users)
    return {
        one.key: sorted(text.writing for text in one.texts.values()) for one in listed
    }


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["ANNA@Example.com"], ("email", (1,))),
        (["Anna Berg <anna@example.com>"], ("email", (1,))),
        (["Anna"], ("login", (1,))),
        (["Anna Berg"], ("name", (1,))),
        (["Berg, Anna"], ("name", (1,))),
        (["anna.berg"], ("name", (1,))),
        (["Bob Hill"], ("name", (2, 3))),
        (["Bob Hill", "bob2@example.com"], ("email", (3,))),
        (["Anna Bergmann"], ("", ())),
        ([None, ""], ("", ())),
    ],
)
def test_texts_name_a_person_by_exact_evidence_the_strongest_first(texts, found):
    assert USERS.find(*texts) == found


def test_of_several_with_one_address_the_only_active_one_is_meant():
    people = [
        Person(1, emails=("a@example.com",), active=False),
        Person(2, emails=("a@example.com",)),
    ]
    assert Directory(people).find("a@example.com") == ("email", (2,))
    both = [*people, Person(3, logins=("a@example.com",))]
    assert Directory(both).find("a@example.com") == ("email", (1, 2, 3))


def test_of_several_with_one_name_none_is_meant():
    people = [Person(1, names=("A B",), active=False), Person(2, names=("A B",))]
    assert Directory(people).find("A B") == ("name", (1, 2))


def test_the_owners_own_record_explains_id_address_and_name():
    people = [Listed("U1", "Anna Berg", "a.berg@old.example")]
    found = owners(people, ["u1", "Berg, Anna", "A.Berg@old.example", "anna.berg"])
    assert found == {"U1": ["A.Berg@old.example", "Berg, Anna", "anna.berg", "u1"]}


def test_two_owners_with_one_name_stay_two_and_the_name_is_neither():
    people = [Listed("U1", "Anna Berg"), Listed("U2", "Anna Berg")]
    listed = list_owners(people, named("Anna Berg", "U2"), USERS)
    assert [(one.key, one.counts["deal"]) for one in listed] == [
        ("U1", 0),
        ("U2", 1),
        ("Anna Berg", 1),
    ]
    assert listed[2].several == ("U1", "U2")


def test_a_user_of_odoo_tells_that_name_and_address_are_one_owner():
    found = owners([], ["Anna Berg", "anna@example.com"])
    assert found == {"anna@example.com": ["Anna Berg", "anna@example.com"]}
    one = list_owners([], named("Anna Berg", "anna@example.com"), USERS)[0]
    assert (one.name, one.email, one.how) == ("Anna Berg", "anna@example.com", "email")


def test_a_user_of_odoo_leads_a_name_to_an_owner_that_has_an_address_only():
    people = [Listed("U1", "U1", "anna@example.com")]
    assert owners(people, ["Anna Berg"]) == {"U1": ["Anna Berg"]}


def test_what_only_looks_alike_stays_apart():
    assert owners([], ["Bob Hill", "bob@example.com", "Bob", "Robert Hill"]) == {
        "Bob Hill": ["Bob Hill"],
        "bob@example.com": ["Bob", "bob@example.com"],
        "Robert Hill": ["Robert Hill"],
    }, "“Bob” is the login of the user with that address"
    assert owners([], ["carl@example.com", "Carl", "Carl Moor"], Directory([])) == {
        "carl@example.com": ["carl@example.com"],
        "Carl": ["Carl"],
        "Carl Moor": ["Carl Moor"],
    }


def test_one_name_written_in_two_ways_is_one_owner():
    listed = list_owners(
        [], texts(**{"Moor, Carl": 1, "carl.moor": 2, "Carl Moor": 3}), Directory([])
    )
    assert [(one.key, one.name) for one in listed] == [("Carl Moor", "Carl Moor")]
    assert listed[0].counts == Counter(deal=6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A@Example.com", "a@example.com"),
        ("Anna <a@example.com>", "a@example.com"),
        ("Anna Berg", None),
        ("a@", None),
        ("a@example.com, b@example.com", None),
        (None, None),
    ],
)
def test_an_address_is_read_where_there_is_one(text, found):
    assert address(text) == found


@pytest.mark.parametrize(
    "text", ["no", "FALSE", "0", "nein", "Inactive", "Deactivated"]
)
def test_owners_that_have_left_are_known(text):
    assert not is_active(text)


@pytest.mark.parametrize("text", ["yes", "1", "active", "oui", "", None, "Sales"])
def test_other_owners_are_active(text):
    assert is_active(text)
